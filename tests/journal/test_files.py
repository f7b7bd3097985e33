"""The files of a journal: what is at its path is kept, or refused; nothing but journals is renamed or removed."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.core.messages import Trigger
from installation.journal.files import KEPT_PERFORMANCES
from installation.journal.writer import Journal
from tests.journal.journals import messages_in, write_journal

POEM = "Tyger Tyger, burning bright,\nIn the forests of the night;\n"


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_an_earlier_journal_is_kept_under_its_start_time(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write_journal(path, [Trigger("go", (number,)) for number in range(300)], max_megabytes=0.01)
    files = len(_names(tmp_path))
    assert files > 1
    write_journal(path, [Trigger("panic")])
    assert messages_in(path) == [Trigger("panic")]
    (kept,) = tmp_path.glob("a-*Z.jsonl")
    assert messages_in(kept) == [Trigger("go", (number,)) for number in range(300)]
    assert len(_names(tmp_path)) == files + 1


def test_restarts_do_not_remove_the_journal_of_what_happened_before_them(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    incident = [Trigger("queue/add", (f"words {number}",)) for number in range(50)]
    write_journal(path, list(incident))
    for _ in range(3 * KEPT_PERFORMANCES):
        write_journal(path, [Trigger("go")])
    kept = sorted(tmp_path.glob("a-*Z.jsonl"))
    assert len(kept) == KEPT_PERFORMANCES
    assert messages_in(kept[0]) == incident


@pytest.mark.parametrize("place", ["a.jsonl", "a.jsonl.1", "a.jsonl.3"])
def test_a_file_that_is_not_a_journal_is_neither_renamed_nor_removed(tmp_path: Path, place: str) -> None:
    (tmp_path / place).write_text(POEM)
    with pytest.raises(ShowError) as error:
        Journal(tmp_path / "a.jsonl")
    reason = f"{tmp_path / place} is another file, not a journal of Laterna."
    assert str(error.value) == f"the journal cannot be written to {tmp_path / 'a.jsonl'}: {reason}"
    assert _names(tmp_path) == [place]
    assert (tmp_path / place).read_text() == POEM


def test_no_journal_is_renamed_if_another_file_is_in_the_way(tmp_path: Path) -> None:
    write_journal(tmp_path / "a.jsonl", [Trigger("go")])
    (tmp_path / "a.jsonl.2").write_text(POEM)
    with pytest.raises(ShowError, match="is another file"):
        Journal(tmp_path / "a.jsonl")
    assert _names(tmp_path) == ["a.jsonl", "a.jsonl.2"]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")
@pytest.mark.parametrize("kind", ["a folder", "a pipe", "a link", "a device"])
def test_a_path_that_is_not_a_regular_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.jsonl"
    if kind == "a folder":
        path.mkdir()
    elif kind == "a pipe":
        os.mkfifo(path)
    elif kind == "a link":
        path.symlink_to("elsewhere")
    else:  # never the system's own: code that fails this test may rename it
        try:
            os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 3))
        except PermissionError:
            pytest.skip("only root may create a device")
    before = os.lstat(path)
    with pytest.raises(ShowError, match=f"is {kind}, not a journal of Laterna.$"):
        Journal(path)
    assert os.lstat(path).st_ino == before.st_ino


def test_an_empty_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").touch()
    write_journal(tmp_path / "a.jsonl", [Trigger("go")])
    assert messages_in(tmp_path / "a.jsonl") == [Trigger("go")]
    assert _names(tmp_path) == ["a.jsonl"]


def test_a_file_that_appears_in_the_way_of_a_rotation_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    journal = Journal(path, max_megabytes=0.001)
    (tmp_path / "a.jsonl.1").write_text(POEM)
    for number in range(100):
        journal.write(Trigger("go", (number,)), 0.0)
    journal.close()
    assert [notice.text for notice in journal.notices()] == [
        "The journal cannot be written (a.jsonl.1 is not a part of this journal); the show goes on without it."
    ]
    assert (tmp_path / "a.jsonl.1").read_text() == POEM
