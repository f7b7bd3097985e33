"""The prompts of a file as jobs: what `batch` and `render` read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from installation.core.errors import ShowError
from installation.core.param_table import MAX_SEED
from installation.show.text_file import read_text
from installation.studio.picture_files import safe_name

MAX_JOBS = 100_000
MAX_BYTES = 100_000_000  # of their file
DELIMITERS = ",;\t"  # of tables: a spreadsheet writes semicolons where the comma is the decimal point


@dataclass(frozen=True)
class Job:
    """One prompt of a batch.

    Attributes:
        number: From 1.
        prompt: What to show.
        seed: Of the dream.
        steps: Iterations.
        settings: Further settings by name, as `--set` takes them.
    """

    number: int
    prompt: str
    seed: int
    steps: int
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The stem of its files, which no other job has."""
        return f"{self.number:03}-{safe_name(self.prompt, 50)}"


def read_jobs(path: Path, seed: int, steps: int) -> list[Job]:
    """Read the prompts of a text file with a prompt on each line, of CSV with a header, or of JSON lines.

    A CSV file has a column `prompt`, a JSON line a key `prompt`; `seed`, `iterations` and any name that `--set` takes
    may be beside it. `seed` and `steps` are the defaults.

    Raises:
        ShowError: The file cannot be read, is empty, or has a row that is no prompt; the message has its number.
    """
    text = read_text(path, f"the batch {path}", MAX_BYTES)
    match path.suffix.lower():
        case ".csv":
            rows = _csv_rows(text, path)
        case ".jsonl" | ".ndjson" | ".json":
            rows = _json_rows(text, path)
        case _:
            lines = enumerate(text.splitlines(), 1)
            rows = [(n, {"prompt": line.strip()}) for n, line in lines if line.strip() and line[:1] != "#"]
    if not rows:
        raise ShowError(f"{path} holds no prompts.")
    if len(rows) > MAX_JOBS:
        raise ShowError(f"{path} holds {len(rows)} prompts: at most {MAX_JOBS}.")
    return [_job(index, row, f"{path}, line {line}", seed, steps) for index, (line, row) in enumerate(rows, 1)]


def _csv_rows(text: str, path: Path) -> list[tuple[int, dict[str, Any]]]:
    """The rows with their lines, by the names of the first row; empty fields are left out."""
    header = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=max(DELIMITERS, key=header.count))
    try:
        names = [name.strip().casefold() for name in next(reader, ())]
        if "prompt" not in names:
            raise ShowError(f"{path} has no column 'prompt': its first line should be: prompt,seed,iterations")
        rows = [(reader.line_num, [" ".join(field.split()) for field in row]) for row in reader]
    except csv.Error as error:
        raise ShowError(f"{path}, line {reader.line_num}: {error}.") from None
    for line, row in rows:
        if any(row[len(names) :]):
            raise ShowError(f"{path}, line {line} has more fields than the first line: quote a text with commas.")
    named = ((line, dict(zip(names, row, strict=False))) for line, row in rows if any(row))
    return [(line, {name: field for name, field in row.items() if name and field}) for line, row in named]


def _json_rows(text: str, path: Path) -> list[tuple[int, dict[str, Any]]]:
    return [(number, _json_row(line, number, path)) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def _json_row(line: str, number: int, path: Path) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        raise ShowError(f'{path}, line {number} is no JSON object such as {{"prompt": "a fox", "seed": 2}}.')
    return row


def _job(number: int, row: Mapping[str, Any], where: str, seed: int, steps: int) -> Job:
    prompt = row.get("prompt")
    if not isinstance(prompt, str) or not prompt.strip():
        raise ShowError(f"{where} has no prompt.")
    numbers = {"seed": seed, "iterations": steps}
    for name in numbers:
        if name in row:
            numbers[name] = _whole(row[name], f"{where}: {name}")
    rest = {str(name): _text(value) for name, value in row.items() if name not in ("prompt", *numbers)}
    return Job(number, prompt.strip(), numbers["seed"], numbers["iterations"], rest)


def _whole(value: Any, where: str) -> int:
    try:
        number = int(str(value))
    except ValueError:
        number = -1
    if not 0 <= number <= MAX_SEED:
        raise ShowError(f"{where} takes a whole number from 0, not '{value}'.")
    return number


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
