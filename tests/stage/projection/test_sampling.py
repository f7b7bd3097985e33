"""Machine code and NumPy sample the same pixels, which are those of bilinear interpolation."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from installation.stage.projection.sampling import Pixels, Places, sampler

WIDTH, HEIGHT = 37, 23


def noise() -> Pixels:
    return np.random.default_rng(1).integers(0, 1 << 24, (HEIGHT, WIDTH), dtype=np.uint32)


def places(rows: int, columns: int) -> Places:
    """Anywhere, also beyond the edges, and the corners."""
    drawn = np.random.default_rng(2).uniform(-0.1, 1.1, (rows, columns, 2))
    drawn[0, 0], drawn[-1, -1] = 0.0, 1.0
    return drawn


def drawn(at: Places) -> Pixels:
    seen = np.full(at.shape[:2], 7, np.uint32)
    sampler(at, WIDTH, HEIGHT).draw(noise().reshape(-1), seen)
    return seen


def channels(pixels: Pixels) -> NDArray[np.float64]:
    return np.stack([pixels >> shift & 0xFF for shift in (16, 8, 0)], -1).astype(np.float64)


def interpolated(at: Places) -> NDArray[np.float64]:
    """Bilinear interpolation in double precision, [rows, columns, 3]."""
    x, y = (np.clip(at[..., axis] * size - 0.5, 0, size - 1) for axis, size in enumerate((WIDTH, HEIGHT)))
    left, top = x.astype(int), y.astype(int)
    right, bottom = np.minimum(left + 1, WIDTH - 1), np.minimum(top + 1, HEIGHT - 1)
    picture, across, down = channels(noise()), (x - left)[..., None], (y - top)[..., None]
    upper = picture[top, left] * (1 - across) + picture[top, right] * across
    lower = picture[bottom, left] * (1 - across) + picture[bottom, right] * across
    return np.asarray(upper * (1 - down) + lower * down)


@pytest.mark.parametrize("size", [(2, 4), (3, 5), (8, 40), (1, 3)])
def test_pixels_are_interpolated(size: tuple[int, int]) -> None:
    at = places(*size)
    assert np.abs(channels(drawn(at)) - interpolated(at)).max() <= 2.0


def test_rows_may_be_part_of_a_wider_picture() -> None:
    at = places(9, 31)
    wide = np.full((9, 40), 7, np.uint32)
    sampler(at, WIDTH, HEIGHT).draw(noise().reshape(-1), wide[:, 4:35])
    assert (wide[:, 4:35] == drawn(at)).all()
    assert (wide[:, :4] == 7).all()
    assert (wide[:, 35:] == 7).all()


@pytest.mark.filterwarnings("ignore:LLVM makes no machine code")
def test_a_machine_without_llvm_draws_the_same_pixels(request: pytest.FixtureRequest) -> None:
    at = places(9, 31)
    quick = drawn(at)
    request.getfixturevalue("without_llvm")
    assert (drawn(at) == quick).all()
