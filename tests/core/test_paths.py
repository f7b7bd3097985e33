from __future__ import annotations

from pathlib import Path

import pytest

from installation.core.paths import write_whole


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "fox.png"
    path.write_bytes(b"old")
    write_whole(path, b"new")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("fox.png", b"new")]


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "fox.png").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_whole(tmp_path / "fox.png", b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["fox.png"]
