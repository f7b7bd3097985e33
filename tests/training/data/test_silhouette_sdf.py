"""The theatre's figures are drawn again as they are stored."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.models.theatre.vocabulary import ROTATING_PARTS, SUBJECTS
from installation.training.data import silhouette_sdf
from installation.training.data.silhouette_sdf import Fonts, build, field, paper
from installation.training.data.silhouette_strokes import GRID, StrokeCanvas, draw

STORED = Path(__file__).resolve().parents[3] / "assets" / "theatre" / "silhouettes.npz"
TABLE = tomllib.loads(Path(silhouette_sdf.__file__).with_suffix(".toml").read_text(encoding="utf-8"))
NOWHERE = Fonts(Path("no-noto.ttf"), Path("no-symbola.ttf"))


def test_every_subject_is_in_the_table() -> None:
    assert set(TABLE) == set(SUBJECTS) - {"nobody"}


@pytest.mark.parametrize("name", ["windmill", "house", "ship"])
def test_a_figure_of_strokes_is_drawn_as_it_is_stored(name: str) -> None:
    hub = ROTATING_PARTS[name].hub if name in ROTATING_PARTS else (0.5, 0.5)
    drawn = paper(TABLE[name], NOWHERE, hub)
    with np.load(STORED) as stored:
        depth = stored["depth"][stored["names"].tolist().index(name)]
        shining = name in stored["lit_names"]
        lit = stored["lit"][stored["lit_names"].tolist().index(name)] if shining else None
        turning = stored["turning"][stored["turning_names"].tolist().index(name)] if name in ROTATING_PARTS else None
    np.testing.assert_allclose(field(drawn.shape), depth, atol=1)
    assert drawn.lit.any() == shining
    if lit is not None:
        np.testing.assert_allclose(field(drawn.lit), lit, atol=1)
    if turning is not None:
        np.testing.assert_allclose(field(drawn.turning), turning, atol=1)


def test_a_missing_font_is_named_with_its_option(tmp_path: Path) -> None:
    with pytest.raises(ShowError, match=r"no font at no-noto\.ttf: name it by --noto .*fonts-noto-color-emoji"):
        build(NOWHERE, tmp_path / "out.npz")


def test_strokes_are_laid_one_over_the_other() -> None:
    strokes = """
    add polygon 20,20 80,20 80,80 20,80
    cut disc 50,50 10 10
    lit polygon 24,24 34,24 34,34 24,34 mirrored
    add line 2 24,29 34,29
    """
    drawn = draw(StrokeCanvas.empty(), strokes, (0.5, 0.5))

    def at(mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], x: float, y: float) -> bool:
        return bool(mask[round(y * GRID / 100), round(x * GRID / 100)])

    assert [at(drawn.shape, x, 50) for x in (10, 30, 50, 70)] == [False, True, False, True]
    assert [at(drawn.lit, 29, y) for y in (26, 29, 32)] == [True, False, True]
    assert at(drawn.lit, 71, 29)
    assert not at(drawn.shape, 71, 29)


def test_a_stroke_is_turned_about_the_hub() -> None:
    drawn = draw(StrokeCanvas.empty(), "turn disc 50,20 6 6 times 4", (0.5, 0.5))
    spots = [
        drawn.turning[round(y * GRID / 100), round(x * GRID / 100)] for x, y in ((50, 20), (80, 50), (50, 80), (20, 50))
    ]
    assert all(spots)
    assert not drawn.shape.any()


def test_a_curve_passes_through_its_points_and_keeps_sharp_ones() -> None:
    drawn = draw(StrokeCanvas.empty(), "add curve 50,10! 90,50 50,90! 10,50", (0.5, 0.5))
    edge = field(drawn.shape)[64]
    inside = np.flatnonzero(edge > 0)
    assert inside[[0, -1]] == pytest.approx([12.8, 114.2], abs=1.5)
    wide = (field(drawn.shape) > 0).sum(1)
    assert wide[14] < 16 < 30 < wide[24]


def test_an_unknown_stroke_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no stroke 'fold'"):
        draw(StrokeCanvas.empty(), "fold disc 50,50 5 5", (0.5, 0.5))
    with pytest.raises(ValueError, match="there is no shape 'blob'"):
        draw(StrokeCanvas.empty(), "add blob 50,50 5 5", (0.5, 0.5))
