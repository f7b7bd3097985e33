"""The near frame stands at the sides of a wide picture and leaves the square in the middle free."""

from __future__ import annotations

import numpy as np
import pytest

from installation.models.theatre import near_frame
from installation.models.theatre.generator import Theatre
from installation.models.theatre.raster import PixelGrid
from tests.models.theatre.conftest import CPU, render, scene


@pytest.mark.parametrize("bough", near_frame.BOUGHS)
def test_the_frame_leaves_the_square_free_and_fills_the_corners(bough: str) -> None:
    mask = near_frame._frame_mask(PixelGrid(72, 128, CPU), bough)[0, 0].numpy()
    assert mask[:, 28:100].max() == 0
    assert min(mask[-6:, :8].mean(), mask[-6:, -8:].mean()) > 0.2
    assert min(mask[:14, :20].mean(), mask[:14, -20:].mean()) > 0.03


def test_only_terrains_with_plants_have_a_frame(theatre: Theatre) -> None:
    hills, sea = (render(theatre, scene(1, sky="noon", terrain=one), (72, 128))[0].mean(0) for one in ("hills", "sea"))
    corner, beside = np.s_[:10, :12], np.s_[:10, 30:42]
    assert hills[corner].mean() < hills[beside].mean() - 0.1
    assert abs(sea[corner].mean() - sea[beside].mean()) < 0.08
