"""Places high up that an audience sees: above a sea of clouds, and in a valley between two mountains.

Each is a set as those of `street_sets` are, under the open sky.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from installation.models.theatre.polygon_mask import Outline, oval
from installation.models.theatre.set_painter import FLOOR, WINTER, SetPainter
from installation.models.theatre.sprite_tables import scenery_rng

SEED = 1910
BANKS = (  # of clouds, the farthest first: y of their tops, radius of their billows, colour
    (0.555, 0.030, "a6acba"),
    (0.610, 0.045, "b0b6c3"),
    (0.675, 0.065, "bac0ca"),
    (0.765, 0.095, "c5c9d2"),
    (0.890, 0.130, "cfd2d9"),
)
IN_LIGHT, IN_SHADE = 0.78, 0.52  # daylight on the rims of clouds, and below them
SHEETS = (("62708c", "76839c"), ("7d6a72", "93808a"), ("5f7a7a", "75908c"))  # of the mountains: shaded, lit
SNOW, SNOW_IN_SHADE = "f2f5fa", "b4c2d8"
FOREST, MEADOW, NEAR_MEADOW = "3f5f55", "8fa46a", "6f8c52"


def cloud_sea(at: SetPainter) -> None:
    """Banks of clouds like waves, each lit from above, that are the ground of what stands there."""
    at.cut(at.rectangle(-9, 9, -9, 9))
    random = scenery_rng(SEED, at.variant)
    for top, radius, colour in BANKS:
        step = 0.98 * radius
        billows: list[Outline] = []
        for number in range(-2, round(2.7 / step) + 2):
            x = -0.85 + step * (number + 0.5 * random.random())
            size = radius * (0.8 + 0.5 * random.random())
            swell = 0.35 * radius * math.sin(2.6 * x + 40 * top + at.variant)
            billows.append(oval(x, top + radius - swell, size, 0.72 * size))
        bank = torch.maximum(at.outlines(billows), at.cover(at.y - top - 0.7 * radius).expand_as(at.open))
        lit = 1.08 - 0.9 * (at.y - top).clamp(0, 0.22)
        at.fill(bank, colour, lit, shadow=0.25 * radius)
        rims = [[(x, y + 0.30 * radius) for x, y in billow] for billow in billows]
        inner = torch.maximum(at.outlines(rims), at.cover(at.y - top - 1.25 * radius).expand_as(at.open)) * bank
        at.fill(inner, colour, lit - 0.10)
        at.day = torch.lerp(at.day, IN_LIGHT - (IN_LIGHT - IN_SHADE) * inner, bank)


def valley(at: SetPainter) -> None:
    """A great mountain on either side, with snow on its peak and a wood at its foot, and a meadow between them."""
    at.cut(at.rectangle(-9, 9, -9, FLOOR))
    random = scenery_rng(SEED, 10 + at.variant)
    shaded, lit = SHEETS[at.variant % len(SHEETS)]
    far = 0.61 - 0.03 * torch.sin(at.x * 9 + at.variant) - 0.02 * torch.sin(at.x * 23)
    at.fill(at.cover(at.y - far), lit, 1.25)
    for middle, side in ((-0.02, -1), (1.02, 1)) if at.variant % 2 else ((1.04, 1), (-0.04, -1)):
        _mountain(at, middle + 0.03 * random.random(), 0.14 + 0.06 * random.random(), side, shaded, lit)
    wood = 0.725 - 0.10 * (2 * (at.x - 0.5)).abs().clamp(max=1.6) ** 1.5
    firs = 0.5 - (at.x * 34 + 0.3 * torch.sin(at.x * 17)).frac().abs().sub(0.5).abs()
    at.fill(
        at.cover(at.y - wood - 0.045 * (0.5 - firs) * (1 + 0.4 * torch.sin(at.x * 41))), at.leaf(FOREST), shadow=0.012
    )
    for top, colour in ((0.745, MEADOW), (0.845, NEAR_MEADOW)):
        edge = top + 0.012 * torch.sin(at.x * 5 + 3 * top + at.variant)
        blades = 0.03 * torch.sin(at.x * 190 + 3 * torch.sin(at.y * 60)) * torch.sin(at.y * 330)
        shade = 1.1 - 0.9 * (at.y - edge).clamp(0, 0.3) + blades
        at.fill(at.cover(at.y - edge), at.ground(colour), shade, shadow=0.012)
        if colour == MEADOW:
            _stream(at, edge)
            _firs(at, random)
    _flowers(at, random)
    at.day += 0.45


def _stream(at: SetPainter, top: Tensor) -> None:
    """A stream that comes from between the mountains, wider towards the viewer."""
    down = (at.y - 0.745).clamp(min=0)
    middle = 0.5 + 0.9 * down * torch.sin(at.y * 34 + at.variant) + (0.25 - 0.1 * (at.variant % 3)) * down
    half = 0.006 + 0.28 * down
    bed = torch.minimum(half - (at.x - middle).abs(), at.y - top)
    at.fill(at.cover(bed + 0.008), at.ground("5c7446"))
    ripples = 1 + 0.10 * torch.sin(at.y * 420 + 4 * torch.sin(at.x * 30))
    at.fill(at.cover(bed), at.ground("8fb8cc"), ripples)


def _firs(at: SetPainter, random: np.random.Generator) -> None:
    """Groups of firs at the edge of the meadow, with a lit and a shaded side."""
    for middle in (-0.42, 0.10, 0.86, 1.38):
        for number in range(4):
            x = middle + 0.055 * (number - 1.5) + 0.03 * random.random()
            foot, size = 0.775 + 0.04 * random.random(), 0.10 + 0.06 * random.random()
            for share, width in ((1.0, 0.16), (0.78, 0.22), (0.56, 0.28)):
                tip, hem = foot - size * share, foot - size * (share - 0.46)
                at.fill(at.outlines([[(x, tip), (x + width * size, hem), (x - width * size, hem)]]), at.leaf("2f4f44"))
                at.fill(
                    at.outlines([[(x, tip), (x - 0.1 * width * size, hem), (x - width * size, hem)]]), at.leaf("47705a")
                )


def _flowers(at: SetPainter, random: np.random.Generator) -> None:
    """Flowers in the near meadow, none in winter."""
    if at.season == WINTER:
        return
    for colour in ("f2e6c8", "e0b23c", "b98ad0"):
        places = [(-0.85 + 2.7 * random.random(), 0.87 + 0.12 * random.random()) for _ in range(26)]
        at.fill(
            at.outlines([oval(x, y, 0.004 + 0.03 * (y - 0.85), 0.003 + 0.02 * (y - 0.85)) for x, y in places]), colour
        )


def _mountain(at: SetPainter, x: float, top: float, side: int, shaded: str, lit: str) -> None:
    """A peak at (x, top) with a lit and a shaded side, and snow; `side` is where the edge of the picture is."""
    below = ((at.y - top) / 0.12).clamp(0, 1)
    ragged = (0.012 * torch.sin(at.y * 47 + x) + 0.007 * torch.sin(at.y * 121)) * below
    half = 0.78 * (at.y - top) * (1 + 0.25 * (at.y - top))
    body = torch.minimum(half + ragged - (at.x - x).abs(), at.y - top)
    at.fill(at.cover(body), shaded, 1.05 - 0.4 * (at.y - top).clamp(0, 0.6), shadow=0.02)
    crease = x - side * (0.10 * (at.y - top) + (0.02 * torch.sin(at.y * 31 + x) + 0.01 * torch.sin(at.y * 83)) * below)
    towards = side * (crease - at.x)
    at.fill(at.cover(torch.minimum(body, towards)), lit, 1.1 - 0.5 * (at.y - top).clamp(0, 0.6))
    for part, colour in ((body, SNOW_IN_SHADE), (torch.minimum(body, towards), SNOW)):
        at.fill(at.cover(torch.minimum(part, _snow_line(at, top) - at.y)), colour)


def _snow_line(at: SetPainter, top: float) -> Tensor:
    """The y of the lower edge of the snow, with tongues that reach down."""
    return top + 0.15 + 0.030 * torch.sin(at.x * 43) + 0.022 * torch.sin(at.x * 97 + 2)


HIGH_SETS: dict[str, tuple[str, Callable[[SetPainter], None]]] = {  # name -> colour behind it, what is painted
    "cloud sea": ("d8dfe9", cloud_sea),
    "valley": (MEADOW, valley),
}
