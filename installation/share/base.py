"""What a recorder is started with; light, so that main can import it."""

from __future__ import annotations

from dataclasses import dataclass
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
