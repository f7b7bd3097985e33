"""Hands meet where people are hand in hand; those in a ring turn about what is in its middle."""

from __future__ import annotations

import pytest

from installation.models.theatre.contact import hand_of
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import Figure
from installation.models.theatre.generator import Theatre
from installation.models.theatre.people import people
from tests.models.theatre.test_handling import acting
from tests.models.theatre.test_relations import GRID, Edges


def figures(theatre: Theatre, atlas: Atlas, *marks: str, **classes: str) -> list[Figure]:
    found = acting(theatre, atlas, *marks, phase=0.0, terrain="field", **classes)
    return [one for part in found.parts for one in part.figure.each()]


def kinds(found: list[Figure], *wanted: str) -> list[Figure]:
    return [one for one in found if LABELS[one.present()[0]] in wanted]


@pytest.mark.parametrize(("number", "total"), [("three", 3), ("four", 4), ("six", 6)])
def test_a_ring_faces_both_ways_within_the_picture(theatre: Theatre, atlas: Atlas, number: str, total: int) -> None:
    found = figures(theatre, atlas, "ring", number, subject="child")
    assert len(found) == total
    assert {one.pose for one in found} == {"linked"}
    back, front = ([one for one in found if float(one.facing) == way] for way in (1.0, -1.0))
    assert min(float(one.foot) for one in front) > max(float(one.foot) for one in back)
    assert all(GRID.left < Edges(one, atlas).left < Edges(one, atlas).right < GRID.right for one in found)


def test_animals_in_a_ring_stand_on_their_feet(theatre: Theatre, atlas: Atlas) -> None:
    found = figures(theatre, atlas, "ring", "six", subject="rabbit")
    assert len(found) == 6
    assert {one.pose for one in found} == {""}


def test_those_in_a_ring_dance_about_a_tree(theatre: Theatre, atlas: Atlas) -> None:
    found = figures(theatre, atlas, "ring", "four", "second tree", subject="child")
    (tree,), dancers = kinds(found, "tree"), kinds(found, *people())
    assert min(float(one.x) for one in dancers) < float(tree.x) < max(float(one.x) for one in dancers)


@pytest.mark.parametrize("subject", ["child", "old man"])
def test_hands_meet(theatre: Theatre, atlas: Atlas, subject: str) -> None:
    found = figures(theatre, atlas, "hand in hand", f"second {subject}", subject="woman")
    (ahead, x), (behind, to_x) = ((one, hand_of(one, atlas, 0.0)) for one in found)
    assert float(ahead.x) < float(behind.x)
    assert float(x[0]) == pytest.approx(float(to_x[0]), abs=0.005)
    assert float(x[1]) == pytest.approx(float(to_x[1]), abs=0.05)


def test_an_umbrella_is_over_two_arm_in_arm(theatre: Theatre, atlas: Atlas) -> None:
    found = figures(theatre, atlas, "arm in arm", "second man", "third umbrella", subject="woman")
    (umbrella,), two = kinds(found, "umbrella"), kinds(found, "man", "woman")
    assert [one.pose for one in two] == ["arm in arm"] * 2
    assert float(umbrella.foot) < min(float(one.foot) for one in two) - 0.2
