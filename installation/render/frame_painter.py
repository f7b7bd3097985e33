"""Paints frames: the generator at one size, a truncation that changes gradually, and how visible a change is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from installation.models.capabilities import GraphCapturable, PendingPictures, Truncatable
from installation.models.interfaces import Generator, Latents, Picture, Point, Size, match_layers
from installation.render.interfaces import RendererConfig
from installation.render.latent_walk import LatentWalk

COMPARED_HEIGHT = 48  # pixels of the pictures that are compared, for resolution-free generators
TRUNCATION_RATE = 0.4  # per second: a change of the truncation affects the whole picture
MIN_TRUNCATION = 0.05
VISIBLE_CHANGE = 4.0  # of 255, mean difference: from here on a change counts as visible
MEASURE_SECONDS = 10.0  # after that a change that is not visible yet is no longer measured
REFERENCE_SECONDS = 0.1  # how old the picture may be that a frame is compared with: it hardly changes within that time
Again = Callable[[Callable[[], Picture]], Picture]  # paints a picture, or returns the one that it has painted before


class BegunPicture(NamedTuple):
    """A picture that is being painted, or is painted already.

    Attributes:
        result: Waits for it; returns it, [height, width, 3], and its mean difference, 0..255, from the one that it is
            compared with, if there is one.
        pending: What it waits for; None: nothing.
    """

    result: Callable[[], tuple[Picture, float | None]]
    pending: PendingPictures | None = None

    @property
    def ready(self) -> bool:
        """Whether `result` need not wait."""
        return self.pending is None or self.pending.ready

    @property
    def seconds(self) -> float:
        """How long a device was busy with it, once it is ready; 0 if the host has painted it."""
        return self.pending.seconds if self.pending else 0.0


class FramePainter:
    """Paints points of latent space at one size.

    Attributes:
        target_truncation: The truncation to approach, 0..1; ignored by generators without truncation.
    """

    def __init__(self, generator: Generator, size: Size | None, truncation: float) -> None:
        """Start at a truncation; `size` is (height, width), or None for the generator's native size."""
        self._generator = generator
        self._capturable = generator if isinstance(generator, GraphCapturable) else None
        self._truncatable = generator if isinstance(generator, Truncatable) else None
        self._size = size
        self.target_truncation = truncation
        self._truncation = max(truncation, MIN_TRUNCATION)
        if self._truncatable:
            self._truncatable.set_truncation(self._truncation)

    def advance(self, seconds: float) -> None:
        """Move the truncation towards `target_truncation` after so much time of the walk."""
        way = max(self.target_truncation, MIN_TRUNCATION) - self._truncation
        if self._truncatable and way and seconds > 0.0:
            step = TRUNCATION_RATE * seconds
            self._truncation += min(max(way, -step), step)
            self._truncatable.set_truncation(self._truncation)

    def moves_truncation(self, target: float) -> bool:
        """Whether the truncation of the next frame differs, with that target."""
        return self._truncatable is not None and max(target, MIN_TRUNCATION) != self._truncation

    @property
    def truncation(self) -> float:
        """The truncation of the last frame."""
        return self._truncation

    def set_truncation(self, truncation: float) -> None:
        """Take a truncation at once."""
        if self._truncatable:
            self._truncatable.set_truncation(truncation)
        self._truncation = truncation

    def paint(self, point: Point, phase: float) -> Picture:
        """Paint a point; `phase`, in seconds, drives the generator's own motion. -> [height, width, 3]."""
        return np.ascontiguousarray(self._generator.paint(point, self._size, phase))

    @property
    def paints_ahead(self) -> bool:
        """Whether a device paints while the host goes on, so that pictures may be begun ahead of their time."""
        return self._capturable is not None and self._capturable.asynchronous

    def begin(self, point: Point, phase: float) -> BegunPicture:
        """Begin what `paint` paints, or paint it at once."""
        if self._capturable is None or not self._capturable.asynchronous:
            picture = self.paint(point, phase)
            return BegunPicture(lambda: (picture, None))
        pending = self._capturable.begin_batch(point, self._size)
        return BegunPicture(lambda: (np.ascontiguousarray(pending.result()[0]), None), pending)

    def begin_comparison(self, point: Point, other: Point, phase: float, again: Again | None = None) -> BegunPicture:
        """Begin what `compare` paints, or paint it at once."""
        if self._capturable is None or not self._capturable.asynchronous or self._size is not None:
            compared = self.compare(point, other, phase, again)
            return BegunPicture(lambda: compared)
        pending = self._capturable.begin_batch(_both(point, other))
        return BegunPicture(lambda: _compared(pending.result()), pending)

    def compare(self, point: Point, other: Point, phase: float, again: Again | None = None) -> tuple[Picture, float]:
        """Paint a point; also return its mean difference, 0..255, from the picture of another point.

        Both are painted in one batch if the generator can do that; a resolution-free one compares small pictures.
        Outside of a batch, `again` may return a picture of the other point that is painted already.
        """
        if self._capturable and self.compares_in_batches:
            return _compared(self._capturable.paint_batch(_both(point, other)))
        picture = self.paint(point, phase)
        compared = self.paint_compared(point, phase) if self._generator.resolution_free else picture
        paint_other = partial(self.paint_compared, other, phase)
        return picture, mean_difference(compared, again(paint_other) if again else paint_other())

    @property
    def compares_in_batches(self) -> bool:
        """Whether `compare` paints both pictures at once."""
        return self._capturable is not None and self._size is None

    def paint_compared(self, point: Point, phase: float) -> Picture:
        """Paint what `compare` compares, outside of a batch: a small picture, if the generator can paint one."""
        size = _compared_size(self._size) if self._generator.resolution_free else self._size
        return self._generator.paint(point, size, phase)


class _Reference:
    """What frames are compared with: the walk before new prompts, whose picture is painted now and then."""

    def __init__(self, walk: LatentWalk) -> None:
        self.walk = walk
        self._picture: Picture | None = None
        self._painted_at = 0.0

    def picture(self, now: float, paint: Callable[[], Picture]) -> Picture:
        """The picture that `paint` paints, or the last one if that is not older than `REFERENCE_SECONDS`."""
        if self._picture is None or now > self._painted_at + REFERENCE_SECONDS:
            self._picture, self._painted_at = paint(), now
        return self._picture


class ChangeMeter:
    """Measures how much new prompts have changed the picture, until the change is visible.

    The reference is what the walk before the prompts would show at the same time, so that the drift does not count.

    Attributes:
        change: Mean difference, 0..255, at the last frame; 0 before prompts.
    """

    def __init__(self) -> None:
        self.change = 0.0
        self._reference: _Reference | None = None
        self._until = 0.0

    def reset(self, reference: LatentWalk | None, now: float) -> None:
        """Measure from now on against `reference`; None measures nothing."""
        self.change = 0.0
        self._reference = _Reference(reference) if reference else None
        self._until = now + MEASURE_SECONDS

    def prepare(self, painter: FramePainter, alter: Callable[[Point], Point], now: float, phase: float) -> None:
        """Paint the reference already, in time that is left."""
        reference = self._reference
        if reference is not None and not painter.compares_in_batches:
            reference.picture(now, partial(painter.paint_compared, alter(reference.walk.at(now)), phase))

    def begin(
        self, painter: FramePainter, point: Point, alter: Callable[[Point], Point], now: float, phase: float
    ) -> BegunPicture:
        """Begin the frame of `point`, and compare it with the reference, altered likewise, while there is one."""
        reference = self._reference
        if reference is None:
            return painter.begin(point, phase)
        return painter.begin_comparison(point, alter(reference.walk.at(now)), phase, partial(reference.picture, now))

    def measured(self, change: float | None, now: float) -> float:
        """Take the difference of a frame drawn for `now`, None if it was not compared; return the last one."""
        if change is not None:
            self.change = change
            if change >= VISIBLE_CHANGE or now > self._until:
                self._reference = None
        return self.change


def frame_size(generator: Generator, config: RendererConfig) -> Size | None:
    """Return (height, width) that fills the stage for a resolution-free generator; None is the native size."""
    if not generator.resolution_free:
        return None
    across, down = config.aspect
    height = config.models.height_on(config.place.device, config.cores)
    return height, max(1, round(height * across / down))


def mean_difference(a: Picture, b: Picture) -> float:
    """Return the mean absolute difference of two pictures of one size, 0..255."""
    return float(np.abs(a.astype(np.int16) - b).mean())


def _both(point: Point, other: Point) -> Point:
    z, classes = match_layers(point.z, other.z), (point.classes, other.classes)
    return Latents(np.concatenate(z), np.concatenate(classes))


def _compared(pictures: Picture) -> tuple[Picture, float]:
    """The first of two pictures [2, height, width, 3], and how much the other differs."""
    return np.ascontiguousarray(pictures[0]), mean_difference(pictures[0], pictures[1])


def _compared_size(size: Size | None) -> Size:
    if not isinstance(size, tuple):
        return COMPARED_HEIGHT
    height, width = size
    return COMPARED_HEIGHT, max(1, round(COMPARED_HEIGHT * width / height))
