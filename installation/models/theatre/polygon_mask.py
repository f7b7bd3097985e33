"""Scenery as polygons (leaves, trunks, palms, bare trees) and their rasterisation to a coverage mask.

Points are in the units of `raster`. Scenery is repeated in TILES on both sides of the square, with random variation,
so that a wide picture is filled.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
from numpy.typing import NDArray

from installation.models.theatre.raster import Box, PixelGrid
from installation.models.theatre.sprite_tables import tile_rng

Outline = list[tuple[float, float]]  # the corners of a polygon

TILES = (-2, -1, 0, 1, 2)
SUBSAMPLES = 2  # of a pixel, along either axis
TREE_FORKS = 4


def leaf(x: float, y: float, length: float, width: float, angle: float, droop: float = 0.0) -> Outline:
    """A pointed leaf from its stalk at (x, y) in the direction `angle` (radians, 0 right, pi / 2 down)."""
    edges: list[Outline] = []
    for side in (1, -1):
        edge = []
        for i in range(9):
            along = i / 8
            half_width = side * width * math.sin(math.pi * along**0.8) / 2
            u, v = along * length, half_width + droop * length * along**2 * math.cos(angle)
            edge.append((x + u * math.cos(angle) - v * math.sin(angle), y + u * math.sin(angle) + v * math.cos(angle)))
        edges.append(edge)
    return edges[0] + edges[1][::-1]


def stroke(ax: float, ay: float, bx: float, by: float, start: float, end: float) -> Outline:
    """A straight stroke from a to b, `start` wide at a and `end` wide at b."""
    length = math.hypot(bx - ax, by - ay)
    nx, ny = -(by - ay) / length / 2, (bx - ax) / length / 2
    return [
        (ax + nx * start, ay + ny * start),
        (bx + nx * end, by + ny * end),
        (bx - nx * end, by - ny * end),
        (ax - nx * start, ay - ny * start),
    ]


def oval(x: float, y: float, half_width: float, half_height: float) -> Outline:
    """A polygon of 16 corners on an ellipse."""
    angles = [2 * math.pi * i / 16 for i in range(16)]
    return [(x + half_width * math.cos(angle), y + half_height * math.sin(angle)) for angle in angles]


def palm(x: float, foot: float, height: float, lean: float) -> list[Outline]:
    """A palm tree: a bent trunk of four strokes and nine fronds. Its foot is at (x, foot)."""
    joints = [(x + lean * (i / 4) ** 2, foot - height * i / 4) for i in range(5)]
    trunk = [
        stroke(*below, *above, 0.09 * height * (1 - 0.12 * i), 0.08 * height * (1 - 0.14 * i))
        for i, (below, above) in enumerate(itertools.pairwise(joints))
    ]
    top_x, top_y = joints[-1]
    fronds = []
    for i in range(9):
        angle = math.pi * (1.03 + 0.94 * i / 8)
        length = height * (0.62 - 0.12 * math.sin(angle) * -1)
        fronds.append(leaf(top_x, top_y, length, 0.13 * height, angle, 0.5))
    return trunk + fronds


def bare_tree(x: float, foot: float, height: float, seed: int, lean: float = 0.0) -> list[Outline]:
    """A tree without leaves: a random binary tree of tapering strokes. Its foot is at (x, foot)."""
    rng = tile_rng("temper", 900 + seed)
    strokes: list[Outline] = []

    def grow(ax: float, ay: float, angle: float, length: float, width: float, forks: int) -> None:
        bx, by = ax + length * math.sin(angle), ay - length * math.cos(angle)
        strokes.append(stroke(ax, ay, bx, by, width, 0.66 * width))
        if forks:
            for side in (-1, 1):
                bend = side * (0.32 + 0.35 * rng.random()) + 0.1 * (rng.random() - 0.5)
                grow(bx, by, angle + bend, length * (0.62 + 0.2 * rng.random()), 0.64 * width, forks - 1)

    grow(x, foot, lean, 0.34 * height, 0.085 * height, TREE_FORKS)
    return strokes


def rasterise(grid: PixelGrid, outlines: list[Outline]) -> NDArray[np.float32]:
    """Coverage of each pixel by the union of polygons, [height, width] in 0..1."""
    cover = np.zeros((grid.height, grid.width), np.float32)
    for points in outlines:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = grid.box(min(ys), max(ys), min(xs), max(xs))
        if not box.empty:
            part = cover[box.rows, box.columns]
            np.maximum(part, _coverage(points, box), out=part)
    return cover


def _coverage(points: Outline, box: Box) -> NDArray[np.float32]:
    """The even-odd rule on SUBSAMPLES x SUBSAMPLES points of each pixel: [rows, columns] in 0..1."""
    offsets = ((np.arange(SUBSAMPLES) + 0.5) / SUBSAMPLES - 0.5) * box.grid.pixel
    x = (box.x.cpu().numpy().reshape(-1, 1) + offsets).reshape(1, -1)
    y = (box.y.cpu().numpy().reshape(-1, 1) + offsets).reshape(-1, 1)
    inside = np.zeros((y.size, x.size), np.bool_)
    for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1], strict=True):
        if ay != by:
            inside ^= ((ay > y) != (by > y)) & (x < ax + (y - ay) * (bx - ax) / (by - ay))
    shape = (y.size // SUBSAMPLES, SUBSAMPLES, x.size // SUBSAMPLES, SUBSAMPLES)
    cover: NDArray[np.float32] = inside.reshape(shape).mean((1, 3), dtype=np.float32)
    return cover
