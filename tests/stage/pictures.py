"""Pictures to show on a stage."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def grey(value: int, height: int = 36, width: int = 64) -> Picture:
    return np.full((height, width, 3), value, np.uint8)


def noise(seed: int, height: int = 36, width: int = 64) -> Picture:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def landscape(height: int = 96, width: int = 170) -> Picture:
    """Dusk with a sun over dark hills, drawn at four times the resolution and averaged."""
    y, x = np.mgrid[0 : 4 * height, 0 : 4 * width] / (4 * height)
    sky = np.stack([90 + 130 * y, 60 + 90 * y, 120 + 20 * y], axis=-1)
    sky[(x - 1.1) ** 2 + (y - 0.35) ** 2 < 0.02] = (255, 240, 200)
    sky[y > 0.75 + 0.1 * np.sin(4 * x)] = (20, 15, 30)
    averaged = np.clip(sky.reshape(height, 4, width, 4, 3).mean(axis=(1, 3)), 0, 255)
    return np.asarray(averaged, np.uint8)
