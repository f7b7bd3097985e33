"""The disk budget: recordings, PNG sequences, stills, journals and logs together; the oldest are deleted first.

Only files that Laterna has named count: a name, a time stamp, and one of its endings. In a folder that is not
Laterna's own, such as that of `--journal`, the name must be the one that was given, too: a photograph beside it may
have a time stamp. What was changed within the last hour stays, and so does a folder of parts, which belongs to a
recording that is not finished. A PNG sequence is a folder with a note of its size; it is deleted as a whole, but for
files that are not of it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PRESENT_SECONDS = 3600.0  # a file that was changed within them may be the present one
_STAMPED = re.compile(r"(.+?)-(\d{8}-\d{6}(-\d{3})?|\d{8}T\d{12}Z)(-\d+)*\.(mp4|mov|png|srt|jsonl)(\.\d+)?")
SEQUENCE_NOTE = "sequence.json"  # of the output `png`
_OF_SEQUENCE = re.compile(r"\d{7,}\.(png|part)")
_LOG = re.compile(r"laterna\.jsonl\.\d+")


@dataclass(frozen=True)
class Place:
    """A folder, and the name that files have there before their time stamp; "": any, for a folder of Laterna's own."""

    folder: Path
    name: str = ""

    def counts(self, file_name: str) -> bool:
        """Whether Laterna has given a file this name here."""
        match = _STAMPED.fullmatch(file_name)
        if match:
            return self.name in ("", match[1])
        return not self.name and _LOG.fullmatch(file_name) is not None

    def counts_sequence(self, folder_name: str) -> bool:
        """Whether a folder of this name may be a PNG sequence of Laterna's: that name, or with a number after it."""
        return not self.name or re.fullmatch(re.escape(self.name) + r"(-\d+)?", folder_name) is not None


@dataclass(frozen=True)
class KeptFile:
    """A file that counts, or a folder with a PNG sequence."""

    path: Path
    bytes: int
    changed: float  # seconds of the POSIX clock


def kept_files(places: Iterable[Place]) -> list[KeptFile]:
    """The files and sequences of these places that count, the oldest first."""
    found = {}
    for place in places:
        for path in place.folder.resolve().glob("*"):
            if path.is_symlink():
                continue
            with contextlib.suppress(FileNotFoundError):  # rotated or joined meanwhile
                if path.is_dir():
                    kept = _sequence(path) if place.counts_sequence(path.name) else None
                else:
                    kept = _file(path) if place.counts(path.name) else None
                if kept:
                    found[path] = kept
    return sorted(found.values(), key=lambda each: (each.changed, each.path))


def _file(path: Path) -> KeptFile | None:
    status = path.stat()
    return KeptFile(path, status.st_size, status.st_mtime) if path.is_file() else None


def _sequence(path: Path) -> KeptFile | None:
    """A folder whose note says that it is a PNG sequence, and how large it is: its files may be a million."""
    try:
        noted = json.loads((path / SEQUENCE_NOTE).read_text(encoding="utf-8"))
        size, _ = max(0, int(noted["bytes"])), noted["rate"]
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError, OverflowError):
        return None
    changed = max(path.stat().st_mtime, (path / SEQUENCE_NOTE).stat().st_mtime)
    return KeptFile(path, size, changed)


def keep_budget(places: Iterable[Place], max_bytes: float, now: float) -> list[KeptFile]:
    """Delete the oldest files until all together fit; return those that were deleted. Raises OSError."""
    files = kept_files(places)
    total, deleted = sum(each.bytes for each in files), []
    for each in files:
        if total <= max_bytes or now - each.changed < PRESENT_SECONDS:
            break
        _delete(each.path)
        total -= each.bytes
        deleted.append(each)
    return deleted


def _delete(path: Path) -> None:
    if not path.is_dir():
        path.unlink(missing_ok=True)
        return
    with os.scandir(path) as entries:
        for entry in entries:
            if _OF_SEQUENCE.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                Path(entry.path).unlink(missing_ok=True)
    (path / SEQUENCE_NOTE).unlink(missing_ok=True)  # last: a sequence that is half deleted still counts
    with contextlib.suppress(OSError):  # somebody has put something else into it
        path.rmdir()
