"""The atlas of figures: its table, and that figures of strokes are reproduced."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.models import default_place
from installation.models.theatre.vocabulary import ROTATING_PARTS, SUBJECTS
from installation.training.data import silhouette_sdf
from installation.training.data.silhouette_sdf import Fonts, build_atlas, distance_field, draw_figure, hub_of

ATLAS = default_place().assets / "theatre" / "silhouettes.npz"
TABLE = tomllib.loads(Path(silhouette_sdf.__file__).with_suffix(".toml").read_text(encoding="utf-8"))
NO_FONTS = Fonts(Path("no-noto.ttf"), Path("no-symbola.ttf"))


def test_the_table_has_every_subject() -> None:
    assert set(TABLE) == set(SUBJECTS) - {"nobody"}


@pytest.mark.parametrize("name", ["windmill", "house", "ship"])
def test_a_figure_of_strokes_is_drawn_as_in_the_shipped_atlas(name: str) -> None:
    figure = draw_figure(TABLE[name], NO_FONTS, hub_of(name))
    with np.load(ATLAS) as stored:
        depth = stored["depth"][stored["names"].tolist().index(name)]
        layers = {
            layer: dict(zip(stored[f"{layer}_names"].tolist(), stored[layer], strict=True))
            for layer in ("lit", "turning")
        }
    np.testing.assert_allclose(distance_field(figure.shape), depth, atol=1)
    assert figure.turning.any() == (name in ROTATING_PARTS)
    for layer, fields in layers.items():
        mask = getattr(figure, layer)
        assert mask.any() == (name in fields)
        if name in fields:
            np.testing.assert_allclose(distance_field(mask), fields[name], atol=1)


def test_a_missing_font_is_reported_with_its_option_and_package(tmp_path: Path) -> None:
    with pytest.raises(ShowError, match=r"no font at no-noto\.ttf: name it by --noto .*fonts-noto-color-emoji"):
        build_atlas(NO_FONTS, tmp_path / "out.npz")
