"""Folders with a marker: who owns them, and whether their owner still runs, in real processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from installation.core.owned_folder import MARKER, OwnedFolder, in_use, read_marker

ROOT = Path(__file__).resolve().parents[2]
OWNER = """
import sys
from pathlib import Path
from installation.core.owned_folder import OwnedFolder
folder = OwnedFolder(Path(sys.argv[1]), {"number": 7})
print("owned", flush=True)
sys.stdin.read()
"""


@contextmanager
def owner(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that owns the folder."""
    command = [sys.executable, "-c", OWNER, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "owned\n"
        yield process
        process.kill()


def test_the_folder_of_a_running_process_cannot_be_taken_over_and_that_of_a_killed_one_can(tmp_path: Path) -> None:
    with owner(tmp_path / "a"):
        assert OwnedFolder.take_over(tmp_path / "a") is None
        assert in_use(tmp_path / "a")
    assert not in_use(tmp_path / "a")
    folder = OwnedFolder.take_over(tmp_path / "a")
    assert folder is not None
    assert folder.note["number"] == 7
    assert OwnedFolder.take_over(tmp_path / "a") is None
    folder.release()
    assert not (tmp_path / "a").exists()


def test_a_folder_is_made_once(tmp_path: Path) -> None:
    OwnedFolder(tmp_path / "a").leave()
    with pytest.raises(FileExistsError):
        OwnedFolder(tmp_path / "a")


def test_a_folder_that_holds_something_else_stays(tmp_path: Path) -> None:
    folder = OwnedFolder(tmp_path / "a")
    (tmp_path / "a" / "photo.jpg").write_text("dear")
    folder.release()
    assert (tmp_path / "a" / "photo.jpg").read_text() == "dear"


@pytest.mark.parametrize("content", [None, "", "{}", "[1]", "not JSON", '{"made by": "someone"}', "[" * 5000])
def test_a_folder_without_a_marker_of_laterna_is_nobodys(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / MARKER).write_text(content)
    assert read_marker(tmp_path) is None
    assert OwnedFolder.take_over(tmp_path) is None
    assert not in_use(tmp_path)


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    OwnedFolder(tmp_path / "a").leave()
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert OwnedFolder.take_over(tmp_path / "b") is None


def test_a_removed_folder_is_restored_with_its_lock(tmp_path: Path) -> None:
    folder = OwnedFolder(tmp_path / "a")
    (tmp_path / "a" / MARKER).unlink()
    (tmp_path / "a").rmdir()
    folder.restore()
    assert in_use(tmp_path / "a")
    folder.release()
