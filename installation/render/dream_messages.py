"""What a process of dreams sends to the renderer (see `dream_process`)."""

from __future__ import annotations

from typing import Any, NamedTuple

from installation.models.interfaces import Point


class DreamState(NamedTuple):
    """What the renderer knows of a dream; see `DreamProtocol`.

    Attributes:
        precision: Of the generator, if it is of `MixedPrecision`.
    """

    point: Point
    steps: int
    score: float
    start_score: float
    optimises: bool
    cutouts: int
    most_cutouts: int
    notice: str
    precision: str


class Piece(NamedTuple):
    """A piece of work that is done: whether it was an optimisation step, how long it took, and what came of it."""

    optimised: bool
    seconds: float
    state: DreamState


class Answer(NamedTuple):
    """What a call returned, and the dream after it."""

    value: Any
    state: DreamState | None


class Finished(NamedTuple):
    """All is loaded, or it is known what could not be."""

    error: Exception | None


class Failed(NamedTuple):
    """The work has raised an error, with which the process ends."""

    error: Exception
