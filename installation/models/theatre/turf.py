"""The grass along the edge of the nearest land that an audience sees: single blades that lean, in patches."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from installation.models.theatre.raster import cached_constant
from installation.models.theatre.sprite_tables import scenery_rng

TURF_TILE, KNOTS_PER_UNIT = 5, 640  # units after which it repeats
SEED = 739
NARROWEST, WIDEST = 0.0035, 0.0075  # half the width of a blade at its foot, in units
SHORTEST = 0.16  # of a blade; the tallest has 1
GAP = 0.011  # between two blades, on average, in units


def turf(x: Tensor) -> Tensor:
    """How tall the grass is at x, 0..1; the same shape as x."""
    table = _table(x.device)
    place = (x.remainder(TURF_TILE) * KNOTS_PER_UNIT).clamp(max=TURF_TILE * KNOTS_PER_UNIT - 0.001)
    before = place.long()
    return torch.lerp(table[before], table[before + 1], place - before)


@cached_constant
def _table(device: torch.device) -> Tensor:
    """[knots + 1]."""
    heights = _blades()
    return torch.tensor(np.append(heights, heights[0]), dtype=torch.float32, device=device)


def _blades() -> NDArray[np.float64]:
    """Blades of all heights, each steeper on the side that it leans to; they are taller in some places than in others.

    No two distances between blades are the same, or the eye would see a comb.
    """
    random = scenery_rng(SEED, 0)
    x = np.arange(TURF_TILE * KNOTS_PER_UNIT) / KNOTS_PER_UNIT
    phases = 2 * np.pi * random.random(4)
    heights, at = np.zeros_like(x), 0.0
    while at < TURF_TILE - NARROWEST:
        waves = (
            np.sin(2 * np.pi * turns * at / TURF_TILE + phase)
            for turns, phase in zip((7, 12, 19, 31), phases, strict=True)
        )
        lush = np.clip(0.42 + 0.24 * sum(waves), 0.0, 1.0)
        tall = SHORTEST + (1 - SHORTEST) * lush * random.random() ** 1.7
        half = NARROWEST + (WIDEST - NARROWEST) * random.random()
        lean = half * (2 * random.random() - 1) * 0.8
        away = (x - at - lean + TURF_TILE / 2) % TURF_TILE - TURF_TILE / 2  # from its tip
        rise = np.clip(1 - np.where(away < 0, -away / (half + lean), away / (half - lean)), 0, 1)
        heights = np.maximum(heights, tall * rise**1.3)
        at += GAP * (0.25 + 1.5 * random.random())
    return heights
