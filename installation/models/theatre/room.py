"""A room: a wall with a tall arched window, curtains on both sides of it, and its light on the floor."""

from __future__ import annotations

import torch
from torch import Tensor

from installation.models.theatre.raster import Box, Raster, angle, falloff, ink
from installation.models.theatre.scene import Scene

WIDE, TOP, SILL = 0.275, 0.075, 0.735  # of the window: half its width, the height of its arch and of its sill
FLOOR = 0.815
APART = 1.22  # from one window to the next, where the picture is wide
WALLPAPER, VELVET, WOOD = "6a4038", "a01c30", "4a2c1c"


def aside_of(box: Box) -> Tensor:
    """How far to the right of the middle of the nearest window, [1, 1, 1, columns]."""
    return (box.x - 0.5 + APART / 2) % APART - APART / 2


def within_window(box: Box, aside: Tensor) -> Tensor:
    """How far within the window a pixel lies, in units, [1, 1, rows, columns]."""
    arch = TOP + WIDE * 0.75
    round_top = WIDE - torch.sqrt(aside**2 + (((box.y - arch).clamp(max=0)) / 0.75) ** 2 + 1e-8)
    return torch.minimum(round_top, SILL - box.y)


def paint_room(canvas: Raster, scene: Scene) -> None:
    """Everything but the window becomes wall; what was painted so far is seen through it."""
    box, weight = scene.frame.box(), scene.weight("terrain", "room")
    colours, light = scene.palette, 0.32 + 0.62 * scene.brightness
    aside = aside_of(box)
    inner = within_window(box, aside)
    wall = ink(WALLPAPER, scene.device) * light * 0.6 + colours.near * 0.4
    stripes = 1 + 0.05 * torch.sin(aside * 84)
    lit = falloff(-inner, 0.42)
    wall = torch.lerp(wall * stripes, colours.glow, 0.16 * lit)
    canvas.over(box, wall, box.inside(-inner) * weight)
    frame_depth = 0.016 - inner.abs()
    bars = torch.maximum(0.006 - aside.abs(), 0.006 - ((box.y - 0.12) % 0.205 - 0.1025).abs())
    bars = torch.minimum(torch.maximum(bars, frame_depth), inner + 0.017)
    canvas.over(box, colours.near * 0.7, box.inside(bars) * weight)
    _paint_floor(canvas, scene, light)
    _paint_curtains(canvas, scene, light)


def _paint_floor(canvas: Raster, scene: Scene, light: Tensor) -> None:
    """Dark boards, with the window's light lying on them."""
    box, weight = scene.frame.box(top=FLOOR, blur=True), scene.weight("terrain", "room")
    if box.empty:
        return
    down = (box.y - FLOOR).clamp(min=0)
    boards = ink(WOOD, scene.device) * light * 0.75 + scene.palette.near * 0.25
    fan = aside_of(box) / (1 + 2.0 * down)
    seams = torch.exp(-((((fan * 14) % 1 - 0.5) / 0.06) ** 2))
    canvas.over(box, boards * (1 - 0.25 * seams), box.inside(box.y - FLOOR) * weight)
    slant = aside_of(box) + (scene.sun[0] - 0.5) * down * 3
    patch = box.inside(WIDE * (1 + 1.3 * down) - slant.abs(), 0.02) * box.inside(box.y - FLOOR - 0.01, 0.02)
    bar = 1 - 0.5 * torch.exp(-((slant / 0.012) ** 2))
    canvas.light(box, scene.palette.glow, patch * bar * (0.34 * weight), burn=0.7)
    skirting = scene.frame.box(FLOOR - 0.022, FLOOR, blur=True)
    depth = torch.minimum(skirting.y - FLOOR + 0.022, FLOOR - skirting.y)
    canvas.over(skirting, scene.palette.near * 0.7, skirting.inside(depth) * weight)


def _paint_curtains(canvas: Raster, scene: Scene, light: Tensor) -> None:
    """Two lengths of velvet, as far apart as z has them, gathered low, breathing a little; a valance above."""
    box, weight = scene.frame.box(0.02, FLOOR + 0.035, blur=True), scene.weight("terrain", "room")
    aside = aside_of(box)
    down = ((box.y - 0.05) / (FLOOR - 0.02)).clamp(0, 1)
    gathered = torch.exp(-(((down - 0.66) / 0.20) ** 2))
    breath = 0.006 * torch.sin(3 * box.y + angle(0.6, scene.phase)) * down
    edge = 0.185 + 0.03 * scene.bounded(36) + 0.085 * down + 0.055 * gathered + breath
    outer = 0.385 - 0.025 * gathered
    depth = torch.minimum(aside.abs() - edge, outer - aside.abs())
    depth = torch.minimum(depth, torch.minimum(box.y - 0.05, FLOOR + 0.02 - box.y))
    fold = (aside.abs() - edge) / (outer - edge).clamp(min=0.01)
    folds = 0.72 + 0.28 * torch.sin(fold * 22 + 1)
    velvet = torch.lerp(ink(VELVET, scene.device), scene.palette.lower, 0.22) * (light + 0.14)
    canvas.shade(box, falloff(-depth, 0.06) * (0.3 * weight))
    canvas.over(box, velvet * folds, box.inside(depth) * weight)
    rail = scene.frame.box(0.02, 0.13)
    swag = 0.095 + 0.022 * torch.sin(aside_of(rail) * 27).abs()
    hung = torch.minimum(torch.minimum(rail.y - 0.035, swag - rail.y), 0.41 - aside_of(rail).abs())
    canvas.over(rail, velvet * (0.62 + 0.2 * torch.sin(aside_of(rail) * 54)), rail.inside(hung) * weight)
