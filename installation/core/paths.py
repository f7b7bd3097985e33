"""The folders that come with Laterna, and names for new files."""

from __future__ import annotations

from itertools import count
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def _bundled(name: str) -> Path:
    """A folder of the repository: beside the package in a checkout, inside the package in an installed wheel."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


ASSETS = _bundled("assets")
SHOWS = _bundled("shows")


def is_file(path: Path) -> bool:
    """Whether there is such a file; False, unlike `Path.is_file`, for a name that no file can have."""
    try:
        return path.is_file()
    except OSError:
        return False


def free_path(path: Path) -> Path:
    """The path itself, or the first of name-2, name-3 ... that does not exist."""
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return path if not path.exists() else next(other for other in numbered if not other.exists())
