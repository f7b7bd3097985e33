"""Ways through the land: a winding river and a road, in perspective; and what stands along them."""

from __future__ import annotations

import torch
from torch import Tensor

from installation.models.theatre.land import Ridges
from installation.models.theatre.raster import Box, Raster, ink
from installation.models.theatre.scene import Scene, highest, lowest

POPLARS = 8  # on either side of the road
GRAVEL = "e8d8b8"


def river_bed(box: Box, scene: Scene) -> Tensor:
    """How far within the river a pixel lies, in units, [batch, 1, rows, columns]; it winds from the horizon."""
    near = ((box.y - scene.horizon + 0.09) / 0.34).clamp(0, 1.3)
    root = torch.sqrt(near + 1e-4)
    bend = torch.sin(9.5 * root + 0.8 * scene.z(39)) * (0.035 + 0.19 * near) * (1 - 0.25 * near)
    middle = 0.5 + 0.12 * scene.bounded(34) + bend
    return 0.014 + 0.23 * near**1.3 - (box.x - middle).abs()


def road_bed(box: Box, scene: Scene) -> tuple[Tensor, Tensor]:
    """How far within the road a pixel lies, and how far from its middle; the road runs from the horizon to the foot."""
    near = ((box.y - scene.horizon) / (1 - scene.horizon)).clamp(0, 1.4)
    start = _vanishing(scene)
    middle = start + (0.5 - start) * near + 0.03 * torch.sin(3.14 * near)
    aside = (box.x - middle).abs()
    return 0.008 + 0.30 * near - aside, aside


def _vanishing(scene: Scene) -> Tensor:
    return 0.5 + 0.13 * scene.bounded(34)


def paint_road(canvas: Raster, scene: Scene, land: Ridges, ground: Tensor) -> None:
    """Pale gravel between dark verges, with strokes along the middle that shorten with distance."""
    box = scene.frame.box(top=lowest(scene.horizon) - 0.02, blur=True)
    if box.empty:
        return
    weight = scene.weight("terrain", "road")
    inside, aside = road_bed(box, scene)
    near = ((box.y - scene.horizon) / (1 - scene.horizon)).clamp(0.02, 1.4)
    shown = box.inside(box.y - box.of(land.middle)) * weight
    soft = 0.006 + scene.frame.pixel
    canvas.over(box, scene.palette.near, box.inside(inside + 0.03 * near, soft) * (0.7 * shown))
    gravel = ink(GRAVEL, scene.device) * (scene.brightness * 0.75 + 0.16) * 0.6 + scene.mist * 0.4
    canvas.over(box, gravel * (1 - 0.28 * near), box.inside(inside, soft) * shown)
    dashes = torch.sigmoid((torch.sin(5.5 / (near + 0.12)) - 0.1) * 9)
    stroke = box.inside(0.016 * near - aside) * dashes
    canvas.over(box, scene.palette.glow, stroke * (0.85 * shown))
    _paint_poplars(canvas, scene, ground)


def _paint_poplars(canvas: Raster, scene: Scene, ground: Tensor) -> None:
    """An avenue: trees on both sides, the nearer the larger; the far ones first, pale."""
    weight, start, frame = scene.weight("terrain", "road"), _vanishing(scene), scene.frame
    for number in range(POPLARS):
        near = 0.055 * 1.52**number
        colour = torch.lerp(scene.mist, scene.palette.near, min(0.35 + 0.12 * number, 0.95))
        colour = torch.lerp(colour, ground, 0.25)
        foot = scene.horizon + near * (1 - scene.horizon)
        middle = start + (0.5 - start) * near
        for side in (-1, 1):
            x = middle + side * (0.03 + 0.52 * near)
            high, wide = 0.03 + 0.62 * near, 0.006 + 0.085 * near
            box = frame.box(lowest(foot - high), highest(foot), lowest(x) - wide, highest(x) + wide, blur=True)
            if box.empty:
                continue
            up = (foot - box.y) / high
            crown = 0.82 * wide * torch.sqrt(((up - 0.12) * (1.0 - up) * 4.5).clamp(min=1e-6)) * (1.15 - 0.5 * up)
            ragged = crown * (1 + 0.10 * torch.sin(box.y * (26 / high)))
            body = torch.maximum(ragged, torch.full_like(up, 0.12 * wide)) * (up < 1)
            tree = box.inside(body - (box.x - x).abs()) * box.inside(foot - box.y) * box.inside(high + box.y - foot)
            canvas.over(box, colour, tree * weight)
