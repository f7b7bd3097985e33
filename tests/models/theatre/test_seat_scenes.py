"""People on seats have their hips on them, in a carriage on the seats that are painted there."""

from __future__ import annotations

import pytest

from installation.models.theatre.contact import hand_of
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import Figure
from installation.models.theatre.generator import Theatre
from installation.models.theatre.jointed_figures import jointed_of
from installation.models.theatre.people import people
from tests.models.theatre.test_handling import acting
from tests.models.theatre.test_relations import GRID, Edges


def figures(theatre: Theatre, atlas: Atlas, *marks: str, **classes: str) -> list[Figure]:
    found = acting(theatre, atlas, "on seats", *marks, phase=0.0, terrain="room", **classes)
    return [one for part in found.parts for one in part.figure.each()]


def kinds(found: list[Figure], *wanted: str) -> list[Figure]:
    return [one for one in found if LABELS[one.present()[0]] in wanted]


def test_passengers_sit_on_both_sides_of_a_carriage(theatre: Theatre, atlas: Atlas) -> None:
    sitters = kinds(figures(theatre, atlas, "three", "carriage", subject="woman"), *people())
    assert [one.pose for one in sitters] == ["seated"] * 3
    assert {float(one.facing) for one in sitters} == {-1.0, 1.0}
    assert all(GRID.left < Edges(one, atlas).left < Edges(one, atlas).right < GRID.right for one in sitters)


def test_who_sleeps_in_a_train_sits(theatre: Theatre, atlas: Atlas) -> None:
    (one,) = kinds(figures(theatre, atlas, "sleeping", "carriage", subject="man"), "man")
    assert one.pose == "dozing"


@pytest.mark.parametrize("number", ["two", "three", "four"])
def test_each_who_waits_has_a_chair(theatre: Theatre, atlas: Atlas, number: str) -> None:
    found = figures(theatre, atlas, number, "hall", subject="woman")
    assert len(kinds(found, "chair")) == len(kinds(found, *people()))


def test_who_feeds_pigeons_sits_on_the_bench_with_the_pigeons_ahead(theatre: Theatre, atlas: Atlas) -> None:
    found = figures(theatre, atlas, "second bench", "third pigeon", "third three", subject="old man")
    (feeder,), (bench,), pigeons = (kinds(found, kind) for kind in ("old man", "bench", "pigeon"))
    assert feeder.pose == "feeding on a seat"
    assert Edges(bench, atlas).left < float(feeder.x) < Edges(bench, atlas).right
    assert len(pigeons) == 3
    assert all(float(one.x) > float(feeder.x) and float(one.facing) > 0 for one in pigeons)
    assert all(Edges(one, atlas).right < GRID.right for one in pigeons)


def test_all_on_a_sofa_look_at_the_television(theatre: Theatre, atlas: Atlas) -> None:
    found = figures(theatre, atlas, "second sofa", "third television", "lamp room", subject="family")
    (sofa,), (television,) = kinds(found, "sofa"), kinds(found, "television")
    sitters = kinds(found, *people())
    assert len(sitters) == 4
    for one in sitters:
        assert (float(television.x) - float(one.x)) * float(one.facing) < 0
        assert abs(float(one.x) - float(sofa.x)) < 0.6 * float(sofa.side)


def test_each_passenger_has_a_phone(theatre: Theatre, atlas: Atlas) -> None:
    found = figures(theatre, atlas, "two", "second smartphone", "carriage", subject="woman")
    phones = kinds(found, "smartphone")
    for one in kinds(found, "woman"):
        x, _ = hand_of(one, atlas, 0.0)
        assert min(abs(float(phone.x) - float(x)) for phone in phones) < 0.02


@pytest.mark.parametrize("other", ["cat", "child", "baby"])
def test_who_is_on_a_lap_is_above_the_thighs(theatre: Theatre, atlas: Atlas, other: str) -> None:
    found = figures(theatre, atlas, f"second {other}", "third armchair", "second sitting", subject="old man")
    (bearer,), (held,) = kinds(found, "old man"), kinds(found, other)
    jointed = jointed_of(bearer)
    assert jointed is not None
    x, y = bearer.point(*jointed.hips)
    assert 0 < float((x - held.x) * bearer.facing) < 0.2 * float(bearer.side)
    low = Edges(held, atlas).foot if other != "child" else float(held.point(0.5, jointed_of(held).hips[1])[1])  # type: ignore[union-attr]
    assert abs(low - float(y)) < 0.09 * float(bearer.side)


def test_who_knits_has_the_wool_in_the_hands_and_the_cat_on_the_floor(theatre: Theatre, atlas: Atlas) -> None:
    marks = ("second armchair", "third ball of wool", "fourth cat")
    found = figures(theatre, atlas, *marks, subject="old woman")
    (chair,), (wool,), (cat,) = (kinds(found, label) for label in ("armchair", "ball of wool", "cat"))
    (knitter,) = kinds(found, "old woman")
    assert abs(float(hand_of(knitter, atlas, 0.0)[0]) - float(wool.x)) < 0.03
    assert Edges(cat, atlas).right < Edges(chair, atlas).left
