"""The folders that come with Laterna, and names for new files."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from installation.core.errors import ShowError

_PACKAGE = Path(__file__).resolve().parents[1]


def _bundled(name: str) -> Path:
    """A folder of the repository: beside the package in a checkout, inside the package in an installed wheel."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


ASSETS = _bundled("assets")
SHOWS = _bundled("shows")


def pip_install(extra: str) -> str:
    """The command that installs one of Laterna's extras: from the folder of a checkout, which no index has."""
    checkout = _PACKAGE.parent if (_PACKAGE.parent / "pyproject.toml").is_file() else "laterna"
    return f"pip install '{checkout}[{extra}]'"


def is_file(path: Path) -> bool:
    """Whether there is such a file; False, unlike `Path.is_file`, for a name that no file can have."""
    try:
        return path.is_file()
    except OSError:
        return False


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Report a file that cannot be written.

    Raises:
        ShowError: Instead of an OSError.
    """
    try:
        yield
    except OSError as error:
        raise ShowError(f"{path} cannot be written: {error.strerror or error}.") from None


def write_result(path: Path, write: Callable[[Path], object]) -> None:
    """Write what took long to make, under the same name into a temporary folder if its place fails meanwhile.

    Args:
        path: The file.
        write: Writes it, and files beside it, to the path that it gets.

    Raises:
        ShowError: Instead of an OSError; it says where the result is instead.
    """
    try:
        write(path)
    except OSError as error:
        told = f"{path} cannot be written: {error.strerror or error}"
        rescued = _write_elsewhere(path.name, write)
        raise ShowError(f"{told}; it is kept as {rescued}." if rescued else f"{told}.") from None


def _write_elsewhere(name: str, write: Callable[[Path], object]) -> Path | None:
    """Write a result into a new temporary folder; return its path, or None if it has no room either."""
    folder = None
    try:
        folder = Path(tempfile.mkdtemp(prefix="laterna-"))
        write(folder / name)
    except OSError:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        return None
    return folder / name


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is whole; if that fails or is interrupted, what was there before stays. Raises OSError."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def numbered_paths(path: Path) -> Iterator[Path]:
    """The path itself, name-2, name-3 ..., without end."""
    yield path
    for number in count(2):
        yield path.with_stem(f"{path.stem}-{number}")


def free_path(path: Path) -> Path:
    """The path itself, or the first of name-2, name-3 ... that does not exist."""
    return next(each for each in numbered_paths(path) if not each.exists())


def create_free(path: Path) -> Path:
    """Create an empty file under the first of these names that nobody uses; return its path. Raises OSError."""
    for each in numbered_paths(path):
        with contextlib.suppress(FileExistsError):
            each.open("xb").close()
            return each
    raise AssertionError("numbered_paths is endless")
