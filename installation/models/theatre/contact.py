"""Where figures touch: hands, mouths, backs and edges, and how they lean and stand for it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.animal_poses import head_point
from installation.models.theatre.cords import Cord
from installation.models.theatre.figure_atlas import LABELS, Atlas, PaperLayer
from installation.models.theatre.figure_layout import SUNK, Figure, extent_of
from installation.models.theatre.jointed_figures import jointed_of
from installation.models.theatre.magnitudes import UPRIGHT
from installation.models.theatre.outlines import FLOOR, front_place, mouth_place, sheets_as
from installation.models.theatre.poses import joints_of, lowered
from installation.models.theatre.raster import cached_constant
from installation.models.theatre.relations import Pair

HANDS = {  # where the hand is that holds something, in the square of who faces left
    "walker": (0.29, 0.53),
    "man": (0.31, 0.68),
    "woman": (0.29, 0.62),
    "child": (0.14, 0.35),
    "boy": (0.17, 0.28),
    "old man": (0.20, 0.57),
    "old woman": (0.22, 0.52),
    "mother": (0.30, 0.52),
    "couple": (0.17, 0.66),
    "dancer": (0.22, 0.09),
    "king": (0.25, 0.58),
    "mermaid": (0.11, 0.25),
    "queen": (0.13, 0.33),
    "clown": (0.13, 0.16),
    "witch": (0.21, 0.60),
    "astronaut": (0.87, 0.22),
    "robot": (0.12, 0.74),
    "fairy": (0.14, 0.10),
    "monkey": (0.16, 0.62),
    "snowman": (0.09, 0.42),
    "princess": (0.18, 0.40),
    "wizard": (0.20, 0.52),
}
MOUTHS = {  # where the mouths are that outlines do not tell
    "bear": (0.08, 0.58),
    "bird": (0.12, 0.44),
    "eagle": (0.42, 0.30),
    "owl": (0.50, 0.34),
    "cat": (0.27, 0.47),
    "monkey": (0.30, 0.48),
    "cow": (0.08, 0.60),
    "mouse": (0.12, 0.62),
    "snail": (0.08, 0.74),
    "lion": (0.14, 0.52),
    "rhino": (0.10, 0.72),
    "hippo": (0.12, 0.56),
    "panda": (0.30, 0.36),
    "sheep": (0.07, 0.58),
    "baby": (0.15, 0.36),
    "whale": (0.06, 0.58),
    "mermaid": (0.36, 0.30),
    "dragon": (0.08, 0.34),
}
JOINTED_LEAN = 0.25  # how far who is jointed leans, relative to others


class Handled(NamedTuple):
    """Both figures as they act, the cords between them, and whether the companion is painted first."""

    subject: Figure
    companion: Figure
    cords: tuple[Cord, ...] = ()
    behind: bool = False


def label_of(figure: Figure) -> str:
    """The kind of a figure."""
    return LABELS[figure.present()[0]]


def inwards(x: Tensor) -> Tensor:
    """The direction to the middle of the picture, -1 or 1."""
    return torch.where(x > 0.5, -1.0, 1.0)


def resized(figure: Figure, factor: Tensor) -> Figure:
    """A figure of another size, with its feet where they are."""
    side = figure.side * factor
    return replace(figure, side=side, foot=figure.foot + SUNK * (side - figure.side))


def hand_of(figure: Figure, atlas: Atlas, seconds: float) -> tuple[Tensor, Tensor]:
    """Where the hand of a figure is that holds something, as it moves: x and y in units."""
    index = figure.present()[0]
    jointed = jointed_of(figure)
    sheets = sheets_as(figure, atlas)
    if jointed is not None:
        (x, y), layer = jointed.hand, sheets[-1]
    else:
        x, y = HANDS.get(LABELS[index]) or front_place(sheets)
        layer = sheets[_sheet_at(sheets, x, y)]
    angle, (px, py) = layer.angle(seconds + figure.delay), layer.pivot
    dx, dy = x - px, y - py
    turned_x = px + dx * math.cos(angle) - dy * math.sin(angle)
    turned_y = py + dx * math.sin(angle) + dy * math.cos(angle)
    return leant(figure, turned_x, turned_y + (_lowered(figure, sheets) if jointed is None else 0.0))


@cached_constant
def _sheet_at(sheets: tuple[PaperLayer, ...], x: float, y: float) -> int:
    """The foremost sheet at a point of a figure at rest, or the nearest one."""
    across, down = (torch.full((1, 1, 1, 1), part, device=sheets[0].channels.device) for part in (x, y))
    depths = [float(sheet.outline_only().sample(across, down, 0.0)) for sheet in sheets]
    covering = [number for number, depth in enumerate(depths) if depth > 0]
    return covering[-1] if covering else depths.index(max(depths))


def mouth_of(figure: Figure, atlas: Atlas) -> tuple[Tensor, Tensor]:
    """Where the mouth of a figure is as it leans: x and y in units."""
    index = figure.present()[0]
    jointed = jointed_of(figure)
    if jointed is not None:
        return leant(figure, *jointed.mouth)
    sheets = sheets_as(figure, atlas)
    x, y = MOUTHS.get(LABELS[index]) or mouth_place(sheets, LABELS[index] in UPRIGHT)
    x, y = head_point(sheets, figure.pose, (x, y))
    return leant(figure, x, y + _lowered(figure, sheets))


def _lowered(figure: Figure, sheets: tuple[PaperLayer, ...]) -> float:
    """How much lower head and hands are in the pose of a figure, in sides."""
    return lowered(figure.pose, joints_of(sheets)) if figure.pose else 0.0


def front_of(figure: Figure, atlas: Atlas) -> tuple[Tensor, Tensor]:
    """Where a figure reaches farthest to the front about its waist as it leans: x and y in units."""
    return leant(figure, *front_place(sheets_as(figure, atlas)))


def leant(figure: Figure, x: float, y: float) -> tuple[Tensor, Tensor]:
    """A point of a figure's square, as it leans or turns: x and y in units."""
    if not figure.turn:
        return figure.point(x, y)
    pivot = FLOOR if figure.planted else 0.5
    across, down, cosine, sine = x - 0.5, y - pivot, math.cos(figure.turn), math.sin(figure.turn)
    return figure.point(0.5 + across * cosine + down * sine, pivot + down * cosine - across * sine)


def leaning(figure: Figure, radians: float) -> Figure:
    """A figure that leans forwards about its feet, or backwards; the pose of who is jointed shows most of it."""
    if jointed_of(figure) is not None:
        radians = JOINTED_LEAN * radians
    return replace(figure, turn=radians, planted=True)


def ground_below(pair: Pair, figure: Figure, x: Tensor) -> Tensor:
    """The y of a figure's floor if it stands on the ground at x."""
    half, _ = extent_of(figure, pair.atlas)
    return pair.ground_of(figure, x, half)


def moved_foot(pair: Pair, figure: Figure, x: Tensor) -> Tensor:
    """The y of a figure's floor at another x, as far above the ground as it is."""
    return figure.foot + ground_below(pair, figure, x) - ground_below(pair, figure, figure.x)
