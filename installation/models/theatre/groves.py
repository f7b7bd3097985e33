"""Trees on the middle layer of the land that an audience sees: cut from paper, in groups with clearings.

All trees of a kind are drawn once for a size, on a strip along the ground. In a picture a column of the strip stands on
the ridge where its tree has its trunk, so that trees stay upright on slopes.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from installation.models.theatre.figure_papers import SEASONS
from installation.models.theatre.polygon_mask import Outline, part_coverage, stroke
from installation.models.theatre.raster import PixelGrid, cached_constant, colour_tensor
from installation.models.theatre.scene import DrawContext, Scene, batch_max, batch_min
from installation.models.theatre.snow import snow_amount
from installation.models.theatre.sprite_tables import scenery_rng
from installation.models.theatre.vocabulary import Z

LENGTH, ABOVE, BELOW = 5.0, 0.125, 0.078  # of a strip, and how far it reaches above and below the ridge, in units
FINE_UNIT = 900  # pixels of a unit that a strip has at most
SEED = 877
LEAFY_TERRAINS = ("field", "hills", "river", "road", "graveyard")
NEEDLE_TERRAINS = ("mountains", "lake")
WOODED = (*LEAFY_TERRAINS, *NEEDLE_TERRAINS)
ACACIA_LANDS = ("lion", "elephant", "giraffe", "zebra", "rhino", "hippo", "monkey")  # whose trees are acacias
TREELESS = ("tree", "pine", "palm", "cactus", "penguin", "christmas tree", "seal", "leaf")  # figures among no trees
GAPS = {"leafy": 0.30, "needles": 0.20, "acacias": 0.26}  # between two groups of a kind, on average, in units
HAZE, DEEPER, LIT, RICHER = 0.10, 0.66, 0.42, 0.5  # of trees: mist; shade; light on the other side; more of their hue
SEASONAL = 0.8  # how much of the colour of a season leaves have
SNOWY = 0.16  # how much darker trees are than the snow around them
SHIFT = 1.1  # how far z shifts a strip, in units

Piece = tuple[Outline, float, float]  # a polygon, how much light falls on it (-1..1), its opacity


class Strip(NamedTuple):
    """All trees of a kind along the ground.

    Attributes:
        pixels: Coverage, and light in -1..1, [2, rows * columns].
        trunk: How far to the right of each column its tree has its trunk, in units, [columns].
        rows: Of the strip, from ABOVE to BELOW the ridge.
        unit: Pixels of a unit.
    """

    pixels: Tensor
    trunk: Tensor
    rows: int
    unit: int


def paint_groves(context: DrawContext) -> None:
    """Paint trees on the middle layer: round ones, poplars and bushes; firs; or acacias, as the scene wants."""
    scene = context.scene
    if scene.has("subject", *TREELESS) or scene.has("companion", "tree"):
        return
    opacity = float(scene.weight("terrain", *WOODED)) * (1 - 0.6 * float(scene.weight("weather", "fog")))
    strip = _strip(_kind(scene), max(1, FINE_UNIT // _unit(scene)) * _unit(scene), scene.device)
    foot, columns = _feet(scene, strip, context.ridges.middle)
    box = scene.grid.box(batch_min(foot) - ABOVE, min(batch_max(foot) + BELOW, context.hidden))
    if box.empty or opacity <= 0:
        return
    rows = ((box.y - (foot - ABOVE)) * strip.unit).clamp_(0, strip.rows - 1).long()
    places = rows.mul_(strip.pixels.shape[1] // strip.rows).add_(columns)
    cover, light = (pixels.take(places) for pixels in strip.pixels)
    dark, lit = _colours(context)
    colour = torch.lerp(dark, lit, light.mul_(0.5).add_(0.5))
    context.canvas.over(box, colour, cover.mul_(opacity))


def _unit(scene: Scene) -> int:
    base = scene.grid.base or scene.grid
    return min(base.height, base.width)


def _kind(scene: Scene) -> str:
    if scene.has("subject", *ACACIA_LANDS):
        return "acacias"
    cold = float(snow_amount(scene)) > 0.3
    return "needles" if cold or scene.has("terrain", *NEEDLE_TERRAINS) else "leafy"


def _feet(scene: Scene, strip: Strip, ridge: Tensor) -> tuple[Tensor, Tensor]:
    """The y of the ground below the trunk of each column's tree, [1, 1, 1, width], and the columns of the strip."""
    x = scene.grid.x + (SHIFT * float(scene.bounded(Z.SHIFT[1])) + 0.5 * LENGTH)
    columns = (x * strip.unit).long().remainder_(len(strip.trunk))
    away = (strip.trunk[columns] * scene.grid.unit).round_().long()
    at = (torch.arange(ridge.shape[-1], device=ridge.device) + away).clamp_(0, ridge.shape[-1] - 1)
    return ridge.take(at), columns


def _colours(context: DrawContext) -> tuple[Tensor, Tensor]:
    """The colours of trees in the shade and in the light, [1, 3, 1, 1]."""
    scene, near, middle = context.scene, context.colours.near, context.colours.middle
    bright = 1.05 + 0.25 * scene.brightness.clamp(max=1)
    for (group, name), colour in SEASONS.items():
        if group == "weather" and name != "snow" and scene.has(group, name):
            season = colour_tensor(colour, scene.device) * (0.45 + 0.70 * scene.brightness)
            near = torch.lerp(near, season, SEASONAL * scene.weight(group, name))
    leaves = near + RICHER * (near - near.mean(1, keepdim=True))
    leaves = torch.lerp(leaves.clamp(min=0), scene.mist, HAZE)
    dark = leaves * DEEPER
    lit = torch.lerp(leaves * bright, torch.lerp(middle, scene.palette.glow, 0.35), LIT)
    snowy = snow_amount(scene)
    return dark * (1 - SNOWY * snowy), lit * (1 - SNOWY * snowy)


@cached_constant
def _strip(kind: str, unit: int, device: torch.device) -> Strip:
    """The strip of a kind of trees, with `unit` pixels to a unit."""
    rows, columns = math.ceil((ABOVE + BELOW) * unit), round(LENGTH * unit)
    grid = PixelGrid(rows, columns, torch.device("cpu"), unit, (LENGTH / 2, (BELOW - ABOVE) / 2))
    cover, light = np.zeros((rows, columns), np.float32), np.zeros((rows, columns), np.float32)
    trees = _trees(kind)
    for tree in trees:
        for outline, brightness, opacity in tree.pieces:
            box, part = part_coverage(grid, outline)
            part = part * opacity
            view, lights = cover[box.rows, box.columns], light[box.rows, box.columns]
            total = view + part - view * part
            lights += np.where(total > 0, part / np.maximum(total, 1e-6), 0) * (brightness - lights)
            np.copyto(view, total)
    x = (np.arange(columns) + 0.5) / unit
    trunks = np.array([tree.x for tree in trees])
    nearest = trunks[np.abs(x[:, None] - trunks).argmin(1)] - x
    pixels = torch.from_numpy(np.stack([cover, light]).reshape(2, -1))
    return Strip(pixels.to(device), torch.from_numpy(nearest).float().to(device), rows, unit)


class _Tree(NamedTuple):
    x: float
    pieces: list[Piece]


def _trees(kind: str) -> list[_Tree]:
    """Groups of trees with gaps between them; those farther down the slope are larger, and drawn later."""
    rng = scenery_rng(SEED + len(kind), 0)
    trees: list[tuple[float, _Tree]] = []
    at = 0.1
    while at < LENGTH - 0.15:
        down = 0.006 + 0.062 * rng.random() ** 1.6
        scale = 0.62 + 7.0 * down
        for _ in range(1 + int(4.5 * rng.random() ** 1.5)):
            size = scale * (0.8 + 0.4 * rng.random())
            trees.append((down, _Tree(at, _tree(kind, at, down + 0.006 * rng.random(), size, rng))))
            at += size * (0.030 + 0.035 * rng.random())
        at += GAPS[kind] * (0.25 + 1.5 * rng.random())
    return [tree for _, tree in sorted(trees, key=lambda one: one[0]) if tree.x < LENGTH - 0.12]


def _tree(kind: str, x: float, foot: float, size: float, rng: np.random.Generator) -> list[Piece]:
    chance = rng.random()
    shadow = [(_ellipse(x + 0.022 * size, foot, 0.050 * size, 0.0055 * size), -1.0, 0.30)]
    if kind == "acacias":
        return shadow + _acacia(x, foot, size, rng)
    if kind == "needles" or chance < 0.10:
        return shadow + _fir(x, foot, size * (0.8 + 0.5 * rng.random()), rng)
    if chance < 0.30:
        return shadow + _poplar(x, foot, size * (0.8 + 0.4 * rng.random()), rng)
    if chance < 0.48:
        return _crown(x, foot - 0.014 * size, 0.026 * size, 0.019 * size, rng)
    tall = 0.030 + 0.014 * rng.random()
    trunk: Piece = (stroke(x, foot, x, foot - 1.3 * tall * size, 0.0085 * size, 0.005 * size), -0.9, 1.0)
    half = (0.031 + 0.013 * rng.random()) * size
    return [*shadow, trunk, *_crown(x, foot - tall * size - 0.8 * half, half, half * (0.86 + 0.3 * rng.random()), rng)]


def _ellipse(x: float, y: float, half_width: float, half_height: float) -> Outline:
    turns = [2 * math.pi * i / 14 for i in range(14)]
    return [(x + half_width * math.cos(turn), y + half_height * math.sin(turn)) for turn in turns]


def _crown(x: float, y: float, half_width: float, half_height: float, rng: np.random.Generator) -> list[Piece]:
    """A crown of folded paper: facets around a ridge point, brighter towards the upper left."""
    corners = 9
    turns = [2 * math.pi * (i + 0.5 * rng.random()) / corners for i in range(corners)]
    reach = [0.86 + 0.26 * rng.random() for _ in turns]
    edge = [
        (x + half_width * r * math.cos(turn), y + half_height * r * math.sin(turn))
        for turn, r in zip(turns, reach, strict=True)
    ]
    top = (x - 0.18 * half_width, y - 0.12 * half_height)
    pieces: list[Piece] = [(edge, -0.3, 1.0)]
    for i, turn in enumerate(turns):
        there = turns[i] + math.pi / corners
        brightness = 0.8 * math.cos(there - math.radians(232)) + 0.25 * (rng.random() - 0.5)
        pieces.append(([top, edge[i], edge[(i + 1) % corners]], max(-1.0, min(1.0, brightness)), 1.0))
        del turn
    return pieces


def _poplar(x: float, foot: float, size: float, rng: np.random.Generator) -> list[Piece]:
    """A slender tree, folded along its middle."""
    tall, half = 0.105 * size, 0.0145 * size
    shape = [(0.0, 0.25), (0.12, 0.75), (0.35, 1.0), (0.62, 0.80), (0.84, 0.42), (1.0, 0.0)]
    low = foot - 0.012 * size
    sides: list[Outline] = []
    for side in (-1, 1):
        rim = [(x + side * half * wide * (0.9 + 0.2 * rng.random()), low - tall * up) for up, wide in shape]
        sides.append([(x, low), *rim])
    trunk: Piece = (stroke(x, foot, x, low - 0.01, 0.006 * size, 0.006 * size), -0.9, 1.0)
    return [trunk, (sides[0], 0.75, 1.0), (sides[1], -0.55, 1.0)]


def _fir(x: float, foot: float, size: float, rng: np.random.Generator) -> list[Piece]:
    """Three tiers, each folded along its middle."""
    pieces: list[Piece] = [(stroke(x, foot, x, foot - 0.02 * size, 0.007 * size, 0.007 * size), -0.9, 1.0)]
    for tier in range(3):
        low, half = foot - (0.012 + 0.026 * tier) * size, (0.030 - 0.0072 * tier) * size * (0.9 + 0.2 * rng.random())
        top = (x, low - 0.048 * size)
        fold = (x + 0.15 * half, low - 0.004 * size)
        pieces += [([top, (x - half, low), fold], 0.55, 1.0), ([top, fold, (x + half, low)], -0.65, 1.0)]
    return pieces


def _acacia(x: float, foot: float, size: float, rng: np.random.Generator) -> list[Piece]:
    """A flat crown on a forked trunk."""
    tall, half = (0.062 + 0.02 * rng.random()) * size, (0.050 + 0.018 * rng.random()) * size
    fork = foot - 0.45 * tall
    pieces: list[Piece] = [(stroke(x, foot, x, fork, 0.009 * size, 0.007 * size), -0.9, 1.0)]
    for side in (-0.55, 0.1, 0.6):
        pieces.append((stroke(x, fork, x + side * half, foot - tall, 0.006 * size, 0.004 * size), -0.9, 1.0))
    for out, up, wide in ((0.0, 0.0, 1.0), (-0.28, 0.16, 0.6), (0.32, 0.12, 0.5)):
        pieces += _crown(x + out * half, foot - tall - up * half, half * wide, 0.24 * half * (0.6 + 0.4 * wide), rng)
    return pieces
