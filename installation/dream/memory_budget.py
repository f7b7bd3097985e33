"""What a step of a dream takes of a device's memory, and how many cutouts fit.

A step keeps what the gradient needs: `still` bytes for the generator's own pass, and `each` for every cutout, in the
perceptor and in the sampling. Both are counted from one small pass of the loaded models themselves, whatever they are
and in whatever precision. On top come the gradients that are under way, and the workspaces of the device's libraries:

    bytes = UNDER_WAY * (still + cutouts * each) + WORKSPACE
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.interfaces import Generator, Latents, Perceptor

UNDER_WAY = 1.3
WORKSPACE = 512 << 20
SAMPLED = 4  # pictures of a cutout beside the perceptor's own: places, noise, the cutout, its gradient
GIB = 1 << 30


class MemoryBudget(NamedTuple):
    """Bytes that a step keeps until its gradient is there."""

    still: int
    each: int  # for every cutout

    def bytes(self, cutouts: int) -> int:
        """That a step takes at most, beside the weights."""
        return int(UNDER_WAY * (self.still + cutouts * self.each)) + WORKSPACE

    def cutouts(self, free: int) -> int:
        """As many as fit into so many bytes; 0 if none does."""
        return max(0, int(((free - WORKSPACE) / UNDER_WAY - self.still) // self.each))


def budget(generator: Generator, perceptor: Perceptor, size: int | None, device: torch.device) -> MemoryBudget:
    """Of steps of these two; `size`, in pixels, is for generators that are free in size."""
    point = generator.sample(2, 0)
    side = perceptor.input_size

    def rendered(count: int) -> Tensor:
        z, classes = (torch.from_numpy(part[:count]).to(device) for part in (point.z, point.classes))
        return generator.render(Latents(z.requires_grad_(True), classes), size)

    def seen(count: int) -> Tensor:
        return perceptor.embed_image(torch.full((count, 3, side, side), 0.5, device=device).requires_grad_(True))

    # of two less of one: weights are kept as well, but once
    still, each = (kept(work, 2) - kept(work, 1) for work in (rendered, seen))
    return MemoryBudget(still, each + SAMPLED * 4 * 3 * side * side)


def kept(work: Callable[[int], Tensor], count: int) -> int:
    """Bytes of all tensors that autograd keeps for the gradient of what `work` computes of so many pictures."""
    storages: dict[int, tuple[int, Tensor]] = {}

    def note(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        storages[storage.data_ptr()] = (storage.nbytes(), tensor)  # held, so that no place is given away twice
        return tensor

    with torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        work(count)
    return sum(size for size, _ in storages.values())


def advice(need: MemoryBudget, asked: int, free: int, names: str) -> str:
    """A sentence about a device with so many bytes free: '' if the asked cutouts fit."""
    fit = need.cutouts(free)
    if fit >= asked:
        return ""
    wanted = f"{names} want {need.bytes(asked) / GIB:.1f} GiB for {asked} cutouts, and {free / GIB:.1f} GiB are free"
    if fit:
        return f"{wanted}: a step takes {fit} of them."
    return f"{wanted}, too few for even one: choose a smaller generator or perceptor."
