"""What figures are like, for words and for the stage alike: the table `theatre/figure_traits.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "theatre"
FILE = FOLDER / "figure_traits.toml"
LIKE = (
    *("glyph_figures.toml", "further_people.toml", "further_glyphs.toml"),
    *("outlined_figures.toml", "further_outlines.toml", "object_outlines.toml", "place_outlines.toml"),
)


def trait(name: str) -> tuple[str, ...]:
    """The figures of a row of the table, and those of the tables LIKE that are like one of them, in steps.

    Raises:
        KeyError: There is no such row.
    """
    named = tuple(_named(name, _rows()))
    return *named, *(name for name, kin in _likes().items() if name not in named and not kin.isdisjoint(named))


@cache
def named_in(name: str) -> tuple[str, ...]:
    """The figures that a row names itself, without those that are like them.

    Raises:
        KeyError: There is no such row.
    """
    return tuple(_named(name, _rows()))


@cache
def jointed_people() -> frozenset[str]:
    """The figures that an audience sees in the pose of what they do: a person, or several who all do the same."""
    rows = tomllib.loads((FOLDER / "people.toml").read_text(encoding="utf-8"))
    return frozenset(rows)


@cache
def _likes() -> Mapping[str, frozenset[str]]:
    """The figures of LIKE, with those that they are like, and all that these are like in turn."""
    tables = [tomllib.loads((FOLDER / name).read_text(encoding="utf-8")) for name in LIKE]
    like = {name: row["like"] for rows in tables for name, row in rows.items()}
    return {name: frozenset(_chain(name, like)) for name in like}


def _chain(name: str, like: Mapping[str, str]) -> Iterator[str]:
    while name in like:
        name = like[name]
        yield name


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
