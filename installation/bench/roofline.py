"""The roofline (Williams et al., 2009): counted work, over the measured peak speed of the device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import FlopCounterMode, flop_registry

from installation.bench.timing import time_alternately

MATRIX_SIDES = {"cpu": 1536, "cuda": 8192, "mps": 4096}
COPY_BYTES = {"cpu": 1 << 28, "cuda": 1 << 31, "mps": 1 << 29}  # far more than any cache holds
PROBE_SECONDS = 1.0


@dataclass(frozen=True)
class OperationCount:
    """The work of a call: floating-point operations (a multiply-add counts as two) and bytes moved."""

    operations: float
    bytes: float


@dataclass(frozen=True)
class DeviceLimit:
    """The peak speed of a device: operations per second in matrix products, and bytes read and written per second."""

    operations: float
    bytes: float
    precision: str

    def row(self) -> dict[str, Any]:
        """For the JSON report."""
        return {
            "tera_operations_per_second": round(self.operations / 1e12, 3),
            "gigabytes_per_second": round(self.bytes / 1e9, 1),
            "precision": self.precision,
        }

    def share(self, work: OperationCount, seconds: float) -> float:
        """The time that the work takes at peak speed, as a share (0..1) of the `seconds` that it took."""
        return max(work.operations / self.operations, work.bytes / self.bytes) / seconds


def measure_limit(device: str, precision: torch.dtype) -> DeviceLimit:
    """Time a large matrix product and a large copy, with torch's present number of threads."""
    kind = device.split(":")[0]
    side, size = MATRIX_SIDES[kind], COPY_BYTES[kind]
    left, right = (torch.randn(side, side, device=device, dtype=precision) for _ in range(2))
    source = torch.ones(size // 4, device=device)  # float32
    target = torch.empty_like(source)
    with torch.inference_mode():
        product = time_alternately({"product": lambda: left @ right}, device, PROBE_SECONDS)["product"]
        copy = time_alternately({"copy": lambda: target.copy_(source)}, device, PROBE_SECONDS)["copy"]
    return DeviceLimit(
        operations=2.0 * side**3 / min(product.seconds),
        bytes=2.0 * size / min(copy.seconds),
        precision=str(precision).split(".")[-1],
    )


def count_operations(call: Callable[[], Any]) -> OperationCount:
    """Count the matrix products and convolutions of a call, with the bytes of their operands and results.

    What lies between them (affines, activations) could be fused into them and is not counted.
    """
    with _ByteCounter() as moved, FlopCounterMode(display=False) as flops:
        call()
    return OperationCount(float(flops.get_total_flops()), float(moved.total))


class _ByteCounter(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Sums the sizes of the inputs and outputs of operators that multiply matrices."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.total = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        del types
        result = func(*args, **(kwargs or {}))
        if func._overloadpacket in flop_registry:
            self.total += sum(leaf.nbytes for leaf in tree_leaves((args, result)) if isinstance(leaf, torch.Tensor))
        return result
