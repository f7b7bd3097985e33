"""The parts of a recording: films in a folder beside the file that they are joined into at the end.

A new part begins after a minute or four hours, when the recorder was replaced, and when the disk has refused. Each is
named by its number and its place in time, so that the joined recording keeps the time of the performance.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from installation.core.owned_folder import OwnedFolder, in_use, read_marker
from installation.core.paths import numbered_paths
from installation.outputs.part_notes import prune_notes

PART_SECONDS = 60.0  # of a recording of which only the end is kept
# Of any other, and of a joined file. An MP4's index takes 71 bytes of memory a frame, 7.7 MB an hour at 30 frames/s,
# until the part is closed. Fragments alone take a tenth, but every film would have to be copied at the end of the show.
FILE_SECONDS = 4 * 3600.0
SUFFIX = "-parts"  # of the folder


@dataclass(frozen=True)
class Part:
    """One file, and the time of its first frame, in seconds of `clock.now` of its performance."""

    path: Path
    start: float


class RecordingParts:
    """The parts of the recording `path`, in order."""

    def __init__(self, path: Path, keep_seconds: float | None) -> None:
        """`keep_seconds`: keep only the last of it; None: all."""
        self.path = path
        self.folder = parts_folder(path)
        self.keep_seconds = keep_seconds
        self.seconds = FILE_SECONDS if keep_seconds is None else min(PART_SECONDS, keep_seconds / 5)

    def parts(self) -> list[Part]:
        """The parts on disk, in order."""
        found = ((path, _NAME.fullmatch(path.name)) for path in sorted(self.folder.glob(f"part-*{self.path.suffix}")))
        return [Part(path, int(match[2]) / 1000) for path, match in found if match and match[3] == self.path.suffix]

    def next_path(self, start: float) -> Path:
        """The path of the next part; numbering continues after those of a killed recorder."""
        last = self.parts()[-1:]
        number = int(last[0].path.name.split("-")[1]) + 1 if last else 1
        return self.folder / f"part-{number:06d}-{round(start * 1000):012d}ms{self.path.suffix}"

    def delete_old(self, now: float) -> None:
        """Delete the parts, and notes beside them, that lie entirely before the last `keep_seconds`. Raises OSError."""
        if self.keep_seconds is None:
            return
        parts = self.parts()
        for part, following in pairwise(parts):
            if following.start <= now - self.keep_seconds:
                part.path.unlink(missing_ok=True)
        for notes in self.folder.glob("*.jsonl"):
            prune_notes(notes, now - self.keep_seconds - self.seconds)

    def remove_folder(self) -> None:
        """Remove the folder if it is empty. That of a show has a marker until the show gives it up."""
        with contextlib.suppress(OSError):  # it holds something, or is gone
            self.folder.rmdir()


_NAME = re.compile(r"part-(\d{6,})-(\d{12,})ms(\.mp4|\.mov)")


def parts_folder(path: Path) -> Path:
    """The folder of the parts of a recording."""
    return path.with_name(f"{path.stem}{SUFFIX}")


@dataclass(frozen=True)
class RecordingClaim:
    """A recording's name, which is ours until `release`."""

    path: Path
    taken: Path | None  # the name that was asked for, if another running show records under it
    _folder: OwnedFolder

    def release(self) -> None:
        """Remove the folder of the parts, unless parts are left in it. They are joined at the next start."""
        self._folder.release()


def claim_recording(path: Path, keep_seconds: float | None) -> RecordingClaim:
    """Claim the first of path, path-2, path-3 ... that is no file and that no other show uses.

    Raises OSError if the folder cannot be written.
    """
    for name in numbered_paths(path):
        if name.exists():
            continue
        try:
            folder = OwnedFolder(parts_folder(name), {"recording": name.name, "keep_seconds": keep_seconds})
        except FileExistsError:
            continue
        return RecordingClaim(name, path if in_use(parts_folder(path)) and name != path else None, folder)
    raise AssertionError("numbered_paths is endless")


def abandoned_recordings(folder: Path) -> list[tuple[RecordingParts, OwnedFolder]]:
    """The recordings in a folder whose shows ended without joining them. They are ours until they are released."""
    found = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        parts = _noted_parts(path, read_marker(path))
        if parts is not None and (owned := OwnedFolder.take_over(path)):
            found.append((parts, owned))
    return found


def _noted_parts(folder: Path, note: dict[str, Any] | None) -> RecordingParts | None:
    name, keep = (note or {}).get("recording"), (note or {}).get("keep_seconds")
    if not isinstance(name, str) or not (keep is None or isinstance(keep, int | float)):
        return None
    path = folder.parent / name
    return RecordingParts(path, keep) if parts_folder(path) == folder and path.suffix else None


def delete_parts(parts: list[Part]) -> None:
    """Delete parts that have been joined."""
    for part in parts:
        with contextlib.suppress(FileNotFoundError):
            part.path.unlink()
