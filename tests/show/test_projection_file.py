"""The file beside a show that keeps a projection: written whole, read back equal, mistakes in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.show.loader import parse_show
from installation.show.projection import ProjectionSettings
from installation.show.projection_file import KeptProjection, apply_projection, projection_file, write_projection
from installation.show.settings import Show

WALL = ProjectionSettings(
    corners=((0.1, 0.05), (0.9, 0.0), (1.0, 0.95), (0.0, 0.9)),
    mesh=(((0.0, 0.123456), (1.0, 0.0)), ((0.0, 1.0), (1.0, 1.0))),
    mask=(((0.0, 0.0), (0.5, 0.0), (0.5, 0.5)),),
    rotation=180,
    mirror="both",
    blend_right=0.2,
)


def test_a_kept_projection_replaces_that_of_the_show_except_for_its_colours(tmp_path: Path) -> None:
    path = projection_file(tmp_path, "wall")
    write_projection(path, KeptProjection().with_window(0, WALL, True))
    show, kept = apply_projection(Show(projection=ProjectionSettings(blend_left=0.5, contrast=0.7)), path)
    assert show.projection == WALL.model_copy(update={"contrast": 0.7})
    assert kept.locked
    assert [each.name for each in tmp_path.iterdir()] == ["wall.projection.toml"]


def test_its_table_can_be_copied_into_the_show_file() -> None:
    text = KeptProjection().with_window(0, WALL, False).text()
    assert parse_show(text[text.index("[projection]") :]).projection == WALL


def test_without_a_file_the_show_is_as_it_was(tmp_path: Path) -> None:
    assert apply_projection(Show(), tmp_path / "none.toml") == (Show(), KeptProjection())


@pytest.mark.parametrize("text", ["[projection]\ncorners = [[0,0],[1,1],[1,0],[0,1]]\n", "[projection\n"])
def test_a_damaged_file_is_one_sentence_with_its_name(text: str, tmp_path: Path) -> None:
    path = tmp_path / "wall.projection.toml"
    path.write_text(text)
    with pytest.raises(ShowError, match=r"wall\.projection\.toml.*line \d"):
        apply_projection(Show(), path)
