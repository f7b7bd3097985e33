"""Polygon masks that z shifts sideways and stretches, with a gradient.

Rasterising polygons is slow and has no gradient. So the polygons are rasterised once for each picture size, at every
half pixel and with a margin on both sides. A shift is then a linear interpolation between two neighbouring planes,
which is cheap, sharp, continuous and differentiable; a stretch interpolates between rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from installation.models.theatre.polygon_mask import Outline, rasterise
from installation.models.theatre.raster import Box, PixelGrid, cached_constant, resample

Outlines = Callable[[], list[Outline]]  # also the key of the cache: pass a module-level function
Number = float | Tensor

MAX_SHIFT = 0.3  # how far a mask may shift either way, in units


class SlidingMask(NamedTuple):
    """Coverage of pixels that begin at every half pixel."""

    planes: Tensor  # [2, rows, columns + 2 * margin]: pixels at whole positions, and half a pixel to the right of them
    halves: Tensor  # [rows, 2 * (columns + 2 * margin)]: both in turn
    top: int  # the picture row of the first row; the first and the last row are empty
    margin: int  # columns on either side of the picture


@cached_constant
def sliding_mask(grid: PixelGrid, outlines: Outlines) -> SlidingMask:
    """The mask of some polygons on a grid."""
    margin = math.ceil(MAX_SHIFT * grid.unit) + 1
    fine = PixelGrid(2 * grid.height, 2 * (grid.width + 2 * margin), torch.device("cpu"), 2 * grid.unit)
    halves = rasterise(fine, outlines()).reshape(grid.height, 2, -1).mean(1)
    filled = np.flatnonzero(halves.any(axis=1))
    first, last = (int(filled[0]), int(filled[-1])) if len(filled) else (0, 0)
    halves = np.pad(halves[first : last + 1], ((1, 1), (0, 1)))
    pixels = (halves[:, :-1] + halves[:, 1:]) / 2
    planes = np.stack([pixels[:, 0::2], pixels[:, 1::2]])
    on_device = [torch.from_numpy(each).to(grid.device) for each in (planes, pixels)]
    return SlidingMask(on_device[0], on_device[1], first - 1, margin)


def mask_coverage(
    box: Box, outlines: Outlines, shift: Tensor, stretch: Tensor | None = None, foot: float = 0.0
) -> Tensor:
    """Coverage of a box by shifted and stretched polygons, [batch, 1, rows, columns] in 0..1.

    Args:
        box: The pixels to cover.
        outlines: Makes the polygons; a module-level function, because the mask is cached by it.
        shift: Shift to the right in units, at most MAX_SHIFT either way, [batch, 1, 1, 1].
        stretch: Factor of the height, [batch, 1, 1, 1]; none if not given.
        foot: The y that stays fixed when the polygons are stretched, in units.
    """
    grid = box.grid
    if grid.base:
        return _seen(box, sliding_mask(grid.base, outlines), shift, stretch, foot)
    mask = sliding_mask(grid, outlines)
    fixed_row = (foot - 0.5) * grid.unit + grid.height / 2 - 0.5
    covers = []
    for item, dx in enumerate(_numbers(shift)):
        half_pixels = 2 * (mask.margin + box.columns.start - dx * grid.unit)
        left, right, between = _neighbours(mask, half_pixels, _length(box.columns))
        if stretch is None:
            covers.append(_at_rows(box, mask.top, left, right, between))
        else:
            shifted = torch.lerp(left, right, between)
            covers.append(_stretched(box, mask.top, shifted, _numbers(stretch)[item], fixed_row))
    return torch.stack(covers)[:, None] if len(covers) > 1 else covers[0][None, None]


def _neighbours(mask: SlidingMask, half_pixels: Number, columns: int) -> tuple[Tensor, Tensor, Number]:
    """The planes on either side of a position in half pixels, and its place between them.

    A position that needs a gradient stays on the device, so that a tape follows it.
    """
    if isinstance(half_pixels, Tensor):
        first = half_pixels.detach().floor()
        places = first.long() + 2 * torch.arange(columns, device=first.device)
        left, right = (mask.halves.index_select(1, places + step) for step in (0, 1))
        return left, right, half_pixels - first
    start = math.floor(half_pixels)
    left, right = (mask.planes[n % 2, :, n // 2 : n // 2 + columns] for n in (start, start + 1))
    return left, right, half_pixels - start


def _seen(box: Box, mask: SlidingMask, shift: Tensor, stretch: Tensor | None, foot: float) -> Tensor:
    """As `mask_coverage`, where a camera sees the box: a batch of one, without gradient."""
    base = box.grid.base
    assert base is not None
    y = box.y.flatten() if stretch is None else foot + (box.y.flatten() - foot) / float(stretch)
    rows = base.row(y) - mask.top
    columns = 2 * (base.column(box.x.flatten() - float(shift)) + mask.margin)
    return resample(mask.halves[None, None], rows, columns)


def _numbers(values: Tensor) -> Sequence[Number]:
    """The numbers of a batch: tensors if they need a gradient, else floats, which are faster."""
    return values.flatten().unbind() if values.requires_grad else values.flatten().tolist()


def _length(pixels: slice) -> int:
    return int(pixels.stop - pixels.start)


def _at_rows(box: Box, top: int, left: Tensor, right: Tensor, between: Number) -> Tensor:
    """The interpolated planes at the rows of a box, [rows, columns]."""
    cover = left.new_zeros(_length(box.rows), left.shape[1])
    first, last = max(box.rows.start, top), min(box.rows.stop, top + left.shape[0])
    if first < last:
        rows = slice(first - top, last - top)
        cover[first - box.rows.start : last - box.rows.start] = torch.lerp(left[rows], right[rows], between)
    return cover


def _stretched(box: Box, top: int, cover: Tensor, stretch: Number, fixed_row: float) -> Tensor:
    """A mask whose rows are stretched about `fixed_row` of the picture, at the rows of a box: [rows, columns]."""
    rows = torch.arange(box.rows.start - fixed_row, box.rows.stop - fixed_row, device=cover.device)
    rows = rows[: _length(box.rows)]
    rows = (rows / stretch + (fixed_row - top)).clamp(0, cover.shape[0] - 1.001)
    upper = rows.detach().long()
    above, below = cover.index_select(0, upper), cover.index_select(0, upper + 1)
    return torch.lerp(above, below, (rows - upper)[:, None])
