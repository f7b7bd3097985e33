"""Figures stand at several distances: places beyond the edge of the land, others on its near side, small ones lower."""

from __future__ import annotations

import pytest

from installation.models.theatre.figure_atlas import Atlas
from installation.models.theatre.figure_layout import SUNK, Figure, extent_of
from installation.models.theatre.generator import Theatre
from tests.models.theatre.test_handling import acting, only


def floor_of(figure: Figure) -> float:
    return float(figure.foot - SUNK * figure.side)


@pytest.mark.parametrize("kind", ["house", "castle", "tree"])
def test_a_place_stands_beyond_whoever_is_before_it(theatre: Theatre, atlas: Atlas, kind: str) -> None:
    found = acting(theatre, atlas, f"second {kind}", subject="fox", terrain="hills")
    fox, beyond = only(found.subjects), only(found.behind)
    assert (fox.before, beyond.beyond) == (True, True)
    assert floor_of(fox) > floor_of(beyond) + 0.03
    assert float(extent_of(beyond, atlas)[1]) > 1.5 * float(extent_of(fox, atlas)[1])


def test_what_fits_in_a_hand_stands_nearer_than_a_queen(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "second frog", subject="queen", terrain="field")
    queen, frog = only(found.subjects), only(found.behind)
    assert floor_of(frog) > floor_of(queen) + 0.01


def test_all_three_stay_apart_before_a_place(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "second boy", "third house", subject="dog", terrain="field")
    dog, boy, house = only(found.subjects), only(found.behind), only(found.third)
    assert house.beyond
    assert abs(float(dog.x - boy.x)) > 0.8 * float(extent_of(dog, atlas)[0] + extent_of(boy, atlas)[0])


def test_who_rides_stays_on_the_mount(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "second king", "riding", subject="horse", terrain="hills")
    assert not any(one.beyond for one in (*found.subjects, *found.behind, *found.in_front))


@pytest.mark.parametrize(("marks", "least", "most"), [((), 0.6, 1.3), (("second huge figure",), 1.25, 2.4)])
def test_a_chair_is_as_large_as_words_say(
    theatre: Theatre, atlas: Atlas, marks: tuple[str, ...], least: float, most: float
) -> None:
    found = acting(theatre, atlas, "second armchair", *marks, subject="old man", terrain="field")
    man, chair = (extent_of(only(part), atlas) for part in (found.subjects, found.behind))
    ratio = float((chair[0] * chair[1] / (man[0] * man[1])) ** 0.5)
    assert least < ratio < most


def test_a_lone_figure_fills_its_part_of_the_stage(theatre: Theatre, atlas: Atlas) -> None:
    for subject in ("polar bear", "eagle", "mouse"):
        half, height = extent_of(only(acting(theatre, atlas, subject=subject, terrain="hills").subjects), atlas)
        assert float((2 * half * height) ** 0.5) > 0.3


def test_a_ship_is_farther_out_than_who_stands_on_the_shore(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "second ship", subject="woman", terrain="sea")
    woman, ship = only(found.subjects), only(found.behind or found.in_front)
    assert floor_of(ship) < floor_of(woman) - 0.06
    alone = only(acting(theatre, atlas, subject="ship", terrain="sea").subjects)
    assert floor_of(ship) < floor_of(alone) - 0.03
