"""Fields, groves and grounds that visitors name: ripe corn, maize, bamboo, an orchard, olive trees, a pitch, a fair.

Each is a set as those of `garden_sets` are, under the open sky; beyond it the far land is seen.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import torch

from installation.models.theatre.polygon_mask import Outline, leaf, oval, stroke
from installation.models.theatre.set_painter import SPRING, WINTER, SetPainter
from installation.models.theatre.sprite_tables import scenery_rng

SEED = 1910
ROWS = 8  # of ears, the one behind first
BULBS = ("ffe08a", "ff9a7a", "a8e0ff", "ffd0f0")
TENTS = ("c8403a", "2f6f9a", "d8902f")


def grain_field(at: SetPainter) -> None:
    """A field of ripe barley or wheat as far as the next rise, row behind row of ears, before a trodden edge."""
    top = 0.575 + 0.018 * torch.sin(at.x * 2.1 + at.variant) + 0.004 * torch.sin(at.x * 11)
    at.cut(at.rectangle(-9, 9, -9, 0.64))
    down = (at.y - top).clamp(min=0)
    grain = 0.92 + 0.06 * torch.sin(at.x / (0.02 + 0.10 * down) + 9 * down) + 0.05 * torch.sin(at.x * 3 - 40 * down)
    at.fill(at.cover(at.y - top), "d9b24c", grain, shadow=0.006)
    for row in range(ROWS):
        share = row / (ROWS - 1)
        _ears(at, 0.600 + 0.150 * share**1.3, 0.022 + 0.022 * share, 0.060 + 0.085 * share, row)
    edge = 0.835 + 0.006 * torch.sin(at.x * 23) + 0.004 * torch.sin(at.x * 61)
    tone = 1 + 0.02 * torch.sin(at.x * 70) * torch.sin(at.y * 90)
    at.fill(at.cover(at.y - edge), at.ground("a8904a"), tone, shadow=0.008)
    side = 1.18 if at.variant % 2 else -0.18
    near = at.cover(0.34 - (at.x - side).abs())
    for row in range(3):
        _ears(at, 0.770 + 0.060 * row, 0.036 + 0.004 * row, 0.20, ROWS + row, near)
    at.day += 0.28


def _ears(
    at: SetPainter, top: float, pitch: float, tall: float, number: int, where: torch.Tensor | float = 1.0
) -> None:
    """A row of ears on stems, `pitch` units apart, all leaning as the wind blows."""
    cell = at.x / pitch + 0.37 * number
    index = cell.floor()
    chance = torch.sin(index * 12.9898 + 7.1 * number) * 0.5
    head = top + 0.30 * pitch * chance + 0.012 * torch.sin(at.x * 3.1 + number)
    below = at.y - head
    lean = 0.18 * (tall - below).clamp(min=0) ** 1.5 / tall**0.5 + 0.10 * pitch * chance
    aside = (cell - index - 0.5) * pitch - lean
    stem = torch.minimum(0.055 * pitch - aside.abs(), torch.minimum(below, tall - below))
    at.fill(at.cover(stem) * where, "b8923a", 0.82)
    ear = 1 - torch.sqrt((aside / (0.20 * pitch)) ** 2 + ((below - 0.34 * pitch) / (0.95 * pitch)) ** 2)
    shade = 0.90 + 0.16 * torch.sin(below / pitch * 9) + 0.14 * chance
    at.fill(at.cover(0.20 * pitch * ear) * where, ("e8c45c", "e0b84c", "efd074")[number % 3], shade)


def maize_field(at: SetPainter) -> None:
    """A field of maize: two rows of tall green stalks with long leaves, cobs and tassels, before bare earth."""
    random = scenery_rng(SEED + 1, at.variant)
    at.cut(at.rectangle(-9, 9, -9, 0.66))
    edge = 0.50 + 0.012 * torch.sin(at.x * 31) + 0.010 * torch.sin(at.x * 83)
    at.fill(at.cover(at.y - edge), at.leaf("3f6f38"), 0.95 + 0.10 * torch.sin(at.x * 190))
    tone = 1 + 0.03 * torch.sin(at.x * 40) * torch.sin(at.y * 120)
    at.fill(at.cover(at.y - 0.80).expand_as(at.open), at.ground("8f6a44"), tone)
    for foot, pitch, tall in ((0.80, 0.085, 0.34), (0.835, 0.13, 0.42)):
        gap = foot > 0.82
        x = -0.66 + pitch * random.random()
        while x < 1.66:
            if not (gap and -0.02 < x < 1.02):
                _maize(at, x, foot, tall * (0.9 + 0.2 * random.random()), random, gap)
            x += pitch * (0.85 + 0.3 * random.random())
    at.day += 0.26


def _maize(at: SetPainter, x: float, foot: float, tall: float, random: np.random.Generator, near: bool) -> None:
    """A stalk of maize."""
    at.fill(at.outlines([stroke(x, foot, x + 0.006, foot - tall, 0.016, 0.008)]), at.leaf("5f8f42"), shadow=0.006)
    blades = []
    for step in range(5):
        side = 1 if (step + int(random.integers(2))) % 2 else -1
        angle = math.pi * (1.5 + side * (0.17 + 0.10 * random.random()))
        blades.append(leaf(x, foot - tall * (0.16 + 0.17 * step), 0.34 * tall, 0.034, angle, 0.6))
    at.fill(at.outlines(blades), at.leaf("6fa04a" if near else "578a40"), shadow=0.006)
    side = 1 if random.random() < 0.5 else -1
    at.fill(at.outlines([oval(x + 0.020 * side, foot - 0.52 * tall, 0.014, 0.036)]), "eec34a", shadow=0.004)
    plume = [stroke(x, foot - tall, x + dx, foot - 1.14 * tall, 0.006, 0.003) for dx in (-0.02, 0.0, 0.02)]
    at.fill(at.outlines(plume), "d8b868")


def vegetable_field(at: SetPainter) -> None:
    """A field of vegetables: furrows of brown earth that meet far away, and in each a row of leafy heads."""
    at.cut(at.rectangle(-9, 9, -9, 0.68))
    top = 0.60 + 0.010 * torch.sin(at.x * 3 + at.variant)
    at.fill(at.cover(at.y - top), at.leaf("6f9a4c"), shadow=0.006)
    down = (at.y - 0.625).clamp(min=0)
    fan = (at.x - 0.5 - 0.06 * (at.variant % 3 - 1)) / (0.05 + 1.5 * down)
    ridge = torch.cos(2 * math.pi * fan * 1.6)
    at.fill(at.cover(at.y - 0.625).expand_as(at.open), at.ground("8a6242"), 0.95 + 0.13 * ridge)
    random = scenery_rng(SEED + 6, at.variant)
    for row in range(9):
        y = 0.640 + 0.165 * (row / 8) ** 1.5
        pitch = (0.05 + 1.5 * (y - 0.625)) / 1.6
        first = 0.5 + 0.06 * (at.variant % 3 - 1)
        _heads(at, [first + pitch * n for n in range(-14, 15)], y, 0.30 * pitch, random)
    at.day += 0.28


def _heads(at: SetPainter, places: list[float], y: float, size: float, random: np.random.Generator) -> None:
    """A row of leafy heads."""
    leaves: list[list[Outline]] = [[], []]
    for x in places:
        if -0.7 < x < 1.7:
            for turn in (-0.9, -0.45, 0.0, 0.45, 0.9):
                angle = 1.5 * math.pi + turn + 0.2 * random.random()
                leaves[0].append(leaf(x, y + 0.3 * size, 1.5 * size, 0.55 * size, angle, 0.3))
            leaves[1].append(oval(x, y - 0.15 * size, 0.55 * size, 0.50 * size))
    at.fill(at.outlines(leaves[0]), at.leaf("4f8a42"), shadow=0.20 * size)
    at.fill(at.outlines(leaves[1]), at.leaf("8ab862"))


def bamboo_grove(at: SetPainter) -> None:
    """A grove of bamboo: pale canes far behind, jointed green ones before them, leaves, a mossy path."""
    random = scenery_rng(SEED + 2, at.variant)
    mist = 1.06 - 0.35 * (at.y - 0.2).clamp(0, 0.6)
    at.fill(at.rectangle(-9, 9, -9, 0.80), "cfe0ac", mist)
    tone = 1 + 0.03 * torch.sin(at.x * 60) * torch.sin(at.y * 100)
    at.fill(at.cover(at.y - 0.765).expand_as(at.open), at.ground("6f8f4a"), tone)
    path = 0.10 + 0.9 * (at.y - 0.765).clamp(min=0) - (at.x - 0.5 - 0.1 * torch.sin(at.y * 9)).abs()
    at.fill(at.cover(path) * at.cover(at.y - 0.765), at.ground("b8a878"), tone)
    for colour, count, width, foot in (("b0cc8a", 40, 0.012, 0.775), ("86b064", 30, 0.020, 0.80)):
        for number in range(count):
            x = -0.64 + 2.28 * (number + 0.8 * random.random()) / count
            _cane(at, x, foot, width, colour, 0.05 * (random.random() - 0.5))
        _sprays(at, 26, colour, random)
    for number in range(14):
        x = -0.60 + 2.2 * (number + 0.7 * random.random()) / 14
        if not 0.12 < x < 0.88:
            _cane(at, x, 0.84, 0.034, ("5f9a48", "6fa552", "548c44")[number % 3], 0.06 * (random.random() - 0.5))
    _sprays(at, 34, "5f9a48", random)
    at.day += 0.30
    at.day += 0.16 * at.cover((at.x - 0.2) * 0.8 - at.y + 0.3)


def _cane(at: SetPainter, x: float, foot: float, width: float, colour: str, lean: float) -> None:
    """A cane with its joints."""
    round_shade = 1.12 - 0.4 * ((at.x - x - lean * (foot - at.y)) / width).clamp(-0.5, 0.5)
    at.fill(
        at.outlines([stroke(x, foot, x + lean, foot - 1.1, width, 0.85 * width)]), colour, round_shade, shadow=0.006
    )
    pitch = 5.5 * width
    joints = [
        stroke(
            x + lean * n * pitch / 1.1 - 0.56 * width,
            foot - n * pitch,
            x + lean * n * pitch / 1.1 + 0.56 * width,
            foot - n * pitch,
            0.16 * width,
            0.16 * width,
        )
        for n in range(1, int(1.05 / pitch))
    ]
    at.fill(at.outlines(joints), colour, 0.72)


def _sprays(at: SetPainter, count: int, colour: str, random: np.random.Generator) -> None:
    """Pointed leaves that hang in bunches in the upper part of the picture."""
    leaves: list[Outline] = []
    for _ in range(count):
        x, y = -0.5 + 2.0 * random.random(), 0.36 * random.random() ** 1.4
        for turn in (-0.30, -0.1, 0.12, 0.32):
            leaves.append(leaf(x, y, 0.075 + 0.03 * random.random(), 0.016, math.pi * (0.5 + turn), 0.2))
    at.fill(at.outlines(leaves), colour, 1.04, shadow=0.006)


def orchard(at: SetPainter) -> None:
    """An orchard: two rows of trees full of fruit on mown grass, a ladder against one, baskets."""
    random = scenery_rng(SEED + 3, at.variant)
    at.cut(at.rectangle(-9, 9, -9, 0.70))
    _grass(at, 0.685, "7aa850")
    fruit = "d8382f", "e8b03a", "c8304a"
    for foot, size, places in (
        (0.735, 0.55, (-0.44, -0.12, 0.20, 0.52, 0.84, 1.16, 1.46)),
        (0.835, 1.0, (-0.22, 1.22)),
    ):
        for x in places:
            _fruit_tree(at, x, foot, size, fruit[at.variant % 3], random)
    x = 1.05 if at.variant % 2 else -0.05
    lean = 0.10 if at.variant % 2 else -0.10
    rails = [stroke(x + dx, 0.87, x + lean + 0.8 * dx, 0.46, 0.010, 0.010) for dx in (-0.035, 0.035)]
    rungs = [
        stroke(x + lean * n / 7 - 0.034, 0.84 - 0.052 * n, x + lean * n / 7 + 0.034, 0.84 - 0.052 * n, 0.008, 0.008)
        for n in range(7)
    ]
    at.fill(at.outlines(rails + rungs), "a87c4a", shadow=0.008)
    for dx in (-0.13, 0.14):
        at.fill(at.outlines([oval(x + dx + 0.012 * n, 0.862, 0.013, 0.013) for n in (-2, 0, 2)]), fruit[at.variant % 3])
        body: Outline = [
            (x + dx - 0.045, 0.866),
            (x + dx + 0.045, 0.866),
            (x + dx + 0.034, 0.91),
            (x + dx - 0.034, 0.91),
        ]
        at.fill(at.outlines([body]), "a8783f", 1 - 0.14 * ((at.y * 60) % 1 < 0.4).float(), shadow=0.008)
    at.day += 0.27


def _fruit_tree(at: SetPainter, x: float, foot: float, size: float, fruit: str, random: np.random.Generator) -> None:
    """A round tree with fruits; in winter and in spring it has none."""
    at.fill(at.outlines([stroke(x, foot, x, foot - 0.30 * size, 0.040 * size, 0.026 * size)]), "6a4c36", shadow=0.008)
    tones: list[list[Outline]] = [[], [], []]
    fruits: list[Outline] = []
    for number in range(15):
        dx, dy = 0.15 * size * (2 * random.random() - 1), 0.28 * size * random.random()
        tones[number % 3].append(oval(x + dx, foot - 0.25 * size - dy, 0.095 * size, 0.085 * size))
        for _ in range(2):
            near = 0.07 * size * (2 * random.random() - 1)
            fruits.append(oval(x + dx + near, foot - 0.25 * size - dy + near, 0.015 * size, 0.016 * size))
    for tone, colour in zip(tones, ("3f7040", "4f8546", "659c50"), strict=True):
        at.fill(at.outlines(tone), at.crown(colour), shadow=0.010)
    if at.season not in (WINTER, SPRING):
        at.fill(at.outlines(fruits), fruit, shadow=0.003)


def olive_grove(at: SetPainter) -> None:
    """A grove of old olive trees: twisted trunks, silver crowns, dry grass and red earth."""
    random = scenery_rng(SEED + 4, at.variant)
    at.cut(at.rectangle(-9, 9, -9, 0.70))
    _grass(at, 0.685, "b8a464")
    for foot, size, places in (
        (0.735, 0.55, (-0.48, -0.14, 0.16, 0.50, 0.82, 1.14, 1.48)),
        (0.835, 1.05, (-0.24, 1.24)),
    ):
        for x in places:
            twist = 0.035 * size * (1 if random.random() < 0.5 else -1)
            trunk = [stroke(x - twist, foot, x + twist, foot - 0.13 * size, 0.075 * size, 0.05 * size)]
            trunk += [
                stroke(x + twist, foot - 0.12 * size, x + dx * size, foot - 0.30 * size, 0.045 * size, 0.02 * size)
                for dx in (-0.10, 0.10)
            ]
            at.fill(at.outlines(trunk), "7a6852", 0.96 + 0.06 * torch.sin(at.x * 190), shadow=0.008)
            tones: list[list[Outline]] = [[], [], []]
            for number in range(18):
                dx, dy = 0.20 * size * (2 * random.random() - 1), 0.20 * size * random.random()
                tones[number % 3].append(oval(x + dx, foot - 0.28 * size - dy, 0.075 * size, 0.055 * size))
            for tone, colour in zip(tones, ("6f8260", "879a76", "a6b692"), strict=True):
                at.fill(at.outlines(tone), colour, shadow=0.008)
    at.day += 0.30


def pitch(at: SetPainter) -> None:
    """A football pitch: mown stripes with white lines, a goal with its net, a small stand, a row of trees."""
    at.cut(at.rectangle(-9, 9, -9, 0.70))
    trees = [oval(-0.6 + 0.11 * n, 0.60 + 0.012 * math.sin(5 * n), 0.075, 0.060) for n in range(22)]
    at.fill(at.outlines(trees), at.leaf("457a46"), 0.95 + 0.08 * torch.sin(at.x * 47), shadow=0.01)
    at.fill(at.rectangle(-9, 9, 0.625, 0.665), "e8e4da", shadow=0.006)
    for n in range(14):
        at.fill(
            at.rectangle(-0.62 + 0.17 * n, -0.47 + 0.17 * n, 0.632, 0.658),
            ("c8403a", "2f6f9a", "e0b23a")[(n + at.variant) % 3],
        )
    down = (at.y - 0.665).clamp(min=0)
    stripes = torch.sin((at.x - 0.5) / (1 + 3.0 * down) * 16 + 1.1 * at.variant).sign()
    at.fill(at.cover(at.y - 0.665).expand_as(at.open), at.ground("5f9f4a"), 0.98 + 0.05 * stripes + 0.2 * down)
    at.fill(at.rectangle(-9, 9, 0.695, 0.703) + at.rectangle(-9, 9, 0.945, 0.962), "f4f6f0")
    left = 0.90 if at.variant % 2 else -0.32
    right, lip, crossbar = left + 0.42, 0.80, 0.52
    depth = 0.05 if at.variant % 2 else -0.05
    net = [stroke(left + 0.03 * n, crossbar, left + 0.03 * n + depth, lip - 0.02, 0.0028, 0.0028) for n in range(15)]
    net += [stroke(left, y, right, y, 0.0028, 0.0028) for y in (0.56, 0.60, 0.64, 0.68, 0.72, 0.76)]
    at.fill(at.outlines(net), "dfe6e4")
    posts = [stroke(x, lip, x, crossbar, 0.013, 0.013) for x in (left, right)]
    posts.append(stroke(left - 0.006, crossbar, right + 0.006, crossbar, 0.013, 0.013))
    at.fill(at.outlines(posts), "ffffff", shadow=0.010)
    at.fill(at.rectangle(left - 0.10, right + 0.10, lip - 0.004, lip + 0.006), "f4f6f0")
    at.day += 0.28
    for x in (-0.2, 1.2):
        at.shine(x, 0.3, 0.7, 0.9)


def fairground(at: SetPainter) -> None:
    """A fairground: a big wheel, a roundabout under its striped roof, booths, strings of coloured lamps."""
    at.cut(at.rectangle(-9, 9, -9, 0.76))
    side = -1 if at.variant % 2 else 1
    _big_wheel(at, 0.5 + 0.50 * side, 0.38, 0.30)
    for number in range(7):
        left = -0.52 + 0.31 * number
        _booth(at, left, left + 0.24, 0.60 + 0.02 * (number % 2), TENTS[(number + at.variant) % 3])
    _roundabout(at, 0.5 - 0.56 * side)
    down = (at.y - 0.775).clamp(min=0)
    at.fill(
        at.cover(at.y - 0.775).expand_as(at.open), at.ground("b09a78"), 1 + 0.01 * torch.sin(at.x * 90) + 0.2 * down
    )
    for start in (-0.5, 0.1, 0.7):
        _lamp_string(at, start, start + 0.62, 0.14 + 0.05 * (start > 0))
    at.day += 0.22
    for x in (-0.1, 0.5, 1.1):
        at.shine(x, 0.62, 0.5, 1.1)
        at.shine(x, 0.90, 0.5, 0.8, 0.6)


def _big_wheel(at: SetPainter, x: float, y: float, radius: float) -> None:
    angles = [2 * math.pi * n / 14 for n in range(14)]
    rim = [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles]
    legs = [stroke(x, y, x + dx, 0.78, 0.018, 0.022) for dx in (-0.15, 0.15)]
    spokes = [stroke(x, y, *end, 0.006, 0.006) for end in rim]
    ring = [stroke(*rim[n - 1], *rim[n], 0.012, 0.012) for n in range(14)]
    at.fill(at.outlines(legs), "e8e4da", shadow=0.010)
    at.fill(at.outlines(spokes + ring), "c8d0d4", shadow=0.006)
    for number, (cx, cy) in enumerate(rim):
        cabin: Outline = [(cx - 0.026, cy), (cx + 0.026, cy), (cx + 0.020, cy + 0.048), (cx - 0.020, cy + 0.048)]
        at.fill(at.outlines([cabin]), (*TENTS, "4f8f5a")[number % 4], shadow=0.006)
        bulb = at.outlines([oval(cx, cy, 0.009, 0.009)])
        at.fill(bulb, BULBS[number % 4], 1.1)
        at.lamp += 1.2 * bulb
    at.fill(at.outlines([oval(x, y, 0.026, 0.026)]), "e0b23a", shadow=0.006)


def _booth(at: SetPainter, left: float, right: float, top: float, colour: str) -> None:
    stripes = (((at.x - left) * 22) % 1 < 0.5).float()
    roof: Outline = [(left + 0.03, top - 0.07), (right - 0.03, top - 0.07), (right + 0.015, top), (left - 0.015, top)]
    at.fill(at.rectangle(left, right, top, 0.785), "f0dcae", shadow=0.010)
    inside = at.rectangle(left + 0.02, right - 0.02, top + 0.01, 0.71)
    at.fill(inside, "ffe6a8", 0.9)
    at.lamp += 0.5 * inside
    prizes = [oval(left + 0.045 + 0.038 * n, top + 0.045, 0.013, 0.015) for n in range(5)]
    at.fill(at.outlines(prizes[::2]), "c86a9a")
    at.fill(at.outlines(prizes[1::2]), "4f8fb8")
    at.fill(at.rectangle(left, right, 0.71, 0.785), colour)
    cover = at.outlines([roof])
    at.fill(cover, "f6f0e2", shadow=0.010)
    at.fill(cover * stripes, colour)


def _roundabout(at: SetPainter, x: float) -> None:
    roof: Outline = [(x, 0.30), (x + 0.24, 0.44), (x + 0.24, 0.475), (x - 0.24, 0.475), (x - 0.24, 0.44)]
    slant = ((at.x - x) / (at.y - 0.26).clamp(min=0.02) * 5) % 1
    at.fill(at.rectangle(x - 0.21, x + 0.21, 0.47, 0.78), "4a3048", 0.9)
    at.fill(at.rectangle(x - 0.05, x + 0.05, 0.47, 0.78), "e0b23a")
    for n in range(5):
        px = x - 0.18 + 0.09 * n
        at.fill(at.outlines([stroke(px, 0.47, px, 0.79, 0.006, 0.006)]), "f0d890")
        y = 0.62 + 0.03 * (n % 2)
        horse = [oval(px, y, 0.036, 0.022), stroke(px + 0.026, y, px + 0.044, y - 0.046, 0.018, 0.014)]
        horse += [oval(px + 0.052, y - 0.050, 0.018, 0.010)]
        horse += [stroke(px + dx, y, px + 1.4 * dx, y + 0.056, 0.010, 0.007) for dx in (-0.024, 0.022)]
        at.fill(at.outlines(horse), ("f4ece0", "d8a07a", "b8c4d8")[n % 3], shadow=0.006)
    cover = at.outlines([roof])
    at.fill(cover, "f6f0e2", shadow=0.012)
    at.fill(cover * (slant < 0.5).float(), TENTS[at.variant % 3])
    at.fill(at.outlines([oval(x, 0.285, 0.014, 0.018)]), "e0b23a")
    at.box(x - 0.25, x + 0.25, 0.78, 0.805, "d8b060")
    bulbs = at.outlines([oval(x - 0.23 + 0.046 * n, 0.475, 0.010, 0.010) for n in range(11)])
    at.fill(bulbs, "ffe6a0", 1.1)
    at.lamp += 1.2 * bulbs


def _lamp_string(at: SetPainter, left: float, right: float, top: float) -> None:
    places = [(left + (right - left) * n / 9, top + 0.09 * math.sin(math.pi * n / 9)) for n in range(10)]
    at.fill(at.outlines([stroke(*places[n], *places[n + 1], 0.004, 0.004) for n in range(9)]), "3a3438")
    for number, (x, y) in enumerate(places):
        bulb = at.outlines([oval(x, y + 0.014, 0.011, 0.014)])
        at.fill(bulb, BULBS[number % 4], 1.1)
        at.lamp += 1.2 * bulb


def _grass(at: SetPainter, top: float, colour: str) -> None:
    down = (at.y - top).clamp(min=0)
    blades = torch.sin(at.x * 240) * torch.sin(at.y * 190)
    at.fill(at.cover(at.y - top).expand_as(at.open), at.ground(colour), 0.96 + 0.03 * blades + 0.25 * down)


FIELD_SETS: dict[str, tuple[str, Callable[[SetPainter], None]]] = {  # name -> colour behind it, what is painted
    "grain field": ("d8b050", grain_field),
    "maize field": ("5f8f42", maize_field),
    "vegetable field": ("8a6242", vegetable_field),
    "bamboo grove": ("86b064", bamboo_grove),
    "orchard": ("7aa850", orchard),
    "olive grove": ("b8a464", olive_grove),
    "pitch": ("5f9f4a", pitch),
    "fairground": ("b09a78", fairground),
}
