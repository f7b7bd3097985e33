"""Folds a sheet of paper into facets: a low relief over a polygon, as a paper sculptor scores and bends it.

Ridges run along the medial axis of the sheet. Its corners and some points of the axis are triangulated (Delaunay,
1934); the height of a point is its distance to the edge, so that every triangle leans its own way and catches the
light.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import Delaunay, QhullError

Mask = NDArray[np.bool_]
Slopes = NDArray[np.float32]  # [2, side, side]: how far the paper leans to the right and downwards, -1..1

STEEPNESS = 0.9  # height of a ridge, relative to its distance to the edge
MAX_RIDGE_POINTS = 14
RIDGE_SPACING = 1.25  # distance between two ridge points, relative to their distance to the edge
MIN_RIDGE = 0.012  # distance to the edge below which there is no ridge, in units of the square's side
SLIVER = 0.015  # height of a flat triangle along a curved edge below which its pixels lean as their neighbours do
LONG_EDGE = 0.2  # edges longer than this are divided, in units of the square's side


def folded_slopes(sheet: Mask, outline: NDArray[np.float64]) -> Slopes:
    """The slope of every pixel of a folded sheet, 0 outside it.

    Args:
        sheet: [side, side].
        outline: Its corners, [corners, 2], x and y in pixels.
    """
    side = sheet.shape[0]
    ridges, heights = _ridge_points(sheet)
    corners = _divided(outline, LONG_EDGE * side)
    points = np.concatenate([corners, ridges])
    z = np.concatenate([np.zeros(len(corners)), heights])
    slopes = np.zeros((2, side, side), np.float32)
    try:
        mesh = Delaunay(points)
    except QhullError:  # a sheet without area
        return slopes
    leaning = np.array([_slope(points[triangle], z[triangle]) for triangle in mesh.simplices], np.float32)
    slivers = np.array([_height(points[each]) < SLIVER * side for each in mesh.simplices]) & ~leaning.any(1)
    rows, columns = np.nonzero(sheet)
    found = mesh.find_simplex(np.stack([columns, rows], 1) + 0.5)
    folded = (found >= 0) & ~slivers[found]
    if folded.any():
        slopes[:, rows[folded], columns[folded]] = leaning[found[folded]].T
        plain = np.ones(sheet.shape, bool)
        plain[rows[folded], columns[folded]] = False
        nearest = ndimage.distance_transform_edt(plain, return_distances=False, return_indices=True)
        slopes = np.where(sheet, slopes[:, nearest[0], nearest[1]], 0)  # else the edge has unlit dots
    return slopes


def _ridge_points(sheet: Mask) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points of the medial axis, the deepest first, each beyond the reach of those before: [n, 2] and heights [n]."""
    side = sheet.shape[0]
    depth = ndimage.distance_transform_edt(np.pad(sheet, 1))[1:-1, 1:-1]
    left = depth.copy()
    points: list[tuple[float, float]] = []
    heights: list[float] = []
    y, x = np.mgrid[:side, :side]
    while len(points) < MAX_RIDGE_POINTS and left.max() > MIN_RIDGE * side:
        row, column = np.unravel_index(int(left.argmax()), left.shape)
        height = float(depth[row, column])
        points.append((column + 0.5, row + 0.5))
        heights.append(STEEPNESS * height)
        left[(x - column) ** 2 + (y - row) ** 2 < (RIDGE_SPACING * height + 0.02 * side) ** 2] = 0
    return np.array(points, np.float64).reshape(-1, 2), np.array(heights)


def _divided(outline: NDArray[np.float64], longest: float) -> NDArray[np.float64]:
    """An outline whose long edges have points in between, [points, 2]."""
    parts = []
    for start, end in zip(outline, np.roll(outline, -1, 0), strict=True):
        pieces = max(1, int(np.hypot(*(end - start)) // longest))
        parts.append(start + (end - start) * np.arange(pieces)[:, None] / pieces)
    return np.concatenate(parts)


def _height(corners: NDArray[np.float64]) -> float:
    """Of a triangle above its longest edge."""
    (ax, ay), (bx, by) = corners[1] - corners[0], corners[2] - corners[0]
    longest = max(np.hypot(ax, ay), np.hypot(bx, by), np.hypot(bx - ax, by - ay), 1e-9)
    return float(abs(ax * by - ay * bx) / longest)


def _slope(corners: NDArray[np.float64], z: NDArray[np.float64]) -> tuple[float, float]:
    """The downhill direction of a triangle: x and y, each in -1..1."""
    (ax, ay), (bx, by) = corners[1] - corners[0], corners[2] - corners[0]
    area = ax * by - ay * bx
    if abs(area) < 1e-6:
        return 0.0, 0.0
    az, bz = z[1] - z[0], z[2] - z[0]
    down = -np.array([by * az - ay * bz, ax * bz - bx * az]) / area
    x, y = down / np.sqrt(1 + (down**2).sum())
    return float(x), float(y)
