"""The projection of every window: its live values, the lock, undo, and what is to be kept.

Values are taken as they come, because the four corners arrive one after the other. Whenever main is given effects, the
windows whose values have changed are emitted whole; corners that cross, or points that are wrong, leave a window as it
was.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from installation.conductor.parameter_state import ParameterState
from installation.core.errors import Rejected
from installation.core.messages import CUE, PROGRAM, SCRIPT, SHOW, SNAPSHOT, Notice, Origin, SetParam, Trigger, Value
from installation.core.param_table import MIRRORS, TEST_CARDS, Param
from installation.show.projection import (
    MAX_MESH_POINTS,
    WHOLE,
    KeepProjection,
    Mesh,
    ProjectedWindow,
    ProjectionSettings,
)
from installation.show.projection_values import (
    CORNERS,
    format_points,
    parse_points,
    projection_settings,
    projection_values,
)

UNDO_STEPS = 200
UNDO_SECONDS = 0.7  # of changes to one point that are taken back together
NOT_KEPT = frozenset({CUE.source, SCRIPT.source, SHOW.source, SNAPSHOT.source})
Geometry = dict[str, Value]


@dataclass(frozen=True)
class _Undo:
    prefix: str
    point: str  # what was changed
    before: Geometry
    at: float


class ProjectionControl:
    """The rules of the names that begin with `output` or `screen/1`, `screen/2` and so on."""

    def __init__(
        self,
        windows: tuple[ProjectionSettings, ...],
        state: ParameterState,
        set_value: Callable[[SetParam, float], None],
    ) -> None:
        """Start with the settings of the show.

        Args:
            windows: how the picture lies in the window of the stage and in the further ones.
            state: the values, which include those of `windows`.
            set_value: sets a value and reports a rejection itself.
        """
        self._state, self._set_value = state, set_value
        self._windows = {window.prefix: window for window in map(ProjectedWindow, range(len(windows)), windows)}
        self._changed = set(self._windows)
        self._kept: set[str] = set()  # windows whose change is to be kept
        self._undo: list[_Undo] = []
        self._together = False  # whether the values that are set now are one change

    # -- values -----------------------------------------------------------------------------------------------------

    def owns(self, name: str) -> bool:
        """Whether a name belongs to the projection."""
        subject, _, rest = name.partition("/")
        return subject == "screen" or (subject == "output" and not rest[:1].isdigit())  # output/1 is an [[output]]

    def adjust(self, name: str, value: Value) -> Value:
        """The value to store. Raises Rejected if there is no such window, the lock is on, or points are wrong."""
        prefix, key = self._split(name)
        if _is_geometry(key):
            self._check_lock(name)
        if key in ("mesh", "mask"):
            return self._points(prefix, key, str(value))
        return 90 * round(int(value) / 90) if key == "rotate" else value

    def before(self, name: str, now: float) -> None:
        """Note the geometry before a value is changed, for undo."""
        prefix, key = self._split(name)
        if _is_geometry(key) and not self._together:
            self._note(prefix, key.removesuffix("/x").removesuffix("/y"), now)

    def _note(self, prefix: str, point: str, now: float) -> None:
        last = self._undo[-1] if self._undo else None
        if last and (last.prefix, last.point) == (prefix, point) and now < last.at + UNDO_SECONDS:
            self._undo[-1] = replace(last, at=now)
            return
        self._undo = [*self._undo[1 - UNDO_STEPS :], _Undo(prefix, point, self._geometry(prefix), now)]

    def changed(self, name: str, origin: Origin) -> None:
        """Take note of a value that has been stored."""
        prefix, key = self._split(name)
        if key == "mirror":
            self._state.update(f"{prefix}/mirror/index", MIRRORS.index(str(self._state.values[name])))
        elif key == "mirror/index":
            self._state.update(f"{prefix}/mirror", MIRRORS[int(self._state.values[name])])
        everywhere = name in ("output/identify", "output/lock")
        self._changed |= set(self._windows) if everywhere else {prefix}
        if name == "output/lock" or (_is_geometry(key) and origin.source not in NOT_KEPT):
            self._kept.add(prefix)

    def flush(self) -> None:
        """Emit the windows that have changed."""
        for prefix in sorted(self._changed):
            try:
                settings = projection_settings(self._values(prefix), self._windows[prefix].settings)
            except Rejected as error:
                self._state.emit(Notice("stage", f"The projection stays as it was: {error}"))
                continue
            values = self._state.values
            window = ProjectedWindow(
                self._windows[prefix].number,
                settings,
                int(values[f"{prefix}/testcard"]),
                bool(values[f"{prefix}/calibrate"]),
                bool(values["output/identify"]),
                bool(values["output/lock"]),
            )
            if window != self._windows[prefix]:
                self._windows[prefix] = window
                self._state.emit(window)
            if prefix in self._kept:
                self._state.emit(KeepProjection(window.number, settings, window.locked))
        self._changed, self._kept = set(), set()

    @property
    def windows(self) -> tuple[ProjectedWindow, ...]:
        """What every window shows at present."""
        return tuple(self._windows.values())

    # -- triggers ---------------------------------------------------------------------------------------------------

    def fire(self, message: Trigger, row: Param, now: float) -> None:
        """Carry out a trigger. Raises Rejected."""
        if row.name == "output/undo":
            self._take_back(now)
            return
        if row.name == "output/testcard/next":
            card = (int(self._state.values["output/testcard"]) + 1) % len(TEST_CARDS)
            self._set_value(SetParam("output/testcard", card, message.origin), now)
            return
        prefix, key = self._split(message.name)
        self._check_lock(message.name)
        values = self._values_of(message, prefix, key)
        self._note(prefix, key, now)
        self._set_all(prefix, values, message.origin, now)

    def _values_of(self, message: Trigger, prefix: str, key: str) -> Geometry:
        """What a trigger sets. Raises Rejected."""
        match key.split("/"):
            case ["corner", "reset"]:
                return {**_corner_values(), "mesh": ""}
            case ["corner", name]:
                x, y = _numbers(message, 2)
                return {f"corner/{name}/x": x, f"corner/{name}/y": y}
            case ["mesh", "size"]:
                columns, rows = (round(each) for each in _numbers(message, 2))
                return {"mesh": _resized(self._mesh(prefix), columns, rows)}
            case _:
                return {"mesh": _moved(self._mesh(prefix), *_numbers(message, 4))}

    def _take_back(self, now: float) -> None:
        if not self._undo:
            raise Rejected("there is no change of the projection to take back.")
        self._check_lock("output/undo")
        last = self._undo.pop()
        self._set_all(last.prefix, last.before, PROGRAM, now)

    def _set_all(self, prefix: str, values: Geometry, origin: Origin, now: float) -> None:
        self._together = True
        try:
            for key, value in values.items():
                self._set_value(SetParam(f"{prefix}/{key}", value, origin), now)
        finally:
            self._together = False

    # -- helpers ----------------------------------------------------------------------------------------------------

    def _split(self, name: str) -> tuple[str, str]:
        """The window of a name, and the rest. Raises Rejected if there is no such window."""
        parts = name.split("/")
        taken = 1 if parts[0] == "output" else 2
        prefix = "/".join(parts[:taken])
        if prefix not in self._windows:
            count = len(self._windows) - 1
            raise Rejected(f"there is no screen {parts[1]}; the show has {count or 'none'}.")
        return prefix, "/".join(parts[taken:])

    def _check_lock(self, name: str) -> None:
        if self._state.values["output/lock"]:
            raise Rejected(f"'{name}' is locked; set output/lock to 0 first.")

    def _values(self, prefix: str) -> Geometry:
        keys = projection_values(ProjectionSettings())
        return {key: self._state.values[f"{prefix}/{key}"] for key in keys}

    def _geometry(self, prefix: str) -> Geometry:
        return {key: value for key, value in self._values(prefix).items() if _is_geometry(key)}

    def _mesh(self, prefix: str) -> Mesh:
        return parse_points(str(self._state.values[f"{prefix}/mesh"]))

    def _points(self, prefix: str, key: str, text: str) -> str:
        """The points in the form in which they are kept. Raises Rejected if they are no mesh or no mask."""
        points = parse_points(text)
        projection_settings({**projection_values(ProjectionSettings()), key: text}, self._windows[prefix].settings)
        return format_points(points)


def _is_geometry(key: str) -> bool:
    """Whether a value is locked, taken back and kept; the others are not."""
    return key.startswith(("corner/", "blend/", "dome/", "mesh", "mask", "mirror", "rotate"))


def _corner_values() -> Geometry:
    corners = zip(CORNERS, WHOLE, strict=True)
    return {f"corner/{name}/{axis}": at for name, point in corners for axis, at in zip("xy", point, strict=True)}


def _numbers(message: Trigger, count: int) -> list[float]:
    numbers = [float(each) for each in message.args if not isinstance(each, str) and math.isfinite(each)]
    if not len(numbers) == len(message.args) == count:
        raise Rejected(f"'{message.name}' takes {count} numbers.")
    return numbers


def _resized(mesh: Mesh, columns: int, rows: int) -> str:
    """A mesh with so many points, on straight lines between its old ones; flat if there was none."""
    if not 2 <= min(columns, rows) <= max(columns, rows) <= MAX_MESH_POINTS:
        raise Rejected(f"a mesh has 2 to {MAX_MESH_POINTS} columns and rows.")
    points = np.array(mesh or (((0, 0), (1, 0)), ((0, 1), (1, 1))), float)
    for axis, count in ((0, rows), (1, columns)):
        old = points.shape[axis]
        at = np.linspace(0, old - 1, count)
        low = np.minimum(at.astype(int), old - 2)
        share = (at - low).reshape([-1 if each == axis else 1 for each in range(3)])
        points = np.take(points, low, axis) * (1 - share) + np.take(points, low + 1, axis) * share
    return format_points([[(float(x), float(y)) for x, y in row] for row in points])


def _moved(mesh: Mesh, column: float, row: float, x: float, y: float) -> str:
    """A mesh with one point moved."""
    if not mesh:
        raise Rejected("there is no mesh; give it a size first.")
    if not (1 <= row <= len(mesh) and 1 <= column <= len(mesh[0])):
        raise Rejected(f"the mesh has {len(mesh[0])} columns and {len(mesh)} rows.")
    rows = [list(each) for each in mesh]
    rows[int(row) - 1][int(column) - 1] = (x, y)
    return format_points(rows)
