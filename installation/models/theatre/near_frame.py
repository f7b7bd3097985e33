"""A frame of branches and grass close to the eye, out of focus, at the sides of a wide picture.

It leaves the square in the middle free, so that it hides nothing that the words ask for.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.theatre.polygon_mask import Outline, leaf, rasterise, stroke
from installation.models.theatre.raster import PixelGrid, box_texture, cached_constant
from installation.models.theatre.scene import DrawContext
from installation.models.theatre.sprite_tables import scenery_rng
from installation.models.theatre.vocabulary import Z

BOUGHS = {  # what hangs and grows at the sides of each terrain
    "leaves": ("lake", "field", "hills", "river", "road", "village", "waterfall"),
    "needles": ("mountains", "forest"),
    "bare": ("ruins", "graveyard", "swamp", "cliffs"),
}
FRAMED_TERRAINS = tuple(terrain for terrains in BOUGHS.values() for terrain in terrains)
FREE = 0.06  # units beside the square that stay free
BLUR, OPACITY, DARKNESS = 0.004, 0.95, 0.55  # radius of the blur in units; of the frame; of its colour
SEED = 41
JOINTS = 9  # of a bough
TWIG_LEAVES = 5  # on either side of a twig
BLADES = 26


def paint_near_frame(context: DrawContext) -> None:
    """Paint the frame in the colour of the nearest layer, darkened."""
    scene = context.scene
    if (scene.grid.base or scene.grid).right < 1 + FREE:
        return
    boxes = scene.grid.box(right=-FREE + 0.05), scene.grid.box(left=1 + FREE - 0.05)
    for bough, terrains in BOUGHS.items():
        if not scene.has("terrain", *terrains):
            continue
        weight = OPACITY * scene.weight("terrain", *terrains)
        for box, side in zip(boxes, (Z.LEFT_SIDE, Z.RIGHT_SIDE), strict=True):
            cover = box_texture(_frame_mask, box, bough)
            grown = (0.5 + 1.5 * scene.bounded(side)).clamp(0, 1)  # nothing in about every third picture
            context.canvas.over(box, scene.palette.near * DARKNESS, cover * (weight * grown))


@cached_constant
def _frame_mask(grid: PixelGrid, bough: str) -> Tensor:
    """The blurred coverage of the frame, [1, 1, height, width]."""
    room = grid.right - 1 - FREE
    outlines = [_mirrored(one) for one in _side(grid, room, bough, 0)] + _side(grid, room, bough, 1)
    sharp = torch.from_numpy(rasterise(grid, outlines))[None, None]
    radius = max(1, round(BLUR * grid.unit))
    for _ in range(2):
        padded = F.pad(sharp, (radius,) * 4, mode="replicate")
        sharp = F.avg_pool2d(padded, 2 * radius + 1, stride=1)
    return sharp.to(grid.device)


def _side(grid: PixelGrid, room: float, bough: str, side: int) -> list[Outline]:
    """What frames the right side: a large bough on one side, a small one on the other, and grass below both."""
    rng = scenery_rng(SEED + len(bough), side)
    top, scale = min(grid.top, 0.0), min(1.0, room / 0.33)
    reach = (0.80, 0.55)[side] * room
    start = (grid.right + 0.03, top + (0.10, 0.02)[side])
    tip = (start[0] - 0.03 - reach, start[1] + (0.22, 0.15)[side] * scale)
    outlines = _bough(start, tip, bough, scale * (1.0, 0.8)[side], rng)
    if side == 0:
        lower = (start[0], start[1] + 0.13 * scale)
        outlines += _bough(lower, (lower[0] - 0.42 * room, lower[1] + 0.19 * scale), bough, 0.85 * scale, rng)
    return outlines + _grass(grid, room, (0.8, 1.15)[side], rng)


def _bough(
    start: tuple[float, float], tip: tuple[float, float], kind: str, scale: float, rng: np.random.Generator
) -> list[Outline]:
    """A bough that bends down towards its tip, with twigs on both sides."""
    (ax, ay), (bx, by) = start, tip
    points = [(ax + (bx - ax) * t, ay + (by - ay) * t**2.2) for t in (i / JOINTS for i in range(JOINTS + 1))]
    outlines: list[Outline] = []
    for joint, (here, there) in enumerate(itertools.pairwise(points)):
        thick = 0.013 * scale * (1 - 0.085 * joint)
        outlines.append(stroke(*here, *there, thick, 0.92 * thick))
        along = math.atan2(there[1] - here[1], there[0] - here[0])
        for turn in (-1, 1) if joint else ():
            length = scale * (0.052 + 0.030 * rng.random()) * (1.15 - 0.06 * joint)
            angle = along + turn * (0.55 + 0.35 * rng.random())
            outlines += _twig(there, angle, length, kind, rng)
    return outlines + _twig(points[-1], math.atan2(points[-1][1] - points[-2][1], bx - ax), 0.06 * scale, kind, rng)


def _twig(foot: tuple[float, float], angle: float, length: float, kind: str, rng: np.random.Generator) -> list[Outline]:
    """A twig with leaves, with needles, or bare."""
    x, y = foot
    end_x, end_y = x + length * math.cos(angle), y + length * math.sin(angle)
    outlines = [stroke(x, y, end_x, end_y, 0.0045, 0.002)]
    if kind == "bare":
        for turn in (-0.5, 0.6):
            fork = angle + turn * (0.7 + 0.6 * rng.random())
            reach = length * (0.5 + 0.4 * rng.random())
            outlines.append(
                stroke(end_x, end_y, end_x + reach * math.cos(fork), end_y + reach * math.sin(fork), 0.003, 0.001)
            )
        return outlines
    for number in range(TWIG_LEAVES):
        share = (number + 1) / TWIG_LEAVES
        at = x + (end_x - x) * share, y + (end_y - y) * share
        for turn in (-1, 1):
            if kind == "needles":
                outlines.append(leaf(*at, 0.036, 0.005, angle + turn * 0.55))
            else:
                size = 0.034 * (0.75 + 0.5 * rng.random())
                outlines.append(leaf(*at, size, 0.36 * size, angle + turn * (0.75 + 0.3 * rng.random())))
    return outlines


def _grass(grid: PixelGrid, room: float, height: float, rng: np.random.Generator) -> list[Outline]:
    """Blades that lean inwards, higher towards the edge, and some ears among them."""
    outlines: list[Outline] = []
    foot, edge = grid.bottom + 0.02, grid.right + 0.02
    for number in range(BLADES):
        x = edge - (room + 0.02) * (number + 0.8 * rng.random()) / BLADES
        outer = max(0.0, (x - 1 - FREE) / max(room, 1e-3))
        length = height * (0.09 + 0.19 * rng.random()) * (0.30 + 0.85 * outer)
        lean = -math.pi / 2 - 0.12 - 0.42 * rng.random()
        outlines.append(leaf(x, foot, length, 0.055 * length + 0.004, lean, 0.25))
        if number % 5 == 2:
            tall = 1.25 * length
            ear_x, ear_y = x + tall * math.cos(lean), foot + tall * math.sin(lean)
            outlines.append(stroke(x, foot, ear_x, ear_y, 0.004, 0.0025))
            outlines.append(leaf(ear_x, ear_y, 0.045 * height, 0.011, lean - 0.25))
    return outlines


def _mirrored(points: Outline) -> Outline:
    return [(1 - x, y) for x, y in points]
