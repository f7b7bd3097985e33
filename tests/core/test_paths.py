from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.core.paths import write_result, write_whole


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


def test_a_result_whose_place_fails_is_kept_elsewhere_with_what_belongs_to_it(tmp_path: Path) -> None:
    def write(path: Path) -> None:
        path.with_suffix(".txt").write_text("its words")
        write_whole(path, b"a picture")

    with pytest.raises(
        ShowError, match=r"fox\.png cannot be written: No such file or directory; it is kept as "
    ) as told:
        write_result(tmp_path / "unplugged" / "fox.png", write)
    kept = Path(str(told.value).partition("it is kept as ")[2].removesuffix("."))
    assert (kept.name, kept.read_bytes(), kept.with_suffix(".txt").read_text()) == (
        "fox.png",
        b"a picture",
        "its words",
    )
    shutil.rmtree(kept.parent)


def test_a_result_that_can_be_written_nowhere_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(ShowError, match=r"fox\.png cannot be written: No such file or directory\.$"):
        write_result(tmp_path / "unplugged" / "fox.png", lambda path: write_whole(path, b""))
