"""The projection without a GPU: tables of pixels and weights, made anew after each change, and applied to each frame.

It shows what the shader shows, but takes some 23 ms of a core (AMD EPYC) for a frame of 1280 x 720.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from installation.show.projection import ProjectionSettings
from installation.stage.projection.geometry import coverage, picture_places, pixel_places, upright_places
from installation.stage.projection.light import adjust, blend, draw_mask

Bytes = NDArray[np.uint8]

ROWS_OF_BAND = 16


class SoftwareProjection:
    """Projects pictures of one size to a projector of another, in bands of rows that stay in the processor's cache."""

    def __init__(self, settings: ProjectionSettings, picture: tuple[int, int], output: tuple[int, int]) -> None:
        """Sizes are width and height in pixels."""
        self.settings = settings
        width, height = output
        places = picture_places(settings, upright_places(settings, pixel_places(width, height)))
        light = blend(settings, places) * coverage(settings, width, height) * draw_mask(settings, width, height) / 255
        self._bands = list(_bands(places, picture, np.rint(light * 65536).astype(np.uint32)))
        self._padded = np.zeros((picture[0] * picture[1], 4), np.uint8)
        self._seen = np.zeros((height, width, 3), np.uint8)
        self._buffers = [np.empty((min(ROWS_OF_BAND, height), width), np.uint32) for _ in range(4)]
        self._coloured = (settings.brightness, settings.contrast, settings.saturation) != (1.0, 1.0, 1.0)

    def draw(self, picture: Bytes) -> Bytes:
        """Returns the projector's image [height, width, 3] of `picture` [h, w, 3]; valid until the next call."""
        self._padded[:, :3] = picture.reshape(-1, 3)
        texels = self._padded.view(np.uint32).reshape(-1)
        for band in self._bands:
            self._draw_band(band, texels)
        return self._seen

    def _draw_band(self, band: _Band, texels: NDArray[np.uint32]) -> None:
        seen = self._seen[band.rows]
        red_blue, green, texel, product = (buffer[: len(seen)] for buffer in self._buffers)
        red_blue.fill(0x00800080)  # the sums of two channels as halves of 32 bits
        green.fill(0x80)
        for index, weight in zip(band.indices, band.weights, strict=True):
            np.take(texels, index, out=texel, mode="clip")
            np.bitwise_and(texel, 0x00FF00FF, out=product)
            np.multiply(product, weight, out=product)
            np.add(red_blue, product, out=red_blue)
            np.right_shift(texel, 8, out=texel)
            np.bitwise_and(texel, 0xFF, out=texel)
            np.multiply(texel, weight, out=texel)
            np.add(green, texel, out=green)
        for channel, (lanes, shift) in enumerate(((red_blue, 8), (green, 8), (red_blue, 24))):
            np.right_shift(lanes, shift, out=product)
            np.bitwise_and(product, 0xFF, out=product)
            seen[..., channel] = product
        if self._coloured:
            seen[:] = np.rint(255 * adjust(self.settings, seen / 255))
        if band.light is not None:
            for channel in range(3):
                np.multiply(seen[..., channel], band.light, out=product)
                np.add(product, 32768, out=product)
                np.right_shift(product, 16, out=product)
                seen[..., channel] = product


class _Band(NamedTuple):
    """Some rows of the projector's image.

    Attributes:
        rows: Of the image.
        indices: Of the four texels that each pixel is made of.
        weights: Theirs, in 256ths, which add up to 256.
        light: The factor of each pixel in 65536ths; None: all of it.
    """

    rows: slice
    indices: list[NDArray[np.intp]]
    weights: list[NDArray[np.uint32]]
    light: NDArray[np.uint32] | None


def _bands(places: NDArray[np.float64], picture: tuple[int, int], light: NDArray[np.uint32]) -> Iterator[_Band]:
    """The bands of an image, without those that stay black."""
    for first in range(0, len(places), ROWS_OF_BAND):
        rows = slice(first, first + ROWS_OF_BAND)
        if light[rows].any():
            indices, weights = _bilinear(places[rows], picture)
            yield _Band(rows, indices, weights, None if (light[rows] == 65536).all() else light[rows])


def _bilinear(
    places: NDArray[np.float64], picture: tuple[int, int]
) -> tuple[list[NDArray[np.intp]], list[NDArray[np.uint32]]]:
    """The four texels around each place, and their weights in 256ths, which add up to 256."""
    width, height = picture
    x = np.clip(places[..., 0] * width - 0.5, 0, width - 1)
    y = np.clip(places[..., 1] * height - 0.5, 0, height - 1)
    column, row = np.floor(x + 1 / 512).astype(np.intp), np.floor(y + 1 / 512).astype(np.intp)
    right, below = np.clip(np.rint((x - column) * 256), 0, 256), np.clip(np.rint((y - row) * 256), 0, 256)
    next_column, next_row = np.minimum(column + 1, width - 1), np.minimum(row + 1, height - 1)
    lower_right = np.rint(right * below / 256)
    weights = [256 - right - below + lower_right, right - lower_right, below - lower_right, lower_right]
    indices = [
        row * width + column,
        row * width + next_column,
        next_row * width + column,
        next_row * width + next_column,
    ]
    return indices, [weight.astype(np.uint32) for weight in weights]
