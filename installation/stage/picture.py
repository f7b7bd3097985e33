"""A picture at rest, as large as it was generated, with the few points by which change and light are judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8] | Floats

GRID_HEIGHT, GRID_WIDTH = 36, 64  # sample points over a picture


@dataclass(frozen=True, eq=False)
class DecodedPicture:
    """Like a lantern slide: `pixels` [h, w, 3] of 0..255, never written to again; `samples` [36, 64, 3] of them."""

    pixels: Pixels
    samples: Floats

    @classmethod
    def of(cls, pixels: Pixels) -> DecodedPicture:
        """A plate of these pixels [h, w, 3], which it keeps without a copy."""
        height, width = pixels.shape[:2]
        rows = _centres(GRID_HEIGHT, height)
        columns = _centres(GRID_WIDTH, width)
        return cls(pixels, pixels[rows[:, None], columns[None, :]].astype(np.float32))

    @classmethod
    def black(cls, height: int, width: int) -> DecodedPicture:
        """A plate without light."""
        return cls.of(np.zeros((height, width, 3), np.uint8))

    def resized(self, height: int, width: int) -> DecodedPicture:
        """The same picture in another size (bilinear); itself if the size is the same."""
        if self.pixels.shape[:2] == (height, width):
            return self
        return DecodedPicture.of(resize(self.pixels, height, width))


def _centres(points: int, length: int) -> NDArray[np.intp]:
    return ((np.arange(points) + 0.5) * length / points).astype(np.intp)


def resize(pixels: Pixels, height: int, width: int) -> Floats:
    """Bilinear resampling [h, w, 3] -> [height, width, 3], centres aligned, edges repeated."""
    across = pixels.astype(np.float32)
    for axis, length in ((0, height), (1, width)):
        old = across.shape[axis]
        place = np.clip((np.arange(length) + 0.5) * old / length - 0.5, 0, old - 1)
        low = np.minimum(place.astype(np.intp), max(old - 2, 0))
        shape = [1, 1, 1]
        shape[axis] = length
        share = (place - low).astype(np.float32).reshape(shape)
        high = np.minimum(low + 1, old - 1)
        across = np.take(across, low, axis) * (1 - share) + np.take(across, high, axis) * share
    return across
