"""The river that winds through the meadows, and the road with its avenue of poplars, both in perspective."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext, batch_max, batch_min
from installation.models.theatre.raster import Box, colour_tensor
from installation.models.theatre.scene import Scene
from installation.models.theatre.vocabulary import Z
from installation.models.theatre.water import paint_water_surface

GRAVEL = "e8d8b8"
POPLARS = 8  # on either side of the road
SNOWED = 0.7  # how white a road in the snow is, before an audience
WET_BANK = 0.62  # brightness of the land at the water, before an audience
LEAVES, LEAFY = "4f7a4a", 0.55  # of the poplars before an audience, and how much of that hue they have
FOLD = (1.16, 0.74)  # brightness of their faces towards the light and away from it


def paint_river(context: DrawContext) -> None:
    """Paint the river between darker banks."""
    canvas, scene = context.canvas, context.scene
    box = scene.grid.box(top=batch_min(scene.horizon) - 0.12, soft_edge=True)
    if box.empty:
        return
    depth = _river_depth(box, scene)
    visible = box.coverage(box.y - box.crop(context.ridges.middle)) * scene.weight("terrain", "river")
    banks = box.coverage(depth + 0.004 + 0.018 * _river_nearness(box.y, scene), 0.008) * (0.62 * visible)
    bank = context.colours.middle * WET_BANK if scene.staged else scene.palette.near
    canvas.over(box, bank, banks)
    paint_water_surface(context, box, box.coverage(depth, 0.006 + scene.grid.pixel) * visible)


def _river_nearness(y: Tensor, scene: Scene) -> Tensor:
    """0 at the far end of the river, about 1 at the foot of the picture, as [batch, 1, rows, 1]."""
    return ((y - scene.horizon + 0.09) / 0.34).clamp(0, 1.3)


def river_course(scene: Scene, y: Tensor) -> tuple[Tensor, Tensor]:
    """The x of the middle of the river at some y, and half its width, in units, as [batch, 1, rows, 1]."""
    near = _river_nearness(y, scene)
    root = torch.sqrt(near + 1e-4)
    bend = torch.sin(9.5 * root + 0.8 * scene.z(Z.WAVES)) * (0.035 + 0.19 * near) * (1 - 0.25 * near)
    return 0.5 + 0.12 * scene.bounded(Z.FEATURE_X) + bend, 0.014 + 0.23 * near**1.3


def _river_depth(box: Box, scene: Scene) -> Tensor:
    """Horizontal distance to the nearer bank, positive on the river, in units, [batch, 1, rows, columns]."""
    middle, half = river_course(scene, box.y)
    return half - (box.x - middle).abs()


def _vanishing_x(scene: Scene) -> Tensor:
    """The x of the point on the horizon where the road begins, [batch, 1, 1, 1]."""
    return 0.5 + 0.13 * scene.bounded(Z.FEATURE_X)


def paint_road(context: DrawContext) -> None:
    """Paint pale gravel between dark verges, dashes along the middle, and poplars on both sides."""
    canvas, scene = context.canvas, context.scene
    box = scene.grid.box(top=batch_min(scene.horizon) - 0.02, soft_edge=True)
    if box.empty:
        return
    weight = scene.weight("terrain", "road")
    depth, from_middle = _road_depth(box, scene)
    near = ((box.y - scene.horizon) / (1 - scene.horizon)).clamp(0.02, 1.4)
    visible = box.coverage(box.y - box.crop(context.ridges.middle)) * weight
    softness = 0.006 + scene.grid.pixel
    canvas.over(box, scene.palette.near, box.coverage(depth + 0.03 * near, softness) * (0.7 * visible))
    light = scene.brightness * 0.75 + 0.16
    gravel = colour_tensor(GRAVEL, scene.device) * light * 0.6 + scene.mist * 0.4
    if scene.staged and scene.has("weather", "snow"):
        gravel = torch.lerp(gravel, context.colours.near, SNOWED * scene.weight("weather", "snow"))
    canvas.over(box, gravel * (1 - 0.28 * near), box.coverage(depth, softness) * visible)
    dashes = torch.sigmoid((torch.sin(5.5 / (near + 0.12)) - 0.1) * 9)
    line = box.coverage(0.016 * near - from_middle) * dashes
    canvas.over(box, scene.palette.glow, line * (0.85 * visible))
    for tree in _poplars(context):
        _paint_poplar(context, tree, scene.weight("terrain", "road"))


def _road_depth(box: Box, scene: Scene) -> tuple[Tensor, Tensor]:
    """Horizontal distance to the nearer verge, positive on the road, and to the middle of the road, in units."""
    near = ((box.y - scene.horizon) / (1 - scene.horizon)).clamp(0, 1.4)
    start = _vanishing_x(scene)
    middle = start + (0.5 - start) * near + 0.03 * torch.sin(3.14 * near)
    from_middle = (box.x - middle).abs()
    return 0.008 + 0.30 * near - from_middle, from_middle


class Poplar(NamedTuple):
    """One tree of the avenue, in units."""

    x: Tensor  # [batch, 1, 1, 1]
    foot: Tensor  # [batch, 1, 1, 1]
    height: float
    half_width: float
    colour: Tensor  # [batch, 3, 1, 1]


def _poplars(context: DrawContext) -> Iterator[Poplar]:
    """The avenue from the horizon to the viewer; distant trees are small and pale."""
    scene = context.scene
    start = _vanishing_x(scene)
    for number in range(POPLARS):
        near = 0.055 * 1.52**number
        colour = torch.lerp(scene.mist, scene.palette.near, min(0.35 + 0.12 * number, 0.95))
        colour = torch.lerp(colour, context.colours.middle, 0.25)
        if scene.staged:
            leaves = colour_tensor(LEAVES, scene.device) * (0.25 + 0.75 * scene.brightness)
            colour = torch.lerp(colour, leaves, LEAFY * (1 - scene.weight("weather", "snow")))
        foot = scene.horizon + near * (1 - scene.horizon)
        middle = start + (0.5 - start) * near
        for side in (-1, 1):
            x = middle + side * (0.03 + 0.52 * near)
            yield Poplar(x, foot, 0.03 + 0.62 * near, 0.006 + 0.085 * near, colour)


def _paint_poplar(context: DrawContext, tree: Poplar, weight: Tensor) -> None:
    """A slender ragged crown on a trunk."""
    box = context.scene.grid.box(
        top=batch_min(tree.foot - tree.height),
        bottom=batch_max(tree.foot),
        left=batch_min(tree.x) - tree.half_width,
        right=batch_max(tree.x) + tree.half_width,
        soft_edge=True,
    )
    if box.empty:
        return
    up = (tree.foot - box.y) / tree.height
    crown = 0.82 * tree.half_width * torch.sqrt(((up - 0.12) * (1.0 - up) * 4.5).clamp(min=1e-6))
    crown = crown * (1.15 - 0.5 * up) * (1 + 0.10 * torch.sin(box.y * (26 / tree.height)))
    outline = torch.maximum(crown, torch.full_like(up, 0.12 * tree.half_width)) * (up < 1)
    cover = box.coverage(outline - (box.x - tree.x).abs()) * box.coverage(tree.foot - box.y)
    cover = cover * box.coverage(tree.height + box.y - tree.foot)
    colour = tree.colour
    if context.scene.staged:
        lit = box.coverage((box.x - tree.x) * torch.sign(context.scene.celestial_disc.x - tree.x))
        colour = colour * (FOLD[1] + (FOLD[0] - FOLD[1]) * lit)
    context.canvas.over(box, colour, cover * weight)
