"""Animals that graze, gallop and rear."""

import math

import torch

from installation.models.theatre.animal_poses import (
    CALLING,
    FEET_APART,
    GALLOPING,
    GRAZING,
    galloping_at,
    head_point,
    in_animal_pose,
)
from installation.models.theatre.contact import MOUTHS
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.generator import Theatre
from installation.models.theatre.outlines import FLOOR, mouth_place, sheets_of
from tests.models.theatre.test_handling import acting, only


def mouth(atlas: Atlas, label: str, pose: str) -> tuple[float, float]:
    sheets = sheets_of(atlas, LABELS.index(label))
    return head_point(sheets, pose, MOUTHS.get(label) or mouth_place(sheets, upright=False))


def test_who_grazes_has_its_mouth_near_the_ground_and_who_calls_higher_than_it_stands(atlas: Atlas) -> None:
    for label in ("horse", "deer", "cow", "sheep", "goat"):
        at_rest, grazing = mouth(atlas, label, ""), mouth(atlas, label, GRAZING)
        assert grazing[1] > at_rest[1] + 0.08, label
        assert grazing[1] > 0.68, label
    assert mouth(atlas, "dog", CALLING)[1] < mouth(atlas, "dog", "")[1]


def test_only_the_head_is_turned(atlas: Atlas) -> None:
    sheets = sheets_of(atlas, LABELS.index("horse"))
    posed = in_animal_pose(sheets, GRAZING)
    assert [one.turned != 0 for one in posed] == [one.motion != "rest" and one.pivot[0] < 0.46 for one in sheets]
    assert in_animal_pose(sheets, GALLOPING) is sheets


def test_legs_are_apart_at_a_gallop_and_the_trunk_stays() -> None:
    x = torch.tensor([0.3, 0.7]).view(1, 1, 1, 2)
    for y, moved in ((0.5, 0.0), (FLOOR, FEET_APART)):
        seen, _ = galloping_at(0.7, FLOOR, x, torch.full_like(x, y))
        assert torch.allclose(seen, x + torch.tensor([moved, -moved]), atol=1e-5)


def test_animals_do_what_marks_say(theatre: Theatre, atlas: Atlas) -> None:
    assert only(acting(theatre, atlas, "grazing", subject="horse").subjects).pose == GRAZING
    assert only(acting(theatre, atlas, "running", subject="horse").subjects).pose == GALLOPING
    rearing = only(acting(theatre, atlas, "rearing", subject="horse").subjects)
    assert rearing.pose == GALLOPING
    assert -math.pi / 2 < rearing.turn < -0.5
    assert only(acting(theatre, atlas, "grazing", subject="owl").subjects).pose == ""


def test_an_animal_bends_down_for_what_it_eats(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "eating", "second apple", subject="horse")
    horse, apple = only(found.subjects), only((*found.in_front, *found.behind))
    assert horse.pose == GRAZING
    assert not apple.floats


def test_who_walks_away_is_seen_from_behind(theatre: Theatre, atlas: Atlas) -> None:
    assert only(acting(theatre, atlas, "leaving", subject="man").subjects).pose == "walking away"


def test_somebody_sits_on_the_shoulders_of_who_carries_him(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "lifting", "second child", subject="man")
    man, child = only(found.subjects), only(found.behind)
    assert child.pose == "astride"
    assert float(child.foot) < float(man.foot) - 0.3 * float(man.side)
