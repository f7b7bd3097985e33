"""Flowers of a field: poppies and daisies on stems, small and close together far off, gone at night and in snow."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.land import Ridges
from installation.models.theatre.particles import splat, streak, swarm
from installation.models.theatre.raster import Frame, Raster, angle, ink, lasting
from installation.models.theatre.scene import Scene, highest, lowest
from installation.models.theatre.sprite_tables import SCREEN

KINDS = (("e2352c", "f2789a"), ("fff6e0", "f4c33c"))  # the two colours of each kind
POPPIES = 0.55  # the share of the first kind
STEM = 0.5  # how dark a stem is, as against the land
WAKE, OPEN = 0.37, 0.63  # the brightness of the land below which no flower is seen, and above which each is
TOP, DEEP = 0.80, 0.20  # where the meadow begins, and how far it reaches down in the square
CROWD = 1.6  # how much closer together flowers stand far off
LARGEST = 3.3 / SCREEN


class FlowerField(NamedTuple):
    """The flowers that a frame may show, one row each, and their stems."""

    x: Tensor  # [flowers], units
    y: Tensor
    measures: Tensor  # [2, flowers]: radius in units, turn in radians
    kind: Tensor  # [flowers] int64
    stems: Tensor  # [1, 1, height, width], 0..1


def petals(dx: Tensor, dy: Tensor, measures: Tensor, pixel: float) -> Tensor:
    """A blossom of five petals seen from the side above: radius measures[0], turned by measures[1] radians."""
    radius, turn = measures[0], measures[1]
    down = dy / 0.78
    far = torch.sqrt(dx * dx + down * down + 1e-12)
    way = (dx * turn.cos() + down * turn.sin()) / far
    square = way * way
    wave = way * (5 + square * (16 * square - 20))  # the cosine of five times the angle
    return ((radius * (0.80 + 0.20 * wave) - far) / pixel + 0.5).clamp(0, 1) * (1.5 * radius / pixel).clamp(max=1)


@lasting
def meadow(frame: Frame) -> FlowerField:
    """What grows in a field, whoever looks."""
    things = swarm("flowers", frame.device, above=0, below=3)  # a tile's first column is the depth, its second x
    tile_down, tile_across = things.y.floor(), things.x.floor()
    depth, x = things.x - tile_across + tile_down, things.y - tile_down + tile_across
    y = TOP + DEEP * torch.where(depth < 1, depth**CROWD, 1 + CROWD * (depth - 1))
    near = ((y - TOP) / DEEP).clamp(max=1.1)
    radius = (0.55 + 2.1 * near) * (0.85 + 0.3 * things.temper[:, 0]) / SCREEN
    tall = (2.0 + 1.2 * things.temper[:, 1]) * radius
    measures = torch.stack([0 * tall, tall, 0.28 * radius])
    stems = splat(frame, x, y + tall / 2, torch.ones_like(x), measures, (LARGEST / 4, 2 * LARGEST), streak)
    kind = (things.temper[:, 2] >= POPPIES).long()
    seen = (x > frame.left - 0.1) & (x < frame.right + 0.1) & (y < frame.bottom + 0.1)
    blossoms = torch.stack([radius, 6.283 * things.traits[:, 0]])
    return FlowerField(x[seen], y[seen], blossoms[:, seen], kind[seen], stems)


def bloom(scene: Scene) -> Tensor:
    """How much of the flowers is seen: by the light, not in snow nor in winter, less in fog, [batch, 1, 1, 1]."""
    light = ((scene.brightness - WAKE) / (OPEN - WAKE)).clamp(0, 1)
    summer = (1 - scene.weight("weather", "snow")) * (1 - scene.weight("sky", "winter"))
    clear = 1 - 0.45 * scene.weight("weather", "fog")
    return scene.weight("terrain", "field") * light * light * (3 - 2 * light) * summer * clear


def paint_flowers(canvas: Raster, scene: Scene, land: Ridges) -> None:
    """Stems, then each kind of flower, nodding, on the near layer; in drifts of one colour and the other."""
    seen, frame = bloom(scene), scene.frame
    box = frame.box(top=max(lowest(land.near), TOP) - LARGEST)
    if box.empty or highest(seen) <= 0:
        return
    flowers = meadow(frame)
    nod = 0.003 * (torch.sin(angle(0.9, scene.phase) + 9 * flowers.x) - torch.sin(9 * flowers.x))
    light = torch.ones_like(nod)
    blossoms = splat(frame, flowers.x + nod, flowers.y, light, flowers.measures, (LARGEST, LARGEST), petals,
                     flowers.kind, len(KINDS))[:, :, box.rows]  # fmt: skip
    shown = box.inside(box.y - box.of(land.near)) * seen
    canvas.dim(box, 1 - flowers.stems[:, :, box.rows] * (STEM * shown))
    drift = 0.5 + 0.5 * torch.sin(box.x * 11 + 2 * torch.sin(box.y * 31))
    day = (0.24 + 0.84 * scene.brightness).clamp(max=1)
    for kind, (first, second) in enumerate(KINDS):
        colour = torch.lerp(ink(first, scene.device), ink(second, scene.device), drift) * day
        if scene.has("weather", "fog"):
            colour = torch.lerp(colour, scene.mist, 0.35 * scene.weight("weather", "fog"))
        canvas.over(box, colour, blossoms[:, kind : kind + 1] * (0.94 * shown))
