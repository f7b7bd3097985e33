"""Snow: how much of it lies, its colours in the light and in the shade, and the caps of mountains."""

from __future__ import annotations

import torch
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext, batch_max, batch_min
from installation.models.theatre.raster import colour_tensor
from installation.models.theatre.scene import Scene
from installation.models.theatre.sprite_tables import rough_line, triangle_wave

SNOW = "f2f8ff"
SNOW_ON_ICE = 0.8  # how much of it an audience sees on ice in any weather
WINTER_SNOW, SNOW_ON_STAGE = 0.5, 0.9  # how much snow lies under a winter sky, relative to snowfall; what is seen
WARM_SNOW, BLUE_NIGHT = 0.28, 0.75  # how much of the light above the horizon snow has for an audience by day; how
# much of the sky's hue in the dark
BLUE_SHADE = 0.9  # how much of the sky's hue the foot of a layer of snow has, before an audience
SNOW_COVER = ((0.60, 0.92), (0.80, 0.97), (0.90, 1.06))  # of the far, middle and near layer: share, brightness
SNOW_SKYLIGHT = 0.28  # how much of the sky's hue the snow takes on
UPRIGHT_TERRAINS = ("city", "village", "ruins", "forest", "jungle", "cliffs", "waterfall")  # hold less snow
UPRIGHT_SNOW = 0.66  # relative to level ground
SNOWLESS_TERRAINS = ("deep sea", "sea", "island", "cave", "room")  # whose near layer is water, or under a roof
SNOWCAPS = {
    "mountains": (0.8, 0.17),
    "lake": (0.5, 0.08),
    "ice": (0.3, 0.11),
}  # snow; how far above the horizon it lies


def snow_covered(scene: Scene, layers: list[Tensor]) -> list[Tensor]:
    """The colours of the far, the middle and the near layer, covered with snow."""
    white, amount = _snow_colour(scene), snow_amount(scene)
    upright = 1 - (1 - UPRIGHT_SNOW) * scene.weight("terrain", *UPRIGHT_TERRAINS)
    open_ground = 1 - scene.weight("terrain", *SNOWLESS_TERRAINS)
    return [
        torch.lerp(layer, white * brightness, amount * (share * holds))
        for layer, (share, brightness), holds in zip(layers, SNOW_COVER, (upright, upright, open_ground), strict=True)
    ]


def snow_amount(scene: Scene) -> Tensor:
    """How much snow lies, [batch, 1, 1, 1] in 0..1."""
    winter = SNOW_ON_STAGE if scene.staged else WINTER_SNOW
    fallen = torch.maximum(scene.weight("weather", "snow"), winter * scene.weight("sky", "winter"))
    if scene.staged and scene.has("terrain", "ice"):
        fallen = torch.maximum(fallen, SNOW_ON_ICE * scene.weight("terrain", "ice"))
    return fallen * (1 - scene.weight("terrain", "deep sea"))


def shaded_snow(scene: Scene, colour: Tensor) -> Tensor:
    """A colour of snow where no light falls, [batch, 3, 1, 1]: it has the hue of the sky above."""
    hue = scene.palette.zenith / scene.palette.zenith.amax(1, keepdim=True).clamp(min=0.05)
    return colour.mean(1, keepdim=True) * (0.36 + 0.60 * hue)


def _snow_colour(scene: Scene) -> Tensor:
    """Snow as the sky lights it, [batch, 3, 1, 1]: white by day, blue-grey at night."""
    hue = scene.palette.upper / scene.palette.upper.amax(1, keepdim=True)
    light = 1 - SNOW_SKYLIGHT + SNOW_SKYLIGHT * hue
    if scene.staged:  # warm where the light falls; see `shaded_snow` for where it does not
        day = ((scene.brightness - 0.3) * 2).clamp(0, 1)
        light = torch.lerp(1 - BLUE_NIGHT + BLUE_NIGHT * hue, 1 - WARM_SNOW + WARM_SNOW * scene.palette.horizon, day)
    return colour_tensor(SNOW, scene.device) * light * (0.28 + 0.72 * scene.brightness)


def paint_snowcaps(context: DrawContext) -> None:
    """Paint snow on what of the far layer is high enough, down to a ragged snowline."""
    scene, ridge = context.scene, context.ridges.far
    weights = {terrain: scene.weight("terrain", terrain) for terrain in SNOWCAPS}
    zero = torch.zeros_like(scene.horizon)
    amount = sum((share * weights[terrain] for terrain, (share, _) in SNOWCAPS.items()), zero)
    height = sum((above * weights[terrain] for terrain, (_, above) in SNOWCAPS.items()), zero)
    ragged = 0.034 * triangle_wave(1, scene.grid.x) + 0.016 * triangle_wave(2, 1.7 * scene.grid.x)
    snowline = scene.horizon - height + ragged
    if scene.staged:  # the cap reaches farther down the higher a summit is
        ragged = 0.05 * rough_line(2, 1.5 * scene.grid.x) + 0.022 * triangle_wave(2, 2.3 * scene.grid.x)
        snowline = torch.lerp(scene.horizon - height, ridge, 0.42) + ragged
    box = scene.grid.box(batch_min(ridge), batch_max(snowline), soft_edge=True)
    if box.empty:
        return
    cap = box.coverage(box.crop(snowline) - box.y) * box.coverage(box.y - box.crop(ridge))
    context.canvas.over(box, scene.palette.glow * 0.8 + scene.palette.horizon * 0.2, cap * (0.75 * amount))
