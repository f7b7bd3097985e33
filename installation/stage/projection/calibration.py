"""Calibration by hand, in the window itself: corners and mesh points are moved with the mouse and the arrow keys.

It keeps which point is chosen, and nothing else: what it asks for goes to the show like any other message, and comes
back as the next `ProjectedWindow`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pygame
from numpy.typing import NDArray

from installation.core.messages import KEYBOARD, SetParam, Trigger
from installation.show.projection import Point, ProjectedWindow
from installation.show.projection_values import CORNERS
from installation.stage.projection.geometry import inverse_pin

STEP, LONG_STEP = 1, 10  # pixels of the window
REACH = 0.04  # of the window's height: how near to a point the mouse has to be
NEW_MESH = (3, 3)  # columns and rows
_ARROWS = {pygame.K_LEFT: (-1, 0), pygame.K_RIGHT: (1, 0), pygame.K_UP: (0, -1), pygame.K_DOWN: (0, 1)}
_MOUSE = (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP, pygame.MOUSEMOTION)

CalibrationEvent = SetParam | Trigger


class Handle(NamedTuple):
    """A point that can be moved.

    Attributes:
        name: What the trigger that moves it is called, without the window.
        arguments: The numbers of the trigger before x and y.
        at: Its place, as a share of the window.
    """

    name: str
    arguments: tuple[int, ...]
    at: Point


class Calibration:
    """Turns the events of a window into requests; `chosen` is the number of the chosen handle."""

    def __init__(self) -> None:
        self.chosen = 0
        self.of_mesh = False
        self._dragged = False

    def handles(self, window: ProjectedWindow) -> list[Handle]:
        """The points that can be moved now: the corners, or those of the mesh."""
        settings = window.settings
        if not (self.of_mesh and settings.mesh):
            corners = zip(CORNERS, settings.corners, strict=True)
            return [Handle(f"corner/{name}", (), point) for name, point in corners]
        pin = np.linalg.inv(inverse_pin(settings.corners))
        return [
            Handle("mesh/point", (column, row), _through(pin, point))
            for row, points in enumerate(settings.mesh, 1)
            for column, point in enumerate(points, 1)
        ]

    def handle(
        self, event: pygame.event.Event, window: ProjectedWindow, size: tuple[int, int]
    ) -> list[CalibrationEvent] | None:
        """What an event asks for; None if it is not one of the calibration. `size` is the window's, in pixels."""
        if event.type in _MOUSE:
            return self._point(event, window, size)
        if event.type in (pygame.TEXTINPUT, pygame.TEXTEDITING):
            return []
        if event.type != pygame.KEYDOWN:
            return None
        return self._press(event, window, size)

    def _press(
        self, event: pygame.event.Event, window: ProjectedWindow, size: tuple[int, int]
    ) -> list[CalibrationEvent] | None:
        handles, shift = self.handles(window), bool(event.mod & pygame.KMOD_SHIFT)
        if event.key in _ARROWS:
            x, y = _ARROWS[event.key]
            step = LONG_STEP if shift else STEP
            at = handles[self.chosen % len(handles)].at
            return self._move(window, (at[0] + x * step / size[0], at[1] + y * step / size[1]))
        if event.mod & pygame.KMOD_CTRL:
            return [Trigger("output/undo", (), KEYBOARD)] if event.key == pygame.K_z else None
        match event.key:
            case pygame.K_TAB:
                self.chosen = (self.chosen + (-1 if shift else 1)) % len(handles)
            case pygame.K_m:
                return self._change_kind(window)
            case pygame.K_l:
                return [SetParam("output/lock", not window.locked, KEYBOARD)]
            case pygame.K_ESCAPE:
                return [SetParam(f"{window.prefix}/calibrate", False, KEYBOARD)]
            case key:  # function keys keep their meaning; letters are not typed into the line of words
                return None if pygame.K_F1 <= key <= pygame.K_F12 else []
        return []

    def _change_kind(self, window: ProjectedWindow) -> list[CalibrationEvent]:
        self.of_mesh, self.chosen = not self.of_mesh, 0
        if self.of_mesh and not window.settings.mesh:
            return [Trigger(f"{window.prefix}/mesh/size", NEW_MESH, KEYBOARD)]
        return []

    def _point(
        self, event: pygame.event.Event, window: ProjectedWindow, size: tuple[int, int]
    ) -> list[CalibrationEvent]:
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == pygame.BUTTON_LEFT:
            away = [np.hypot(*(np.array(each.at) * size - event.pos)) for each in self.handles(window)]
            nearest = int(np.argmin(away))
            self._dragged = bool(away[nearest] <= REACH * size[1])
            if self._dragged:
                self.chosen = nearest
        elif event.type == pygame.MOUSEBUTTONUP:
            self._dragged = False
        elif event.type == pygame.MOUSEMOTION and self._dragged:
            return self._move(window, (event.pos[0] / size[0], event.pos[1] / size[1]))
        return []

    def _move(self, window: ProjectedWindow, to: Point) -> list[CalibrationEvent]:
        """Asks for the chosen point at a place of the window."""
        handles = self.handles(window)
        handle = handles[self.chosen % len(handles)]
        place = _through(inverse_pin(window.settings.corners), to) if handle.arguments else to
        return [Trigger(f"{window.prefix}/{handle.name}", (*handle.arguments, *place), KEYBOARD)]


def _through(matrix: NDArray[np.floating[Any]], point: Point) -> Point:
    x, y, depth = matrix @ (*point, 1.0)
    return float(x / depth), float(y / depth)
