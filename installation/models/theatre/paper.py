"""What makes a layer a sheet of paper: its fibres and its torn (deckle) edge, fixed to each sheet."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.theatre.raster import Box, PixelGrid, cached_constant

CLOUDINESS, GRAIN = 0.035, 0.020  # how much the thickness and the fibres of a sheet change its brightness
CLOUDS_PER_UNIT, FIBRES_PER_UNIT = (7, 9), (150, 34)  # down, across
GROUND = 7  # the sheet that an audience sees nearest: with low tussocks, shallow as ground seen from the side
TUSSOCKS = ((0.075, (26, 6)), (0.055, (60, 17)))  # how much they change its brightness; how many per unit down, across
DECKLE = ((0.0016, 67.0), (0.0010, 173.0), (0.0006, 419.0))  # of the sines of a torn edge: height, radians per unit


@cached_constant
def paper_fibres(grid: PixelGrid, sheet: int) -> Tensor:
    """The brightness of a sheet, about 1, [1, 1, height, width]; `sheet` tells sheets apart, and may be GROUND."""
    random = torch.Generator().manual_seed(100 + sheet)
    clouds = _noise(grid, CLOUDS_PER_UNIT, random)
    fibres = _noise(grid, FIBRES_PER_UNIT, random)
    brightness = 1 + CLOUDINESS * clouds + GRAIN * fibres
    for share, per_unit in TUSSOCKS if sheet == GROUND else ():
        brightness += share * _noise(grid, per_unit, random)
    return brightness.to(grid.device)


def fibres_of(box: Box, sheet: int) -> Tensor:
    """The box's part of `paper_fibres`, [1, 1, rows, columns].

    A camera shifts a sheet by whole pixels, and does not enlarge its grain, which is too faint to tell, and much sooner
    done.
    """
    source = box.grid.texture_grid
    pixels = paper_fibres(source, sheet)
    if source is box.grid:
        return pixels[:, :, box.rows, box.columns]
    for dim, (span, middle, offset, length) in enumerate(
        (
            (box.rows, box.grid.centre[1] - source.centre[1], box.grid.height, source.height),
            (box.columns, box.grid.centre[0] - source.centre[0], box.grid.width, source.width),
        ),
        start=2,
    ):
        count = span.stop - span.start
        first = span.start + middle * source.unit + (length - offset) / 2
        pixels = pixels.narrow(dim, min(max(round(first), 0), length - count), count)
    return pixels


def deckle(x: Tensor, sheet: int) -> Tensor:
    """How far the torn edge of a sheet lies below its ridge at x, in units; the same shape as x."""
    if torch.is_inference_mode_enabled():
        rates, turns, heights = _deckle_sines(sheet, x.device)
        return torch.addcmul(turns, rates, x).sin_().mul_(heights).sum(1, keepdim=True)
    edge = torch.zeros_like(x)
    for height, rate in DECKLE:
        edge = edge + height * torch.sin(rate * x + math.sin(0.31 * rate) * 7 + 2.3 * sheet)
    return edge


@cached_constant
def _deckle_sines(sheet: int, device: torch.device) -> tuple[Tensor, ...]:
    """Of the sines of a torn edge: radians per unit, phase and height, each [1, sines, 1, 1]."""
    sines = [(rate, math.sin(0.31 * rate) * 7 + 2.3 * sheet, height) for height, rate in DECKLE]
    return torch.tensor(sines, device=device).T.reshape(3, 1, -1, 1, 1).unbind(0)


def _noise(grid: PixelGrid, per_unit: tuple[int, int], random: torch.Generator) -> Tensor:
    """Smooth noise in -1..1, [1, 1, height, width], with so many knots per unit down and across."""
    knots = [
        max(2, round(n * pixels / grid.unit)) for n, pixels in zip(per_unit, (grid.height, grid.width), strict=True)
    ]
    noise = 2 * torch.rand(1, 1, *knots, generator=random) - 1
    return F.interpolate(noise, (grid.height, grid.width), mode="bicubic", align_corners=False).clamp(-1, 1)
