"""Where figures stand on the nearest land before an audience: level ground, trodden grass, a pool of light, sods.

The land does not know who stands on it. Once the figures are cast, it is levelled below each of them, so that no wheel
hangs and no wall is buried, and all that is painted on it follows the levelled edge.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.crowds import Frame
from installation.models.theatre.draw_context import Ridges
from installation.models.theatre.raster import Box, Raster
from installation.models.theatre.scene import Scene
from installation.models.theatre.turf import turf

SKIRT, SKIRT_SHARE = 0.05, 0.7  # how wide the slope is beside level ground: in units, and in half widths more
FOOTPRINT = 0.96  # half the level ground, in half widths of the figure
LEVEL = 0.9  # how level it is: a straight edge would look cut
SINK, SINK_SHARE = 0.004, 0.010  # how far the edge of the land is above the feet: in units, and in sides more
REACH, BEYOND = 0.045, 0.04  # distance of feet from the land up to which they stand on it; from which on they do not
LOWER = 0.015  # how much lower than the lowest of its edge the land may get, in units
SMALL, TRODDEN = 0.16, 0.75  # height below which grass is shorter in front of a figure, in units; how much at most
POOL_HALF, POOL_BESIDE = 0.10, 1.5  # half the width of the light on the ground: in units, and in half widths more
SOD, SOD_FINER = 0.020, 1.7  # of grass in front of feet: height of the tallest blade, in units; how much narrower it is
SOD_BARE = 0.22  # of its height, on bare ground


class Standing(NamedTuple):
    """Figures that stand on the land, from any one on, each [1, figures, 1, 1].

    Attributes:
        x: Of their middle.
        half: Half their width, in units.
        height: In units.
        surface: y of their feet.
        side: Of their square.
        present: How far they are on stage, 0..1.
    """

    x: Tensor
    half: Tensor
    height: Tensor
    surface: Tensor
    side: Tensor
    present: Tensor


def level_ground(scene: Scene, ridges: Ridges, standing: Standing) -> None:
    """Level the nearest land below figures, tread its grass down before small ones, and light it around all."""
    raw = ridges.near
    edge = standing.surface - SINK - SINK_SHARE * standing.side
    columns = scene.grid.column(standing.x).round().long().clamp(0, scene.grid.width - 1)
    away = (edge - raw.expand(-1, columns.shape[1], -1, -1).gather(3, columns)).abs()
    here = standing.present * (1 - (away - REACH) / BEYOND).clamp(0, 1)
    beside = (scene.grid.x - standing.x).abs()
    level = ((beside - FOOTPRINT * standing.half) / (SKIRT + SKIRT_SHARE * standing.half)).clamp(0, 1)
    share = here * (1 - level * level * (3 - 2 * level))  # [1, figures, 1, width]
    weights = (share * share).square_()
    levelled = (weights * edge).sum(1, keepdim=True) / weights.sum(1, keepdim=True).clamp(min=1e-9)
    most = share.amax(1, keepdim=True)
    near = torch.minimum(torch.lerp(raw, levelled, LEVEL * most), raw.amax() + LOWER)
    small = share * (1 - standing.height / SMALL).clamp(0, TRODDEN)
    pool = here / (1 + (beside / (POOL_HALF + POOL_BESIDE * standing.half)) ** 4)
    ridges.level(near, small.amax(1, keepdim=True), pool.amax(1, keepdim=True))


def floor_below(ridges: Ridges, box: Box, surface: Tensor, before: bool) -> Tensor:
    """The y of the ground at each column of a box, [1, 1, 1, columns], below who stands on its edge, or before it."""
    return surface if before else torch.minimum(surface, box.crop(ridges.near))


def sod_cover(scene: Scene, box: Box, frame: Frame, surface: Tensor, grassy: float) -> Tensor:
    """Blades of grass, or grains, that rise before the feet of a figure on the open land, [1, 1, rows, columns]."""
    height = SOD * (SOD_BARE + (1 - SOD_BARE) * grassy)
    rise = SINK + 0.5 * SINK_SHARE * frame.side + height * turf(SOD_FINER * box.x + frame.x)
    return ((box.y - surface + rise) / scene.grid.pixel + 0.5).clamp(0, 1)


def put_sod(canvas: Raster, box: Box, before: Tensor, cover: Tensor) -> None:
    """Put the ground as it was before a figure was painted on it back where a sod covers its feet."""
    canvas.pixels[:, :, box.rows, box.columns].lerp_(before, cover)
