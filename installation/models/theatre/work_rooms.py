"""Places of work and of visits that an audience sees: a workshop, a factory, a barn, a museum, a corridor, and others.

Each is a set as those of `modern_rooms` are.
"""

from __future__ import annotations

from collections.abc import Callable

import torch

from installation.models.theatre.polygon_mask import Outline, oval, stroke
from installation.models.theatre.set_painter import FLOOR, SetPainter

BOTTLES = ("3f7a4a", "c89a3a", "8a2f2a", "d8d8c8", "4a6a8a")


def workshop(at: SetPainter) -> None:
    """A workshop: planks on the wall with saws and planes, a bench with a vice, boards that lean, shavings."""
    planks = ((at.x * 8) % 1 - 0.5).abs()
    at.multiply(
        (1 - 0.20 * (planks > 0.47).float()) * (1 + 0.05 * torch.sin((at.x * 8).floor() * 7.7)).expand_as(at.open)
    )
    at.boards("9a7a58", "7f6246", 9)
    at.skirting("5f4832")
    at.window(0.5 if at.variant % 2 else 0.30, 0.19, 0.14, 0.47, "e8dcc4", (3, 2))
    left = 0.86 if at.variant % 2 == 0 else -0.40
    for number in range(4):
        x, y = left + 0.06 + 0.115 * number, 0.26
        if number % 2:
            blade = [(x - 0.045, y + 0.03), (x + 0.045, y), (x + 0.045, y + 0.13), (x - 0.02, y + 0.15)]
            at.fill(at.outlines([blade]), "b8c0c4", shadow=0.01)
            at.fill(at.outlines([oval(x + 0.03, y - 0.01, 0.026, 0.03)]), "8a4a2a")
        else:
            at.fill(at.outlines([stroke(x, y, x, y + 0.18, 0.012, 0.012)]), "a8703f", shadow=0.008)
            at.fill(
                at.outlines([stroke(x - 0.035, y + 0.005, x + 0.035, y + 0.005, 0.034, 0.026)]), "4a5258", shadow=0.008
            )
    at.box(left - 0.02, left + 0.52, 0.215, 0.228, "6f5238")
    bench = -0.44 if at.variant % 2 == 0 else 0.94
    at.box(bench, bench + 0.50, 0.63, 0.665, "c89a62")
    for x in (bench + 0.03, bench + 0.43):
        at.fill(at.rectangle(x, x + 0.04, 0.665, 0.87), "9a7048", shadow=0.008)
    at.box(bench + 0.03, bench + 0.47, 0.78, 0.80, "9a7048")
    at.fill(at.rectangle(bench + 0.38, bench + 0.46, 0.575, 0.63), "3f6a8a", shadow=0.008)
    at.fill(at.outlines([stroke(bench + 0.46, 0.60, bench + 0.54, 0.60, 0.012, 0.012)]), "8a9298")
    for number, dx in enumerate((0.06, 0.10, 0.15)):
        at.fill(
            at.outlines([stroke(bench + dx, 0.63, bench + dx, 0.53 + 0.02 * number, 0.022, 0.022)]),
            BOTTLES[number],
            shadow=0.005,
        )
    side = 1.30 if at.variant % 2 == 0 else -0.32
    for number in range(4):
        at.fill(
            at.outlines(
                [stroke(side - 0.05 * number, 0.88, side + 0.06 - 0.035 * number, 0.32 + 0.05 * number, 0.034, 0.034)]
            ),
            ("c89a62", "b0824c", "d8b07a", "a5744a")[number],
            shadow=0.010,
        )
    curls: list[Outline] = [oval(0.30 + 0.071 * n, 0.90 + 0.012 * ((n * 5) % 4), 0.018, 0.008) for n in range(8)]
    at.fill(at.outlines(curls), "e8c890", shadow=0.004)
    lamp = bench + 0.25
    at.fill(at.outlines([stroke(lamp, -0.2, lamp, 0.20, 0.004, 0.004)]), "22201e")
    at.fill(
        at.outlines([[(lamp - 0.025, 0.19), (lamp + 0.025, 0.19), (lamp + 0.07, 0.25), (lamp - 0.07, 0.25)]]), "3f6a5c"
    )
    at.shine(lamp, 0.27, 0.80, 1.4)
    at.cone(lamp, 0.25, 0.92, 0.40, 0.5)
    at.shine(0.5, 0.92, 0.8, 0.45, 0.6)


def factory(at: SetPainter) -> None:
    """A factory hall: a saw-tooth roof of glass, pipes, machines with wheels and belts, a yellow line on concrete."""
    at.fill(at.cover(at.y - FLOOR).expand_as(at.open), "8f9294", 1 + 0.03 * torch.sin(at.x * 45) * torch.sin(at.y * 80))
    for number in range(6):
        left = -0.70 + 0.40 * number
        at.cut(at.outlines([[(left + 0.03, 0.20), (left + 0.03, 0.02), (left + 0.30, 0.20)]]))
        at.fill(
            at.outlines(
                [
                    stroke(left + 0.03, 0.02, left + 0.40, 0.235, 0.018, 0.018),
                    stroke(left + 0.03, 0.0, left + 0.03, 0.22, 0.014, 0.014),
                    stroke(left + 0.12, 0.08, left + 0.12, 0.21, 0.006, 0.006),
                    stroke(left + 0.21, 0.14, left + 0.21, 0.21, 0.006, 0.006),
                ]
            ),
            "4a5258",
            shadow=0.008,
        )
    at.box(-9, 9, 0.21, 0.24, "5a646a")
    row = (at.y * 26).floor()
    joint = ((at.x * 11 + 0.5 * (row % 2)) % 1 < 0.05).float() + ((at.y * 26) % 1 < 0.09).float()
    at.multiply(1 - 0.13 * joint.clamp(max=1) * at.rectangle(-9, 9, 0.24, FLOOR))
    at.skirting("5a5f62")
    for y, colour in ((0.30, "c8a040"), (0.345, "7a9a9a")):
        at.box(-9, 9, y, y + 0.020, colour)
    for x in (-0.30, 0.28, 0.72, 1.30) if at.variant % 2 else (-0.12, 0.20, 0.86, 1.16):
        at.box(x, x + 0.024, 0.24, FLOOR, "5f6a70")
    for number, left in enumerate((-0.50, 0.06, 0.66, 1.10)):
        colour = ("3f7a6a", "5a7a9a", "a8703f")[(number + at.variant) % 3]
        at.box(left, left + 0.30, 0.56, 0.84, colour)
        at.fill(at.rectangle(left + 0.19, left + 0.27, 0.60, 0.67), "22302c")
        at.fill(at.outlines([oval(left + 0.21, 0.62, 0.006, 0.006), oval(left + 0.235, 0.62, 0.006, 0.006)]), "f0c040")
        at.fill(at.outlines([oval(left + 0.095, 0.68, 0.075, 0.075)]), "2f363a", shadow=0.010)
        at.fill(at.outlines([oval(left + 0.095, 0.68, 0.055, 0.055)]), "9aa4a8")
        spokes: list[Outline] = [
            stroke(left + 0.045, 0.68, left + 0.145, 0.68, 0.010, 0.010),
            stroke(left + 0.095, 0.63, left + 0.095, 0.73, 0.010, 0.010),
        ]
        at.fill(at.outlines([*spokes, oval(left + 0.095, 0.68, 0.016, 0.016)]), "3a4246")
        at.box(left + 0.05, left + 0.13, 0.46, 0.56, colour, 0.85)
    at.fill(at.rectangle(-9, 9, 0.875, 0.887), "e8c040")
    for x in (0.1, 0.5, 0.9):
        at.fill(
            at.outlines(
                [
                    stroke(x, 0.2, x, 0.27, 0.004, 0.004),
                    [(x - 0.02, 0.265), (x + 0.02, 0.265), (x + 0.06, 0.30), (x - 0.06, 0.30)],
                ]
            ),
            "3a4246",
        )
        at.shine(x, 0.31, 0.60, 1.15)
    at.shine(0.5, 0.93, 1.0, 0.6, 0.6)


def barn(at: SetPainter) -> None:
    """A barn or a stable: beams, planks with light between them, hay, a fork, a wide door to the fields, a lantern."""
    planks = ((at.x * 9) % 1 - 0.5).abs()
    at.multiply(
        (1 - 0.30 * (planks > 0.465).float()) * (1 + 0.07 * torch.sin((at.x * 9).floor() * 5.3)).expand_as(at.open)
    )
    at.fill(
        at.cover(at.y - FLOOR).expand_as(at.open),
        "a88a58",
        1 + 0.08 * torch.sin(at.x * 90 + 30 * at.y) * torch.sin(at.y * 130),
    )
    door = 0.30 if at.variant % 2 else 0.46
    at.cut(at.rectangle(door, door + 0.32, 0.30, FLOOR - 0.001))
    at.fill(
        at.rectangle(door - 0.03, door, 0.27, FLOOR)
        + at.rectangle(door + 0.32, door + 0.35, 0.27, FLOOR)
        + at.rectangle(door - 0.03, door + 0.35, 0.265, 0.30),
        "4f3626",
        shadow=0.012,
    )
    for x in (-0.30, 0.12, 0.92, 1.30):
        at.box(x, x + 0.045, -0.2, FLOOR + 0.02, "5a3f2a")
    at.box(-9, 9, 0.09, 0.135, "5a3f2a")
    at.fill(
        at.outlines([stroke(0.14, 0.30, -0.05, 0.11, 0.03, 0.03), stroke(0.94, 0.30, 1.13, 0.11, 0.03, 0.03)]),
        "5a3f2a",
        shadow=0.012,
    )
    hay = 1.18 if at.variant % 2 == 0 else -0.18
    mounds: list[Outline] = [
        oval(hay, 0.80, 0.26, 0.12),
        oval(hay - 0.06, 0.70, 0.17, 0.10),
        oval(hay + 0.10, 0.72, 0.14, 0.08),
    ]
    at.fill(
        at.outlines(mounds),
        "d8b04a",
        0.92 + 0.10 * torch.sin(at.x * 130 + at.y * 60) * torch.sin(at.y * 150 - at.x * 40),
        shadow=0.016,
    )
    stall = -0.42 if at.variant % 2 == 0 else 0.98
    for y in (0.60, 0.70):
        at.box(stall, stall + 0.46, y, y + 0.026, "8a6240")
    for x in (stall, stall + 0.22, stall + 0.44):
        at.box(x, x + 0.026, 0.55, 0.86, "7a5434")
    fork = hay - 0.24
    at.fill(
        at.outlines(
            [
                stroke(fork, 0.86, fork + 0.05, 0.42, 0.010, 0.010),
                stroke(fork + 0.02, 0.43, fork + 0.08, 0.43, 0.008, 0.008),
                *[stroke(fork + 0.025 + d, 0.43, fork + 0.03 + d, 0.34, 0.006, 0.006) for d in (0.0, 0.025, 0.05)],
            ]
        ),
        "6a5a4a",
        shadow=0.008,
    )
    at.fill(
        at.outlines([stroke(0.16, 0.13, 0.16, 0.22, 0.003, 0.003), stroke(0.16, 0.22, 0.16, 0.29, 0.04, 0.045)]),
        "ffe0a0",
    )
    at.shine(0.16, 0.26, 0.80, 1.4)
    at.shine(0.5, 0.92, 0.8, 0.5, 0.6)


def museum(at: SetPainter) -> None:
    """A hall of a museum: framed pictures of all kinds with lamps, a cord on posts, columns, a skylight."""
    at.fill(at.rectangle(-9, 9, 0.66, FLOOR), "d8d0c4")
    at.boards("b89868", "a08054", 7)
    at.skirting("f0ece4", 0.03)
    at.box(-9, 9, 0.035, 0.055, "e8e0d0")
    at.cut(at.rectangle(0.18, 0.82, -0.2, 0.028))
    hung = ((-0.40, 0.30, 0.24), (-0.08, 0.24, 0.30), (0.26, 0.48, 0.36), (0.80, 0.24, 0.28), (1.10, 0.28, 0.30))
    for number, (left, wide, tall) in enumerate(hung):
        top = 0.36 - tall / 2
        at.box(
            left - 0.018,
            left + wide + 0.018,
            top - 0.018,
            top + tall + 0.018,
            ("b8924a", "3a2a20", "d8b868")[(number + at.variant) % 3],
        )
        inner = at.rectangle(left, left + wide, top, top + tall)
        _picture(at, inner, left, wide, top, tall, (number + 2 * at.variant) % 5)
        at.shine(left + wide / 2, top, 0.30, 0.9)
    for x in (-0.47, 0.20, 0.775, 1.43):
        at.fill(
            at.rectangle(x - 0.022, x + 0.022, 0.055, FLOOR),
            "ece4d4",
            0.94 + 0.06 * torch.sin(at.x * 230),
            shadow=0.012,
        )
        at.box(x - 0.035, x + 0.035, 0.055, 0.085, "ece4d4")
        at.box(x - 0.035, x + 0.035, FLOOR - 0.035, FLOOR, "ece4d4")
    posts = [stroke(x, 0.87, x, 0.72, 0.012, 0.012) for x in (-0.20, 0.08, 0.92, 1.20)]
    at.fill(at.outlines(posts), "c9a04a", shadow=0.008)
    for left, right in ((-0.20, 0.08), (0.92, 1.20)):
        sag = 0.73 + 0.045 * (1 - (2 * (at.x - left) / (right - left) - 1) ** 2)
        at.fill(at.cover(0.007 - (at.y - sag).abs()) * at.rectangle(left, right, 0.7, 0.8), "a8202f")
    at.shine(0.5, 0.92, 1.1, 0.55, 0.6)


def _picture(at: SetPainter, inner: torch.Tensor, left: float, wide: float, top: float, tall: float, kind: int) -> None:
    """What a picture on the wall shows: a landscape, a face, a still life, stripes, a ship."""
    middle, foot = left + wide / 2, top + tall
    at.fill(inner, ("a8c8d8", "5a4a40", "3f4a44", "f0e8d8", "c8d8d8")[kind])
    if kind == 0:
        at.fill(inner * at.cover(at.y - top - 0.55 * tall - 0.05 * torch.sin((at.x - left) * 14)), "6a8a4a")
        at.fill(at.outlines([oval(left + 0.72 * wide, top + 0.28 * tall, 0.1 * tall, 0.1 * tall)]), "f8e0a0")
    elif kind == 1:
        at.fill(at.outlines([oval(middle, foot, 0.36 * wide, 0.34 * tall)]) * inner, "8a3f3a")
        at.fill(at.outlines([oval(middle, top + 0.40 * tall, 0.15 * wide, 0.20 * tall)]), "e0b898")
    elif kind == 2:
        at.fill(inner * at.cover(at.y - top - 0.70 * tall), "8a6240")
        for number, dx in enumerate((-0.14, 0.0, 0.12)):
            at.fill(
                at.outlines([oval(middle + dx * wide, top + 0.64 * tall, 0.09 * wide, 0.10 * tall)]),
                ("d8402f", "f0b040", "8aa83f")[number],
            )
    elif kind == 3:
        for number in range(4):
            x = left + wide * (0.1 + 0.22 * number)
            at.fill(
                at.rectangle(x, x + 0.14 * wide, top + 0.1 * tall, foot - 0.1 * tall),
                ("d8402f", "2f5f8a", "f0c040", "2a2a30")[number],
            )
    else:
        at.fill(inner * at.cover(at.y - top - 0.62 * tall), "3f7a8a")
        at.fill(
            at.outlines(
                [
                    [
                        (middle - 0.2 * wide, top + 0.58 * tall),
                        (middle + 0.2 * wide, top + 0.58 * tall),
                        (middle + 0.12 * wide, top + 0.70 * tall),
                        (middle - 0.12 * wide, top + 0.70 * tall),
                    ],
                    [
                        (middle, top + 0.15 * tall),
                        (middle + 0.16 * wide, top + 0.52 * tall),
                        (middle, top + 0.52 * tall),
                    ],
                ]
            ),
            "f4ecd8",
        )


def corridor(at: SetPainter) -> None:
    """A long corridor that leads away from the viewer: doors on both sides, lamps on the ceiling, light at its end."""
    x, y = at.x - 0.5, at.y - 0.42
    depth = torch.maximum(x.abs() / 0.62, torch.where(y < 0, -y / 0.50, y / 0.62)).clamp(min=0.02)  # 1 near the viewer
    side = (x.abs() / 0.62 >= torch.where(y < 0, -y / 0.50, y / 0.62) - 1e-3).float()
    haze = (0.62 + 0.38 * depth.clamp(max=1.3)).expand_as(at.open)
    at.multiply(haze * (1 - 0.10 * side))
    ceiling = (1 - side) * (y < 0).float()
    floor = (1 - side) * (y >= 0).float()
    shine_rows = (((1 / depth) * 1.5) % 1 < 0.5).float()
    at.fill(ceiling, "f4f2ea", haze)
    at.fill(floor, ("a8b4b0", "b89878", "9aa4b0")[at.variant % 3], haze * (0.94 + 0.06 * shine_rows))
    band = side * ((y / depth - 0.12).abs() < 0.035).float()
    at.fill(band, at.pick("5fa8a4", "8a5a3c", "4f6f9a", "c8903f"), haze)
    across = (1 / depth) * 1.35 + 0.2
    door = side * ((across % 1) < 0.42).float() * (y / depth > -0.18).float() * (depth > 0.16).float()
    at.fill(door, at.pick("c8a070", "6f4a34", "d8dce0", "5f7f8a"), haze)
    knob = door * ((across % 1 - 0.37).abs() < 0.02).float() * ((y / depth - 0.18).abs() < 0.02).float()
    at.fill(knob, "3a3f44")
    end = at.rectangle(0.5 - 0.62 * 0.16, 0.5 + 0.62 * 0.16, 0.42 - 0.50 * 0.16, 0.42 + 0.62 * 0.16)
    at.fill(end, "e8e4d8")
    at.cut(at.rectangle(0.44, 0.56, 0.36, 0.47))
    at.fill(at.rectangle(0.497, 0.503, 0.36, 0.47), "8a9298")
    lamps = (
        ceiling
        * (x.abs() / depth < 0.16).float()
        * ((((1 / depth) * 1.5 + 0.2) % 1) < 0.35).float()
        * (depth > 0.17).float()
    )
    at.fill(lamps, "fffdf0")
    at.lamp += 0.9 * lamps + 0.45 * floor * (x.abs() / depth < 0.25).float()
    at.day += 0.22
    at.shine(0.5, 0.42, 1.2, 0.95)


def big_kitchen(at: SetPainter) -> None:
    """The kitchen of a restaurant: white tiles, a hood above a range with pots, ladles, shelves of plates, steel."""
    at.tiles(at.pick("eef0ee", "e8dfcc", "d4e2e6"), at.pick("c4ccca", "c8b898", "a8c0c8"), 0.0, FLOOR, 0.065)
    at.tiles(
        "a8564a" if at.variant % 2 else "8a9294", "7f4038" if at.variant % 2 else "70787a", 0, 0, 0.16, checked=True
    )
    at.skirting("8a9294")
    at.window(0.18 if at.variant % 2 else 0.82, 0.10, 0.12, 0.36, "e8ecec", (2, 1))
    left = 0.40 if at.variant % 2 else -0.20
    at.fill(
        at.outlines([[(left + 0.14, -0.1), (left + 0.66, -0.1), (left + 0.80, 0.20), (left, 0.20)]]),
        "b8c0c4",
        0.94 + 0.06 * torch.sin(at.y * 60),
        shadow=0.02,
    )
    at.box(left, left + 0.80, 0.195, 0.225, "98a2a6")
    at.box(left + 0.05, left + 0.75, 0.30, 0.31, "7a8488")
    for number in range(8):
        x = left + 0.10 + 0.085 * number
        at.fill(
            at.outlines([stroke(x, 0.31, x, 0.41, 0.006, 0.006), oval(x, 0.42, 0.022, 0.016 + 0.006 * (number % 2))]),
            ("8a9498", "b0743c")[number % 3 == 0],
            shadow=0.008,
        )
    at.box(-9, 9, 0.60, 0.625, "d0d6d8")
    at.fill(at.rectangle(-9, 9, 0.625, FLOOR), "a8b2b6", 1 - 0.10 * (((at.x * 3.4) % 1) < 0.03).float())
    for number in range(4):
        x, wide, tall = left + 0.12 + 0.18 * number, 0.055 + 0.012 * (number % 2), 0.06 + 0.03 * (number % 2)
        at.fill(
            at.rectangle(x - wide, x + wide, 0.60 - tall, 0.60),
            ("9aa6aa", "b0743c", "c8d0d2", "4a5054")[number],
            shadow=0.01,
        )
        at.fill(at.rectangle(x - wide - 0.012, x + wide + 0.012, 0.60 - tall - 0.012, 0.60 - tall), "6a7478")
        at.fill(at.outlines([oval(x + d, 0.66, 0.012, 0.012) for d in (-0.03, 0.03)]), "2a3034")
    shelf = 1.02 if left < 0 else -0.42
    for y in (0.26, 0.40):
        at.box(shelf, shelf + 0.42, y, y + 0.016, "98a2a6")
        for number in range(5):
            x = shelf + 0.05 + 0.08 * number
            stack: list[Outline] = [oval(x, y - 0.008 - 0.012 * n, 0.034, 0.007) for n in range(2 + (number * 3) % 4)]
            at.fill(at.outlines(stack), "f8f6ee", 0.96, shadow=0.005)
    for x in (left + 0.2, left + 0.6):
        at.shine(x, 0.22, 0.60, 1.15)
    at.shine(0.5, 0.0, 1.3, 0.6, 0.6)
    at.shine(0.5, 0.92, 1.0, 0.5, 0.6)


def pub(at: SetPainter) -> None:
    """A pub: dark panels, a bar with taps and a mirror full of bottles, stools, a dartboard, lamps of green glass."""
    at.fill(at.rectangle(-9, 9, 0.50, FLOOR), "5a3826")
    at.multiply(1 - 0.20 * at.rectangle(-9, 9, 0.53, 0.78) * ((((at.x * 5) % 1) - 0.5).abs() < 0.42).float())
    at.boards("6a4630", "523424", 10)
    at.skirting("3a2418")
    at.box(-9, 9, 0.492, 0.506, "7a4f34")
    bar = 0.78 if at.variant % 2 == 0 else -0.62
    at.window(0.26 if bar > 0.5 else 0.74, 0.17, 0.13, 0.45, "4a2f20", (3, 2))
    at.box(bar + 0.06, bar + 0.80, 0.10, 0.47, "4a2c1c")
    at.fill(at.rectangle(bar + 0.08, bar + 0.78, 0.12, 0.46), "7a8a8c", 0.9 + 0.15 * torch.sin(6 * (at.x + at.y)))
    for foot in (0.27, 0.45):
        for number in range(10):
            x = bar + 0.11 + 0.068 * number
            tall = 0.075 + 0.016 * ((number * 7) % 3)
            at.fill(
                at.outlines(
                    [
                        stroke(x, foot, x, foot - tall, 0.030, 0.026),
                        stroke(x, foot - tall, x, foot - tall - 0.026, 0.012, 0.010),
                    ]
                ),
                BOTTLES[(number * 3 + round(10 * foot)) % 5],
                shadow=0.005,
            )
        at.box(bar + 0.08, bar + 0.78, foot, foot + 0.012, "6a4028")
    at.box(bar - 0.02, bar + 0.90, 0.585, 0.615, "a8703f")
    at.fill(at.rectangle(bar, bar + 0.90, 0.615, 0.86), "5a3220", 1 - 0.15 * (((at.x * 6) % 1) > 0.94).float())
    taps: list[Outline] = [
        stroke(bar + 0.14 + 0.05 * n, 0.585, bar + 0.14 + 0.05 * n, 0.50, 0.012, 0.020) for n in range(3)
    ]
    at.fill(at.outlines(taps), "e0c070", shadow=0.006)
    other = -0.16 if bar > 0.5 else 1.16
    for size, colour in ((0.085, "22201e"), (0.070, "e8dcc0"), (0.052, "2a6a3a"), (0.036, "e8dcc0"), (0.014, "c8302a")):
        at.fill(at.outlines([oval(other, 0.30, size, size)]), colour, shadow=0.008 * (size > 0.08))
    for x in (other, 0.5, bar + 0.40):
        at.fill(at.outlines([stroke(x, -0.2, x, 0.03, 0.004, 0.004)]), "1a1614")
        at.fill(at.outlines([[(x - 0.03, 0.025), (x + 0.03, 0.025), (x + 0.075, 0.08), (x - 0.075, 0.08)]]), "2f7a4a")
        at.shine(x, 0.10, 0.60, 1.25)
        at.cone(x, 0.08, 0.92, 0.36, 0.45)


def church(at: SetPainter) -> None:
    """The nave of a church: pointed windows of coloured glass, columns, an altar with candles, pews, a carpet."""
    at.multiply((1 - 0.06 * (((at.y * 9) % 1) < 0.05).float()).expand_as(at.open))
    at.tiles("b8b0a4", "9a9288", 0, 0, 0.18, checked=True)
    at.skirting("8a8278")
    for middle in (-0.24, 0.08, 0.92, 1.24):
        at.window(middle, 0.075, 0.16, 0.50, "d8cfbe", (2, 3), arch=1.7)
    at.window(0.5, 0.135, 0.13, 0.46, "d8cfbe", (3, 3), arch=1.2)
    panes: list[list[Outline]] = [[], [], [], []]
    for middle, half in ((-0.24, 0.075), (0.08, 0.075), (0.5, 0.135), (0.92, 0.075), (1.24, 0.075)):
        for row in range(4):
            for column in (-1, 1):
                panes[(row * 2 + column + round(10 * middle)) % 4].append(
                    oval(middle + column * 0.5 * half, 0.23 + 0.066 * row, 0.34 * half, 0.026)
                )
    for shapes, colour in zip(panes, ("c8302f", "2f5fa8", "e8b030", "2f8a5a"), strict=True):
        at.fill(at.outlines(shapes), colour, 1.15)
    for x in (-0.08, 0.26, 0.74, 1.08):
        at.fill(
            at.rectangle(x - 0.028, x + 0.028, -0.2, FLOOR), "d8cfc0", 0.92 + 0.08 * torch.sin(at.x * 220), shadow=0.014
        )
        at.box(x - 0.044, x + 0.044, FLOOR - 0.04, FLOOR, "c8bfb0")
    at.fill(
        at.outlines([[(0.44, FLOOR), (0.56, FLOOR), (0.72, 1.02), (0.28, 1.02)]]),
        "9a2030" if at.variant % 2 == 0 else "2f4a7a",
    )
    at.box(0.38, 0.62, 0.67, 0.69, "f4f0e6")
    at.fill(at.rectangle(0.39, 0.61, 0.69, FLOOR), "e4dccc")
    at.fill(
        at.outlines([stroke(0.5, 0.67, 0.5, 0.54, 0.012, 0.012), stroke(0.465, 0.58, 0.535, 0.58, 0.012, 0.012)]),
        "d8b050",
        shadow=0.006,
    )
    for x in (0.41, 0.45, 0.55, 0.59):
        at.fill(at.outlines([stroke(x, 0.67, x, 0.62, 0.010, 0.010)]), "fbf6e8")
        at.fill(at.outlines([oval(x, 0.61, 0.005, 0.010)]), "ffd060", 1.3)
    for left in (-0.50, 0.86):
        for number in range(2):
            at.box(
                left - 0.04 * number, left + 0.50 + 0.04 * number, 0.72 + 0.07 * number, 0.80 + 0.09 * number, "7a5034"
            )
            at.fill(
                at.rectangle(
                    left - 0.04 * number, left + 0.50 + 0.04 * number, 0.715 + 0.07 * number, 0.73 + 0.07 * number
                ),
                "9a6a44",
            )
    at.shine(0.5, 0.58, 0.85, 1.3)
    at.shine(0.5, 0.92, 0.9, 0.5, 0.6)


WORK_SETS: dict[str, tuple[str, Callable[[SetPainter], None]]] = {  # name -> colour of the wall, what is painted
    "workshop": ("b8946a", workshop),
    "factory hall": ("c0b8a8", factory),
    "barn floor": ("8a6444", barn),
    "exhibition": ("8a3f3a", museum),
    "corridor": ("e4e8e0", corridor),
    "restaurant kitchen": ("e8ecea", big_kitchen),
    "pub": ("7a5a3a", pub),
    "nave": ("b4aa98", church),
}
WORK_WALLS = {  # colours of the walls of the others
    "workshop": ("a89a80", "a07a5a"),
    "factory hall": ("b8c0c0", "c4ac98"),
    "barn floor": ("7a6a54", "96704a"),
    "exhibition": ("3f5a5c", "d8d4cc"),
    "corridor": ("e8dcc8", "d8e0e8"),
    "restaurant kitchen": ("e8e4dc", "dce4e8"),
    "pub": ("5a6a4a", "8a4a3a"),
    "nave": ("a8acb0", "b8a588"),
}
