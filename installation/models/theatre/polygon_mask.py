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

Doubles = NDArray[np.float64]
Outline = list[tuple[float, float]]  # the corners of a polygon

TILES = (-2, -1, 0, 1, 2)
SUBSAMPLES = 2  # of a pixel, along either axis
TREE_FORKS = 4
LEAF = [(i / 8, math.sin(math.pi * (i / 8) ** 0.8) / 2) for i in range(9)]  # along it, half of its width


def leaf(x: float, y: float, length: float, width: float, angle: float, droop: float = 0.0) -> Outline:
    """A pointed leaf from its stalk at (x, y) in the direction `angle` (radians, 0 right, pi / 2 down)."""
    cos, sin = math.cos(angle), math.sin(angle)
    edges: list[Outline] = []
    for side in (1, -1):
        edge = []
        for along, share in LEAF:
            u, v = along * length, side * width * share + droop * length * along**2 * cos
            edge.append((x + u * cos - v * sin, y + u * sin + v * cos))
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
    offsets = ((np.arange(SUBSAMPLES) + 0.5) / SUBSAMPLES - 0.5) * grid.pixel
    x, y = (axis.cpu().numpy().reshape(-1, 1) + offsets for axis in (grid.x, grid.y))  # [pixels, SUBSAMPLES]
    for points in outlines:
        corners = np.array([*points, points[0]])  # [corners + 1, 2]
        (left, top), (right, bottom) = corners.min(0).tolist(), corners.max(0).tolist()
        box = grid.box(top, bottom, left, right)
        if not box.empty:
            part = cover[box.rows, box.columns]
            np.maximum(part, _coverage(corners, x[box.columns], y[box.rows]), out=part)
    return cover


def part_coverage(grid: PixelGrid, outline: Outline) -> tuple[Box, NDArray[np.float32]]:
    """The pixels that a polygon touches, and its coverage of them, [rows, columns] in 0..1."""
    offsets = ((np.arange(SUBSAMPLES) + 0.5) / SUBSAMPLES - 0.5) * grid.pixel
    corners = np.array([*outline, outline[0]])
    (left, top), (right, bottom) = corners.min(0).tolist(), corners.max(0).tolist()
    box = grid.box(top, bottom, left, right)
    x, y = (axis.cpu().numpy().reshape(-1, 1) + offsets for axis in (box.x, box.y))
    return box, _coverage(corners, x, y)


def _coverage(corners: Doubles, x: Doubles, y: Doubles) -> NDArray[np.float32]:
    """The even-odd rule on all points of some pixels, [columns, SUBSAMPLES] and [rows, SUBSAMPLES].

    `corners` are those of the polygon, the first once more at the end. -> [rows, columns] in 0..1.
    """
    sloped = np.flatnonzero(corners[:-1, 1] != corners[1:, 1])
    ax, ay = corners[sloped].T[:, :, None]  # [edges, 1]
    bx, by = corners[sloped + 1].T[:, :, None]
    rows = y.reshape(1, -1)
    crossing = ax + (rows - ay) * (bx - ax) / (by - ay)  # [edges, rows * SUBSAMPLES]
    crossing[(ay > rows) == (by > rows)] = -np.inf
    inside = np.logical_xor.reduce(x.reshape(1, 1, -1) < crossing[:, :, None])
    counted = inside.reshape(len(y), SUBSAMPLES, len(x), SUBSAMPLES).sum((1, 3), dtype=np.float32)
    cover: NDArray[np.float32] = counted / np.float32(SUBSAMPLES**2)
    return cover
