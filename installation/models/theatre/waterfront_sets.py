"""Places at the water: a harbour and its quay, a canal between gabled houses, open or frozen, a seafront.

Each is a set as those of `street_sets` are: it stands behind the figures and hides the land.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from installation.models.theatre.polygon_mask import Outline, oval, stroke
from installation.models.theatre.set_painter import SetPainter
from installation.models.theatre.sprite_tables import scenery_rng

SEED = 1930
BRICKS = ("8a4a38", "b4644a", "5f4a48", "a87850", "6f5a52", "c08a6a")
PLASTERS = ("e8c878", "d88a6a", "a8c4c8", "e8dcc4", "c86a5a", "8fb0a0")
HULLS = ("b83a34", "2f5f8a", "f0ece0", "3f7a5a", "e0a83a")
LIT, PANE = "f2c874", "5a6e7c"
WATERLINE, QUAYSIDE = 0.70, 0.800  # y where houses meet the water; where the ground in front of it begins


def harbour(at: SetPainter) -> None:
    """A harbour: painted houses and a warehouse on the far quay, moored boats with masts, calm water to the front."""
    random = scenery_rng(SEED, at.variant)
    at.cut(at.rectangle(-9, 9, -9, 0.62))
    x, number = -0.70, at.variant
    while x < 1.7:
        width = 0.13 + 0.07 * random.random()
        _harbour_house(at, x, x + width, 0.30 + 0.10 * random.random(), PLASTERS[number % len(PLASTERS)], random)
        x, number = x + width + 0.002, number + 1
    at.fill(at.rectangle(-9, 9, 0.605, 0.665), "8a8478", 0.95 - 0.12 * ((at.x * 14) % 1 < 0.06).float())
    at.box(-9, 9, 0.600, 0.615, "b4ac9c")
    _water(at, 0.660, "4f8490")
    for place in range(5):
        left = -0.52 + 0.42 * place + 0.08 * random.random()
        _moored_boat(at, left, 0.705 + 0.012 * (place % 2), HULLS[(place + at.variant) % len(HULLS)], place % 2 == 0)
    at.day += 0.28
    at.shine(0.2, 0.6, 0.7, 0.9)


def quay(at: SetPainter) -> None:
    """The same harbour from its near quay: stone slabs, an iron bollard with a rope, crates and a net."""
    harbour(at)
    _slabs(at, QUAYSIDE, "a8a294")
    at.box(-9, 9, QUAYSIDE - 0.004, QUAYSIDE + 0.018, "c8c0b0")
    for x in (-0.24, 1.22):
        body: Outline = [(x - 0.030, 0.86), (x - 0.020, 0.80), (x + 0.020, 0.80), (x + 0.030, 0.86)]
        rope = [oval(x, 0.832 + 0.008 * n, 0.030, 0.006) for n in range(3)]
        at.fill(at.outlines([body, oval(x, 0.797, 0.034, 0.014)]), "2f3438", shadow=0.010)
        at.fill(at.outlines([*rope, stroke(x, 0.84, x - 0.14, 0.785, 0.008, 0.008)]), "c8a468", shadow=0.004)
    side = 1.06 if at.variant % 2 else -0.06
    for left, foot, size in ((side - 0.08, 0.855, 0.085), (side + 0.01, 0.865, 0.095), (side - 0.045, 0.77, 0.08)):
        at.box(left, left + size, foot - 0.9 * size, foot, "a87c4a")
        for n in (1, 2):
            at.multiply(
                1 - 0.25 * at.rectangle(left, left + size, foot - 0.3 * n * size, foot - 0.3 * n * size + 0.006)
            )


def gabled_canal(at: SetPainter) -> None:
    """A canal before brick houses with stepped gables and white window frames, which the water mirrors; bare bridge."""
    _gabled_row(at)
    _water(at, WATERLINE, "3f6a70", mirror=True)
    at.day += 0.26


def gabled_canal_side(at: SetPainter) -> None:
    """The same canal from its near bank: bricks underfoot, a lamp, a bicycle rack of iron."""
    gabled_canal(at)
    _slabs(at, QUAYSIDE, "9a7060")
    at.box(-9, 9, QUAYSIDE - 0.004, QUAYSIDE + 0.014, "c8beb0")
    for x in (-0.28, 1.28):
        at.fill(
            at.outlines([stroke(x, 0.86, x, 0.40, 0.014, 0.010), oval(x, 0.86, 0.026, 0.010)]), "2f3a34", shadow=0.01
        )
        lamp: Outline = [(x - 0.026, 0.35), (x + 0.026, 0.35), (x + 0.018, 0.41), (x - 0.018, 0.41)]
        at.fill(at.outlines([lamp]), "ffe8b8", 1.1)
        at.shine(x, 0.38, 0.5, 1.3)
        at.shine(x, 0.90, 0.4, 0.8, 0.6)


def frozen_canal(at: SetPainter) -> None:
    """The same canal under ice, scratched by skates, between snowy banks."""
    _gabled_row(at)
    down = (at.y - WATERLINE).clamp(min=0)
    sheen = 1 + 0.05 * torch.sin((at.x - 0.5) / (0.25 + down) * 7 + 3 * torch.sin(at.y * 21)) - 0.10 * down
    at.fill(at.cover(at.y - WATERLINE).expand_as(at.open), "b4d2e4", sheen)
    random = scenery_rng(SEED + 3, at.variant)
    scratches: list[Outline] = []
    for _ in range(30):
        x, y = -0.5 + 2.0 * random.random(), 0.73 + 0.26 * random.random()
        length, bend = (0.08 + 0.16 * random.random()) * (0.5 + 2 * (y - 0.7)), 0.012 * (random.random() - 0.5)
        scratches += [
            stroke(x, y, x + 0.5 * length, y + bend, 0.0035, 0.0035),
            stroke(x + 0.5 * length, y + bend, x + length, y, 0.0035, 0.0028),
        ]
    at.fill(at.outlines(scratches), "f0f8fc")
    bank = 0.024 + 0.006 * torch.sin(at.x * 19) + 0.004 * torch.sin(at.x * 47)
    at.fill(at.cover(0.5 * bank - (at.y - WATERLINE).abs()), "f4f9fd", shadow=0.008)
    at.day += 0.30


def _gabled_row(at: SetPainter) -> None:
    """Narrow brick houses with stepped or bell gables at the waterline, and an arched bridge between them."""
    random = scenery_rng(SEED + 2, at.variant)
    at.cut(at.rectangle(-9, 9, -9, WATERLINE))
    gap = (0.36, 0.06, 0.62)[at.variant % 3]
    at.fill(at.rectangle(gap, gap + 0.30, 0.54, WATERLINE), "a89a94")
    far = [oval(gap + 0.05 * n, 0.53, 0.05, 0.05) for n in range(7)]
    at.fill(at.outlines(far), at.leaf("6f8a68"))
    number = int(random.integers(6))
    for start, way in ((gap, -1), (gap + 0.30, 1)):
        x = start
        while -0.72 < x < 1.72:
            width = 0.145 + 0.05 * random.random()
            left, right = sorted((x, x + way * width))
            _gabled_house(at, left, right, 0.16 + 0.10 * random.random(), BRICKS[number % 6], number, random)
            x, number = x + way * (width + 0.002), number + 1
    middle = gap + 0.15
    arch = [(middle + 0.2 * n / 8, 0.665 - 0.075 * (1 - (n / 8) ** 2)) for n in range(-8, 9)]
    under = [(middle + 0.13 * n / 8, WATERLINE - 0.065 * (1 - (n / 8) ** 2) ** 0.5) for n in range(8, -9, -1)]
    span = [*arch, (middle + 0.2, WATERLINE), (middle + 0.13, WATERLINE), *under, (middle - 0.2, WATERLINE)]
    at.fill(at.outlines([span]), "b08a72", shadow=0.010)
    rails = [stroke(x, y, x, y - 0.035, 0.005, 0.005) for x, y in arch[::2]]
    rails += [stroke(*arch[n], *arch[n + 1], 0.007, 0.007) for n in range(16)]
    top = [
        stroke(arch[n][0], arch[n][1] - 0.035, arch[n + 1][0], arch[n + 1][1] - 0.035, 0.006, 0.006) for n in range(16)
    ]
    at.fill(at.outlines([*rails, *top]), "e8e0d0")


def _gabled_house(
    at: SetPainter, left: float, right: float, top: float, wall: str, number: int, random: np.random.Generator
) -> None:
    width, middle = right - left, (left + right) / 2
    eaves = top + 0.11
    gable: list[Outline] = []
    if number % 2:
        for step in range(4):
            half = 0.5 * width * (1 - 0.24 * step)
            y = eaves - 0.0275 * (step + 1)
            gable.append([(middle - half, y), (middle + half, y), (middle + half, eaves), (middle - half, eaves)])
    else:
        bell = [(left, eaves), (left + 0.16 * width, eaves - 0.03), (left + 0.24 * width, top + 0.02)]
        bell += [(middle - 0.1 * width, top), (middle + 0.1 * width, top), (right - 0.24 * width, top + 0.02)]
        gable.append([*bell, (right - 0.16 * width, eaves - 0.03), (right, eaves)])
    side = 1 - 0.14 * ((at.x - left) / width).clamp(0, 1)
    at.fill(at.outlines(gable), wall, side, shadow=0.008)
    courses = 1 - 0.06 * (((at.y * 70) % 1) < 0.2).float()
    at.fill(at.rectangle(left, right, eaves - 0.001, WATERLINE), wall, side * courses)
    at.box(left, right, eaves - 0.006, eaves + 0.006, "efe6d4")
    at.fill(at.outlines([stroke(middle, top + 0.02, middle, top - 0.01, 0.008, 0.008)]), "2f2f34")
    at.fill(at.rectangle(middle - 0.016, middle + 0.016, eaves - 0.055, eaves - 0.022), "efe6d4")
    at.fill(at.rectangle(middle - 0.011, middle + 0.011, eaves - 0.051, eaves - 0.026), PANE)
    for row in range(3):
        y = eaves + 0.025 + 0.115 * row
        for column in range(2 if width < 0.17 else 3):
            count = 2 if width < 0.17 else 3
            x = left + (column + 0.5) * width / count
            sash_window(at, x, y, 0.30 * width / count, 0.082, random.random() < 0.35)
    at.fill(at.rectangle(middle - 0.024, middle + 0.024, 0.60, WATERLINE), "efe6d4")
    at.fill(at.rectangle(middle - 0.018, middle + 0.018, 0.61, WATERLINE), ("2f5a48", "7a2f2a", "2f4468")[number % 3])


def sash_window(at: SetPainter, x: float, top: float, half: float, tall: float, lit: bool) -> None:
    """A window in a white frame with a bar across."""
    at.fill(at.rectangle(x - half - 0.006, x + half + 0.006, top - 0.006, top + tall + 0.006), "f2ece0", shadow=0.004)
    pane = at.rectangle(x - half, x + half, top, top + tall)
    at.fill(pane, LIT if lit else PANE)
    if lit:
        at.lamp += 1.1 * pane
    at.fill(at.rectangle(x - half, x + half, top + 0.42 * tall, top + 0.42 * tall + 0.005), "f2ece0")
    at.fill(at.rectangle(x - 0.002, x + 0.002, top, top + tall), "f2ece0")


def _harbour_house(
    at: SetPainter, left: float, right: float, top: float, wall: str, random: np.random.Generator
) -> None:
    at.fill(at.rectangle(left, right, top, 0.61), wall, 1 - 0.12 * ((at.x - left) / (right - left)).clamp(0, 1))
    roof: Outline = [(left - 0.008, top + 0.004), ((left + right) / 2, top - 0.075), (right + 0.008, top + 0.004)]
    at.fill(at.outlines([roof]), "a8503c", shadow=0.006)
    count = 2 if right - left < 0.17 else 3
    for y in (top + 0.03, top + 0.11):
        for column in range(count):
            x = left + (column + 0.5) * (right - left) / count
            if y < 0.50:
                sash_window(at, x, y, 0.014, 0.050, random.random() < 0.3)
    at.fill(at.rectangle((left + right) / 2 - 0.016, (left + right) / 2 + 0.016, 0.545, 0.61), "4a5a68")


def _moored_boat(at: SetPainter, x: float, line: float, colour: str, sails: bool) -> None:
    """A boat at rest: a hull, a cabin or a bare mast, and its broken image."""
    mast = [stroke(x + 0.10, line - 0.03, x + 0.10, line - (0.34 if sails else 0.15), 0.007, 0.005)]
    if sails:
        mast.append(stroke(x + 0.10, line - 0.075, x + 0.02, line - 0.065, 0.010, 0.010))
        mast += [stroke(x + 0.10, line - 0.34, x + end, line - 0.03, 0.002, 0.002) for end in (0.0, 0.21)]
    else:
        at.fill(at.rectangle(x + 0.06, x + 0.13, line - 0.085, line - 0.03), "f0ece0", shadow=0.006)
        at.fill(at.rectangle(x + 0.07, x + 0.12, line - 0.075, line - 0.050), PANE)
    at.fill(at.outlines(mast), "6a4c34")
    hull: Outline = [
        (x - 0.01, line - 0.045),
        (x + 0.22, line - 0.045),
        (x + 0.19, line + 0.008),
        (x + 0.025, line + 0.008),
    ]
    at.fill(at.outlines([hull]), colour, shadow=0.008)
    at.fill(at.rectangle(x - 0.006, x + 0.216, line - 0.045, line - 0.035), "f4f0e4")
    image = [oval(x + 0.105, line + 0.018 + 0.012 * n, 0.085 - 0.018 * n, 0.0035) for n in range(3)]
    at.fill(at.outlines(image), colour, 0.75)


def _water(at: SetPainter, line: float, colour: str, mirror: bool = False) -> None:
    """Calm water from a line to the front, with ripples, and the image of what stands above it if asked."""
    below = at.cover(at.y - line).expand_as(at.open)
    depth = (at.y - line).clamp(min=0)
    ripple = torch.sin(2 * torch.pi * 3.2 / (depth + 0.09) + 2.0 * torch.sin(at.x * 7))
    if mirror:
        first, height = round(float((line - at.y[0, 0]) / at.pixel)), at.open.shape[0]
        rows = (first - 1 - 1.5 * (depth + 0.002 * ripple.abs()) / at.pixel).round().long().clamp(0, height - 1)
        columns = torch.arange(at.open.shape[1]) + (0.004 * ripple * (0.3 + 3 * depth) / at.pixel).round().long()
        columns = columns.clamp(0, at.open.shape[1] - 1)
        seen, lamp, sky = at.colour[:, rows, columns], at.lamp[rows, columns], at.open[rows, columns]
    at.fill(below, colour, 0.95 + 0.10 * ripple + 0.25 * depth)
    if mirror:
        share = below * (0.55 - 0.7 * depth).clamp(min=0.15) * (1 - sky)
        at.colour = torch.lerp(at.colour, seen, share)
        at.lamp = torch.lerp(at.lamp, 0.5 * lamp, below)
    at.day += 0.12 * below * (ripple > 0.6).float()


def _slabs(at: SetPainter, top: float, colour: str) -> None:
    """Paving that gets larger towards the viewer."""
    down = (at.y - top).clamp(min=0)
    row = 1.6 / (down + 0.12)
    u = (at.x - 0.5) / (0.9 + 2.2 * down) * 9 + 0.5 * (row.floor() % 2)
    joint = (((u % 1) < 0.03).float() + ((row % 1) < 0.07).float()).clamp(max=1)
    tone = 0.03 * torch.sin(u.floor() * 12.9 + row.floor() * 7.7)
    _floor(at, top, colour, 1 + tone - 0.12 * joint + 0.12 * down)


def _floor(at: SetPainter, top: float, colour: str, shade: torch.Tensor) -> None:
    """Ground from a line to the front, which no light of what it covers reaches."""
    cover = at.cover(at.y - top).expand_as(at.open)
    at.fill(cover, colour, shade)
    at.day, at.lamp = at.day * (1 - cover), at.lamp * (1 - cover)


def seafront(at: SetPainter) -> None:
    """A seafront: boards underfoot, a white railing, the sea with a far sail, lamps, a bench."""
    at.cut(at.rectangle(-9, 9, -9, 0.56))
    _water(at, 0.56, at.pick("3f8a9c", "4a7fa8", "4f9490"))
    foam = 0.0035 - (at.y - 0.66 - 0.006 * torch.sin(at.x * 15)).abs()
    at.fill(at.cover(foam) + at.cover(foam.roll(23, 1)), "e4f0f0")
    x = 0.78 if at.variant % 2 else 0.24
    sail: Outline = [(x, 0.49), (x + 0.035, 0.556), (x - 0.006, 0.556)]
    at.fill(at.outlines([sail, [(x - 0.012, 0.50), (x - 0.012, 0.556), (x - 0.035, 0.556)]]), "f8f4ea")
    at.fill(at.outlines([[(x - 0.04, 0.560), (x + 0.04, 0.560), (x + 0.028, 0.572), (x - 0.028, 0.572)]]), "a8403a")
    down = (at.y - 0.775).clamp(min=0)
    fan = (at.x - 0.5) / (1 + 2.0 * down) * 13
    planks = 0.94 + 0.06 * torch.sin(fan.floor() * 12.9) - 0.18 * ((fan % 1) < 0.05).float()
    _floor(at, 0.775, at.pick("b08a62", "9c968c", "a8745a", "c4b28e"), planks + 0.15 * down)
    _railing(at, 0.605, 0.785, "f2efe6")
    for x in (-0.26, 1.26):
        at.fill(
            at.outlines([stroke(x, 0.83, x, 0.26, 0.018, 0.011), oval(x, 0.83, 0.032, 0.012)]), "2f4a4a", shadow=0.01
        )
        at.fill(at.outlines([oval(x, 0.235, 0.032, 0.036)]), "fff0cc")
        at.shine(x, 0.24, 0.5, 1.3)
        at.shine(x, 0.90, 0.4, 0.7, 0.6)
    at.day += 0.30


def _railing(at: SetPainter, top: float, foot: float, colour: str) -> None:
    """A railing of posts and bars."""
    posts = [stroke(-0.62 + 0.28 * n, foot, -0.62 + 0.28 * n, top - 0.012, 0.016, 0.016) for n in range(9)]
    balls = [oval(-0.62 + 0.28 * n, top - 0.018, 0.014, 0.014) for n in range(9)]
    bars = [stroke(-0.7, y, 1.7, y, 0.009, 0.009) for y in (top + 0.01, top + 0.06, top + 0.11)]
    at.fill(at.outlines([*bars, *posts, *balls]), colour, shadow=0.008)


WATERFRONT_SETS: dict[str, tuple[str, Callable[[SetPainter], None]]] = {  # name -> colour behind it, what is painted
    "quay": ("a8a294", quay),
    "harbour": ("4f8490", harbour),
    "gabled canal": ("3f6a70", gabled_canal),
    "gabled canal side": ("9a7060", gabled_canal_side),
    "frozen canal": ("b4d2e4", frozen_canal),
    "seafront": ("b08a62", seafront),
}
