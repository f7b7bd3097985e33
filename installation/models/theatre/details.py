"""Small signs of life: a flock of distant birds, smoke, cottages with lit windows, rising paper lanterns."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext, batch_max, batch_min
from installation.models.theatre.particles import Sprites, ellipse, glow_point, particle_set, splat
from installation.models.theatre.polygon_mask import TILES, Outline, stroke
from installation.models.theatre.raster import colour_tensor, falloff
from installation.models.theatre.scene import Scene
from installation.models.theatre.sliding_mask import mask_coverage
from installation.models.theatre.vocabulary import SUBJECTS, Z

FLOCK = 11  # birds of a tile
CHIMNEYS = {
    "house": 0.70,
    "thatched cottage": 0.69,
    "hut": 0.5,
    "log cabin": 0.72,
    "factory": 0.19,
}  # x of the chimney of a figure
COTTAGES = ((0.07, 0.775, 1.0), (0.175, 0.765, 0.75), (0.83, 0.765, 0.8), (0.94, 0.78, 1.05))  # x, foot, size
COTTAGE_SHIFT = 0.07
WINDOW_LIGHT, LANTERN, LANTERN_FLAME = "ffd46a", "ff8a2e", "ffe08a"
LANTERN_FOOT, LANTERN_CLIMB = 0.82, 0.80  # y where lanterns appear, and how far they rise


def paint_distant_birds(context: DrawContext) -> None:
    """Paint a flock in V formation that crosses the sky; it repeats in every tile, so that it never ends."""
    scene = context.scene
    box = scene.grid.box(0.0, 0.6)
    cover = _flock_cover(scene)
    dark_sky = torch.sigmoid((0.21 - scene.palette.upper.mean(1, keepdim=True)) * 40)
    colour = torch.lerp(scene.palette.near * 0.8, scene.palette.glow * 0.75, dark_sky)
    context.canvas.over(box, colour, cover[:, :, box.rows] * (0.95 * scene.weight("detail", "distant birds")))


def _flock_cover(scene: Scene) -> Tensor:
    birds = particle_set("gulls", scene.device, above=0, below=0)
    number = torch.arange(len(birds.x), device=scene.device) % FLOCK
    behind = (number - 5).abs() * 0.030
    flown = (0.022 * scene.phase) % 1.0
    x = torch.floor(birds.x) + 0.38 + 0.060 * (number - 5) + 0.03 * (birds.traits[:, 0] - 0.5) + flown
    span = 0.022 + 0.012 * birds.motion[:, 1]
    beat = torch.sin(6.283 * birds.motion[:, 0] + scene.distance(3.0 + 1.5 * birds.motion[:, 2]))
    sprites = Sprites(
        x=x,
        y=0.20 + behind + 0.03 * (birds.traits[:, 1] - 0.5) + 0.05 * torch.sin(2.6 * x),
        opacity=torch.ones_like(x),
        shape=torch.stack([span, 0.35 + 0.65 * beat]),
        extent=(0.04, 0.034),
        kernel=_bird_kernel,
    )
    return splat(scene.grid, sprites)


def _bird_kernel(dx: Tensor, dy: Tensor, shape: Tensor, pixel: float) -> Tensor:
    """Two wings, each an arc; `shape` is the length of a wing and how high its tip is, -1 to 1."""
    span, lift = shape[0], shape[1]
    along = (dx.abs() / span).clamp(max=1.2)
    wing = -span * (0.95 * along * (1 - along) + lift * 0.55 * along**2)
    half_width = span * (0.15 * (1 - along) + 0.035).clamp(min=0) + 0.25 * pixel
    cover = ((half_width - (dy - wing).abs()) / pixel + 0.5).clamp(0, 1)
    return cover * ((1 - along) * span / pixel + 0.5).clamp(0, 1)


class SmokeColumn(NamedTuple):
    """A column of smoke."""

    x: float  # of its foot, in units, before the shift
    foot: float
    size: float
    shift: Tensor  # to the right, [batch, 1, 1, 1]


def paint_smoke(context: DrawContext) -> None:
    """Paint two columns of smoke in every tile, for an audience only where no figure has a chimney."""
    scene = context.scene
    weight = scene.weight("detail", "smoke")
    if scene.staged:
        weight = weight * (1 - scene.weight("subject", *CHIMNEYS))
        for kinds in (scene.second_kind, scene.third_kind) if scene.has_third else (scene.second_kind,):
            weight = weight * (1 - kinds[:, _with_chimneys()].sum(1).view(-1, 1, 1, 1))
    colour = smoke_colour(scene)
    for column in _smoke_columns(scene):
        paint_smoke_column(context, column, colour, weight)


@cache
def _with_chimneys() -> list[int]:
    return [list(SUBJECTS).index(label) for label in CHIMNEYS]


def smoke_colour(scene: Scene) -> Tensor:
    """Dark before a bright sky, pale before a dark one, [batch, 3, 1, 1]."""
    palette = scene.palette
    bright_sky = torch.sigmoid((palette.upper.mean(1, keepdim=True) - 0.35) * 14)
    dark = torch.lerp(palette.far, palette.near, 0.70)
    pale = palette.glow * 0.42 + palette.lower * 0.25 + 0.08
    return torch.lerp(pale, dark, bright_sky)


def _smoke_columns(scene: Scene) -> Iterator[SmokeColumn]:
    left, right = (0.08 * scene.bounded(index) for index in (Z.LEFT_SIDE, Z.RIGHT_SIDE))
    for tile in range(round(scene.grid.left - 0.5), round(scene.grid.right - 0.5) + 1):
        yield SmokeColumn(tile + 0.17, 0.74, 1.0, left)
        yield SmokeColumn(tile + 0.80, 0.72, 0.8, right)


def paint_smoke_column(context: DrawContext, column: SmokeColumn, colour: Tensor, weight: Tensor) -> None:
    """Paint puffs that widen and drift to the right as they rise, lit from the right."""
    scene, foot = context.scene, column.foot
    left, right = column.x + batch_min(column.shift) - 0.24, column.x + batch_max(column.shift) + 0.40
    box = scene.grid.box(foot - 0.62, foot + 0.02, left, right)
    if box.empty:
        return
    up = (foot - box.y).clamp(min=0)
    rise = scene.angle(1.1)
    axis = column.x + column.shift + 0.16 * up**1.4 + 0.05 * up * torch.sin(13 * up - rise)
    half_width = (0.018 + 0.17 * up) * column.size
    across = (box.x - axis) / half_width
    puffs = 1 + 0.22 * torch.sin(46 * up - 2 * rise + 2.4 * across)
    body = torch.sigmoid((puffs - across.abs()) * 5)
    ends = (1 - up / 0.60).clamp(0, 1) ** 0.8 * box.coverage(foot - box.y, 0.02)
    context.canvas.over(box, colour * (1 + 0.16 * across.clamp(-1, 1)), body * ends * (0.88 * weight))


def cottages() -> list[Outline]:
    """Walls, roofs and chimneys of cottages on both sides of each tile."""
    shapes: list[Outline] = []
    for tile in TILES:
        for x, foot, size in COTTAGES:
            half_width, wall, roof = 0.040 * size, 0.050 * size, 0.042 * size
            left, right, eaves = tile + x - half_width, tile + x + half_width, foot - wall
            shapes += [
                [(left, foot + 0.05), (left, eaves), (right, eaves), (right, foot + 0.05)],
                [(left - 0.008, eaves), (tile + x, eaves - roof), (right + 0.008, eaves)],
                stroke(right - 0.016, eaves, right - 0.016, eaves - roof, 0.011, 0.011),
            ]
    return shapes


def cottage_windows() -> list[Outline]:
    """Two windows of each cottage."""
    windows: list[Outline] = []
    for tile in TILES:
        for x, foot, size in COTTAGES:
            for dx in (-0.019, 0.019):
                centre, y, side = tile + x + dx * size, foot - 0.026 * size, 0.021 * size
                windows.append(stroke(centre, y - side / 2, centre, y + side / 2, 0.9 * side, 0.9 * side))
    return windows


def paint_lit_windows(context: DrawContext) -> None:
    """Paint cottages with light in their windows, and its glow."""
    canvas, scene = context.canvas, context.scene
    weight, box = scene.weight("detail", "lit windows"), scene.grid.box(0.62, 0.86)
    shift = COTTAGE_SHIFT * scene.bounded(Z.SHIFT[1])
    canvas.over(box, scene.palette.near * 0.9, mask_coverage(box, cottages, shift) * weight)
    from_edge = ((box.x - shift - 0.5) % 1 - 0.5).abs()  # of the tile, where the cottages are
    glow = torch.exp(-((from_edge / 0.17) ** 2)) * falloff((box.y - 0.745).abs(), 0.12)
    flicker = 0.92 + 0.08 * torch.sin(box.x * 41 + scene.angle(1.4))
    canvas.glow(box, colour_tensor(WINDOW_LIGHT, scene.device), glow * flicker * (0.55 * weight), burn=0.5)
    cover = mask_coverage(box, cottage_windows, shift) * flicker * weight
    canvas.over(box, colour_tensor(WINDOW_LIGHT, scene.device), cover)


def paint_lanterns(context: DrawContext) -> None:
    """Paint paper lanterns that rise and sway: a halo, a body and a flame each."""
    canvas, scene, grid = context.canvas, context.scene, context.scene.grid
    weight, box = scene.weight("detail", "lanterns"), grid.box()
    lanterns = particle_set("lanterns", scene.device, above=0, below=0)
    speed = 0.012 + 0.012 * lanterns.motion[:, 0]
    climbed = (LANTERN_CLIMB * (1 - lanterns.y) + scene.distance(speed, LANTERN_CLIMB)) % LANTERN_CLIMB
    y = LANTERN_FOOT - climbed
    fade = ((LANTERN_FOOT - y) / 0.06).clamp(0, 1) * ((y - 0.02) / 0.06).clamp(0, 1)
    sway = scene.distance(0.3 + 0.3 * lanterns.motion[:, 2])
    x = lanterns.x + 0.018 * torch.sin(6.28 * lanterns.motion[:, 1] + sway)
    height = 0.016 + 0.014 * lanterns.traits[:, 0]
    body = torch.stack([height, 0.74 * height, torch.full_like(height, 1.5708)])
    halo = splat(grid, Sprites(x, y, 0.5 * fade, (1.9 * height)[None], (0.105, 0.105), glow_point))
    canvas.over(box, colour_tensor(LANTERN, scene.device), halo * (0.75 * weight))
    paper = splat(grid, Sprites(x, y, fade, body, (0.032, 0.032), ellipse))
    canvas.over(box, colour_tensor(LANTERN, scene.device), paper * weight)
    flame = splat(grid, Sprites(x, y + 0.35 * height, fade, (0.55 * height)[None], (0.03, 0.03), glow_point))
    canvas.over(box, colour_tensor(LANTERN_FLAME, scene.device), flame * weight)
