"""A table below what would lie on one: in a room an audience sees letters, books, cups and candles on a table."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.figure_traits import trait
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import COMPANION_SIDE, SUNK, Figure, extent_of, ground_at
from installation.models.theatre.outlines import lowest_point
from installation.models.theatre.relations import TABLE_TOP
from installation.models.theatre.scene import Ridges, Scene

ON_TABLES = trait("on_tables")  # what stands on a table
TABLE = LABELS.index("table")
TABLE_SIDE, SMALL_TABLE = 0.66, 0.46  # of its square: before the middle of the room, and beside somebody
THING, BESIDE_THING = 1.15, 0.95  # size of a thing on a table, alone or beside another, relative to a companion's
APART = 0.24  # of two things from the middle of the table, in sides of its square
TALLER = 1.35  # how much larger a person is beside a table than as a companion


class Laid(NamedTuple):
    """Figures with a table.

    Attributes:
        table: The table, or None if nothing lies on one.
        subject: Where the subject is.
        companion: Where the companion is.
        on_it: Whether the subject is on the table, and whether the companion is.
    """

    table: Figure | None
    subject: Figure
    companion: Figure
    on_it: tuple[bool, bool] = (False, False)


def lay_table(scene: Scene, atlas: Atlas, ridges: Ridges, subject: Figure, companion: Figure) -> Laid:
    """Put a table below the figures that would lie on one, if they are in a room."""
    if not scene.staged or not scene.has("terrain", "room"):
        return Laid(None, subject, companion)
    laid = _lies(subject), _lies(companion)
    if not any(laid):
        return Laid(None, subject, companion)
    first, second = laid
    paired = bool(companion.present())
    under = subject if first else companion
    side = torch.full_like(under.side, SMALL_TABLE if paired and not (first and second) else TABLE_SIDE)
    weights = torch.zeros_like(under.weights)
    weights[:, TABLE] = under.weights[:, :-1].sum(1)
    x = (subject.x + companion.x) / 2 if first and second else under.x
    table = Figure(weights, x, x, side, torch.ones_like(x))
    half, height = extent_of(table, atlas)
    table = replace(table, foot=ground_at(scene, ridges, x, half, table.weights) + SUNK * side)
    top = table_top(table, height)
    offset = APART * side * torch.sign(subject.x - companion.x) if first and second else torch.zeros_like(x)
    size = BESIDE_THING if paired else THING
    if first:
        subject = put_on(table, subject, offset, top, size, atlas)
    if second:
        companion = put_on(table, companion, -offset, top, size, atlas)
    elif paired:
        taller = companion.side * TALLER
        companion = replace(companion, side=taller, foot=companion.foot + SUNK * (taller - companion.side))
    return Laid(table, subject, companion, laid)


def _lies(figure: Figure) -> bool:
    kinds = [LABELS[index] for index in figure.present()]
    return bool(kinds) and all(label in ON_TABLES for label in kinds)


def table_top(table: Figure, height: Tensor) -> Tensor:
    """The y at which things stand on a table of this height."""
    return table.foot - height * (1 - TABLE_TOP)


def put_on(table: Figure, figure: Figure, offset: Tensor, top: Tensor, size: float, atlas: Atlas) -> Figure:
    """A figure on a table, so far from its middle, `size` times as large as a companion at most."""
    side = torch.minimum(figure.side, torch.full_like(figure.side, COMPANION_SIDE * size))
    below = 1 - lowest_point(atlas, figure.present()[0])
    return replace(figure, x=table.x + offset, side=side, foot=top + below * side)
