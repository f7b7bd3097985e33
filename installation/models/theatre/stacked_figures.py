"""A pair on top of a third figure: "a ship in a bottle on a shelf", "a nest with four eggs in a tree"."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.contact import resized
from installation.models.theatre.cords import Cord
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import Figure, extent_of
from installation.models.theatre.figure_openings import SEATS
from installation.models.theatre.magnitudes import UPRIGHT, has_head
from installation.models.theatre.outlines import BACK, back_drop, lowest_point, sheets_as, top_place
from installation.models.theatre.pairing import by_nature
from installation.models.theatre.relations import TABLE_TOP, TOUCHES
from installation.models.theatre.scene import Scene
from installation.models.theatre.stage_room import room_beside

STACKED, STOOD = "stacked", "on third"  # marks: of who is on or in another; of who holds or wears another
TALLEST = 0.74  # of all three, in units
SEEN, WIDEST = 0.13, 0.9  # height of the pair, at least, in units; its width, at most, in widths of what it is on


class Group(NamedTuple):
    """The figures of a pair, those behind, the subjects and those in front, with their cords; and the third ones."""

    behind: tuple[Figure, ...]
    subjects: tuple[Figure, ...]
    in_front: tuple[Figure, ...]
    cords: tuple[Cord, ...]
    third: tuple[Figure, ...]
    third_first: bool


def on_third(scene: Scene, atlas: Atlas, third: Figure, group: Group) -> Group:
    """The third in the middle of the stage, and all others on top of it, as large as the stage allows.

    Args:
        scene: Of all.
        atlas: Of all figures.
        third: What the others are on, on the ground, in its size beside them.
        group: The others as they are without it.
    """
    subject = group.subjects[-1]
    figures = [one for part in group[:3] for figure in part for one in figure.each() if figure.present()]
    halves = [extent_of(one, atlas) for one in figures]
    low = torch.stack([one.x - half for one, (half, _) in zip(figures, halves, strict=True)]).amin(0)
    high = torch.stack([one.x + half for one, (half, _) in zip(figures, halves, strict=True)]).amax(0)
    floor = subject.foot - (1 - lowest_point(atlas, subject.present()[0])) * subject.side
    top = torch.stack([one.foot - tall for one, (_, tall) in zip(figures, halves, strict=True)]).amin(0)
    pair = (floor - top).clamp(min=1e-3)
    wide, height = extent_of(third, atlas)
    column, share = _seat(atlas, third)
    seen = torch.maximum(_by_nature(atlas, third, subject), SEEN / pair)
    size = torch.minimum(seen, WIDEST * 2 * wide / (high - low).clamp(min=1e-3))
    total = (1 - share) * height + size * pair
    scale = torch.minimum(TALLEST / total, (1 + 2 * room_beside(scene)) / (2 * wide))
    third = resized(third, scale)
    _, height = extent_of(third, atlas)
    seat_x, _ = third.point(column, 1.0)
    seat_y = third.foot - (1 - share) * height + TOUCHES * subject.side * size * scale
    size, middle = size * scale, (low + high) / 2

    def point(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        return seat_x + (x - middle) * size, seat_y + (y - floor) * size

    def moved(figure: Figure) -> Figure:
        x, foot = point(figure.x, figure.foot)
        copies = tuple(moved(copy) for copy in figure.copies)
        return replace(figure, x=x, foot=foot, side=figure.side * size, copies=copies)

    cords = tuple(cord._replace(begin=point(*cord.begin), end=point(*cord.end)) for cord in group.cords)
    behind, subjects, in_front = (tuple(moved(one) for one in part) for part in group[:3])
    return Group(behind, subjects, in_front, cords, (third,), third_first=True)


def _by_nature(atlas: Atlas, third: Figure, subject: Figure) -> Tensor:
    """How much smaller the pair is on a third that the stage does not let be as large as it is by nature."""
    (wide, height), (half, tall) = extent_of(third, atlas), extent_of(subject, atlas)
    ratio = by_nature(LABELS[third.present()[0]], LABELS[subject.present()[0]])
    return (torch.sqrt(wide * height) / (ratio * torch.sqrt(half * tall)).clamp(min=1e-3)).clamp(max=1)


def _seat(atlas: Atlas, third: Figure) -> tuple[float, float]:
    """The column of the third at which others are on it, and how far below its top that is, in its heights."""
    label = LABELS[third.present()[0]]
    if label == "table":
        return 0.5, TABLE_TOP
    if label in SEATS:
        return 0.5, SEATS[label].share
    if has_head(label) and label not in UPRIGHT:
        return 0.5 * (BACK[0] + BACK[1]), float(back_drop(atlas, third.present()[0]))
    return top_place(sheets_as(third, atlas))
