"""The projection without a GPU: tables of pixels and weights, applied to each frame.

It shows what the shader shows, but takes some 6 ms of a core (AMD EPYC) for a frame of 1280 x 720. Pixels are 32-bit
numbers as in SDL's surfaces, `0x00RRGGBB`, so that nothing is converted; they are computed in bands of rows that stay
in the processor's cache. After a change the tables are made anew in a thread, and frames use those before meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from installation.show.projection import ProjectionSettings
from installation.stage.projection.geometry import covered_places, picture_places
from installation.stage.projection.light import adjust, blend, draw_mask
from installation.stage.projection.sampling import Pixels, Sampler, sampler

Size = tuple[int, int]  # width and height in pixels

ROWS_OF_BAND = 32
WHOLE = 65536  # of the light
CHANNELS = (16, 8, 0)  # how far red, green and blue are shifted
SPARSE = 8  # of so many pixels, one that is dimmed: then they are picked out
PLAIN = {"brightness": 1.0, "contrast": 1.0, "saturation": 1.0}


class SoftwareProjection:
    """Projects pictures of one size to a projector of another."""

    def __init__(self, settings: ProjectionSettings, picture: Size, output: Size, wait: bool = True) -> None:
        """Makes the tables; in the background unless `wait`."""
        self.picture, self.size = picture, output
        self._bands: list[_Band] = []
        self._placed: ProjectionSettings | None = None  # what the bands are for, in plain colours
        self._making: Future[list[_Band]] | None = None
        self._maker = ThreadPoolExecutor(1, "projection")
        self.change(settings)
        if wait and self._making:
            self._making.exception()
            self.update()

    @property
    def settled(self) -> bool:
        """Whether `draw` follows the latest change."""
        return self._placed == self._wanted

    def update(self) -> bool:
        """Takes the tables that have been made meanwhile; returns whether there are any to draw with."""
        if self._making and self._making.done():
            made, self._making = self._making, None
            self._bands, self._placed = made.result(), self._begun
            self._make()
        return self._placed is not None

    def change(self, settings: ProjectionSettings) -> None:
        """Takes other settings: colours at once, all else as soon as its tables are made."""
        self.settings, self._wanted = settings, settings.model_copy(update=PLAIN)
        self._coloured = (settings.brightness, settings.contrast, settings.saturation) != (1.0, 1.0, 1.0)
        greys = np.repeat(np.arange(256)[:, None], 3, axis=1)
        self._levels = _adjusted(settings, greys)[:, 0]  # of each channel, unless they are mixed
        self._make()

    def _make(self) -> None:
        """Begins to make the tables of the latest change, unless others are being made."""
        if not self._making and not self.settled:
            self._begun = self._wanted
            self._making = self._maker.submit(_bands, self._wanted, self.picture, self.size)

    def draw(self, picture: Pixels, seen: Pixels) -> None:
        """Draws the projector's image of `picture` [h, w] to `seen` [height, width], where `update` is true."""
        texels = picture.reshape(-1)
        for band in self._bands:
            part = seen[band.rows]
            if band.sampler is None:
                part.fill(0)
                continue
            band.sampler.draw(texels, part)
            if self._coloured:
                part[:] = self._recoloured(part)
            band.light.dim(part)

    def _recoloured(self, pixels: Pixels) -> Pixels:
        """Changes brightness, contrast and saturation; without the latter, by a table."""
        channels = _unpacked(pixels)
        if self.settings.saturation == 1.0:
            return _packed([self._levels.take(each) for each in channels])
        return _packed(np.moveaxis(_adjusted(self.settings, np.stack(channels, axis=-1)), -1, 0))


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
        sampler: What of the picture is seen there; None: the band is black.
        light: How much light falls on the pixels.
    """

    rows: slice
    sampler: Sampler | None
    light: _Light


def _bands(settings: ProjectionSettings, picture: Size, output: Size) -> list[_Band]:
    """The bands of an image, from the top."""
    width, height = output
    mask = draw_mask(settings, width, height)
    bands = []
    for first in range(0, height, ROWS_OF_BAND):
        rows = slice(first, min(first + ROWS_OF_BAND, height))
        upright, covered = covered_places(settings, width, height, rows)
        places = picture_places(settings, upright)
        light = np.rint(blend(settings, places) * covered * mask[rows] / 255 * WHOLE).astype(np.uint32)
        bands.append(_Band(rows, sampler(places, *picture) if light.any() else None, _Light(light)))
    return bands


def _adjusted(settings: ProjectionSettings, colours: NDArray[Any]) -> Pixels:
    return np.rint(255 * adjust(settings, colours / 255)).astype(np.uint32)


def _unpacked(pixels: Pixels) -> list[Pixels]:
    """Red, green and blue, 0..255."""
    return [np.right_shift(pixels, shift, dtype=np.uint32) & np.uint32(0xFF) for shift in CHANNELS]


def _packed(channels: Iterable[Pixels]) -> Pixels:
    red, green, blue = (channel << shift for channel, shift in zip(channels, CHANNELS, strict=True))
    return np.asarray(red | green | blue, np.uint32)
