"""The projection without a GPU: tables of pixels and weights, made anew after each change, and applied to each frame.

It shows what the shader shows, but takes some 23 ms of a core (AMD EPYC) for a frame of 1280 x 720.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from installation.show.projection import ProjectionSettings
from installation.stage.projection.geometry import coverage, picture_places, pixel_places, upright_places
from installation.stage.projection.light import adjust, blend, draw_mask

Bytes = NDArray[np.uint8]


class SoftwareProjection:
    """Projects pictures of one size to a projector of another."""

    def __init__(self, settings: ProjectionSettings, picture: tuple[int, int], output: tuple[int, int]) -> None:
        """Sizes are width and height in pixels."""
        self.settings = settings
        width, height = output
        places = picture_places(settings, upright_places(settings, pixel_places(width, height)))
        self._indices, self._weights = _bilinear(places, picture)
        light = blend(settings, places) * coverage(settings, width, height) * draw_mask(settings, width, height) / 255
        self._light = np.rint(light * 65536).astype(np.uint32)
        self._full = bool((self._light == 65536).all())
        self._padded = np.zeros((picture[0] * picture[1], 4), np.uint8)
        self._seen = np.empty((height, width, 3), np.uint8)
        buffers = [np.empty((height, width), np.uint32) for _ in range(4)]
        self._red_blue, self._green, self._texel, self._product = buffers
        self._coloured = (settings.brightness, settings.contrast, settings.saturation) != (1.0, 1.0, 1.0)

    def draw(self, picture: Bytes) -> Bytes:
        """Returns the projector's image [height, width, 3] of `picture` [h, w, 3]; valid until the next call."""
        self._padded[:, :3] = picture.reshape(-1, 3)
        self._interpolate(self._padded.view(np.uint32).reshape(-1))
        for channel, (lanes, shift) in enumerate(((self._red_blue, 8), (self._green, 8), (self._red_blue, 24))):
            np.right_shift(lanes, shift, out=self._product)
            np.bitwise_and(self._product, 0xFF, out=self._product)
            self._seen[..., channel] = self._product
        if self._coloured:
            self._seen[:] = np.rint(255 * adjust(self.settings, self._seen / 255))
        if not self._full:
            for channel in range(3):
                np.multiply(self._seen[..., channel], self._light, out=self._product)
                np.add(self._product, 32768, out=self._product)
                np.right_shift(self._product, 16, out=self._product)
                self._seen[..., channel] = self._product
        return self._seen

    def _interpolate(self, texels: NDArray[np.uint32]) -> None:
        """Sums four weighted texels: red and blue in one array, as halves of 32 bits, and green in another."""
        self._red_blue.fill(0x00800080)
        self._green.fill(0x80)
        for index, weight in zip(self._indices, self._weights, strict=True):
            np.take(texels, index, out=self._texel, mode="clip")
            np.bitwise_and(self._texel, 0x00FF00FF, out=self._product)
            np.multiply(self._product, weight, out=self._product)
            np.add(self._red_blue, self._product, out=self._red_blue)
            np.right_shift(self._texel, 8, out=self._texel)
            np.bitwise_and(self._texel, 0xFF, out=self._texel)
            np.multiply(self._texel, weight, out=self._texel)
            np.add(self._green, self._texel, out=self._green)


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
