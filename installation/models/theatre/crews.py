"""Two kinds together on or in one thing: a fisherman and his dog in a boat, a king and a queen on a horse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from installation.models.theatre.acting_poses import SEATED_ON
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import Figure, extent_of
from installation.models.theatre.jointed_figures import jointed_of
from installation.models.theatre.magnitudes import rank_of
from installation.models.theatre.outlines import lowest_point
from installation.models.theatre.relations import ON_SIZES, SITS_ON, is_open_above, looking_out
from installation.models.theatre.scene import Scene
from installation.models.theatre.vehicle_windows import at_window

TOGETHER = "together"  # a mark
FILLED, CLOSE = 0.92, 0.86  # share of the width of what they are on; from one to the next, in widths of both
SITTING = ("seated", "astride", "rowing")  # poses of who has the hips on it


def aboard(
    scene: Scene, atlas: Atlas, subject: Figure, others: Sequence[Figure], thirds: Sequence[Figure]
) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    """The others and the third ones in a row on a subject, or in it.

    Args:
        scene: Of all.
        atlas: Of all figures.
        subject: What they are on.
        others: Who are on it already, each where it would be alone.
        thirds: Who join them, in their size beside these.
    """
    last, label = others[-1], LABELS[subject.present()[0]]
    if last.window is not None:
        seen = [at_window(atlas, subject, one, number) for number, one in enumerate((*others, *thirds))]
        return tuple(seen[: len(others)]), tuple(seen[len(others) :])
    level = last.foot - _below(atlas, last) * last.side
    crew = [*others, *(replace(one, pose=_pose_of(one, last, label)) for one in thirds)]
    crew = [_small_enough(atlas, subject, one) for one in crew]
    halves = [CLOSE * extent_of(one, atlas)[0] for one in crew]
    wide, _ = extent_of(subject, atlas)
    row = torch.stack(halves).sum(0)
    fit = (FILLED * wide / row.clamp(min=1e-3)).clamp(max=1)
    x = subject.x - row * fit
    placed = []
    for one, half in zip(crew, halves, strict=True):
        placed.append(_placed(scene, atlas, subject, replace(one, side=one.side * fit), (x + half * fit, level)))
        x = x + 2 * half * fit
    seen = [
        replace(one, facing=last.facing, floats=last.floats, before=last.before, opening=None, barred=last.barred)
        for one in placed
    ]
    return tuple(seen[: len(others)]), tuple(seen[len(others) :])


def _placed(scene: Scene, atlas: Atlas, subject: Figure, one: Figure, place: tuple[Tensor, Tensor]) -> Figure:
    """One of a crew at x, at the height of what they stand or sit on, or looking out of it."""
    x, level = place
    one = replace(one, x=x, foot=level + _below(atlas, one) * one.side)
    if "inside" in scene.marks and is_open_above(LABELS[subject.present()[0]]):
        return looking_out(atlas, subject, one)
    return one


def _small_enough(atlas: Atlas, subject: Figure, one: Figure) -> Figure:
    """A figure that is not higher than one of its kind alone would be on what is larger by nature."""
    larger = rank_of(LABELS[subject.present()[0]]) - rank_of(LABELS[one.present()[0]])
    if larger < 1:
        return one
    (_, height), (_, tall) = extent_of(subject, atlas), extent_of(one, atlas)
    return replace(one, side=one.side * (ON_SIZES[larger] * height / tall).clamp(max=1))


def _below(atlas: Atlas, figure: Figure) -> float:
    """How far below what a figure stands or sits on its square ends, in sides."""
    jointed = jointed_of(figure)
    if jointed is not None and figure.pose in SITTING:
        return 1 - jointed.hips[1] - SITS_ON
    return 1 - lowest_point(atlas, figure.present()[0])


def _pose_of(one: Figure, other: Figure, label: str) -> str:
    """The pose of somebody on a seat, or beside another who sits; who only goes with a rower does not row, too."""
    if one.pose and label in SEATED_ON:
        return "seated"
    if not one.pose or other.pose not in SITTING:
        return one.pose
    return "seated" if other.pose == "rowing" else other.pose
