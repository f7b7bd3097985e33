"""What makes a layer a sheet of paper: its fibres and its torn (deckle) edge, fixed to each sheet."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.theatre.raster import PixelGrid, cached_constant

CLOUDINESS, GRAIN = 0.035, 0.020  # how much the thickness and the fibres of a sheet change its brightness
CLOUDS_PER_UNIT, FIBRES_PER_UNIT = (7, 9), (150, 34)  # down, across
DECKLE = ((0.0011, 151.0), (0.0008, 263.0), (0.0006, 419.0))  # of the sines of a torn edge: height, radians per unit


@cached_constant
def paper_fibres(grid: PixelGrid, sheet: int) -> Tensor:
    """The brightness of a sheet, about 1, [1, 1, height, width]; `sheet` tells sheets apart."""
    random = torch.Generator().manual_seed(100 + sheet)
    clouds = _noise(grid, CLOUDS_PER_UNIT, random)
    fibres = _noise(grid, FIBRES_PER_UNIT, random)
    return (1 + CLOUDINESS * clouds + GRAIN * fibres).to(grid.device)


@cached_constant
def deckle(grid: PixelGrid, sheet: int) -> Tensor:
    """How far the torn edge of a sheet lies below its ridge, [1, 1, 1, width] in units."""
    edge = torch.zeros_like(grid.x)
    for height, rate in DECKLE:
        edge = edge + height * torch.sin(rate * grid.x + math.sin(0.31 * rate) * 7 + 2.3 * sheet)
    return edge


def _noise(grid: PixelGrid, per_unit: tuple[int, int], random: torch.Generator) -> Tensor:
    """Smooth noise in -1..1, [1, 1, height, width], with so many knots per unit down and across."""
    knots = [
        max(2, round(n * pixels / grid.unit)) for n, pixels in zip(per_unit, (grid.height, grid.width), strict=True)
    ]
    noise = 2 * torch.rand(1, 1, *knots, generator=random) - 1
    return F.interpolate(noise, (grid.height, grid.width), mode="bicubic", align_corners=False).clamp(-1, 1)
