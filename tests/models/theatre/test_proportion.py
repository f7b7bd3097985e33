"""Beside each other, things are as large as they are by nature, and their shade lies where they touch the ground."""

from __future__ import annotations

from itertools import pairwise

import pytest

from installation.models.theatre.figure_atlas import Atlas
from installation.models.theatre.figure_layout import extent_of
from installation.models.theatre.generator import Theatre
from installation.models.theatre.magnitudes import rank_of
from installation.models.theatre.pairing import by_nature
from tests.models.theatre.test_handling import acting, only

LADDER = ("ant", "mouse", "cat", "dog", "child", "man", "horse", "bus", "house")


@pytest.mark.parametrize(("smaller", "larger"), list(pairwise(LADDER)))
def test_each_of_the_ladder_is_larger_than_the_one_below(smaller: str, larger: str) -> None:
    assert by_nature(larger, smaller) > 1 > by_nature(smaller, larger)


@pytest.mark.parametrize(("label", "rank"), [("haystack", 2), ("chick", 0), ("kennel", 1), ("barn", 4), ("robin", 0)])
def test_what_a_row_names_is_not_as_large_as_what_it_is_like(label: str, rank: int) -> None:
    assert rank_of(label) == rank


def test_fish_that_are_watched_are_small_and_in_the_water(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "watching", "second fish", "second three", subject="heron", terrain="lake")
    heron = only(found.subjects)
    for fish in (*found.behind, *found.in_front):
        assert fish.submerged
        assert float(extent_of(fish, atlas)[1]) < 0.5 * float(extent_of(heron, atlas)[1])


def test_a_companion_of_several_is_no_larger_than_by_nature(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "two", "second mouse", subject="cat", terrain="hills")
    tall = max(float(extent_of(one, atlas)[1]) for one in found.subjects)
    assert all(float(extent_of(one, atlas)[1]) < 0.6 * tall for one in (*found.behind, *found.in_front))


@pytest.mark.parametrize(("subject", "second", "least", "most"), [("boy", "child", 0.8, 1.1), ("man", "dog", 0.2, 0.5)])
def test_two_groups_on_the_ground_are_of_one_scale(
    theatre: Theatre, atlas: Atlas, subject: str, second: str, least: float, most: float
) -> None:
    found = acting(theatre, atlas, "two", "second " + second, "second three", subject=subject, terrain="hills")
    tall, low = (
        max(float(extent_of(one, atlas)[1]) for one in figures)
        for figures in (found.subjects, (*found.behind, *found.in_front))
    )
    assert tall > 0.4
    assert least < low / tall < most


def test_young_ones_run_after_a_mother_who_is_larger(theatre: Theatre, atlas: Atlas) -> None:
    marks = ("six", "tiny figure", "second duck", "second huge figure", "chasing")
    found = acting(theatre, atlas, *marks, subject="duck", terrain="hills")
    mother = only((*found.behind, *found.in_front))
    assert all(extent_of(one, atlas)[1] < 0.6 * extent_of(mother, atlas)[1] for one in found.subjects)


def test_a_butterfly_is_smaller_than_a_small_dog(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "tiny figure", "chasing", "second butterfly", subject="dog", terrain="field")
    dog, butterfly = only(found.subjects), only((*found.behind, *found.in_front))
    assert float(extent_of(butterfly, atlas)[1]) < 0.8 * float(extent_of(dog, atlas)[1])
