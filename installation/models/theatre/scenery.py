"""What stands on the land and makes it a place: palms of an island, stones of a graveyard, reeds, a waterfall.

All of it follows z: sideways by the dimensions that move peaks and walls, upwards by those that raise peaks.
"""

from __future__ import annotations

import torch
from torch import Tensor

from installation.models.theatre.land import island_middle
from installation.models.theatre.polygon_mask import Outline, bare_tree, oval_outline, palm, stroke
from installation.models.theatre.raster import Raster, angle, ink
from installation.models.theatre.scene import Scene, highest, lowest
from installation.models.theatre.sliding_mask import laid
from installation.models.theatre.sprite_tables import stranger

TILES = (-2, -1, 0, 1, 2)  # what stands beside the square is as in it, but moved about
FALL = "eaf8ff"
MOSS = "7fae5a"


def tall_palm() -> list[Outline]:
    """The palms of an island stand where they are when its middle is at x = 0.5."""
    return palm(0.55, 0.655, 0.33, 0.09)


def small_palms() -> list[Outline]:
    return palm(0.43, 0.665, 0.28, -0.05) + palm(0.64, 0.665, 0.22, 0.10)


def crosses() -> list[Outline]:
    return _stones(rounded=False)


def headstones() -> list[Outline]:
    return _stones(rounded=True)


def _stones(rounded: bool) -> list[Outline]:
    """Crosses, or the rounded headstones between them, some leaning."""
    found: list[Outline] = []
    for tile in TILES:
        random = stranger("temper", 500, tile)
        for number in range(7):
            x = tile + (number + 0.35 + 0.3 * random.random()) / 7
            foot = 0.80 + 0.05 * random.random()
            tall = 0.13 + 0.08 * random.random()
            lean = 0.03 * (random.random() - 0.5)
            if rounded != (number % 2 == 1):
                continue
            if not rounded:
                found.append(stroke(x, foot, x + lean, foot - tall, 0.026, 0.022))
                found.append(stroke(x - 0.044 + 0.7 * lean, foot - 0.70 * tall, x + 0.044 + 0.7 * lean, foot - 0.72 * tall, 0.022, 0.022))  # fmt: skip  # noqa: E501
            else:
                wide = 0.034
                found.append(stroke(x, foot, x + lean, foot - 0.62 * tall, 2 * wide, 2 * wide))
                found.append(oval_outline(x + lean, foot - 0.62 * tall, wide, wide))
    return found


def graveyard_trees() -> list[Outline]:
    return [part for tile in TILES for part in bare_tree(tile + 0.025, 0.84, 0.52, 3 + tile, 0.10)]


def reeds() -> list[Outline]:
    """Blades and bulrushes in front of a swamp."""
    found: list[Outline] = []
    for tile in TILES:
        random = stranger("temper", 501, tile)
        for number in range(26):
            x = tile + (number + random.random()) / 26
            if 0.28 < x - tile < 0.72:
                x = tile + 0.28 * random.random() if number % 2 else tile + 1 - 0.28 * random.random()
            tall, lean = 0.16 + 0.20 * random.random(), 0.07 * (random.random() - 0.5)
            found.append(stroke(x, 0.96, x + lean, 0.96 - tall, 0.011, 0.003))
            if number % 3 == 0:
                found.append(oval_outline(x + lean, 0.96 - tall, 0.011, 0.034))
    return found


def left_drowned() -> list[Outline]:
    return [part for tile in TILES for part in bare_tree(tile + 0.10, 0.80, 0.56, 20 + 2 * tile, 0.08)]


def right_drowned() -> list[Outline]:
    return [part for tile in TILES for part in bare_tree(tile + 0.90, 0.79, 0.50, 21 + 2 * tile, -0.10)]


def paint_island(canvas: Raster, scene: Scene, ground: Tensor) -> None:
    box, middle = scene.frame.box(0.09, 0.70, -0.1, 1.2), island_middle(scene) - 0.5
    cover = torch.maximum(
        laid(box, tall_palm, middle + 0.035 * scene.bounded(21), 1 + 0.15 * scene.bounded(27), 0.66),
        laid(box, small_palms, middle + 0.03 * scene.bounded(22), 1 + 0.15 * scene.bounded(28), 0.66),
    )
    canvas.over(box, torch.lerp(scene.palette.near, ground, 0.25), cover * scene.weight("terrain", "island"))


def paint_graves(canvas: Raster, scene: Scene) -> None:
    weight = scene.weight("terrain", "graveyard")
    box = scene.frame.box(0.2, 0.87)
    trees = laid(box, graveyard_trees, 0.13 * scene.bounded(36), 1 + 0.15 * scene.bounded(30), 0.84)
    rows = scene.frame.box(0.5, 0.87)
    stones = torch.maximum(
        laid(rows, crosses, 0.09 * scene.bounded(21)),
        laid(rows, headstones, 0.09 * scene.bounded(22)),
    )
    canvas.over(box, scene.palette.near * 0.92, trees * weight)
    canvas.over(rows, scene.palette.near * 0.92, stones * weight)
    rows = scene.frame.box(0.63, 0.87)
    low = torch.exp(-(((rows.y - 0.79 - 0.01 * torch.sin(rows.x * 5 + angle(0.2, scene.phase))) / 0.05) ** 2))
    canvas.over(rows, scene.mist, low * (0.34 * weight))


def paint_dead_wood(canvas: Raster, scene: Scene) -> None:
    """The drowned trees of a swamp, in green haze."""
    weight = scene.weight("terrain", "swamp")
    box = scene.frame.box(0.14, 0.86)
    trunks = torch.maximum(
        laid(box, left_drowned, 0.08 * scene.bounded(37), 1 + 0.15 * scene.bounded(27), 0.80),
        laid(box, right_drowned, 0.08 * scene.bounded(36), 1 + 0.15 * scene.bounded(28), 0.79),
    )
    canvas.over(box, scene.palette.near, trunks * (0.95 * weight))
    box = scene.frame.box(0.48, 0.86)
    haze = torch.exp(-(((box.y - 0.70 - 0.012 * torch.sin(box.x * 4 + angle(0.17, scene.phase))) / 0.075) ** 2))
    green = ink(MOSS, scene.device) * (0.35 + 0.75 * scene.brightness)
    canvas.over(box, torch.lerp(scene.mist, green, 0.65), haze * (0.55 * weight))


def paint_reeds(canvas: Raster, scene: Scene) -> None:
    box = scene.frame.box(0.55, 1.0)
    cover = laid(box, reeds, 0.07 * scene.bounded(24))
    canvas.over(box, scene.palette.near * 0.8, cover * scene.weight("terrain", "swamp"))


def lip(scene: Scene) -> tuple[Tensor, Tensor]:
    """Where the waterfall falls: the middle of it and its upper edge."""
    return 0.5 + 0.14 * scene.bounded(34), 0.30 + 0 * scene.horizon


def paint_waterfall(canvas: Raster, scene: Scene) -> None:
    """A white sheet down the wall, in strands that fall; spray at its foot."""
    weight = scene.weight("terrain", "waterfall")
    x, top = lip(scene)
    foot = scene.horizon + 0.03
    box = scene.frame.box(lowest(top) - 0.02, highest(foot) + 0.02, lowest(x) - 0.3, highest(x) + 0.3, blur=True)
    down = ((box.y - top) / (foot - top)).clamp(0, 1)
    aside = box.x - x
    wide = 0.100 + 0.045 * down**2
    fall = angle(2.6, scene.phase)
    strands = torch.sin(aside * 190 / (1 + 0.5 * down) + 2 * torch.sin(down * 7 - fall)) * 0.5
    strands = strands + 0.5 * torch.sin(aside * 83 + 3 * torch.sin(down * 11 - fall))
    ends = box.inside(box.y - top - 0.3 * aside.abs()) * box.inside(foot - box.y)
    sheet = box.inside(wide * (1 + 0.04 * torch.sin(down * 40 - 2 * fall)) - aside.abs()) * ends
    light = ink(FALL, scene.device) * (0.40 + 0.75 * scene.brightness).clamp(max=1) * 0.7 + scene.palette.glow * 0.3
    canvas.over(box, light * (0.88 + 0.12 * strands), sheet * (0.96 * weight))
    mist = scene.frame.box(lowest(foot) - 0.2, highest(foot) + 0.14)
    heave = 0.01 * torch.sin(mist.x * 23 + angle(0.8, scene.phase))
    puff = torch.exp(-(((mist.x - x) / 0.21) ** 2) - (((mist.y - foot + 0.01 + heave) / 0.065) ** 2))
    canvas.over(mist, light, puff * (0.85 * weight))
