"""Figures that are cut from outlines of a table."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from installation.models import default_place
from installation.models.lexicon import lexicon_of
from installation.models.theatre.figure_atlas import LABELS, load_atlas
from installation.models.theatre.further_figures import FurtherFigure
from installation.models.theatre.glyph_figures import GLYPHS
from installation.models.theatre.outlined_figures import FINE, OUTLINED, cut_outline, outline_extent, shapes_of
from installation.models.theatre.vocabulary import GROUPS

DEPTH, INK, OPACITY = 0, slice(4, 7), 7
ATLAS = default_place().assets / "theatre" / "figures.npz"


def drawn(*shapes: str) -> FurtherFigure:
    return FurtherFigure("stone", paper="808080", shapes=shapes)


def test_every_one_is_like_a_figure_that_the_atlas_has() -> None:
    with np.load(ATLAS) as file:
        assert {figure.like for figure in OUTLINED.values()} <= set(file["names"].tolist())
    assert not OUTLINED.keys() & GLYPHS.keys()


def test_every_one_stays_within_its_square_and_stands_on_the_floor() -> None:
    for name, figure in OUTLINED.items():
        shapes = [shape for shape in shapes_of(figure) if shape.kind != "cut"]
        lowest = [float(shape.points[:, 1].max()) for shape in shapes]
        reach = [shape.size * (shape.kind == "disc") for shape in shapes]
        half, height = outline_extent(figure)
        assert max(lowest) <= 101, name
        assert max(low + more for low, more in zip(lowest, reach, strict=True)) >= 80, name
        assert 0.05 < half <= 0.53, name
        assert height <= 1.01, name


@pytest.mark.parametrize("name", ["poppy", "stone wall", "bakery"])
def test_a_sheet_has_the_extent_that_its_shapes_say(name: str) -> None:
    channels, top, left = cut_outline(OUTLINED[name])
    inside = channels[DEPTH] > 0
    rows, columns = np.flatnonzero(inside.any(1)) + top, np.flatnonzero(inside.any(0)) + left
    half, height = outline_extent(OUTLINED[name])
    assert abs(int(rows[0]) - (1 - height) * FINE) <= 16
    assert max(FINE // 2 - int(columns[0]), int(columns[-1]) - FINE // 2) <= half * FINE + 8


def test_a_shape_with_a_colour_keeps_it_and_one_without_is_of_the_paper() -> None:
    channels, top, left = cut_outline(drawn("area 10,99 10,10 90,10 90,99", "area#ff0000 40,60 40,40 60,40 60,60"))
    middle, corner = FINE // 2, FINE // 5
    assert channels[INK, middle - top, middle - left].tolist() == [127, 0, 0]
    assert channels[OPACITY, corner - top, corner - left] == 0


def test_a_shape_is_repeated_and_cut_out() -> None:
    shapes = shapes_of(drawn("rows 10,0 3 disc 4 20,90", "cut 10,10 20,10 20,20"))
    assert [shape.points[0, 0] for shape in shapes[:3]] == [20, 30, 40]
    channels, top, left = cut_outline(drawn("area 0,99 0,0 99,0 99,99", "cut 40,40 60,40 60,60 40,60"))
    assert channels[DEPTH, FINE // 2 - top, FINE // 2 - left] < 0


@pytest.mark.parametrize(
    "name",
    ["taxi", "ferry", "racing car", "hotel", "otter", "shop", "circus tent", "log", "cookie", "bouquet", "jeans"],
)
def test_a_figure_that_was_a_glyph_has_several_papers_and_its_own_extent(name: str) -> None:
    assert name not in GLYPHS
    assert len({shape.colour for shape in shapes_of(OUTLINED[name])}) >= 3
    atlas = load_atlas(ATLAS, torch.device("cpu"))
    assert atlas.extent[LABELS.index(name)].tolist() == pytest.approx(outline_extent(OUTLINED[name]), abs=1e-6)


def test_a_row_that_is_no_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="begins with none of"):
        shapes_of(drawn("circle 4 20,90"))


def test_the_atlas_cuts_one_that_its_file_does_not_know() -> None:
    atlas = load_atlas(ATLAS, torch.device("cpu"))
    index = LABELS.index("poppy")
    (layer,) = atlas.layers[index]
    assert layer.tinted
    assert atlas.extent[index].tolist() == pytest.approx(outline_extent(OUTLINED["poppy"]), abs=1e-6)


@pytest.mark.parametrize(
    ("word", "figure"),
    [
        ("poppies", "poppy"),
        ("stone wall", "stone wall"),
        ("neon sign", "neon sign"),
        ("anvil", "anvil"),
        ("gate", "farm gate"),
        ("vine", "grapevine"),
        ("fishing nets", "fishing net"),
        ("paper boats", "paper boat"),
        ("paper cranes", "paper crane"),
        ("spiral stairs", "spiral staircase"),
        ("cuckoo clock", "cuckoo clock"),
        ("puppet", "marionette"),
        ("hand mirror", "hand mirror"),
        ("treehouse", "tree house"),
        ("acorn", "acorn"),
    ],
)
def test_what_was_shown_as_another_thing_or_not_at_all_is_a_figure_of_its_own(word: str, figure: str) -> None:
    words = lexicon_of(GROUPS)
    assert words is not None
    assert [meaning.label for meaning in words.names[word]] == [figure]
    assert word not in words.stand_ins
