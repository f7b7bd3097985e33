"""The geometry of a projection: from a pixel of the projector to a place of the picture.

The picture is turned and mirrored first, then bent by the mesh, then pinned to its four corners. Everything is computed
backwards, for each pixel of the projector: the inverse of the perspective, then that of the mesh, then the turn.
Places are shares, (0, 0) at the top left.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from installation.show.projection import Corners, Mesh, ProjectionSettings

Doubles = NDArray[np.float64]

TABLE_POINTS = 193  # in a row of the inverse of a mesh, which is interpolated between them
TABLE_MARGIN = 0.05  # of the table beyond the mesh, so that its border is outside the picture
NEWTON_STEPS = 12  # at most
DERIVATIVE_STEP = 1e-5  # of the picture
MESH_TOLERANCE = 1e-6  # of the picture
MAX_NEWTON_STEP = 0.25  # of the picture; a longer one may leave the branch of a strongly bent mesh
_TURNS = {
    0: ((1, 0, 0), (0, 1, 0)),
    90: ((0, 1, 0), (-1, 0, 1)),
    180: ((-1, 0, 1), (0, -1, 1)),
    270: ((0, -1, 1), (1, 0, 0)),
}


class InverseMesh(NamedTuple):
    """Places of the flat picture on a regular grid over the bent one.

    Attributes:
        table: [193, 193, 2], float32.
        low: The place of the first point of the grid: x, y.
        high: That of the last.
    """

    table: NDArray[np.float32]
    low: tuple[float, float]
    high: tuple[float, float]


@lru_cache(maxsize=8)
def inverse_pin(corners: Corners) -> Doubles:
    """The matrix [3, 3] from the projector's image to the unit square; its third row is positive inside the corners."""
    rows, values = [], []
    for (x, y), (u, v) in zip(corners, ((0, 0), (1, 0), (1, 1), (0, 1)), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    matrix = np.append(np.linalg.solve(np.array(rows, float), np.array(values, float)), 1.0).reshape(3, 3)
    centre = np.array([*np.mean(corners, axis=0), 1.0])
    return np.asarray(matrix * np.sign(matrix[2] @ centre), float)


def orientation(settings: ProjectionSettings) -> Doubles:
    """The matrix [3, 3] from the upright unit square to the picture: turned clockwise, then mirrored."""
    turn = np.array([*_TURNS[settings.rotation], (0, 0, 1)], float)
    mirror = np.eye(3)
    if settings.mirror in ("horizontal", "both"):
        mirror[0] = (-1, 0, 1)
    if settings.mirror in ("vertical", "both"):
        mirror[1] = (0, -1, 1)
    return turn @ mirror


def bend(mesh: Mesh, places: Doubles) -> Doubles:
    """Where a mesh moves `places` [..., 2]: Catmull-Rom splines in both directions through its points.

    The displacements are interpolated (Catmull and Rom 1974), so that a regular mesh is exactly flat. Beyond the edge
    the displacement is that of the edge.
    """
    points = np.array(mesh, float)
    rows, columns = points.shape[:2]
    regular = np.stack(np.meshgrid(np.linspace(0, 1, columns), np.linspace(0, 1, rows)), axis=-1)
    moved = _extended(_extended(points - regular, 0), 1)
    at = np.clip(places, 0.0, 1.0)
    column, x = _spline(at[..., 0], columns)
    row, y = _spline(at[..., 1], rows)
    total = np.zeros_like(places)
    for i in range(4):
        for j in range(4):
            total += (y[i] * x[j])[..., None] * moved[row + i, column + j]
    return places + total


def _extended(points: Doubles, axis: int) -> Doubles:
    """One more point at each end, on the line through the two nearest."""
    lines = np.moveaxis(points, axis, 0)
    return np.moveaxis(np.concatenate([[2 * lines[0] - lines[1]], lines, [2 * lines[-1] - lines[-2]]]), 0, axis)


def _spline(at: Doubles, points: int) -> tuple[NDArray[np.intp], tuple[Doubles, Doubles, Doubles, Doubles]]:
    """The segment of each place, and the weights of the four points around it."""
    position = at * (points - 1)
    segment = np.minimum(position.astype(np.intp), points - 2)
    t = position - segment
    return segment, (
        -0.5 * t + t**2 - 0.5 * t**3,
        1 - 2.5 * t**2 + 1.5 * t**3,
        0.5 * t + 2 * t**2 - 1.5 * t**3,
        -0.5 * t**2 + 0.5 * t**3,
    )


@lru_cache(maxsize=4)
def inverse_mesh(mesh: Mesh) -> InverseMesh:
    """The inverse of `bend`, by Newton's method on a grid over the mesh."""
    points = np.array(mesh, float).reshape(-1, 2)
    low, high = points.min(axis=0) - TABLE_MARGIN, points.max(axis=0) + TABLE_MARGIN
    wanted = np.stack(np.meshgrid(*np.linspace(low, high, TABLE_POINTS).T), axis=-1)
    found = wanted.copy()
    step_x, step_y = np.array((DERIVATIVE_STEP, 0)), np.array((0, DERIVATIVE_STEP))
    for _ in range(NEWTON_STEPS):
        error = bend(mesh, found) - wanted
        if np.abs(error).max() < MESH_TOLERANCE:
            break
        by_x = (bend(mesh, found + step_x) - bend(mesh, found - step_x)) / (2 * DERIVATIVE_STEP)
        by_y = (bend(mesh, found + step_y) - bend(mesh, found - step_y)) / (2 * DERIVATIVE_STEP)
        size = by_x[..., 0] * by_y[..., 1] - by_x[..., 1] * by_y[..., 0]
        size = np.where(np.abs(size) < 1e-3, 1e-3, size)
        dx = (error[..., 0] * by_y[..., 1] - error[..., 1] * by_y[..., 0]) / size
        dy = (error[..., 1] * by_x[..., 0] - error[..., 0] * by_x[..., 1]) / size
        found -= np.clip(np.stack([dx, dy], axis=-1), -MAX_NEWTON_STEP, MAX_NEWTON_STEP)
    return InverseMesh(found.astype(np.float32), (float(low[0]), float(low[1])), (float(high[0]), float(high[1])))


def upright_places(settings: ProjectionSettings, places: Doubles) -> Doubles:
    """From `places` [..., 2] of the projector's image to those of the flat, upright picture."""
    matrix = inverse_pin(settings.corners)
    x, y = places[..., 0], places[..., 1]
    pinned = np.stack([row[0] * x + row[1] * y + row[2] for row in matrix], axis=-1)
    depth = pinned[..., 2:]
    flat = np.where(depth > 1e-9, pinned[..., :2] / np.maximum(depth, 1e-9), -9.0)
    return _look_up(inverse_mesh(settings.mesh), flat) if settings.mesh else flat


def _look_up(inverse: InverseMesh, places: Doubles) -> Doubles:
    low, high = np.array(inverse.low), np.array(inverse.high)
    position = np.clip((places - low) / (high - low), 0.0, 1.0) * (TABLE_POINTS - 1)
    first = np.minimum(position.astype(np.intp), TABLE_POINTS - 2)
    column, row = first[..., 0], first[..., 1]
    x, y = (position - first)[..., :1], (position - first)[..., 1:]
    table = inverse.table
    upper = table[row, column] * (1 - x) + table[row, column + 1] * x
    lower = table[row + 1, column] * (1 - x) + table[row + 1, column + 1] * x
    return np.asarray(upper * (1 - y) + lower * y, float)


def pixel_places(width: int, height: int) -> Doubles:
    """The centres of the pixels of the projector, [height, width, 2]."""
    return np.stack(np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height), axis=-1)


def coverage(settings: ProjectionSettings, width: int, height: int) -> Doubles:
    """How much of each pixel of the projector the picture covers, 0..1, [height, width]: smooth edges."""
    places = pixel_places(width, height)
    here = upright_places(settings, places)
    across = upright_places(settings, places + np.array((1 / width, 0))) - here
    down = upright_places(settings, places + np.array((0, 1 / height))) - here
    rate = np.maximum(np.hypot(across, down), 1e-9)  # of each coordinate, for one pixel of the projector
    return np.asarray(np.clip(np.minimum(here, 1 - here) / rate + 0.5, 0.0, 1.0).min(axis=-1), float)


def picture_places(settings: ProjectionSettings, upright: Doubles) -> Doubles:
    """From places [..., 2] of the upright picture to those of the picture itself."""
    matrix = orientation(settings)
    return upright @ matrix[:2, :2].T + matrix[:2, 2]
