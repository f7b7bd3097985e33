"""Animals that sleep or lie are curled up."""

from __future__ import annotations

import pytest

from installation.models.theatre.bounding_animals import BOUNDING
from installation.models.theatre.curled_animals import CURLED, CURLED_AWAKE, EXTENT, curled_sheets, curls_up
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import extent_of
from installation.models.theatre.generator import Theatre
from tests.models.theatre.conftest import CPU
from tests.models.theatre.test_handling import acting, only

CURLING = [label for label in LABELS if curls_up(label)]


def test_pets_and_beasts_of_prey_curl_up_and_no_horse() -> None:
    assert {"cat", "dog", "fox", "wolf", "bear"} <= {*CURLING}
    assert "horse" not in CURLING


@pytest.mark.parametrize("label", CURLING)
def test_a_curled_animal_is_low_and_its_eyes_tell_whether_it_sleeps(label: str) -> None:
    (asleep,), (awake,) = (curled_sheets(label, pose, CPU) for pose in (CURLED, CURLED_AWAKE))
    top, bottom, left, right = asleep.reach
    half, height = EXTENT
    assert bottom - top == pytest.approx(height, abs=0.05)
    assert right - left <= 2 * half + 0.03
    assert asleep.channels.shape != awake.channels.shape or (asleep.channels != awake.channels).any()


@pytest.mark.parametrize(
    ("marks", "terrain", "pose"),
    [
        (("sleeping",), "forest", CURLED),
        (("lying down",), "forest", CURLED_AWAKE),
        (("sleeping", "second sofa", "lying"), "room", CURLED),
        (("sleeping", "second mouse", "chasing"), "field", BOUNDING),
    ],
)
def test_marks_say_who_curls_up(
    theatre: Theatre, atlas: Atlas, marks: tuple[str, ...], terrain: str, pose: str
) -> None:
    found = acting(theatre, atlas, *marks, subject="cat", terrain=terrain)
    cat = only(found.subjects)
    assert cat.pose == pose
    if pose in (CURLED, CURLED_AWAKE):
        half, height = (float(length / cat.side) for length in extent_of(cat, atlas))
        assert (half, height) == pytest.approx(EXTENT)
