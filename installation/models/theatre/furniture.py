"""A table below what would lie on one: in a room an audience sees letters, books, cups and candles on a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.figure_traits import trait
from installation.models.op_tape import decisions
from installation.models.theatre.draw_context import Ridges
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import COMPANION_SIDE, SUNK, Figure, extent_of, ground_at
from installation.models.theatre.outlines import lowest_point
from installation.models.theatre.relations import TABLE_TOP
from installation.models.theatre.scene import Scene

ON_TABLES = trait("on_tables")  # what stands on a table
TABLE = LABELS.index("table")
TABLE_SIDE, SMALL_TABLE, LAID_TABLE = 0.66, 0.46, 0.84  # of its square: with one thing, beside somebody, with several
THING, BESIDE_THING = 1.15, 0.95  # size of a thing on a table, alone or beside another, relative to a companion's
SMALL_THINGS, LARGE_THINGS = trait("small_on_tables"), trait("large_on_tables")
THING_SIZES = 0.088, 0.118, 0.155  # of small, usual and large things beside others, the root of their area, in units
LAID_SHARE, LAID_GAP = 0.94, 0.012  # share of a table that all things on it may take up; between two, in units
CROWDED = 0.8  # of the width of a thing, from one of several to the next where they are more than three
SMALL = trait("of_a_hand")
SUPPORTING, UPPERMOST = 0.42, 0.08  # height of what others are on, on a table, in units; y that nothing is above
GROWS, HIGHEST = 1.5, 0.30  # how much larger few things are than these sizes, at most; their height, in units
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
    sides = LAID_TABLE if first and second else SMALL_TABLE if paired else TABLE_SIDE
    side = torch.full_like(under.side, sides)
    weights = torch.zeros_like(under.weights)
    weights[:, TABLE] = under.weights[:, :-1].sum(1)
    x = 0.5 + 0.4 * ((subject.x + companion.x) / 2 - 0.5) if first and second else under.x
    table = Figure(weights, x, x, side, torch.ones_like(x))
    half, height = extent_of(table, atlas)
    table = replace(table, foot=ground_at(scene, ridges, x, half, table.weights) + SUNK * side)
    top = table_top(table, height)
    middle = torch.zeros_like(x)
    size = BESIDE_THING if paired else THING
    if first and second:
        whole = (torch.ones_like(x),)
        ordered = _from_left(subject, companion)
        rows = [Things(one, whole, one.present()[0]) for one in ordered]
        left, right = (one for (one,) in still_life(table, rows, atlas))  # of one kind, maybe: a cup and a broken cup
        return Laid(table, *((left, right) if ordered[0] is subject else (right, left)), laid)
    if first:
        subject = put_on(table, subject, middle, top, size, atlas)
    if second:
        companion = put_on(table, companion, middle, top, size, atlas)
    elif paired:
        taller = companion.side * TALLER
        companion = replace(companion, side=taller, foot=companion.foot + SUNK * (taller - companion.side))
    return Laid(table, subject, companion, laid)


def table_below(
    scene: Scene, atlas: Atlas, ridges: Ridges, subjects: tuple[Figure, ...], companions: tuple[Figure, ...]
) -> tuple[Figure, tuple[Figure, ...], tuple[Figure, ...]] | None:
    """A table in a room below a small thing that others are on or in, and both on it; None for what needs no table."""
    if scene.has_third or not (scene.staged and scene.has("terrain", "room") and subjects and companions):
        return None
    subject = subjects[-1]
    if not _lies(subject) or not all(LABELS[index] in SMALL for one in companions for index in one.present()):
        return None
    weights = torch.zeros_like(subject.weights)
    weights[:, TABLE] = subject.opacity().view(-1)
    x, side = torch.full_like(subject.x, 0.5), torch.full_like(subject.x, TABLE_SIDE)
    table = Figure(weights, x, x, side, torch.ones_like(x))
    half, height = extent_of(table, atlas)
    table = replace(table, foot=ground_at(scene, ridges, x, half, table.weights) + SUNK * side)
    top = table_top(table, height)
    _, tall = extent_of(subject, atlas)
    floor = subject.foot - (1 - lowest_point(atlas, subject.present()[0])) * subject.side
    highest = torch.stack([one.foot - extent_of(one, atlas)[1] for one in (*subjects, *companions)]).amin(0)
    size = torch.minimum(SUPPORTING / tall, (top - UPPERMOST) / (floor - highest).clamp(min=1e-3))

    def moved(one: Figure) -> Figure:
        place = x + (one.x - subject.x) * size
        return replace(one, x=place, foot=top + (one.foot - floor) * size, side=one.side * size, before=False)

    return table, tuple(map(moved, subjects)), tuple(map(moved, companions))


def _from_left(first: Figure, second: Figure) -> tuple[Figure, Figure]:
    return (second, first) if decisions((first.x > second.x).detach().flatten())[0] else (first, second)


class Things(NamedTuple):
    """Things of a kind that lie on a table.

    Attributes:
        one: The first of them.
        shares: How far each is there, the first one included, each [batch, 1, 1, 1].
        kind: The index of it.
    """

    one: Figure
    shares: tuple[Tensor, ...]
    kind: int

    def width(self, half: Tensor) -> Tensor:
        """Of all of them, if half of one is so wide."""
        return 2 * half * (1 + (len(self.shares) - 1) * (1.0 if len(self.shares) < 4 else CROWDED))


def still_life(table: Figure, rows: Sequence[Things], atlas: Atlas) -> list[tuple[Figure, ...]]:
    """The things of each row side by side on a table, from left to right, in sizes that they have beside each other.

    Args:
        table: Below them.
        rows: From left to right.
        atlas: Of all figures.
    """
    reach, tall = extent_of(table, atlas)
    top, resized = table_top(table, tall), [_sized_beside(row, atlas) for row in rows]
    extents = [extent_of(one, atlas) for one in resized]
    wide = sum(row.width(half) for row, (half, _) in zip(rows, extents, strict=True)) + LAID_GAP * (len(rows) - 1)
    tallest = torch.stack([height for _, height in extents]).amax(0)
    scale = torch.minimum(2 * LAID_SHARE * reach / wide, HIGHEST / tallest).clamp(max=GROWS)
    x = table.x - scale * wide / 2
    placed = []
    for row, one, (half, _) in zip(rows, resized, extents, strict=True):
        one = replace(one, side=one.side * scale)
        count = len(row.shares)
        step = (row.width(half) - 2 * half) * scale / max(1, count - 1)
        foot = top + (1 - lowest_point(atlas, row.kind)) * one.side
        placed.append(
            tuple(
                replace(one, x=x + scale * half + step * place, foot=foot, weights=one.weights * share.view(-1, 1))
                for place, share in enumerate(row.shares)
            )
        )
        x = x + scale * (row.width(half) + LAID_GAP)
    return placed


def _sized_beside(row: Things, atlas: Atlas) -> Figure:
    label = LABELS[row.kind]
    size = THING_SIZES[0 if label in SMALL_THINGS else 2 if label in LARGE_THINGS else 1]
    half, height = extent_of(row.one, atlas)
    return replace(row.one, side=row.one.side * size / torch.sqrt(half * height).clamp(min=1e-3))


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
