"""What a recorder is started with, and where it writes; light, so that main can import it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path


@dataclass(frozen=True)
class RecorderConfig:
    """All that a recorder is started with; small enough to be pickled."""

    ring: Path  # the frame ring to read
    path: Path  # the MP4; if it exists, the recording goes on in -2, -3 ...
    rate: float  # frames a second of the file
    size: tuple[int, int] | None = None  # width and height of the file; None: of the first frame
    keep_seconds: float | None = None  # keep only the last of it, in parts that are joined at the end; None: keep all
    reserve_bytes: int = 100_000_000  # of the disk, left free for the journal and everybody else


def free_path(path: Path) -> Path:
    """The path itself, or the first of name-2, name-3 ... that does not exist."""
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return path if not path.exists() else next(other for other in numbered if not other.exists())
