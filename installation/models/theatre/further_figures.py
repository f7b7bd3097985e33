"""Figures that only words choose: drawn ones, those cut from glyphs or outlines, further people, who are jointed."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

PEOPLE_FILE = "further_people.toml"
FILES = (
    "further_figures.toml",
    "glyph_figures.toml",
    PEOPLE_FILE,
    "further_glyphs.toml",
    "outlined_figures.toml",
    "further_outlines.toml",
    "object_outlines.toml",
    "place_outlines.toml",
)


class FurtherFigure(NamedTuple):
    """A figure that the perceptor has not been taught.

    Attributes:
        like: The figure for which it is taken where the perceptor or the sampling prior decides.
        elevation: 0 on the ground, 1 in the air.
        size: Relative to the others.
        paper: The paper that it is cut from, hexadecimal RGB; "" where `figure_papers` says it.
        lines, glyph, open: How it is cut from a glyph; see `glyph_figures`.
        shapes: What it is cut from without one; see `outlined_figures`.
        words: English words for it, separated by commas, besides those of `lexicon.toml`.
    """

    like: str
    elevation: float = 0.0
    size: float = 1.0
    paper: str = ""
    lines: str = ""
    glyph: str = ""
    open: tuple[tuple[float, float], ...] = ()
    shapes: tuple[str, ...] = ()
    words: str = ""


def _read() -> dict[str, FurtherFigure]:
    files = (Path(__file__).with_name(name) for name in FILES)
    tables = [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]
    return {name: FurtherFigure(**row) for rows in tables for name, row in rows.items()}


FURTHER_PEOPLE = tuple(tomllib.loads(Path(__file__).with_name(PEOPLE_FILE).read_text(encoding="utf-8")))
FURTHER = _read()  # in the order of their classes
