"""Keeps where a show is on disk, so that a show that starts after a power cut or a crash goes on there.

A file beside the log, written whole or not at all, in a thread: within a second when words, cues or the queue change,
and every ten seconds at most for values alone, which may move all the time. A show that ends in order removes it.
"""

from __future__ import annotations

import contextlib
import json
import os
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from installation.conductor.resumption import SavedState
from installation.core.errors import Rejected
from installation.core.messages import Prompt
from installation.core.os_support import flush_folder
from installation.core.params import coerce, find_value
from installation.journal.codec import decode, encode
from installation.show.settings import Show

VERSION = 1
VALUES_SECONDS = 10.0  # between two writings where only values have moved
WORDS_SECONDS = 3600.0  # after which the words of the time before are not shown any more


class Resume:
    """The file of one show. All times are seconds of the POSIX clock."""

    def __init__(self, show: Show, name: str) -> None:
        """`name`: of the show. Without a log, or with `log.resume = false`, nothing is kept."""
        kept = show.log.log_folder and show.log.resume
        self._path = Path(show.log.log_folder) / f"resume-{name}.json" if kept else None
        self._with_words = show.journal.words
        self._kept: SavedState | None = None
        self._kept_at = 0.0
        self._waiting: tuple[SavedState, float] | None = None  # not written yet, and when it was so
        self._thread = ThreadPoolExecutor(1, "resume")
        self._writing: Future[None] | None = None
        self._failed = False

    def read(self, now: float) -> SavedState | None:
        """Where the show was when it ended unexpectedly; None if it did not, or if that cannot be read."""
        if self._path is None:
            return None
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
            saved = _decoded(data) if data["version"] == VERSION else None
            old = now - float(data["at"]) > WORDS_SECONDS
        except (OSError, ValueError, TypeError, KeyError, AttributeError):  # there is none, or it is damaged
            return None
        return replace(saved, shown=(), waiting=(), held=()) if saved and old else saved

    def keep(self, saved: SavedState, now: float) -> str:
        """Write where the show is, unless nothing has changed, or only values a moment ago.

        Returns a sentence once if the disk refuses.
        """
        if self._path is None or (self._writing and not self._writing.done()):
            return ""
        error = self._writing.exception() if self._writing else None
        if not error and (saved == self._kept or self._may_wait(saved, now)):
            self._waiting = (saved, now) if saved != self._kept else None
            return ""
        self._write(self._path, saved, now)
        if not error or self._failed:
            return ""
        self._failed = True
        return f"Where the show is cannot be kept in {self._path}: {error}."

    def _may_wait(self, saved: SavedState, now: float) -> bool:
        """Whether only values have moved since the last writing, and that was a moment ago."""
        only_values = self._kept is not None and replace(saved, values=self._kept.values) == self._kept
        return only_values and abs(now - self._kept_at) < VALUES_SECONDS  # a clock that was set back ends no waiting

    def _write(self, path: Path, saved: SavedState, now: float) -> None:
        self._kept, self._kept_at, self._waiting = saved, now, None
        kept = saved if self._with_words else replace(saved, shown=(), waiting=(), held=())
        self._writing = self._thread.submit(_write, path, kept, now)

    def close(self, in_order: bool) -> None:
        """Wait for the disk; remove the file if the show has ended in order, and not by an accident."""
        if self._path and self._waiting and not in_order:
            self._write(self._path, *self._waiting)
        self._thread.shutdown()
        if self._path and in_order:
            with contextlib.suppress(OSError):  # a disk that refuses: the next show goes on here, the report is written
                self._path.unlink()


def _write(path: Path, saved: SavedState, now: float) -> None:
    text = json.dumps(_encoded(saved, now), ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    with partial.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    flush_folder(path.parent)


def _encoded(saved: SavedState, now: float) -> dict[str, Any]:
    words = {name: [encode(prompt) for prompt in getattr(saved, name)] for name in ("shown", "waiting", "held")}
    return {"version": VERSION, "at": now, **vars(saved), **words}


def _decoded(data: dict[str, Any]) -> SavedState:
    """Raises ValueError and the like for a damaged file; values that this version does not know are left out."""
    values = {}
    for name, value in data["values"].items():
        try:
            values[name] = coerce(find_value(name), value)
        except Rejected:
            continue
    words = {name: tuple(_prompt(each) for each in data[name]) for name in ("shown", "waiting", "held")}
    return SavedState(values, int(data["cue"]), int(data["standby"]), **words, panic=bool(data["panic"]))


def _prompt(data: dict[str, Any]) -> Prompt:
    prompt = decode(data)
    if not isinstance(prompt, Prompt):
        raise TypeError("not a prompt")
    return prompt
