"""Keeps a projection that was changed by hand in a file beside the show, without holding the stage up."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from installation.show.projection import KeepProjection
from installation.show.projection_file import KeptProjection, write_projection

WRITE_SECONDS = 0.5  # between two writes, while points are being moved or the disk refuses


class ProjectionStore:
    """Writes the latest state, in a thread of its own, soon after each change and at the end."""

    def __init__(self, path: Path | None, kept: KeptProjection) -> None:
        """Continue with what the file contains; without a path nothing is kept."""
        self._path, self._kept = path, kept
        self._waiting = False
        self._due = 0.0
        self._writer = ThreadPoolExecutor(1, "projection")
        self._writing: Future[None] | None = None
        self._failed = ""

    def keep(self, change: KeepProjection) -> None:
        """Take a change; `write` puts it on disk."""
        self._kept = self._kept.with_window(change.number, change.settings, change.locked)
        self._waiting = self._path is not None

    def write(self, now: float) -> None:
        """Begin to write what has changed, if the last write is over; to be called again and again."""
        if self._writing and self._writing.done():
            if error := self._writing.exception():
                self._fail(error)
                self._waiting = True
            self._writing = None
        if self._waiting and not self._writing and now >= self._due and self._path:
            self._waiting, self._due = False, now + WRITE_SECONDS
            self._writing = self._writer.submit(write_projection, self._path, self._kept)

    def failure(self) -> str:
        """A sentence for the operator if a write has failed since the last call; else ""."""
        failed, self._failed = self._failed, ""
        return failed

    def close(self) -> None:
        """Write what is left; `failure` tells if that is impossible."""
        last = self._writing
        if self._waiting and self._path:
            last = self._writer.submit(write_projection, self._path, self._kept)
        self._writer.shutdown()
        if last and (error := last.exception()):
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        self._failed = f"Cannot keep the projection in {self._path}: {error}."
