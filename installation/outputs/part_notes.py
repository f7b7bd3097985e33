"""Notes of what happened during a recording, with its time, kept beside the parts until these are joined."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

MAX_BYTES = 100_000_000  # of the file; a longer one is not Laterna's
PRUNE_BYTES = 50_000  # from this size on, old notes are deleted


def add_note(path: Path, note: dict[str, Any]) -> None:
    """Append a note, in one piece; `note["at"]` is its time. Raises OSError."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(note) + "\n")


def read_notes(path: Path) -> list[dict[str, Any]]:
    """The notes by their time; a line that a kill has torn is left out. Raises OSError."""
    if not path.is_file() or path.stat().st_size > MAX_BYTES:
        return []
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            note = json.loads(line)
            found.append({**note, "at": float(note["at"])})
        except (ValueError, KeyError, TypeError):
            continue
    return sorted(found, key=lambda note: note["at"])


def prune_notes(path: Path, before: float) -> None:
    """Delete the notes of a long file from before this time, except the last one of them. Raises OSError."""
    if not path.is_file() or path.stat().st_size < PRUNE_BYTES:
        return
    notes = read_notes(path)
    old = sum(note["at"] < before for note in notes)
    if old < 2:
        return
    shorter = path.with_suffix(".new")
    shorter.write_text("".join(json.dumps(note) + "\n" for note in notes[old - 1 :]), encoding="utf-8")
    shorter.replace(path)
