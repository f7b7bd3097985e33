"""The index of a folder's pictures and films for `search`: embeddings beside the files, renewed by time and by hash."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import numpy as np

from installation.core.errors import ShowError
from installation.core.model_files import sha256_of
from installation.core.paths import write_whole
from installation.core.prompt_text import PICTURE_SUFFIXES
from installation.models.image_files import read_image
from installation.models.interfaces import Floats, Perceptor, Picture
from installation.studio.classify import BATCH, embed_pictures
from installation.studio.picture_files import SUFFIXES, read_settings

INDEX_NAME = ".laterna-search.npz"
SHEETS = ("search", "classify", "storyboard")  # commands that write contact sheets
FILM_SUFFIXES = (".mp4", ".mov", ".mkv", ".webm", ".m4v")

Rows = tuple[list[float], Floats]  # of a file: seconds and embeddings of its pictures


class Entry(NamedTuple):
    """A picture, or a frame of a film."""

    file: str  # relative to the folder, with forward slashes
    seconds: float  # of the frame in its film; -1 for a picture


class FileState(NamedTuple):
    """What a file was when it was embedded."""

    size: int
    changed_ns: int
    sha256: str


@dataclass(frozen=True)
class SearchIndex:
    """Embedded pictures and frames of a folder.

    Attributes:
        entries: In order of the files' names.
        embeddings: [entries, d], unit rows.
        problems: A sentence for each file that could not be read.
    """

    entries: tuple[Entry, ...]
    embeddings: Floats
    problems: tuple[str, ...]


class Indexer:
    """Brings the index of one folder up to date."""

    def __init__(self, folder: Path, perceptor: Perceptor, device: str, every_seconds: float) -> None:
        """Read the index that is there.

        Args:
            folder: Searched with all folders below.
            perceptor: On `device`; an index of another one is built again.
            device: Of the perceptor.
            every_seconds: Between two frames of a film.
        """
        self._folder, self._perceptor, self._device = folder, perceptor, device
        self._every = every_seconds
        self._states: dict[str, FileState] = {}
        self._rows: dict[str, Rows] = {}
        self._read()

    def update(self, progress: Callable[[int, int], None] = lambda _done, _total: None) -> SearchIndex:
        """Embed what is new or changed, forget what is gone, write the index, and return it.

        Ctrl-C keeps what is embedded.

        Raises:
            ShowError: The folder has no picture that can be read, or is not a folder.
        """
        files = searchable_files(self._folder)
        known, before = self._rows, self._states
        self._rows, self._states = {}, {}
        by_hash = {before[file].sha256: rows for file, rows in known.items()}
        problems, changed = [], set(known) != set(files)
        try:
            for done, file in enumerate(files):
                try:
                    changed = self._take(file, before.get(file), by_hash) or changed
                except (ShowError, OSError) as error:
                    problems.append(str(error))
                progress(done + 1, len(files))
        except KeyboardInterrupt:  # the next search goes on from here
            self._rows, self._states = {**known, **self._rows}, {**before, **self._states}
            self._write()
            raise
        if not self._rows:
            raise ShowError(f"{self._folder} has no picture or film that can be read.")
        if changed:
            problems += self._write()
        entries = tuple(Entry(file, at) for file, (seconds, _) in self._rows.items() for at in seconds)
        return SearchIndex(entries, np.concatenate([rows for _, rows in self._rows.values()]), tuple(problems))

    def _take(self, file: str, before: FileState | None, by_hash: Mapping[str, Rows]) -> bool:
        """Embed a file unless its bytes are known; return whether that is new. Raises ShowError and OSError."""
        path = self._folder / file
        now = path.stat()
        same = before is not None and (before.size, before.changed_ns) == (now.st_size, now.st_mtime_ns)
        state = before if before is not None and same else FileState(now.st_size, now.st_mtime_ns, sha256_of(path))
        rows = by_hash.get(state.sha256)
        new = rows is None
        if rows is None:
            if _is_sheet(path):
                return False
            rows = self._embedded(file)
        self._states[file], self._rows[file] = state, rows
        return new or not same

    def _embedded(self, file: str) -> Rows:
        path = self._folder / file
        seconds, rows, batch = [], [], []
        for at, picture in read_frames(path, self._every):
            seconds.append(at)
            batch.append(picture)
            if len(batch) == BATCH:
                rows.append(embed_pictures(self._perceptor, batch, self._device))
                batch = []
        if batch:
            rows.append(embed_pictures(self._perceptor, batch, self._device))
        return seconds, np.concatenate(rows).astype(np.float16).astype(np.float32)

    def _read(self) -> None:
        """Take over an index of the same perceptor and spacing; any other is ignored and written anew."""
        try:
            with (self._folder / INDEX_NAME).open("rb") as source, np.load(source) as file:
                if (str(file["perceptor"]), float(file["every"])) != (self._perceptor.name, self._every):
                    return
                names, counts = file["files"].tolist(), file["counts"].tolist()
                sizes, times, hashes = (file[key].tolist() for key in ("sizes", "changed", "hashes"))
                seconds, rows = file["seconds"], file["embeddings"].astype(np.float32)
        except (OSError, EOFError, KeyError, ValueError, BadZipFile, zlib.error):
            return
        ends = np.cumsum(counts).tolist()
        for name, count, end, *state in zip(names, counts, ends, sizes, times, hashes, strict=True):
            self._states[name] = FileState(*state)
            self._rows[name] = (seconds[end - count : end].tolist(), rows[end - count : end])

    def _write(self) -> list[str]:
        """Write the index; return a sentence if the folder cannot be written."""
        if not self._rows:
            return []
        states = [self._states[file] for file in self._rows]
        content = BytesIO()
        np.savez_compressed(
            content,
            perceptor=np.array(self._perceptor.name),
            every=np.array(self._every),
            files=np.array(list(self._rows)),
            counts=np.array([len(seconds) for seconds, _ in self._rows.values()]),
            sizes=np.array([state.size for state in states]),
            changed=np.array([state.changed_ns for state in states]),
            hashes=np.array([state.sha256 for state in states]),
            seconds=np.concatenate([np.array(seconds) for seconds, _ in self._rows.values()]),
            embeddings=np.concatenate([rows for _, rows in self._rows.values()]).astype(np.float16),
        )
        try:
            write_whole(self._folder / INDEX_NAME, content.getvalue())
        except OSError as error:
            return [f"The index cannot be kept in {self._folder} ({error.strerror}): the next search takes as long."]
        return []


def searchable_files(folder: Path) -> list[str]:
    """The pictures and films below a folder, relative to it. Raises ShowError if it is not a folder."""
    if not folder.is_dir():
        raise ShowError(f"{folder} is not a folder: name the one that holds the pictures.")
    suffixes = PICTURE_SUFFIXES + FILM_SUFFIXES
    found = (path for path in folder.rglob("*") if path.suffix.lower() in suffixes and path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in found)


def pictures_in(folder: Path) -> list[Path]:
    """The pictures below a folder, without films. Raises ShowError if it is not a folder."""
    return [folder / file for file in searchable_files(folder) if not file.lower().endswith(FILM_SUFFIXES)]


def _is_sheet(path: Path) -> bool:
    """Whether a picture is a contact sheet of Laterna's, which would be found for everything that it shows."""
    if path.suffix.lower() not in SUFFIXES:
        return False
    try:
        return read_settings(path).get("command") in SHEETS
    except ShowError:  # of another program
        return False


def read_frames(path: Path, every_seconds: float) -> Iterator[tuple[float, Picture]]:
    """Yield the picture of a file, with time -1, or frames of a film with their seconds.

    Raises:
        ShowError: The file is damaged, or holds no picture.
    """
    if path.suffix.lower() in PICTURE_SUFFIXES:
        yield -1.0, read_image(path)
        return
    from installation.outputs.film_frames import film_frames

    yield from film_frames(path, every_seconds)
