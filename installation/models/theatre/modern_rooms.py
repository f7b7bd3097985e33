"""Rooms of life today that an audience sees: a bathroom, a bedroom, a classroom, an office, a ward, a shop, and others.

Each is a set as those of `rooms` are: furniture along the wall and at the sides, so that figures stand before it.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch

from installation.models.theatre.polygon_mask import Outline, oval, stroke
from installation.models.theatre.set_painter import FLOOR, SetPainter
from installation.models.theatre.sprite_tables import scenery_rng

SEED = 871
GOODS = ("c8442f", "e0a030", "3f7f5a", "2f6f9a", "d8d0b8", "7a4a8a", "e07f9a", "4fa0a8")  # colours of packets
BINDERS = ("2f5f8a", "3f3f48", "a8382f", "d8d4c8")


def bathroom(at: SetPainter) -> None:
    """Tiles, a basin below a mirror, a towel, a shower curtain."""
    at.tiles(at.pick("e4efee", "f0e6d8", "dfe6f0"), at.pick("a9c4c4", "d0b49c", "a4b4d0"), 0.30, FLOOR, 0.06)
    at.box(-9, 9, 0.29, 0.305, at.pick("4f8a8c", "b8704f", "3f5f9a"))
    at.tiles("cfd8d8", "8aa0a6", 0, 0, 0.14, checked=True)
    at.window(0.5, 0.115, 0.09, 0.40, "f4f4ee", (2, 2))
    at.fill(at.outlines([oval(0.045, 0.335, 0.125, 0.155)]), "c9a86a", shadow=0.016)
    at.fill(at.outlines([oval(0.045, 0.335, 0.110, 0.140)]), "cfe2ea", 1.0 + 0.25 * torch.sin(8 * (at.x + at.y)))
    at.fill(at.rectangle(-0.10, 0.19, 0.575, 0.602), "f6f4ee", shadow=0.014)
    at.fill(at.outlines([[(-0.08, 0.60), (0.17, 0.60), (0.12, 0.66), (-0.03, 0.66)]]), "e6e4dc")
    at.fill(at.rectangle(0.025, 0.065, 0.66, FLOOR), "e0ded6", shadow=0.010)
    at.fill(at.outlines([stroke(0.045, 0.575, 0.045, 0.525, 0.010, 0.010), oval(0.062, 0.527, 0.022, 0.008)]), "9aa4aa")
    for x, colour in ((-0.07, "3f8f8f"), (0.15, "e0a05a")):
        at.fill(at.rectangle(x, x + 0.028, 0.53, 0.575), colour, shadow=0.006)
    at.box(0.71, 0.93, 0.44, 0.452, "b8a080")
    at.fill(
        at.rectangle(0.745, 0.895, 0.446, 0.64),
        at.pick("e88f7a", "5f9a8a", "e8c050"),
        0.9 + 0.1 * torch.sin(at.x * 120),
        shadow=0.014,
    )
    at.fill(at.rectangle(0.745, 0.895, 0.60, 0.615), "fff2e6")
    at.box(0.98, 9.0, 0.10, 0.112, "9aa4aa")
    at.drape(1.02, 1.40, 0.105, 0.88, at.pick("6fb0c4", "e0a070", "c4a8d8"), 34.0)
    at.shine(0.045, 0.16, 0.75, 1.25)
    at.shine(0.7, 0.1, 1.2, 0.75)


def bedroom(at: SetPainter) -> None:
    """Soft wallpaper, a wardrobe, a bedside table with a lamp, curtains, a rug."""
    dots = torch.sin(at.x * 70) * torch.sin(at.y * 70)
    at.multiply(1 + 0.06 * (dots > 0.7).float())
    at.boards("a87f5c", "8a6446", 11)
    at.skirting("efe6da")
    at.window(0.5, 0.15, 0.13, 0.50, "f2ece0", (2, 2))
    at.drape(0.27, 0.375, 0.08, 0.62, at.pick("e6b8a8", "9fb8d0", "b8c890", "d0a0b8"))
    at.drape(0.625, 0.73, 0.08, 0.62, at.pick("e6b8a8", "9fb8d0", "b8c890", "d0a0b8"))
    at.box(0.24, 0.76, 0.068, 0.083, "b08a60")
    at.box(1.02, 1.36, 0.16, 0.86, at.pick("a9825c", "e4dccc", "7a5540"))
    for left, right in ((1.04, 1.185), (1.195, 1.34)):
        at.fill(at.rectangle(left, right, 0.19, 0.80), at.pick("c09a70", "f4eee0", "8f684e"), shadow=0.008)
    at.fill(at.outlines([oval(1.172, 0.50, 0.008, 0.016), oval(1.208, 0.50, 0.008, 0.016)]), "5a4030")
    at.box(-0.30, -0.06, 0.62, 0.86, "a9825c")
    at.fill(at.rectangle(-0.28, -0.08, 0.66, 0.74), "c09a70", shadow=0.008)
    at.fill(at.outlines([stroke(-0.18, 0.62, -0.18, 0.54, 0.014, 0.014)]), "7a5a44")
    at.fill(at.outlines([[(-0.215, 0.44), (-0.145, 0.44), (-0.11, 0.545), (-0.25, 0.545)]]), "fff0cc")
    at.box(-0.02, 0.15, 0.22, 0.40, "e8dcc4")
    at.fill(at.outlines([oval(0.065, 0.31, 0.045, 0.05)]), "d88a7a")
    rug = 1 - (((at.x - 0.5) / 0.60) ** 2 + ((at.y - 0.925) / 0.072) ** 2)
    at.fill(at.cover(rug * 0.06), at.pick("dcc8d4", "b8c8d8", "d8c8a0"), 0.92 + 0.14 * (((rug * 6) % 1) > 0.55).float())
    at.shine(-0.18, 0.50, 0.70, 1.35)
    at.shine(0.6, 0.2, 1.2, 0.55)


def classroom(at: SetPainter) -> None:
    """A wide blackboard with chalk on it, a globe's shelf, windows at the sides, desks."""
    at.fill(at.rectangle(-9, 9, 0.62, FLOOR), at.pick("8fb0a0", "b8a488", "8fa0b8"))
    at.boards("b08a5c", "94704a", 10)
    at.skirting("6f8a7c")
    for middle in (-0.22, 1.22):
        at.window(middle, 0.13, 0.12, 0.52, "f0ece0", (2, 3))
    at.box(0.02, 0.98, 0.13, 0.555, "8a5f3a")
    at.fill(
        at.rectangle(0.04, 0.96, 0.15, 0.53),
        at.pick("2c5646", "2f3a44", "34503a"),
        1 + 0.06 * torch.sin(at.x * 9 + at.y * 15),
    )
    at.box(0.30, 0.70, 0.548, 0.565, "a5744a")
    lines = enumerate((0.22, 0.27, 0.32))
    chalk: list[Outline] = [stroke(0.09, y, 0.24 + 0.05 * (n % 3), y, 0.006, 0.006) for n, y in lines]
    chalk += [stroke(0.80, 0.30, 0.87, 0.20, 0.006, 0.006), stroke(0.87, 0.20, 0.93, 0.30, 0.006, 0.006)]
    chalk += [stroke(0.80, 0.30, 0.93, 0.30, 0.006, 0.006)]
    at.fill(at.outlines(chalk), "eef2ea", 0.92)
    for number in range(9):
        x = 0.06 + 0.10 * number
        at.fill(at.rectangle(x, x + 0.07, 0.045, 0.105), GOODS[number % len(GOODS)], 1.05, shadow=0.006)
    for x in (-0.42, -0.14, 0.90, 1.18):
        at.box(x, x + 0.24, 0.70, 0.722, "c9965c")
        at.fill(at.outlines([stroke(x + 0.03, 0.72, x + 0.015, 0.87, 0.010, 0.010)]), "4a5560")
        at.fill(at.outlines([stroke(x + 0.21, 0.72, x + 0.225, 0.87, 0.010, 0.010)]), "4a5560")
    at.shine(0.5, 0.0, 1.5, 0.85, 0.6)


def office(at: SetPainter) -> None:
    """A wide window, shelves of binders, strip lights, a plant, grey carpet."""
    carpet = 0.95 + 0.05 * torch.sin(at.x * 160) * torch.sin(at.y * 190)
    at.fill(at.cover(at.y - FLOOR).expand_as(at.open), at.pick("7c8894", "8a7a6c", "6f8478"), carpet)
    at.skirting("c4c8cc")
    at.window(0.5, 0.34, 0.14, 0.53, "5a646e", (4, 1))
    slats = ((at.y * 46) % 1 > 0.45).float() * at.rectangle(0.16, 0.84, 0.14, 0.20 + 0.04 * (at.variant % 3))
    at.fill(slats, "e8eaea", 0.95)
    random = scenery_rng(SEED, 1)
    for left, right in ((-0.62, -0.02), (1.06, 1.62)):
        at.box(left, right, 0.20, FLOOR, at.pick("b89a78", "e0e0dc", "6f5a48"))
        at.fill(at.rectangle(left + 0.012, right - 0.012, 0.212, FLOOR - 0.01), "6a5844")
        _packets(at, left + 0.02, right - 0.02, (0.37, 0.53, 0.69, 0.80), random, BINDERS)
    for middle in (0.22, 0.78):
        at.fill(at.rectangle(middle - 0.17, middle + 0.17, 0.028, 0.052), "fdfcf0", shadow=0.02)
        at.shine(middle, 0.04, 0.9, 0.75, 0.6)
    _plant(at, 0.955, 0.86)


def _plant(at: SetPainter, x: float, foot: float) -> None:
    """A plant in a pot on the floor."""
    leaves = [
        stroke(x, foot - 0.08, x + dx, foot - 0.08 - dy, 0.012, 0.034)
        for dx, dy in ((-0.07, 0.12), (0.06, 0.13), (-0.03, 0.18), (0.03, 0.19), (-0.09, 0.06), (0.09, 0.07))
    ]
    at.fill(at.outlines(leaves), "4a8a52", shadow=0.012)
    pot = [(x - 0.05, foot - 0.09), (x + 0.05, foot - 0.09), (x + 0.036, foot), (x - 0.036, foot)]
    at.fill(at.outlines([pot]), "c87a52")


def _packets(
    at: SetPainter,
    left: float,
    right: float,
    feet: tuple[float, ...],
    random: np.random.Generator,
    colours: tuple[str, ...] = GOODS,
) -> None:
    """Rows of things on shelves, side by side, in a few colours."""
    shapes: dict[str, list[Outline]] = {colour: [] for colour in colours}
    for foot in feet:
        x = left
        while x < right - 0.03:
            width, height = 0.022 + 0.020 * random.random(), 0.07 + 0.045 * random.random()
            colour = colours[int(random.integers(len(colours)))]
            shapes[colour].append([(x, foot), (x + width, foot), (x + width, foot - height), (x, foot - height)])
            x += width + 0.004
    for colour, each in shapes.items():
        at.fill(at.outlines(each), colour)
    for foot in feet:
        at.box(left - 0.01, right + 0.01, foot, foot + 0.014, "e0d8c8")


def _goods(at: SetPainter, left: float, right: float, feet: tuple[float, ...], random: np.random.Generator) -> None:
    """Groceries on shelves, several of each kind side by side: boxes, tins, bottles, jars and heaps of fruit."""
    shapes: dict[str, list[Outline]] = {}
    for foot in feet:
        x = left
        while x < right - 0.05:
            kind, colour = _GROCERIES[int(random.integers(len(_GROCERIES)))], GOODS[int(random.integers(len(GOODS)))]
            for _ in range(3 + int(random.integers(4))):
                if x + kind.width > right:
                    break
                for own, outline in kind.draw(x, foot, colour):
                    shapes.setdefault(own, []).append(outline)
                x += kind.width + 0.005
            x += 0.012
    for own, each in shapes.items():
        at.fill(at.outlines(each), own, shadow=0.004)
    for foot in feet:
        at.box(left - 0.01, right + 0.01, foot, foot + 0.014, "e0d8c8")


class _Grocery(NamedTuple):
    """A kind of thing on a shelf: its width, and its outlines in their colours at a place (x, foot)."""

    width: float
    draw: Callable[[float, float, str], list[tuple[str, Outline]]]


def _upright(x: float, foot: float, width: float, height: float) -> Outline:
    return [(x, foot), (x + width, foot), (x + width, foot - height), (x, foot - height)]


def _box(x: float, foot: float, colour: str) -> list[tuple[str, Outline]]:
    return [(colour, _upright(x, foot, 0.052, 0.085)), ("f4ecdc", _upright(x + 0.010, foot - 0.030, 0.032, 0.026))]


def _tin(x: float, foot: float, colour: str) -> list[tuple[str, Outline]]:
    return [
        ("c4c8cc", _upright(x, foot, 0.030, 0.048)),
        (colour, _upright(x, foot - 0.008, 0.030, 0.030)),
        ("c4c8cc", _upright(x, foot - 0.050, 0.030, 0.048)),
        (colour, _upright(x, foot - 0.058, 0.030, 0.030)),
    ]


def _bottle(x: float, foot: float, colour: str) -> list[tuple[str, Outline]]:
    body = [
        *(
            (x, foot),
            (x + 0.026, foot),
            (x + 0.026, foot - 0.058),
            (x + 0.017, foot - 0.076),
            (x + 0.017, foot - 0.096),
        ),
        *((x + 0.009, foot - 0.096), (x + 0.009, foot - 0.076), (x, foot - 0.058)),
    ]
    return [(colour, body), ("f4ecdc", _upright(x, foot - 0.018, 0.026, 0.026))]


def _jar(x: float, foot: float, colour: str) -> list[tuple[str, Outline]]:
    return [(colour, _upright(x, foot, 0.036, 0.050)), ("e8dcc0", _upright(x + 0.003, foot - 0.050, 0.030, 0.012))]


def _fruit(x: float, foot: float, colour: str) -> list[tuple[str, Outline]]:
    places = ((0.012, 0.012), (0.037, 0.012), (0.062, 0.012), (0.025, 0.033), (0.050, 0.033), (0.037, 0.054))
    return [(colour, oval(x + dx, foot - dy, 0.0135, 0.0135)) for dx, dy in places]


_GROCERIES = (
    *(_Grocery(0.052, _box), _Grocery(0.030, _tin), _Grocery(0.026, _bottle), _Grocery(0.036, _jar)),
    _Grocery(0.076, _fruit),
)


def ward(at: SetPainter) -> None:
    """A room of a hospital: a band along the wall, a curtain on a rail, a monitor with a pulse, a red cross."""
    at.fill(at.rectangle(-9, 9, 0.56, 0.60), at.pick("5fa8a4", "d8a860", "7a9ac8"))
    at.fill(at.rectangle(-9, 9, 0.60, FLOOR), "cfe4e0")
    at.tiles("e2e8e6", "c6d2d0", 0, 0, 0.20, checked=True)
    at.skirting("8fb4b0")
    at.window(0.5, 0.20, 0.12, 0.47, "f6f6f2", (3, 1))
    at.box(-9, 0.10, 0.085, 0.097, "a8b0b4")
    at.drape(-0.40, -0.06, 0.09, 0.84, at.pick("9fd0c4", "e8d0a8", "a8c0e0"), 30.0)
    at.fill(at.rectangle(0.09, 0.21, 0.20, 0.32), "f8f8f4", shadow=0.008)
    at.fill(at.rectangle(0.137, 0.163, 0.22, 0.30), "d03a34")
    at.fill(at.rectangle(0.110, 0.190, 0.247, 0.273), "d03a34")
    at.box(0.96, 1.24, 0.22, 0.40, "e4e8e8")
    at.fill(at.rectangle(0.98, 1.22, 0.24, 0.38), "12302c")
    pulse = [(0.99, 0.31), (1.06, 0.31), (1.08, 0.26), (1.10, 0.36), (1.12, 0.29), (1.14, 0.31), (1.21, 0.31)]
    line = [stroke(*start, *end, 0.006, 0.006) for start, end in pairwise(pulse)]
    at.fill(at.outlines(line), "6ff0a0", 1.3)
    stand = [stroke(1.30, 0.86, 1.30, 0.20, 0.010, 0.010), stroke(1.24, 0.86, 1.36, 0.86, 0.012, 0.012)]
    at.fill(at.outlines(stand), "a8b4b8")
    at.fill(at.outlines([oval(1.30, 0.27, 0.032, 0.052)]), "bfe0ea", shadow=0.008)
    at.shine(0.5, 0.0, 1.2, 0.95, 0.6)


def shop(at: SetPainter) -> None:
    """Shelves full of packets on both sides of an aisle, signs, strip lights, a pale floor."""
    at.tiles(at.pick("e6e6e0", "d8c8b0", "c8d4d4"), at.pick("d2d2ca", "c4b098", "b0c0c0"), 0, 0, 0.22, checked=True)
    random = scenery_rng(SEED, 2)
    for left, right in ((-0.70, 0.06), (0.10, 0.90), (0.94, 1.70)):
        at.box(left, right, 0.20, FLOOR + 0.02, "c8ccd0")
        at.fill(at.rectangle(left + 0.01, right - 0.01, 0.21, FLOOR), "7a8288")
        _goods(at, left + 0.02, right - 0.02, (0.345, 0.475, 0.605, 0.735), random)
        at.fill(at.rectangle(left, right, 0.745, FLOOR + 0.02), "b4bac0")
    for middle, colour in ((-0.22, "2f8f5a"), (0.5, "d0442f"), (1.22, "2f6fa8")):
        at.fill(at.outlines([stroke(middle - 0.10, -0.1, middle - 0.10, 0.08, 0.004, 0.004)]), "6a6a6a")
        at.fill(at.outlines([stroke(middle + 0.10, -0.1, middle + 0.10, 0.08, 0.004, 0.004)]), "6a6a6a")
        at.box(middle - 0.15, middle + 0.15, 0.075, 0.145, colour)
        at.fill(at.rectangle(middle - 0.10, middle + 0.10, 0.104, 0.116), "f8f4e8")
    for middle in (0.0, 0.5, 1.0):
        at.shine(middle, 0.0, 1.0, 1.05, 0.7)
    at.shine(0.5, 0.95, 1.1, 0.75, 0.5)


def gym(at: SetPainter) -> None:
    """Wall bars, a mirror, a rack of weights, a punching bag, mats."""
    at.boards("d0a878", "b88f60", 8)
    at.skirting("5a6470")
    at.fill(at.rectangle(-9, 9, 0.10, 0.135), at.pick("e0642f", "2f7fa8", "4f9a4a"))
    at.window(0.5, 0.30, 0.17, 0.42, "3a424a", (4, 1))
    for left in (-0.36, -0.16):
        for x in (left, left + 0.17):
            at.box(x, x + 0.014, 0.16, FLOOR, "b07a44")
        for number in range(9):
            y = 0.20 + 0.07 * number
            at.fill(at.outlines([stroke(left, y, left + 0.18, y, 0.013, 0.013)]), "d8a868", shadow=0.008)
    at.fill(at.outlines([stroke(0.985, -0.2, 0.985, 0.24, 0.006, 0.006)]), "4a4a4a")
    at.fill(at.outlines([oval(0.985, 0.42, 0.058, 0.18)]), "a8302a", 0.9 + 0.2 * torch.sin(at.x * 30), shadow=0.02)
    at.box(1.09, 1.38, 0.60, 0.615, "4a525a")
    at.box(1.09, 1.38, 0.73, 0.745, "4a525a")
    for number, foot in ((0, 0.60), (1, 0.60), (2, 0.60), (0, 0.73), (1, 0.73), (2, 0.73)):
        x = 1.135 + 0.095 * number
        weights = [oval(x - 0.025, foot - 0.022, 0.016, 0.022), oval(x + 0.025, foot - 0.022, 0.016, 0.022)]
        at.fill(
            at.outlines([*weights, stroke(x - 0.025, foot - 0.022, x + 0.025, foot - 0.022, 0.008, 0.008)]), "2c3038"
        )
    mat = [(0.16, 0.90), (0.84, 0.90), (0.92, 0.975), (0.08, 0.975)]
    at.fill(at.outlines([mat]), "3f7fa8", shadow=0.010)
    at.shine(0.5, 0.0, 1.5, 0.95, 0.6)


def cafe(at: SetPainter) -> None:
    """Bricks, a wide window, a counter with a coffee machine, a board with the menu, hanging lamps."""
    row = (at.y * 22).floor()
    joint = ((at.x * 9 + 0.5 * (row % 2)) % 1 < 0.05).float() + ((at.y * 22) % 1 < 0.10).float()
    at.multiply(1 - 0.25 * joint.clamp(max=1))
    at.tiles(at.pick("c8b89c", "e4dccc", "b8a08a"), at.pick("6a5644", "8a9a94", "5a4034"), 0, 0, 0.16, checked=True)
    at.skirting("3a2a20")
    at.window(0.34, 0.26, 0.15, 0.58, "2f4a44", (3, 1))
    at.box(0.70, 0.93, 0.14, 0.43, "6a4a30")
    at.fill(at.rectangle(0.715, 0.915, 0.155, 0.415), "2a2e2c")
    lines = enumerate((0.20, 0.24, 0.28, 0.32, 0.36))
    at.fill(at.outlines([stroke(0.74, y, 0.82 + 0.04 * (n % 3), y, 0.005, 0.005) for n, y in lines]), "efe8d8", 0.9)
    at.box(0.97, 1.70, 0.60, 0.63, "d8b080")
    at.fill(
        at.rectangle(0.985, 1.70, 0.63, 0.86),
        at.pick("3f6a5c", "8a4a38", "3f5470"),
        1 - 0.15 * (((at.x * 14) % 1) > 0.92).float(),
    )
    at.box(1.04, 1.22, 0.47, 0.60, "b8bcc0")
    at.fill(at.rectangle(1.06, 1.20, 0.53, 0.585), "4a4e54")
    at.fill(at.rectangle(1.05, 1.21, 0.445, 0.47), "c8442f", shadow=0.006)
    for number in range(4):
        x = 1.27 + 0.034 * number
        at.fill(at.rectangle(x, x + 0.026, 0.565, 0.60), "f4efe4", shadow=0.005)
    at.box(-0.40, -0.02, 0.36, 0.374, "7a5434")
    _packets(at, -0.38, -0.04, (0.36,), scenery_rng(SEED, 3), ("7a4a2a", "d8c8a0", "8a2f2a", "3f5a4a"))
    for x in (0.10, 0.60, 1.12):
        at.fill(at.outlines([stroke(x, -0.2, x, 0.06, 0.005, 0.005)]), "1f1a18")
        at.fill(
            at.outlines([[(x - 0.022, 0.055), (x + 0.022, 0.055), (x + 0.055, 0.105), (x - 0.055, 0.105)]]), "e0a040"
        )
        at.shine(x, 0.12, 0.60, 1.1)
        at.cone(x, 0.11, 0.92, 0.34, 0.40)


def cinema(at: SetPainter) -> None:
    """A bright screen between red curtains in the dark, and rows of seats before it."""
    at.multiply((0.8 + 0.2 * torch.sin(at.x * 40)).expand_as(at.open))
    at.boards("3a2228", "2c1a20", 9)
    at.box(0.03, 0.97, 0.11, 0.63, "141016")
    screen = at.rectangle(0.05, 0.95, 0.13, 0.61)
    at.fill(screen, "bcd4ea")
    at.fill(at.outlines([oval(0.70, 0.27, 0.07, 0.07)]), "fff2c0")
    at.fill(screen * at.cover(at.y - 0.50 - 0.05 * torch.sin(at.x * 9)), "5a8a7a")
    at.fill(screen * at.cover(at.y - 0.56 - 0.03 * torch.sin(at.x * 13 + 2)), "3a6458")
    at.lamp = at.lamp + 0.70 * screen
    at.drape(-0.45, -0.02, -0.05, 0.86, at.pick("9a1a2a", "1f3f6a", "5a2a5a"), 34.0)
    at.drape(1.02, 1.45, -0.05, 0.86, at.pick("9a1a2a", "1f3f6a", "5a2a5a"), 34.0)
    for number in range(10):
        x = -0.40 + 0.18 * number
        seat = [(x, FLOOR + 0.02), (x + 0.014, 0.735), (x + 0.126, 0.735), (x + 0.14, FLOOR + 0.02)]
        at.fill(
            at.outlines([seat, oval(x + 0.07, 0.735, 0.056, 0.022)]),
            at.pick("b02434", "2f5a8a", "7a3a7a"),
            0.85,
            shadow=0.010,
        )
    at.shine(0.5, 0.40, 0.9, 0.45, 0.7)
    at.shine(0.5, 0.95, 0.8, 0.35, 0.5)


def carriage(at: SetPainter) -> None:
    """Inside a train: wide windows, seats with high backs, a rack for luggage, poles and straps."""
    at.fill(at.cover(at.y - FLOOR).expand_as(at.open), "5a626a", 0.94 + 0.06 * torch.sin(at.x * 210))
    at.fill(at.rectangle(-9, 9, 0.60, FLOOR), "c4ccd0")
    at.fill(at.rectangle(-9, 9, 0.595, 0.615), "d05a3a")
    at.skirting("6a7278")
    for middle in (-0.16, 0.5, 1.16):
        at.window(middle, 0.26, 0.20, 0.52, "8a949c", (1, 1))
    at.box(-9, 9, 0.115, 0.130, "aab2b8")
    for x in (-0.30, -0.02, 0.30, 0.66, 1.0, 1.28):
        at.fill(at.outlines([stroke(x, 0.06, x, 0.115, 0.006, 0.006)]), "8a9298")
    for x, width, colour in ((-0.24, 0.15, "7a4a2f"), (0.72, 0.17, "3f5a7a"), (1.06, 0.12, "8a7a3a")):
        at.box(x, x + width, 0.035, 0.115, colour)
    for x in (-0.36, -0.10, 0.92, 1.18):
        back = [(x, 0.87), (x + 0.01, 0.50), (x + 0.19, 0.50), (x + 0.20, 0.87)]
        cloth = 0.95 + 0.08 * torch.sin(at.y * 60)
        at.fill(
            at.outlines([back, oval(x + 0.10, 0.50, 0.09, 0.03)]),
            at.pick("2f6a8a", "8a3f3a", "4a7a4a"),
            cloth,
            shadow=0.018,
        )
        at.fill(at.rectangle(x - 0.005, x + 0.205, 0.72, 0.79), at.pick("3f82a6", "a8544a", "5f965a"), shadow=0.012)
        at.fill(at.rectangle(x + 0.03, x + 0.17, 0.49, 0.545), "eef0ea")
    for x in (0.165, 0.835):
        at.fill(at.outlines([stroke(x, 0.0, x, 0.90, 0.013, 0.013)]), "e8c040", shadow=0.012)
    at.shine(0.5, 0.0, 1.4, 0.85, 0.6)


def hall(at: SetPainter) -> None:
    """A hall where people wait: a wall of glass, a board of departures, a clock, rows of seats."""
    at.tiles("d8dade", "c2c6cc", 0, 0, 0.24, checked=True)
    at.skirting("8a929a")
    at.window(0.5, 0.62, 0.20, 0.66, "6a747e", (6, 2))
    at.box(0.10, 0.68, 0.045, 0.165, "22262c")
    rows = [stroke(0.13, y, 0.13 + 0.06 * (4 + n % 2), y, 0.008, 0.008) for n, y in enumerate((0.075, 0.105, 0.135))]
    rows += [stroke(0.56, y, 0.64, y, 0.008, 0.008) for y in (0.075, 0.105, 0.135)]
    at.fill(at.outlines(rows), "f0c040", 1.2)
    at.fill(at.outlines([oval(0.82, 0.10, 0.058, 0.058)]), "30363c", shadow=0.012)
    at.fill(at.outlines([oval(0.82, 0.10, 0.049, 0.049)]), "f8f8f2")
    hands = [stroke(0.82, 0.10, 0.82, 0.062, 0.006, 0.006), stroke(0.82, 0.10, 0.848, 0.112, 0.006, 0.006)]
    at.fill(at.outlines(hands), "22262c")
    for left in (-0.46, 1.02):
        at.box(left, left + 0.44, 0.785, 0.802, "4a525a")
        for number in range(4):
            x = left + 0.008 + 0.108 * number
            at.fill(at.rectangle(x, x + 0.094, 0.64, 0.775), at.pick("2f6f9a", "8a3f3a", "5a5f64"), 0.96, shadow=0.012)
            at.fill(
                at.rectangle(x - 0.004, x + 0.098, 0.755, 0.785), at.pick("3f86b4", "a8544a", "747a80"), shadow=0.008
            )
        for x in (left + 0.05, left + 0.39):
            at.fill(at.outlines([stroke(x, 0.80, x, 0.87, 0.012, 0.012)]), "4a525a")
    for x in (-0.25, 1.2):
        at.shine(x, 0.10, 0.55, 1.5)
    at.shine(0.5, 0.0, 1.2, 0.35, 0.6)


MODERN_SETS: dict[
    str, tuple[str, Callable[[SetPainter], None]]
] = {  # name -> colour of the wall, what is painted on it
    "bathroom": ("bfd8d4", bathroom),
    "bedroom": ("c8c4dc", bedroom),
    "classroom": ("efe4c4", classroom),
    "office": ("e4e6e6", office),
    "ward": ("eef4f0", ward),
    "shop": ("d8dcdc", shop),
    "gym": ("d0d6da", gym),
    "cafe": ("a05c44", cafe),
    "cinema": ("2a1a24", cinema),
    "carriage": ("dfe4e4", carriage),
    "hall": ("ccd4da", hall),
}
MODERN_WALLS = {  # colours of the walls of the others
    "bathroom": ("d8c8b4", "b4c4d8"),
    "bedroom": ("d8c8b8", "b8ccc4"),
    "classroom": ("d4e0e4", "e8d4c0"),
    "office": ("d8dcd4", "dce4ec"),
    "ward": ("e8eef4", "f0efe4"),
    "shop": ("dcd8d0", "d0d8e0"),
    "gym": ("c4ccc4", "d8d0c8"),
    "cafe": ("7c6a58", "8a5a4c"),
    "cinema": ("1c2030", "2a1a24"),
    "carriage": ("e4e0d4", "d4dce4"),
    "hall": ("e4e0d8", "d4dce0"),
}
