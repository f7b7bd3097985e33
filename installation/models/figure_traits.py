"""What figures are like, for words and for the stage alike: the table `theatre/figure_traits.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "theatre"
FILE = FOLDER / "figure_traits.toml"
GLYPHS = FOLDER / "glyph_figures.toml"


def trait(name: str) -> tuple[str, ...]:
    """The figures of a row of the table, and those of `glyph_figures.toml` that are like one of them.

    Raises:
        KeyError: There is no such row.
    """
    named = tuple(_named(name, _rows()))
    return *named, *(glyph for glyph, like in _likes().items() if like in named and glyph not in named)


@cache
def _likes() -> Mapping[str, str]:
    """The figures of `glyph_figures.toml`, with those that they are like."""
    rows = tomllib.loads(GLYPHS.read_text(encoding="utf-8"))
    return {name: row["like"] for name, row in rows.items()}


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
