"""What figures are like, for words and for the stage alike: the table `theatre/figure_traits.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "theatre" / "figure_traits.toml"


def trait(name: str) -> tuple[str, ...]:
    """The figures of a row of the table. Raises KeyError if there is no such row."""
    return tuple(_named(name, _rows()))


@cache
def _rows() -> Mapping[str, str]:
    rows: dict[str, str] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return rows


def _named(row: str, rows: Mapping[str, str]) -> Iterator[str]:
    for name in " ".join(rows[row].split()).split(", "):
        if name.startswith("@"):
            yield from _named(name[1:], rows)
        else:
            yield name
