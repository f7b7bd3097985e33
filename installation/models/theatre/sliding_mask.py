"""Flats: stencils that slide aside and grow as z has it, like the painted scenery in the grooves of a paper theatre.

A flat is cut for every half pixel, with room on both sides, so that sliding is a mix of two neighbours: that costs
little, stays sharp, never jumps, and has a gradient.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from installation.models.theatre.polygon_mask import Outline, cut_out
from installation.models.theatre.raster import Box, Frame, lasting

Number = float | Tensor
ROOM = 0.3  # how far a flat may slide either way, in units


class SlidingMask(NamedTuple):
    """What a stencil covers of pixels that begin at every half pixel."""

    planes: Tensor  # [2, rows, columns and room]: from whole columns, and half a pixel to the right of them
    top: int  # the first of its rows; nothing is in it, nor above it, and likewise at the last
    room: int  # pixels on either side of the picture


@lasting
def flat(frame: Frame, make: Callable[[], list[Outline]]) -> SlidingMask:
    """A stencil for a frame, remembered by the function that makes its outlines."""
    room = math.ceil(ROOM * frame.unit) + 1
    fine = Frame(2 * frame.height, 2 * (frame.width + 2 * room), torch.device("cpu"), 2 * frame.unit)
    halves = cut_out(fine, make()).reshape(frame.height, 2, -1).mean(1)
    there = np.flatnonzero(halves.any(axis=1))
    first, last = (int(there[0]), int(there[-1])) if len(there) else (0, 0)
    halves = np.pad(halves[first : last + 1], ((1, 1), (0, 1)))
    pixels = (halves[:, :-1] + halves[:, 1:]) / 2
    planes = np.stack([pixels[:, 0::2], pixels[:, 1::2]])
    return SlidingMask(torch.from_numpy(planes).to(frame.device), first - 1, room)


def laid(box: Box, make: Callable[[], list[Outline]], aside: Tensor, tall: Tensor | None = None,
         foot: float = 0.0) -> Tensor:  # fmt: skip
    """What a stencil covers of a box, [batch, 1, rows, columns] in 0..1.

    Args:
        make: makes the stencil's outlines.
        aside: how far it has slid to the right, in units, at most ROOM either way, [batch, 1, 1, 1].
        tall: how many times as tall it is, [batch, 1, 1, 1].
        foot: the height at which it stays where it is when it grows, in units.
    """
    frame, held = box.frame, flat(box.frame, make)
    rise = (foot - 0.5) * frame.unit + frame.height / 2 - 0.5
    found = []
    for item, slid in enumerate(_each(aside)):
        place = 2 * (held.room + box.columns.start - slid * frame.unit)
        start = math.floor(float(place.detach() if isinstance(place, Tensor) else place))
        left, right = (held.planes[n % 2, :, n // 2 : n // 2 + _length(box.columns)] for n in (start, start + 1))
        if tall is None:
            found.append(_stand(box, held.top, left, right, place - start))
        else:
            grown = torch.lerp(left, right, place - start)
            found.append(_grow(box, held.top, grown, _each(tall)[item], rise))
    return torch.stack(found)[:, None] if len(found) > 1 else found[0][None, None]


def _each(values: Tensor) -> Sequence[Number]:
    """The numbers of a batch; as tensors only where a gradient shall pass them, for that takes longer."""
    return values.flatten().unbind() if values.requires_grad else values.flatten().tolist()


def _length(pixels: slice) -> int:
    return int(pixels.stop - pixels.start)


def _stand(box: Box, top: int, left: Tensor, right: Tensor, between: Number) -> Tensor:
    """Each row where it is, [rows, columns]."""
    found = left.new_zeros(_length(box.rows), left.shape[1])
    first, last = max(box.rows.start, top), min(box.rows.stop, top + left.shape[0])
    if first < last:
        rows = slice(first - top, last - top)
        found[first - box.rows.start : last - box.rows.start] = torch.lerp(left[rows], right[rows], between)
    return found


def _grow(box: Box, top: int, cover: Tensor, tall: Number, rise: float) -> Tensor:
    """Rows between the rows of a flat, [rows, columns]; at the row `rise` of the picture all stays where it is."""
    rows = torch.arange(box.rows.start - rise, box.rows.stop - rise, device=cover.device)[: _length(box.rows)]
    rows = (rows / tall + (rise - top)).clamp(0, cover.shape[0] - 1.001)
    upper = rows.detach().long()
    above, below = cover.index_select(0, upper), cover.index_select(0, upper + 1)
    return torch.lerp(above, below, (rows - upper)[:, None])
