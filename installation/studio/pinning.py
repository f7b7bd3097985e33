"""Names pinned pictures in show files and scripts; everything else in these files stays as it is."""

from __future__ import annotations

import re
from pathlib import Path

from installation.core.errors import ShowError
from installation.core.paths import writing
from installation.show.text_file import read_text

_CUE = re.compile(r"^\s*\[\[\s*cue\s*\]\]")
_TABLE = re.compile(r"^\s*\[")
_CUE_PICTURE = re.compile(r"^(\s*)picture\s*=")
_ARROW = re.compile(r"(^|\s)=>(\s|$)")
_LINE_PICTURE = re.compile(r"(;?\s*)picture\s*=\s*[^;]*")


def pin_cue(path: Path, index: int, name: str) -> None:
    """Set `picture` of the cue number `index`, from 1, in a show file.

    Raises:
        ShowError: The file cannot be read or written, or the cue is not found as a [[cue]] table.
    """
    rows = read_text(path, f"the show file {path}").splitlines(keepends=True)
    headers = [number for number, row in enumerate(rows) if _CUE.match(row)]
    if index > len(headers):
        raise ShowError(f"{path} has no [[cue]] table number {index}: write its cues as [[cue]] tables.")
    first = headers[index - 1] + 1
    end = next((number for number in range(first, len(rows)) if _TABLE.match(rows[number])), len(rows))
    present = [number for number in range(first, end) if _CUE_PICTURE.match(rows[number])]
    row = f'picture = "{name}"\n'
    if present:
        rows[present[0]] = row
    else:
        if not rows[first - 1].endswith("\n"):
            rows[first - 1] += "\n"
        rows.insert(first, row)
    _write(path, "".join(rows))


def pin_line(path: Path, index: int, name: str) -> None:
    """Add `picture = name` to the line number `index`, from 1, of a script; comments and blank lines do not count.

    Raises:
        ShowError: The file cannot be read or written, or has no such line.
    """
    rows = read_text(path, f"the script {path}").splitlines()
    lines = [number for number, row in enumerate(rows) if row.strip() and not row.lstrip("\ufeff ").startswith("#")]
    if index > len(lines):
        raise ShowError(f"{path} has no line {index}.")
    row = rows[lines[index - 1]].rstrip()
    read, arrow, rest = _split(row)
    kept = _LINE_PICTURE.sub("", rest).strip().strip(";").strip() if arrow else ""
    rows[lines[index - 1]] = f"{read} => {kept + '; ' if kept else ''}picture = {name}"
    _write(path, "\n".join(rows) + "\n")


def _split(row: str) -> tuple[str, bool, str]:
    """The words of a row, whether it has an arrow, and what follows the arrow."""
    match = _ARROW.search(row)
    return (row, False, "") if match is None else (row[: match.start()], True, row[match.end() :])


def _write(path: Path, text: str) -> None:
    """Replace the file atomically: a reader gets the old text or the new one."""
    temporary = path.with_name(path.name + ".new")
    with writing(path):
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
