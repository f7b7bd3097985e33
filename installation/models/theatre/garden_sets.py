"""Places behind the house and between houses that an audience sees: a garden, a park, a playground, a farm, a site.

Each is a set as those of `street_sets` are, under the open sky; beyond hedges and fences the land is seen.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from installation.models.theatre.polygon_mask import Outline, oval, stroke
from installation.models.theatre.set_painter import WINTER, SetPainter
from installation.models.theatre.sprite_tables import scenery_rng

SEED = 1340
LAWN = 0.775  # y where the lawn begins
PETALS = ("d8402f", "e88fb0", "f0c040", "f4f0e8", "8a5ab0")


def garden(at: SetPainter) -> None:
    """A garden: a lawn before a hedge or a fence, beds of flowers, fruit trees, the corner of the house, a shed."""
    random = scenery_rng(SEED, at.variant)
    at.cut(at.rectangle(-9, 9, -9, LAWN))
    house_left = at.variant % 2 == 0
    _crowns(at, (0.10, 0.86) if house_left else (0.16, 0.92), 0.42, at.variant)
    if at.variant % 3 == 1:
        _fence(at, 0.60, "e8e2d2")
    else:
        bumps = 0.60 + 0.014 * torch.sin(at.x * 37) + 0.008 * torch.sin(at.x * 91)
        at.fill(
            at.cover(at.y - bumps) * at.rectangle(-9, 9, 0.5, LAWN),
            at.leaf("4a7a46"),
            0.9 + 0.12 * torch.sin(at.x * 150) * torch.sin(at.y * 170),
        )
    _lawn(at)
    left, right = (-0.70, -0.10) if house_left else (1.10, 1.70)
    _house_corner(at, left, right, at.variant)
    for side in (0, 1):
        x = (0.02, 0.66)[side] if house_left else (-0.36, 0.44)[side]
        _bed(at, x, 0.34, LAWN + 0.035, random)
    if at.variant % 3 == 2:
        _shed(at, 1.06 if house_left else -0.30)
    at.day += 0.26
    at.shine(-0.10 if house_left else 1.10, 0.58, 0.75, 1.3)


def park(at: SetPainter) -> None:
    """A park: a lawn with a winding path, great trees, a bench, a lamp, and a pond or a bandstand beyond."""
    at.cut(at.rectangle(-9, 9, -9, LAWN - 0.05))
    _crowns(at, (-0.50, -0.30, 0.02, 0.20, 0.72, 0.90, 1.22, 1.44), 0.50, at.variant, 0.7)
    at.fill(at.rectangle(-9, 9, 0.695, 0.76), at.ground("6f9a58"))
    _lawn(at, 0.725)
    if at.variant % 2 == 0:
        at.fill(at.outlines([oval(0.78, 0.765, 0.30, 0.022)]), "8fc0d0")
        at.fill(at.outlines([oval(0.70, 0.762, 0.12, 0.006), oval(0.90, 0.768, 0.08, 0.005)]), "c8e4ea")
    else:
        _bandstand(at, 0.80)
    middle = 0.30 + 0.5 * ((at.y - 0.73) / 0.27).clamp(0, 1) ** 0.6 * (1 if at.variant % 3 else -0.4)
    half = 0.015 + 0.42 * (at.y - 0.73).clamp(min=0)
    at.fill(
        at.cover(half - (at.x - middle).abs()) * at.rectangle(-9, 9, 0.73, 9),
        at.ground("d8c8a4"),
        1.0 if at.season != WINTER else 0.93,
    )
    for x, tall in ((-0.26, 1.0), (1.26, 0.92)):
        _trunk(at, x, tall, at.variant)
    _bench(at, -0.06 if at.variant % 2 else 1.02)
    _lamp_post(at, 1.06 if at.variant % 2 else -0.06)
    at.day += 0.28


def playground(at: SetPainter) -> None:
    """A playground: a slide, a climbing frame, a sandpit, a fence and trees before houses."""
    at.cut(at.rectangle(-9, 9, -9, LAWN))
    random = scenery_rng(SEED + 1, at.variant)
    for number in range(10):
        x, top = -0.62 + 0.225 * number, 0.22 + 0.16 * random.random()
        at.fill(at.rectangle(x, x + 0.20, top, LAWN), ("d8b48a", "b9a0a8", "c98a6a", "a8b8a4")[number % 4], 0.95)
        panes: list[Outline] = [
            stroke(x + dx, y, x + dx, y + 0.05, 0.034, 0.034)
            for dx in (0.05, 0.10, 0.15)
            for y in (top + 0.04, top + 0.13, top + 0.22)
        ]
        glass = at.outlines(panes)
        at.fill(glass, "6a7a84")
        at.lamp += 0.5 * glass * (number % 3 == 0)
    _crowns(at, (-0.42, 0.16, 0.84, 1.40), 0.50, at.variant, 0.55)
    _fence(at, 0.665, "6f9a8a")
    _lawn(at)
    sand = 1 - (((at.x - 0.5) / 0.80) ** 2 + ((at.y - 0.93) / 0.11) ** 2)
    at.fill(at.cover(sand * 0.06), "e4cc98", 1 + 0.04 * torch.sin(at.x * 120) * torch.sin(at.y * 150))
    x, turn = (1.10, -1) if at.variant % 2 else (-0.10, 1)
    tower = [stroke(x, 0.86, x, 0.40, 0.016, 0.016), stroke(x - 0.15 * turn, 0.86, x - 0.15 * turn, 0.40, 0.016, 0.016)]
    at.fill(at.outlines(tower), "8a5a34", shadow=0.012)
    at.fill(
        at.outlines([[(x - 0.18 * turn, 0.40), (x - 0.075 * turn, 0.27), (x + 0.03 * turn, 0.40)]]),
        "d8402f",
        shadow=0.01,
    )
    at.box(min(x, x - 0.15 * turn), max(x, x - 0.15 * turn), 0.575, 0.595, "b07a44")
    at.fill(
        at.outlines(
            [
                stroke(x, 0.58, x + 0.28 * turn, 0.86, 0.040, 0.040),
                stroke(x + 0.28 * turn, 0.86, x + 0.36 * turn, 0.87, 0.036, 0.030),
            ]
        ),
        "f0c040",
        shadow=0.014,
    )
    rungs: list[Outline] = [
        stroke(x - 0.15 * turn, y, x - 0.20 * turn, y + 0.02, 0.009, 0.009) for y in (0.62, 0.69, 0.76, 0.83)
    ]
    at.fill(at.outlines(rungs), "8a5a34")
    other = -0.20 if at.variant % 2 else 1.20
    arcs: list[Outline] = [
        stroke(other + 0.15 * dx, 0.87, other + 0.09 * dx, 0.60, 0.010, 0.010) for dx in (-1, -0.33, 0.33, 1)
    ]
    arcs += [
        stroke(other - 0.15 + 0.02 * n, 0.87 - 0.09 * n, other + 0.15 - 0.02 * n, 0.87 - 0.09 * n, 0.009, 0.009)
        for n in (1, 2, 3)
    ]
    at.fill(at.outlines(arcs), "2f6fa8", shadow=0.008)
    at.day += 0.26
    at.shine(1.35, 0.3, 0.6, 1.0)


def farmyard(at: SetPainter) -> None:
    """A farmyard: a red barn with an open door and hay, a farmhouse, a fence, fields beyond, trodden ground."""
    at.cut(at.rectangle(-9, 9, -9, 0.76))
    red = ("a8402f", "8a5a3c", "6f7f6a")[at.variant % 3]
    left = -0.46 if at.variant % 2 else 0.82
    middle, right = left + 0.32, left + 0.64
    _fence(at, 0.665, "a88a64")
    at.fill(
        at.cover(at.y - 0.755).expand_as(at.open),
        at.ground("b89a70"),
        1 + 0.05 * torch.sin(at.x * 60) * torch.sin(at.y * 90),
    )
    walls = [
        (left, 0.80),
        (left, 0.40),
        (left + 0.10, 0.24),
        (middle, 0.15),
        (right - 0.10, 0.24),
        (right, 0.40),
        (right, 0.80),
    ]
    at.fill(at.outlines([walls]), red, 1 - 0.10 * (((at.x * 30) % 1) < 0.12).float(), shadow=0.018)
    roof = [
        stroke(left - 0.02, 0.42, left + 0.10, 0.235, 0.03, 0.03),
        stroke(left + 0.09, 0.24, middle, 0.14, 0.03, 0.03),
    ]
    roof += [
        stroke(middle, 0.14, right - 0.09, 0.24, 0.03, 0.03),
        stroke(right - 0.10, 0.235, right + 0.02, 0.42, 0.03, 0.03),
    ]
    at.fill(at.outlines(roof), "4a4448", shadow=0.012)
    at.fill(at.rectangle(middle - 0.14, middle + 0.14, 0.50, 0.80), "2a1c16")
    straw: list[Outline] = [oval(middle - 0.06, 0.77, 0.08, 0.05), oval(middle + 0.06, 0.78, 0.07, 0.035)]
    at.fill(at.outlines(straw), "d8b050")
    at.fill(at.rectangle(middle - 0.045, middle + 0.045, 0.28, 0.37), "3a261c")
    cross = [
        stroke(middle - 0.15, 0.50, middle + 0.15, 0.50, 0.014, 0.014),
        stroke(middle - 0.15, 0.49, middle - 0.15, 0.80, 0.014, 0.014),
    ]
    at.fill(at.outlines([*cross, stroke(middle + 0.15, 0.49, middle + 0.15, 0.80, 0.014, 0.014)]), "f0e8d8")
    other = 1.02 if at.variant % 2 else -0.36
    at.fill(at.rectangle(other, other + 0.34, 0.50, 0.76), "e4d8c0", shadow=0.012)
    at.fill(
        at.outlines([[(other - 0.03, 0.51), (other + 0.06, 0.36), (other + 0.28, 0.36), (other + 0.37, 0.51)]]),
        "8a4a38",
        shadow=0.012,
    )
    panes = at.outlines([stroke(other + dx, 0.57, other + dx, 0.64, 0.055, 0.055) for dx in (0.07, 0.27)])
    at.fill(panes, "c8b07a")
    at.lamp += 1.1 * panes
    at.fill(at.rectangle(other + 0.14, other + 0.20, 0.61, 0.76), "5a3a28")
    at.day += 0.26
    at.shine(middle, 0.62, 0.5, 1.2)


def site(at: SetPainter) -> None:
    """A building site: a shell of concrete with scaffolding, a crane, heaps of sand, bricks, a barrier."""
    at.cut(at.rectangle(-9, 9, -9, 0.78))
    left = 0.62 if at.variant % 2 else -0.34
    at.fill(
        at.cover(at.y - 0.77).expand_as(at.open),
        at.ground("b49a78"),
        1 + 0.06 * torch.sin(at.x * 50) * torch.sin(at.y * 80),
    )
    for floor in range(4):
        y = 0.77 - 0.20 * floor
        at.box(left, left + 0.72, y - 0.215, y - 0.19, at.pick("b8b4ac", "c8b8a0", "a8b0b4"))
        for dx in (0.0, 0.23, 0.46, 0.69):
            at.fill(
                at.rectangle(left + dx, left + dx + 0.03, y - 0.20, y),
                at.pick("a09c94", "b0a088", "90989c"),
                shadow=0.01,
            )
        if floor < 2:
            at.fill(
                at.rectangle(left + 0.03, left + 0.23, y - 0.19, y),
                at.pick("b0644a", "9a8a7a", "c08a5a"),
                1 - 0.12 * (((at.y * 40) % 1) < 0.15).float(),
            )
    poles: list[Outline] = [
        stroke(left + 0.48 + 0.10 * n, 0.80, left + 0.48 + 0.10 * n, 0.02, 0.008, 0.008) for n in range(4)
    ]
    poles += [stroke(left + 0.46, y, left + 0.82, y, 0.010, 0.010) for y in (0.16, 0.36, 0.56)]
    poles += [
        stroke(left + 0.48, 0.56, left + 0.78, 0.36, 0.005, 0.005),
        stroke(left + 0.48, 0.36, left + 0.78, 0.16, 0.005, 0.005),
    ]
    at.fill(at.outlines(poles), "d8a030", shadow=0.006)
    mast = -0.10 if at.variant % 2 else 1.06
    crane: list[Outline] = [
        stroke(mast, 0.80, mast, 0.03, 0.026, 0.022),
        stroke(mast - 0.42, 0.07, mast + 0.24, 0.07, 0.018, 0.018),
    ]
    crane += [stroke(mast, 0.0, mast - 0.36, 0.065, 0.004, 0.004), stroke(mast, 0.0, mast + 0.20, 0.065, 0.004, 0.004)]
    at.fill(
        at.outlines([*crane, stroke(mast - 0.30, 0.07, mast - 0.30, 0.24, 0.004, 0.004)]),
        at.pick("e0b020", "d8502f", "3f7fb0"),
        shadow=0.008,
    )
    at.fill(at.rectangle(mast + 0.15, mast + 0.23, 0.075, 0.125), "8a8a8a")
    heap = 1.28 if at.variant % 2 else -0.22
    at.fill(
        at.outlines([[(heap - 0.26, 0.84), (heap - 0.06, 0.69), (heap + 0.05, 0.68), (heap + 0.26, 0.84)]]),
        "d8b878",
        shadow=0.012,
    )
    for number in range(8):
        x, y = 0.36 + 0.055 * (number % 4), 0.80 - 0.030 * (number // 4)
        at.fill(at.rectangle(x, x + 0.05, y - 0.026, y), "b05a40", shadow=0.004)
    stripes = ((at.x * 14 + at.y * 14) % 1 > 0.5).float()
    rail = at.rectangle(-0.05, 0.22, 0.735, 0.770)
    at.fill(rail, "f4f0e8", shadow=0.008)
    at.fill(rail * stripes, "d8402f")
    at.day += 0.26
    at.shine(left + 0.6, 0.2, 0.6, 1.2)


def _lawn(at: SetPainter, top: float = LAWN) -> None:
    down = (at.y - top).clamp(min=0)
    stripes = torch.sin((at.x - 0.5) / (1 + 2.4 * down) * 22)
    blades = torch.sin(at.x * 240) * torch.sin(at.y * 190)
    shade = 0.92 + 0.05 * stripes + 0.05 * blades + 0.3 * down
    if at.season == WINTER:
        shade = 0.94 + 0.03 * torch.sin(at.x * 7 + 9 * down) + 0.2 * down
    at.fill(at.cover(at.y - top).expand_as(at.open), at.ground("74a050"), shade)


def _crowns(at: SetPainter, places: tuple[float, ...], top: float, seed: int, size: float = 1.0) -> None:
    """Round trees beyond, each crown of blobs in three tones."""
    random = scenery_rng(SEED + 7, seed)
    trunks = [stroke(x, LAWN, x, top, 0.030 * size, 0.018 * size) for x in places]
    at.fill(at.outlines(trunks), "6a4c36")
    tones: list[list[Outline]] = [[], [], []]
    for x in places:
        for number in range(10):
            dx, dy = 0.12 * size * (2 * random.random() - 1), 0.20 * size * (random.random() - 0.35)
            tones[number % 3].append(oval(x + dx, top - 0.05 * size - dy, 0.085 * size, 0.075 * size))
    for tone, colour in zip(tones, ("3f6f42", "4f8248", "649a52"), strict=True):
        at.fill(at.outlines(tone), at.crown(colour), shadow=0.010)


def _trunk(at: SetPainter, x: float, tall: float, seed: int) -> None:
    """A great tree near the viewer, whose crown leaves the picture."""
    at.fill(
        at.outlines([stroke(x, 0.88, x + 0.02, 0.12, 0.085, 0.055), stroke(x, 0.40, x + 0.18, 0.16, 0.03, 0.014)]),
        "5f4634",
        0.9 + 0.15 * torch.sin(at.x * 160),
        shadow=0.02,
    )
    random = scenery_rng(SEED + 9, seed)
    tones: list[list[Outline]] = [[], [], []]
    for number in range(21):
        dx, dy = 0.26 * (2 * random.random() - 1), 0.17 * random.random()
        tones[number % 3].append(oval(x + dx, 0.20 * tall - dy, 0.10, 0.085))
    for tone, colour in zip(tones, ("38653e", "467846", "5a8e4e"), strict=True):
        at.fill(at.outlines(tone), at.leaf(colour), shadow=0.014)


def _fence(at: SetPainter, top: float, colour: str) -> None:
    pickets = (((at.x * 17) % 1) - 0.5).abs()
    tips = top + 0.02 * (pickets * 2)
    at.fill(at.cover(at.y - tips) * (pickets < 0.34).float() * at.rectangle(-9, 9, 0.4, LAWN + 0.012), colour)
    at.fill(
        at.rectangle(-9, 9, top + 0.035, top + 0.048) + at.rectangle(-9, 9, LAWN - 0.035, LAWN - 0.022), colour, 0.88
    )


def _bed(at: SetPainter, left: float, wide: float, foot: float, random: np.random.Generator) -> None:
    """A bed of flowers of all sizes; snow covers it in winter."""
    if at.season == WINTER:
        at.fill(at.outlines([oval(left + wide / 2, foot - 0.004, wide / 2, 0.026)]), "f6fafe", shadow=0.006)
        return
    at.fill(at.outlines([oval(left + wide / 2, foot, wide / 2, 0.020)]), "6a4a34")
    green: list[Outline] = []
    heads: list[list[Outline]] = [[] for _ in PETALS]
    for number in range(26):
        x, tall = left + wide * random.random(), 0.05 + 0.085 * random.random()
        green.append(stroke(x, foot + 0.008, x + 0.01, foot - tall, 0.006, 0.004))
        green.append(oval(x + 0.006, foot - 0.35 * tall, 0.014, 0.008))
        heads[(number // 3) % len(PETALS)].append(oval(x + 0.01, foot - tall, 0.013 + 0.006 * random.random(), 0.013))
    at.fill(at.outlines(green), "3f7a42")
    for petals, colour in zip(heads, PETALS, strict=True):
        at.fill(at.outlines(petals), colour, shadow=0.004)


def _house_corner(at: SetPainter, left: float, right: float, variant: int) -> None:
    """The side of the house with a door to the garden, a window, a climbing plant."""
    wall = ("e8dcc4", "c98a6a", "d8c8d0", "b8c4b4")[variant % 4]
    inner = right if left < 0 else left
    at.fill(at.rectangle(left, right, -0.3, 0.83), wall, shadow=0.02)
    at.fill(at.rectangle(left, right, 0.79, 0.83), "8a8478")
    turn = -1 if left < 0 else 1
    doors = sorted((inner + turn * 0.05, inner + turn * 0.24))
    at.fill(at.rectangle(doors[0] - 0.012, doors[1] + 0.012, 0.36, 0.81), "f4efe4", shadow=0.008)
    glass = at.rectangle(doors[0], doors[1], 0.375, 0.79)
    at.fill(glass, "a89a74")
    at.lamp += 0.9 * glass
    middle = (doors[0] + doors[1]) / 2
    at.fill(
        at.rectangle(middle - 0.008, middle + 0.008, 0.37, 0.80) + at.rectangle(doors[0], doors[1], 0.56, 0.572),
        "f4efe4",
    )
    pane = at.rectangle(doors[0], doors[1], 0.04, 0.22)
    at.fill(at.rectangle(doors[0] - 0.012, doors[1] + 0.012, 0.028, 0.235), "f4efe4", shadow=0.008)
    at.fill(pane, "5f7684")
    leaves = [
        oval(inner + turn * (0.012 + 0.02 * ((n * 7) % 5) / 5), 0.80 - 0.035 * n, 0.026, 0.022) for n in range(22)
    ]
    at.fill(at.outlines(leaves), at.leaf("4a7f46"), shadow=0.006)


def _shed(at: SetPainter, left: float) -> None:
    at.fill(
        at.rectangle(left, left + 0.24, 0.52, 0.81),
        "8a6a4a",
        1 - 0.12 * (((at.x * 26) % 1) < 0.1).float(),
        shadow=0.014,
    )
    at.fill(at.outlines([[(left - 0.03, 0.53), (left + 0.12, 0.42), (left + 0.27, 0.53)]]), "5a4038", shadow=0.01)
    at.fill(at.rectangle(left + 0.08, left + 0.17, 0.60, 0.81), "6f5238")


def _bench(at: SetPainter, x: float) -> None:
    slats = [stroke(x - 0.13, y, x + 0.13, y, 0.016, 0.016) for y in (0.70, 0.725, 0.765)]
    at.fill(at.outlines([stroke(x + dx, 0.69, x + dx, 0.84, 0.012, 0.012) for dx in (-0.10, 0.10)]), "2f3538")
    at.fill(at.outlines(slats), "8a5f3a", shadow=0.01)


def _lamp_post(at: SetPainter, x: float) -> None:
    at.fill(at.outlines([stroke(x, 0.85, x, 0.32, 0.014, 0.010)]), "2a2f33", shadow=0.01)
    at.fill(at.outlines([oval(x, 0.29, 0.030, 0.034)]), "fff0c8")
    at.shine(x, 0.29, 0.60, 1.5)
    at.shine(x, 0.86, 0.5, 0.8, 0.6)


def _bandstand(at: SetPainter, x: float) -> None:
    posts = [stroke(x + dx, 0.77, x + dx, 0.55, 0.010, 0.010) for dx in (-0.13, -0.05, 0.05, 0.13)]
    at.fill(at.outlines(posts), "f0ece0", shadow=0.008)
    at.fill(at.outlines([[(x - 0.18, 0.56), (x, 0.44), (x + 0.18, 0.56)]]), "4f7a80", shadow=0.01)
    at.fill(at.rectangle(x - 0.16, x + 0.16, 0.755, 0.785), "d8d0c0")


GARDEN_SETS: dict[str, tuple[str, Callable[[SetPainter], None]]] = {  # name -> colour behind it, what is painted
    "garden": ("8aa870", garden),
    "park": ("8aa870", park),
    "playground": ("c8c0a0", playground),
    "farmyard": ("b8a070", farmyard),
    "building site": ("b8a888", site),
}
