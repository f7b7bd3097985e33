"""A multiplane camera: one slow move after another, seen in full by what is near and hardly by the sky.

The move follows from z and the time alone, so that the same show gives the same pictures. It reverses where it comes
to rest, and z mixes its three directions, so that it never jumps.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from installation.models.theatre.raster import PixelGrid
from installation.models.theatre.scene import Scene
from installation.models.theatre.vocabulary import Z

MOVE_SECONDS = 16.0  # of one move; the next one leads back
PICTURE = 0.945  # share of the height that the scene takes up; below, its ground goes on under the words of the stage
TRUCK, CRANE, PUSH = 0.12, 0.035, 0.15  # of the nearest plane: units to either side, up or down; enlargement
SKY, FAR, MIDDLE, STAGE, ROOM, NEAR, AIR = "sky", "far", "middle", "stage", "room", "near", "air"
DEPTHS = {  # how much of a move a plane makes
    SKY: 0.05,
    FAR: 0.15,  # land, and the water that reflects it
    MIDDLE: 0.35,  # land and what stands on it
    STAGE: 0.6,  # the nearest land and the figures on it
    ROOM: 0.6,  # the wall with the window
    NEAR: 1.0,  # what frames the view
    AIR: 1.0,  # rain, snow and all else that falls
}


class Camera(NamedTuple):
    """Where the camera is: for the nearest plane, units to the right and down, and its enlargement."""

    x: float
    y: float
    push: float

    def see(self, grid: PixelGrid, depth: float, fallen: float = 0.0, parted: float = 0.0) -> PixelGrid:
        """A plane as the camera sees it.

        Args:
            grid: Of the picture.
            depth: How much of the move the plane makes, 0..1.
            fallen: How far the plane has sunk, in units.
            parted: How far its sides have moved outwards; 1 doubles their distance from the middle.
        """
        below = (1 / PICTURE - 1) / 2 * grid.height / grid.unit
        centre = 0.5 + depth * self.x, 0.5 + below + depth * self.y - fallen
        return grid.seen_from(centre, PICTURE * (1 + depth * self.push) * (1 + parted))


def camera_at(scene: Scene, amount: float) -> Camera:
    """The camera of a single scene at its time; `amount` is 0..1, the width of the move."""
    truck, crane, push = (float(scene.z(index)) for index in Z.CAMERA)
    crane, push = 0.6 * crane, abs(push) + 0.2
    length = math.sqrt(truck**2 + crane**2 + push**2)
    way = amount * math.sin(scene.angle(math.pi / MOVE_SECONDS))
    return Camera(
        x=way * TRUCK * truck / length,
        y=way * CRANE * crane / length,
        push=(amount + way) / 2 * PUSH * push / length,
    )
