"""The projection without a GPU: tables of pixels and weights, applied to each frame.

It shows what the shader shows, but takes some 6 ms of a core (AMD EPYC) for a frame of 1280 x 720. Pixels are 32-bit
numbers as in SDL's surfaces, `0x00RRGGBB`, so that nothing is converted; they are computed in bands of rows that stay
in the processor's cache. After a change the tables are made anew in a thread, and frames use those before meanwhile.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from installation.show.projection import ProjectionSettings
from installation.stage.projection.geometry import covered_places, picture_places
from installation.stage.projection.light import blend, colour_change, draw_mask
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
        coloured = settings.model_copy(update=PLAIN) != settings
        self._colours = _Colours(settings, ROWS_OF_BAND * self.size[0]) if coloured else None
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
            if self._colours:
                self._colours.apply(part)
            band.light.dim(part)


class _Colours:
    """Changes brightness, contrast and saturation, in memory of its own: arrays made anew for each band cost more."""

    def __init__(self, settings: ProjectionSettings, pixels: int) -> None:
        """`pixels` is the most that a band has."""
        matrix, added = colour_change(settings)
        self._matrix, self._added = matrix.astype(np.float32), np.float32(255 * added + 0.5)
        self._channel = np.empty(pixels, np.uint32)
        self._before, self._after = np.empty((2, 3, pixels), np.float32)

    def apply(self, pixels: Pixels) -> None:
        """Change the pixels of a band, in place."""
        channel = self._channel[: pixels.size].reshape(pixels.shape)
        before, after = self._before[:, : pixels.size], self._after[:, : pixels.size]
        for values, shift in zip(before, CHANNELS, strict=True):
            np.right_shift(pixels, shift, out=channel)
            np.bitwise_and(channel, 0xFF, out=channel)
            values[:] = channel.reshape(-1)
        np.matmul(self._matrix, before, out=after)
        np.add(after, self._added, out=after)
        np.clip(after, 0, 255, out=after)
        pixels.fill(0)
        for values, shift in zip(after, CHANNELS, strict=True):
            channel[:] = values.reshape(pixels.shape)
            np.left_shift(channel, shift, out=channel)
            np.bitwise_or(pixels, channel, out=pixels)


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
