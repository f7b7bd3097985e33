"""Figures that only words choose (`further_figures.toml`)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple


class FurtherFigure(NamedTuple):
    """A figure that the perceptor has not been taught.

    Attributes:
        like: The figure for which it is taken where the perceptor or the sampling prior decides.
        elevation: 0 on the ground, 1 in the air.
        size: Relative to the others.
        paper: The paper that it is cut from, hexadecimal RGB; "" where `figure_papers` says it.
    """

    like: str
    elevation: float
    size: float
    paper: str = ""


def _read() -> dict[str, FurtherFigure]:
    rows = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {name: FurtherFigure(**row) for name, row in rows.items()}


FURTHER = _read()  # in the order of their classes
