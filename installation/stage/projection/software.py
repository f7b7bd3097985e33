"""The projection without a GPU: tables of pixels and weights, made anew after each change, and applied to each frame.

It shows what the shader shows, but takes some 10 ms of a core (AMD EPYC) for a frame of 1280 x 720. Pixels are 32-bit
numbers as in SDL's surfaces, `0x00RRGGBB`, so that nothing is converted; they are computed in bands of rows that stay
in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from installation.show.projection import ProjectionSettings
from installation.stage.projection.geometry import coverage, picture_places, pixel_places, upright_places
from installation.stage.projection.light import adjust, blend, draw_mask

Pixels = NDArray[np.uint32]

ROWS_OF_BAND = 32
WHOLE = 65536  # of the light
CHANNELS = (16, 8, 0)  # how far red, green and blue are shifted
SPARSE = 8  # of so many pixels, one that is dimmed: then they are picked out


class SoftwareProjection:
    """Projects pictures of one size to a projector of another."""

    def __init__(self, settings: ProjectionSettings, picture: tuple[int, int], output: tuple[int, int]) -> None:
        """Sizes are width and height in pixels."""
        self.settings = settings
        self.size = width, height = output
        places = picture_places(settings, upright_places(settings, pixel_places(width, height)))
        light = blend(settings, places) * coverage(settings, width, height) * draw_mask(settings, width, height) / 255
        self._bands = list(_bands(places, picture, np.rint(light * WHOLE).astype(np.uint32)))
        self._buffers = [np.empty((min(ROWS_OF_BAND, height), width), np.uint32) for _ in range(4)]
        self._coloured = (settings.brightness, settings.contrast, settings.saturation) != (1.0, 1.0, 1.0)
        greys = np.repeat(np.arange(256)[:, None], 3, axis=1)
        self._levels = _adjusted(settings, greys)[:, 0]  # of each channel, unless they are mixed

    def draw(self, picture: Pixels, seen: Pixels) -> None:
        """Draws the projector's image of `picture` [h, w] to `seen` [height, width], which was black at first."""
        texels = picture.reshape(-1)
        for band in self._bands:
            part = seen[band.rows]
            self._interpolate(band, texels, part)
            if self._coloured:
                part[:] = self._recoloured(part)
            band.light.dim(part)

    def _recoloured(self, pixels: Pixels) -> Pixels:
        """Changes brightness, contrast and saturation; without the latter, by a table."""
        channels = _unpacked(pixels)
        if self.settings.saturation == 1.0:
            return _packed([self._levels.take(each) for each in channels])
        return _packed(np.moveaxis(_adjusted(self.settings, np.stack(channels, axis=-1)), -1, 0))

    def _interpolate(self, band: _Band, texels: Pixels, seen: Pixels) -> None:
        """Sums four weighted texels: red and blue in one array, as halves of 32 bits, and green in another."""
        red_blue, green, texel, product = (buffer[: len(seen)] for buffer in self._buffers)
        red_blue.fill(0x00800080)
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
        np.right_shift(red_blue, 8, out=red_blue)
        np.bitwise_and(red_blue, 0x00FF00FF, out=red_blue)
        np.bitwise_and(green, 0xFF00, out=green)
        np.bitwise_or(red_blue, green, out=seen)


class _Light:
    """The factor of each pixel of a band, in 65536ths. In most bands only the edge of the picture is dimmed."""

    def __init__(self, light: NDArray[np.uint32]) -> None:
        self._dark = light == 0
        dimmed = (light > 0) & (light < WHOLE)
        self._any_dark, self._dense = bool(self._dark.any()), bool(dimmed.sum() * SPARSE > light.size)
        self._places = np.nonzero(dimmed)
        self._light = light if self._dense else light[self._places]

    def dim(self, pixels: Pixels) -> None:
        """Multiply the pixels of the band, in place."""
        if self._dense:
            pixels[:] = self._times(pixels)
        elif self._light.size:
            pixels[self._places] = self._times(pixels[self._places])
        if self._any_dark:
            pixels[self._dark] = 0

    def _times(self, pixels: Pixels) -> Pixels:
        total = np.zeros_like(pixels)
        for shift in CHANNELS:
            channel = pixels >> shift & 0xFF
            channel *= self._light
            channel += WHOLE // 2
            channel >>= 16
            channel <<= shift
            total |= channel
        return total


class _Band(NamedTuple):
    """Some rows of the projector's image.

    Attributes:
        rows: Of the image.
        indices: Of the four texels that each pixel is made of.
        weights: Theirs, in 256ths, which add up to 256.
        light: How much light falls on them.
    """

    rows: slice
    indices: list[NDArray[np.intp]]
    weights: list[NDArray[np.uint32]]
    light: _Light


def _bands(places: NDArray[np.float64], picture: tuple[int, int], light: NDArray[np.uint32]) -> Iterator[_Band]:
    """The bands of an image, without those that stay black."""
    for first in range(0, len(places), ROWS_OF_BAND):
        rows = slice(first, first + ROWS_OF_BAND)
        if light[rows].any():
            indices, weights = _bilinear(places[rows], picture)
            yield _Band(rows, indices, weights, _Light(light[rows]))


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


def _adjusted(settings: ProjectionSettings, colours: NDArray[Any]) -> Pixels:
    return np.rint(255 * adjust(settings, colours / 255)).astype(np.uint32)


def _unpacked(pixels: Pixels) -> list[Pixels]:
    """Red, green and blue, 0..255."""
    return [np.right_shift(pixels, shift, dtype=np.uint32) & np.uint32(0xFF) for shift in CHANNELS]


def _packed(channels: Iterable[Pixels]) -> Pixels:
    red, green, blue = (channel << shift for channel, shift in zip(channels, CHANNELS, strict=True))
    return np.asarray(red | green | blue, np.uint32)
