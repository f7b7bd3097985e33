"""Who is in a vehicle is seen at its windows."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from installation.models.theatre.figure_atlas import LABELS
from installation.models.theatre.figure_layout import Figure, extent_of
from installation.models.theatre.generator import Theatre
from installation.models.theatre.outlines import lowest_point
from installation.models.theatre.vehicle_windows import FREE, WINDOWS, at_window, still_at_windows


def figure(label: str, x: float = 0.5, side: float = 0.5, facing: float = 1.0) -> Figure:
    weights = torch.zeros(1, len(LABELS))
    weights[0, LABELS.index(label)] = 1.0
    place, foot, size, way = (torch.full((1, 1, 1, 1), value) for value in (x, 0.9, side, facing))
    return Figure(weights, place, foot, size, way)


@pytest.mark.parametrize("facing", [1.0, -1.0])
@pytest.mark.parametrize("vehicle", WINDOWS)
def test_heads_are_within_the_window(theatre: Theatre, vehicle: str, facing: float) -> None:
    coach = figure(vehicle, facing=facing)
    for number in range(len(WINDOWS[vehicle])):
        seen = at_window(theatre._atlas, coach, figure("man"), number)
        assert seen.window is not None
        left, right, top, bottom = (float(edge) for edge in seen.window)
        assert left < float(seen.x) < right
        _, height = extent_of(seen, theatre._atlas)
        below = 1 - lowest_point(theatre._atlas, LABELS.index("man"))
        crown = float(seen.foot - below * seen.side - height)
        assert crown == pytest.approx(top + FREE * (bottom - top), abs=1e-4)
        assert float(height) > 2 * (bottom - top)  # the rest is behind the door


def test_of_a_long_animal_the_head_is_seen(theatre: Theatre) -> None:
    seen = at_window(theatre._atlas, figure("car"), figure("dog"), 0)
    assert seen.window is not None
    half, _ = extent_of(seen, theatre._atlas)
    assert float(seen.x - half) == pytest.approx(float(seen.window[0]), abs=1e-5)  # it faces left


def test_who_is_at_a_window_moves_with_the_vehicle(theatre: Theatre) -> None:
    coach = figure("bus")
    seen = at_window(theatre._atlas, coach, figure("child"), 0)
    moved = replace(coach, x=coach.x + 0.2, side=coach.side * 0.8)
    (_, (kept,)) = still_at_windows(theatre._atlas, ((moved,), (seen,)))
    expected = at_window(theatre._atlas, moved, figure("child"), 0)
    torch.testing.assert_close((kept.x, kept.foot, kept.side), (expected.x, expected.foot, expected.side))
