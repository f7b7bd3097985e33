"""Read text files that anybody may have written: bounded, in UTF-8 or UTF-16, and never from a pipe or a device."""

from __future__ import annotations

import codecs
import stat
from pathlib import Path

from installation.core.errors import ShowError

MAX_BYTES = 1_000_000  # of a show file or a script: some twenty thousand lines


def read_text(path: Path, what: str, max_bytes: int = MAX_BYTES) -> str:
    """Read a text file. A byte order mark selects UTF-16, as Windows writes it, and is removed.

    Args:
        path: A regular file; a pipe would never end.
        what: Names the file in messages, such as "the script poem.txt".
        max_bytes: A longer file is refused.

    Raises:
        ShowError: The file is missing, too long, not text, or not a regular file.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ShowError(f"{what} cannot be read: it is not a regular file.")
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise ShowError(f"{what} cannot be read: {error.strerror}.") from None
    except ValueError as error:  # a null character in the path
        raise ShowError(f"{what} cannot be read: {error}.") from None
    if len(data) > max_bytes:
        raise ShowError(f"{what} is too long: at most {max_bytes / 1e6:g} MB.")
    try:
        return _decode(data)
    except UnicodeDecodeError:
        raise ShowError(f"{what} is not UTF-8 text.") from None


def _decode(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    return data.decode("utf-8-sig")
