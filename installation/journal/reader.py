"""A journal read again: the messages of one performance in order, and the lives of its renderers, for the replay."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from installation.core.errors import ShowError
from installation.core.messages import Direction, FrameReady
from installation.journal.codec import decode
from installation.journal.writer import OLD_FILES, VERSION, JournalGap, RendererStarted, old_path


@dataclass(frozen=True)
class JournalEntry:
    """A message and when it was journaled, in seconds since the first."""

    t: float
    message: Any
    characters: int = 0  # said in it, and left out


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
    has_words: bool  # False: what visitors said was left out, so that it cannot be played again
    metadata: dict[str, Any]  # show, seed, settings, as the journal was given them
    entries: tuple[JournalEntry, ...]
    complete: bool  # False: the beginning was rotated away, or messages are missing

    def renderer_lives(self) -> tuple[RendererLife, ...]:
        """The lives of the renderers, in order; what came before the first known start of one is left out."""
        lives: list[tuple[RendererStarted, list[Direction], list[FrameReady]]] = []
        for entry in self.entries:
            if isinstance(entry.message, RendererStarted):
                lives.append((entry.message, [], []))
            elif lives and isinstance(entry.message, Direction):
                lives[-1][1].append(entry.message)
            elif lives and isinstance(entry.message, FrameReady):
                lives[-1][2].append(entry.message)
        return tuple(RendererLife(began, tuple(directions), tuple(drawn)) for began, directions, drawn in lives)

    def from_first_renderer(self) -> tuple[JournalEntry, ...]:
        """The entries from the first known start of a renderer on, with their times from there; empty without one."""
        starts = (i for i, entry in enumerate(self.entries) if isinstance(entry.message, RendererStarted))
        kept = self.entries[next(starts, len(self.entries)) :]
        return tuple(replace(entry, t=entry.t - kept[0].t) for entry in kept)


def read_journal(path: Path) -> JournalRecord:
    """The performance whose newest file is at `path`, with the older files of the same one beside it.

    A last line that is torn, as a kill leaves it, is left out. Raises ShowError for a file that is missing, damaged,
    foreign, or of a newer Laterna.
    """
    header, lines = _read(path)
    parts = {_part(header): lines}
    for number in range(1, OLD_FILES + 1):
        older = old_path(path, number)
        if older.exists():
            other, its_lines = _read(older)
            if other["began"] == header["began"]:
                parts[_part(other)] = its_lines
    entries = tuple(entry for part in sorted(parts) for entry in parts[part])
    whole = sorted(parts) == list(range(1, len(parts) + 1)) and not any(
        isinstance(e.message, JournalGap) for e in entries
    )
    return JournalRecord(str(header["began"]), header.get("words") is True, header.get("about") or {}, entries, whole)


def _part(header: dict[str, Any]) -> int:
    return int(header["part"])


def _read(path: Path) -> tuple[dict[str, Any], list[JournalEntry]]:
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise ShowError(f"the journal {path} cannot be read: {error.strerror}.") from None
    header = _header(lines[0], path)
    return header, [_entry(line, number, path) for number, line in enumerate(lines[1:-1], 2)]


def _header(line: bytes, path: Path) -> dict[str, Any]:
    try:
        header = json.loads(line)
    except ValueError:
        header = None
    if not isinstance(header, dict) or header.get("is") != "journal":
        raise ShowError(f"{path} is no journal of Laterna: its first line is no header.")
    if header.get("version") != VERSION:
        raise ShowError(f"{path} is a journal of version {header.get('version')}; this Laterna reads {VERSION}.")
    if not isinstance(header.get("began"), str) or not isinstance(header.get("part"), int):
        raise ShowError(f"{path}, line 1: the header is damaged.")
    return header


def _entry(line: bytes, number: int, path: Path) -> JournalEntry:
    try:
        value = json.loads(line)
        if isinstance(value, dict) and isinstance(value.get("t"), (int, float)):
            t, characters = float(value.pop("t")), value.pop("characters", 0)
            if "is" in value:
                return JournalEntry(t, decode(value), int(characters))
            reason = "it is no message"
        else:
            reason = "it has no time"
    except (ValueError, TypeError) as error:
        reason = str(error)
    raise ShowError(f"{path}, line {number} is damaged: {reason}.")
