"""The files of a journal: parts of one performance, rotated by size; earlier performances, named by their start.

The current part of `a.jsonl` is `a.jsonl`, the parts before it are `a.jsonl.1` to `a.jsonl.3`. When the next
performance starts, they become `a-20261128T230216123456Z.jsonl`, `a-20261128T230216123456Z.jsonl.1`, and so on, by the
start of their performance in UTC. Except for empty files, nothing but a journal is ever renamed or removed.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from installation.core.errors import ShowError
from installation.journal.codec import to_line

OLD_FILES = 3  # parts kept beside the current one
KEPT_PERFORMANCES = 8  # earlier ones
MAX_HEADER_BYTES = 1 << 20
STAMP = "%Y%m%dT%H%M%S%fZ"
KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@dataclass(frozen=True)
class JournalLine:
    """A line with its newline, and whether a new file begins with it."""

    data: bytes
    begins_part: bool = False


class RotatingFiles:
    """Appends lines to `path`, and rotates the files of this performance where a line begins a new part."""

    def __init__(self, path: Path, header: Mapping[str, object]) -> None:
        """Keep what earlier performances left there, and create the file.

        Raises:
            ShowError: Something that is not a journal is in the place of one of the files.
            OSError: The file cannot be created.
        """
        self.path = path
        self._header = header
        self._part = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        keep_earlier_performances(path)
        self._file: BinaryIO | None = self._open()

    @property
    def header_size(self) -> int:
        """Bytes of the header of the current file."""
        return self._header_size

    def write(self, lines: list[JournalLine]) -> None:
        """Append lines, and remove those that are written from the list. Raises OSError."""
        while lines:
            if lines[0].begins_part and self._file is not None and self._size > self._header_size:
                self._file.close()
                self._file = None
            if self._file is None:
                self._file = self._open()
            count = next((i for i, line in enumerate(lines) if i and line.begins_part), len(lines))
            self._append(b"".join(line.data for line in lines[:count]))
            del lines[:count]

    def close(self) -> None:
        """Close the current file."""
        if self._file is not None:
            self._file.close()

    def _open(self) -> BinaryIO:
        """Create a file with its header, and rotate the ones before it. Raises OSError, and leaves no file then."""
        if os.path.lexists(self.path):
            self._rotate()
        file = self.path.open("xb", buffering=0)
        self._file, self._size = file, 0
        try:
            self._append(to_line({**self._header, "part": self._part + 1}))
        except OSError:
            file.close()
            self._file = None
            self.path.unlink()
            raise
        self._part += 1
        self._header_size = self._size
        return file

    def _append(self, data: bytes) -> None:
        """Write all of the data or, with an OSError, none of it."""
        assert self._file is not None
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError:
            self._file.truncate(self._size)
            self._file.seek(self._size)
            raise
        self._size += len(data)

    def _rotate(self) -> None:
        """Rename the files of this performance. Raises OSError if another file is in the place of one of them."""
        files = [file for file in _parts(self.path) if os.path.lexists(file)]
        began = datetime.fromisoformat(str(self._header["began"]))
        for file in files:
            if start_of(file) != began:
                raise FileExistsError(errno.EEXIST, f"{file.name} is not a part of this journal")
        for number in range(OLD_FILES, 0, -1):
            older = old_path(self.path, number - 1)
            if older in files:
                older.replace(old_path(self.path, number))


def old_path(path: Path, number: int) -> Path:
    """Return the path of a file that was rotated this many times."""
    return path.with_name(f"{path.name}.{number}") if number else path


def start_of(file: Path) -> datetime | None:
    """Return when the performance of a journal's file started; None if it is not a regular file with such a header."""
    if not stat.S_ISREG(file.lstat().st_mode):
        return None
    with file.open("rb") as opened:
        line = opened.readline(MAX_HEADER_BYTES)
    try:
        header = json.loads(line)
        if header["is"] != "journal" or not isinstance(header["part"], int):
            return None
        return datetime.fromisoformat(header["began"]).astimezone(UTC)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def keep_earlier_performances(path: Path) -> None:
    """Rename the files of earlier performances after their start times, and remove those that are too many.

    A program that is restarted again and again leaves many small journals. The smallest is removed first, but never
    the newest, so that the journal of what happened before the first restart is kept. Empty files are removed: a power
    failure may leave one.

    Raises:
        ShowError: Something that is not a journal is in the place of one of the files. Nothing is renamed then.
        OSError: A file cannot be read or renamed.
    """
    performances: dict[datetime, list[Path]] = {}
    empty = []
    for file in _parts(path):
        if not os.path.lexists(file):
            continue
        status = file.lstat()
        start = start_of(file)
        if start is not None:
            performances.setdefault(start, []).append(file)
        elif stat.S_ISREG(status.st_mode) and status.st_size == 0:
            empty.append(file)
        else:
            kind = KINDS.get(stat.S_IFMT(status.st_mode), "another file")
            raise ShowError(f"the journal cannot be written to {path}: {file} is {kind}, not a journal of Laterna.")
    for file in empty:
        file.unlink()
    for start, files in performances.items():
        kept = path.with_name(f"{path.stem}-{start.strftime(STAMP)}{path.suffix}")
        for number, file in reversed(
            list(enumerate(files))
        ):  # the newest last: if this is interrupted, the next goes on
            file.replace(old_path(kept, number))
    _remove_small_performances(path)


def _remove_small_performances(path: Path) -> None:
    pattern = re.compile(re.escape(path.stem) + r"-\d{8}T\d{12}Z" + re.escape(path.suffix))
    kept = sorted(each for each in path.parent.iterdir() if pattern.fullmatch(each.name))
    kept = [each for each in kept if start_of(each) is not None]
    while len(kept) > KEPT_PERFORMANCES:
        smallest = min(reversed(kept[:-1]), key=_bytes_of)  # the later of two equal ones
        kept.remove(smallest)
        for file in _parts(smallest):
            if file.exists() and start_of(file) is not None:
                file.unlink()


def _bytes_of(performance: Path) -> int:
    return sum(file.stat().st_size for file in _parts(performance) if file.exists())


def _parts(path: Path) -> list[Path]:
    """All paths that the parts of one performance may have, the current one first."""
    return [old_path(path, number) for number in range(OLD_FILES + 1)]
