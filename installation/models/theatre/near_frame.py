"""A frame of branches and grass close to the eye, out of focus, at the sides of a wide picture.

It leaves the square in the middle free, so that it hides nothing that the words ask for.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.theatre.polygon_mask import Outline, leaf, rasterise, stroke
from installation.models.theatre.raster import PixelGrid, box_texture, cached_constant
from installation.models.theatre.scene import DrawContext
from installation.models.theatre.sprite_tables import scenery_rng

FRAMED_TERRAINS = (
    *("lake", "mountains", "field", "hills", "river", "road", "village", "forest"),
    *("ruins", "graveyard", "waterfall", "swamp", "cliffs"),
)
FREE = 0.06  # units beside the square that stay free
BLUR, OPACITY, DARKNESS = 0.006, 0.93, 0.55  # radius of the blur in units; of the frame; of its colour
BRANCH_SEED, KNOTS = 41, 5


def paint_near_frame(context: DrawContext) -> None:
    """Paint the frame in the colour of the nearest layer, darkened."""
    scene = context.scene
    if (scene.grid.base or scene.grid).right < 1 + FREE:
        return
    weight = scene.weight("terrain", *FRAMED_TERRAINS)
    for box in (scene.grid.box(right=-FREE + 0.05), scene.grid.box(left=1 + FREE - 0.05)):
        cover = box_texture(_frame_mask, box) * (OPACITY * weight)
        context.canvas.over(box, context.scene.palette.near * DARKNESS, cover)


@cached_constant
def _frame_mask(grid: PixelGrid) -> Tensor:
    """The blurred coverage of the frame, [1, 1, height, width]."""
    room = grid.right - 1 - FREE
    outlines = [_mirrored(one) for one in _side(grid, room, 0)] + _side(grid, room, 1)
    sharp = torch.from_numpy(rasterise(grid, outlines))[None, None]
    radius = max(1, round(BLUR * grid.unit))
    for _ in range(2):
        padded = F.pad(sharp, (radius,) * 4, mode="replicate")
        sharp = F.avg_pool2d(padded, 2 * radius + 1, stride=1)
    return sharp.to(grid.device)


def _side(grid: PixelGrid, room: float, side: int) -> list[Outline]:
    """A hanging branch and blades of grass at the right edge."""
    rng = scenery_rng(BRANCH_SEED, side)
    right, top, outlines = grid.right + 0.02, min(grid.top, 0.0) - 0.06, []
    tip_x, tip_y = right - 0.72 * room, 0.17 + 0.05 * rng.random()
    points = [(right + (tip_x - right) * i / KNOTS, top + (tip_y - top) * (i / KNOTS) ** 1.5) for i in range(KNOTS + 1)]
    for i in range(KNOTS):
        (ax, ay), (bx, by) = points[i], points[i + 1]
        outlines.append(stroke(ax, ay, bx, by, 0.014 - 0.002 * i, 0.012 - 0.002 * i))
        along = math.atan2(by - ay, bx - ax)
        for turn in (-1, 1):
            length = (0.085 + 0.035 * rng.random()) * min(1.0, 3 * room)
            outlines.append(leaf(bx, by, length, 0.30 * length, along + turn * (0.7 + 0.35 * rng.random())))
    outlines.append(leaf(*points[-1], 0.10 * min(1.0, 3 * room), 0.03, math.atan2(0.6, -0.8)))
    blades = 16
    for i in range(blades):
        x = right - room * (i + 0.5 * rng.random()) / blades
        height = (0.16 + 0.14 * rng.random()) * (0.35 + 0.65 * (x - 1 - FREE) / max(room, 1e-3))
        lean = -0.25 - 0.5 * rng.random()
        outlines.append(leaf(x, grid.bottom + 0.02, height, 0.10 * height, -math.pi / 2 + lean * 0.6))
    return outlines


def _mirrored(points: Outline) -> Outline:
    return [(1 - x, y) for x, y in points]
