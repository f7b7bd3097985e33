"""Worlds without air that an audience sees: the dust of the moon under the Earth, and that of Mars.

Each is a set as those of `street_sets` are, under the open sky, of which stars are seen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from installation.models.theatre.polygon_mask import Outline, oval
from installation.models.theatre.set_painter import SetPainter
from installation.models.theatre.sprite_tables import scenery_rng

SEED = 1730
HORIZON = 0.66  # y of the plain
FLATTENED = 0.26  # how high a crater seems, in widths
NEAREST = 0.90  # y of the middle of the lowest craters


class World(NamedTuple):
    """The colours of a world, hexadecimal RGB.

    Attributes:
        layers: Of mountains and plain, the farthest first.
        lit: Of the rims of craters that face the light.
        shaded: Of their insides.
    """

    layers: tuple[str, str, str, str]
    lit: str
    shaded: str


MOON = World(("565c6a", "767c88", "989da6", "b9bcc2"), "e4e6ea", "5d626d")
MARS = World(("7a3f2c", "9c5236", "b9673f", "cd7f50"), "efb184", "713a28")


def moonscape(at: SetPainter) -> None:
    """A plain of grey dust with craters, the rims of great ones beyond it, and the Earth in the sky."""
    at.cut(at.rectangle(-9, 9, -9, HORIZON + 0.05))
    _earth(at, at.variant)
    _land(at, MOON)


def marsscape(at: SetPainter) -> None:
    """A plain of red dust with craters and stones, and table mountains beyond it."""
    at.cut(at.rectangle(-9, 9, -9, HORIZON + 0.05))
    _land(at, MARS)


def _land(at: SetPainter, world: World) -> None:
    """Mountains in two layers, the plain and the foreground, each with its craters, lit from the left."""
    random = scenery_rng(SEED, at.variant)
    phase = 1.7 * at.variant
    for number, (colour, top, rise) in enumerate(zip(world.layers[:2], (0.565, 0.615), (0.050, 0.030), strict=True)):
        ridge = top - rise * _mountains(at.x, phase + 2.3 * number)
        at.fill(at.cover(at.y - ridge), colour, 1.12 - 0.9 * (at.y - ridge).clamp(0, 0.25), shadow=0.010)
    plain = HORIZON + 0.006 * torch.sin(at.x * 7 + phase)
    at.fill(at.cover(at.y - plain), world.layers[2], _dust(at, plain), shadow=0.012)
    for row, (y, width) in enumerate(((0.700, 0.075), (0.735, 0.12), (0.785, 0.19))):
        for place in range(5 - row):
            x = -0.75 + (place + 0.2 + 0.6 * random.random()) * 2.5 / (5 - row)
            _crater(at, world, x, y + 0.012 * random.random(), width * (0.7 + 0.6 * random.random()))
    front = 0.845 + 0.010 * torch.sin(at.x * 5 + 2 * phase)
    at.fill(at.cover(at.y - front), world.layers[3], _dust(at, front), shadow=0.016)
    for x in (-0.42 + 0.2 * random.random(), 1.18 + 0.2 * random.random()):
        _crater(at, world, x, NEAREST + 0.02 * random.random(), 0.30)
    _stones(at, world, random)
    at.day += 0.42
    at.lamp += 0.40


def _mountains(x: Tensor, phase: float) -> Tensor:
    """The outline of worn mountains, about -1 to 1."""
    return 0.6 * torch.sin(x * 4.1 + phase) + 0.3 * torch.sin(x * 9.7 + 2 * phase) + 0.18 * torch.sin(x * 23 + phase)


def _dust(at: SetPainter, top: Tensor) -> Tensor:
    """The brightness of dust below its upper edge."""
    grain = torch.sin(at.x * 210 + 3 * torch.sin(at.y * 90)) * torch.sin(at.y * 260)
    return 1.10 - 0.8 * (at.y - top).clamp(0, 0.3) + 0.025 * grain


def _crater(at: SetPainter, world: World, x: float, y: float, width: float) -> None:
    """A hollow with a raised rim: its near side in the light, its far side in the shade."""
    half, high = width / 2, FLATTENED * width / 2
    at.fill(at.outlines([oval(x, y, 1.18 * half, 1.25 * high)]), world.lit, 0.92, shadow=0.006)
    at.fill(at.outlines([oval(x - 0.02 * width, y + 0.10 * high, half, high)]), world.shaded)
    floor = oval(x + 0.06 * width, y + 0.38 * high, 0.78 * half, 0.58 * high)
    at.fill(at.outlines([floor]), world.layers[2], 0.92)


def _stones(at: SetPainter, world: World, random: np.random.Generator) -> None:
    """Stones with a lit and a shaded side, and the long shadows that they throw to the right."""
    stones: list[tuple[float, float, float]] = [
        (-0.70 + 2.4 * random.random(), 0.75 + 0.22 * random.random(), 0.008 + 0.014 * random.random())
        for _ in range(16)
    ]
    shadows: list[Outline] = [oval(x + 1.9 * size, y + 0.1 * size, 2.2 * size, 0.32 * size) for x, y, size in stones]
    at.fill(at.outlines(shadows), world.shaded, 0.9)
    at.fill(at.outlines([_stone(x, y, size) for x, y, size in stones]), world.layers[1])
    at.fill(at.outlines([_stone(x, y, size)[:4] for x, y, size in stones]), world.lit)


def _stone(x: float, y: float, size: float) -> Outline:
    """Six corners of a stone that lies at (x, y); the first four are its lit side."""
    return [
        *((x - size, y), (x - 0.8 * size, y - 0.7 * size), (x - 0.1 * size, y - 1.1 * size), (x + 0.1 * size, y)),
        *((x + size, y), (x + 0.7 * size, y - 0.8 * size)),
    ]


def _earth(at: SetPainter, variant: int) -> None:
    """The Earth with land and clouds, a part of it in the shade."""
    x, y, radius = (0.10, 0.92, 0.22)[variant % 3], 0.17, 0.085
    away = torch.sqrt((at.x - x) ** 2 + (at.y - y) ** 2)
    disc = at.cover(radius - away)
    at.fill(disc, "2f68ac")
    lands: list[Outline] = [
        [(x + radius * dx, y + radius * dy) for dx, dy in land]
        for land in (
            ((-0.62, -0.55), (-0.15, -0.72), (0.02, -0.40), (-0.22, -0.10), (-0.34, 0.16), (-0.58, -0.12)),
            ((-0.20, 0.18), (0.10, 0.22), (0.06, 0.52), (-0.12, 0.80), (-0.26, 0.46)),
            ((0.34, -0.62), (0.72, -0.30), (0.80, 0.10), (0.52, 0.34), (0.30, 0.02)),
        )
    ]
    at.fill(at.outlines(lands) * disc, "5f9654")
    clouds = [oval(x + radius * dx, y + radius * dy, radius * 0.34, radius * 0.07) for dx, dy in _CLOUDS]
    at.fill(at.outlines(clouds) * disc, "e4ebf2")
    shade = at.cover(torch.sqrt((at.x - x + 0.55 * radius) ** 2 + (at.y - y + 0.15 * radius) ** 2) - 1.15 * radius)
    at.fill(shade * disc, "1a2c4c", 0.8)
    at.lamp += 0.25 * disc


_CLOUDS = ((-0.30, -0.28), (0.28, -0.46), (0.12, 0.10), (-0.46, 0.40), (0.40, 0.56))

SPACE_SETS: dict[str, tuple[str, Callable[[SetPainter], None]]] = {  # name -> colour behind it, what is painted
    "moonscape": ("989da6", moonscape),
    "marsscape": ("b9673f", marsscape),
}
