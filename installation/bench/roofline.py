"""The physical limit: work counted in floating-point operations, over what the device is measured to do at most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import FlopCounterMode, flop_registry

from installation.bench.timing import in_turns

SIDES = {"cpu": 1536, "cuda": 8192, "mps": 4096}  # of the square matrices that are multiplied
COPIED = {"cpu": 1 << 28, "cuda": 1 << 31, "mps": 1 << 29}  # bytes that are copied: far more than any cache holds
PROBE_SECONDS = 1.0


@dataclass(frozen=True)
class OperationCount:
    """What a call has to do: floating-point operations (a multiply-add counts two), and bytes that must move."""

    operations: float
    bytes: float


@dataclass(frozen=True)
class DeviceLimit:
    """What a device does at most in a second: operations of matrix products, and bytes read and written."""

    operations: float
    bytes: float
    precision: str

    def row(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "tera_operations_per_second": round(self.operations / 1e12, 3),
            "gigabytes_per_second": round(self.bytes / 1e9, 1),
            "precision": self.precision,
        }

    def share(self, work: OperationCount, seconds: float) -> float:
        """What part (0..1) of the time its slower half needs at least: the roofline (Williams et al., 2009)."""
        return max(work.operations / self.operations, work.bytes / self.bytes) / seconds


def measured_limit(device: str, precision: torch.dtype) -> DeviceLimit:
    """A large matrix product and a large copy, timed here and now, in the threads that torch has."""
    kind = device.split(":")[0]
    side = SIDES[kind]
    left, right = (torch.randn(side, side, device=device, dtype=precision) for _ in range(2))
    source = torch.ones(COPIED[kind] // 4, device=device)
    target = torch.empty_like(source)
    with torch.inference_mode():
        product = in_turns({"product": lambda: left @ right}, device, PROBE_SECONDS)["product"]
        copy = in_turns({"copy": lambda: target.copy_(source)}, device, PROBE_SECONDS)["copy"]
    return DeviceLimit(
        2.0 * side**3 / min(product.seconds), 2.0 * COPIED[kind] / min(copy.seconds), str(precision).split(".")[-1]
    )


def counted(call: Callable[[], Any]) -> OperationCount:
    """The matrix products and convolutions of a call, with the operands that they read and the results they write.

    Everything between them (affines, activations) could be fused into them, so it is not counted.
    """
    with _Bytes() as moved, FlopCounterMode(display=False) as flops:
        call()
    return OperationCount(float(flops.get_total_flops()), float(moved.total))


class _Bytes(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Sums the sizes of what goes into and comes out of the operators that multiply matrices."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.total = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        del types
        result = func(*args, **(kwargs or {}))
        if func._overloadpacket in flop_registry:
            self.total += sum(leaf.nbytes for leaf in tree_leaves((args, result)) if isinstance(leaf, torch.Tensor))
        return result
