"""Stencils: scenery cut from polygons (palms, crosses, reeds, leaves), as much of each pixel as they cover.

A stencil is cut once for each size and kept, and slides and grows as z has it (see `flats`). Its points are in the
units of `canvas`, on both sides of the square.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
from numpy.typing import NDArray

from installation.models.theatre.raster import Box, Frame
from installation.models.theatre.sprite_tables import stranger

Outline = list[tuple[float, float]]
FINE = 2  # subdivisions of a pixel, along either side


def leaf(x: float, y: float, length: float, width: float, turn: float, droop: float = 0.0) -> Outline:
    """A pointed leaf from its stalk at (x, y), towards `turn` (radians, 0 to the right, pi / 2 down), drooping."""
    edges: list[Outline] = []
    for side in (1, -1):
        edge = []
        for i in range(9):
            along = i / 8
            wide = side * width * math.sin(math.pi * along**0.8) / 2
            u, v = along * length, wide + droop * length * along**2 * math.cos(turn)
            edge.append((x + u * math.cos(turn) - v * math.sin(turn), y + u * math.sin(turn) + v * math.cos(turn)))
        edges.append(edge)
    return edges[0] + edges[1][::-1]


def stroke(ax: float, ay: float, bx: float, by: float, start: float, end: float) -> Outline:
    """A straight stroke that is `start` wide at its first end and `end` wide at its second."""
    length = math.hypot(bx - ax, by - ay)
    nx, ny = -(by - ay) / length / 2, (bx - ax) / length / 2
    return [(ax + nx * start, ay + ny * start), (bx + nx * end, by + ny * end),
            (bx - nx * end, by - ny * end), (ax - nx * start, ay - ny * start)]  # fmt: skip


def oval_outline(x: float, y: float, wide: float, high: float) -> Outline:
    turns = [2 * math.pi * i / 16 for i in range(16)]
    return [(x + wide * math.cos(turn), y + high * math.sin(turn)) for turn in turns]


def palm(x: float, foot: float, height: float, lean: float) -> list[Outline]:
    """A palm tree: a bent trunk of four strokes and nine fronds."""
    at = [(x + lean * (i / 4) ** 2, foot - height * i / 4) for i in range(5)]
    trunk = [
        stroke(*before, *after, 0.09 * height * (1 - 0.12 * i), 0.08 * height * (1 - 0.14 * i))
        for i, (before, after) in enumerate(itertools.pairwise(at))
    ]
    top_x, top_y = at[-1]
    fronds = []
    for i in range(9):
        turn = math.pi * (1.03 + 0.94 * i / 8)
        reach = height * (0.62 - 0.12 * math.sin(turn) * -1)
        fronds.append(leaf(top_x, top_y, reach, 0.13 * height, turn, 0.5))
    return trunk + fronds


def bare_tree(x: float, foot: float, height: float, seed: int, lean: float = 0.0) -> list[Outline]:
    """A tree without leaves: strokes that fork four times."""
    random = stranger("temper", 900 + seed)
    found: list[Outline] = []

    def grow(ax: float, ay: float, turn: float, length: float, wide: float, forks: int) -> None:
        bx, by = ax + length * math.sin(turn), ay - length * math.cos(turn)
        found.append(stroke(ax, ay, bx, by, wide, 0.66 * wide))
        if forks:
            for side in (-1, 1):
                bend = side * (0.32 + 0.35 * random.random()) + 0.1 * (random.random() - 0.5)
                grow(bx, by, turn + bend, length * (0.62 + 0.2 * random.random()), 0.64 * wide, forks - 1)

    grow(x, foot, lean, 0.34 * height, 0.085 * height, 4)
    return found


def cut_out(frame: Frame, outlines: list[Outline]) -> NDArray[np.float32]:
    """What the polygons cover together of each pixel, [height, width] in 0..1."""
    cover = np.zeros((frame.height, frame.width), np.float32)
    for points in outlines:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = frame.box(min(ys), max(ys), min(xs), max(xs))
        if not box.empty:
            part = cover[box.rows, box.columns]
            np.maximum(part, _inside(points, box), out=part)
    return cover


def _inside(points: Outline, box: Box) -> NDArray[np.float32]:
    """Even-odd rule on FINE by FINE points of each pixel of a box: [rows, columns] in 0..1."""
    steps = ((np.arange(FINE) + 0.5) / FINE - 0.5) * box.frame.pixel
    x = (box.x.cpu().numpy().reshape(-1, 1) + steps).reshape(1, -1)
    y = (box.y.cpu().numpy().reshape(-1, 1) + steps).reshape(-1, 1)
    odd = np.zeros((y.size, x.size), np.bool_)
    for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1], strict=True):
        if ay != by:
            odd ^= ((ay > y) != (by > y)) & (x < ax + (y - ay) * (bx - ax) / (by - ay))
    shape = (y.size // FINE, FINE, x.size // FINE, FINE)
    cover: NDArray[np.float32] = odd.reshape(shape).mean((1, 3), dtype=np.float32)
    return cover
