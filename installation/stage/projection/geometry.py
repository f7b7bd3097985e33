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

FAR = 2.0  # beyond every place on a dome
TABLE_POINTS = 193  # in a row of the inverse of a mesh, which is interpolated between them
TABLE_MARGIN = 0.05  # of the table beyond the mesh, so that its border is outside the picture
SURFACE_POINTS = 385  # in a row of the grid on which the splines of a mesh are evaluated
ROWS_AT_ONCE = 32  # of the table, so that all that is computed with stays in the cache
NEWTON_STEPS = 12  # at most
MIN_AREA = 1e-3  # that a mesh keeps of a place, so that a fold has a slope too
MESH_TOLERANCE = 1e-4  # of the picture, before the last step, which leaves the square of it
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
    return places + _Bend(mesh).displacements(places)


class _Bend:
    """A mesh as splines of displacements."""

    def __init__(self, mesh: Mesh) -> None:
        points = np.array(mesh, float)
        self.rows, self.columns = points.shape[:2]
        regular = np.stack(np.meshgrid(np.linspace(0, 1, self.columns), np.linspace(0, 1, self.rows)), axis=-1)
        self._moved = _extended(_extended(points - regular, 0), 1)

    def displacements(self, places: Doubles) -> Doubles:
        """How far `places` [..., 2] are moved."""
        at = np.clip(places, 0.0, 1.0)
        column, x = _spline(at[..., 0], self.columns)
        row, y = _spline(at[..., 1], self.rows)
        total = np.zeros_like(places)
        for i in range(4):
            line = sum(x[j][..., None] * self._moved[row + i, column + j] for j in range(4))
            total += y[i][..., None] * line
        return total

    def grid(self, points: int) -> Doubles:
        """The displacements of a regular grid over the unit square, [points, points, 2]: splines are separable."""
        down, across = (_spline_matrix(points, count) for count in (self.rows, self.columns))
        return np.asarray(np.einsum("ir,rcd,jc->ijd", down, self._moved, across, optimize=True), float)


def _extended(points: Doubles, axis: int) -> Doubles:
    """One more point at each end, on the line through the two nearest."""
    lines = np.moveaxis(points, axis, 0)
    return np.moveaxis(np.concatenate([[2 * lines[0] - lines[1]], lines, [2 * lines[-1] - lines[-2]]]), 0, axis)


def _spline(at: Doubles, points: int) -> tuple[NDArray[np.intp], tuple[Doubles, ...]]:
    """The segment of each place, and the weights of the four points around it."""
    position = at * (points - 1)
    segment = np.minimum(position.astype(np.intp), points - 2)
    t = position - segment
    weights = (
        -0.5 * t + t**2 - 0.5 * t**3,
        1 - 2.5 * t**2 + 1.5 * t**3,
        0.5 * t + 2 * t**2 - 1.5 * t**3,
        -0.5 * t**2 + 0.5 * t**3,
    )
    return segment, weights


def _spline_matrix(places: int, points: int) -> Doubles:
    """The weights of all points, with one more at each end, for regular places: [places, points + 2]."""
    segment, weights = _spline(np.linspace(0.0, 1.0, places), points)
    matrix = np.zeros((places, points + 2))
    for offset, weight in enumerate(weights):
        matrix[np.arange(places), segment + offset] = weight
    return matrix


@lru_cache(maxsize=4)
def inverse_mesh(mesh: Mesh) -> InverseMesh:
    """The inverse of `bend`, by Newton's method on a grid over the mesh; places that are found are left alone.

    The splines are evaluated once, on a fine grid that is bilinear between its points: less than a hundredth of a pixel
    beside them, and a sixth of the time, which is that of a hand that drags a point.
    """
    points = np.array(mesh, float).reshape(-1, 2)
    low, high = points.min(axis=0) - TABLE_MARGIN, points.max(axis=0) + TABLE_MARGIN
    surface = _Surface(_Bend(mesh).grid(SURFACE_POINTS))
    x, y = np.linspace(low, high, TABLE_POINTS).T
    rows = [
        _inverted(surface, *np.meshgrid(x, y[at : at + ROWS_AT_ONCE])) for at in range(0, TABLE_POINTS, ROWS_AT_ONCE)
    ]
    table = np.concatenate(rows).astype(np.float32)
    return InverseMesh(table, (float(low[0]), float(low[1])), (float(high[0]), float(high[1])))


def _inverted(surface: _Surface, wanted_x: Doubles, wanted_y: Doubles) -> Doubles:
    """The places [rows, columns, 2] that are moved to the wanted ones [rows, columns]."""
    shape = wanted_x.shape
    wanted_x, wanted_y = wanted_x.ravel(), wanted_y.ravel()
    found_x, found_y = wanted_x.copy(), wanted_y.copy()
    left: NDArray[np.intp] | slice = slice(None)
    for _ in range(NEWTON_STEPS):
        x, y = found_x[left], found_y[left]
        (error_x, x_by_x, x_by_y), (error_y, y_by_x, y_by_y) = surface.at(x, y)
        error_x += x - wanted_x[left]
        error_y += y - wanted_y[left]
        far = np.maximum(np.abs(error_x), np.abs(error_y)) >= MESH_TOLERANCE
        size = x_by_x * y_by_y - x_by_y * y_by_x
        size[np.abs(size) < MIN_AREA] = MIN_AREA
        found_x[left] = x - _step(error_x * y_by_y - error_y * x_by_y, size)
        found_y[left] = y - _step(error_y * x_by_x - error_x * y_by_x, size)
        left = np.flatnonzero(far) if isinstance(left, slice) else left[far]
        if not len(left):
            break
    return np.stack([found_x, found_y], axis=-1).reshape(*shape, 2)


def _step(towards: Doubles, size: Doubles) -> Doubles:
    return np.clip(towards / size, -MAX_NEWTON_STEP, MAX_NEWTON_STEP)


class _Surface:
    """A bent surface as displacements on a fine grid over the unit square, bilinear in between."""

    def __init__(self, grid: Doubles) -> None:
        """`grid`: [n, n, 2]."""
        self._last = len(grid) - 1
        self._axes = [np.ascontiguousarray(grid[..., axis]).ravel() for axis in range(2)]

    def at(self, x: Doubles, y: Doubles) -> list[tuple[Doubles, Doubles, Doubles]]:
        """For the x and the y of places: how far they are moved, and the derivatives of where to by x and by y.

        Beyond the edge the displacement is that of the edge.
        """
        column, across, inside_x = self._cell(x)
        row, down, inside_y = self._cell(y)
        first = row * (self._last + 1) + column
        corners = first, first + 1, first + self._last + 1, first + self._last + 2
        found = []
        for axis, values in enumerate(self._axes):
            upper_left, upper_right, lower_left, lower_right = (values.take(each) for each in corners)
            upper = upper_left + (upper_right - upper_left) * across
            lower = lower_left + (lower_right - lower_left) * across
            left, right = lower_left - upper_left, lower_right - upper_right
            by_x = ((upper_right - upper_left) * (1.0 - down) + (lower_right - lower_left) * down) * inside_x
            by_y = (left + (right - left) * across) * inside_y
            found.append((upper + (lower - upper) * down, by_x + float(axis == 0), by_y + float(axis == 1)))
        return found

    def _cell(self, at: Doubles) -> tuple[NDArray[np.intp], Doubles, Doubles]:
        """The cell of each place, where in it the place is, and its slope: cells per unit, 0 beyond the edge."""
        position = np.clip(at * self._last, 0.0, self._last)
        cell = np.minimum(position.astype(np.intp), self._last - 1)
        return cell, position - cell, np.where((at >= 0.0) & (at <= 1.0), float(self._last), 0.0)


def upright_places(settings: ProjectionSettings, places: Doubles) -> Doubles:
    """From `places` [..., 2] of the projector's image to those of the flat, upright picture."""
    matrix = inverse_pin(settings.corners)
    x, y = places[..., 0], places[..., 1]
    pinned = np.stack([row[0] * x + row[1] * y + row[2] for row in matrix], axis=-1)
    depth = pinned[..., 2:]
    flat = np.where(depth > 1e-9, pinned[..., :2] / np.maximum(depth, 1e-9), -9.0)
    lying = _look_up(inverse_mesh(settings.mesh), flat) if settings.mesh else flat
    return _on_dome(settings, lying) if settings.dome_width else lying


def _on_dome(settings: ProjectionSettings, places: Doubles) -> Doubles:
    """From places of a dome master, an equidistant fisheye whose front is below, to those of the picture."""
    x, y = 2 * places[..., 0] - 1, 2 * places[..., 1] - 1
    radius = np.hypot(x, y)
    elevation = 90 - radius * settings.dome_view / 2
    across = 0.5 + np.degrees(np.arctan2(x, y)) / settings.dome_width
    down = 1 - (elevation - settings.dome_elevation) / settings.dome_height
    return np.stack([across, down], axis=-1)


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
    return _grid(_centres(0, width, width), _centres(0, height, height))


def _centres(first: int, end: int, count: int) -> Doubles:
    """The centres of pixels in a line of `count`, which may lie beyond it."""
    return (np.arange(first, end) + 0.5) / count


def _grid(x: Doubles, y: Doubles) -> Doubles:
    return np.stack(np.meshgrid(x, y), axis=-1)


def coverage(settings: ProjectionSettings, width: int, height: int) -> Doubles:
    """How much of each pixel of the projector the picture covers, 0..1, [height, width]: smooth edges."""
    return covered_places(settings, width, height, slice(None))[1]


def covered_places(settings: ProjectionSettings, width: int, height: int, rows: slice) -> tuple[Doubles, Doubles]:
    """The upright places [rows, width, 2] of pixels of the projector, and their coverage [rows, width]."""
    first, end, _ = rows.indices(height)
    places = upright_places(settings, _grid(_centres(0, width + 1, width), _centres(first, end + 1, height)))
    here = places[:-1, :-1]
    across, down = places[:-1, 1:] - here, places[1:, :-1] - here
    if settings.dome_width:  # behind the audience a picture all around begins again
        period = 360 / settings.dome_width
        for step in (across, down):
            step[..., 0] -= period * np.rint(step[..., 0] / period)
    rate = np.maximum(np.hypot(across, down), 1e-9)  # of each coordinate, for one pixel of the projector
    left, top, right, bottom = edges(settings)
    inside = np.minimum(here - (left, top), (right, bottom) - here)
    return here, np.asarray(np.clip(inside / rate + 0.5, 0.0, 1.0).min(axis=-1), float)


def edges(settings: ProjectionSettings) -> tuple[float, float, float, float]:
    """Where the picture ends, as shares of it: left, top, right, bottom.

    On a dome it may go all around, be closed at the top, and be cut by the edge of the dome master.
    """
    if not settings.dome_width:
        return 0.0, 0.0, 1.0, 1.0
    side = FAR if settings.dome_width >= 360 else 0.0
    top = FAR if settings.dome_elevation + settings.dome_height >= 90 else 0.0
    lowest = 90 - settings.dome_view / 2
    return -side, -top, 1.0 + side, min(1.0, 1 - (lowest - settings.dome_elevation) / settings.dome_height)


def picture_places(settings: ProjectionSettings, upright: Doubles) -> Doubles:
    """From places [..., 2] of the upright picture to those of the picture itself."""
    matrix = orientation(settings)
    return upright @ matrix[:2, :2].T + matrix[:2, 2]
