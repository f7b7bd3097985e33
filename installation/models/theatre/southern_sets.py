"""Places of the south and of the water that visitors name: a canal between palaces, a boulevard of cafés, a patio.

Each is a set as those of `street_sets` are: it stands behind the figures and hides the land.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import torch

from installation.models.theatre.polygon_mask import Outline, oval, stroke
from installation.models.theatre.set_painter import FLOOR, SetPainter
from installation.models.theatre.sprite_tables import scenery_rng

SEED = 1320
PALACES = ("c4705a", "e0b070", "e8d8bc", "d0907a", "b8604c", "d8a488", "e4c48a", "a8786a")
STONE, IRON, GLASS = "f0e6d2", "2f3438", "4a5c68"
BLOOMS = ("d8402f", "e0508a", "f07a5a", "d83a5f", "f4e8e0")
WATERLINE, QUAYSIDE = 0.70, 0.815  # y where houses meet the water; where the paving in front of it begins


def canal(at: SetPainter) -> None:
    """A canal between palaces with pointed windows, which the water mirrors: a bridge, a dome, mooring posts."""
    random = scenery_rng(SEED, at.variant)
    at.cut(at.rectangle(-9, 9, -9, WATERLINE))
    gap = (0.36, 0.50, 0.28, 0.44, 0.56, 0.32)[at.variant % 6]
    _far_bank(at, gap, gap + 0.30, random)
    number = int(random.integers(8))
    for start, way in ((gap, -1), (gap + 0.30, 1)):
        x = start
        while -0.7 < x < 1.7:
            width, top = 0.20 + 0.10 * random.random(), 0.02 + 0.16 * random.random()
            left, right = sorted((x, x + way * width))
            _palace(at, left, right, top, PALACES[number % len(PALACES)], random)
            x += way * (width + 0.003)
            number += 1
    _bridge(at, gap - 0.05, gap + 0.35)
    at.day += 0.26
    for x in (gap - 0.22, gap + 0.52):
        at.shine(x, 0.5, 0.6, 0.9)
    _mirror(at, WATERLINE)
    posts = [(gap - 0.30, 0.80), (gap - 0.24, 0.815), (gap + 0.50, 0.80), (gap + 0.57, 0.82), (gap - 0.62, 0.83)]
    for x, foot in posts:
        _mooring_post(at, x, foot, ("c43a34", "2f5f8f")[at.variant % 2])


def canal_side(at: SetPainter) -> None:
    """The same canal, with a paved bank in front, on which people stand."""
    canal(at)
    _paving(at, QUAYSIDE, "c8bca8")
    at.box(-9, 9, QUAYSIDE - 0.004, QUAYSIDE + 0.016, "ece4d4")
    for x in (-0.30, 1.30):
        at.fill(at.outlines([stroke(x, 0.87, x, 0.42, 0.018, 0.012), oval(x, 0.87, 0.032, 0.012)]), IRON, shadow=0.01)
        for dx in (-0.045, 0.0, 0.045):
            at.fill(at.outlines([oval(x + dx, 0.40 - 0.03 * (dx == 0), 0.020, 0.024)]), "ffe0d0")
        at.shine(x, 0.40, 0.5, 1.4)
        at.shine(x, 0.90, 0.4, 0.8, 0.6)


def boulevard(at: SetPainter) -> None:
    """A boulevard of pale stone houses under zinc roofs, with the awnings, tables and chairs of cafés."""
    random = scenery_rng(SEED + 1, at.variant)
    at.cut(at.rectangle(-9, 9, -9, 0.76))
    gap = (0.62, 0.16, 0.40, 0.70, 0.10, 0.52)[at.variant % 6]
    _iron_tower(at, gap + 0.12, 0.78, 0.66)
    for start, end in ((-0.72, gap), (gap + 0.24, 1.72)):
        x, number = start, int(random.integers(4))
        while x < end - 0.04:
            right = end if end - x < 0.62 else x + 0.36 + 0.10 * random.random()
            _stone_house(at, x, right, ("e8dcc0", "dfd0b4", "eadfca", "d8ccb6")[number % 4], random, number)
            x, number = right, number + 1
    _paving(at, 0.80, "b4b0a8")
    for x in (gap + 0.03, gap + 0.21):
        _clipped_tree(at, x, 0.83, 0.19)
    for x in (-0.32, -0.12, 1.10, 1.30):
        _cafe_table(at, x, 0.90 + 0.02 * (x < 0), ("a8342c", "2f6a4f", "2f4f7a")[at.variant % 3])
    at.day += 0.34
    for x in (-0.1, 0.5, 1.1):
        at.shine(x, 0.66, 0.5, 1.0)
        at.shine(x, 0.90, 0.5, 0.6, 0.6)


def patio(at: SetPainter) -> None:
    """A southern patio: white arches with a dark gallery, pots of geraniums on the walls, tiles, a small fountain."""
    random = scenery_rng(SEED + 2, at.variant)
    trim = at.pick("c8883f", "3f7fa8", "b8604c")
    at.cut(at.rectangle(-9, 9, -9, 0.16))
    at.fill(at.rectangle(-9, 9, 0.12, FLOOR), "dccfb8")
    at.multiply(1 - 0.03 * torch.sin(at.x * 40) * torch.sin(at.y * 33) * at.rectangle(-9, 9, 0.12, FLOOR))
    _roof_tiles(at, 0.085, 0.135)
    at.fill(at.rectangle(-9, 9, FLOOR - 0.05, FLOOR), at.pick("3f8fa8", "d8a83f", "4f8f6a"))
    diamonds = ((at.x * 22) % 1 - 0.5).abs() + ((at.y - FLOOR + 0.05) * 20 - 0.5).abs()
    at.fill(at.rectangle(-9, 9, FLOOR - 0.05, FLOOR) * (diamonds < 0.4).float(), "f4ecdc")
    for x in (-0.50, -0.16, 0.18, 0.52, 0.86, 1.20):
        _arch(at, x, x + 0.28, 0.42, trim)
    at.tiles("d8935f", "b8704a", 0, 0, 0.15, checked=True)
    for column in range(6):
        x = -0.53 + 0.34 * column
        for row in range(3):
            if (row + column + at.variant) % 4:
                _wall_pot(at, x + 0.012 * (row % 2), 0.24 + 0.15 * row, random, trim)
    for x in (-0.34, -0.20, 0.02, 0.96, 1.14, 1.30):
        _floor_pot(at, x, 0.86 + 0.05 * float(random.random()), 0.8 + 0.5 * float(random.random()), random)
    _climber(at, -0.42 if at.variant % 2 else 1.42, random)
    at.day += 0.16 * at.cover((at.x - 0.05) * 0.9 - at.y + 0.35)
    at.day += 0.12
    at.fill(at.outlines([[(0.64, 0.16), (0.68, 0.16), (0.67, 0.24), (0.65, 0.24)]]), "ffe6ae", shadow=0.01)
    at.shine(0.66, 0.22, 0.70, 0.9)
    at.shine(0.5, 0.92, 0.8, 0.5, 0.6)


def _palace(at: SetPainter, left: float, right: float, top: float, wall: str, random: np.random.Generator) -> None:
    """A palace at the water: rows of pointed windows with white frames, a balcony, a door to the water."""
    at.fill(at.rectangle(left, right, top, WATERLINE), wall, 1 - 0.12 * ((at.x - left) / (right - left)).clamp(0, 1))
    at.box(left - 0.005, right + 0.005, top - 0.012, top + 0.012, STONE)
    if random.random() < 0.6:
        x = left + (0.25 + 0.5 * random.random()) * (right - left)
        at.fill(at.outlines([stroke(x, top - 0.01, x, top - 0.06, 0.022, 0.022)]), wall, 0.85)
        at.fill(at.outlines([stroke(x, top - 0.055, x, top - 0.085, 0.024, 0.046)]), wall, 0.92)
    count = max(2, round((right - left) / 0.082))
    pitch, storey = (right - left) / count, 0
    y = top + 0.045
    while y < 0.52:
        lit = random.random()
        for number in range(count):
            _pointed_window(
                at, left + (number + 0.5) * pitch, y, 0.42 * pitch, 0.115, random.random() < 0.2 + 0.4 * lit
            )
        if storey == 0:
            at.box(left + 0.015, right - 0.015, y + 0.118, y + 0.128, STONE)
            balusters = (((at.x * 70) % 1) > 0.45).float()
            at.fill(at.rectangle(left + 0.015, right - 0.015, y + 0.095, y + 0.118) * balusters, STONE)
        y, storey = y + 0.165, storey + 1
    middle = (left + right) / 2
    at.fill(at.rectangle(middle - 0.034, middle + 0.034, 0.595, WATERLINE), STONE)
    at.fill(at.outlines([oval(middle, 0.597, 0.034, 0.034)]), STONE)
    at.fill(at.outlines([oval(middle, 0.602, 0.024, 0.026)]), "4a3428")
    at.fill(at.rectangle(middle - 0.024, middle + 0.024, 0.60, WATERLINE), "4a3428")
    at.fill(at.rectangle(left, right, WATERLINE - 0.030, WATERLINE), "5f6f5a", 0.9)


def _pointed_window(at: SetPainter, x: float, top: float, half: float, tall: float, lit: bool) -> None:
    """A window with a pointed arch in a white frame."""
    for size, colour in ((half, STONE), (0.70 * half, "c8a468" if lit else GLASS)):
        rise = 0.9 * size
        head = [(x - size, top + rise), (x - 0.55 * size, top + 0.35 * rise), (x, top - 0.15 * rise)]
        head += [(x + 0.55 * size, top + 0.35 * rise), (x + size, top + rise)]
        shape = at.outlines([[*head, (x + size, top + tall), (x - size, top + tall)]])
        at.fill(shape, colour, shadow=0.005 if size == half else 0.0)
    if lit:
        at.lamp += 1.1 * shape
    at.fill(at.outlines([stroke(x, top, x, top + tall, 0.005, 0.005)]), STONE, 0.9)


def _far_bank(at: SetPainter, left: float, right: float, random: np.random.Generator) -> None:
    """In the haze at the end of a canal: low houses, a dome and a bell tower."""
    middle = (left + right) / 2
    dome = [
        (middle + 0.085 * math.cos(a), 0.46 + 0.11 * math.sin(a)) for a in (math.pi * (1 + n / 12) for n in range(13))
    ]
    at.fill(at.outlines([dome]), "9fb4b4")
    at.fill(
        at.outlines([stroke(middle, 0.36, middle, 0.31, 0.020, 0.012), oval(middle, 0.305, 0.008, 0.010)]), "b4bfb8"
    )
    at.fill(at.rectangle(middle - 0.095, middle + 0.095, 0.455, WATERLINE), "cfc4b4")
    tower = left + 0.045
    at.fill(at.rectangle(tower - 0.018, tower + 0.018, 0.30, WATERLINE), "c49a84")
    at.fill(at.outlines([[(tower - 0.022, 0.302), (tower, 0.22), (tower + 0.022, 0.302)]]), "8aa49a")
    x = left - 0.02
    while x < right:
        width = 0.05 + 0.03 * random.random()
        at.fill(
            at.rectangle(x, x + width, 0.53 + 0.04 * random.random(), WATERLINE), PALACES[int(random.integers(8))], 1.1
        )
        x += width
    panes: list[Outline] = [
        stroke(left + 0.03 * n, 0.60, left + 0.03 * n, 0.63, 0.011, 0.011)
        for n in range(1, round((right - left) / 0.03))
    ]
    at.fill(at.outlines(panes), "8a8a84")


def _bridge(at: SetPainter, left: float, right: float) -> None:
    """A bridge of white stone in one arch over a canal."""
    middle, half = (left + right) / 2, (right - left) / 2
    ways = [n / 16 for n in range(-16, 17)]
    upper = [(middle + half * w, 0.655 - 0.085 * math.cos(0.5 * math.pi * w)) for w in ways]
    lower = [(middle + 0.74 * half * w, WATERLINE + 0.004 - 0.085 * math.sqrt(max(0.0, 1 - w * w))) for w in ways]
    body = [*upper, (right, WATERLINE + 0.004), *lower[::-1], (left, WATERLINE + 0.004)]
    at.fill(at.outlines([body]), "e0d4be", shadow=0.012)
    rails = [stroke(x, y, x, y - 0.036, 0.007, 0.007) for x, y in upper[::2]]
    top = [(x, y - 0.042) for x, y in upper] + [(x, y - 0.032) for x, y in upper[::-1]]
    at.fill(at.outlines([*rails, top]), STONE, shadow=0.006)


def _mirror(at: SetPainter, line: float) -> None:
    """Lay water below a line, in which what stands above it is seen upside down, broken by ripples."""
    below = at.cover(at.y - line).expand_as(at.open)
    first = round(float((line - at.y[0, 0]) / at.pixel))
    height, width = at.open.shape
    depth = (at.y - line).clamp(min=0)
    ripple = 0.006 * torch.sin(2 * math.pi * 3.2 / (depth + 0.09)) * (0.3 + 3 * depth)
    wave = ripple + 0.003 * torch.sin(at.x * 31 + depth * 150)
    rows = (first - 1 - (1.5 * (depth + wave.abs()) / at.pixel)).round().long().clamp(0, height - 1)
    columns = (torch.arange(width) + (wave * 1.5 / at.pixel).round().long()).clamp(0, width - 1)
    seen, lamp, sky = at.colour[:, rows, columns], at.lamp[rows, columns], at.open[rows, columns]
    water = torch.tensor([0.30, 0.52, 0.52]).view(3, 1, 1) * (0.9 + 0.2 * (wave / 0.008).clamp(-1, 1))
    share = (0.55 - 0.7 * depth).clamp(min=0.2) * (1 - sky)
    at.colour = torch.lerp(at.colour, torch.lerp(water, seen, share), below)
    at.lamp = torch.lerp(at.lamp, 0.5 * lamp, below)
    at.day = torch.lerp(at.day, 0.35 + 0.25 * (wave > 0.003).float(), below)
    at.open = torch.lerp(at.open, 0.45 * sky, below)


def _mooring_post(at: SetPainter, x: float, foot: float, colour: str) -> None:
    """A striped post in the water, with a ball on it."""
    post = at.outlines([stroke(x, foot, x + 0.004, foot - 0.24, 0.016, 0.014)])
    at.fill(post, "f4ece0", shadow=0.008)
    at.fill(post * (((at.y * 22 + at.x * 14) % 1) > 0.5).float(), colour)
    at.fill(at.outlines([oval(x + 0.004, foot - 0.248, 0.011, 0.013)]), "e0b448")
    rings: list[Outline] = [oval(x, foot, 0.034, 0.006), oval(x, foot + 0.012, 0.022, 0.004)]
    at.fill(at.outlines(rings), "a8ccc8", 1.0)


def _paving(at: SetPainter, top: float, colour: str) -> None:
    """Slabs that get larger towards the viewer."""
    down = (at.y - top).clamp(min=0)
    row = 1.6 / (down + 0.12)
    u = (at.x - 0.5) / (0.9 + 2.2 * down) * 9 + 0.5 * (row.floor() % 2)
    joint = ((u % 1) < 0.03).float() + ((row % 1) < 0.07).float()
    tone = 0.03 * torch.sin(u.floor() * 12.9 + row.floor() * 7.7)
    at.fill(at.cover(at.y - top).expand_as(at.open), colour, 1 + tone - 0.12 * joint.clamp(max=1) + 0.12 * down)
    at.day = at.day * (1 - at.cover(at.y - top)) + 0.12 * at.cover(at.y - top)
    at.lamp = at.lamp * (1 - at.cover(at.y - top))


def _iron_tower(at: SetPainter, x: float, foot: float, tall: float) -> None:
    """A tall tower of iron lattice in the haze, above far roofs."""
    at.fill(at.rectangle(x - 0.13, x + 0.13, foot - 0.26, foot), "c8c0b4")
    tones = at.rectangle(x - 0.13, x + 0.13, foot - 0.26, foot) * (((at.x * 34) % 1) > 0.55).float()
    at.fill(tones * (((at.y * 22) % 1) > 0.45).float(), "9aa4a8")
    widths = [(0.0, 0.115), (0.16, 0.075), (0.32, 0.048), (0.55, 0.022), (0.92, 0.006), (1.0, 0.002)]
    legs: list[Outline] = []
    for (low, wide), (high, narrow) in pairwise(widths):
        for side in (-1, 1):
            ax, bx = x + side * wide, x + side * narrow
            ay, by = foot - 0.10 - low * tall, foot - 0.10 - high * tall
            legs.append(stroke(ax, ay, bx, by, 0.018 * (1.1 - low), 0.018 * (1.1 - high)))
            if low < 0.6:
                legs.append(stroke(ax, ay, x - side * narrow, by, 0.005, 0.004))
    for high, half in ((0.16, 0.085), (0.32, 0.056), (0.92, 0.014)):
        y = foot - 0.10 - high * tall
        legs.append([(x - half, y), (x + half, y), (x + half, y + 0.012), (x - half, y + 0.012)])
    at.fill(at.outlines(legs), "8a7f7a")


def _stone_house(
    at: SetPainter, left: float, right: float, wall: str, random: np.random.Generator, number: int
) -> None:
    """A house of pale stone: tall windows with iron balconies, a zinc roof with dormers, a café below."""
    at.fill(at.outlines([[(left, 0.06), (left + 0.02, -0.10), (right - 0.02, -0.10), (right, 0.06)]]), "74848f")
    ribs = 1 - 0.10 * (((at.x * 26) % 1) < 0.12).float() * at.rectangle(left, right, -0.10, 0.06)
    at.multiply(ribs)
    at.fill(at.rectangle(left, right, 0.05, FLOOR), wall, 1 - 0.10 * ((at.x - left) / (right - left)).clamp(0, 1))
    joints = 1 - 0.05 * (((at.y * 28) % 1) < 0.10).float() * at.rectangle(left, right, 0.05, FLOOR)
    at.multiply(joints)
    at.box(left - 0.004, right + 0.004, 0.044, 0.062, STONE)
    count = max(2, round((right - left) / 0.115))
    pitch = (right - left) / count
    for column in range(count):
        x = left + (column + 0.5) * pitch
        at.fill(
            at.outlines([[(x - 0.030, 0.03), (x - 0.030, -0.05), (x, -0.075), (x + 0.030, -0.05), (x + 0.030, 0.03)]]),
            STONE,
        )
        at.fill(at.rectangle(x - 0.018, x + 0.018, -0.045, 0.03), GLASS)
        for top in (0.095, 0.285):
            _tall_window(at, x, top, random.random() < 0.4)
    for y in (0.225, 0.415):
        at.box(left + 0.01, right - 0.01, y + 0.018, y + 0.026, STONE)
        lattice = ((((at.x + at.y) * 60) % 1) < 0.22).float() + ((((at.x - at.y) * 60) % 1) < 0.22).float()
        at.fill(at.rectangle(left + 0.012, right - 0.012, y - 0.018, y + 0.018) * lattice.clamp(max=1), IRON)
        at.fill(at.rectangle(left + 0.012, right - 0.012, y - 0.023, y - 0.016), IRON)
    _cafe_front(at, left, right, ("a8342c", "2f6a4f", "2f4f7a", "c0762f")[(number + at.variant) % 4])


def _tall_window(at: SetPainter, x: float, top: float, lit: bool) -> None:
    at.fill(at.rectangle(x - 0.036, x + 0.036, top - 0.010, top + 0.150), STONE, shadow=0.006)
    glass = at.rectangle(x - 0.026, x + 0.026, top, top + 0.150)
    at.fill(glass, "c0a468" if lit else "566874", 0.94 + 0.12 * (((at.x - at.y) * 7) % 1 > 0.5).float())
    if lit:
        at.lamp += 1.1 * glass
    bars: list[Outline] = [stroke(x, top, x, top + 0.15, 0.006, 0.006)]
    bars += [stroke(x - 0.026, y, x + 0.026, y, 0.005, 0.005) for y in (top + 0.05, top + 0.10)]
    at.fill(at.outlines(bars), STONE)


def _cafe_front(at: SetPainter, left: float, right: float, colour: str) -> None:
    """The wide windows of a café under a sign and an awning with a scalloped hem."""
    at.fill(at.rectangle(left + 0.012, right - 0.012, 0.462, FLOOR), colour, 0.62)
    at.fill(at.rectangle(left + 0.02, right - 0.02, 0.468, 0.515), colour, 0.85)
    middle = (left + right) / 2
    _sign(at, middle, 0.477)
    glass = at.rectangle(left + 0.03, right - 0.03, 0.56, 0.735)
    at.fill(glass, "d0b078", 0.9 + 0.1 * (((at.x - at.y) * 5) % 1 > 0.5).float())
    at.lamp += 0.95 * glass
    bars: list[Outline] = []
    x = left + 0.03
    while x < right - 0.03:
        bars.append(stroke(x, 0.55, x, FLOOR, 0.009, 0.009))
        x += 0.075
    at.fill(at.outlines(bars), colour, 0.55)
    at.fill(at.rectangle(left + 0.03, right - 0.03, 0.735, FLOOR - 0.012), colour, 0.75)
    hem = 0.585 + 0.010 * torch.sin(at.x * 150).abs()
    slope = torch.minimum((at.x - left) * 1.5, (right - at.x) * 1.5) + 0.52
    cloth = torch.minimum(torch.minimum(at.y - 0.515, hem - at.y), (slope - at.y + 0.04).expand_as(at.open))
    awning = at.cover(torch.minimum(cloth, torch.minimum(at.x - left + 0.004, right + 0.004 - at.x)))
    at.fill(awning, colour, shadow=0.024)
    at.fill(awning * (((at.x * 21) % 1) > 0.5).float(), "f4ead4")


def _sign(at: SetPainter, middle: float, top: float) -> None:
    """The word of a café in gilt letters."""
    w, h, gap = 0.018, 0.028, 0.030
    x = middle - 1.5 * gap - w / 2
    lines: list[list[tuple[float, float, float, float]]] = [
        [(w, 0, 0, 0), (0, 0, 0, h), (0, h, w, h)],
        [(0, h, w / 2, 0), (w / 2, 0, w, h), (0.2 * w, 0.65 * h, 0.8 * w, 0.65 * h)],
        [(0, h, 0, 0), (0, 0, w, 0), (0, 0.5 * h, 0.8 * w, 0.5 * h)],
        [
            (w, 0, 0, 0),
            (0, 0, 0, h),
            (0, h, w, h),
            (0, 0.5 * h, 0.8 * w, 0.5 * h),
            (0.3 * w, -0.15 * h, 0.8 * w, -0.35 * h),
        ],
    ]
    strokes: list[Outline] = [
        stroke(x + gap * place + ax, top + ay, x + gap * place + bx, top + by, 0.0045, 0.0045)
        for place, letter in enumerate(lines)
        for ax, ay, bx, by in letter
    ]
    at.fill(at.outlines(strokes), "f4dc9a")


def _clipped_tree(at: SetPainter, x: float, foot: float, tall: float) -> None:
    at.fill(at.outlines([stroke(x, foot, x, foot - tall, 0.014, 0.010)]), "5a4636", shadow=0.01)
    for dx, dy, colour in ((0.0, 0.0, "3f6f42"), (-0.02, -0.035, "4f8248"), (0.022, -0.055, "649a52")):
        at.fill(at.outlines([oval(x + dx, foot - tall + dy, 0.055, 0.05)]), colour, shadow=0.008)


def _cafe_table(at: SetPainter, x: float, foot: float, colour: str) -> None:
    """A small round table on an iron foot with two chairs of wicker, and a cup on it."""
    for side in (-1, 1):
        back = x + side * 0.085
        frame = [stroke(back, foot + 0.01, back + side * 0.012, foot - 0.20, 0.010, 0.010)]
        frame += [stroke(back - side * 0.055, foot + 0.01, back - side * 0.050, foot - 0.085, 0.009, 0.009)]
        at.fill(at.outlines(frame), "8a5a30", shadow=0.008)
        rest = [(back - 0.004, foot - 0.11), (back + side * 0.012, foot - 0.205), (back + side * 0.026, foot - 0.20)]
        at.fill(at.outlines([[*rest, (back + side * 0.010, foot - 0.10)]]), colour)
        at.fill(
            at.outlines(
                [
                    [
                        (back + side * 0.008, foot - 0.095),
                        (back - side * 0.06, foot - 0.095),
                        (back - side * 0.058, foot - 0.078),
                        (back + side * 0.006, foot - 0.078),
                    ]
                ]
            ),
            colour,
            0.9,
        )
    at.fill(
        at.outlines([stroke(x, foot + 0.01, x, foot - 0.13, 0.012, 0.010), oval(x, foot + 0.012, 0.034, 0.008)]),
        IRON,
        shadow=0.008,
    )
    at.fill(at.outlines([oval(x, foot - 0.135, 0.062, 0.013)]), "f0e8d8", shadow=0.008)
    at.fill(
        at.outlines(
            [
                [
                    (x - 0.012, foot - 0.160),
                    (x + 0.014, foot - 0.160),
                    (x + 0.010, foot - 0.138),
                    (x - 0.008, foot - 0.138),
                ]
            ]
        ),
        "ffffff",
    )


def _roof_tiles(at: SetPainter, top: float, bottom: float) -> None:
    """A row of round roof tiles along the top of a wall."""
    hem = bottom + 0.008 * torch.sin(at.x * 160).abs()
    tone = 0.86 + 0.2 * torch.sin(at.x * 160).abs()
    at.fill(at.cover(torch.minimum(at.y - top, hem - at.y)), "c8704a", tone, shadow=0.02)


def _arch(at: SetPainter, left: float, right: float, top: float, trim: str) -> None:
    """A round arch on columns, behind which a gallery lies in the shade."""
    middle, half = (left + right) / 2, (right - left) / 2
    for size, colour in ((half, trim), (half - 0.022, "6f5a4c")):
        at.fill(at.outlines([oval(middle, top + half, size, size)]), colour)
        at.fill(at.rectangle(middle - size, middle + size, top + half, FLOOR), colour)
    inside = at.rectangle(middle - half + 0.022, middle + half - 0.022, top + half, FLOOR)
    at.multiply(1 - 0.25 * inside * ((FLOOR - at.y) / 0.3).clamp(0, 1))
    at.fill(at.rectangle(middle - 0.045, middle + 0.045, 0.60, FLOOR), "3f6a5a" if half > 0.1 else trim, 0.9)
    at.lamp += 0.25 * inside
    for x in (left, right):
        at.fill(at.outlines([stroke(x, FLOOR, x, top + half, 0.034, 0.030)]), STONE, shadow=0.010)
        at.box(x - 0.026, x + 0.026, top + half - 0.014, top + half + 0.006, STONE)


def _wall_pot(at: SetPainter, x: float, y: float, random: np.random.Generator, colour: str) -> None:
    """A flower pot that hangs on a wall."""
    bloom = BLOOMS[int(random.integers(len(BLOOMS)))]
    leaves: list[Outline] = [oval(x + 0.012 * (n - 2), y - 0.012 - 0.010 * (n % 2), 0.014, 0.012) for n in range(5)]
    at.fill(at.outlines([*leaves, oval(x - 0.022, y + 0.02, 0.008, 0.018)]), "4a8a4a", shadow=0.008)
    flowers: list[Outline] = [
        oval(x + 0.013 * (n - 2), y - 0.024 - 0.010 * ((n + 1) % 2), 0.008, 0.008) for n in range(5)
    ]
    at.fill(at.outlines(flowers), bloom)
    at.fill(
        at.outlines([[(x - 0.026, y), (x + 0.026, y), (x + 0.018, y + 0.044), (x - 0.018, y + 0.044)]]),
        colour,
        shadow=0.010,
    )


def _floor_pot(at: SetPainter, x: float, foot: float, size: float, random: np.random.Generator) -> None:
    """A pot of clay on the floor, full of geraniums."""
    bloom, top = BLOOMS[int(random.integers(len(BLOOMS)))], foot - 0.085 * size
    leaves: list[Outline] = [
        oval(
            x + 0.05 * size * (2 * random.random() - 1),
            top - 0.065 * size * random.random(),
            0.026 * size,
            0.020 * size,
        )
        for _ in range(16)
    ]
    at.fill(at.outlines(leaves[:10]), "3f7a44", shadow=0.012)
    at.fill(at.outlines(leaves[10:]), "58984f")
    heads: list[Outline] = [
        oval(
            x + 0.055 * size * (2 * random.random() - 1),
            top - 0.02 - 0.07 * size * random.random(),
            0.013 * size,
            0.012 * size,
        )
        for _ in range(11)
    ]
    at.fill(at.outlines(heads), bloom)
    body = [(x - 0.048 * size, top), (x + 0.048 * size, top), (x + 0.034 * size, foot), (x - 0.034 * size, foot)]
    at.fill(at.outlines([body]), "b8683f", 1.08 - 0.25 * ((at.x - x) / 0.05).clamp(-1, 1), shadow=0.014)
    at.fill(at.rectangle(x - 0.054 * size, x + 0.054 * size, top - 0.006, top + 0.014 * size), "c8784a")


def _climber(at: SetPainter, x: float, random: np.random.Generator) -> None:
    """A bougainvillea that climbs over a corner of the wall."""
    for colour, count in (("3f7a44", 34), ("c83a86", 46), ("e86aa8", 26)):
        spots: list[Outline] = []
        for _ in range(count):
            down = random.random() ** 1.4
            reach = 0.28 * (1 - down) * random.random() + 0.03
            spots.append(oval(x + (0.5 - x) / abs(0.5 - x) * reach, 0.10 + 0.50 * down, 0.018, 0.015))
        at.fill(at.outlines(spots), colour, shadow=0.006)


SOUTHERN_SETS: dict[str, tuple[str, Callable[[SetPainter], None]]] = {  # name -> colour behind it, what is painted
    "canal": ("b8c4c0", canal),
    "canal side": ("b8c4c0", canal_side),
    "boulevard": ("d8ccb4", boulevard),
    "patio": ("f4ecdc", patio),
}
