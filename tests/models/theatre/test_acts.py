"""Acts show who does what to whom: where two touch, how they lean, and where a third figure stands."""

from __future__ import annotations

import math

import pytest

from installation.models.theatre.acts import ACTS
from installation.models.theatre.arrangement import Arrangement
from installation.models.theatre.bounding_animals import ROOSTING
from installation.models.theatre.contact import front_of, mouth_of
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import Figure
from installation.models.theatre.generator import Theatre
from installation.models.theatre.marks import NAMES
from installation.models.theatre.scene import Scene
from installation.models.theatre.sky import RAINBOW_RADIUS, RAINBOW_WIDER, RAINBOW_X, RAINBOW_Y
from tests.conftest import spread
from tests.models.theatre.conftest import scene, tensors
from tests.models.theatre.test_handling import acting, only
from tests.models.theatre.test_relations import GRID, Edges


def pair(found: Arrangement) -> tuple[Figure, Figure]:
    """The subject and its companion."""
    return only(found.subjects), only((*found.behind, *found.in_front))


def kind(figure: Figure) -> str:
    return LABELS[figure.present()[0]]


def faces(figure: Figure, other: Figure) -> bool:
    return (float(other.x) - float(figure.x)) * float(figure.facing) < 0  # 1 faces left


def overlap(one: Figure, other: Figure, atlas: Atlas) -> float:
    first, second = Edges(one, atlas), Edges(other, atlas)
    return min(first.right, second.right) - max(first.left, second.left)


@pytest.mark.parametrize("act", spread(sorted(ACTS), 4))
@pytest.mark.parametrize(("subject", "other"), [("man", "car"), ("dog", "apple"), ("eagle", "fish"), ("bear", "tree")])
def test_whoever_does_whatever_to_whomever_is_in_the_picture(
    theatre: Theatre, atlas: Atlas, act: str, subject: str, other: str
) -> None:
    assert act in NAMES
    found = acting(theatre, atlas, act, f"second {other}", subject=subject)
    for figure in (*found.subjects, *found.behind, *found.in_front):
        edges = Edges(figure, atlas)
        assert edges.right > GRID.left + 0.03
        assert edges.left < GRID.right - 0.03
        assert -0.02 < edges.foot < 1.05
        assert edges.top < 0.9


@pytest.mark.parametrize("thing", ["car", "wheelbarrow", "donkey"])
def test_who_pushes_leans_against_it_from_behind(theatre: Theatre, atlas: Atlas, thing: str) -> None:
    man, pushed = pair(acting(theatre, atlas, "pushing", f"second {thing}", subject="man"))
    assert man.pose == "pushing"
    assert man.turn > 0.05
    assert man.planted
    assert faces(man, pushed)
    assert float(man.facing) == float(pushed.facing)
    assert 0 < overlap(man, pushed, atlas) < 0.4  # the hands of a man who pushes are far ahead of his feet


@pytest.mark.parametrize(("beast", "load"), [("elephant", "piano"), ("donkey", "bed"), ("ant", "house")])
def test_a_load_is_on_the_back(theatre: Theatre, atlas: Atlas, beast: str, load: str) -> None:
    below, above = pair(acting(theatre, atlas, "lifting", f"second {load}", subject=beast))
    lower, upper = Edges(below, atlas), Edges(above, atlas)
    assert lower.top - 0.05 < upper.foot < lower.foot - 0.3 * (lower.foot - lower.top)
    assert upper.top > 0
    assert above.floats


@pytest.mark.parametrize(("eater", "food"), [("mouse", "pizza"), ("lion", "fish"), ("man", "apple")])
def test_what_is_eaten_is_at_the_mouth(theatre: Theatre, atlas: Atlas, eater: str, food: str) -> None:
    who, eaten = pair(acting(theatre, atlas, "eating", f"second {food}", subject=eater))
    x, y = (float(part) for part in mouth_of(who, atlas))
    edges = Edges(eaten, atlas)
    assert edges.left < x < edges.right
    assert edges.top < y < edges.foot
    assert edges.foot - edges.top < 0.55 * (Edges(who, atlas).foot - Edges(who, atlas).top)


def test_what_is_swallowed_is_painted_first_and_half_hidden(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "swallowing", "second submarine", subject="whale", terrain="sea")
    whale, prey = pair(found)
    assert found.behind
    assert faces(whale, prey)
    assert faces(prey, whale)
    edges = Edges(prey, atlas)
    assert 0.2 < overlap(whale, prey, atlas) / (edges.right - edges.left) < 0.8


def test_a_thief_runs_with_the_thing_and_the_robbed_is_behind(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "stealing", "second banana", "third king", subject="monkey")
    monkey, banana = pair(found)
    king = only(found.third)
    assert kind(king) == "king"
    assert monkey.turn > 0.1
    assert not faces(monkey, king)
    assert faces(king, monkey)
    assert faces(monkey, banana)
    assert Edges(king, atlas).top < Edges(monkey, atlas).top  # a king is larger by nature
    assert overlap(king, monkey, atlas) < 0


def test_a_gift_is_held_out_towards_who_gets_it(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "giving", "second flower", "third child", subject="boy")
    (boy, flower), girl = pair(found), only(found.third)
    assert faces(boy, girl)
    assert faces(girl, boy)
    low, high = sorted((float(boy.x), float(girl.x)))
    assert low < float(flower.x) < high


def test_who_is_on_what_is_pushed_sits_on_it(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "pushing", "second swing", "third old man", subject="child")
    (girl, swing), man = pair(found), only(found.third)
    assert not found.third_first
    outer, inner = Edges(swing, atlas), Edges(man, atlas)
    assert outer.left < inner.left < inner.right < outer.right
    assert outer.top < inner.top
    assert inner.foot < Edges(girl, atlas).foot
    assert faces(girl, man)


def test_one_is_between_two_others(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "between", "second tower", "third tree", subject="owl")
    (owl, tower), tree = pair(found), only(found.third)
    left, right = sorted((tower, tree), key=lambda one: float(one.x))
    assert Edges(left, atlas).right < Edges(owl, atlas).left
    assert Edges(owl, atlas).right < Edges(right, atlas).left
    assert min(Edges(one, atlas).top for one in (tower, tree)) < Edges(owl, atlas).top


def test_places_stand_behind_and_persons_beside(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "second dog", "third mouse", subject="cat")
    figures = (*pair(found), only(found.third))
    assert all(overlap(one, other, atlas) < 0 for one in figures for other in figures if one is not other)
    assert min(Edges(one, atlas).left for one in figures) > GRID.left
    assert max(Edges(one, atlas).right for one in figures) < GRID.right
    found = acting(theatre, atlas, "second dog", "third house", subject="cat")
    assert found.third_first
    assert Edges(only(found.third), atlas).top < Edges(pair(found)[0], atlas).top


def test_two_throw_a_ball_to_each_other(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "two", "tossing", "second ball", subject="child")
    (ball,) = found.in_front
    one, other = sorted(found.subjects, key=lambda figure: float(figure.x))
    assert faces(one, other)
    assert faces(other, one)
    assert float(one.x) < float(ball.x) < float(other.x)
    assert Edges(ball, atlas).foot < min(Edges(one, atlas).foot, Edges(other, atlas).foot) - 0.1


@pytest.mark.parametrize("act", ["fighting", "dancing", "embracing"])
def test_both_look_at_each_other_and_touch(theatre: Theatre, atlas: Atlas, act: str) -> None:
    one, other = pair(acting(theatre, atlas, act, "second wolf", subject="bear"))
    assert faces(one, other)
    assert faces(other, one)
    assert overlap(one, other, atlas) > 0


def test_a_bite_is_in_the_side_of_the_bitten(theatre: Theatre, atlas: Atlas) -> None:
    dog, man = pair(acting(theatre, atlas, "biting", "second man", subject="dog"))
    x, y = (float(part) for part in mouth_of(dog, atlas))
    edges = Edges(man, atlas)
    assert edges.left - 0.02 < x < edges.right + 0.02
    assert edges.top < y < edges.foot
    assert Edges(dog, atlas).top > edges.top  # a dog is smaller


def test_who_climbs_is_tilted_up_against_the_trunk(theatre: Theatre, atlas: Atlas) -> None:
    bear, tree = pair(acting(theatre, atlas, "climbing", "second tree", subject="bear"))
    assert bear.turn < -0.5
    assert Edges(tree, atlas).top < Edges(bear, atlas).foot < Edges(tree, atlas).foot - 0.05
    assert overlap(bear, tree, atlas) > 0


def test_who_falls_is_head_down_in_mid_air_below_strokes(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "falling", "second tower", subject="man")
    man, tower = pair(found)
    assert man.turn > 1.5
    assert Edges(tower, atlas).top < Edges(man, atlas).foot < Edges(tower, atlas).foot - 0.05
    assert len(found.cords) == 3
    assert all(float(cord.end[1]) < float(cord.begin[1]) for cord in found.cords)


def test_what_hangs_is_on_a_cord_above_the_ground(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "hanging", "second tree", subject="lantern")
    lantern, tree = pair(found)
    (cord,) = found.cords
    assert float(cord.begin[1]) < Edges(lantern, atlas).top + 0.02
    assert Edges(lantern, atlas).foot < Edges(tree, atlas).foot - 0.05


def test_who_sleeps_in_a_bed_lies_on_its_back(theatre: Theatre, atlas: Atlas) -> None:
    man, bed = pair(acting(theatre, atlas, "lying", "second bed", subject="man", terrain="room"))
    assert man.turn < -1.5
    assert abs(float(man.x) - float(bed.x)) < 0.25


def test_as_many_shoes_as_words_say_are_below_the_feet(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "shod", "second shoes", "second eight", subject="spider")
    spider = Edges(only(found.subjects), atlas)
    assert len(found.in_front) == 4  # pairs
    assert all(spider.left - 0.06 < float(pair.x) < spider.right + 0.06 for pair in found.in_front)
    assert max(Edges(pair, atlas).top for pair in found.in_front) < spider.foot + 0.02


def test_who_gazes_at_the_moon_is_turned_to_it(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "gazing", subject="cat", celestial="moon")
    cat = only(found.subjects)
    assert cat.turn < -0.1
    assert abs(float(cat.x) - 0.5) < 0.8


def test_who_leaps_over_the_moon_is_above_it(theatre: Theatre, atlas: Atlas) -> None:
    over = only(acting(theatre, atlas, "over sky", subject="cow", celestial="moon").subjects)
    on = only(acting(theatre, atlas, "on sky", subject="cow", celestial="moon").subjects)
    assert Edges(over, atlas).foot < 0.44
    assert 0.3 < Edges(on, atlas).foot < 0.52
    assert Edges(on, atlas).top > 0


def test_what_is_on_top_of_a_mountain_stands_on_a_far_peak(theatre: Theatre, atlas: Atlas) -> None:
    piano = only(acting(theatre, atlas, "peak", subject="piano", terrain="mountains").subjects)
    assert piano.far
    assert Edges(piano, atlas).foot < 0.6
    assert Edges(piano, atlas).top > 0


@pytest.mark.parametrize("terrain", ["sea", "hills", "cliffs"])
def test_the_sun_is_outside_the_arch_of_a_rainbow(terrain: str) -> None:
    point = scene(3, sky="rainbow", celestial="sun", terrain=terrain)
    x, y, radius = (float(part) for part in Scene(tensors(point), GRID, phase=0.0, staged=True).celestial_disc)
    away = math.hypot(x - RAINBOW_X, y - RAINBOW_Y)
    assert away + radius / 2 > RAINBOW_RADIUS + RAINBOW_WIDER
    assert GRID.left < x < GRID.right


def test_who_chases_and_who_flees_lean_into_the_run(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "chasing", "second man", subject="dog")
    dog, man = pair(found)
    assert dog.pose == "galloping"
    assert man.pose == "running"
    assert len(found.cords) == 6  # strokes behind both


def test_a_hand_reaches_out_farthest_where_the_front_is(theatre: Theatre, atlas: Atlas) -> None:
    woman, horse = pair(acting(theatre, atlas, "feeding", "second horse", subject="woman"))
    x, _ = (float(part) for part in mouth_of(horse, atlas))
    front, _ = (float(part) for part in front_of(woman, atlas))
    assert abs(x - front) < 0.2
    assert faces(woman, horse)
    assert faces(horse, woman)


def test_birds_that_are_fed_are_on_the_ground(theatre: Theatre, atlas: Atlas) -> None:
    found = acting(theatre, atlas, "feeding", "second bird", "second three", subject="old woman", terrain="hills")
    birds = [*found.behind, *found.in_front]
    assert [one.posture for one in birds] == ["crow"] * 3
    assert all(abs(Edges(one, atlas).foot - Edges(only(found.subjects), atlas).foot) < 0.08 for one in birds)


@pytest.mark.parametrize(("number", "terrain", "hung"), [((), "hills", 1), (("three",), "cave", 3)])
def test_bats_roost_head_down_on_a_bough_or_at_the_roof_of_a_cave(
    theatre: Theatre, atlas: Atlas, number: tuple[str, ...], terrain: str, hung: int
) -> None:
    found = acting(theatre, atlas, "hanging", "upside down", *number, subject="bat", terrain=terrain)
    assert [one.pose for one in found.subjects] == [ROOSTING] * hung
    assert bool(found.cords) == (terrain != "cave")


def test_who_casts_a_net_is_tied_to_it_and_it_opens_ahead(theatre: Theatre, atlas: Atlas) -> None:
    fisherman, net = pair(found := acting(theatre, atlas, "tossing", "second castnet", subject="fisherman"))
    assert len(found.cords) == 1
    assert faces(fisherman, net)
    assert Edges(net, atlas).foot < Edges(fisherman, atlas).foot


def test_a_panda_has_bamboo_at_its_mouth(theatre: Theatre, atlas: Atlas) -> None:
    panda, bamboo = pair(acting(theatre, atlas, "eating", "second bamboo", subject="panda"))
    assert overlap(panda, bamboo, atlas) > 0
    assert Edges(bamboo, atlas).top < float(mouth_of(panda, atlas)[1]) + 0.06


def test_who_climbs_a_mountain_is_beside_its_summit_and_leans_up(theatre: Theatre, atlas: Atlas) -> None:
    top, slope = (
        only(acting(theatre, atlas, "peak", *marks, subject="goat", terrain="mountains").subjects)
        for marks in ((), ("climbing",))
    )
    assert float(slope.foot) > float(top.foot) + 0.02
    assert slope.turn < -0.2


def test_who_climbs_a_wall_is_before_it_with_the_head_at_its_top(theatre: Theatre, atlas: Atlas) -> None:
    boy, wall = pair(acting(theatre, atlas, "climbing", "second stone wall", subject="boy"))
    assert boy.pose == "climbing up"
    assert Edges(wall, atlas).left < float(boy.x) < Edges(wall, atlas).right
    assert abs(Edges(boy, atlas).top - Edges(wall, atlas).top) < 0.12
