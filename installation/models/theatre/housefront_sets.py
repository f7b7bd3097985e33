"""Places in front of and above houses: a wooden porch, the roofs of a town, the front of a school.

Each is a set as those of `street_sets` are: it stands behind the figures and hides the land.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from installation.models.theatre.polygon_mask import Outline, oval, stroke
from installation.models.theatre.set_painter import FLOOR, SetPainter
from installation.models.theatre.sprite_tables import scenery_rng
from installation.models.theatre.waterfront_sets import LIT, sash_window

SEED = 1935


def porch(at: SetPainter) -> None:
    """A wooden porch: a boarded wall with a door and a lit window, posts, a railing, the land beyond."""
    at.cut(at.rectangle(-9, 9, -9, 0.80))
    turned = at.variant % 2 == 1
    left, right = (0.60, 9.0) if turned else (-9.0, 0.40)
    boards = 1 - 0.12 * (((at.y * 24) % 1) < 0.12).float()
    at.fill(at.rectangle(left, right, -9, FLOOR), at.pick("e8e2d0", "8fa8a4", "c8b48a"), boards)
    middle = 1.14 if turned else -0.14
    door = sorted((middle + (-0.34 if turned else 0.24), middle + (-0.20 if turned else 0.38)))
    at.box(door[0] - 0.016, door[1] + 0.016, 0.27, FLOOR, "f6f2e6")
    at.fill(at.rectangle(door[0], door[1], 0.285, FLOOR), at.pick("a8403a", "3f6a4f", "2f4f7a"))
    pane = at.rectangle(door[0] + 0.025, door[1] - 0.025, 0.32, 0.50)
    at.fill(pane, LIT)
    at.lamp += 0.9 * pane
    at.box(middle - 0.13, middle + 0.13, 0.29, 0.60, "f6f2e6")
    glass = at.rectangle(middle - 0.112, middle + 0.112, 0.308, 0.582)
    at.fill(glass, "d8b878")
    at.lamp += 0.9 * glass
    at.fill(at.rectangle(middle - 0.006, middle + 0.006, 0.308, 0.582), "f6f2e6")
    at.fill(at.rectangle(middle - 0.112, middle + 0.112, 0.44, 0.450), "f6f2e6")
    _railing_of_wood(at, 0.62, 0.80, (-0.6, 0.52) if turned else (0.48, 1.6))
    down = (at.y - 0.795).clamp(min=0)
    fan = (at.x - 0.5) / (1 + 2.0 * down) * 12
    planks = 0.95 + 0.05 * torch.sin(fan.floor() * 12.9) - 0.20 * ((fan % 1) < 0.05).float()
    at.fill(at.cover(at.y - 0.795).expand_as(at.open), "a88460", planks + 0.2 * down)
    for x in (0.52, 1.28) if not turned else (0.48, -0.28):
        at.fill(at.rectangle(x - 0.022, x + 0.022, -9, 0.815), "f2eee2", shadow=0.012)
    at.fill(at.rectangle(-9, 9, -9, 0.055), "6a5440", shadow=0.03)
    at.box(-9, 9, 0.045, 0.075, "f2eee2")
    lamp = 0.36 if not turned else 0.64
    at.fill(at.outlines([stroke(lamp, 0.07, lamp, 0.13, 0.005, 0.005), oval(lamp, 0.155, 0.022, 0.030)]), "ffe8b0", 1.1)
    at.shine(lamp, 0.16, 0.6, 1.3)
    at.day += 0.24


def _railing_of_wood(at: SetPainter, top: float, foot: float, span: tuple[float, float]) -> None:
    inside = at.rectangle(span[0], span[1], top, foot)
    at.fill(inside * (((at.x * 22) % 1) < 0.34).float(), "f2eee2", shadow=0.006)
    at.box(span[0], span[1], top - 0.012, top + 0.012, "f6f2e6")
    at.box(span[0], span[1], foot - 0.030, foot - 0.014, "f2eee2")


def rooftops(at: SetPainter) -> None:
    """Roofs of a town: gables, chimneys with a little smoke, lit attic windows; tiles of the nearest underfoot."""
    random = scenery_rng(SEED, at.variant)
    at.cut(at.rectangle(-9, 9, -9, 0.80))
    for row, (base, size, tone) in enumerate(((0.50, 0.7, 0.80), (0.62, 1.0, 0.90), (0.76, 1.3, 1.0))):
        x = -0.75 + 0.1 * random.random()
        while x < 1.7:
            width, rise = size * (0.17 + 0.10 * random.random()), size * (0.09 + 0.05 * random.random())
            _roof(at, x, x + width, base - 0.05 * random.random(), rise, tone, row, random)
            x += width * 0.94
    ridge = 0.795
    at.box(-9, 9, ridge - 0.014, ridge + 0.010, "8f4a38")
    down = (at.y - ridge).clamp(min=0)
    line = (down * 13).floor()
    u = ((at.x - 0.5) / (1 + 0.5 * down) * 15 + 0.5 * (line % 2)) % 1
    rim = ((down * 13) % 1) - 0.55 - 0.40 * torch.sin(torch.pi * u)
    shade = 1 + 0.05 * torch.sin(line * 7.7 + (at.x * 15).floor() * 12.9) - 0.22 * (rim > 0).float()
    at.fill(at.cover(at.y - ridge - 0.010).expand_as(at.open), at.ground("b4604a"), shade)
    stack = 1.16 if at.variant % 2 else -0.16
    at.fill(
        at.rectangle(stack - 0.075, stack + 0.075, 0.52, 0.86), "9a5a48", 1 - 0.1 * (((at.y * 40) % 1) < 0.15).float()
    )
    at.box(stack - 0.090, stack + 0.090, 0.50, 0.53, "c8b8a4")
    for dx in (-0.04, 0.04):
        at.fill(at.rectangle(stack + dx - 0.024, stack + dx + 0.024, 0.44, 0.505), "b4684a", shadow=0.008)
    at.day += 0.26


def _roof(
    at: SetPainter,
    left: float,
    right: float,
    base: float,
    rise: float,
    tone: float,
    row: int,
    random: np.random.Generator,
) -> None:
    """A gable with an attic window beside a slope of tiles, and its chimney."""
    middle = left + 0.36 * (right - left)
    colour = ("a8604c", "7f5a58", "b87a5a", "6f6a72")[int(random.integers(4))]
    x = right - 0.3 * (right - left)
    at.fill(at.rectangle(x - 0.018, x + 0.018, base - rise - 0.05, base), "8a5a4a", tone, shadow=0.006)
    at.fill(at.rectangle(x - 0.023, x + 0.023, base - rise - 0.06, base - rise - 0.045), "c8b8a4", tone)
    slope: Outline = [(middle, base - rise), (right, base - rise), (right + 0.05, base + 0.02), (left, base + 0.02)]
    at.fill(at.outlines([slope]), colour, tone * (1 - 0.10 * (((at.y * 60) % 1) < 0.25).float()), shadow=0.010)
    at.fill(at.rectangle(left, right + 0.04, base + 0.018, 0.80), ("e0d0b4", "c8b4a0", "d8c4b8")[row], tone)
    face: Outline = [(left, base + 0.02), (middle, base - rise), (2 * middle - left, base + 0.02)]
    at.fill(at.outlines([face]), ("e0d0b4", "c8b4a0", "d8c4b8")[row], tone)
    pane = at.rectangle(middle - 0.014, middle + 0.014, base - 0.35 * rise, base - 0.35 * rise + 0.04)
    at.fill(pane, LIT)
    at.lamp += 1.1 * pane


def school_front(at: SetPainter) -> None:
    """The front of a school: bricks, tall windows, a clock above the door, railings with an open gate."""
    at.cut(at.rectangle(-9, 9, -9, 0.76))
    middle = 0.5 + 0.12 * (1 if at.variant % 2 else -1)
    wall = at.pick("b4644a", "c08a5a", "a85a4a")
    bricks = 1 - 0.07 * (((at.y * 48) % 1) < 0.2).float()
    at.fill(at.rectangle(middle - 0.86, middle + 0.86, 0.24, 0.78), wall, bricks)
    roof: Outline = [(middle - 0.92, 0.245), (middle - 0.80, 0.13), (middle + 0.80, 0.13), (middle + 0.92, 0.245)]
    at.fill(at.outlines([roof]), "5a5560", shadow=0.012)
    at.fill(at.rectangle(middle - 0.15, middle + 0.15, 0.16, 0.78), wall, 1.06 * bricks, shadow=0.012)
    at.fill(at.outlines([[(middle - 0.18, 0.165), (middle, 0.04), (middle + 0.18, 0.165)]]), "5a5560", shadow=0.012)
    at.fill(at.outlines([oval(middle, 0.235, 0.048, 0.048)]), "f6f2e6", shadow=0.006)
    hands = [
        stroke(middle, 0.235, middle, 0.205, 0.006, 0.005),
        stroke(middle, 0.235, middle + 0.022, 0.245, 0.006, 0.005),
    ]
    at.fill(at.outlines(hands), "2f2f34")
    at.box(middle - 0.125, middle + 0.125, 0.315, 0.375, "f0e8d4")
    letters = [
        stroke(middle - 0.09 + 0.036 * n, 0.330, middle - 0.09 + 0.036 * n, 0.360, 0.020, 0.020) for n in range(6)
    ]
    at.fill(at.outlines(letters), "3f4a5a")
    at.fill(at.rectangle(middle - 0.085, middle + 0.085, 0.47, 0.78), "f0e8d4", shadow=0.008)
    at.fill(at.rectangle(middle - 0.072, middle + 0.072, 0.485, 0.78), at.pick("2f5a7a", "3f6a4f", "7a3a34"))
    at.fill(at.rectangle(middle - 0.004, middle + 0.004, 0.485, 0.78), "f0e8d4")
    for x in (-0.74, -0.56, -0.38, -0.21, 0.21, 0.38, 0.56, 0.74):
        for top in (0.29, 0.51):
            sash_window(at, middle + x, top, 0.052, 0.135, (round(100 * x) + at.variant) % 3 == 0)
    down = (at.y - 0.765).clamp(min=0)
    at.fill(
        at.cover(at.y - 0.765).expand_as(at.open), at.ground("8f9298"), 1 + 0.03 * torch.sin(at.x * 150) + 0.25 * down
    )
    gate = middle + (-0.50 if at.variant % 2 else 0.50)
    bars = [stroke(-0.7 + 0.028 * n, 0.81, -0.7 + 0.028 * n, 0.615, 0.006, 0.006) for n in range(86)]
    bars = [bar for bar in bars if not gate - 0.17 < bar[0][0] < gate + 0.17]
    for side in (-1, 1):
        places = [gate + side * (0.16 - 0.024 * n) for n in range(4)]
        bars += [stroke(x, 0.855 - 0.1 * abs(x - gate), x, 0.57 + 0.5 * abs(x - gate), 0.007, 0.007) for x in places]
        bars += [stroke(places[0], y, places[-1], y + 0.010, 0.009, 0.009) for y in (0.67, 0.82)]
    for y in (0.635, 0.795):
        bars += [stroke(-0.7, y, gate - 0.17, y, 0.009, 0.009), stroke(gate + 0.17, y, 1.7, y, 0.009, 0.009)]
    at.fill(at.outlines(bars), "2f4a44", shadow=0.006)
    for x in (gate - 0.185, gate + 0.185):
        at.box(x - 0.034, x + 0.034, 0.525, 0.830, wall)
        at.box(x - 0.044, x + 0.044, 0.505, 0.530, "d8d0bc")
    at.day += 0.26
    at.shine(middle, 0.5, 0.6, 0.9)


HOUSEFRONT_SETS: dict[str, tuple[str, Callable[[SetPainter], None]]] = {  # name -> colour behind it, what is painted
    "porch": ("a88460", porch),
    "rooftops": ("b4604a", rooftops),
    "school front": ("8f9298", school_front),
}
