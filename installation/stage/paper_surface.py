"""The surface of the paper that a stage shows its pictures on: a tile of fine relief, lit from the upper left.

It is as fine as the stage, not as the picture, and so gives an enlarged picture detail where it has none.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from installation.stage.picture import Floats

SIDE, SEED = 512, 7  # of the tile, in pixels of the stage
GRAIN = ((0.17, 1.0), (0.055, 0.7))  # cycles per pixel in the middle of a band, and its share
FIBRES, FIBRE = 0.5, (0.025, 0.16)  # share of the fibres, whose cycles per pixel along and across are these
RELIEF = 0.016  # standard deviation of the brightness at full strength
DEEPEST = 3.0  # standard deviations that anything is darker than the brightest


@lru_cache(maxsize=4)
def paper_tile(strength: float) -> NDArray[np.uint8]:
    """Factors of brightness in 255ths, [512, 512]; the tile continues beyond its edges.

    Args:
        strength: 0..1; with 0 it is 255 everywhere.
    """
    relief = np.clip(_relief(), -DEEPEST, DEEPEST) - DEEPEST
    return np.round(255 * (1 + RELIEF * strength * relief)).astype(np.uint8)


def mean_brightness(strength: float) -> float:
    """The mean factor of a tile, by which a picture is made brighter before, so that it stays as bright as it was."""
    return float(paper_tile(strength).mean()) / 255


def _relief() -> Floats:
    """Noise of mean 0 and standard deviation 1, [512, 512]: grain, and fibres across it, as light falls on them."""
    noise = np.fft.rfft2(np.random.default_rng(SEED).standard_normal((SIDE, SIDE)))
    down, across = np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)[None, :]
    rate = np.hypot(down, across)
    height = sum(share * np.exp(-(((rate - middle) / (0.5 * middle)) ** 2)) for middle, share in GRAIN)
    along, beside = FIBRE
    height = height + FIBRES * np.exp(-((across / along) ** 2) - (((np.abs(down) - beside) / (0.4 * beside)) ** 2))
    lit = np.fft.irfft2(noise * height * (1 + 2j * np.sign(down + across)), (SIDE, SIDE))
    relief: Floats = ((lit - lit.mean()) / lit.std()).astype(np.float32)
    return relief
