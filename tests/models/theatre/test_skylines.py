"""Before an audience no two houses of a city or of a village are alike."""

from __future__ import annotations

import pytest
import torch

from installation.models.theatre.buildings import staged_windows, village_houses, village_windows
from installation.models.theatre.raster import PixelGrid
from installation.models.theatre.skylines import tower_heights, towers_at
from installation.models.theatre.sprite_tables import ROOF_WIDTH, roof_line
from tests.models.theatre.conftest import CPU

GRID = PixelGrid(432, 768, CPU)


def test_some_towers_are_twice_as_wide_as_others() -> None:
    numbers = towers_at(GRID.x).number.flatten()
    widths = torch.unique_consecutive(numbers, return_counts=True)[1][1:-1] * GRID.pixel / ROOF_WIDTH
    assert float(widths.min()) == pytest.approx(1, abs=0.07)
    assert float(widths.max()) == pytest.approx(2, abs=0.07)


@pytest.mark.parametrize("row", [0, 1])
def test_towers_differ_more_in_height_than_the_models_know_them_to(row: int) -> None:
    heights, known = tower_heights(row, GRID.x, GRID.pixel), roof_line(row, GRID.x, GRID.pixel)
    assert float(heights.std()) > 0.9 * float(known.std())
    assert float(heights.max() / heights.min()) > 3.5
    assert float(heights.min()) > 0.1
    assert float(heights.max()) < 1.6


def test_houses_of_a_village_keep_their_places_but_not_their_sizes() -> None:
    known, staged = village_houses(1), village_houses(1, staged=True)
    houses = [(one, other) for one, other in zip(known, staged, strict=True) if 0 < one.gable < 0.1]
    assert all(one.x == other.x for one, other in houses)
    walls, staged_walls = (torch.tensor([pair[side].wall for pair in houses]) for side in (0, 1))
    assert float(staged_walls.std()) > 2 * float(walls.std())


def test_the_windows_of_a_village_are_as_many_before_an_audience() -> None:
    assert len(staged_windows()) == len(village_windows())
