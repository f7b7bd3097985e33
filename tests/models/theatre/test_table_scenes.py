"""People at a table sit on chairs on both sides of it, and have what they eat, drink or play."""

from __future__ import annotations

import pytest

from installation.models.theatre.contact import hand_of, mouth_of
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import Figure
from installation.models.theatre.foresight import cut_figures
from installation.models.theatre.generator import Theatre
from installation.models.theatre.jointed_figures import _jointed, jointed_of
from installation.models.theatre.people import people
from tests.models.theatre.conftest import scene
from tests.models.theatre.test_handling import acting
from tests.models.theatre.test_relations import GRID, Edges


def figures(theatre: Theatre, atlas: Atlas, *marks: str, **classes: str) -> list[Figure]:
    labels = {"terrain": "room"} | classes
    found = acting(theatre, atlas, "at table", *marks, phase=0.0, **labels)
    return [one for part in found.parts for one in part.figure.each()]


def kinds(found: list[Figure], *wanted: str) -> list[Figure]:
    return [one for one in found if LABELS[one.present()[0]] in wanted]


def seated(found: list[Figure]) -> list[Figure]:
    return kinds(found, *people())


@pytest.mark.parametrize(("number", "people_there"), [("two", 2), ("three", 3), ("four", 4), ("six", 6)])
def test_each_sits_on_a_chair_and_two_look_at_each_other(
    theatre: Theatre, atlas: Atlas, number: str, people_there: int
) -> None:
    found = figures(theatre, atlas, number, "second cup", subject="woman")
    sitters, chairs = seated(found), kinds(found, "chair")
    assert len(sitters) == len(chairs) == people_there
    left, right = (choose(sitters, key=lambda one: float(one.x)) for choose in (min, max))
    assert float(left.facing) < 0 < float(right.facing)
    for one in sitters:
        assert any(abs(float(chair.x - one.x)) < 0.1 for chair in chairs)
        assert GRID.left < Edges(one, atlas).left < Edges(one, atlas).right < GRID.right


def test_a_child_sits_as_high_as_a_grown_person(theatre: Theatre, atlas: Atlas) -> None:
    sitters = seated(figures(theatre, atlas, "second child", "third cup", subject="man"))
    hips = []
    for one in sitters:
        jointed = jointed_of(one)
        assert jointed is not None
        hips.append(float(one.point(*jointed.hips)[1]))
    assert hips[0] == pytest.approx(hips[1], abs=0.02)
    assert float(sitters[1].side) < float(sitters[0].side)


def test_the_family_of_a_meal_are_its_members(theatre: Theatre, atlas: Atlas) -> None:
    sitters = seated(figures(theatre, atlas, "second pizza", subject="family"))
    assert len({jointed_of(one) for one in sitters}) == 4


def test_each_who_drinks_wine_has_a_glass_in_the_hand(theatre: Theatre, atlas: Atlas) -> None:
    found = figures(theatre, atlas, "two", "second wine glass", subject="woman")
    glasses = kinds(found, "wine glass")
    assert len(glasses) == 2
    for one, glass in zip(seated(found), glasses, strict=True):
        x, y = hand_of(one, atlas, 0.0)
        assert float((glass.x - x).abs()) < 0.02
        assert Edges(glass, atlas).top < float(y) < Edges(glass, atlas).foot
        assert float(y) > float(mouth_of(one, atlas)[1]) - 0.06


def test_who_reads_at_a_table_holds_the_book_and_has_the_cup_beyond_it(theatre: Theatre, atlas: Atlas) -> None:
    found = figures(theatre, atlas, "second book", "third cup", "held", subject="woman")
    reader, book, cup = (kinds(found, kind)[0] for kind in ("woman", "book", "cup"))
    x, y = hand_of(reader, atlas, 0.0)
    edges = Edges(book, atlas)
    assert edges.left < float(x) < edges.right
    assert edges.top < float(y) < edges.foot + 0.02
    assert Edges(cup, atlas).left > float(book.x)


def test_what_all_share_stands_on_the_table(theatre: Theatre, atlas: Atlas) -> None:
    found = figures(theatre, atlas, "five", "second cake", subject="child")
    cake, tables = kinds(found, "cake")[0], kinds(found, "table")
    assert len(tables) == 2
    top = Edges(tables[0], atlas).top
    assert Edges(cake, atlas).foot == pytest.approx(top, abs=0.05)
    assert Edges(cake, atlas).top < top - 0.05
    assert float(cake.side) < 0.4 * float(tables[0].side)


def test_what_does_not_lie_on_a_table_is_beside_it(theatre: Theatre, atlas: Atlas) -> None:
    found = figures(theatre, atlas, "two", "second chess pawn", "third tree", subject="old man", terrain="field")
    (tree,), (table,) = kinds(found, "tree"), kinds(found, "table")
    assert Edges(tree, atlas).left > Edges(table, atlas).right - 0.05
    assert found.index(tree) == 0


def test_all_at_a_table_are_cut_before_they_are_painted(theatre: Theatre, atlas: Atlas) -> None:
    point = theatre.with_marks(scene(1, terrain="room", subject="nun"), ("three", "second cup", "at table"))
    cut_figures(point, atlas)
    own = object.__new__(Theatre)
    own.__dict__.update(theatre.__dict__)
    own.set_stage(0.0, "scenes")
    before = _jointed.cache_info().misses
    own.paint(point, (36, 64))
    assert _jointed.cache_info().misses == before
