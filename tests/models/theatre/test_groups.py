"""Groups can be counted, stand on the ground where they are, and are no stamped copies."""

from __future__ import annotations

from itertools import pairwise

import pytest

from installation.models.theatre.figure_atlas import Atlas
from installation.models.theatre.generator import Theatre
from installation.models.theatre.land import land_ridges
from tests.models.theatre.test_relations import Edges, arranged

NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "many": 7}


@pytest.mark.parametrize("mark", NUMBERS)
@pytest.mark.parametrize("subject", ["horse", "candle", "swan"])
def test_no_figure_covers_another(theatre: Theatre, atlas: Atlas, subject: str, mark: str) -> None:
    terrain = "lake" if subject == "swan" else "hills"
    figures, _ = arranged(theatre, atlas, (mark,), subject=subject, terrain=terrain)
    assert len(figures) == NUMBERS[mark]
    edges = sorted((Edges(figure, atlas) for figure in figures), key=lambda one: one.x)
    for left, right in pairwise(edges):
        assert right.left > left.right - 0.15 * (left.right - left.left)


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
    figures, _ = arranged(theatre, atlas, ("five",), subject="cat")
    assert len({float(figure.facing) for figure in figures}) == 2
    assert len({round(float(figure.side), 4) for figure in figures}) >= 3
    assert len({figure.delay for figure in figures}) == 5
    assert {figure.before for figure in figures} == {True, False}
    cars, _ = arranged(theatre, atlas, ("five",), subject="car")
    assert len({float(figure.facing) for figure in cars}) == 1


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
