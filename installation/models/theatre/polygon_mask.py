"""Scenery as polygons (leaves, trunks, palms, bare trees) and their rasterisation to a coverage mask.

Points are in the units of `raster`. Scenery is repeated in TILES on both sides of the square, with random variation,
so that a wide picture is filled.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from installation.models.theatre.raster import PixelGrid
from installation.models.theatre.sprite_tables import tile_rng

Doubles = NDArray[np.float64]
Indices = NDArray[np.int64]
Plane = NDArray[np.float32]  # [rows, columns]
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


def rasterise(grid: PixelGrid, outlines: list[Outline]) -> Plane:
    """Coverage of each pixel by the union of polygons, [height, width] in 0..1."""
    most = np.zeros((grid.height, grid.width), np.int8)
    for _, rows, columns, samples in _samples_inside(grid, outlines):
        view = most[rows, columns]
        np.maximum(view, samples, out=view)
    return most.astype(np.float32) / np.float32(SUBSAMPLES**2)


def part_coverages(grid: PixelGrid, outlines: list[Outline]) -> Iterator[tuple[int, slice, slice, Plane]]:
    """The number of each polygon in the picture, the rows and columns that it touches, its coverage of these, 0..1."""
    for number, rows, columns, samples in _samples_inside(grid, outlines):
        yield number, rows, columns, samples.astype(np.float32) / np.float32(SUBSAMPLES**2)


def _samples_inside(grid: PixelGrid, outlines: list[Outline]) -> Iterator[tuple[int, slice, slice, NDArray[np.int8]]]:
    """Likewise, but how many of the SUBSAMPLES**2 samples of each pixel are inside."""
    if not outlines:
        return
    offsets = ((np.arange(SUBSAMPLES) + 0.5) / SUBSAMPLES - 0.5) * grid.pixel
    x, y = ((axis.cpu().numpy().reshape(-1, 1) + offsets).reshape(-1) for axis in (grid.x, grid.y))
    corners = np.array([corner for outline in outlines for corner in outline])
    counts = np.array([len(outline) for outline in outlines])
    begins = np.cumsum(counts) - counts
    low, high = np.minimum.reduceat(corners, begins), np.maximum.reduceat(corners, begins)
    (left, right), (top, bottom) = (
        _touched(grid.unit, middle, pixels, low[:, axis], high[:, axis])
        for axis, (middle, pixels) in enumerate(zip(grid.centre, (grid.width, grid.height), strict=True))
    )
    places = np.stack([top, bottom, left, right], 1) * SUBSAMPLES
    first = np.cumsum([0, *(places[:, 1] - places[:, 0]) * (places[:, 3] - places[:, 2])])
    samples = _filled(corners, counts, places, first, x, y)
    across: NDArray[np.int8] = np.stack([samples[start::SUBSAMPLES] for start in range(SUBSAMPLES)]).sum(0)
    for number, (above, below, before, behind) in enumerate(np.stack([top, bottom, left, right], 1).tolist()):
        if above < below and before < behind:
            part = across[first[number] // SUBSAMPLES : first[number + 1] // SUBSAMPLES]
            part = part.reshape(below - above, SUBSAMPLES, behind - before)
            yield number, slice(above, below), slice(before, behind), part.sum(1, dtype=np.int8)


def _touched(unit: float, middle: float, pixels: int, low: Doubles, high: Doubles) -> tuple[Indices, Indices]:
    """The first pixel that reaches beyond `low`, and the one behind the last that begins before `high`, of an axis."""
    first, last = (np.clip((end - middle) * unit + pixels / 2, 0, pixels) for end in (low, high))
    start = np.floor(first).astype(np.int64)
    return start, np.maximum(np.ceil(last).astype(np.int64), start)


def _filled(
    corners: Doubles, counts: Indices, places: Indices, first: Indices, x: Doubles, y: Doubles
) -> NDArray[np.int8]:
    """Which samples are inside their polygon: those of each rectangle in turn, row by row, 1 or 0.

    By the even-odd rule: on each row from the first crossing with an edge to the second, from the third to the fourth,
    and so on, of all polygons at once.

    Args:
        corners: Of all polygons, one after another, [corners, 2].
        counts: How many corners each polygon has.
        places: The top, bottom, left and right of the rectangle around each polygon, [polygons, 4], in samples.
        first: The number of the first sample of each rectangle, and of the end.
        x: Of the columns of samples.
        y: Of the rows of samples.
    """
    following = np.arange(1, len(corners) + 1)
    ends = np.cumsum(counts)
    following[ends - 1] = ends - counts
    owner = np.repeat(np.arange(len(counts)), counts)
    other = corners[following]
    low, high = np.minimum(corners[:, 1], other[:, 1]), np.maximum(corners[:, 1], other[:, 1])
    top = np.maximum(np.searchsorted(y, low), places[owner, 0])
    rows = np.maximum(np.minimum(np.searchsorted(y, high), places[owner, 1]) - top, 0)  # that each edge crosses
    edge = np.repeat(np.arange(len(corners)), rows)
    row = np.arange(len(edge)) - np.repeat(np.cumsum(rows) - rows, rows) + top[edge]
    (ax, ay), (bx, by), polygon = corners[edge].T, other[edge].T, owner[edge]
    crossing = ax + (y[row] - ay) * (bx - ax) / (by - ay)
    above, _, left, right = places[polygon].T
    column = np.clip(np.searchsorted(x, crossing), left, right) - left
    line = first[polygon] + (row - above) * (right - left)
    at = np.sort(line + column).reshape(-1, 2)
    change = np.zeros(first[-1] + 1, np.int8)
    np.add.at(change, at[:, 0], 1)
    np.subtract.at(change, at[:, 1], 1)
    inside: NDArray[np.int8] = np.cumsum(change[:-1], dtype=np.int8)
    return inside
