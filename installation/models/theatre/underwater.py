"""Under water: the sky's light turned to water, rays from the surface, kelp that sways, bubbles that rise."""

from __future__ import annotations

import torch

from installation.models.theatre.particles import oval, splat, swarm
from installation.models.theatre.raster import Raster, angle, ink, moved
from installation.models.theatre.scene import Scene, highest, lowest
from installation.models.theatre.sprite_tables import SCREEN, stranger

SHALLOW, ABYSS = "38c8d8", "03223f"
KELP = "0c5a4a"
STRANDS = 7  # on either side


def paint_water_column(canvas: Raster, scene: Scene) -> None:
    """The sea over the sky: light above, dark below, with the sky's own hue in it."""
    box, weight = scene.frame.box(), scene.weight("terrain", "deep sea")
    colours = scene.palette
    deep = ((box.y + 0.05) / 0.95).clamp(0, 1)
    light = 0.45 + 0.6 * colours.lower.mean(1, keepdim=True)
    hue = colours.lower / colours.lower.mean(1, keepdim=True).clamp(min=0.05)
    upper = ink(SHALLOW, scene.device) * light * (0.72 + 0.28 * hue)
    lower = ink(ABYSS, scene.device) * (0.5 + 0.7 * colours.far.mean(1, keepdim=True)) * 0.9 + colours.far * 0.08
    surface = 0.05 * torch.sin(box.x * 17 + 2 * torch.sin(box.x * 5 + angle(0.5, scene.phase)) + box.y * 60)
    shade = torch.lerp(upper, lower, deep**0.75) + surface * (1 - 2.4 * box.y).clamp(0, 1)
    canvas.over(box, shade, 0.90 * weight)


def paint_rays(canvas: Raster, scene: Scene) -> None:
    """Shafts of light that fan out from above and wander."""
    box, weight = scene.frame.box(bottom=0.95), scene.weight("terrain", "deep sea")
    across = scene.sun[0]
    fan = (box.x - across) / (box.y + 0.55)
    drift = angle(0.11, scene.phase)
    shafts = 0.5 + 0.5 * torch.sin(fan * 34 + 2.0 * torch.sin(fan * 9 + drift) + drift)
    shafts = shafts * (0.55 + 0.45 * torch.sin(fan * 13 - 2 * drift + 1))
    fade = (1 - box.y / 0.95).clamp(0, 1) ** 1.2 * torch.exp(-((fan / 0.55) ** 2))
    canvas.light(box, scene.palette.glow * 0.6 + ink(SHALLOW, scene.device) * 0.4, shafts * fade * (0.62 * weight), 0.5)


def paint_kelp(canvas: Raster, scene: Scene) -> None:
    """Strands on both sides, each a ribbon with leaves, waving; and bubbles between them."""
    frame, weight = scene.frame, scene.weight("terrain", "deep sea")
    tile_from, tile_to = round(frame.left - 0.5), round(frame.right - 0.5)
    dark = torch.lerp(scene.palette.near, ink(KELP, scene.device) * (0.3 + 0.8 * scene.brightness), 0.45)
    sides = [0.07 * scene.bounded(column) for column in (37, 36)]  # left and right strands slide by themselves
    reach = [(lowest(aside) - 0.09, highest(aside) + 0.09) for aside in sides]
    for tile in range(tile_from, tile_to + 1):
        random = stranger("temper", 503, tile)
        for number in range(2 * STRANDS):
            place, tall, mood = random.random(3)
            x = tile + 0.25 * place**1.2 if number % 2 else tile + 1 - 0.25 * place**1.2
            top = 0.92 - 0.26 - 0.50 * tall
            from_left, to_right = reach[1 - number % 2]
            box = frame.box(top, 1.0, x + from_left, x + to_right)
            if box.empty:
                continue
            up = ((0.98 - box.y) / (0.98 - top)).clamp(0, 1)
            turn = 6.283 * mood + angle(0.5 + 0.3 * tall, scene.phase)
            middle = x + sides[1 - number % 2] + 0.035 * up * torch.sin(7 * box.y + turn)
            frill = 1 + 0.40 * torch.sin(box.y * 90 + 6 * mood)
            wide = 0.017 * (1 - up**3) * frill + 0.003
            strand = (
                box.inside(wide - (box.x - middle).abs()) * box.inside(box.y - top) * box.inside(0.98 - box.y, 0.03)
            )
            canvas.over(
                box,
                torch.lerp(dark, ink(SHALLOW, scene.device) * scene.brightness, 0.20 * up + 0.15 * place),
                strand * (0.96 * weight),
            )
    bubbles = swarm("embers", frame.device, above=1, below=0)
    y = (bubbles.y + 1 - moved(0.04 + 0.05 * bubbles.temper[:, 0], scene.phase, 2.0)) % 2.0 - 1
    radius = (0.5 + 1.1 * bubbles.traits[:, 0] ** 2) / SCREEN
    measures = torch.stack([radius, radius, 0 * radius])
    sway = 0.01 * torch.sin(20 * y + 6 * bubbles.temper[:, 1])
    light = (0.35 + 0.5 * bubbles.traits[:, 1]) * (bubbles.temper[:, 2] < 0.6)
    seen = splat(frame, bubbles.x + sway, y, light, measures, (0.02, 0.02), oval)
    canvas.over(frame.box(), scene.palette.glow, seen * (0.7 * weight))
