"""The planes of a scene: the same canvas and latents, each seen by the camera at its depth.

A plane is a `DrawContext` with a pixel grid of its own. So painters, which compute everything from the coordinates of
their pixels, need not know about the camera, nothing is resampled, and no plane ends at the edge of the picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from torch import Tensor

from installation.models.theatre.camera import AIR, DEPTHS, FAR, MIDDLE, SKY, STAGE, Camera
from installation.models.theatre.draw_context import DrawContext
from installation.models.theatre.land import land_ridges
from installation.models.theatre.land_layers import layer_colours
from installation.models.theatre.paper_sky import staged_sky
from installation.models.theatre.raster import PixelGrid
from installation.models.theatre.scene import Scene
from installation.models.theatre.scene_change import PARTED, SUNK, SceneChange, sky_weights, stage_weights
from installation.models.theatre.sky import sky_gradient
from installation.models.theatre.vocabulary import GROUP_SLICES

OPEN_WATERS = ("sea", "lake", "island")  # through which the farthest land is seen
EDGE_PIXELS, EDGE_UNITS = 6, 0.02  # below the highest point of a ridge, where a layer has become opaque

Planes = Mapping[str, DrawContext]


class View(NamedTuple):
    """What `Camera.see` asks of a plane: its depth, how far it has sunk, and how far its sides have parted."""

    depth: float
    fallen: float
    parted: float


@dataclass(frozen=True)
class Staging:
    """How a single scene is shown.

    Attributes:
        camera: Where it is.
        change: How far a change of scene is; None if all classes crossfade.
    """

    camera: Camera
    change: SceneChange | None

    @property
    def light(self) -> float:
        """Brightness, 0..1."""
        return self.change.light if self.change else 1.0

    @property
    def drawn(self) -> float:
        """How far the curtain of an opening still is where it was, 0..1."""
        return self.change.drawn if self.change else 1.0

    def view(self, scene: Scene, plane: str) -> View:
        """How the camera sees a plane; a road leads along the ground that figures stand on."""
        depth = DEPTHS[plane]
        if plane == MIDDLE:
            depth += (DEPTHS[STAGE] - depth) * float(scene.weight("terrain", "road"))
        away = self.change.away(plane) if self.change else 0.0
        if plane in PARTED:
            return View(depth, 0.0, PARTED[plane] * away)
        return View(depth, SUNK * away, 0.0)

    def scenes(self, each: Mapping[str, Scene]) -> dict[str, Scene]:
        """The scene of each plane as the camera sees it; planes of one scene that look alike have the same."""
        seen: dict[tuple[int, View], Scene] = {}
        found = {}
        for plane, scene in each.items():
            key = id(scene), self.view(scene, plane)
            if key not in seen:
                seen[key] = scene.on_plane(self.camera.see(scene.grid, *key[1]), scene.weights)
            found[plane] = seen[key]
        return found


def flat_planes(scene: Scene) -> Planes:
    """All planes as one, without a camera; differentiable."""
    context = DrawContext(sky_gradient(scene), scene, land_ridges(scene), layer_colours(scene))
    return dict.fromkeys(DEPTHS, context)


def staged_planes(scene: Scene, staging: Staging, own_sky: bool = True) -> Planes:
    """The planes of a single scene, as the camera sees them; without `own_sky` something else hangs in its place."""
    sky, stage = scene, scene
    if staging.change and not staging.change.complete:
        sky = scene.on_plane(scene.grid, sky_weights(scene.weights, staging.change))
        stage = scene.on_plane(scene.grid, stage_weights(scene.weights, staging.change))
    scenes = {plane: sky if plane in (SKY, AIR) else stage for plane in DEPTHS}
    scenes = staging.scenes(scenes)
    for plane in PARTED:
        scenes[plane] = _faded(scenes[plane], staging.change.away(plane)) if staging.change else scenes[plane]
    colours = layer_colours(stage)
    canvas = staged_sky(scenes[SKY], colours.far) if own_sky else sky_gradient(scenes[SKY])
    context = DrawContext(canvas, scenes[STAGE], land_ridges(scenes[STAGE]), colours)
    planes = {plane: replace(context, scene=one) for plane, one in scenes.items()}
    for plane in (FAR, MIDDLE):  # nothing on the others has to do with a ridge
        planes[plane] = replace(planes[plane], ridges=land_ridges(scenes[plane]))
    planes[MIDDLE] = _behind(planes[MIDDLE], planes[STAGE].scene.grid, planes[STAGE].ridges.near)
    if not stage.has("terrain", *OPEN_WATERS):
        planes[FAR] = _behind(planes[FAR], planes[MIDDLE].scene.grid, planes[MIDDLE].ridges.middle)
    return planes


def _behind(plane: DrawContext, grid: PixelGrid, ridge: Tensor) -> DrawContext:
    """The plane, which is hidden wherever it is below all of a nearer ridge, as the camera sees that one on `grid`."""
    row = grid.row(ridge.amax()) + EDGE_PIXELS
    own = plane.scene.grid
    return replace(plane, hidden=float(own.centre[1] + (row - own.height / 2) / own.unit) + EDGE_UNITS)


def _faded(scene: Scene, away: float) -> Scene:
    """The scene with so much less of its terrain."""
    if away <= 0.0:
        return scene
    weights = scene.weights.clone()
    weights[:, GROUP_SLICES["terrain"]] *= 1 - away
    return scene.on_plane(scene.grid, weights)
