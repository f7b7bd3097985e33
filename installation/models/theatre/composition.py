"""The order of the layers of a scene, from the sky to the final colour grading.

A layer is a painter, the plane that it paints on, and the classes that it belongs to; it is skipped where none of them
has weight anywhere in the batch. To add one, write a function of a `DrawContext` and give it a row here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from installation.models.op_tape import pause_point
from installation.models.theatre.buildings import paint_capitals, paint_city_windows, paint_village_lights
from installation.models.theatre.camera import AIR, FAR, MIDDLE, NEAR, ROOM, SKY, STAGE
from installation.models.theatre.celestial import paint_celestial_body
from installation.models.theatre.clouds import (
    paint_cloud_sheets,
    paint_clouds,
    paint_distant_fog,
    paint_fog_among_houses,
    paint_near_fog,
)
from installation.models.theatre.decoded_latents import marks_celestial_body
from installation.models.theatre.details import paint_distant_birds, paint_lanterns, paint_lit_windows, paint_smoke
from installation.models.theatre.draw_context import DrawContext
from installation.models.theatre.figure_atlas import Atlas
from installation.models.theatre.figures import (
    cast_figures,
    paint_all_cords,
    paint_all_spray,
    paint_far_figures,
    paint_figures,
    paint_fires,
    paint_shadows,
    paint_wet_grounds,
    protected_pixels,
    settle_ground,
)
from installation.models.theatre.fire import paint_distant_fire, paint_near_fire
from installation.models.theatre.fireworks import paint_fireworks
from installation.models.theatre.flowers import paint_flowers
from installation.models.theatre.front_sheet import FRONTED_TERRAINS, paint_front_sheet
from installation.models.theatre.groves import WOODED, paint_groves
from installation.models.theatre.interiors import paint_cave
from installation.models.theatre.land import land_ridges
from installation.models.theatre.land_layers import (
    paint_far_layer,
    paint_lava,
    paint_middle_layer,
    paint_near_layer,
    paint_volcano_plume,
)
from installation.models.theatre.near_frame import FRAMED_TERRAINS, paint_near_frame
from installation.models.theatre.paper_sky import paint_sunbeams
from installation.models.theatre.planes import Planes, Staging, flat_planes, staged_planes
from installation.models.theatre.proscenium import CURTAIN, paint_proscenium
from installation.models.theatre.raster import PixelGrid, Raster, cached_constant, interpolate_lines
from installation.models.theatre.roads_rivers import paint_river, paint_road
from installation.models.theatre.rooms import paint_any_room, paint_open_set
from installation.models.theatre.scene import Scene
from installation.models.theatre.scenery import (
    paint_far_palms,
    paint_foliage,
    paint_graveyard,
    paint_island_palms,
    paint_reeds,
    paint_swamp_trees,
)
from installation.models.theatre.sky import paint_aurora, paint_glow, paint_milky_way, paint_rainbow, paint_stars
from installation.models.theatre.snow import paint_snowcaps
from installation.models.theatre.street import paint_street
from installation.models.theatre.underwater import paint_bubbles, paint_kelp, paint_light_shafts, paint_water_column
from installation.models.theatre.vocabulary import AURORA_SKIES, MILKY_SKIES, RAINBOW_SKIES, STARRY_SKIES, Z
from installation.models.theatre.water import paint_open_water, paint_waterfall
from installation.models.theatre.weather import paint_falling_stars, paint_lightning, paint_weather

BACKDROP_ASPECT = 16 / 9  # of a picture that hangs behind the stage: width to height
TINT_STRENGTH = 0.78
SOFT_EDGE = 0.02  # of the land of a backdrop, in units
VIGNETTE, CORNERS, CORNER_HUE = 0.30, 0.27, 0.8  # how dark corners are; before an audience; how much hue they keep
NEAR_LAND, ALL_LAND, FAR_LAND = 1, 2, 3  # what a place under the open sky may cover
LUMA = (0.30, 0.55, 0.15)  # weights of red, green and blue


@dataclass(frozen=True)
class Layer:
    """A painter, its plane, and the classes of which at least one must be present; without a group it always paints.

    What is `fine` is lost in a backdrop, which is soft. With a value of `staged` it is painted for an audience alone,
    or for the models alone, which know a plainer picture.
    """

    plane: str
    paint: Callable[[DrawContext], None]
    group: str = ""
    labels: tuple[str, ...] = ()
    fine: bool = False
    staged: bool | None = None
    land: int = 0

    def visible(self, scene: Scene) -> bool:
        """Whether there is anything to paint."""
        if self.staged is not None and self.staged != scene.staged:
            return False
        if self.land and scene.staged and scene.covered_land[self.land - 1]:
            return False
        return not self.group or scene.has(self.group, *self.labels)


def _sky(paint: Callable[[DrawContext], None], labels: tuple[str, ...], fine: bool = False) -> Layer:
    return Layer(SKY, paint, "sky", labels, fine)


def _terrain(
    plane: str, paint: Callable[[DrawContext], None], *labels: str, fine: bool = False, land: int = 0
) -> Layer:
    return Layer(plane, paint, "terrain", labels, fine, land=land)


def _weather(plane: str, paint: Callable[[DrawContext], None], *labels: str, fine: bool = False) -> Layer:
    return Layer(plane, paint, "weather", labels, fine)


def _detail(plane: str, paint: Callable[[DrawContext], None], *labels: str) -> Layer:
    return Layer(plane, paint, "detail", labels)


def _paint_weather_outside(context: DrawContext) -> None:
    """The weather as seen through the window of a room."""
    paint_weather(context, context.scene.weight("terrain", "room"))


def _paint_weather_in_front(context: DrawContext) -> None:
    paint_weather(context, 1 - context.scene.weight("terrain", "room"))


BACKDROP = (
    Layer(SKY, paint_glow, staged=False),
    _sky(paint_stars, STARRY_SKIES, fine=True),
    _sky(paint_aurora, AURORA_SKIES),
    _sky(paint_milky_way, MILKY_SKIES),
    _sky(paint_rainbow, RAINBOW_SKIES),
    Layer(SKY, paint_cloud_sheets),
    Layer(SKY, paint_clouds, "weather", ("clouds", "rain", "lightning", "snow"), staged=False),
    _terrain(SKY, paint_water_column, "deep sea"),
    Layer(SKY, paint_celestial_body),
    _weather(SKY, paint_falling_stars, "falling stars", fine=True),
    _weather(SKY, paint_lightning, "lightning", fine=True),
    Layer(SKY, paint_fireworks, fine=True, staged=True),
    Layer(SKY, paint_distant_birds, "detail", ("distant birds",), fine=True),
    _terrain(FAR, paint_volcano_plume, "volcano"),
    # the far layer of land, and the water that reflects all of the above
    _terrain(FAR, paint_far_palms, "jungle"),
    _terrain(FAR, paint_island_palms, "island"),
    Layer(FAR, paint_far_layer, land=FAR_LAND),
    _terrain(FAR, paint_snowcaps, "mountains", "lake", "ice"),
    _terrain(FAR, paint_lava, "volcano"),
    _weather(FAR, paint_distant_fog, "fog"),
    _terrain(FAR, paint_waterfall, "waterfall"),
    _weather(MIDDLE, paint_distant_fire, "fire"),
    _terrain(FAR, paint_open_water, "sea", "lake", "island", "ice", "cliffs", "swamp", "waterfall"),
    _terrain(MIDDLE, paint_swamp_trees, "swamp", fine=True),
    _terrain(SKY, paint_light_shafts, "deep sea"),
)
WATER = next(place for place, layer in enumerate(BACKDROP) if layer.paint is paint_open_water)  # reflects all before it
BEHIND_FIGURES = (
    # the middle layer, and what stands on it
    Layer(MIDDLE, paint_middle_layer, land=ALL_LAND),
    Layer(MIDDLE, paint_groves, "terrain", WOODED, staged=True, land=ALL_LAND),
    _terrain(MIDDLE, paint_capitals, "ruins"),
    _terrain(MIDDLE, paint_sunbeams, "forest", "jungle"),
    _terrain(MIDDLE, paint_city_windows, "city", land=ALL_LAND),
    _terrain(MIDDLE, paint_village_lights, "village", land=ALL_LAND),
    _terrain(MIDDLE, paint_river, "river", land=ALL_LAND),
    _terrain(MIDDLE, paint_road, "road", land=ALL_LAND),
    _terrain(MIDDLE, paint_graveyard, "graveyard", land=ALL_LAND),
    _weather(STAGE, paint_near_fire, "fire"),
    _weather(MIDDLE, paint_near_fog, "fog"),
    _detail(MIDDLE, paint_smoke, "smoke"),
    _detail(MIDDLE, paint_lit_windows, "lit windows"),
    _detail(MIDDLE, paint_lanterns, "lanterns"),
    # a room, around all of this
    _terrain(AIR, _paint_weather_outside, "room"),
    _terrain(ROOM, paint_any_room, "room"),
    _terrain(STAGE, paint_kelp, "deep sea"),
    Layer(STAGE, paint_open_set, staged=True),
    Layer(STAGE, paint_fog_among_houses, "weather", ("fog",), staged=True),
)
BEFORE_FIGURES = (
    _terrain(STAGE, paint_flowers, "field", land=NEAR_LAND),
    _terrain(STAGE, paint_reeds, "swamp"),
    _terrain(STAGE, paint_bubbles, "deep sea"),
    _terrain(NEAR, paint_foliage, "jungle", land=NEAR_LAND),
    _terrain(NEAR, paint_cave, "cave"),
    Layer(NEAR, paint_front_sheet, "terrain", FRONTED_TERRAINS, staged=True, land=NEAR_LAND),
    Layer(AIR, _paint_weather_in_front),
    _terrain(NEAR, paint_near_frame, *FRAMED_TERRAINS, land=NEAR_LAND),
)


def paint_scene(scene: Scene, atlas: Atlas, staging: Staging | None = None, backdrop: Tensor | None = None) -> Tensor:
    """Paint a scene: [batch, 3, height, width] in 0..1.

    With a staging, a batch of one is painted on planes that move by themselves, without gradient. A `backdrop`, as
    `paint_backdrop` paints it, but squeezed to any size, takes the place of what stands far.
    """
    planes = flat_planes(scene) if staging is None else staged_planes(scene, staging, own_sky=backdrop is None)
    stage = planes[STAGE]
    if backdrop is not None:
        _hang(backdrop, planes)  # first: the scenes of a batch are cast on parts of the canvas that it makes
    casts = cast_figures(stage, atlas)
    if stage.scene.staged:
        settle_ground(atlas, casts)
    if backdrop is None:
        _paint_layers(planes, BACKDROP[:WATER])
        paint_far_figures(planes[FAR], atlas, casts)
        _paint_layers(planes, BACKDROP[WATER:])
    else:
        paint_far_figures(planes[FAR], atlas, casts)
    _paint_layers(planes, BEHIND_FIGURES)
    coloured = protected_pixels(stage, casts)
    paint_figures(atlas, casts, coloured, before=False)
    if not stage.scene.covered_land[0]:
        paint_near_layer(stage)
    if stage.scene.has_ways:
        paint_street(stage)
    paint_wet_grounds(atlas, casts)
    paint_shadows(atlas, casts)
    paint_figures(atlas, casts, coloured, before=True)
    paint_all_spray(atlas, casts)
    paint_all_cords(casts)
    paint_fires(stage, atlas, casts)
    _paint_layers(planes, BEFORE_FIGURES)
    if CURTAIN in scene.marks:
        paint_proscenium(planes[NEAR], staging.drawn if staging else 1.0)
    if not scene.has_only("tint", "no tint"):
        _paint_tint(stage.canvas, scene, coloured)
    return _expose(stage.canvas, scene, staging.light if staging else 1.0)


def paint_backdrop(scene: Scene) -> Tensor:
    """Paint what stands far, without what is fine and without the final exposure: [batch, 3, height, width] in 0..1."""
    planes = flat_planes(scene)
    _paint_layers(planes, (layer for layer in BACKDROP if not layer.fine))
    canvas = planes[SKY].canvas
    if not scene.has_only("tint", "no tint"):
        _paint_tint(canvas, scene, None)
    return canvas.pixels.clamp(0, 1)


def _hang(backdrop: Tensor, planes: Planes) -> None:
    """Show a backdrop as the camera sees what is far, and paint what is too fine for it: behind its land, or before."""
    far, sky = planes[FAR], planes[SKY]
    canvas = sky.canvas
    canvas.pixels = _seen(backdrop, far.scene.grid)
    fine = [layer for layer in BACKDROP if layer.fine and layer.visible(sky.scene)]
    behind = [layer.paint for layer in fine if layer.plane == SKY]
    if marks_celestial_body(sky.scene):
        behind.append(paint_celestial_body)
    if behind:
        above = replace(sky, canvas=Raster(canvas.pixels.clone()))
        for paint in behind:
            paint(above)
        canvas.pixels = torch.lerp(canvas.pixels, above.canvas.pixels, _open_sky(far.scene.calmed()))
    _paint_layers(planes, (layer for layer in fine if layer.plane != SKY))


def _seen(backdrop: Tensor, grid: PixelGrid) -> Tensor:
    """The backdrop on a grid: [batch, 3, height, width]. It is stretched where a picture is wider than it."""
    aspect = max(BACKDROP_ASPECT, (grid.base or grid).width / (grid.base or grid).unit)
    rows, columns = backdrop.shape[-2:]
    seen = interpolate_lines(backdrop, 2, grid.y.flatten() * rows - 0.5)
    return interpolate_lines(seen, 3, ((grid.x.flatten() - 0.5) / aspect + 0.5) * columns - 0.5)


def _open_sky(scene: Scene) -> Tensor:
    """Where the land of a backdrop does not hide the sky, [batch, 1, height, width] in 0..1."""
    ridges, without_far = land_ridges(scene), scene.weight("terrain", "sea", "cliffs")
    edge = torch.minimum(torch.lerp(ridges.far, scene.horizon, without_far), scene.horizon)
    return scene.grid.box().coverage(edge - scene.grid.y, SOFT_EDGE) * (1 - scene.weight("terrain", "deep sea"))


def _paint_layers(planes: Planes, layers: Iterable[Layer]) -> None:
    for layer in layers:
        context = planes[layer.plane]
        if layer.visible(context.scene):
            layer.paint(context)
            pause_point()


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
    """Apply vignette, exposure and the stage's light: the finished picture, [batch, 3, height, width].

    It is in 0..1; before an audience a pixel may lie outside of that, which becomes a byte next.
    """
    grid = scene.grid
    if grid.bottom > 1:  # below the square of a tall picture the foreground darkens
        below = grid.box(top=1)
        canvas.darken(below, 0.8 * ((below.y - 1) / 0.45).clamp(0, 1))
    exposure = light * torch.exp(0.10 * scene.bounded(Z.EXPOSURE))
    if scene.staged:
        _light_corners(canvas.pixels, scene, exposure)
        return canvas.pixels
    canvas.multiply(grid.box(), _vignette(grid) * exposure)
    return canvas.pixels.clamp(0, 1)


@cached_constant
def _vignette(grid: PixelGrid) -> Tensor:
    """The brightness of each pixel, 1 in the middle, [1, 1, height, width]."""
    width, height = grid.right - grid.left, grid.bottom - grid.top
    across = ((grid.x - 0.5) / width * 1.25) ** 2
    down = ((grid.y - 0.5) / height + 0.02) ** 2 * 1.44
    return 1 - VIGNETTE * (across + down)


@cached_constant
def _lost_in_corners(grid: PixelGrid) -> Tensor:
    """How much darker each pixel is than the middle, 0 or less, [height, width]."""
    return (_vignette(grid) - 1)[0, 0]


def _light_corners(pixels: Tensor, scene: Scene, exposure: Tensor) -> None:
    """Darken the corners of one scene, which take on the hue of the sky, not grey; without gradients."""
    hue = scene.palette.zenith / scene.palette.zenith.amax(1, keepdim=True).clamp(min=0.05)
    lost = exposure * (1 - CORNER_HUE * hue) * (CORNERS / VIGNETTE)
    for channel, darkening in zip(pixels[0], lost.flatten(), strict=True):
        channel.mul_(torch.addcmul(exposure.flatten(), _lost_in_corners(scene.grid), darkening))
