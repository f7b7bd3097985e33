"""Further rooms of a house that an audience sees: a nursery, a cellar, a garage, a stairwell, a parlour, a hallway.

Each is a set as those of `modern_rooms` are; the number of the variant changes what stands and hangs in it.
"""

from __future__ import annotations

from collections.abc import Callable

import torch

from installation.models.theatre.polygon_mask import Outline, oval, stroke
from installation.models.theatre.set_painter import FLOOR, SetPainter

TOYS = ("d8402f", "2f6fa8", "f0c040", "3f8f5a", "e88fb0")


def nursery(at: SetPainter) -> None:
    """A nursery: a cot, a mobile of stars, blocks, a shelf with toys, a paper with clouds or stripes, a night lamp."""
    if at.variant % 2:
        at.multiply(1 - 0.06 * (((at.x * 11) % 1) < 0.5).float().expand_as(at.open))
    else:
        clouds: list[Outline] = []
        for row in range(4):
            for column in range(9):
                x, y = -0.55 + 0.26 * column + 0.13 * (row % 2), 0.08 + 0.15 * row
                clouds += [
                    oval(x - 0.022, y, 0.022, 0.013),
                    oval(x, y - 0.010, 0.026, 0.018),
                    oval(x + 0.024, y, 0.02, 0.012),
                ]
        at.fill(at.outlines(clouds), "fbf6ee", 0.97)
    at.boards("d0aa80", "b8926a", 10)
    at.skirting("f8f2e6")
    at.window(0.5, 0.14, 0.13, 0.47, "faf6ec", (2, 2))
    for left, right in ((0.30, 0.39), (0.61, 0.70)):
        at.drape(left, right, 0.09, 0.56, ("f0b060", "8fb8d8", "e8a0a8")[at.variant % 3])
    at.box(0.27, 0.73, 0.077, 0.090, "c09a70")
    cot = 0.98 if at.variant % 2 == 0 else -0.40
    at.fill(at.rectangle(cot, cot + 0.42, 0.66, 0.74), "f8f4ea")
    at.fill(at.outlines([oval(cot + 0.09, 0.66, 0.06, 0.026)]), "ffffff")
    at.fill(at.rectangle(cot + 0.14, cot + 0.42, 0.64, 0.74), "8fc0d8", 0.95 + 0.08 * torch.sin(at.x * 60))
    bars: list[Outline] = [stroke(cot + 0.035 * n, 0.56, cot + 0.035 * n, 0.78, 0.009, 0.009) for n in range(13)]
    at.fill(at.outlines(bars), "e8d8bc", shadow=0.008)
    for y in (0.55, 0.77):
        at.box(cot - 0.01, cot + 0.43, y, y + 0.02, "d8c09a")
    for x in (cot - 0.01, cot + 0.41):
        at.box(x, x + 0.022, 0.50, 0.88, "d8c09a")
    hang = cot + 0.2
    at.fill(
        at.outlines(
            [stroke(hang, -0.1, hang, 0.22, 0.003, 0.003), stroke(hang - 0.10, 0.22, hang + 0.10, 0.22, 0.004, 0.004)]
        ),
        "7a6a5a",
    )
    for number, dx in enumerate((-0.10, -0.04, 0.04, 0.10)):
        y = 0.30 + 0.03 * (number % 2)
        at.fill(at.outlines([stroke(hang + dx, 0.22, hang + dx, y, 0.002, 0.002)]), "7a6a5a")
        at.fill(at.outlines([oval(hang + dx, y + 0.015, 0.018, 0.018)]), TOYS[number], shadow=0.008)
    shelf = -0.42 if at.variant % 2 == 0 else 1.02
    for y in (0.30, 0.46):
        at.box(shelf, shelf + 0.36, y, y + 0.016, "c09a70")
        for number in range(5):
            x, size = shelf + 0.045 + 0.068 * number, 0.022 + 0.006 * ((number * 3 + round(10 * y)) % 3)
            colour = TOYS[(number + round(20 * y)) % 5]
            shapes = (
                [oval(x, y - size, size, size)]
                if number % 2
                else [stroke(x, y, x, y - 2.1 * size, 1.7 * size, 1.7 * size)]
            )
            if number == 3:
                shapes += [
                    oval(x - size * 0.7, y - 2 * size, 0.5 * size, 0.5 * size),
                    oval(x + size * 0.7, y - 2 * size, 0.5 * size, 0.5 * size),
                ]
            at.fill(at.outlines(shapes), colour, shadow=0.006)
    for number, (x, y) in enumerate(((0.04, 0.86), (0.10, 0.86), (0.07, 0.80))):
        at.fill(at.outlines([stroke(x, y, x, y - 0.056, 0.054, 0.054)]), TOYS[number], shadow=0.008)
    rug = 1 - (((at.x - 0.5) / 0.50) ** 2 + ((at.y - 0.925) / 0.065) ** 2)
    at.fill(at.cover(rug * 0.06), "f0d890", 0.95 + 0.10 * (((rug * 4) % 1) > 0.55).float())
    at.shine(shelf + 0.18, 0.24, 0.75, 1.3)
    at.shine(0.5, 0.9, 0.9, 0.45, 0.6)


def cellar(at: SetPainter) -> None:
    """A cellar: a vault of stone, barrels and racks of bottles or shelves of jars, a bare bulb, a small high window."""
    row = (at.y * 14).floor()
    joint = ((at.x * 7 + 0.5 * (row % 2) + 0.1 * torch.sin(row * 9)) % 1 < 0.05).float() + (
        (at.y * 14) % 1 < 0.07
    ).float()
    at.multiply(1 - 0.22 * joint.clamp(max=1) + 0.05 * torch.sin(row * 5 + (at.x * 7).floor() * 3.3))
    at.tiles("8a8278", "726a62", 0, 0, 0.18, checked=True)
    at.window(0.5 if at.variant % 3 else 0.72, 0.115, 0.10, 0.235, "4a4038", (3, 1))
    vault = (1 - ((at.x - 0.5) / 1.06) ** 2).clamp(min=0).sqrt()
    at.fill(at.cover(0.60 - 0.72 * vault - at.y) * 1.0, "4a423a", 0.9, shadow=0.03)
    for left in (-0.42, 0.98):
        if (at.variant + (left > 0)) % 2:
            _rack(at, left)
        else:
            _barrels(at, left)
    at.fill(at.outlines([stroke(0.5, -0.2, 0.5, 0.25, 0.004, 0.004)]), "1f1a18")
    at.fill(at.outlines([oval(0.5, 0.275, 0.020, 0.026)]), "fff4d0")
    at.shine(0.5, 0.28, 0.85, 1.3)
    at.shine(0.5, 0.28, 0.12, 1.5)
    at.shine(0.5, 0.93, 0.8, 0.7, 0.6)


def _barrels(at: SetPainter, left: float) -> None:
    for x, y in ((left + 0.11, 0.72), (left + 0.33, 0.72), (left + 0.22, 0.53)):
        at.fill(at.outlines([oval(x, y, 0.108, 0.105)]), "7a4f30", shadow=0.016)
        at.fill(at.outlines([oval(x, y, 0.086, 0.083)]), "a0703f", 1 - 0.12 * (((at.x * 42) % 1) < 0.12).float())
        at.fill(at.outlines([oval(x, y + 0.045, 0.012, 0.012)]), "3a2a1e")


def _rack(at: SetPainter, left: float) -> None:
    at.fill(at.rectangle(left, left + 0.44, 0.30, 0.84), "3a2a20", shadow=0.014)
    for row in range(5):
        foot = 0.40 + 0.105 * row
        bottles = [oval(left + 0.05 + 0.07 * n, foot - 0.035, 0.028, 0.030) for n in range(6)]
        at.fill(at.outlines(bottles), ("2f4a34", "5a2430", "2f4a34", "6a5a2a", "5a2430")[row], shadow=0.006)
        at.fill(at.outlines([oval(left + 0.05 + 0.07 * n, foot - 0.035, 0.010, 0.011) for n in range(6)]), "c8b088")
        at.box(left, left + 0.44, foot, foot + 0.014, "8a6240")


def garage(at: SetPainter) -> None:
    """A garage: a roller door, half open, tools on a board, shelves with cans, tyres, a ladder, oily concrete."""
    at.fill(at.cover(at.y - FLOOR).expand_as(at.open), "8a8a88", 1 + 0.04 * torch.sin(at.x * 33) * torch.sin(at.y * 70))
    at.skirting("6a6a68")
    at.fill(at.rectangle(0.08, 0.92, 0.10, FLOOR), "5a5f64", shadow=0.02)
    bottom = 0.40 if at.variant % 2 == 0 else 0.62
    at.cut(at.rectangle(0.11, 0.89, bottom, FLOOR - 0.002))
    at.fill(at.rectangle(0.11, 0.89, FLOOR - 0.06, FLOOR), "9a948a")
    slats = 0.86 + 0.14 * (((at.y * 24) % 1) > 0.18).float()
    at.fill(at.rectangle(0.11, 0.89, 0.13, bottom), ("c8ccd0", "a8b8b0", "d0b890")[at.variant % 3], slats, shadow=0.014)
    at.fill(at.rectangle(0.45, 0.55, bottom - 0.022, bottom - 0.010), "3a3f44")
    board = -0.42 if at.variant % 2 == 0 else 1.0
    at.box(board, board + 0.40, 0.20, 0.50, "c8a878")
    tools: list[Outline] = []
    for number in range(6):
        x = board + 0.04 + 0.064 * number
        tools.append(stroke(x, 0.25, x, 0.40 + 0.02 * (number % 3), 0.009, 0.009))
        tools.append(
            [
                oval(x, 0.25, 0.016, 0.016),
                stroke(x - 0.026, 0.245, x + 0.026, 0.245, 0.020, 0.020),
                stroke(x, 0.22, x, 0.27, 0.022, 0.006),
            ][number % 3]
        )
    at.fill(at.outlines(tools), "4a5560", shadow=0.008)
    at.box(board, board + 0.40, 0.64, 0.665, "8a6240")
    at.fill(at.rectangle(board + 0.02, board + 0.38, 0.665, 0.84), "6a4c34")
    cans = [stroke(board + 0.05 + 0.075 * n, 0.64, board + 0.05 + 0.075 * n, 0.585, 0.046, 0.046) for n in range(5)]
    for number, can in enumerate(cans):
        at.fill(at.outlines([can]), TOYS[number], 0.9, shadow=0.006)
    other = 1.20 if at.variant % 2 == 0 else -0.20
    for y in (0.80, 0.71, 0.62):
        at.fill(at.outlines([oval(other, y, 0.125, 0.052)]), "26282c", shadow=0.010)
        at.fill(at.outlines([oval(other, y - 0.012, 0.070, 0.022)]), "4a4e54")
    for x in (other - 0.06, other + 0.06):
        at.fill(at.outlines([stroke(x, 0.46, x, 0.05, 0.012, 0.012)]), "d8a040", shadow=0.01)
    at.fill(
        at.outlines(
            [stroke(other - 0.06, 0.10 + 0.07 * n, other + 0.06, 0.10 + 0.07 * n, 0.010, 0.010) for n in range(5)]
        ),
        "d8a040",
    )
    at.fill(at.rectangle(0.36, 0.64, 0.035, 0.056), "fdfcf0", shadow=0.01)
    at.shine(0.5, 0.05, 1.2, 1.15, 0.6)
    at.shine(0.5, 0.92, 0.8, 0.45, 0.6)


def stairwell(at: SetPainter) -> None:
    """A stairwell: a flight of stairs that rises along the wall with its rail, a door, letter boxes, a window."""
    at.fill(at.rectangle(-9, 9, 0.52, FLOOR), ("5f8078", "8a6a58", "6a7a92")[at.variant % 3])
    at.fill(at.rectangle(-9, 9, 0.515, 0.525), "e8dcc4")
    at.tiles("d8cdb8", "a89478", 0, 0, 0.15, checked=True)
    at.skirting("5a4636")
    at.window(0.36, 0.115, 0.10, 0.42, "f0e8d8", (2, 2), arch=0.9 if at.variant % 2 else 0.0)
    _door(at, -0.30, "7a4a32")
    steps: list[Outline] = []
    for step in range(10):
        x, y = 0.66 + 0.075 * step, FLOOR - 0.062 * step
        steps.append([(x, 0.86), (x, y - 0.062), (x + 0.08, y - 0.062), (x + 0.08, 0.86)])
    at.fill(at.outlines(steps), "b89878", shadow=0.014)
    for step in range(10):
        x, y = 0.66 + 0.075 * step, FLOOR - 0.062 * step
        at.fill(at.rectangle(x - 0.008, x + 0.083, y - 0.070, y - 0.056), "e0c8a4")
    rails: list[Outline] = [
        stroke(
            0.68 + 0.075 * n, FLOOR - 0.062 * (n + 1), 0.68 + 0.075 * n, FLOOR - 0.062 * (n + 1) - 0.17, 0.008, 0.008
        )
        for n in range(10)
    ]
    at.fill(at.outlines(rails), "3a3430", shadow=0.006)
    at.fill(
        at.outlines(
            [
                stroke(0.66, FLOOR - 0.225, 1.42, FLOOR - 0.225 - 0.628, 0.022, 0.022),
                stroke(0.66, 0.83, 0.66, 0.57, 0.024, 0.024),
            ]
        ),
        "7a4a2c",
        shadow=0.010,
    )
    for number in range(6):
        x, y = -0.02 + 0.075 * (number % 3), 0.40 + 0.062 * (number // 3)
        at.fill(at.rectangle(x, x + 0.068, y, y + 0.054), "c8ccd0", shadow=0.006)
        at.fill(at.rectangle(x + 0.012, x + 0.056, y + 0.012, y + 0.018), "3a3f44")
    at.fill(at.outlines([stroke(0.62, -0.2, 0.62, 0.09, 0.004, 0.004), oval(0.62, 0.12, 0.032, 0.032)]), "fff4d8")
    at.shine(0.62, 0.12, 0.95, 1.25)
    at.shine(0.4, 0.93, 0.9, 0.6, 0.6)


def _door(at: SetPainter, left: float, colour: str, top: float = 0.27) -> None:
    at.fill(at.rectangle(left - 0.018, left + 0.238, top - 0.018, FLOOR), "e8dcc4", shadow=0.01)
    at.fill(at.rectangle(left, left + 0.22, top, FLOOR), colour)
    for y, bottom in ((top + 0.04, top + 0.24), (top + 0.28, FLOOR - 0.04)):
        for x in (left + 0.03, left + 0.12):
            at.multiply(1 - 0.18 * at.rectangle(x, x + 0.07, y, bottom))
    at.fill(at.outlines([oval(left + 0.20, top + 0.27, 0.009, 0.009)]), "e8c860")


def parlour(at: SetPainter) -> None:
    """A living room by day: a wide window, a bookcase, a picture, a plant, a standing clock or a stove, a carpet."""
    kind = at.variant % 3
    if kind == 0:
        at.multiply(1 - 0.05 * (((at.x * 14) % 1) < 0.5).float().expand_as(at.open))
    elif kind == 1:
        at.multiply(1 + 0.05 * (torch.sin(at.x * 50) * torch.sin(at.y * 50) > 0.6).float())
    at.boards("b88a5c", "9a7048", 11)
    at.skirting("f0e8da")
    at.window(0.5, 0.27, 0.13, 0.53, "f6f0e4", (3, 2))
    for left, right in ((0.12, 0.225), (0.775, 0.88)):
        at.drape(left, right, 0.08, 0.72, ("d8b070", "7aa08a", "b87a8a")[kind])
    at.box(0.08, 0.92, 0.066, 0.082, "8a6240")
    shelf = -0.40 if kind != 1 else 1.02
    at.box(shelf, shelf + 0.38, 0.24, 0.85, "9a7048")
    for foot in (0.42, 0.58, 0.74):
        at.fill(at.rectangle(shelf + 0.015, shelf + 0.365, foot - 0.145, foot), "5a3f2c")
        x, number = shelf + 0.025, 0
        while x < shelf + 0.33:
            wide, tall = 0.014 + 0.007 * ((number * 5) % 3), 0.075 + 0.012 * ((number * 7) % 4)
            at.fill(
                at.rectangle(x, x + wide, foot - tall, foot),
                (*TOYS, "d8c8a0", "4a5a6a")[(number * 3 + round(10 * foot)) % 7],
                0.85,
            )
            x, number = x + wide + 0.004 + 0.03 * (number % 6 == 5), number + 1
    other = 1.18 if kind != 1 else -0.22
    if kind == 2:
        at.fill(
            at.rectangle(other - 0.10, other + 0.10, 0.42, 0.86),
            "7f4a38",
            1 - 0.14 * (((at.y * 14) % 1) < 0.06).float(),
            shadow=0.016,
        )
        at.fill(at.rectangle(other - 0.055, other + 0.055, 0.66, 0.76), "2a1c16")
        at.fill(at.outlines([oval(other, 0.735, 0.04, 0.02)]), "f0903a")
        at.fill(at.rectangle(other - 0.03, other + 0.03, -0.2, 0.42), "4a4448")
    else:
        at.box(other - 0.085, other + 0.085, 0.20, 0.86, "6f4830")
        at.fill(at.outlines([oval(other, 0.29, 0.058, 0.058)]), "f4ecd8")
        at.fill(
            at.outlines(
                [stroke(other, 0.29, other, 0.25, 0.005, 0.005), stroke(other, 0.29, other + 0.03, 0.30, 0.005, 0.005)]
            ),
            "2a2420",
        )
        at.fill(at.rectangle(other - 0.05, other + 0.05, 0.40, 0.74), "3a261c")
        at.fill(
            at.outlines([stroke(other, 0.40, other, 0.62, 0.006, 0.006), oval(other, 0.64, 0.024, 0.024)]), "d8b050"
        )
    at.box(other - 0.30, other - 0.13, 0.24, 0.40, "8a6240")
    at.fill(at.rectangle(other - 0.288, other - 0.142, 0.252, 0.388), "a8c8d0")
    at.fill(
        at.outlines([oval(other - 0.215, 0.385, 0.07, 0.05)])
        * at.rectangle(other - 0.288, other - 0.142, 0.252, 0.388),
        "5f8a5a",
    )
    rug = 1 - (((at.x - 0.5) / 0.62) ** 2 + ((at.y - 0.925) / 0.072) ** 2)
    at.fill(at.cover(rug * 0.06), ("a8503a", "4f6f8a", "7a8a4a")[kind], 0.92 + 0.16 * (((rug * 5) % 1) > 0.6).float())
    lamp = other - 0.215
    at.fill(at.outlines([stroke(lamp, 0.86, lamp, 0.52, 0.012, 0.012), oval(lamp, 0.86, 0.04, 0.012)]), "4a3626")
    shade = [(lamp - 0.035, 0.43), (lamp + 0.035, 0.43), (lamp + 0.07, 0.535), (lamp - 0.07, 0.535)]
    at.fill(at.outlines([shade]), "fff0cc", shadow=0.010)
    at.shine(lamp, 0.48, 0.75, 1.4)
    at.shine(lamp, 0.48, 0.14, 1.5)
    at.shine(0.4, 0.92, 0.9, 0.55, 0.6)


def hallway(at: SetPainter) -> None:
    """The hall of a flat: the front door, a coat rack with coats, shoes below, a mirror, a mat."""
    at.fill(at.rectangle(-9, 9, 0.58, FLOOR), ("e8e0d0", "7a8a84", "c8a890")[at.variant % 3])
    at.fill(at.rectangle(-9, 9, 0.572, 0.585), "f8f2e6")
    at.boards("a87f5c", "8a6446", 11)
    at.skirting("f0e8da")
    at.fill(at.rectangle(0.355, 0.645, 0.155, FLOOR), "f4eee0", shadow=0.014)
    at.fill(at.rectangle(0.38, 0.62, 0.18, FLOOR), ("3f6a5c", "8a3f32", "3f5a7a")[at.variant % 3])
    at.cut(at.rectangle(0.41, 0.59, 0.205, 0.46))
    at.fill(at.rectangle(0.495, 0.505, 0.205, 0.46) + at.rectangle(0.41, 0.59, 0.33, 0.34), "f4eee0")
    at.multiply(1 - 0.18 * at.rectangle(0.42, 0.58, 0.54, 0.77))
    at.fill(at.outlines([oval(0.60, 0.51, 0.010, 0.014)]), "e8c860")
    rack = 0.86 if at.variant % 2 == 0 else -0.26
    at.box(rack, rack + 0.40, 0.27, 0.288, "8a6240")
    for number in range(4):
        x = rack + 0.055 + 0.095 * number
        coat = [
            (x - 0.012, 0.29),
            (x + 0.012, 0.29),
            (x + 0.042, 0.34),
            (x + 0.046, 0.58 + 0.02 * (number % 2)),
            (x - 0.046, 0.58),
            (x - 0.042, 0.34),
        ]
        at.fill(
            at.outlines([coat]),
            ("4a5a6a", "a8402f", "c8a050", "4f6a4a")[(number + at.variant) % 4],
            0.92 + 0.10 * torch.sin(at.x * 160),
            shadow=0.012,
        )
    for number in range(4):
        x = rack + 0.05 + 0.095 * number
        at.fill(
            at.outlines([oval(x - 0.014, 0.86, 0.026, 0.016), oval(x + 0.022, 0.862, 0.026, 0.016)]),
            ("2a2420", "7a4a2c", "d8402f", "3a4a5a")[number],
            shadow=0.006,
        )
    other = -0.14 if at.variant % 2 == 0 else 1.12
    at.fill(at.outlines([oval(other, 0.36, 0.10, 0.15)]), "c9a86a", shadow=0.014)
    at.fill(at.outlines([oval(other, 0.36, 0.086, 0.136)]), "cfe2ea", 1 + 0.2 * torch.sin(8 * (at.x + at.y)))
    at.box(other - 0.15, other + 0.15, 0.60, 0.62, "8a6240")
    at.fill(at.outlines([stroke(other + dx, 0.62, other + dx, 0.86, 0.014, 0.014) for dx in (-0.13, 0.13)]), "7a5434")
    at.fill(at.outlines([stroke(other - 0.08, 0.60, other - 0.08, 0.53, 0.012, 0.012)]), "5a4a3a")
    at.fill(
        at.outlines([[(other - 0.105, 0.46), (other - 0.055, 0.46), (other - 0.03, 0.54), (other - 0.13, 0.54)]]),
        "fff0cc",
    )
    at.fill(at.outlines([[(0.36, 0.85), (0.64, 0.85), (0.68, 0.90), (0.32, 0.90)]]), "8a5a3c")
    at.shine(other - 0.08, 0.50, 0.85, 1.35)
    at.shine(0.6, 0.92, 0.9, 0.55, 0.6)


HOUSE_SETS: dict[str, tuple[str, Callable[[SetPainter], None]]] = {  # name -> colour of the wall, what is painted
    "nursery": ("cfe0ea", nursery),
    "cellar": ("8a7a6a", cellar),
    "garage": ("c4c8c8", garage),
    "stairwell": ("e0d4bc", stairwell),
    "parlour": ("d8c49a", parlour),
    "hallway": ("d8c8a8", hallway),
}
HOUSE_WALLS = {  # colours of the walls of the others
    "nursery": ("f0d8c0", "d8e4c8"),
    "cellar": ("7a7268", "92826a"),
    "garage": ("d0c8b8", "b8c4cc"),
    "stairwell": ("d8dcc8", "e4ccb8"),
    "parlour": ("a8bcae", "c8a8a0"),
    "hallway": ("b8c4b8", "c8b0a0"),
}
