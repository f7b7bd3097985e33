"""Figures that are cut from glyphs of a font."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
import torch

from installation.models import default_place, theatre
from installation.models.lexicon import lexicon_of
from installation.models.theatre.figure_atlas import LABELS, load_atlas
from installation.models.theatre.further_figures import FILES
from installation.models.theatre.glyph_figures import FLOOR, GLYPHS, cut_glyph, glyph_extent
from installation.models.theatre.sheet_cutting import SIDE
from installation.models.theatre.vocabulary import GROUPS, SUBJECTS
from installation.stage.text.fonts import EMOJI, coverage
from tests.conftest import spread

FONTS = default_place().assets / "fonts"
FOLDER = Path(theatre.__file__).parent
DEPTH, SLOPES, INK, OPACITY = 0, slice(1, 3), slice(4, 7), 7


def test_the_font_has_every_glyph() -> None:
    assert {name for name, figure in GLYPHS.items() if ord(figure.glyph[0]) not in coverage(EMOJI)} == set()


def test_every_one_is_like_a_figure_that_is_drawn() -> None:
    assert {figure.like for figure in GLYPHS.values()} <= set(SUBJECTS) - set(GLYPHS)


@pytest.mark.parametrize("name", spread(list(GLYPHS)[::9], 4))
def test_a_figure_is_a_closed_sheet_that_stands_on_the_floor_with_lines_upon_it(name: str) -> None:
    channels, top, left = cut_glyph(GLYPHS[name], FONTS)
    inside = channels[DEPTH] > 0
    half_width, height = glyph_extent(GLYPHS[name], FONTS)
    rows = np.flatnonzero(inside.any(1)) + top
    columns = np.flatnonzero(inside.any(0)) + left
    assert abs(int(rows[-1]) - (SIDE - FLOOR)) <= 3
    assert abs(int(rows[0]) - (1 - height) * SIDE) <= 6
    assert abs((int(columns[-1]) - int(columns[0])) / 2 - half_width * SIDE) <= 6
    assert inside.mean() > 0.1  # of chopsticks
    assert np.abs(channels[SLOPES][:, inside]).max() > 20


def test_inner_lines_are_of_another_colour_and_outlines_are_not() -> None:
    channels, _, _ = cut_glyph(GLYPHS["basketball"], FONTS)
    inside, opacity = channels[DEPTH] > 0, channels[OPACITY]
    assert 0.05 < (opacity[inside] > 100).mean() < 0.3
    edge = inside & (channels[DEPTH] < 12)  # thousandths of the side
    assert (opacity[edge] < 20).mean() > 0.95
    red, green, blue = channels[INK][:, opacity > 100].mean(1)
    assert red > green > blue  # "4a2a1c"


def test_a_drawn_hole_stays_open_where_the_table_says_so() -> None:
    closed = GLYPHS["handbag"]
    filled, top, left = cut_glyph(closed, FONTS)
    pierced, _, _ = cut_glyph(closed._replace(open=((50.0, 32.0),)), FONTS)
    row, column = 32 * SIDE // 100 - top, SIDE // 2 - left
    assert filled[DEPTH, row, column] > 0 > pierced[DEPTH, row, column]


def test_the_atlas_cuts_a_glyph_when_it_is_first_asked_for() -> None:
    atlas = load_atlas(FONTS.parent / "theatre" / "figures.npz", torch.device("cpu"))
    index = LABELS.index("pretzel")
    (layer,) = atlas.layers[index]
    assert layer.tinted
    assert layer.motion == "rest"
    assert atlas.layers[index][0] is layer
    expected = glyph_extent(GLYPHS["pretzel"], FONTS)
    assert atlas.extent[index].tolist() == pytest.approx(expected, abs=1e-6)


def test_no_figure_is_both_drawn_and_cut_from_a_glyph() -> None:
    tables = [tomllib.loads((FOLDER / name).read_text(encoding="utf-8")) for name in FILES]
    assert len({name for table in tables for name in table}) == sum(map(len, tables))


@pytest.mark.slow
def test_what_cutting_needs_is_loaded_before_a_word_calls_for_it() -> None:
    code = (
        "import sys\n"
        "from installation.models import default_place\n"
        "from installation.models.theatre.generator import Theatre\n"
        "theatre = Theatre(default_place())\n"
        "before = 'scipy.ndimage' in sys.modules\n"
        "theatre.finish_painting()\n"
        "print(before, 'scipy.ndimage' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_without_its_font_a_figure_is_the_one_that_it_is_like(tmp_path: Path) -> None:
    (tmp_path / "theatre").mkdir()
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "NotoEmoji.ttf").write_bytes(b"no font")
    atlas = tmp_path / "theatre" / "figures.npz"
    atlas.write_bytes((FONTS.parent / "theatre" / "figures.npz").read_bytes())
    layers = load_atlas(atlas, torch.device("cpu")).layers
    assert layers[LABELS.index("pretzel")] is layers[LABELS.index(GLYPHS["pretzel"].like)]


def test_every_one_has_nouns_in_fourteen_languages() -> None:
    nouns = tomllib.loads((FOLDER / "glyph_nouns.toml").read_text(encoding="utf-8"))
    assert set(GLYPHS) <= set(nouns)
    assert {len(row.split(", ")) for row in nouns.values()} == {14}


@pytest.mark.parametrize(("word", "figure"), [("cobweb", "spiderweb"), ("wrench", "spanner"), ("cab", "taxi")])
def test_a_thing_that_was_shown_as_another_is_a_figure_of_its_own(word: str, figure: str) -> None:
    words = lexicon_of(GROUPS)
    assert words is not None
    assert [meaning.label for meaning in words.names[word]] == [figure]
    assert word not in words.stand_ins
