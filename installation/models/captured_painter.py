"""Painting as a CUDA graph, and values on the host that are copied while the host goes on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from installation.models.cuda_graphs import CapturedGraph, Mark, Stream, to_device, to_host
from installation.models.interfaces import Floats, Latents, Point

T = TypeVar("T")
Render = Callable[[Latents[Tensor]], Tensor]  # see `Generator.render`


class AsyncHostCopy:
    """The latest values of device tensors on the host, copied after the work that fills them, without waiting."""

    def __init__(self, stream: Stream, *examples: Tensor) -> None:
        """For tensors of `stream`, whose values are read until the first `send` has arrived."""
        self._stream = stream
        self._sent: deque[tuple[Mark | None, list[Tensor]]] = deque()  # one that has arrived, and those under way
        self.send(*examples)
        self.read(wait=True)

    def send(self, *sources: Tensor) -> None:
        """Copy the tensors as they are after the work queued before this; call it in `work` of the stream."""
        copies = [to_host(source) for source in sources]
        self._sent.append((self._stream.mark() if self._stream.asynchronous else None, copies))
        self._forget()

    def read(self, wait: bool = False) -> list[NDArray[Any]]:
        """The newest values that have arrived; with `wait`, the last that were sent. The caller owns the arrays."""
        last = self._sent[-1][0]
        if wait and last is not None:
            last.synchronize()
        self._forget()
        return [copy.numpy().copy() for copy in self._sent[0][1]]

    def _forget(self) -> None:
        """Drop what has arrived before something newer has."""
        while len(self._sent) > 1 and ((mark := self._sent[1][0]) is None or mark.query()):
            self._sent.popleft()


class PaintedFrame(NamedTuple):
    """Images as bytes, and the brightest value of each in 0..1; NaN if any value is NaN."""

    pictures: NDArray[np.uint8]  # [batch, height, width, 3]
    brightest: Floats  # [batch]


class BegunPictures(Generic[T]):
    """Images that a device paints while the host goes on; see `PendingPictures`."""

    def __init__(
        self, buffers: tuple[Tensor, Tensor], marks: tuple[Mark, Mark] | None, finish: Callable[[PaintedFrame], T]
    ) -> None:
        """Take pixels and brightness on the host, which are filled between the marks (None: at once)."""
        self._pixels, self._brightest = buffers
        self._marks, self._finish = marks, finish

    @property
    def ready(self) -> bool:
        """Whether `result` need not wait."""
        return self._marks is None or self._marks[1].query()

    @property
    def seconds(self) -> float:
        """The time of the device, once they are ready; 0 where the host has painted."""
        return self._marks[0].elapsed_time(self._marks[1]) / 1000.0 if self._marks else 0.0

    def result(self) -> T:
        """What `finish` makes of the images, after waiting for them."""
        if self._marks is not None:
            self._marks[1].synchronize()
        return self._finish(PaintedFrame(self._pixels.numpy(), self._brightest.numpy()))


class CapturedPainter:
    """Paints batches of one shape as a CUDA graph: latents in and bytes out through buffers at fixed addresses."""

    def __init__(self, render: Render, example: Point, stream: Stream) -> None:
        """`render` draws latents of the shape of `example`; the work is done in `stream`."""
        self._stream = stream
        device = stream.device
        self._latents = Latents(*(torch.zeros(part.shape, device=device) for part in (example.z, example.classes)))
        self._render = render
        self._graph = CapturedGraph(self._draw)

    def prepare(self) -> None:
        """Capture the graph if the device has graphs."""
        with torch.inference_mode():
            self._graph.warm_up(self._stream)
            self._graph.capture(self._stream)

    def begin(self, latents: Point, finish: Callable[[PaintedFrame], T]) -> BegunPictures[T]:
        """Paint without waiting. Several frames may be under way: the stream paints them one after the other."""
        own, stream = self._latents, self._stream
        with torch.inference_mode(), stream.work():
            began = stream.mark() if stream.asynchronous else None
            for array, tensor in ((latents.z, own.z), (latents.classes, own.classes)):
                tensor.copy_(to_device(torch.from_numpy(array), stream.device))
            pixels, brightest = (to_host(part) for part in self._graph())
            marks = (began, stream.mark()) if began is not None else None
            return BegunPictures((pixels, brightest), marks, finish)

    def paint(self, latents: Point) -> PaintedFrame:
        """Paint, and wait for the result."""
        return self.begin(latents, lambda painted: painted).result()

    def _draw(self) -> tuple[Tensor, Tensor]:
        pictures = self._render(self._latents)
        pixels = pictures.mul(255.0).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous()
        return pixels, pictures.flatten(1).amax(1)
