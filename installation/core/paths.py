"""File names."""

from __future__ import annotations

from itertools import count
from pathlib import Path


def free_path(path: Path) -> Path:
    """The path itself, or the first of name-2, name-3 ... that does not exist."""
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return path if not path.exists() else next(other for other in numbered if not other.exists())
