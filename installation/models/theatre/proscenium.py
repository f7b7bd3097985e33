"""The stage itself, before the first words: velvet curtains at both sides, a valance, and footlights.

It stands still before the camera. As its mark goes, the curtains part, and the valance rises.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext
from installation.models.theatre.raster import Box, PixelGrid, colour_tensor, falloff

CURTAIN = "curtain"  # its mark
CLOSED = 0.205  # share of the width that each curtain covers
GATHERED, TIE_Y, TIE_REACH = 0.46, 0.60, 0.17  # how much narrower it is at its tie; where that is, and how far it acts
FOLDS = 6.0  # of a curtain
VALANCE, SCALLOP = 0.105, 0.026  # height of the valance and of its scallops
LIP = 0.935  # y of the edge of the stage, below which its front is
LIGHTS, LIGHT_REACH = 7, 0.2
VELVET, DARK_VELVET, GOLD, WOOD, FOOTLIGHT = "9c1a2c", "2a0610", "d9a441", "1c100b", "ffcf86"


def paint_proscenium(context: DrawContext, drawn_so_far: float) -> None:
    """Paint it over the picture as far as its mark is set, times `drawn_so_far`, 0..1."""
    scene = context.scene
    grid = scene.grid.base or scene.grid
    drawn = scene.mark(CURTAIN) * drawn_so_far
    _paint_front(context, grid, drawn)
    for side in (-1, 1):
        _paint_curtain(context, grid, drawn, side)
    _paint_valance(context, grid, drawn)


def _paint_curtain(context: DrawContext, grid: PixelGrid, drawn: Tensor, side: int) -> None:
    """One curtain, gathered by a cord; it hangs from the top and moves a little."""
    scene, canvas = context.scene, context.canvas
    width = grid.right - grid.left
    box = grid.box(right=grid.left + 0.5 * width) if side < 0 else grid.box(left=grid.right - 0.5 * width)
    across = (box.x - grid.left if side < 0 else grid.right - box.x) / width  # from the edge of the picture
    down = (box.y - grid.top) / (grid.bottom - grid.top)
    tied = torch.exp(-(((down - TIE_Y) / TIE_REACH) ** 2))
    draught = 0.004 * torch.sin(4 * down + scene.angle(0.7) + side) * down
    reach = CLOSED * (1 - GATHERED * tied) + draught - (1 - drawn) * (CLOSED + 0.08)
    depth = (reach - across) * width
    shares = across / reach.clamp(min=0.02)
    folds = 0.5 + 0.5 * torch.sin(shares * (2 * math.pi * FOLDS) + 0.8 * torch.sin(5 * down))
    lit = (0.30 + 0.70 * folds) * (0.55 + 0.45 * shares.clamp(0, 1))  # by the light of the scene behind
    velvet = torch.lerp(colour_tensor(DARK_VELVET, scene.device), colour_tensor(VELVET, scene.device), lit)
    velvet = torch.lerp(velvet, scene.palette.glow, 0.14 * falloff(depth, 0.03))
    cord = torch.exp(-(((down - TIE_Y - 0.03 * shares) / 0.009) ** 2))
    velvet = torch.lerp(velvet, colour_tensor(GOLD, scene.device) * (0.45 + 0.55 * folds), cord)
    shown = drawn.clamp(max=0.05).mul(20)
    canvas.darken(box, falloff(-depth, 0.08) * (0.45 * drawn))
    canvas.over(box, velvet, box.coverage(depth) * shown)


def _paint_valance(context: DrawContext, grid: PixelGrid, drawn: Tensor) -> None:
    """A short drapery along the top, with scallops and a golden hem."""
    scene = context.scene
    box = grid.box(bottom=grid.top + VALANCE + SCALLOP + 0.03)
    swing = (box.x - 0.5) * (math.pi / 0.16)
    hem = grid.top + VALANCE + SCALLOP * torch.sin(swing).abs() - (1 - drawn) * (VALANCE + SCALLOP + 0.04)
    depth = hem - box.y
    folds = 0.5 + 0.5 * torch.sin(4 * swing + 0.6)
    velvet = torch.lerp(
        colour_tensor(DARK_VELVET, scene.device), colour_tensor(VELVET, scene.device), 0.25 + 0.5 * folds
    )
    velvet = torch.lerp(velvet, colour_tensor(GOLD, scene.device) * 0.8, _between(box, depth, 0.006, 0.013))
    context.canvas.darken(box, falloff(-depth, 0.05) * (0.4 * drawn))
    context.canvas.over(box, velvet, box.coverage(depth) * drawn.clamp(max=0.05).mul(20))


def _paint_front(context: DrawContext, grid: PixelGrid, drawn: Tensor) -> None:
    """The front edge of the stage, and footlights behind it."""
    scene, canvas = context.scene, context.canvas
    height = grid.bottom - grid.top
    edge = grid.top + LIP * height + (1 - drawn) * 0.12
    box = grid.box(top=grid.top + (LIP - LIGHT_REACH) * height)
    spacing = (grid.right - grid.left) / LIGHTS
    beside = (box.x - grid.left) % spacing - spacing / 2
    flicker = 1 + 0.03 * math.sin(scene.angle(3.7))
    light = falloff(torch.sqrt(beside**2 + ((box.y - edge) * 1.3) ** 2 + 1e-6), LIGHT_REACH)
    canvas.glow(box, colour_tensor(FOOTLIGHT, scene.device), light * (0.8 * flicker * drawn), burn=0.5)
    wood = colour_tensor(WOOD, scene.device) + scene.palette.glow * (0.10 * falloff(box.y - edge, 0.02))
    canvas.over(box, wood, box.coverage(box.y - edge) * drawn.clamp(max=0.05).mul(20))


def _between(box: Box, depth: Tensor, low: float, high: float) -> Tensor:
    """Coverage of what is so deep inside an edge, in units."""
    return box.coverage(torch.minimum(depth - low, high - depth))
