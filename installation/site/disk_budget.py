"""The disk budget: recordings, stills, journals and logs together; the oldest are deleted first.

Only files with names that Laterna gives them count: a name, a time stamp, and an ending. What was changed within the
last hour stays, and so does a folder of parts, which belongs to a recording that is not finished.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PRESENT_SECONDS = 3600.0  # a file that was changed within them may be the present one
_STAMPED = re.compile(r".+-(\d{8}-\d{6}(-\d{3})?|\d{8}T\d{12}Z)(-\d+)*\.[a-z0-9]+(\.\d+)?")
_LOG = re.compile(r"laterna\.jsonl\.\d+")


@dataclass(frozen=True)
class KeptFile:
    """A file that counts."""

    path: Path
    bytes: int
    changed: float  # seconds of the POSIX clock


def kept_files(folders: Iterable[Path]) -> list[KeptFile]:
    """The files of these folders that count, the oldest first."""
    found = {}
    for folder in dict.fromkeys(each.resolve() for each in folders):
        for path in folder.glob("*"):
            if (_STAMPED.fullmatch(path.name) or _LOG.fullmatch(path.name)) and not path.is_symlink():
                try:
                    status = path.stat()
                except FileNotFoundError:  # rotated or joined meanwhile
                    continue
                if path.is_file():
                    found[path] = KeptFile(path, status.st_size, status.st_mtime)
    return sorted(found.values(), key=lambda each: (each.changed, each.path))


def keep_budget(folders: Iterable[Path], max_bytes: float, now: float) -> list[KeptFile]:
    """Delete the oldest files until all together fit; return those that were deleted. Raises OSError."""
    files = kept_files(folders)
    total, deleted = sum(each.bytes for each in files), []
    for each in files:
        if total <= max_bytes or now - each.changed < PRESENT_SECONDS:
            break
        each.path.unlink(missing_ok=True)
        total -= each.bytes
        deleted.append(each)
    return deleted
