"""How much device memory a step takes, and how many cutouts and pictures at a time that allows.

Autograd keeps `base` bytes for the generator's pass and `per_cutout` bytes for each cutout, in the perceptor and in the
sampling. Both are measured with one small pass of the loaded models, whatever their architecture and precision. The
gradients in flight and the workspaces of the device's libraries come on top:

    bytes = GRADIENT_FACTOR * (base + cutouts * per_cutout) + WORKSPACE_BYTES
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from installation.core.errors import ShowError
from installation.models.interfaces import Generator, Latents, Perceptor

GRADIENT_FACTOR = 1.3
WORKSPACE_BYTES = 512 << 20
SAMPLING_COPIES = 4  # pictures kept for each cutout besides the perceptor's own: grid, noise, cutout, its gradient
GIB = 1 << 30


class StepMemory(NamedTuple):
    """Bytes that autograd keeps for one step."""

    base: int
    per_cutout: int

    def bytes(self, cutouts: int) -> int:
        """Return the peak memory of a step besides the weights."""
        return int(GRADIENT_FACTOR * (self.base + cutouts * self.per_cutout)) + WORKSPACE_BYTES

    def cutouts(self, free: int) -> int:
        """Return how many cutouts fit into `free` bytes, 0 if none does."""
        return max(0, int(((free - WORKSPACE_BYTES) / GRADIENT_FACTOR - self.base) // self.per_cutout))


class MemoryBudget:
    """The limits that the device's memory puts on a dream; they only ever shrink.

    Attributes:
        cutouts: The most cutouts of a step.
        batch: The most pictures that are rated at once.
        exhausted: Whether even one cutout does not fit.
        chunk: Cutouts of a step are a multiple of it.
        sliced: Whether steps are done in slices.
    """

    def __init__(self, cutouts: int, batch: int) -> None:
        self.cutouts = cutouts
        self.batch = batch
        self.chunk = 1
        self.sliced = False
        self.exhausted = False
        self._warnings: list[str] = []

    def limit(self, memory: StepMemory, free: int, names: str) -> None:
        """Take no more cutouts than fit into `free` bytes, and warn if they are fewer; `names` are the models'.

        Raises:
            ShowError: Not even one cutout fits.
        """
        warning = shortage(memory, self.cutouts, free, names)
        self.cutouts = min(self.cutouts, memory.cutouts(free))
        if not self.cutouts:
            raise ShowError(warning)
        if warning:
            self._warnings.append(warning)

    def halve(self, cutouts: int) -> str:
        """Halve the limits after a step with `cutouts` ran out of memory; return a sentence for the operator."""
        self.exhausted = cutouts == 1 and self.batch == 1
        if self.exhausted:
            return "Too little device memory for even one cutout: pictures stay as they are in the latent bank."
        self.cutouts, self.batch = max(1, cutouts // 2), max(1, self.batch // 2)
        return f"Device memory ran out: a step takes {self.cutouts} cutouts from now on instead of {cutouts}."

    def slice_steps(self, cutouts: int, chunk: int) -> None:
        """Do steps in slices of `chunk` cutouts, with `cutouts` at most."""
        self.cutouts, self.chunk, self.sliced = cutouts, chunk, True

    def taken(self, cutouts: int) -> int:
        """Return how many cutouts a step takes when so many are asked for."""
        fitting = max(1, min(cutouts, self.cutouts))
        return max(self.chunk, fitting // self.chunk * self.chunk)

    def warn(self, warning: str) -> None:
        """Keep a warning for the operator."""
        self._warnings.append(warning)

    def pop_warnings(self) -> list[str]:
        """Return the warnings since the last call."""
        warnings, self._warnings = self._warnings, []
        return warnings


def step_memory(generator: Generator, perceptor: Perceptor, size: int | None, device: torch.device) -> StepMemory:
    """Measure the memory of steps of these models; `size`, in pixels, is what a resolution-free generator renders."""
    point = generator.sample(2, 0)
    side = perceptor.input_size

    def render(count: int) -> Tensor:
        z, classes = (torch.from_numpy(part[:count]).to(device) for part in (point.z, point.classes))
        return generator.render(Latents(z.requires_grad_(True), classes), size)

    def embed(count: int) -> Tensor:
        return perceptor.embed_image(torch.full((count, 3, side, side), 0.5, device=device).requires_grad_(True))

    # the difference of two and one, because weights are saved as well, but once
    base, per_cutout = (saved_bytes(work, 2) - saved_bytes(work, 1) for work in (render, embed))
    return StepMemory(base, per_cutout + SAMPLING_COPIES * 4 * 3 * side * side)


def saved_bytes(work: Callable[[int], Tensor], count: int) -> int:
    """Return the bytes of all tensors that autograd saves for the gradient of `work(count)`."""
    storages: dict[int, tuple[int, Tensor]] = {}

    def note(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        storages[storage.data_ptr()] = (storage.nbytes(), tensor)  # the reference keeps the address from being reused
        return tensor

    with torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        work(count)
    return sum(size for size, _ in storages.values())


def shortage(memory: StepMemory, cutouts: int, free: int, names: str) -> str:
    """Return a sentence for the operator if `cutouts` do not fit into `free` bytes, else ''."""
    fitting = memory.cutouts(free)
    if fitting >= cutouts:
        return ""
    needed = f"{names} need {memory.bytes(cutouts) / GIB:.1f} GiB for {cutouts} cutouts, {free / GIB:.1f} GiB are free"
    if fitting:
        return f"{needed}: a step takes {fitting} of them."
    return f"{needed}, too few for even one: choose a smaller generator or perceptor."
