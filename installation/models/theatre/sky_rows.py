"""The rows of a picture that a sky is painted on, every second one, and where clouds hide the stars."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from installation.models.theatre.raster import PixelGrid

ALL = slice(None)


class SkyRows:
    """The rows of a grid by twos: what a sky is painted on."""

    def __init__(self, grid: PixelGrid) -> None:
        self.grid = grid
        self.x = grid.x
        self.y = grid.y[:, :, ::2] + grid.pixel / 2
        self.pixel = grid.pixel
        self._top = grid.top

    def between(self, top: float, bottom: float) -> slice:
        """The rows that lie between two heights, in units."""
        ends = ((end - self._top) / (2 * self.pixel) for end in (top, bottom))
        first, last = (min(max(end, 0.0), float(self.y.shape[2])) for end in ends)
        return slice(math.floor(first), math.ceil(last))

    def columns(self, left: float, right: float) -> slice:
        """The columns that lie between two places, in units."""
        ends = ((end - self.grid.left) / self.pixel for end in (left, right))
        first, last = (min(max(end, 0.0), float(self.grid.width)) for end in ends)
        return slice(math.floor(first), math.ceil(last))


def hide(hidden: Tensor | None, span: tuple[slice, slice], cover: Tensor) -> None:
    """Note in `hidden` [1, 1, rows, width], if there is one, what a cover hides of its rows and columns."""
    if hidden is not None:
        part = hidden[:, :, span[0], span[1]]
        torch.maximum(part, cover, out=part)
