"""Places that people visit or pass through: a hairdresser's, a hotel lobby, a motorway.

Each is a set as those of `work_rooms` are; the motorway is one as those of `street_sets` are, under the open sky.
"""

from __future__ import annotations

from collections.abc import Callable

import torch

from installation.models.theatre.polygon_mask import Outline, oval, stroke
from installation.models.theatre.set_painter import FLOOR, WINTER, SetPainter
from installation.models.theatre.sprite_tables import scenery_rng

SEED = 1810
BOTTLES = ("d86a7a", "5a9a8a", "e0b050", "6a7ab8", "f0e8dc")
LACQUERS = ("c2402f", "2f6f9a", "e8e2d4", "3f4a52", "d8a030", "5a8a6a")
FAR_LANES = 0.675, 0.735  # y of the wheels of cars that drive the other way


def hair_salon(at: SetPainter) -> None:
    """A hairdresser's: lit mirrors above a shelf with bottles, chairs of leather, a dryer's hood, a checked floor."""
    at.fill(at.rectangle(-9, 9, 0.56, FLOOR), at.pick("5f8a86", "a8566a", "4f6a8a"))
    at.box(-9, 9, 0.552, 0.566, "e8dcc8")
    at.tiles("efe8da", at.pick("6f9a94", "b8788a", "7a90a8"), 0, 0, 0.15, checked=True)
    at.skirting("e0d4c0")
    at.window(0.5, 0.11, 0.13, 0.50, "f4ecdc", (2, 2))
    for number, middle in enumerate((-0.19, 0.16, 0.84, 1.19)):
        _mirror(at, middle, number)
    for x in (-0.19, 1.19):
        _salon_chair(at, x, 0.885, at.pick("b83a34", "3a3f48", "c87a3a"), 1 if x < 0.5 else -1)
    hood = 0.84 if at.variant % 2 else 0.16
    side = 0.15 if at.variant % 2 else -0.15
    at.fill(at.outlines([stroke(hood + side, 0.90, hood + side, 0.40, 0.010, 0.010)]), "9aa2a6", shadow=0.012)
    dome: Outline = [(hood + side - 0.062, 0.445), (hood + side + 0.062, 0.445)]
    at.fill(at.outlines([oval(hood + side, 0.405, 0.062, 0.058), dome]), "d4dadc", shadow=0.014)
    at.fill(at.rectangle(hood + side - 0.062, hood + side + 0.062, 0.425, 0.462), "b4bcc0")
    for x in (0.16, 0.84):
        at.shine(x, 0.36, 0.75, 0.85)
    at.shine(0.5, 0.92, 1.0, 0.65, 0.6)


def _mirror(at: SetPainter, middle: float, number: int) -> None:
    """A mirror with bulbs at its sides, above a shelf with bottles and a towel."""
    left, right = middle - 0.095, middle + 0.095
    at.box(left - 0.024, right + 0.024, 0.166, 0.514, at.pick("f0e2c4", "4a3a34", "e6eaea"))
    glass = at.rectangle(left, right, 0.19, 0.49)
    slant = ((at.x - middle) * 1.4 + at.y * 0.8) % 0.30
    at.fill(glass, "b4cdd2", 0.92 + 0.16 * ((slant - 0.08).abs() < 0.035).float() + 0.10 * (at.y < 0.33).float())
    bulbs = [oval(x, 0.20 + 0.056 * step, 0.0095, 0.0095) for x in (left - 0.012, right + 0.012) for step in range(6)]
    cover = at.outlines(bulbs)
    at.fill(cover, "fff4d0", 1.1)
    at.lamp += 1.1 * cover
    at.box(left - 0.03, right + 0.03, 0.575, 0.593, "f0e6d2")
    for place in range(5):
        x = left + 0.012 + 0.040 * place
        height = 0.030 + 0.009 * ((place * 3 + number) % 4)
        colour = BOTTLES[(place + number + at.variant) % len(BOTTLES)]
        at.fill(at.rectangle(x, x + 0.022, 0.575 - height, 0.575), colour, shadow=0.005)
        at.fill(at.rectangle(x + 0.007, x + 0.015, 0.563 - height, 0.575 - height), "3a3f44")
    at.fill(at.rectangle(right - 0.03, right + 0.012, 0.588, 0.675), "f4f0e6", shadow=0.008)


def _salon_chair(at: SetPainter, x: float, foot: float, leather: str, facing: int) -> None:
    """A turning chair with a high back, a foot rest and a round foot of steel; it faces right if `facing` is 1."""
    back = x - 0.066 * facing
    steel: list[Outline] = [
        stroke(x, foot, x, foot - 0.16, 0.020, 0.016),
        oval(x, foot, 0.075, 0.014),
        stroke(x + 0.05 * facing, foot - 0.17, x + 0.105 * facing, foot - 0.045, 0.010, 0.010),
        stroke(x + 0.085 * facing, foot - 0.045, x + 0.135 * facing, foot - 0.045, 0.012, 0.012),
    ]
    at.fill(at.outlines(steel), "b4bcc0", shadow=0.012)
    at.fill(at.outlines([stroke(back, foot - 0.18, back - 0.022 * facing, foot - 0.40, 0.042, 0.038)]), leather, 0.86)
    at.fill(
        at.outlines([stroke(back - 0.026 * facing, foot - 0.43, back - 0.03 * facing, foot - 0.47, 0.04, 0.036)]),
        leather,
    )
    at.box(x - 0.085, x + 0.085, foot - 0.21, foot - 0.155, leather)
    at.fill(
        at.outlines([stroke(x - 0.07, foot - 0.285, x + 0.055, foot - 0.285, 0.018, 0.018)]), "3a3f44", shadow=0.008
    )


def hotel_lobby(at: SetPainter) -> None:
    """A hotel's lobby: a desk with a bell before a board of keys, a glass door, columns, a palm, a cart with cases."""
    at.multiply(1 + 0.03 * torch.sin(at.x * 44).expand_as(at.open))
    at.tiles("e8dcc6", at.pick("b89a78", "9aa09a", "a87a6a"), 0, 0, 0.20, checked=True)
    at.skirting("7a5a3e", 0.04)
    side = 1 if at.variant % 2 else -1
    at.window(0.5, 0.20, 0.17, 0.60, "8a6a44", (4, 2), arch=0.25)
    _reception(at, 0.5 + 0.60 * side, at.pick("7a4a30", "5f4a3a", "6a3f34"))
    for x in (0.19, 0.81):
        at.box(x - 0.038, x + 0.038, -0.2, FLOOR + 0.01, "e4d8c2", 0.96)
        at.multiply(1 - 0.10 * at.rectangle(x + 0.012, x + 0.038, -0.2, FLOOR))
        for top, bottom in ((0.05, 0.085), (FLOOR - 0.03, FLOOR + 0.022)):
            at.box(x - 0.052, x + 0.052, top, bottom, "c8a868")
    _luggage_cart(at, 0.5 - 0.70 * side)
    _palm(at, 0.5 - 0.48 * side)
    carpet: Outline = [(0.34, FLOOR + 0.03), (0.66, FLOOR + 0.03), (0.86, 1.1), (0.14, 1.1)]
    at.fill(at.outlines([carpet]), at.pick("9a2f34", "2f4f6a", "6a3a5a"))
    for x, y, size in ((0.5, 0.075, 0.12), (0.5 + 0.60 * side, 0.06, 0.07)):
        at.fill(at.outlines([stroke(x, -0.2, x, y, 0.006, 0.006)]), "8a6a34")
        at.fill(at.outlines([stroke(x - size, y, x + size, y, 0.008, 0.008)]), "c8a050", shadow=0.008)
        globes = at.outlines([oval(x + size * (place / 2 - 1), y - 0.016, 0.013, 0.017) for place in range(5)])
        at.fill(globes, "fff2d0", 1.1)
        at.lamp += 1.1 * globes
        at.shine(x, y, 0.80, 1.05)
    at.shine(0.5, 0.92, 1.0, 0.6, 0.6)


def _reception(at: SetPainter, middle: float, wood: str) -> None:
    """A desk with a bell and a lamp, and behind it the board with keys above pigeonholes, under a row of stars."""
    left, right = middle - 0.26, middle + 0.26
    at.box(left + 0.02, right - 0.02, 0.20, 0.57, wood, 0.82)
    for row in range(4):
        for column in range(7):
            x, y = left + 0.040 + 0.064 * column, 0.225 + 0.082 * row
            at.fill(at.rectangle(x, x + 0.054, y, y + 0.066), "2f211a")
            if (row * 5 + column * 3 + at.variant) % 4:
                at.fill(at.outlines([stroke(x + 0.027, y + 0.008, x + 0.027, y + 0.03, 0.005, 0.005)]), "d8b050")
                at.fill(at.rectangle(x + 0.019, x + 0.035, y + 0.030, y + 0.050), "c04a38")
    at.fill(at.outlines([oval(middle + 0.05 * (place - 2), 0.165, 0.011, 0.011) for place in range(5)]), "e0b850")
    at.box(left, right, 0.615, 0.645, "d8c8a8")
    at.fill(at.rectangle(left + 0.015, right - 0.015, 0.645, FLOOR + 0.025), wood, shadow=0.016)
    for place in range(4):
        x = left + 0.035 + 0.118 * place
        at.multiply(1 - 0.18 * at.rectangle(x, x + 0.095, 0.67, FLOOR))
    at.fill(at.outlines([oval(middle - 0.12, 0.603, 0.024, 0.016), oval(middle - 0.12, 0.585, 0.005, 0.006)]), "e0b850")
    at.fill(at.outlines([stroke(middle + 0.15, 0.615, middle + 0.15, 0.55, 0.008, 0.008)]), "c8a050")
    shade: Outline = [(middle + 0.125, 0.505), (middle + 0.175, 0.505), (middle + 0.20, 0.555), (middle + 0.10, 0.555)]
    at.fill(at.outlines([shade]), "4a8a6a", 1.1, shadow=0.008)
    at.shine(middle + 0.15, 0.57, 0.28, 1.2)


def _luggage_cart(at: SetPainter, x: float) -> None:
    """A brass cart with an arched rail, on which suitcases are piled."""
    top, foot = 0.50, 0.885
    arch = [stroke(x + dx, foot - 0.03, x + dx, top + 0.05, 0.010, 0.010) for dx in (-0.11, 0.11)]
    arch += [stroke(x - 0.11, top + 0.05, x, top, 0.010, 0.010), stroke(x, top, x + 0.11, top + 0.05, 0.010, 0.010)]
    at.fill(at.outlines(arch), "d0a848", shadow=0.010)
    at.box(x - 0.13, x + 0.13, foot - 0.04, foot - 0.02, "b83a34")
    at.fill(at.outlines([oval(x + dx, foot - 0.006, 0.015, 0.015) for dx in (-0.10, 0.10)]), "2f2f34")
    cases = ((-0.10, 0.10, 0.10, "8a5a34"), (-0.08, 0.09, 0.075, "3f6a8a"), (-0.06, 0.05, 0.06, "c87a3a"))
    bottom = foot - 0.04
    for left, right, height, colour in cases:
        at.box(x + left, x + right, bottom - height, bottom, colour)
        for strap in (left + 0.03, right - 0.04):
            at.multiply(1 - 0.35 * at.rectangle(x + strap, x + strap + 0.012, bottom - height, bottom))
        bottom -= height


def _palm(at: SetPainter, x: float) -> None:
    """A palm in a pot."""
    leaves: list[Outline] = []
    for dx, dy in ((-0.14, -0.03), (-0.11, -0.13), (-0.04, -0.19), (0.05, -0.19), (0.12, -0.12), (0.14, -0.02)):
        bend = (x + 0.55 * dx, 0.60 + 0.95 * dy)
        leaves.append([(x, 0.62), (bend[0], bend[1] - 0.018), (x + dx, 0.60 + 0.6 * dy), (bend[0], bend[1] + 0.022)])
    at.fill(at.outlines([stroke(x, 0.80, x, 0.61, 0.016, 0.010)]), "6a4a30", shadow=0.008)
    at.fill(at.outlines(leaves[::2]), "3f7a4a", shadow=0.010)
    at.fill(at.outlines(leaves[1::2]), "5a9a54", shadow=0.010)
    pot: Outline = [(x - 0.05, 0.775), (x + 0.05, 0.775), (x + 0.036, 0.885), (x - 0.036, 0.885)]
    at.fill(at.outlines([pot]), "b8653f", shadow=0.012)


def motorway(at: SetPainter) -> None:
    """A motorway: lanes both ways with a barrier between, lorries and cars in the far ones, a bridge of blue signs."""
    random = scenery_rng(SEED, at.variant)
    at.cut(at.rectangle(-9, 9, -9, 0.66))
    bank = 0.600 + 0.012 * torch.sin(at.x * 6 + at.variant) + 0.006 * torch.sin(at.x * 17)
    at.fill(at.cover(at.y - bank), at.ground("5f8a4a"), 1.05 - 1.2 * (at.y - bank).clamp(0, 0.1), shadow=0.008)
    bushes: list[Outline] = []
    for place in range(16):
        size = 0.018 + 0.020 * random.random()
        bushes.append(oval(-0.6 + 0.15 * place + 0.08 * random.random(), 0.605, 1.4 * size, size))
    at.fill(at.outlines(bushes), at.leaf("3f6a3a"), shadow=0.006)
    _carriageway(at, 0.648, 0.757, (0.700,), 0.045)
    for row, wheels in enumerate(FAR_LANES):
        x = -0.66 + 0.15 * random.random()
        while x < 1.5:
            lorry = row == 0 and random.random() < 0.4
            length = 0.27 if lorry else 0.115 + 0.02 * row
            _vehicle(at, x, wheels, length, LACQUERS[int(random.integers(len(LACQUERS)))], lorry)
            x += length + 0.05 + 0.16 * random.random()
    _gantry(at, 0.5 + (0.42, -0.42, 0.0)[at.variant % 3])
    at.fill(at.rectangle(-9, 9, 0.752, 0.790), at.ground("7a9a58"))
    posts = [stroke(-0.6 + 0.09 * n, 0.785, -0.6 + 0.09 * n, 0.745, 0.009, 0.009) for n in range(26)]
    at.fill(at.outlines(posts), "7f888c")
    at.box(-9, 9, 0.742, 0.762, "c4ccd0")
    at.fill(at.rectangle(-9, 9, 0.750, 0.754), "8f989c")
    _carriageway(at, 0.785, 1.30, (0.858, 0.945), 0.11)
    at.day += 0.30
    at.shine(0.5, 0.9, 1.3, 0.35, 0.5)


def _carriageway(at: SetPainter, top: float, bottom: float, lines: tuple[float, ...], dash: float) -> None:
    """Asphalt with a white edge and broken lines between its lanes, whose dashes are `dash` units long."""
    grain = 1 + 0.025 * torch.sin(at.x * 130 + 4 * torch.sin(at.y * 70)) * torch.sin(at.y * 210)
    at.fill(at.rectangle(-9, 9, top, bottom), "98a2ae" if at.season == WINTER else "565a60", grain)
    at.fill(at.rectangle(-9, 9, top + 0.006, top + 0.011), "e8e6dc")
    for y in lines:
        half = 0.035 * dash
        at.fill(at.rectangle(-9, 9, y - half, y + half) * ((at.x / (2 * dash)) % 1 < 0.5).float(), "e8e6dc")


def _vehicle(at: SetPainter, left: float, wheels: float, length: float, colour: str, lorry: bool) -> None:
    """A lorry or a car that drives to the left, seen from the side, with lit lamps."""
    right = left + length
    if lorry:
        at.fill(at.rectangle(left + 0.062, right, wheels - 0.105, wheels - 0.012), colour, shadow=0.006)
        cab: Outline = [(left, wheels - 0.010), (left + 0.006, wheels - 0.045), (left + 0.018, wheels - 0.080)]
        at.fill(at.outlines([[*cab, (left + 0.056, wheels - 0.080), (left + 0.056, wheels - 0.010)]]), "d8d4c8")
        pane: Outline = [(left + 0.012, wheels - 0.046), (left + 0.021, wheels - 0.072), (left + 0.040, wheels - 0.072)]
        at.fill(at.outlines([[*pane, (left + 0.040, wheels - 0.046)]]), "4a6070")
        places = [left + 0.028, right - 0.030, right - 0.058]
    else:
        body: Outline = [(left, wheels), (left, wheels - 0.020), (left + 0.25 * length, wheels - 0.028)]
        body += [(left + 0.40 * length, wheels - 0.050), (left + 0.78 * length, wheels - 0.050)]
        at.fill(at.outlines([[*body, (right, wheels - 0.026), (right, wheels)]]), colour, shadow=0.006)
        panes: Outline = [(left + 0.31 * length, wheels - 0.028), (left + 0.43 * length, wheels - 0.045)]
        panes += [(left + 0.76 * length, wheels - 0.045), (left + 0.90 * length, wheels - 0.028)]
        at.fill(at.outlines([panes]), "4a6070")
        places = [left + 0.22 * length, left + 0.79 * length]
    at.fill(at.outlines([oval(x, wheels, 0.013, 0.013) for x in places]), "22252a")
    at.fill(at.outlines([oval(x, wheels, 0.005, 0.005) for x in places]), "a8b0b4")
    front = at.outlines([oval(left + 0.004, wheels - 0.016, 0.006, 0.005)])
    at.fill(front, "fff0b8", 1.1)
    at.lamp += 1.3 * front
    at.shine(left - 0.02, wheels - 0.012, 0.07, 0.7)


def _gantry(at: SetPainter, middle: float) -> None:
    """A bridge of steel over the road with blue signs of exits."""
    steel = [stroke(middle + dx, 0.77, middle + dx, 0.26, 0.016, 0.016) for dx in (-0.46, 0.46)]
    steel += [stroke(middle - 0.47, y, middle + 0.47, y, 0.010, 0.010) for y in (0.27, 0.31)]
    steel += [
        stroke(
            middle - 0.46 + 0.115 * n,
            0.31 - 0.04 * (n % 2),
            middle - 0.345 + 0.115 * n,
            0.27 + 0.04 * (n % 2),
            0.006,
            0.006,
        )
        for n in range(8)
    ]
    at.fill(at.outlines(steel), "8a949a", shadow=0.006)
    for left, width in ((-0.36, 0.30), (0.06, 0.30)):
        at.box(middle + left, middle + left + width, 0.235, 0.355, "f0f2f0")
        at.fill(at.rectangle(middle + left + 0.006, middle + left + width - 0.006, 0.241, 0.349), "2458a0")
        letters = [
            stroke(
                middle + left + 0.03,
                0.270 + 0.027 * row,
                middle + left + 0.18 - 0.04 * row,
                0.270 + 0.027 * row,
                0.010,
                0.010,
            )
            for row in range(3)
        ]
        arrow: Outline = [
            (middle + left + 0.235, 0.335),
            (middle + left + 0.215, 0.305),
            (middle + left + 0.255, 0.305),
        ]
        shaft = stroke(middle + left + 0.235, 0.305, middle + left + 0.235, 0.265, 0.010, 0.010)
        at.fill(at.outlines([*letters, arrow, shaft]), "f4f6f4")


VISIT_SETS: dict[str, tuple[str, Callable[[SetPainter], None]]] = {  # name -> colour behind it, what is painted
    "motorway": ("565a60", motorway),
    "hair salon": ("f0d8c4", hair_salon),
    "hotel lobby": ("d8b888", hotel_lobby),
}
VISIT_WALLS: dict[str, tuple[str, ...]] = {  # further colours of walls, by variant
    "hair salon": ("dce4dc", "e4dce8"),
    "hotel lobby": ("b8c0b4", "d4a890"),
}
