"""The skylines that an audience sees: towers and houses of unequal sizes, with roofs of several shapes.

The models know rows of buildings that are more alike (see `buildings`).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.sprite_tables import HALF_PIXEL, ROOF_WIDTH

WIDE = 0.58  # of two lots side by side, the share that has one tower each
LOWEST, TALLER, UNLIKE = 0.26, 1.05, 1.9  # height of a tower; how much taller they get; how seldom
QUARTER, QUARTERS = 0.34, (2.3, 5.1)  # how much lower outer quarters are; radians per unit of where they are
STEPPED, SLANTED, POINTED = 0.30, 0.52, 0.68  # chance from which on roofs have such a shape, up to the next
STEP, SLANT, POINT = 0.11, 0.10, 0.16  # height of the parts of roofs


class Towers(NamedTuple):
    """The towers at some places along a street, each of the shape of these.

    Attributes:
        number: Of the tower.
        within: 0 at its left side to 1 at its right side.
    """

    number: Tensor
    within: Tensor

    def chance(self, rate: float) -> Tensor:
        """A number of each tower, 0..1, another one for each rate."""
        return (torch.sin(self.number * rate + 0.7 * rate) * 437.58).frac().abs()


def towers_at(x: Tensor) -> Towers:
    """The towers at x, in units, some of which are twice as wide as others."""
    place = (x - HALF_PIXEL) * (1 / ROOF_WIDTH)
    pair = (0.5 * place).floor()
    number = place.floor()
    wide = (torch.sin(pair * 45.164) * 157.3).frac().abs() > WIDE
    within = torch.where(wide, 0.5 * place - pair, place - number)
    return Towers(torch.where(wide, 2 * pair, number), within)


def tower_heights(row: int, x: Tensor, pixel: float) -> Tensor:
    """The height of the skyline at x, about 0.2 to 1.4, of the same shape as x; row 0 is far, row 1 near."""
    return 0.5 * (_heights(row, x - 0.25 * pixel) + _heights(row, x + 0.25 * pixel))


def _heights(row: int, x: Tensor) -> Tensor:
    towers = towers_at(x)
    middle = (towers.number + 0.5) * ROOF_WIDTH
    slow, quick = (torch.sin(rate * middle + 1.9 * row) for rate in QUARTERS)
    quarter = 1 - QUARTER * (0.5 - 0.35 * slow - 0.25 * quick)
    tall = (LOWEST + TALLER * towers.chance(12.9898 + row) ** UNLIKE) * quarter
    shape, beside = towers.chance(78.233 + row), (2 * towers.within - 1).abs()
    step = -STEP * (beside > 0.6) * ((shape > STEPPED) & (shape < SLANTED))
    slant = SLANT * towers.within * ((shape >= SLANTED) & (shape < POINTED))
    return tall + step + slant + POINT * (1 - beside) * (shape >= POINTED)


def unlike_house(x: float) -> tuple[float, float, float]:
    """How much wider, how much higher and how much steeper than others a house at x is that an audience sees."""
    wide, high, steep = (0.5 + 0.5 * math.sin(rate * x) for rate in (41.7, 67.3, 29.9))
    return 0.62 + 0.75 * wide, 0.60 + 1.25 * high * high, 0.70 + 0.75 * steep
