"""Groups can be counted, stand on the ground where they are, and are no stamped copies."""

from __future__ import annotations

from itertools import pairwise

import pytest

from installation.models.theatre.arrangement import arrange_figures
from installation.models.theatre.crowds import TOTALS, frame_at
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import SUNK, layout_figures
from installation.models.theatre.generator import Theatre
from installation.models.theatre.land import land_ridges
from installation.models.theatre.scene import Scene
from tests.conftest import spread
from tests.models.theatre.conftest import scene, tensors
from tests.models.theatre.test_relations import GRID, Edges, arranged

NUMBERS = {"two": 2, "three": 3, "four": 4}


@pytest.mark.parametrize("mark", NUMBERS)
@pytest.mark.parametrize("subject", ["horse", "candle", "swan"])
@pytest.mark.parametrize("seed", [2, 3, 5])
def test_a_few_stand_unevenly_and_in_depth(theatre: Theatre, atlas: Atlas, subject: str, mark: str, seed: int) -> None:
    terrain = "lake" if subject == "swan" else "hills"
    figures, _ = arranged(theatre, atlas, (mark,), seed, subject=subject, terrain=terrain)
    sides = [float(figure.side) for figure in figures]
    feet = [float(figure.foot - SUNK * figure.side) for figure in figures]
    assert sides[-1] == max(sides)
    assert min(sides) < 0.92 * max(sides)
    assert max(feet) - min(feet) > 0.02
    assert len({figure.tone for figure in figures}) == len(figures)
    edges = sorted((Edges(figure, atlas) for figure in figures), key=lambda one: one.x)
    steps = [right.x - left.x for left, right in pairwise(edges)]
    assert len(steps) == 1 or max(steps) > 1.1 * min(steps)


def test_several_above_another_fly_in_an_uneven_skein(theatre: Theatre, atlas: Atlas) -> None:
    marks = ("second goose", "second many", "above")
    _, *geese = arranged(theatre, atlas, marks, subject="house")[0]
    edges = sorted((Edges(goose, atlas) for goose in geese), key=lambda one: one.x)
    assert len(edges) == 7
    assert edges[-1].right - edges[0].left > 0.6
    assert len({round(edge.foot, 3) for edge in edges}) == 7


@pytest.mark.parametrize("mark", NUMBERS)
@pytest.mark.parametrize("subject", ["horse", "candle", "swan"])
def test_no_figure_covers_another(theatre: Theatre, atlas: Atlas, subject: str, mark: str) -> None:
    terrain = "lake" if subject == "swan" else "hills"
    figures, _ = arranged(theatre, atlas, (mark,), subject=subject, terrain=terrain)
    assert len(figures) == NUMBERS[mark]
    edges = sorted((Edges(figure, atlas) for figure in figures), key=lambda one: one.x)
    for left, right in pairwise(edges):
        assert right.left > left.right - 0.45 * (left.right - left.left)


@pytest.mark.parametrize("mark", spread(TOTALS, 3))
@pytest.mark.parametrize(
    ("subject", "terrain"), [("horse", "hills"), ("child", "city"), ("swan", "lake"), ("bee", "field")]
)
def test_there_are_as_many_as_words_say(theatre: Theatre, atlas: Atlas, subject: str, terrain: str, mark: str) -> None:
    figures, _ = arranged(theatre, atlas, (mark,), subject=subject, terrain=terrain)
    assert len(figures) == TOTALS[mark]


@pytest.mark.parametrize("mark", ["many", "ten", "twelve"])
@pytest.mark.parametrize(("subject", "terrain"), [("horse", "hills"), ("king", "mountains"), ("bird", "field")])
def test_many_fill_the_stage_and_hide_no_head(
    theatre: Theatre, atlas: Atlas, subject: str, terrain: str, mark: str
) -> None:
    figures, decoded = arranged(theatre, atlas, (mark,), subject=subject, terrain=terrain)
    edges = sorted((Edges(figure, atlas) for figure in figures), key=lambda one: one.x)
    assert 0.7 < edges[-1].right - edges[0].left < decoded.grid.right - decoded.grid.left
    assert min(edge.top for edge in edges) > 0
    assert min(right.x - left.x for left, right in pairwise(edges)) > 0.25 * (edges[0].right - edges[0].left)
    by_rank: dict[int, list[Edges]] = {figure.rank: [] for figure in figures}
    for figure in figures:
        by_rank[figure.rank].append(Edges(figure, atlas))
    for rank in by_rank.values():
        ordered = sorted(rank, key=lambda one: one.x)
        assert all(right.left > left.right - 0.15 * (left.right - left.left) for left, right in pairwise(ordered))


def test_a_rank_is_painted_at_once_like_its_figures_alone(theatre: Theatre, atlas: Atlas) -> None:
    point = theatre.with_marks(scene(2, subject="horse", terrain="hills"), ("twelve",))
    decoded = Scene(tensors(point), GRID, phase=0.0, staged=True)
    ridges = land_ridges(decoded)
    subjects = arrange_figures(decoded, atlas, ridges, layout_figures(decoded, atlas, ridges)).subjects
    assert [len(figure.copies) for figure in subjects] == [4, 4, 4]
    one = subjects[-1]
    for copy in one.copies:
        frame = frame_at(one, copy.x)
        assert [float(part) for part in frame] == [float(part) for part in (copy.x, copy.foot, copy.side, copy.facing)]


@pytest.mark.parametrize("terrain", ["hills", "field", "desert"])
def test_all_feet_are_on_the_ground(theatre: Theatre, atlas: Atlas, terrain: str) -> None:
    for seed in range(6):
        figures, decoded = arranged(theatre, atlas, ("many",), seed, subject="horse", terrain=terrain)
        ridge = land_ridges(decoded).near[0, 0, 0]
        for figure in figures:
            column = int(decoded.grid.column(figure.x).clamp(0, decoded.grid.width - 1))
            foot = float(figure.foot - 0.04 * figure.side)
            assert foot > min(max(float(ridge[column]), 0.8), 0.93) - 0.005
            assert figure.before or foot < float(ridge[column].clamp(0.8, 0.93)) + 0.04


def test_copies_differ(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, ("four",), subject="cat")
    assert len({float(figure.facing) for figure in figures}) == 2
    assert len({round(float(figure.side), 4) for figure in figures}) >= 3
    assert len({figure.delay for figure in figures}) == 4
    assert {figure.before for figure in figures} == {True, False}
    cars, _ = arranged(theatre, atlas, ("four",), subject="car")
    assert len({float(figure.facing) for figure in cars}) == 1


def test_many_cars_drive_in_two_lanes_that_lead_opposite_ways(theatre: Theatre, atlas: Atlas) -> None:
    cars, _ = arranged(theatre, atlas, ("eleven",), subject="car")
    lanes: dict[bool, set[float]] = {float(car.facing) > 0: set() for car in cars}
    for car in cars:
        lanes[float(car.facing) > 0].add(round(float(car.foot - SUNK * car.side), 4))
    assert [len(feet) for feet in lanes.values()] == [1, 1]
    assert abs(min(lanes[True]) - min(lanes[False])) > 0.03


def test_several_on_a_bench_sit_on_it(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, ("on", "second old woman", "second three"), subject="bench")
    bench, *women = (Edges(figure, atlas) for figure in figures)
    assert len(women) == 3
    assert max(woman.foot for woman in women) - min(woman.foot for woman in women) < 0.02
    assert all(bench.left - 0.05 < woman.x < bench.right + 0.05 for woman in women)


def test_cats_on_a_roof_sit_on_its_slopes(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, ("on", "second two"), subject="house", companion="cat")
    house, *cats = (Edges(figure, atlas) for figure in figures)
    assert len(cats) == 2
    for cat in cats:
        assert house.left < cat.x < house.right
        beside = abs(cat.x - house.x) / (house.right - house.x)
        assert cat.foot > house.top + 0.25 * beside * (house.foot - house.top)


@pytest.mark.parametrize("number", ["two", "four", "five"])
def test_children_of_whom_words_say_no_more_are_girls_and_boys(theatre: Theatre, atlas: Atlas, number: str) -> None:
    found = {
        mark: [LABELS[one.present()[0]] for one in arranged(theatre, atlas, (number, *mark), subject="child")[0]]
        for mark in ((), ("mixed",))
    }
    assert {*found[()]} == {"child"}
    assert {*found[("mixed",)]} == {"child", "boy"}


@pytest.mark.parametrize("mark", ["two", "three", "four"])
def test_a_few_by_a_campfire_leave_room_for_it_in_their_midst(theatre: Theatre, atlas: Atlas, mark: str) -> None:
    figures, _ = arranged(theatre, atlas, (mark, "campfire"), subject="man")
    ends = [float(figure.x) for figure in figures]
    middle = 0.5 * (min(ends) + max(ends))
    front = [figure for figure in figures if figure.before]
    assert {float(figure.facing) for figure in figures} == {-1.0, 1.0}
    for figure in figures:
        assert float(figure.facing) * (float(figure.x) - middle) > 0
    assert all(abs(float(figure.x) - middle) > 0.1 for figure in front)


@pytest.mark.parametrize(("marks", "hats"), [((), 1), (("second three",), 5)])
def test_one_of_several_wears_a_hat_or_all_do(
    theatre: Theatre, atlas: Atlas, marks: tuple[str, ...], hats: int
) -> None:
    figures, _ = arranged(theatre, atlas, ("five", "second hat", "on", *marks), subject="penguin", terrain="field")
    penguins, worn = (
        [each for one in figures if LABELS[one.present()[0]] == label for each in one.each()]
        for label in ("penguin", "hat")
    )
    assert len(penguins) == 5
    assert len(worn) == hats
    for hat in worn:
        assert any(abs(float(hat.x - one.x)) < 0.3 * float(one.side) for one in penguins)
