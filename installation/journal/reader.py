"""Read a journal: the messages of one performance in order, and what each of its renderers was sent and drew."""

from __future__ import annotations

import json
import math
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from installation.core.errors import ShowError
from installation.core.messages import Direction, FrameReady
from installation.core.paths import is_file
from installation.journal.codec import JournalGap, JournalState, Message, RendererStarted, decode
from installation.journal.files import OLD_FILES, old_path
from installation.journal.frames import FrameDecoder
from installation.journal.writer import VERSION

READABLE_VERSIONS = (2, 3, VERSION)


@dataclass(frozen=True)
class JournalEntry:
    """A message and its time, in seconds since the first message."""

    t: float
    message: Message
    characters: int = 0  # of what people said, if it was left out


@dataclass(frozen=True)
class RendererLife:
    """What one renderer process was started with, was sent, and drew."""

    start: RendererStarted
    directions: tuple[Direction, ...]
    frames: tuple[FrameReady, ...]


@dataclass(frozen=True)
class JournalRecord:
    """One performance."""

    started_at: str  # ISO 8601, UTC
    has_words: bool  # False: what people said was left out, so that it cannot be replayed
    metadata: dict[str, Any]  # show, seed and settings, as the writer was given them
    entries: tuple[JournalEntry, ...]
    complete: bool  # False: the beginning was rotated away, or messages are missing

    def renderer_lives(self) -> tuple[RendererLife, ...]:
        """Return the renderers in order. Messages before the first known start of one are left out."""
        lives: list[tuple[RendererStarted, list[Direction], list[FrameReady]]] = []
        for entry in self.entries:
            if isinstance(entry.message, RendererStarted):
                lives.append((entry.message, [], []))
            elif lives and isinstance(entry.message, Direction):
                lives[-1][1].append(entry.message)
            elif lives and isinstance(entry.message, FrameReady):
                lives[-1][2].append(entry.message)
        return tuple(RendererLife(start, tuple(directions), tuple(frames)) for start, directions, frames in lives)

    def from_first_renderer(self) -> tuple[JournalEntry, ...]:
        """Return the entries from the first known start of a renderer, with times counted from there."""
        starts = (i for i, entry in enumerate(self.entries) if isinstance(entry.message, RendererStarted))
        kept = self.entries[next(starts, len(self.entries)) :]
        return tuple(replace(entry, t=entry.t - kept[0].t) for entry in kept)


def read_journal(path: Path) -> JournalRecord:
    """Read the performance whose newest file is at `path`, together with its older files beside it.

    An incomplete last line, as a killed process leaves it, is ignored.

    Raises:
        ShowError: a file is missing, damaged, not a journal, or of a version that cannot be read.
    """
    header, entries = _read_file(path)
    parts = {_part(header): entries}
    for number in range(1, OLD_FILES + 1):
        older = old_path(path, number)
        if is_file(older):
            other, entries = _read_file(older)
            if other["began"] == header["began"]:
                parts[_part(other)] = entries
    ordered = tuple(entry for part in sorted(parts) for entry in _expand_state(parts[part], part - 1 in parts))
    contiguous = sorted(parts) == list(range(1, len(parts) + 1))
    complete = contiguous and not any(isinstance(entry.message, JournalGap) for entry in ordered)
    return JournalRecord(
        started_at=str(header["began"]),
        has_words=header.get("words") is True,
        metadata=header["about"],
        entries=ordered,
        complete=complete,
    )


def _expand_state(entries: list[JournalEntry], continued: bool) -> list[JournalEntry]:
    """Remove the state at the beginning of a part; if the part before it is missing, start a renderer there instead."""
    if not entries or not isinstance(entries[0].message, JournalState):
        return entries
    state, t = entries[0].message, entries[0].t
    if continued or not state.directions:
        return entries[1:]
    start = RendererStarted(state.latents, state.directions[0])
    messages: list[Message] = [start, *state.directions, *state.stage]
    return [*(JournalEntry(t, message) for message in messages), *entries[1:]]


def _part(header: dict[str, Any]) -> int:
    return int(header["part"])


def _read_file(path: Path) -> tuple[dict[str, Any], list[JournalEntry]]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would never end
            raise ShowError(f"the journal {path} is not a regular file.")
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise ShowError(f"the journal {path} cannot be read: {error.strerror}.") from None
    header = _header(lines[0], path)
    frames = FrameDecoder()
    return header, [_entry(line, number, path, frames) for number, line in enumerate(lines[1:-1], 2)]


def _header(line: bytes, path: Path) -> dict[str, Any]:
    try:
        header = json.loads(line)
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict) or header.get("is") != "journal":
        raise ShowError(f"{path} is not a journal of Laterna: its first line is not a header.")
    if header.get("version") not in READABLE_VERSIONS:
        known = f"{', '.join(map(str, READABLE_VERSIONS[:-1]))} and {READABLE_VERSIONS[-1]}"
        raise ShowError(f"{path} is a journal of version {header.get('version')}; this Laterna reads versions {known}.")
    types = {"began": str, "part": int, "about": dict}
    if not all(isinstance(header.get(key), kind) for key, kind in types.items()):
        raise ShowError(f"{path}, line 1: the header is damaged.")
    return header


def _entry(line: bytes, number: int, path: Path, frames: FrameDecoder) -> JournalEntry:
    try:
        return parse_entry(json.loads(line), frames)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise ShowError(f"{path}, line {number} is damaged: {error}.") from None


def parse_entry(value: Any, frames: FrameDecoder) -> JournalEntry:
    """Restore an entry from the JSON of its line; `frames` has decoded the lines before it. Raises ValueError."""
    if isinstance(value, list) and value:
        return JournalEntry(_time(value[0]), frames.decode(value))
    t = value.pop("t", None) if isinstance(value, dict) else None
    if t is None:
        raise ValueError("it has no time")
    characters = int(value.pop("characters", 0))
    message = decode(value)
    if isinstance(message, FrameReady):
        frames.note(message)
    return JournalEntry(_time(t), message, characters)


def _time(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"it cannot have the time {value!r}")
    return float(value)
