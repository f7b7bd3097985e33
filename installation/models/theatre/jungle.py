"""The jungle: round crowns and palms far off, great leaves and lianas that hang into the picture from all sides."""

from __future__ import annotations

import math

import torch

from installation.models.theatre.polygon_mask import Outline, leaf, palm, stroke
from installation.models.theatre.raster import Raster, angle, falloff, ink
from installation.models.theatre.scene import Scene
from installation.models.theatre.sliding_mask import laid
from installation.models.theatre.sprite_tables import stranger

TILES = (-2, -1, 0, 1, 2)
LEAF, SHADE = "2f9a3c", "0e5a2c"


def canopy() -> list[Outline]:
    """Leaves that hang from above, longest at the square's sides."""
    found: list[Outline] = []
    for tile in TILES:
        random = stranger("temper", 504, tile)
        for number in range(19):
            x = tile + (number + random.random()) / 19
            side = abs(x - tile - 0.5) * 2
            length = 0.11 + 0.16 * side**2 + 0.05 * random.random()
            turn = math.pi / 2 + 0.9 * (random.random() - 0.5)
            found.append(leaf(x, -0.05 + 0.06 * random.random(), length, 0.34 * length, turn))
        for number in range(3):
            x = tile + (0.04, 0.13, 0.93)[number]
            long = 0.34 + 0.25 * random.random()
            found.append(stroke(x, -0.02, x + 0.02, long, 0.007, 0.005))
            found += [leaf(x + 0.02 * k / 5, long * k / 5, 0.05, 0.022, 0.5 + 2.2 * (k % 2)) for k in range(1, 6)]
    return found


def undergrowth() -> list[Outline]:
    """Fans of leaves that rise from the lower corners of each square."""
    found: list[Outline] = []
    for tile in TILES:
        random = stranger("temper", 505, tile)
        for x in (0.0, 0.10, 0.90, 1.0):
            for number in range(6):
                turn = -math.pi / 2 + (number - 2.5) * 0.42 + 0.2 * (random.random() - 0.5)
                length = 0.20 + 0.13 * random.random()
                found.append(leaf(tile + x, 0.93, length, 0.075, turn, 0.25))
    return found


def far_palms() -> list[Outline]:
    trees = ((0.14, 0.66, 0.28, 0.05), (0.33, 0.64, 0.20, -0.04), (0.70, 0.65, 0.25, 0.06), (0.88, 0.66, 0.29, -0.06))
    return [part for tile in TILES for x, y, high, lean in trees for part in palm(tile + x, y, high, lean)]


def paint_far_palms(canvas: Raster, scene: Scene) -> None:
    """Palms above the crowns, pale with distance, and a green haze."""
    box, weight = scene.frame.box(0.14, 0.72), scene.weight("terrain", "jungle")
    green = ink(SHADE, scene.device) * (0.3 + 0.9 * scene.brightness)
    cover = laid(box, far_palms, 0.10 * scene.bounded(21), 1 + 0.12 * scene.bounded(27), 0.66)
    canvas.over(box, torch.lerp(green, scene.palette.far, 0.35), cover * (0.92 * weight))


def paint_leaves(canvas: Raster, scene: Scene) -> None:
    """The frame of leaves, swaying, with a shadow behind it."""
    box, weight = scene.frame.box(), scene.weight("terrain", "jungle")
    light = 0.16 + 0.75 * scene.brightness
    green = torch.lerp(ink(LEAF, scene.device) * light, scene.palette.near, 0.35)
    canvas.shade(box, falloff(box.y + 0.02, 0.42) * (0.35 * weight))
    canvas.over(box, green * 0.8, box.inside(0.005 - box.y, 0.02) * weight)  # above the square of a tall picture
    low, high = scene.frame.box(top=0.48), scene.frame.box(bottom=0.78)
    grown = 1 + 0.15 * scene.bounded(28)
    for box, make, dark, pace, own, tall in (
        (low, undergrowth, 0.75, 0.5, 22, grown),
        (high, canopy, 1, 0.37, 23, None),
    ):
        aside = 0.06 * scene.bounded(own) + 0.004 * math.sin(angle(pace, scene.phase))
        cover = laid(box, make, aside, tall, 1.0)
        tone = 0.8 + 0.25 * torch.sin(box.x * 31 + box.y * 17) * torch.sin(box.x * 13 - box.y * 23)
        canvas.over(box, green * (dark * tone), cover * weight)
