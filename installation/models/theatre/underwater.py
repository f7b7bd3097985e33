"""Under water: the sky turned into a water column, shafts of light, swaying kelp and rising bubbles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext, batch_max, batch_min
from installation.models.theatre.particles import Sprites, ellipse, particle_set, splat
from installation.models.theatre.raster import colour_tensor
from installation.models.theatre.scene import Scene
from installation.models.theatre.sprite_tables import REFERENCE_PIXELS, scenery_rng
from installation.models.theatre.vocabulary import Z

SHALLOW_WATER, ABYSS = "38c8d8", "03223f"
KELP = "0c5a4a"
KELP_PER_TILE = 14  # alternately on the left and on the right side
KELP_FOOT = 0.98


def paint_water_column(context: DrawContext) -> None:
    """Paint water over the sky: light above, dark below, tinted by the sky."""
    scene, palette = context.scene, context.scene.palette
    box, weight = scene.grid.box(), scene.weight("terrain", "deep sea")
    depth = ((box.y + 0.05) / 0.95).clamp(0, 1)
    light = 0.45 + 0.6 * palette.lower.mean(1, keepdim=True)
    hue = palette.lower / palette.lower.mean(1, keepdim=True).clamp(min=0.05)
    upper = colour_tensor(SHALLOW_WATER, scene.device) * light * (0.72 + 0.28 * hue)
    abyss = colour_tensor(ABYSS, scene.device) * (0.5 + 0.7 * palette.far.mean(1, keepdim=True))
    lower = abyss * 0.9 + palette.far * 0.08
    upper, lower = scene.dyed(upper, 1.1), scene.dyed(lower, 0.35)
    surface = 0.05 * torch.sin(box.x * 17 + 2 * torch.sin(box.x * 5 + scene.angle(0.5)) + box.y * 60)
    colour = torch.lerp(upper, lower, depth**0.75) + surface * (1 - 2.4 * box.y).clamp(0, 1)
    context.canvas.over(box, colour, 0.90 * weight)


def paint_light_shafts(context: DrawContext) -> None:
    """Paint shafts of light that fan out from above and wander."""
    scene = context.scene
    box, weight = scene.grid.box(bottom=0.95), scene.weight("terrain", "deep sea")
    fan = (box.x - scene.celestial_disc.x) / (box.y + 0.55)
    drift = scene.angle(0.11)
    shafts = 0.5 + 0.5 * torch.sin(fan * 34 + 2.0 * torch.sin(fan * 9 + drift) + drift)
    shafts = shafts * (0.55 + 0.45 * torch.sin(fan * 13 - 2 * drift + 1))
    fade = (1 - box.y / 0.95).clamp(0, 1) ** 1.2 * torch.exp(-((fan / 0.55) ** 2))
    colour = scene.palette.glow * 0.6 + colour_tensor(SHALLOW_WATER, scene.device) * 0.4
    context.canvas.glow(box, colour, shafts * fade * (0.62 * weight), burn=0.5)


class KelpStrand(NamedTuple):
    """One strand of kelp."""

    x: float  # of its foot, in units, before the shift
    shift: Tensor  # to the right, [batch, 1, 1, 1]
    reach: tuple[float, float]  # of its left and right end from x, in units
    place: float  # 0..1, from the side of the tile inwards
    height: float  # 0..1
    variation: float  # 0..1


def paint_kelp(context: DrawContext) -> None:
    """Paint kelp on both sides of the square and of every tile beside it."""
    scene, weight = context.scene, context.scene.weight("terrain", "deep sea")
    kelp = colour_tensor(KELP, scene.device) * (0.3 + 0.8 * scene.brightness)
    colour = torch.lerp(scene.palette.near, kelp, 0.45)
    for strand in _kelp_strands(scene):
        _paint_strand(context, strand, colour, weight)


def _kelp_strands(scene: Scene) -> Iterator[KelpStrand]:
    """Strands on the right and on the left by turns; z moves either side by itself."""
    sides = []
    for index in (Z.RIGHT_SIDE, Z.LEFT_SIDE):
        shift = 0.07 * scene.bounded(index)
        sides.append((shift, (batch_min(shift) - 0.09, batch_max(shift) + 0.09)))
    for tile in range(round(scene.grid.left - 0.5), round(scene.grid.right - 0.5) + 1):
        rng = scenery_rng(503, tile)
        for number in range(KELP_PER_TILE):
            place, height, variation = rng.random(3)
            from_side = 0.25 * place**1.2
            x = tile + from_side if number % 2 else tile + 1 - from_side
            yield KelpStrand(x, *sides[number % 2], place, height, variation)


def _paint_strand(context: DrawContext, strand: KelpStrand, colour: Tensor, weight: Tensor) -> None:
    """A frilled ribbon that waves, tapers and brightens towards its tip."""
    scene = context.scene
    top = 0.92 - 0.26 - 0.50 * strand.height
    box = scene.grid.box(top, 1.0, strand.x + strand.reach[0], strand.x + strand.reach[1])
    if box.empty:
        return
    up = ((KELP_FOOT - box.y) / (KELP_FOOT - top)).clamp(0, 1)
    angle = 6.283 * strand.variation + scene.angle(0.5 + 0.3 * strand.height)
    axis = strand.x + strand.shift + 0.035 * up * torch.sin(7 * box.y + angle)
    frill = 1 + 0.40 * torch.sin(box.y * 90 + 6 * strand.variation)
    half_width = 0.017 * (1 - up**3) * frill + 0.003
    cover = box.coverage(half_width - (box.x - axis).abs()) * box.coverage(box.y - top)
    cover = cover * box.coverage(KELP_FOOT - box.y, 0.03)
    light = colour_tensor(SHALLOW_WATER, scene.device) * scene.brightness
    shade = torch.lerp(colour, light, 0.20 * up + 0.15 * strand.place)
    context.canvas.over(box, shade, cover * (0.96 * weight))


def paint_bubbles(context: DrawContext) -> None:
    """Paint rising bubbles."""
    scene, weight = context.scene, context.scene.weight("terrain", "deep sea")
    bubbles = particle_set("embers", scene.device, above=1, below=0)
    y = (bubbles.y + 1 - scene.distance(0.04 + 0.05 * bubbles.motion[:, 0], 2.0)) % 2.0 - 1
    radius = (0.5 + 1.1 * bubbles.traits[:, 0] ** 2) / REFERENCE_PIXELS
    sprites = Sprites(
        x=bubbles.x + 0.01 * torch.sin(20 * y + 6 * bubbles.motion[:, 1]),
        y=y,
        opacity=(0.35 + 0.5 * bubbles.traits[:, 1]) * (bubbles.motion[:, 2] < 0.6),
        shape=torch.stack([radius, radius, 0 * radius]),
        extent=(0.02, 0.02),
        kernel=ellipse,
    )
    context.canvas.over(scene.grid.box(), scene.palette.glow, splat(scene.grid, sprites) * (0.7 * weight))
