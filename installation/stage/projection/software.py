"""The projection without a GPU: tables of pixels and weights, made anew after each change, and applied to each frame.

It shows what the shader shows, but takes some 30 ms for a frame of 1280 x 720.
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
        self._light = np.rint(light * 65536).astype(np.uint32)[..., None]
        self._full = bool((self._light == 65536).all())
        self._coloured = (settings.brightness, settings.contrast, settings.saturation) != (1.0, 1.0, 1.0)

    def draw(self, picture: Bytes) -> Bytes:
        """Returns the projector's image [height, width, 3] of `picture` [h, w, 3]."""
        padded = np.empty((picture.shape[0] * picture.shape[1], 4), np.uint8)
        padded[:, :3] = picture.reshape(-1, 3)
        texels = padded.view(np.uint32).reshape(-1)
        total = np.full((*self._indices[0].shape, 4), 128, np.uint16)
        for index, weight in zip(self._indices, self._weights, strict=True):
            taken = texels[index].view(np.uint8).reshape(*index.shape, 4).astype(np.uint16)
            taken *= weight
            total += np.minimum(taken, 65535 - total)  # white rounds up to 255.5
        seen = (total >> 8).astype(np.uint8)[..., :3]
        if self._coloured:
            seen = np.rint(255 * adjust(self.settings, seen / 255)).astype(np.uint8)
        if self._full:
            return np.ascontiguousarray(seen)
        return ((seen * self._light + 32768) >> 16).astype(np.uint8)


def _bilinear(
    places: NDArray[np.float64], picture: tuple[int, int]
) -> tuple[list[NDArray[np.intp]], list[NDArray[np.uint16]]]:
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
    return indices, [weight.astype(np.uint16)[..., None] for weight in weights]
