"""Where the outlines of figures have their heads and their feet."""

from __future__ import annotations

from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.outlines import (
    feet_span,
    head_place,
    sheets_of,
    silhouette,
    solid_cells,
    top_place,
)


def test_the_top_of_a_head_is_between_its_ears(atlas: Atlas) -> None:
    (_, cat), (bear, _), (_, child) = (
        head_place(sheets_of(atlas, LABELS.index(name))) for name in ("cat", "bear", "child")
    )
    _, ears = top_place(sheets_of(atlas, LABELS.index("cat")))
    assert 0.06 < cat - ears < 0.16  # of its height
    assert bear < 0.4  # of its square: it faces left, and its back is as high as its head
    assert child < 0.06


def test_a_tree_stands_on_its_stem_and_an_animal_on_all_its_legs(atlas: Atlas) -> None:
    (_, stem), (_, legs) = (feet_span(sheets_of(atlas, LABELS.index(name))) for name in ("tree", "horse"))
    assert stem < 0.35 * float(atlas.extent[LABELS.index("tree"), 0])
    assert legs > 0.4 * float(atlas.extent[LABELS.index("horse"), 0])


def test_a_silhouette_covers_what_the_sheets_cover(atlas: Atlas) -> None:
    sheets = sheets_of(atlas, LABELS.index("horse"))
    solid, covered = solid_cells(sheets), solid_cells((silhouette(sheets),))
    assert float((solid == covered).float().mean()) > 0.98


def test_the_top_of_a_head_with_two_ears_is_between_them(atlas: Atlas) -> None:
    column, share = head_place(sheets_of(atlas, LABELS.index("owl")))
    assert abs(column - 0.5) < 0.04
    assert share < 0.1
