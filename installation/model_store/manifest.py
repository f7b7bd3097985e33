"""What is remembered of a fetched file, in a small JSON beside it: hash, size, time of change, source.

The listener reads the same notes (`installation/speech/recognizers/whisper_files.py`).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path

from installation.model_store.catalogue import CatalogueEntry
from installation.speech.recognizers.whisper_files import sha256_of


class TrustState(Enum):
    """How far a model may be trusted."""

    EMBEDDED = "embedded"
    VERIFIED = "verified"  # it has the published hash
    PINNED = "pinned"  # nobody publishes a hash; it has the one of the first fetch
    UNCHECKED = "not checked"  # somebody put it there
    CHANGED = "changed"  # it is not what was fetched any more
    PARTIAL = "broken off"
    ABSENT = "not fetched"


@dataclass(frozen=True)
class ManifestEntry:
    """What was found when the file came."""

    sha256: str
    size: int  # bytes
    changed_ns: int
    source: str = ""
    verified: bool = False

    def fits(self, path: Path) -> bool:
        """Whether the file looks untouched since."""
        state = path.stat()
        return (state.st_size, state.st_mtime_ns) == (self.size, self.changed_ns)


def note_path(path: Path) -> Path:
    """Where the note of a file lies."""
    return path.with_name(f"{path.name}.checked.json")


def part_path(path: Path) -> Path:
    """Where a file grows until it is whole."""
    return path.with_name(f"{path.name}.part")


def read_note(path: Path) -> ManifestEntry | None:
    """The note of a file; a damaged one is none."""
    try:
        found = json.loads(note_path(path).read_text(encoding="utf-8"))
        return ManifestEntry(
            str(found["sha256"]),
            int(found["size"]),
            int(found["changed_ns"]),
            str(found.get("source", "")),
            bool(found.get("verified", False)),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_note(path: Path, sha256: str, source: str, verified: bool) -> None:
    """Pins a file. Raises OSError."""
    state = path.stat()
    note = ManifestEntry(sha256, state.st_size, state.st_mtime_ns, source, verified)
    fresh = note_path(path).with_suffix(".new")
    fresh.write_text(json.dumps(asdict(note), indent=1) + "\n", encoding="utf-8")
    fresh.replace(note_path(path))


def state_of(entry: CatalogueEntry, cache: Path) -> TrustState:
    """How a model stands, by its note; no file is read whole."""
    if entry.embedded:
        return TrustState.EMBEDDED
    path = entry.present(cache)
    if path is None:
        growing = any(part_path(file).is_file() for file in entry.files(cache))
        return TrustState.PARTIAL if growing else TrustState.ABSENT
    note = read_note(path)
    if note is None:
        return TrustState.UNCHECKED
    if not note.fits(path):
        return TrustState.CHANGED
    return TrustState.VERIFIED if note.verified or _published(entry, path, note.sha256) else TrustState.PINNED


def checked_state(entry: CatalogueEntry, cache: Path) -> TrustState:
    """How a model stands, its file read whole and hashed. Raises OSError."""
    path = entry.present(cache)
    if path is None or entry.embedded:
        return state_of(entry, cache)
    found, note = sha256_of(path), read_note(path)
    if note is None:
        return TrustState.VERIFIED if _published(entry, path, found) else TrustState.UNCHECKED
    if note.sha256 != found:
        return TrustState.CHANGED
    return TrustState.VERIFIED if note.verified or _published(entry, path, found) else TrustState.PINNED


def _published(entry: CatalogueEntry, path: Path, sha256: str) -> bool:
    return any(source.sha256 == sha256 for source in entry.sources if source.file == path.name)
