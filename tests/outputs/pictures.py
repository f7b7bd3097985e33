"""Pictures to record, and what a file of them says: for the tests of this folder and the benchmark."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

SIZE = (160, 96)
LEVELS = 78  # pictures that can be distinguished by their grey level


def grey(number: int, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """A picture that carries its number (below LEVELS) through an encoder: flat, at its own level."""
    return np.full((size[1], size[0], 3), 16 + 3 * (number % LEVELS), np.uint8)


def noise(number: int, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """A picture that hardly compresses."""
    return np.random.default_rng(number).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)


def gradients(seconds: float, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Soft colours that move, as skies do."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    red = 0.5 + 0.25 * np.sin(x / 300 + seconds) + 0.15 * np.sin(y / 200 - seconds * 0.7)
    green = 0.4 + 0.3 * np.sin((x + y) / 500 + seconds * 0.5)
    blue = 0.3 + 0.25 * np.cos(y / 350 + seconds)
    return (np.stack([red, green, blue], -1).clip(0, 1) * 255).astype(np.uint8)


def pictures_of(path: Path) -> list[NDArray[np.uint8]]:
    """Every frame of a file, RGB."""
    with av.open(str(path)) as file:
        return [np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in file.decode(video=0)]


def numbers_of(path: Path) -> list[int]:
    """The numbers of the `grey` pictures in a file, read from their middles."""
    middles = [float(picture[40:56, 60:100].mean()) for picture in pictures_of(path)]
    return [round((middle - 16) / 3) for middle in middles]


def times_of(path: Path) -> list[float]:
    """The time of every frame, in seconds."""
    with av.open(str(path)) as file:
        return [float(frame.time or 0.0) for frame in file.decode(video=0)]
