"""Profiles of land that are too irregular for formulas, as tables: firs of all sizes, and ranges of mountains.

An audience sees these. They repeat after TILE units, and are interpolated, so that land can move by any distance.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from installation.models.theatre.raster import cached_constant
from installation.models.theatre.sprite_tables import scenery_rng

TILE, KNOTS_PER_UNIT = 8, 192  # units; of a table
SEED = 733
TIERS = 5  # of a fir
FIRS, MASSIFS = 0, (1, 2)  # rows of the table
FIR_GROUP = 0.11  # half a width within which there is a gap between two firs, in units
WIND = 0.9  # how much the tiers of a fir show


def relief(row: int, x: Tensor) -> Tensor:
    """The height of a profile at x, 0 to about 1.2: FIRS or one of MASSIFS; the same shape as x."""
    table = _table(x.device)[row]
    place = (x.remainder(TILE) * KNOTS_PER_UNIT).clamp(max=TILE * KNOTS_PER_UNIT - 0.001)  # rounding may reach the end
    before = place.long()
    return torch.lerp(table[before], table[before + 1], place - before)


def feet_of_firs(ridge: Tensor, unit: float) -> Tensor:
    """The y of the ground that firs stand on whose tops are a ridge: [1, 1, 1, width] like it, in units.

    What is shaded by the distance from it has no streak below each fir. `unit` is the pixels of a unit.
    """
    reach = max(1, round(FIR_GROUP * unit))
    lowest = F.max_pool1d(ridge[0], 2 * reach + 1, 1, padding=reach)
    return F.avg_pool1d(F.pad(lowest, (reach, reach), mode="replicate"), 2 * reach + 1, 1)[None]


@cached_constant
def _table(device: torch.device) -> Tensor:
    """[rows, knots + 1]."""
    rows = [_firs(), _massif(1), _massif(2)]
    return torch.tensor(np.stack([np.append(row, row[0]) for row in rows]), dtype=torch.float32, device=device)


def _places() -> NDArray[np.float64]:
    return np.arange(TILE * KNOTS_PER_UNIT) / KNOTS_PER_UNIT


def _away(x: NDArray[np.float64], middle: float) -> NDArray[np.float64]:
    """How far x lies to the right of a place, the shorter way round the table."""
    away: NDArray[np.float64] = (x - middle + TILE / 2) % TILE - TILE / 2
    return away


def _firs() -> NDArray[np.float64]:
    """A forest with tall groups and clearings: cones in tiers, of different widths and heights."""
    random, x = scenery_rng(SEED, FIRS), _places()
    heights, at = np.zeros_like(x), 0.0
    while at < TILE - 0.03:
        group = 0.5 + 0.5 * np.sin(2 * np.pi * 5 * at / TILE) * np.cos(2 * np.pi * 3 * at / TILE)
        tall = (0.30 + 0.85 * random.random() ** 1.3) * (0.55 + 0.65 * group)
        half = 0.020 + 0.034 * tall
        rise = np.clip(1 - np.abs(_away(x, at)) / half, 0, 1)
        heights = np.maximum(heights, tall * (rise + WIND / (2 * np.pi * TIERS) * np.sin(2 * np.pi * TIERS * rise)))
        at += half * (0.55 + 1.0 * random.random())
    return heights


def _massif(row: int) -> NDArray[np.float64]:
    """A range of mountains: unequal summits with a steep and a gentle side, and lesser ones on their shoulders."""
    random, x = scenery_rng(SEED, row), _places()
    heights, at = np.zeros_like(x), 0.0
    while at < TILE - 0.2:
        tall = 0.42 + 0.78 * random.random() ** 1.5
        for summit, share, offset in ((tall, 1.0, 0.0), (0.72 * tall, 0.5, 0.17), (0.55 * tall, 0.4, -0.20)):
            away = _away(x, at + offset * (0.7 + 0.6 * random.random()))
            left, right = (0.26 + 0.20 * random.random() for _ in range(2))
            peak = summit - np.abs(away) * (summit * share**0.3) / np.where(away < 0, left, right)
            heights = np.maximum(heights, peak)
        at += 0.34 + 0.38 * random.random()
    rough = sum(_teeth(random, x, count) * size for count, size in ((11, 0.055), (29, 0.030)))
    ranged: NDArray[np.float64] = heights * (1 + rough)
    return ranged


def _teeth(random: np.random.Generator, x: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Noise with so many knots for each unit, interpolated linearly, -1..1."""
    knots = 2 * random.random(count * TILE) - 1
    noise: NDArray[np.float64] = np.interp(x * count, np.arange(count * TILE + 1), np.append(knots, knots[0]))
    return noise
