"""Latents in, bytes out, through buffers that stay where they are: what a device can replay as one graph."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from installation.models.cuda_graphs import AsyncHostCopy, CapturedGraph, Stream
from installation.models.interfaces import Floats, Latents, Point

Render = Callable[[Latents[Tensor]], Tensor]  # see `Generator.render`


class PaintedFrame(NamedTuple):
    """Pictures as bytes, and how bright (0..1) the brightest value of each is: NaN where any value is none."""

    pictures: NDArray[np.uint8]  # [batch, height, width, 3]
    brightest: Floats  # [batch]


class CapturedPainter:
    """Paints batches of one shape. The bytes are made on the device, and copied behind the work that makes them."""

    def __init__(self, render: Render, like: Point, lane: Stream) -> None:
        """`render` draws latents of the shape of `like`; `lane` is where the work is done."""
        self._lane = lane
        device = lane.device
        self._latents = Latents(*(torch.zeros(part.shape, device=device) for part in (like.z, like.classes)))
        self._pinned = device.type == "cuda"
        self._staged = Latents(*(torch.zeros(part.shape, pin_memory=self._pinned) for part in (like.z, like.classes)))
        self._render = render
        self._replayed = CapturedGraph(self._draw)
        self._mirror: AsyncHostCopy | None = None

    def prepare(self) -> None:
        """Captures the graph, where the device has such."""
        with torch.inference_mode():
            self._replayed.capture(self._lane)

    def paint(self, latents: Point) -> PaintedFrame:
        """Paints and waits for it."""
        with torch.inference_mode(), self._lane.work():
            self._put(latents)
            painted = self._replayed()
            if self._mirror is None:
                self._mirror = AsyncHostCopy(*painted)
            self._mirror.send(*painted)
            pixels, brightest = self._mirror.read(wait=True)
        return PaintedFrame(pixels, brightest)

    def _put(self, latents: Point) -> None:
        staged, there = self._staged, self._latents
        for array, host, tensor in ((latents.z, staged.z, there.z), (latents.classes, staged.classes, there.classes)):
            host.copy_(torch.from_numpy(array))
            tensor.copy_(host, non_blocking=self._pinned)

    def _draw(self) -> tuple[Tensor, Tensor]:
        pictures = self._render(self._latents)
        pixels = pictures.mul(255.0).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous()
        return pixels, pictures.flatten(1).amax(1)
