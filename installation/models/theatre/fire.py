"""Fire: a tall curtain of flames behind the middle layer of land, a low one in front of it, and rising embers."""

from __future__ import annotations

import torch
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext, batch_max, batch_min
from installation.models.theatre.particles import Sprites, glow_point, particle_set, splat
from installation.models.theatre.raster import Box, colour_tensor, falloff, sine_of_sum
from installation.models.theatre.scene import Scene
from installation.models.theatre.sprite_tables import REFERENCE_PIXELS, flame_table
from installation.models.theatre.vocabulary import Z

TONGUES = ((0.30, "c4200e"), (0.22, "ff6a14"), (0.13, "ffd24a"))  # outer to inner: height, colour
FIRE_LIGHT, EMBER = "ff4a12", "ffb040"
FIRE_REACH = 0.66  # how far above its foot a fire may be visible


def paint_distant_fire(context: DrawContext) -> None:
    """Paint the flames between the far and the middle layer. On open water they sink below the picture."""
    scene = context.scene
    open_water = _open_water(scene)
    city = scene.weight("terrain", "city")
    ground = torch.maximum(context.ridges.middle, scene.horizon + 0.05)
    foot = torch.lerp(ground, scene.horizon + 0.02, city)
    foot = foot + 0.6 * open_water
    _paint_flames(context, foot, _flame_heights(scene) * (1 + 0.5 * city), 1.0)


def paint_near_fire(context: DrawContext) -> None:
    """Paint low flames along the near layer, higher ones on open water, and embers above them."""
    scene = context.scene
    heights = _flame_heights(scene) * (1 + 0.5 * _open_water(scene))
    _paint_flames(context, context.ridges.near - 0.02, heights, 0.6)
    _paint_embers(context)


def _open_water(scene: Scene) -> Tensor:
    return scene.weight("terrain", "sea", "lake", "island")


def _flame_heights(scene: Scene) -> Tensor:
    """The upper edge of the fire, 0 to about 1.4, [batch, 1, 1, width]; each flame leaps and sways by itself."""
    x = scene.grid.x[0, 0]
    curtains = []
    for curtain in range(2):
        centre, half_width, height, uniform = flame_table(curtain, scene.device)
        start, rate = 6.283 * uniform, 1.2 + 1.6 * uniform
        leap = 1 + 0.16 * (torch.sin(start + scene.distance(rate)) - torch.sin(start))
        sway = 0.012 * (torch.sin(2 * start + scene.distance(0.8 * rate)) - torch.sin(2 * start))
        inside = (1 - ((x - centre - sway) / half_width).abs()).clamp(1e-9, 1)
        flames = torch.exp(1.3 * torch.log(inside)) * (height * leap)  # a third of the time of torch's power
        curtains.append(flames.amax(0).view(1, 1, 1, -1))
    balance = 1.5 * scene.z(Z.FLAMES)
    first = curtains[0] * (torch.sigmoid(balance) + 0.35)
    second = curtains[1] * (torch.sigmoid(-balance) + 0.35)
    heights: Tensor = first + 0.8 * second
    return heights


def _licking(scene: Scene, heights: Tensor, box: Box) -> Tensor:
    """Heights displaced sideways by rising waves, so that flames lick instead of standing still.

    [batch, 1, 1, width] -> [batch, 1, rows, columns]
    """
    grid = box.grid
    waves = sine_of_sum(box.y * 19 + scene.angle(2.3), 5 * box.x)
    waves = waves + 0.6 * sine_of_sum(box.y * 41 + scene.angle(3.1), -9 * box.x)
    column = grid.column(box.x + 0.011 * waves).clamp(0, grid.width - 1.001)
    before = column.long()
    line = heights[:, 0, 0]
    left, right = line[:, before[0, 0]], line[:, before[0, 0] + 1]
    return torch.lerp(left, right, (column - before)[0])[:, None]


def _paint_flames(context: DrawContext, foot: Tensor, heights: Tensor, size: float) -> None:
    """A curtain of flames and the light above it.

    Args:
        context: Where to paint.
        foot: y of the foot of the flames, [batch, 1, 1, width].
        heights: Of the flames, relative to those of TONGUES, [batch, 1, 1, width].
        size: Another factor of the heights.
    """
    canvas, scene = context.canvas, context.scene
    weight = scene.weight("weather", "fire")
    box = scene.grid.box(top=batch_min(foot) - FIRE_REACH)
    if box.empty:
        return
    above = foot - box.y
    light = torch.exp(-above.clamp(min=0) / 0.22) * falloff(above - 0.3, FIRE_REACH - 0.3)
    canvas.glow(box, colour_tensor(FIRE_LIGHT, scene.device), light * (0.5 * weight), burn=0.25)
    tallest = size * max(height for height, _ in TONGUES) * batch_max(heights)
    box = scene.grid.box(top=batch_min(foot) + 0.05 - tallest, soft_edge=True)
    edge = _licking(scene, heights, box)
    opacity = box.coverage(0.95 - box.y, 0.05) * (0.95 * weight)
    for height, colour in TONGUES:
        top = foot + 0.05 - (height * size) * edge
        canvas.over(box, colour_tensor(colour, scene.device), box.coverage(box.y - top, 0.012) * opacity)


def _paint_embers(context: DrawContext) -> None:
    """Sparks that rise from below the picture and fade out above."""
    scene = context.scene
    embers = particle_set("embers", scene.device, above=0, below=0)
    speed, start = 0.03 + 0.05 * embers.motion[:, 1], 6.283 * embers.motion[:, 2]
    y = (0.1 + 0.8 * embers.y**0.6 + 0.1 - scene.distance(speed, 1.1)) % 1.1 - 0.1  # leaves at -0.1, returns at 1
    sway = 0.015 * (torch.sin(start + scene.distance(0.5 + embers.motion[:, 0])) - torch.sin(start))
    fade = ((y + 0.1) / 0.1).clamp(0, 1) * ((1.0 - y) / 0.1).clamp(0, 1)
    radius = (0.5 + 0.8 * embers.traits[:, 0]) / REFERENCE_PIXELS
    sprites = Sprites(
        x=embers.x + sway,
        y=y,
        opacity=(150 + 105 * embers.traits[:, 1]) / 255 * fade,
        shape=radius[None],
        extent=(0.018, 0.018),
        kernel=glow_point,
    )
    cover = splat(scene.grid, sprites) * (0.9 * scene.weight("weather", "fire"))
    context.canvas.over(scene.grid.box(), colour_tensor(EMBER, scene.device), cover)
