"""What is held is in the hand, what sits touches, who chases is behind, who jumps is above."""

from __future__ import annotations

from itertools import pairwise

import pytest

from installation.models.theatre.arrangement import Arrangement, arrange_figures
from installation.models.theatre.contact import hand_of
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import Figure, layout_figures
from installation.models.theatre.generator import Theatre
from installation.models.theatre.land import land_ridges
from installation.models.theatre.outlines import lowest_point
from installation.models.theatre.scene import Scene
from tests.models.theatre.conftest import scene, tensors
from tests.models.theatre.test_relations import GRID, Edges, arranged, of_kind


def acting(theatre: Theatre, atlas: Atlas, *marks: str, phase: float = 0.0, **classes: str) -> Arrangement:
    point = theatre.with_marks(scene(2, **({"terrain": "hills"} | classes)), marks)
    decoded = Scene(tensors(point), GRID, phase=phase, staged=True)
    ridges = land_ridges(decoded)
    return arrange_figures(decoded, atlas, ridges, layout_figures(decoded, atlas, ridges))


def only(figures: tuple[Figure, ...]) -> Figure:
    (figure,) = figures
    return figure


@pytest.mark.parametrize("phase", [0.0, 0.9, 7.0])
def test_the_string_of_a_balloon_leads_from_the_moving_hand_to_it(theatre: Theatre, atlas: Atlas, phase: float) -> None:
    found = acting(theatre, atlas, "held", "second balloon", phase=phase, subject="child")
    child, balloon = only(found.subjects), only(found.behind)
    (cord,) = found.cords
    hand = hand_of(child, atlas, phase)
    assert [float(part) for part in cord.begin] == pytest.approx([float(part) for part in hand])
    assert Edges(balloon, atlas).foot < Edges(child, atlas).foot
    assert Edges(balloon, atlas).top > 0
    assert float(cord.end[1]) < float(cord.begin[1]) - 0.05


@pytest.mark.parametrize("thing", ["lantern", "letter", "rose", "cup"])
def test_a_thing_is_in_the_hand_and_smaller_than_who_holds_it(theatre: Theatre, atlas: Atlas, thing: str) -> None:
    found = acting(theatre, atlas, "held", f"second {thing}", subject="old woman", terrain="field")
    holder, held = only(found.subjects), only(found.in_front)
    x, y = (float(part) for part in hand_of(holder, atlas, 0.0))
    edges, whole = Edges(held, atlas), Edges(holder, atlas)
    assert edges.left < x < edges.right
    assert edges.top - 0.01 < y < edges.foot
    assert 0.1 < (edges.foot - edges.top) / (whole.foot - whole.top) < 0.5


def test_as_many_hold_as_many_as_words_say(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "held", "second balloon", "second three", subject="child")
    assert (len(found.subjects), len(found.behind), len(found.cords)) == (1, 3, 3)
    found = acting(theatre, atlas, "two", "held", "second lantern", subject="king")
    assert (len(found.subjects), len(found.in_front)) == (2, 2)
    for king, lantern in zip(found.subjects, found.in_front, strict=True):
        assert Edges(king, atlas).left - 0.05 < float(lantern.x) < Edges(king, atlas).right + 0.05


@pytest.mark.parametrize("mark", ["chasing", "pulling", "leash"])
def test_several_in_a_line_are_within_the_picture(theatre: Theatre, atlas: Atlas, mark: str) -> None:
    marks = (mark, "second dog", "second three") if mark == "leash" else ("four", mark, "second cat")
    found = acting(theatre, atlas, *marks, subject="dog" if mark != "leash" else "man")
    figures = [Edges(figure, atlas) for figure in (*found.subjects, *found.in_front)]
    assert len(figures) == (4 if mark == "leash" else 5)
    assert min(one.left for one in figures) > GRID.left
    assert max(one.right for one in figures) < GRID.right


def test_a_dog_on_a_leash_goes_ahead(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "leash", subject="woman", companion="dog")
    woman, dog = only(found.subjects), only(found.in_front)
    assert float(woman.facing) == float(dog.facing)
    assert (float(dog.x) - float(woman.x)) * float(woman.facing) < 0  # 1 faces left
    assert len(found.cords) == 1


def test_who_flees_is_ahead_and_by_nature_smaller(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "chasing", "second mouse", subject="cat")
    cat, mouse = only(found.subjects), only(found.in_front)
    assert float(cat.facing) == float(mouse.facing)
    assert (float(mouse.x) - float(cat.x)) * float(cat.facing) < 0
    large, small = Edges(cat, atlas), Edges(mouse, atlas)
    assert small.foot - small.top < 0.6 * (large.foot - large.top)


def test_a_horse_is_before_its_cart(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "pulling", "second wheelbarrow", subject="horse")
    horse, cart = only(found.subjects), only(found.in_front)
    assert (float(horse.x) - float(cart.x)) * float(horse.facing) < 0
    assert len(found.cords) == 1


def test_somebody_sits_behind_a_table_and_beside_a_piano(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "at", "second table", subject="man", terrain="room")
    man, table = only(found.subjects), only(found.in_front)
    assert float(man.x) == pytest.approx(float(table.x))
    assert Edges(man, atlas).top < Edges(table, atlas).top - 0.1
    found = acting(theatre, atlas, "at", "second piano", subject="man", terrain="room")
    player, piano = Edges(only(found.subjects), atlas), Edges(only(found.in_front), atlas)
    assert min(player.right, piano.right) > max(player.left, piano.left)  # the hands reach the keys


@pytest.mark.parametrize(("count", "number"), [("", 1), ("second three", 3), ("second many", 7)])
def test_one_jumps_over_the_fence_and_is_large(theatre: Theatre, atlas: Atlas, count: str, number: int) -> None:
    marks = tuple(mark for mark in ("leaping", "second sheep", count) if mark)
    found = acting(theatre, atlas, *marks, subject="fence", terrain="field")
    fence = Edges(only(found.subjects), atlas)
    sheep = [Edges(figure, atlas) for figure in (*found.behind, *found.in_front)]
    assert len(sheep) == number
    assert min(one.foot for one in sheep) < fence.top + 0.02
    assert all(one.foot - one.top > 0.1 for one in sheep)


@pytest.mark.parametrize("subject", ["house", "church", "elephant", "windmill"])
def test_a_bird_perches_on_what_it_sits_on(theatre: Theatre, atlas: Atlas, subject: str) -> None:
    found = acting(theatre, atlas, "on", subject=subject, companion="bird")
    below, bird = only(found.subjects), only(found.in_front)
    assert bird.posture == "crow"  # with folded wings
    feet = float(bird.foot) - (1 - lowest_point(atlas, LABELS.index("crow"))) * float(bird.side)
    edges, small = Edges(below, atlas), Edges(bird, atlas)
    assert edges.top - 0.005 < feet < edges.top + 0.45 * (edges.foot - edges.top)
    assert small.foot - small.top < 0.45 * (edges.foot - edges.top)


def test_a_hat_is_on_the_head(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "on", "second hat", subject="dog")
    dog, hat = only(found.subjects), only(found.in_front)
    assert (float(hat.x) - float(dog.x)) * float(dog.facing) < 0
    assert Edges(hat, atlas).top < Edges(dog, atlas).top < Edges(hat, atlas).foot


def test_somebody_on_a_bench_sits(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "on", "second woman", subject="bench")
    bench, woman = Edges(only(found.subjects), atlas), Edges(only(found.in_front), atlas)
    assert woman.foot > bench.foot - 0.02
    assert woman.top < bench.top


def test_those_who_follow_one_another_do_not_cover_each_other(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, ("chasing", "many", "second dog"), subject="duck")
    edges = sorted(
        (Edges(one, atlas) for label in ("duck", "dog") for one in of_kind(theatre, figures, label)),
        key=lambda one: one.x,
    )
    assert len(edges) == 8
    assert all(left.right < right.left + 0.01 for left, right in pairwise(edges))
