"""The order of the layers of a scene, from the sky to the final colour grading.

A layer is a painter, the plane that it paints on, and the classes that it belongs to; it is skipped where none of them
has weight anywhere in the batch. To add one, write a function of a `DrawContext` and give it a row here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from installation.models.theatre.buildings import paint_capitals, paint_city_windows, paint_village_lights
from installation.models.theatre.camera import AIR, FAR, MIDDLE, NEAR, ROOM, SKY, STAGE
from installation.models.theatre.celestial import paint_celestial_body
from installation.models.theatre.clouds import paint_cloud_sheets, paint_clouds, paint_distant_fog, paint_near_fog
from installation.models.theatre.details import paint_distant_birds, paint_lanterns, paint_lit_windows, paint_smoke
from installation.models.theatre.figure_atlas import Atlas
from installation.models.theatre.figures import cast_figures, paint_figures, paint_shadows
from installation.models.theatre.fire import paint_distant_fire, paint_near_fire
from installation.models.theatre.flowers import paint_flowers
from installation.models.theatre.interiors import paint_cave, paint_room
from installation.models.theatre.land_layers import (
    paint_far_layer,
    paint_lava,
    paint_middle_layer,
    paint_near_layer,
    paint_snowcaps,
    paint_volcano_plume,
)
from installation.models.theatre.near_frame import FRAMED_TERRAINS, paint_near_frame
from installation.models.theatre.planes import Planes, Staging, flat_planes, staged_planes
from installation.models.theatre.raster import Raster
from installation.models.theatre.roads_rivers import paint_river, paint_road
from installation.models.theatre.scene import DrawContext, Scene
from installation.models.theatre.scenery import (
    paint_far_palms,
    paint_foliage,
    paint_graveyard,
    paint_island_palms,
    paint_reeds,
    paint_swamp_trees,
)
from installation.models.theatre.sky import paint_sky
from installation.models.theatre.underwater import paint_kelp, paint_light_shafts, paint_water_column
from installation.models.theatre.vocabulary import Z
from installation.models.theatre.water import paint_open_water, paint_waterfall
from installation.models.theatre.weather import paint_falling_stars, paint_lightning, paint_weather

TINT_STRENGTH = 0.78
LUMA = (0.30, 0.55, 0.15)  # weights of red, green and blue


@dataclass(frozen=True)
class Layer:
    """A painter, its plane, and the classes of which at least one must be present; without a group it always paints."""

    plane: str
    paint: Callable[[DrawContext], None]
    group: str = ""
    labels: tuple[str, ...] = ()

    def visible(self, scene: Scene) -> bool:
        """Whether there is anything to paint."""
        return not self.group or scene.has(self.group, *self.labels)


def _terrain(plane: str, paint: Callable[[DrawContext], None], *labels: str) -> Layer:
    return Layer(plane, paint, "terrain", labels)


def _weather(plane: str, paint: Callable[[DrawContext], None], *labels: str) -> Layer:
    return Layer(plane, paint, "weather", labels)


def _detail(plane: str, paint: Callable[[DrawContext], None], *labels: str) -> Layer:
    return Layer(plane, paint, "detail", labels)


def _paint_weather_outside(context: DrawContext) -> None:
    """The weather as seen through the window of a room."""
    paint_weather(context, context.scene.weight("terrain", "room"))


def _paint_weather_in_front(context: DrawContext) -> None:
    paint_weather(context, 1 - context.scene.weight("terrain", "room"))


BEHIND_FIGURES = (
    Layer(SKY, paint_sky),
    Layer(SKY, paint_cloud_sheets),
    _weather(SKY, paint_clouds, "clouds", "rain", "lightning", "snow"),
    _terrain(SKY, paint_water_column, "deep sea"),
    Layer(SKY, paint_celestial_body),
    _weather(SKY, paint_falling_stars, "falling stars"),
    _weather(SKY, paint_lightning, "lightning"),
    _detail(SKY, paint_distant_birds, "distant birds"),
    _terrain(FAR, paint_volcano_plume, "volcano"),
    # the far layer of land, and the water that reflects all of the above
    _terrain(FAR, paint_far_palms, "jungle"),
    _terrain(FAR, paint_island_palms, "island"),
    Layer(FAR, paint_far_layer),
    _terrain(FAR, paint_snowcaps, "mountains", "lake", "ice"),
    _terrain(FAR, paint_lava, "volcano"),
    _weather(FAR, paint_distant_fog, "fog"),
    _terrain(FAR, paint_waterfall, "waterfall"),
    _weather(MIDDLE, paint_distant_fire, "fire"),
    _terrain(FAR, paint_open_water, "sea", "lake", "island", "ice", "cliffs", "swamp", "waterfall"),
    _terrain(MIDDLE, paint_swamp_trees, "swamp"),
    _terrain(SKY, paint_light_shafts, "deep sea"),
    # the middle layer, and what stands on it
    Layer(MIDDLE, paint_middle_layer),
    _terrain(MIDDLE, paint_capitals, "ruins"),
    _terrain(MIDDLE, paint_city_windows, "city"),
    _terrain(MIDDLE, paint_village_lights, "village"),
    _terrain(MIDDLE, paint_river, "river"),
    _terrain(MIDDLE, paint_road, "road"),
    _terrain(MIDDLE, paint_graveyard, "graveyard"),
    _weather(STAGE, paint_near_fire, "fire"),
    _weather(MIDDLE, paint_near_fog, "fog"),
    _detail(MIDDLE, paint_smoke, "smoke"),
    _detail(MIDDLE, paint_lit_windows, "lit windows"),
    _detail(MIDDLE, paint_lanterns, "lanterns"),
    # a room, around all of this
    _terrain(AIR, _paint_weather_outside, "room"),
    _terrain(ROOM, paint_room, "room"),
)
BEFORE_FIGURES = (
    _terrain(STAGE, paint_flowers, "field"),
    _terrain(STAGE, paint_reeds, "swamp"),
    _terrain(STAGE, paint_kelp, "deep sea"),
    _terrain(NEAR, paint_foliage, "jungle"),
    _terrain(NEAR, paint_cave, "cave"),
    Layer(AIR, _paint_weather_in_front),
    _terrain(NEAR, paint_near_frame, *FRAMED_TERRAINS),
)


def paint_scene(scene: Scene, atlas: Atlas, staging: Staging | None = None) -> Tensor:
    """Paint a scene: [batch, 3, height, width] in 0..1.

    With a staging, a batch of one is painted on planes that move by themselves, without gradient.
    """
    planes = flat_planes(scene) if staging is None else staged_planes(scene, staging)
    _paint_layers(planes, BEHIND_FIGURES)
    stage = planes[STAGE]
    casts = cast_figures(stage, atlas)
    coloured = paint_figures(stage, atlas, casts)
    paint_near_layer(stage)
    paint_shadows(atlas, casts)
    _paint_layers(planes, BEFORE_FIGURES)
    if not scene.has_only("tint", "no tint"):
        _paint_tint(stage.canvas, scene, coloured)
    return _expose(stage.canvas, scene, staging.light if staging else 1.0)


def _paint_layers(planes: Planes, layers: Iterable[Layer]) -> None:
    for layer in layers:
        context = planes[layer.plane]
        if layer.visible(context.scene):
            layer.paint(context)


def _paint_tint(canvas: Raster, scene: Scene, protected: Tensor | None) -> None:
    """Map luma to a gradient of three colours (a tritone), except where `protected` (0..1) covers the picture."""
    red, green, blue = canvas.pixels[:, :1], canvas.pixels[:, 1:2], canvas.pixels[:, 2:]
    luma = (LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue).clamp(0, 1)
    shadows, midtones, highlights = scene.tint_colours
    toned = torch.lerp(shadows, midtones, (2 * luma).clamp(max=1))
    toned = torch.lerp(toned, highlights, (2 * luma - 1).clamp(min=0))
    strength = TINT_STRENGTH * (1 - scene.weight("tint", "no tint"))
    canvas.over(scene.grid.box(), toned, strength if protected is None else strength * (1 - protected))


def _expose(canvas: Raster, scene: Scene, light: float) -> Tensor:
    """Apply vignette, exposure and the stage's light: the finished picture, [batch, 3, height, width] in 0..1."""
    grid = scene.grid
    width, height = grid.right - grid.left, grid.bottom - grid.top
    across = ((grid.x - 0.5) / width * 1.25) ** 2
    down = ((grid.y - 0.5) / height + 0.02) ** 2 * 1.44
    if grid.bottom > 1:  # below the square of a tall picture the foreground darkens
        below = grid.box(top=1)
        canvas.darken(below, 0.8 * ((below.y - 1) / 0.45).clamp(0, 1))
    canvas.multiply(grid.box(), (1 - 0.30 * (across + down)) * (light * torch.exp(0.10 * scene.bounded(Z.EXPOSURE))))
    return canvas.pixels.clamp(0, 1)
