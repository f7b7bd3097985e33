"""An audience sees figures so near that they fill a good part of the picture, and all that belongs together alike."""

from __future__ import annotations

import pytest

from installation.models.theatre.arrangement import Arrangement
from installation.models.theatre.closer_shot import LARGEST, TALLEST
from installation.models.theatre.contact import hand_of
from installation.models.theatre.figure_atlas import Atlas
from installation.models.theatre.figure_layout import Figure, extent_of
from installation.models.theatre.generator import Theatre
from tests.models.theatre.test_handling import acting, only
from tests.models.theatre.test_relations import GRID


def height_of(figure: Figure, atlas: Atlas) -> float:
    return float(extent_of(figure, atlas)[1])


@pytest.mark.parametrize("label", ["man", "child", "old woman"])
def test_who_is_alone_is_about_half_as_high_as_the_picture(theatre: Theatre, atlas: Atlas, label: str) -> None:
    person = only(acting(theatre, atlas, subject=label, terrain="hills").subjects)
    assert TALLEST - 0.08 < height_of(person, atlas) < LARGEST + 0.08


def test_who_is_told_to_be_alone_stays_small(theatre: Theatre, atlas: Atlas) -> None:
    near, far = (only(acting(theatre, atlas, *marks, subject="man").subjects) for marks in ((), ("wide",)))
    assert height_of(far, atlas) < 0.85 * height_of(near, atlas)


def test_what_is_held_stays_in_the_hand(theatre: Theatre, atlas: Atlas) -> None:
    found: Arrangement = acting(theatre, atlas, "held", "second balloon", subject="child")
    (cord,) = found.cords
    hand = hand_of(only(found.subjects), atlas, 0.0)
    assert [float(part) for part in cord.begin] == pytest.approx([float(part) for part in hand], abs=1e-4)


@pytest.mark.parametrize(("subject", "terrain"), [("horse", "hills"), ("house", "hills"), ("man", "room")])
def test_all_of_a_figure_stays_in_the_picture(theatre: Theatre, atlas: Atlas, subject: str, terrain: str) -> None:
    figure = only(acting(theatre, atlas, subject=subject, terrain=terrain).subjects)
    half, height = (float(length) for length in extent_of(figure, atlas))
    x, foot = float(figure.x), float(figure.foot)
    assert foot - height > 0
    assert GRID.left < x - half < x + half < GRID.right


@pytest.mark.parametrize("subject", ["tree", "castle", "barn"])
def test_a_tree_or_a_house_grows_higher_than_a_person_would_beside_who_is_smaller(
    theatre: Theatre, atlas: Atlas, subject: str
) -> None:
    found = acting(theatre, atlas, "second man", subject=subject, terrain="hills")
    place, person = only(found.subjects), only((*found.behind, *found.in_front))
    assert TALLEST < height_of(place, atlas) < 0.9
    assert float(place.foot) <= float(person.foot) + 0.05
    assert float(place.foot) - height_of(place, atlas) > 0


def test_a_dog_before_houses_is_no_higher_than_a_door(theatre: Theatre, atlas: Atlas) -> None:
    street, field = (
        only(acting(theatre, atlas, *marks, subject="dog", terrain=terrain).subjects)
        for marks, terrain in ((("houses", "street"), "city"), ((), "field"))
    )
    assert height_of(street, atlas) < 0.36 < height_of(field, atlas)
