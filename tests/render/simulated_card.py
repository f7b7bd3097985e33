"""A card that exists only in time: work takes the durations that it is given, while the arithmetic is done at once.

It runs one kernel at a time. At the end of each it takes the next of the stream with the highest priority; a card that
is not `preemptive` finishes all kernels that were launched together first. The host's clock moves with what the host
does and waits for. Everything else (streams, slices, budget, render loop, walk, dreams) is that of a show.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from installation.models.capabilities import RenderPart
from installation.models.captured_painter import BegunPictures, CapturedPainter
from installation.models.cuda_graphs import HIGH_PRIORITY, LOW_PRIORITY, Stream
from installation.models.fake import FakeGenerator, FakePerceptor
from installation.models.interfaces import Latents, Picture, Point, Size

LAUNCH_SECONDS = 30e-6  # of the host, for each graph
KERNELS = 8  # of a launch
PARTS = 6  # of the generator


@dataclass
class SimulatedMark:
    """See `cuda_graphs.Mark`."""

    card: SimulatedCard
    queued_at: float
    reached_at: float | None = None

    def query(self) -> bool:
        self.card.run()
        return self.reached_at is not None and self.reached_at <= self.card.now

    def synchronize(self) -> None:
        began = self.card.now
        while not self.query():
            self.card.now = max(self.card.now + 1e-6, self.reached_at or self.card.free_at)
        self.card.waited = max(self.card.waited, self.card.now - began)

    def elapsed_time(self, end: Any) -> float:
        assert self.reached_at is not None
        assert end.reached_at is not None
        return 1000.0 * float(end.reached_at - self.reached_at)


@dataclass
class Kernel:
    seconds: float
    queued_at: float


@dataclass
class SimulatedCard:
    preemptive: bool = True
    now: float = 1000.0  # of the host
    free_at: float = 0.0
    waited: float = 0.0  # the longest that the host has waited for a mark
    current: CardStream | None = None
    streams: list[CardStream] = field(default_factory=list)

    def launch(self, seconds: float) -> None:
        """Queue kernels of so many seconds together in the current stream."""
        if self.current is None or not seconds:
            return
        self.now += LAUNCH_SECONDS
        count = KERNELS if self.preemptive else 1
        self.current.queue += [Kernel(seconds / count, self.now) for _ in range(count)]

    def run(self) -> None:
        """Do what the card has begun until the present time of the host."""
        while True:
            for stream in self.streams:
                stream.reach_marks()
            waiting = [stream for stream in self.streams if stream.queue]
            start = max(self.free_at, min((stream.queue[0].queued_at for stream in waiting), default=self.now))
            ready = [stream for stream in waiting if stream.queue[0].queued_at <= start]
            if start >= self.now or not ready:
                return
            chosen = min(ready, key=lambda stream: (stream.priority, stream.queue[0].queued_at))
            kernel = chosen.queue.popleft()
            assert isinstance(kernel, Kernel)
            self.free_at = chosen.ended_at = start + kernel.seconds


class CardStream(Stream):
    """A stream of a simulated card; its tensors are the host's."""

    def __init__(self, card: SimulatedCard, priority: int = LOW_PRIORITY) -> None:
        super().__init__(torch.device("cpu"), priority)
        self.asynchronous = True
        self.card, self.priority = card, priority
        self.queue: deque[Kernel | SimulatedMark] = deque()
        self.ended_at = 0.0
        card.streams.append(self)

    @contextmanager
    def work(self) -> Iterator[None]:
        outside, self.card.current = self.card.current, self
        try:
            yield
        finally:
            self.card.current = outside

    def mark(self) -> SimulatedMark:
        mark = SimulatedMark(self.card, self.card.now)
        self.queue.append(mark)
        return mark

    def reach_marks(self) -> None:
        while self.queue and isinstance(mark := self.queue[0], SimulatedMark):
            mark.reached_at = max(mark.queued_at, self.ended_at)
            self.queue.popleft()


class _Charged(torch.autograd.Function):
    """Nothing, that takes a card some time forward and backward."""

    @staticmethod
    def forward(ctx: Any, tensor: Any, card: SimulatedCard, forward: float, backward: float) -> Any:
        ctx.card, ctx.seconds = card, backward
        card.launch(forward)
        return tensor.view_as(tensor)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        ctx.card.launch(ctx.seconds)
        return gradients[0], None, None, None


def charged(tensor: torch.Tensor, card: SimulatedCard, forward: float, backward: float = 0.0) -> torch.Tensor:
    result: torch.Tensor = _Charged.apply(tensor, card, forward, backward)
    return result


class CardGenerator(FakeGenerator):
    """A generator whose pictures take the card `seconds`, and whose gradients twice as long."""

    resolution_free = False
    native_size = 24
    asynchronous = True

    def __init__(self, card: SimulatedCard, seconds: float) -> None:
        self._card, self._seconds = card, seconds
        self._stream = CardStream(card, HIGH_PRIORITY)
        self._painters: dict[int, CapturedPainter] = {}

    def render(self, latents: Latents[Any], size: Size | None = None, phase: float = 0.0) -> Any:
        del phase
        tensors: tuple[Any, ...] = (latents.z, latents.classes)
        for part in self.render_parts(size):
            tensors = part(*tensors)
        return tensors[0]

    def render_parts(self, size: Size | None = None) -> list[RenderPart]:
        def part(z: Any, *others: Any) -> tuple[Any, ...]:
            seconds = self._seconds * len(z) / PARTS
            return (charged(z, self._card, seconds, 2.0 * seconds), *others)

        def whole(z: Any, classes: Any) -> tuple[Any, ...]:
            return part(FakeGenerator.render(self, Latents(z, classes), size or self.native_size))

        return [*[part] * (PARTS - 1), whole]

    def paint(self, latents: Point, size: Size | None = None, phase: float = 0.0) -> Picture:
        del size, phase
        picture: Picture = self.paint_batch(latents[:1])[0]
        return picture

    def paint_batch(self, latents: Point) -> NDArray[np.uint8]:
        return self.begin_batch(latents).result()

    def begin_batch(self, latents: Point, size: Size | None = None) -> BegunPictures[NDArray[np.uint8]]:
        del size
        painter = self._painters.get(len(latents)) or CapturedPainter(self.render, latents, self._stream)
        self._painters[len(latents)] = painter
        return painter.begin(latents, lambda painted: painted.pictures)

    def prepare(self, *_examples: Point) -> None:
        """There is nothing to capture."""


class CardPerceptor(FakePerceptor):
    """A perceptor that takes the card `seconds` for the embedding of each picture, and twice as long for gradients."""

    def __init__(self, card: SimulatedCard, seconds: float) -> None:
        super().__init__()
        self._card, self._seconds = card, seconds

    def embed_image(self, pictures: Any) -> Any:
        rows = super().embed_image(pictures)
        seconds = self._seconds * len(rows)
        return charged(rows, self._card, seconds, 2.0 * seconds) if isinstance(rows, torch.Tensor) else rows


@dataclass
class SimulatedChannel:
    """The renderer's end of a pipe: messages come at their times, and every receive moves the clock."""

    card: SimulatedCard
    messages: Sequence[tuple[float, object]] = ()  # time, message
    sent: list[tuple[float, object]] = field(default_factory=list)
    send_seconds: float = 400e-6  # of the host, to write a frame into the ring and tell main
    closed: bool = False

    def receive(self, timeout: float | None = 0.0) -> list[object]:
        first = min((at for at, _ in self.messages), default=math.inf)  # ends the wait
        end = max(self.card.now, min(first, self.card.now + (timeout or 0.0) + 20e-6))
        due = [message for at, message in self.messages if at <= end]
        self.messages = [(at, message) for at, message in self.messages if at > end]
        self.card.now = end
        return due

    def send(self, message: object, key: object = None) -> None:
        del key
        self.sent.append((self.card.now, message))
        self.card.now += self.send_seconds

    def notice(self, text: str, prompt_id: int = 0) -> None:
        """Nobody reads it."""

    def status(self, *_what: object, **_figures: object) -> None:
        """Nobody reads it."""
