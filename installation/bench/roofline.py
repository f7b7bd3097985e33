"""The roofline (Williams et al., 2009): counted work, over the measured peak speed of the device."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry

from installation.bench.timing import Work, time_alternately

MATRIX_SIDES = {"cpu": 1536, "cuda": 8192, "mps": 4096}
COPY_BYTES = {"cpu": 1 << 28, "cuda": 1 << 31, "mps": 1 << 29}  # far more than any cache holds
PROBE_SECONDS = 1.0


class Operation(NamedTuple):
    """A matrix product or convolution: floating-point operations (a multiply-add counts as two), and bytes moved."""

    operations: float
    bytes: float
    precision: str


@dataclass(frozen=True)
class OperationCount:
    """The work of a call, the mean over `calls`."""

    parts: tuple[Operation, ...]
    calls: int = 1

    @property
    def operations(self) -> float:
        """Floating-point operations."""
        return sum(part.operations for part in self.parts) / self.calls

    @property
    def bytes(self) -> float:
        """Bytes moved."""
        return sum(part.bytes for part in self.parts) / self.calls


@dataclass(frozen=True)
class DeviceLimit:
    """The peak speed of a device: operations per second in matrix products, and bytes read and written per second."""

    operations: Mapping[str, float]  # by precision
    bytes: float

    def row(self) -> dict[str, Any]:
        """For the JSON report."""
        return {
            "tera_operations_per_second": {name: round(peak / 1e12, 3) for name, peak in self.operations.items()},
            "gigabytes_per_second": round(self.bytes / 1e9, 1),
        }

    def seconds(self, work: OperationCount) -> float:
        """The time that the work takes at peak speed: of each operation, that of computing or that of moving."""
        times = (max(part.operations / self._peak(part), part.bytes / self.bytes) for part in work.parts)
        return sum(times) / work.calls

    def share(self, work: OperationCount, seconds: float) -> float:
        """The time that the work takes at peak speed, as a share (0..1) of the `seconds` that it took."""
        return self.seconds(work) / seconds

    def _peak(self, part: Operation) -> float:
        """Of its precision; of one that was not measured, the highest."""
        return self.operations.get(part.precision, max(self.operations.values()))


def measure_limit(device: str, *precisions: torch.dtype) -> DeviceLimit:
    """Time a large matrix product in each precision, and a large copy, with torch's present number of threads."""
    kind = device.split(":")[0]
    side, size = MATRIX_SIDES[kind], COPY_BYTES[kind]
    source = torch.ones(size // 4, device=device)  # float32
    target = torch.empty_like(source)
    peaks: dict[str, float] = {}
    with torch.inference_mode():
        for precision in dict.fromkeys(precisions):
            left, right = (torch.randn(side, side, device=device, dtype=precision) for _ in range(2))
            works: dict[str, Work] = {"product": partial(torch.matmul, left, right)}
            product = time_alternately(works, device, PROBE_SECONDS)["product"]
            peaks[_name(precision)] = 2.0 * side**3 / min(product.seconds)
        copy = time_alternately({"copy": lambda: target.copy_(source)}, device, PROBE_SECONDS)["copy"]
    return DeviceLimit(peaks, 2.0 * size / min(copy.seconds))


def count_operations(call: Callable[[], Any], calls: int = 1) -> OperationCount:
    """Count the matrix products and convolutions of some calls, with the bytes of their operands and results.

    What lies between them (affines, activations) could be fused into them and is not counted.
    """
    with _OperationCounter() as counter:
        for _ in range(calls):
            call()
    return OperationCount(tuple(counter.parts), calls)


class _OperationCounter(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Notes the operators that multiply matrices."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.parts: list[Operation] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        del types
        kwargs, count = kwargs or {}, flop_registry.get(func._overloadpacket)
        if count is None:  # such as a linear layer, which in inference mode comes here as one operator
            with self:
                result = func.decompose(*args, **kwargs)
            if result is not NotImplemented:
                return result
        result = func(*args, **kwargs)
        if count is not None:
            tensors = [leaf for leaf in tree_leaves((args, result)) if isinstance(leaf, torch.Tensor)]
            moved = float(sum(tensor.nbytes for tensor in tensors))
            operations = float(count(*args, **kwargs, out_val=result))
            self.parts.append(Operation(operations, moved, _name(tensors[0].dtype)))
        return result


def _name(precision: torch.dtype) -> str:
    return str(precision).removeprefix("torch.")
