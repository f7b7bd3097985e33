"""Cords between figures, and the strokes behind what moves fast."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext, batch_max, batch_min
from installation.models.theatre.raster import Box, colour_tensor

CORD, SEGMENTS = 0.0032, 10  # half the width of a cord, in units; its pieces
CORD_BY_DAY, CORD_BY_NIGHT = "4a3020", "f0e4c8"
STROKE, STROKE_OPACITY = 0.0030, 0.75  # half the width of a stroke of motion, in units; how visible it is
STROKES = ((-0.5, 0.8), (0.0, 1.0), (0.5, 0.7))  # of a bundle: places across it, and lengths


class Cord(NamedTuple):
    """A cord from one point to another, each x and y [batch, 1, 1, 1]; how far it sags, and how visible it is."""

    begin: tuple[Tensor, Tensor]
    end: tuple[Tensor, Tensor]
    sag: float | Tensor
    opacity: Tensor
    half: float = CORD


def strokes(x: Tensor, y: Tensor, towards: tuple[Tensor, Tensor], width: Tensor, opacity: Tensor) -> tuple[Cord, ...]:
    """Strokes of motion behind what moves fast.

    Args:
        x: Of the middle of their near ends, [batch, 1, 1, 1].
        y: The same.
        towards: Where they lead from there, x and y, with their length, in units.
        width: Of the bundle, in units.
        opacity: Of who moves, 0..1.
    """
    dx, dy = towards
    length = torch.sqrt(dx * dx + dy * dy).clamp(min=1e-4)
    across_x, across_y = -dy / length * width, dx / length * width
    found = []
    for place, share in STROKES:
        begin = x + place * across_x, y + place * across_y
        end = begin[0] + share * dx, begin[1] + share * dy
        found.append(Cord(begin, end, 0.0, STROKE_OPACITY * opacity, STROKE))
    return tuple(found)


def paint_cords(context: DrawContext, cords: tuple[Cord, ...]) -> None:
    """Paint cords between figures."""
    for cord in cords:
        _paint_cord(context, cord)


def _paint_cord(context: DrawContext, cord: Cord) -> None:
    scene = context.scene
    points = [_along(cord, step / SEGMENTS) for step in range(SEGMENTS + 1)]
    xs, ys = (torch.cat([point[axis] for point in points], 3) for axis in (0, 1))
    margin = 3 * cord.half
    box = scene.grid.box(batch_min(ys) - margin, batch_max(ys) + margin, batch_min(xs) - margin, batch_max(xs) + margin)
    if box.empty:
        return
    distance = torch.stack([_to_piece(box, begin, end) for begin, end in pairwise(points)]).amin(0)
    day, night = (colour_tensor(colour, scene.device) for colour in (CORD_BY_DAY, CORD_BY_NIGHT))
    colour = torch.lerp(night, day, ((scene.brightness - 0.4) * 5).clamp(0, 1))
    half = max(cord.half, 0.6 * scene.grid.pixel)
    context.canvas.over(box, colour, box.coverage(half - distance) * cord.opacity)


def _along(cord: Cord, share: float) -> tuple[Tensor, Tensor]:
    (x, y), (to_x, to_y) = cord.begin, cord.end
    return torch.lerp(x, to_x, share), torch.lerp(y, to_y, share) + 4 * cord.sag * share * (1 - share)


def _to_piece(box: Box, begin: tuple[Tensor, Tensor], end: tuple[Tensor, Tensor]) -> Tensor:
    """The distance of each pixel from a straight piece, [batch, 1, rows, columns]."""
    dx, dy = end[0] - begin[0], end[1] - begin[1]
    from_x, from_y = box.x - begin[0], box.y - begin[1]
    share = ((from_x * dx + from_y * dy) / (dx * dx + dy * dy).clamp(min=1e-8)).clamp(0, 1)
    return torch.sqrt((from_x - share * dx) ** 2 + (from_y - share * dy) ** 2 + 1e-12)
