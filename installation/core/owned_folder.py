"""Folders that belong to one running show: frame rings, the parts of a recording.

A marker file in the folder names its maker, and is locked while the show runs. The system releases the lock when the
process ends, however it ends, and in whatever PID namespace it runs. A folder without the marker belongs to somebody
else and is never touched.
"""

from __future__ import annotations

import contextlib
import json
import stat
from pathlib import Path
from typing import Any, Self

from installation.core.os_support import lock_file

MARKER = "laterna-folder.json"
MAX_MARKER_BYTES = 10_000


class OwnedFolder:
    """A folder whose marker this process keeps locked until `release`."""

    def __init__(self, path: Path, note: dict[str, Any] | None = None) -> None:
        """Create the folder, and the folders above it.

        Args:
            path: the folder.
            note: what a later show has to know about it, ready for JSON.

        Raises:
            FileExistsError: something of that name exists.
            OSError: it cannot be created.
        """
        path.mkdir(parents=True)
        self.path = path
        self.note = note or {}
        self._mark()

    def _mark(self) -> None:
        self._marker = (self.path / MARKER).open("x", encoding="utf-8")
        with contextlib.suppress(OSError):  # a file system without locks: nobody can take the folder over either
            lock_file(self._marker)
        json.dump({"made by": "Laterna", **self.note}, self._marker)  # after locking: until then it says nothing
        self._marker.flush()

    @classmethod
    def take_over(cls, path: Path) -> Self | None:
        """Lock a folder that an ended show has left; None if it is not one, or if its show still runs."""
        note = read_marker(path)
        if note is None:
            return None
        with contextlib.ExitStack() as opened:
            try:
                marker = opened.enter_context((path / MARKER).open("r+", encoding="utf-8"))
                if not lock_file(marker):
                    return None
            except OSError:  # somebody else has just removed it, or owns it
                return None
            opened.pop_all()
        folder = cls.__new__(cls)
        folder.path, folder.note, folder._marker = path, note, marker
        return folder

    def leave(self) -> None:
        """Give the folder up as it is."""
        self._marker.close()

    def restore(self) -> None:
        """Create the folder and its marker again if somebody has removed them. Raises OSError."""
        if not (self.path / MARKER).exists():
            self._marker.close()
            self.path.mkdir(parents=True, exist_ok=True)
            self._mark()

    def release(self) -> None:
        """Give the folder up; remove the marker and the folder, unless it holds anything else."""
        self._marker.close()
        if any(each.name != MARKER for each in self.path.glob("*")):
            return
        with contextlib.suppress(OSError):  # removed already, or just filled
            (self.path / MARKER).unlink()
            self.path.rmdir()


def in_use(path: Path) -> bool:
    """Whether a folder belongs to a show that runs now."""
    if read_marker(path) is None:
        return False
    abandoned = OwnedFolder.take_over(path)
    if abandoned:
        abandoned.leave()
    return abandoned is None


def read_marker(path: Path) -> dict[str, Any] | None:
    """What the marker of a folder notes; None if the folder is not one of Laterna's."""
    marker = path / MARKER
    try:
        if path.is_symlink() or not stat.S_ISREG(marker.lstat().st_mode) or marker.stat().st_size > MAX_MARKER_BYTES:
            return None
        note = json.loads(marker.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return note if isinstance(note, dict) and note.get("made by") == "Laterna" else None
