"""The disk budget: recordings, stills, journals and logs together; the oldest are deleted first.

Only files that Laterna has named count: a name, a time stamp, and one of its endings. In a folder that is not
Laterna's own, such as that of `--journal`, the name must be the one that was given, too: a photograph beside it may
have a time stamp. What was changed within the last hour stays, and so does a folder of parts, which belongs to a
recording that is not finished.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PRESENT_SECONDS = 3600.0  # a file that was changed within them may be the present one
_STAMPED = re.compile(r"(.+?)-(\d{8}-\d{6}(-\d{3})?|\d{8}T\d{12}Z)(-\d+)*\.(mp4|mov|png|srt|jsonl)(\.\d+)?")
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


@dataclass(frozen=True)
class KeptFile:
    """A file that counts."""

    path: Path
    bytes: int
    changed: float  # seconds of the POSIX clock


def kept_files(places: Iterable[Place]) -> list[KeptFile]:
    """The files of these places that count, the oldest first."""
    found = {}
    for place in places:
        for path in place.folder.resolve().glob("*"):
            if place.counts(path.name) and not path.is_symlink():
                try:
                    status = path.stat()
                except FileNotFoundError:  # rotated or joined meanwhile
                    continue
                if path.is_file():
                    found[path] = KeptFile(path, status.st_size, status.st_mtime)
    return sorted(found.values(), key=lambda each: (each.changed, each.path))


def keep_budget(places: Iterable[Place], max_bytes: float, now: float) -> list[KeptFile]:
    """Delete the oldest files until all together fit; return those that were deleted. Raises OSError."""
    files = kept_files(places)
    total, deleted = sum(each.bytes for each in files), []
    for each in files:
        if total <= max_bytes or now - each.changed < PRESENT_SECONDS:
            break
        each.path.unlink(missing_ok=True)
        total -= each.bytes
        deleted.append(each)
    return deleted
