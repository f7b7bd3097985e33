"""What a renderer paints on: the frame, how far it is from another one, and a truncation that goes where it is set."""

from __future__ import annotations

import numpy as np

from installation.models.interfaces import Generator, GraphCapturable, Latents, Picture, Point, Size, match_layers
from installation.render.interfaces import RendererConfig

WATCHED_HEIGHT = 48  # pixels of the small pictures that are compared
GLIDE = 0.4  # of truncation a second: it changes a picture everywhere, so it takes its time
LEAST_TRUNCATION = 0.05


class FramePainter:
    """A generator at one size. `size` is (height, width), or None for the generator's native one."""

    def __init__(self, generator: Generator, size: Size | None, truncation: float) -> None:
        self._generator = generator
        self._heavy = generator if isinstance(generator, GraphCapturable) else None
        self._size = size
        self.wanted_truncation = truncation
        self._truncation = max(truncation, LEAST_TRUNCATION)
        if self._heavy:
            self._heavy.set_truncation(self._truncation)

    def glide(self, seconds: float) -> None:
        """So much time has passed: the truncation comes nearer to the wanted one."""
        way = max(self.wanted_truncation, LEAST_TRUNCATION) - self._truncation
        if self._heavy and way and seconds > 0.0:
            step = GLIDE * seconds
            self._truncation += min(max(way, -step), step)
            self._heavy.set_truncation(self._truncation)

    def paint(self, shown: Point, phase: float) -> Picture:
        """The frame."""
        return np.ascontiguousarray(self._generator.paint(shown, self._size, phase))

    def compare(self, shown: Point, before: Point, phase: float) -> tuple[Picture, float]:
        """The frame, and the mean difference (0..255) from what `before` would have shown.

        Two at once where that is quicker; small ones are compared where the generator is free in size.
        """
        if self._heavy and self._size is None:
            both = Latents(
                np.concatenate(match_layers(shown.z, before.z)), np.concatenate([shown.classes, before.classes])
            )
            picture, old = self._heavy.paint_all(both)
            return picture, _difference(picture, old)
        picture = self.paint(shown, phase)
        small, new = self._size, picture
        if self._generator.resolution_free:
            small = _small(self._size)
            new = self._generator.paint(shown, small, phase)
        return picture, _difference(new, self._generator.paint(before, small, phase))


def frame_size(generator: Generator, config: RendererConfig) -> Size | None:
    """(height, width) that fills the stage, for a generator that is free in size; else None, its native size."""
    if not generator.resolution_free:
        return None
    across, down = config.aspect
    height = config.models.height
    return height, max(1, round(height * across / down))


def _difference(new: Picture, old: Picture) -> float:
    return float(np.abs(new.astype(np.int16) - old).mean())


def _small(size: Size | None) -> Size:
    if not isinstance(size, tuple):
        return WATCHED_HEIGHT
    height, width = size
    return WATCHED_HEIGHT, max(1, round(WATCHED_HEIGHT * width / height))
