"""The folders of frame rings: new ones, those of ended shows, and folders that only look like them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from installation.core.owned_folder import OwnedFolder
from installation.core.ring_folder import RINGS, remove_abandoned, remove_rings, ring_folder
from tests.core.test_owned_folder import owner


def filled(folder: Path) -> Path:
    for name in RINGS:
        (folder / name).write_bytes(b"x")
    return folder


def test_rings_of_ended_shows_are_removed_and_those_of_running_ones_stay(tmp_path: Path) -> None:
    with owner(tmp_path / "laterna-1-left"), owner(tmp_path / "laterna-2-running") as running:
        left, used = (filled(tmp_path / name) for name in ("laterna-1-left", "laterna-2-running"))
        remove_abandoned(tmp_path)
        assert left.exists()
        running.kill()
        running.wait()
        remove_abandoned(tmp_path)
        assert left.exists()
        assert not used.exists()


def test_a_folder_of_somebody_else_with_such_a_name_stays(tmp_path: Path) -> None:
    photos = tmp_path / "laterna-4194999-holiday-photos"
    photos.mkdir()
    filled(photos)
    remove_abandoned(tmp_path)
    assert sorted(each.name for each in photos.iterdir()) == sorted(RINGS)


def test_what_somebody_has_put_into_an_abandoned_folder_stays(tmp_path: Path) -> None:
    OwnedFolder(tmp_path / "laterna-1-left").leave()
    photo = tmp_path / "laterna-1-left" / "photo.jpg"
    photo.write_text("dear")
    remove_abandoned(tmp_path)
    assert photo.read_text() == "dear"


def test_ring_folders_are_new_and_removable() -> None:
    one, other = ring_folder(), ring_folder()
    assert one.path != other.path
    for folder in (one, other):
        filled(folder.path)
        remove_rings(folder)
        assert not folder.path.exists()


def test_rings_that_do_not_fit_into_shared_memory_are_placed_on_disk() -> None:
    folder = ring_folder(2**60)
    assert folder.path.parent == Path(tempfile.gettempdir())
    folder.release()
