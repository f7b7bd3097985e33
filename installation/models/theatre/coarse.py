"""Soft shapes of a box of a picture, computed for every fourth row and column, and enlarged: a tenth of the time."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from installation.models.theatre.raster import Box

STEP = 4  # pixels of the picture for one of a coarse box, each way


def coarse_box(box: Box, aside: float = 0.0, down: float = 0.0) -> Box:
    """A box that covers another one with few pixels.

    Args:
        box: Not empty.
        aside: How far to the left of it the pixels lie, in units: what is computed there appears so far to the right.
        down: Likewise above it.
    """
    part, middle = Box(box.grid, box.rows, box.columns), 0.5 * (STEP - 1) * box.grid.pixel
    part.__dict__["x"] = box.x[..., ::STEP] + (middle - aside)  # in place of the cached ones
    part.__dict__["y"] = box.y[:, :, ::STEP] + (middle - down)
    return part


def enlarged(values: Tensor, box: Box) -> Tensor:
    """What was computed on a coarse box, [batch, channels, rows, columns], for each pixel of the box, interpolated."""
    whole = F.interpolate(values, scale_factor=STEP, mode="bilinear")
    return whole[:, :, : box.rows.stop - box.rows.start, : box.columns.stop - box.columns.start]
