"""Water is at the mouths of who drinks and at the feet of who splashes, ice is below skaters."""

from __future__ import annotations

import pytest

from installation.models.interfaces import Picture
from installation.models.theatre.bounding_animals import BOUNDING, EXTENTS, bounds, redrawn_sheets
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.generator import Theatre
from installation.models.theatre.jointed_figures import jointed_of
from tests.models.theatre.conftest import CPU, scene
from tests.models.theatre.test_handling import acting, only

BOUNDERS = [label for label in LABELS if bounds(label)]


def painted(theatre: Theatre, *marks: str, **classes: str) -> Picture:
    """A picture for an audience, [72, 128, 3]."""
    theatre.set_stage(0.0, "scenes")
    try:
        return theatre.paint(theatre.with_marks(scene(2, **classes), marks), (72, 128))
    finally:
        theatre.set_stage(0.0, "blend")


def blueness(picture: Picture) -> float:
    """Of the ground: the mean of blue above red in the lowest quarter, in 0..255."""
    low = picture[54:].astype(float)
    return float((low[..., 2] - low[..., 0]).mean())


@pytest.mark.parametrize("label", BOUNDERS)
def test_an_animal_that_sits_otherwise_is_long_and_low_where_it_runs(label: str) -> None:
    (sheet,) = redrawn_sheets(label, BOUNDING, CPU)
    top, bottom, left, right = sheet.reach
    half, height = EXTENTS[BOUNDING]
    assert right - left <= 2 * half + 0.04
    assert bottom - top <= height
    assert right - left > bottom - top


def test_both_run_where_one_chases_the_other(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "chasing", "second rabbit", subject="fox")
    assert [one.pose for one in (*found.subjects, *found.in_front)] == [BOUNDING, BOUNDING]


def test_skates_have_blades_below_the_shoes(theatre: Theatre, atlas: Atlas) -> None:
    skater, runner = (
        jointed_of(only(acting(theatre, atlas, state, subject="child").subjects)) for state in ("skating", "running")
    )
    assert skater is not None
    assert runner is not None
    assert skater.whole.bottom > runner.whole.bottom


@pytest.mark.parametrize("state", ["drinking", "splashing"])
def test_there_is_water_where_an_animal_drinks_or_splashes(theatre: Theatre, state: str) -> None:
    classes = {"subject": "cow", "terrain": "field", "sky": "noon"}
    assert blueness(painted(theatre, state, **classes)) > blueness(painted(theatre, **classes)) + 2


def test_a_skipping_rope_is_over_the_head(theatre: Theatre, atlas: Atlas) -> None:
    skipping, running = (
        jointed_of(only(acting(theatre, atlas, state, subject="child").subjects)) for state in ("skipping", "running")
    )
    assert skipping is not None
    assert running is not None
    assert skipping.whole.top < running.whole.top - 0.04
