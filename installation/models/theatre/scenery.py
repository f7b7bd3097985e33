"""Scenery cut from polygons: palms of an island, stones of a graveyard, trees and reeds of a swamp, the jungle.

z shifts every piece sideways and stretches trees (see `sliding_mask`). Functions that return outlines are at module
level, because masks are cached by them.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext
from installation.models.theatre.land import island_x
from installation.models.theatre.polygon_mask import TILES, Outline, bare_tree, leaf, oval, palm, stroke
from installation.models.theatre.raster import Box, colour_tensor, falloff, sine_of_sum
from installation.models.theatre.scene import Scene
from installation.models.theatre.sliding_mask import mask_coverage
from installation.models.theatre.sprite_tables import scenery_rng
from installation.models.theatre.vocabulary import Z

MOSS = "7fae5a"
CLEARING = 0.4  # how much lower the undergrowth is before a figure that stands in it
JUNGLE_LEAF, JUNGLE_SHADE = "2f9a3c", "0e5a2c"
FAR_PALMS = ((0.14, 0.66, 0.28, 0.05), (0.33, 0.64, 0.20, -0.04), (0.70, 0.65, 0.25, 0.06), (0.88, 0.66, 0.29, -0.06))


def _shift(scene: Scene, z_index: int, amount: float) -> Tensor:
    """A shift of at most `amount` units to either side, [batch, 1, 1, 1]."""
    return amount * scene.bounded(z_index)


def _stretch(scene: Scene, z_index: int, amount: float = 0.15) -> Tensor:
    """A stretch by at most the share `amount`, [batch, 1, 1, 1]."""
    return 1 + amount * scene.bounded(z_index)


def tall_palm() -> list[Outline]:
    """The tall palm of an island whose middle is at x = 0.55."""
    return palm(0.55, 0.655, 0.33, 0.09)


def small_palms() -> list[Outline]:
    """The small palms of an island whose middle is at x = 0.55."""
    return palm(0.43, 0.665, 0.28, -0.05) + palm(0.64, 0.665, 0.22, 0.10)


def paint_island_palms(context: DrawContext) -> None:
    """Paint three palms behind the island."""
    scene = context.scene
    box, middle = scene.grid.box(0.09, 0.70, -0.1, 1.2), island_x(scene) - 0.5
    cover = torch.maximum(
        mask_coverage(
            box, tall_palm, middle + _shift(scene, Z.SHIFT[0], 0.035), _stretch(scene, Z.GROWTH[0]), foot=0.66
        ),
        mask_coverage(
            box, small_palms, middle + _shift(scene, Z.SHIFT[1], 0.03), _stretch(scene, Z.GROWTH[1]), foot=0.66
        ),
    )
    colour = torch.lerp(scene.palette.near, context.colours.far, 0.25)
    context.canvas.over(box, colour, cover * scene.weight("terrain", "island"))


def crosses() -> list[Outline]:
    """The crosses of a graveyard."""
    return _gravestones(rounded=False)


def headstones() -> list[Outline]:
    """The rounded headstones between the crosses."""
    return _gravestones(rounded=True)


def _gravestones(rounded: bool) -> list[Outline]:
    stones: list[Outline] = []
    for tile in TILES:
        rng = scenery_rng(500, tile)
        for number in range(7):
            x = tile + (number + 0.35 + 0.3 * rng.random()) / 7
            foot = 0.80 + 0.05 * rng.random()
            height = 0.13 + 0.08 * rng.random()
            lean = 0.03 * (rng.random() - 0.5)
            if rounded and number % 2 == 1:
                stones += _headstone(x, foot, height, lean)
            elif not rounded and number % 2 == 0:
                stones += _cross(x, foot, height, lean)
    return stones


def _headstone(x: float, foot: float, height: float, lean: float) -> list[Outline]:
    half_width, shoulder = 0.034, foot - 0.62 * height
    return [
        stroke(x, foot, x + lean, shoulder, 2 * half_width, 2 * half_width),
        oval(x + lean, shoulder, half_width, half_width),
    ]


def _cross(x: float, foot: float, height: float, lean: float) -> list[Outline]:
    left, right = x - 0.044 + 0.7 * lean, x + 0.044 + 0.7 * lean
    return [
        stroke(x, foot, x + lean, foot - height, 0.026, 0.022),
        stroke(left, foot - 0.70 * height, right, foot - 0.72 * height, 0.022, 0.022),
    ]


def graveyard_trees() -> list[Outline]:
    """A bare tree at the left of each tile."""
    return [part for tile in TILES for part in bare_tree(tile + 0.025, 0.84, 0.52, 3 + tile, 0.10)]


def paint_graveyard(context: DrawContext) -> None:
    """Paint bare trees, crosses and headstones, and low mist between them."""
    canvas, scene = context.canvas, context.scene
    weight = scene.weight("terrain", "graveyard")
    box = scene.grid.box(0.2, 0.87)
    tree_shift = _shift(scene, Z.RIGHT_SIDE, 0.13)
    trees = mask_coverage(box, graveyard_trees, tree_shift, _stretch(scene, Z.GROWTH[3]), foot=0.84)
    rows = scene.grid.box(0.5, 0.87)
    stones = torch.maximum(
        mask_coverage(rows, crosses, _shift(scene, Z.SHIFT[0], 0.09)),
        mask_coverage(rows, headstones, _shift(scene, Z.SHIFT[1], 0.09)),
    )
    for part, cover in ((box, trees), (rows, stones)):
        in_mist = ((0.835 - part.y) / 0.06).clamp(0, 1)  # they have no visible foot
        canvas.over(part, scene.palette.near * 0.92, cover * (weight * in_mist))
    box = scene.grid.box(0.63, 0.87)
    heave = 0.01 * torch.sin(box.x * 5 + scene.angle(0.2))
    mist = torch.exp(-(((box.y - 0.79 - heave) / 0.05) ** 2))
    canvas.over(box, scene.mist, mist * (0.34 * weight))


def left_swamp_trees() -> list[Outline]:
    """A bare tree at the left of each tile."""
    return [part for tile in TILES for part in bare_tree(tile + 0.10, 0.80, 0.56, 20 + 2 * tile, 0.08)]


def right_swamp_trees() -> list[Outline]:
    """A bare tree at the right of each tile."""
    return [part for tile in TILES for part in bare_tree(tile + 0.90, 0.79, 0.50, 21 + 2 * tile, -0.10)]


def paint_swamp_trees(context: DrawContext) -> None:
    """Paint drowned trees, and green haze around their feet."""
    canvas, scene = context.canvas, context.scene
    weight = scene.weight("terrain", "swamp")
    box = scene.grid.box(0.14, 0.86)
    left, right = _shift(scene, Z.LEFT_SIDE, 0.08), _shift(scene, Z.RIGHT_SIDE, 0.08)
    trees = torch.maximum(
        mask_coverage(box, left_swamp_trees, left, _stretch(scene, Z.GROWTH[0]), foot=0.80),
        mask_coverage(box, right_swamp_trees, right, _stretch(scene, Z.GROWTH[1]), foot=0.79),
    )
    canvas.over(box, scene.palette.near, trees * (0.95 * weight))
    box = scene.grid.box(0.48, 0.86)
    heave = 0.012 * torch.sin(box.x * 4 + scene.angle(0.17))
    haze = torch.exp(-(((box.y - 0.70 - heave) / 0.075) ** 2))
    green = colour_tensor(MOSS, scene.device) * (0.35 + 0.75 * scene.brightness)
    canvas.over(box, torch.lerp(scene.mist, green, 0.65), haze * (0.55 * weight))


def reeds() -> list[Outline]:
    """Blades and bulrushes on both sides of each tile."""
    blades: list[Outline] = []
    for tile in TILES:
        rng = scenery_rng(501, tile)
        for number in range(26):
            x = tile + (number + rng.random()) / 26
            if 0.28 < x - tile < 0.72:
                x = tile + 0.28 * rng.random() if number % 2 else tile + 1 - 0.28 * rng.random()
            height, lean = 0.16 + 0.20 * rng.random(), 0.07 * (rng.random() - 0.5)
            blades.append(stroke(x, 0.96, x + lean, 0.96 - height, 0.011, 0.003))
            if number % 3 == 0:
                blades.append(oval(x + lean, 0.96 - height, 0.011, 0.034))
    return blades


def paint_reeds(context: DrawContext) -> None:
    """Paint reeds in front of a swamp."""
    scene = context.scene
    box = scene.grid.box(0.55, 1.0)
    cover = mask_coverage(box, reeds, _shift(scene, Z.SHIFT[3], 0.07))
    context.canvas.over(box, scene.palette.near * 0.8, cover * scene.weight("terrain", "swamp"))


def far_palms() -> list[Outline]:
    """Palms that rise above the distant jungle."""
    return [part for tile in TILES for x, y, height, lean in FAR_PALMS for part in palm(tile + x, y, height, lean)]


def paint_far_palms(context: DrawContext) -> None:
    """Paint the palms of the jungle, pale with distance."""
    scene = context.scene
    box, weight = scene.grid.box(0.14, 0.72), scene.weight("terrain", "jungle")
    green = colour_tensor(JUNGLE_SHADE, scene.device) * (0.3 + 0.9 * scene.brightness)
    shift, stretch = _shift(scene, Z.SHIFT[0], 0.10), _stretch(scene, Z.GROWTH[0], 0.12)
    cover = mask_coverage(box, far_palms, shift, stretch, foot=0.66)
    context.canvas.over(box, torch.lerp(green, scene.palette.far, 0.35), cover * (0.92 * weight))


def canopy() -> list[Outline]:
    """Leaves and lianas that hang from above, longest at the sides of each tile."""
    shapes: list[Outline] = []
    for tile in TILES:
        rng = scenery_rng(504, tile)
        for number in range(19):
            x = tile + (number + rng.random()) / 19
            side = abs(x - tile - 0.5) * 2
            length = 0.11 + 0.16 * side**2 + 0.05 * rng.random()
            angle = math.pi / 2 + 0.9 * (rng.random() - 0.5)
            shapes.append(leaf(x, -0.05 + 0.06 * rng.random(), length, 0.34 * length, angle))
        for x in (0.04, 0.13, 0.93):
            shapes += _liana(tile + x, 0.34 + 0.25 * rng.random())
    return shapes


def _liana(x: float, length: float) -> list[Outline]:
    leaves = [leaf(x + 0.02 * k / 5, length * k / 5, 0.05, 0.022, 0.5 + 2.2 * (k % 2)) for k in range(1, 6)]
    return [stroke(x, -0.02, x + 0.02, length, 0.007, 0.005), *leaves]


def undergrowth() -> list[Outline]:
    """Fans of leaves that rise from the lower corners of each tile."""
    leaves: list[Outline] = []
    for tile in TILES:
        rng = scenery_rng(505, tile)
        for x in (0.0, 0.10, 0.90, 1.0):
            for number in range(6):
                angle = -math.pi / 2 + (number - 2.5) * 0.42 + 0.2 * (rng.random() - 0.5)
                length = 0.20 + 0.13 * rng.random()
                leaves.append(leaf(tile + x, 0.93, length, 0.075, angle, 0.25))
    return leaves


def paint_foliage(context: DrawContext) -> None:
    """Paint the frame of swaying leaves around the jungle, with a shadow behind it."""
    canvas, scene = context.canvas, context.scene
    box, weight = scene.grid.box(), scene.weight("terrain", "jungle")
    leaf_colour = colour_tensor(JUNGLE_LEAF, scene.device) * (0.16 + 0.75 * scene.brightness)
    green = torch.lerp(leaf_colour, scene.palette.near, 0.35)
    canvas.darken(box, falloff(box.y + 0.02, 0.42) * (0.35 * weight))
    canvas.over(box, green * 0.8, box.coverage(0.005 - box.y, 0.02) * weight)  # above the square of a tall picture
    low, high = scene.grid.box(top=0.48), scene.grid.box(bottom=0.78)
    stretch = _stretch(scene, Z.GROWTH[1]) * (1 - CLEARING * scene.ashore())
    shift = _shift(scene, Z.SHIFT[1], 0.06) + 0.004 * math.sin(scene.angle(0.5))
    cover = mask_coverage(low, undergrowth, shift, stretch, foot=1.0)
    canvas.over(low, green * (0.75 * _leaf_tone(low)), cover * weight)
    shift = _shift(scene, Z.SHIFT[2], 0.06) + 0.004 * math.sin(scene.angle(0.37))
    canvas.over(high, green * _leaf_tone(high), mask_coverage(high, canopy, shift) * weight)


def _leaf_tone(box: Box) -> Tensor:
    """Mottled light on the leaves, 0.55 to 1.05, [1, 1, rows, columns]."""
    first = sine_of_sum(box.y * 17, box.x * 31)
    return 0.8 + 0.25 * first * sine_of_sum(box.y * -23, box.x * 13)
