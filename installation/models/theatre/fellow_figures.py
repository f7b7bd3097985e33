"""A fourth and a fifth figure, for an audience: on the table where the others lie, or beside them on the free side.

They are as large as they are by nature beside the others; places stand behind, and what flies is in the air.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import torch

from installation.models.theatre.draw_context import Ridges
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import Figure, extent_of
from installation.models.theatre.furniture import ON_TABLES, Things, still_life
from installation.models.theatre.groups import shares_of
from installation.models.theatre.scene import Scene
from installation.models.theatre.stacked_figures import Group
from installation.models.theatre.third_figure import STACKED, Stage

SMALLEST = 0.11  # least height of one, in units: smaller ones are not made out across a room


class Fellows(NamedTuple):
    """All figures, with the further ones.

    Attributes:
        group: The others, moved to make room.
        further: Each of the further figures with its copies, by their order: the fourth, the fifth.
        behind: Whether each of them stands behind the others.
    """

    group: Group
    further: tuple[tuple[Figure, ...], ...] = ()
    behind: tuple[bool, ...] = ()


def with_fellows(scene: Scene, atlas: Atlas, ridges: Ridges, group: Group, props: tuple[Figure, ...]) -> Fellows:
    """Place the fourth and the fifth figure that marks name beside a pair and its third."""
    if not scene.has_further or not group.third:
        return Fellows(group)
    on_stage = scene.group("subject").sum(1, keepdim=True)
    fellows = Fellows(group)
    for weights, counts in scene.further_figures:
        blank = torch.ones_like(group.subjects[-1].x)
        figure = Figure(weights * on_stage, 0.5 * blank, blank, 0.5 * blank, blank)
        if figure.present():
            fellows = _with_another(Stage(scene, atlas, ridges, figure, counts), fellows, props)
    return fellows


def _with_another(stage: Stage, fellows: Fellows, props: tuple[Figure, ...]) -> Fellows:
    """All figures, moved to make room, and the further figure of a stage."""
    group, further = fellows.group, fellows.further
    figure = _seen(stage, _sized(stage, group))
    if props and not stage.scene.marks & set(STACKED) and stage.label in ON_TABLES:
        placed = _at_table(stage, figure, props[0], [*group[:3], group.third, *further])
    else:
        placed = _beside(stage, figure, group, further)
    behind, subjects, in_front, third, *others = placed
    group = group._replace(behind=behind, subjects=subjects, in_front=in_front, third=third)
    return Fellows(group, tuple(others), (*fellows.behind, stage.is_place))


def _sized(stage: Stage, group: Group) -> Figure:
    """The figure as large as it is by nature beside that of the others which is the most alike."""
    known = [part[-1] for part in (group.subjects, group.in_front or group.behind, group.third) if part]
    known = [one for one in known if one.present()]
    return stage.sized(known[0], *known[1:])


def _seen(stage: Stage, figure: Figure) -> Figure:
    _, height = extent_of(figure, stage.atlas)
    return replace(figure, side=figure.side * (SMALLEST / height.clamp(min=1e-3)).clamp(min=1))


def _at_table(stage: Stage, figure: Figure, table: Figure, parts: list[tuple[Figure, ...]]) -> list[tuple[Figure, ...]]:
    """All parts, of which those that lie on the table make room for the figure there."""
    atlas = stage.atlas
    lying = [place for place, part in enumerate(parts) if part and _lies_on(part[-1], table, atlas)]
    lying.sort(key=lambda place: float(parts[place][0].x.mean()))
    rows = [
        Things(_whole(parts[place][0]), tuple(one.opacity() for one in parts[place]), parts[place][0].present()[0])
        for place in lying
    ]
    own = Things(
        replace(figure, facing=torch.ones_like(table.x)), shares_of(stage.counts, table.x), figure.present()[0]
    )
    placed = still_life(table, [*rows, own], atlas)
    for place, row in zip(lying, placed, strict=False):
        parts[place] = row
    return [*parts, placed[-1]]


def _lies_on(figure: Figure, table: Figure, atlas: Atlas) -> bool:
    """Whether a figure is on the table."""
    kinds = figure.present()
    if not kinds or LABELS[kinds[0]] not in ON_TABLES:
        return False
    half, _ = extent_of(table, atlas)
    return bool(((figure.x - table.x).abs() < half).all()) and bool((figure.foot < table.foot - 0.02).all())


def _whole(figure: Figure) -> Figure:
    """A figure whose share is that of the first of its row."""
    return replace(figure, weights=figure.weights / figure.opacity().view(-1, 1).clamp(min=1e-3))


def _beside(
    stage: Stage, figure: Figure, group: Group, further: Sequence[tuple[Figure, ...]]
) -> list[tuple[Figure, ...]]:
    """All parts, moved so that the figure has room beside them, and the figure."""
    parts = [*group[:3], group.third, *further]
    others = tuple(one for part in parts[2:] for one in part)
    moved = stage.beside(figure, group._replace(in_front=others, third=()), free=True)
    rest = list(moved.in_front)
    found: list[tuple[Figure, ...]] = [moved.behind, moved.subjects]
    for part in parts[2:]:
        found.append(tuple(rest[: len(part)]))
        rest = rest[len(part) :]
    return [*found, moved.third]
