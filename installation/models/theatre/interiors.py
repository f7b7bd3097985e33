"""Interiors that frame the view: a room with an arched window and curtains, and the mouth of a cave."""

from __future__ import annotations

import torch
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext
from installation.models.theatre.raster import Box, colour_tensor, falloff
from installation.models.theatre.vocabulary import Z

WINDOW_HALF_WIDTH, WINDOW_TOP, WINDOW_SILL = 0.275, 0.075, 0.735
ARCH_HEIGHT = 0.75  # of the round top, relative to a half circle
WINDOW_SPACING = 1.22  # from one window to the next in a wide picture
FLOOR = 0.815
WALLPAPER, VELVET, WOOD = "6a4038", "a01c30", "4a2c1c"

CAVE_Y, CAVE_HALF_WIDTH, CAVE_HALF_HEIGHT = 0.60, 0.43, 0.47  # of the mouth of the cave
SIDE_CAVE_X, SIDE_CAVE_Y, SIDE_CAVE_HALF_WIDTH, SIDE_CAVE_HALF_HEIGHT = 0.97, 0.62, 0.36, 0.37  # x from the middle one
SIDE_CAVE_SPACING = 0.95
ROCK_FRAMES = ((0.0, 0.72), (0.22, 0.45), (0.5, 0.22))  # wider than the mouth by; how brightly lit


def paint_room(context: DrawContext, share: float = 1.0) -> None:
    """Paint the wall around the windows, as opaque as its share; what was painted before is seen through them."""
    canvas, scene = context.canvas, context.scene
    box, weight = scene.grid.box(), scene.weight("terrain", "room") * share
    palette, light = scene.palette, 0.32 + 0.62 * scene.brightness
    dx = _from_window(box)
    depth = _window_depth(box, dx)
    wall = colour_tensor(WALLPAPER, scene.device) * light * 0.6 + palette.near * 0.4
    stripes = 1 + 0.05 * torch.sin(dx * 84)
    wall = torch.lerp(wall * stripes, palette.glow, 0.16 * falloff(-depth, 0.42))
    canvas.over(box, wall, box.coverage(-depth) * weight)
    bars = torch.maximum(0.006 - dx.abs(), 0.006 - ((box.y - 0.12) % 0.205 - 0.1025).abs())
    bars = torch.minimum(torch.maximum(bars, 0.016 - depth.abs()), depth + 0.017)
    canvas.over(box, palette.near * 0.7, box.coverage(bars) * weight)
    _paint_floor(context, light, weight)
    _paint_curtains(context, light, weight)


def _from_window(box: Box) -> Tensor:
    """Distance to the right of the axis of the nearest window, in units, [1, 1, 1, columns]."""
    return (box.x - 0.5 + WINDOW_SPACING / 2) % WINDOW_SPACING - WINDOW_SPACING / 2


def _window_depth(box: Box, dx: Tensor) -> Tensor:
    """Signed distance to the edge of the nearest window, positive inside, in units, [1, 1, rows, columns]."""
    arch = WINDOW_TOP + WINDOW_HALF_WIDTH * ARCH_HEIGHT
    above_arch = (box.y - arch).clamp(max=0) / ARCH_HEIGHT
    round_top = WINDOW_HALF_WIDTH - torch.sqrt(dx**2 + above_arch**2 + 1e-8)
    return torch.minimum(round_top, WINDOW_SILL - box.y)


def _paint_floor(context: DrawContext, light: Tensor, weight: Tensor) -> None:
    """Dark boards, the light of the windows on them, and the skirting board."""
    canvas, scene = context.canvas, context.scene
    box = scene.grid.box(top=FLOOR, soft_edge=True)
    if box.empty:
        return
    down = (box.y - FLOOR).clamp(min=0)
    boards = colour_tensor(WOOD, scene.device) * light * 0.75 + scene.palette.near * 0.25
    fan = _from_window(box) / (1 + 2.0 * down)
    seams = torch.exp(-((((fan * 14) % 1 - 0.5) / 0.06) ** 2))
    canvas.over(box, boards * (1 - 0.25 * seams), box.coverage(box.y - FLOOR) * weight)
    slant = _from_window(box) + (scene.celestial_disc.x - 0.5) * down * 3
    patch = box.coverage(WINDOW_HALF_WIDTH * (1 + 1.3 * down) - slant.abs(), 0.02)
    patch = patch * box.coverage(box.y - FLOOR - 0.01, 0.02)
    bar = 1 - 0.5 * torch.exp(-((slant / 0.012) ** 2))
    canvas.glow(box, scene.palette.glow, patch * bar * (0.34 * weight), burn=0.7)
    skirting = scene.grid.box(FLOOR - 0.022, FLOOR, soft_edge=True)
    depth = torch.minimum(skirting.y - FLOOR + 0.022, FLOOR - skirting.y)
    canvas.over(skirting, scene.palette.near * 0.7, skirting.coverage(depth) * weight)


def _paint_curtains(context: DrawContext, light: Tensor, weight: Tensor) -> None:
    """Two lengths of velvet, gathered low, that move a little, and a valance above them; z opens and closes them."""
    canvas, scene = context.canvas, context.scene
    box = scene.grid.box(0.02, FLOOR + 0.035, soft_edge=True)
    dx = _from_window(box)
    down = ((box.y - 0.05) / (FLOOR - 0.02)).clamp(0, 1)
    gathered = torch.exp(-(((down - 0.66) / 0.20) ** 2))
    draught = 0.006 * torch.sin(3 * box.y + scene.angle(0.6)) * down
    inner = 0.185 + 0.03 * scene.bounded(Z.RIGHT_SIDE) + 0.085 * down + 0.055 * gathered + draught
    outer = 0.385 - 0.025 * gathered
    depth = torch.minimum(dx.abs() - inner, outer - dx.abs())
    depth = torch.minimum(depth, torch.minimum(box.y - 0.05, FLOOR + 0.02 - box.y))
    across = (dx.abs() - inner) / (outer - inner).clamp(min=0.01)
    folds = 0.72 + 0.28 * torch.sin(across * 22 + 1)
    velvet = torch.lerp(colour_tensor(VELVET, scene.device), scene.palette.lower, 0.22) * (light + 0.14)
    canvas.darken(box, falloff(-depth, 0.06) * (0.3 * weight))
    canvas.over(box, velvet * folds, box.coverage(depth) * weight)
    box = scene.grid.box(0.02, 0.13)
    dx = _from_window(box)
    hem = 0.095 + 0.022 * torch.sin(dx * 27).abs()
    depth = torch.minimum(torch.minimum(box.y - 0.035, hem - box.y), 0.41 - dx.abs())
    canvas.over(box, velvet * (0.62 + 0.2 * torch.sin(dx * 54)), box.coverage(depth) * weight)


def paint_cave(context: DrawContext) -> None:
    """Paint three frames of rock around the mouth, the innermost brightest; a cave appears by its mouth closing in."""
    canvas, scene = context.canvas, context.scene
    box = scene.grid.box()
    weight, palette = scene.weight("terrain", "cave"), scene.palette
    closing = 0.9 * (1 - weight)
    weight = 1 - (1 - weight) ** 3
    rough = 0.06 * torch.sin(box.x * 21 + scene.z(Z.ROCK)) + 0.05 * torch.sin(box.y * 17 + 2)
    radius = _cave_radius(box, 0.5 + 0.035 * scene.bounded(Z.FEATURE_X)) - rough
    for wider, lit in ROCK_FRAMES:
        rim = 0.86 + 0.42 * wider + closing
        rock = box.coverage(radius - rim, max(0.012, 1.5 * scene.grid.pixel)) * weight
        canvas.darken(box, falloff(rim - radius, 0.2) * (0.4 * weight) * (1 - rock))
        canvas.over(box, palette.near * (1 - lit) + palette.far * (lit * 0.62), rock)


def _cave_radius(box: Box, x: Tensor) -> Tensor:
    """Elliptic radius within the nearest mouth, about 1 at its rim; the middle one is at `x`, others are beside it."""
    radius = torch.sqrt(((box.x - x) / CAVE_HALF_WIDTH) ** 2 + ((box.y - CAVE_Y) / CAVE_HALF_HEIGHT) ** 2)
    if box.grid.left >= 0 and box.grid.right <= 1:
        return radius
    half = SIDE_CAVE_SPACING / 2
    beside = (box.x - x).abs() - SIDE_CAVE_X
    beside = torch.where(beside > half, (beside + half) % SIDE_CAVE_SPACING - half, beside)
    side_y = (box.y - SIDE_CAVE_Y) / SIDE_CAVE_HALF_HEIGHT
    return torch.minimum(radius, torch.sqrt((beside / SIDE_CAVE_HALF_WIDTH) ** 2 + side_y**2))
