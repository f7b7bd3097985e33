"""Whisper's published model files: which we know, where they lie, and whether one is what it says it is.

Nothing here goes to the network: a show never downloads.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from installation.core.errors import ShowError

_SOURCE = "https://openaipublic.azureedge.net/main/whisper/models"


@dataclass(frozen=True)
class WhisperFile:
    """One published file."""

    file: str
    sha256: str
    size: int  # bytes; 0 where we know it only roughly
    cpu_seconds: float  # that one decode of 20 tokens takes on two cores

    @property
    def source(self) -> str:
        """Where the operator finds it."""
        return f"{_SOURCE}/{self.sha256}/{self.file}"


PUBLISHED = {
    "tiny.en": WhisperFile(
        "tiny.en.pt", "d3dd57d32accea0b295c96e26691aa14d8822fac7d9d27d5dc00b4ca2826dd03", 75_571_315, 0.59
    ),
    "base.en": WhisperFile("base.en.pt", "25a8566e1d0c1e2231d1c762132cd20e0f96a85d16145c3a00adf5d1ac670ead", 0, 1.07),
    "small.en": WhisperFile(
        "small.en.pt", "f953ad0fd29cacd07d5a9eda5624af0f6bcf2258be67c92b79389873d91e0872", 483_615_683, 2.79
    ),
    "turbo": WhisperFile(
        "large-v3-turbo.pt",
        "aff26ae408abcba5fbf8813c21e62b0941638c5f6eebfb145be0c9839262a19a",
        1_617_941_637,
        14.6,
    ),
}
PREFERRED = {  # the best first of those that keep up with a speaker
    "cpu": ("base.en", "tiny.en", "small.en"),
    "cuda": ("turbo", "small.en", "base.en", "tiny.en"),
}


def present(folder: Path, device: str, language: str) -> str:
    """The name of the published model in `folder` that suits the device and the language best; empty: none."""
    for name in PREFERRED["cuda" if device.startswith("cuda") else "cpu"]:
        if (folder / PUBLISHED[name].file).is_file() and (language == "en" or not name.endswith(".en")):
            return name
    return ""


def checked(path: Path, known: WhisperFile, tell: Callable[[str], None]) -> Path:
    """`path`, if the file is the published one; else ShowError.

    The whole file is read once: the result is remembered beside it, with its size and time of change. `tell` hears
    where that cannot be written (the next start then takes longer).
    """
    size = path.stat().st_size
    if known.size and size != known.size:
        raise ShowError(f"{path} has {size:,} bytes instead of {known.size:,}: fetch it again from {known.source}.")
    if _remembered(path) != known.sha256:
        found = sha256_of(path)
        if found != known.sha256:
            raise ShowError(f"{path} is damaged or another file (sha256 {found[:12]}…): fetch it from {known.source}.")
        _remember(path, found, tell)
    return path


def sha256_of(path: Path) -> str:
    """The hash of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _note(path: Path) -> Path:
    return path.with_name(f"{path.name}.checked.json")


def _stamp(path: Path) -> dict[str, int]:
    state = path.stat()
    return {"size": state.st_size, "changed_ns": state.st_mtime_ns}


def _remembered(path: Path) -> str:
    """The hash that was found before, if the file has not changed since; a damaged note is no note."""
    try:
        note = json.loads(_note(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    if not isinstance(note, dict) or any(note.get(key) != value for key, value in _stamp(path).items()):
        return ""
    return str(note.get("sha256", ""))


def _remember(path: Path, found: str, tell: Callable[[str], None]) -> None:
    try:
        _note(path).write_text(json.dumps({"sha256": found, **_stamp(path)}), encoding="utf-8")
    except OSError as error:
        tell(f"{path} is read whole at every start, since nothing can be written beside it ({error.strerror}).")
