"""People at work have the tool in the hand, and what they work on before their hands."""

from __future__ import annotations

import pytest

from installation.models.theatre.contact import hand_of, mouth_of
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import Figure
from installation.models.theatre.generator import Theatre
from installation.models.theatre.people import people
from installation.models.theatre.work_scenes import TOOLS
from tests.conftest import spread
from tests.models.theatre.test_handling import acting
from tests.models.theatre.test_relations import GRID, Edges


def figures(theatre: Theatre, atlas: Atlas, *marks: str, **classes: str) -> list[Figure]:
    labels = {"terrain": "room"} | classes
    found = acting(theatre, atlas, "at work", *marks, phase=0.0, **labels)
    return [one for part in found.parts for one in part.figure.each()]


def kinds(found: list[Figure], *wanted: str) -> list[Figure]:
    return [one for one in found if LABELS[one.present()[0]] in wanted]


@pytest.mark.parametrize("tool", spread(sorted(TOOLS), 4))
def test_the_hand_is_on_the_tool(theatre: Theatre, atlas: Atlas, tool: str) -> None:
    found = figures(theatre, atlas, f"second {tool}", subject="woman")
    (worker,), (held,) = kinds(found, "woman"), kinds(found, tool)
    x, y = hand_of(worker, atlas, 0.0)
    edges = Edges(held, atlas)
    assert edges.left - 0.02 < float(x) < edges.right + 0.02
    assert edges.top - 0.06 < float(y) < edges.foot + 0.04
    assert float(held.side) < (0.9 if tool == "fishing rod" else 0.7) * float(worker.side)


@pytest.mark.parametrize("thing", ["bicycle", "car", "fence", "dog", "t-shirt", "potted plant", "pot"])
def test_what_is_worked_on_is_at_the_hands(theatre: Theatre, atlas: Atlas, thing: str) -> None:
    found = figures(theatre, atlas, f"second {thing}", subject="man")
    (worker,), (other,) = kinds(found, "man"), kinds(found, thing)
    x, y = hand_of(worker, atlas, 0.0)
    edges = Edges(other, atlas)
    assert edges.left - 0.06 < float(x) < edges.right
    assert edges.top - 0.25 < float(y)
    assert GRID.left < Edges(worker, atlas).left < edges.right < GRID.right


def test_the_brush_is_at_the_mouth(theatre: Theatre, atlas: Atlas) -> None:
    found = figures(theatre, atlas, "second toothbrush", subject="boy")
    (boy,), (brush,) = kinds(found, "boy"), kinds(found, "toothbrush")
    x, y = mouth_of(boy, atlas)
    edges = Edges(brush, atlas)
    assert edges.left < float(x) < edges.right
    assert edges.top - 0.02 < float(y) < edges.foot


def test_who_is_treated_sits_before_the_dentist(theatre: Theatre, atlas: Atlas) -> None:
    found = figures(theatre, atlas, "second child", "third toothbrush", subject="doctor")
    (dentist,), (child,) = kinds(found, "doctor"), kinds(found, "child")
    assert child.pose == "seated"
    assert float(child.facing) < 0 < float(dentist.facing)
    assert float(child.x) < float(dentist.x)


def test_boxes_that_nobody_carries_are_on_the_floor(theatre: Theatre, atlas: Atlas) -> None:
    found = figures(theatre, atlas, "second man", "third box", "fourth box", "fourth three", "held", subject="woman")
    feet = sorted(Edges(one, atlas).foot for one in kinds(found, "box"))
    assert len(feet) == 6
    assert feet[1] < feet[2] - 0.1
    assert all(GRID.left < Edges(one, atlas).left < Edges(one, atlas).right < GRID.right for one in found)


def test_two_carry_what_is_heavy_between_them(theatre: Theatre, atlas: Atlas) -> None:
    found = figures(theatre, atlas, "two", "second sofa", subject="man")
    left, right = sorted(kinds(found, *people()), key=lambda one: float(one.x))
    (sofa,) = kinds(found, "sofa")
    assert float(left.x) < float(sofa.x) < float(right.x)
    assert float(left.facing) < 0 < float(right.facing)
    assert Edges(sofa, atlas).foot < Edges(left, atlas).foot - 0.1
    assert Edges(sofa, atlas).right - Edges(sofa, atlas).left > 0.3


def test_each_of_several_has_a_phone_of_a_right_size(theatre: Theatre, atlas: Atlas) -> None:
    found = figures(theatre, atlas, "second teenager", "second two", "third smartphone", "held", subject="teenage girl")
    phones, holders = kinds(found, "smartphone"), kinds(found, *people())
    assert len(phones) == len(holders) == 3
    assert all(float(phone.side) < 0.2 * float(one.side) for phone, one in zip(phones, holders, strict=True))


def test_who_has_the_hair_cut_sits_before_the_hairdresser(theatre: Theatre, atlas: Atlas) -> None:
    found = figures(theatre, atlas, "second woman", "third scissors", subject="hairdresser")
    (one,), (customer,), (scissors,) = kinds(found, "hairdresser"), kinds(found, "woman"), kinds(found, "scissors")
    assert customer.pose == "seated"
    assert len(kinds(found, "chair")) == 1
    head = Edges(customer, atlas)
    assert float(one.x) < float(customer.x)
    assert abs(float(scissors.x) - float(customer.x)) < 0.5 * (head.right - head.left)


def test_who_is_photographed_has_no_camera(theatre: Theatre, atlas: Atlas) -> None:
    found = figures(theatre, atlas, "second bride", "third camera", subject="man")
    (man,), (bride,) = kinds(found, "man"), kinds(found, "bride")
    assert len(kinds(found, "camera")) == 1
    assert float(man.facing) < 0 < float(bride.facing)
