"""Places of today where people meet: a swimming pool, a laundrette, a counter, a railway platform, a balcony.

Each is a set as those of `modern_rooms` are. The last two are open to the sky.
"""

from __future__ import annotations

from collections.abc import Callable

import torch

from installation.models.theatre.polygon_mask import Outline, oval, stroke
from installation.models.theatre.set_painter import FLOOR, SetPainter

DRUMS = ("3f6a8a", "8a4a5a", "4a7a5a", "c08a3a", "5a4a7a")  # colours of what is washed
FLOWERS = ("d8402f", "e88fb0", "f0c040")


def pool(at: SetPainter) -> None:
    """A tiled hall with a basin of turquoise water, lane lines, a ladder, a high window."""
    at.tiles("dce8e8", "a8c4c8", 0.10, 0.70, 0.055)
    at.box(-9, 9, 0.56, 0.585, at.pick("2f8fa8", "e0843f", "4f9a6a"))
    at.window(0.5, 0.40, 0.10, 0.40, "e8eeee", (5, 1))
    at.fill(at.outlines([oval(1.10, 0.24, 0.075, 0.075)]), "30404a", shadow=0.012)
    at.fill(at.outlines([oval(1.10, 0.24, 0.063, 0.063)]), "f8f8f2")
    at.fill(
        at.outlines([stroke(1.10, 0.24, 1.10, 0.195, 0.007, 0.007), stroke(1.10, 0.24, 1.13, 0.255, 0.007, 0.007)]),
        "22262c",
    )
    at.fill(at.rectangle(-9, 9, 0.70, 9), at.pick("c4d4d4", "d8d0c0", "c8d8c8"))
    at.multiply(1 - 0.10 * ((at.x * 9) % 1 < 0.06).float() * at.rectangle(-9, 9, 0.70, 0.74))
    _water(at, 9.0)
    for x in (1.13, 1.21):
        at.fill(at.outlines([stroke(x, 0.60, x, 0.86, 0.012, 0.012)]), "b8c4c8", shadow=0.010)
    for y in (0.70, 0.76, 0.82):
        at.fill(at.outlines([stroke(1.13, y, 1.21, y, 0.009, 0.009)]), "b8c4c8")
    at.box(-0.24, -0.08, 0.62, 0.74, "2f6f9a")
    at.fill(at.outlines([oval(-0.30, 0.42, 0.06, 0.06)]), "f0f0ea", shadow=0.012)
    at.fill(at.outlines([oval(-0.30, 0.42, 0.046, 0.046)]), "e0642f")
    at.fill(at.outlines([oval(-0.30, 0.42, 0.026, 0.026)]), "eef4f4")
    for middle in (0.1, 0.9):
        at.shine(middle, 0.0, 0.62, 1.35, 0.6)
    at.shine(0.5, 0.95, 0.7, 0.22, 0.5)


def poolside(at: SetPainter) -> None:
    """The same hall, with the edge of the basin in front, on which people stand."""
    pool(at)
    at.fill(at.rectangle(-9, 9, 0.835, 9), "c8d4d4", 1 - 0.10 * (((at.x * 8) % 1) < 0.04).float())
    at.fill(at.rectangle(-9, 9, 0.826, 0.846), "f8fafa", shadow=0.0)
    at.fill(at.rectangle(-9, 9, 0.846, 0.862), "2f8fa8")


def _water(at: SetPainter, bottom: float) -> None:
    """The water of a basin down to `bottom`, with lines of buoys that run towards the viewer."""
    down = (at.y - 0.74).clamp(min=0)
    ripples = 0.5 + 0.5 * torch.sin(26 * at.x / (1 + 1.5 * down) + 7 * torch.sin(30 * at.y) + 60 * at.y)
    at.fill(
        at.rectangle(-9, 9, 0.745, bottom), at.pick("2fc0c8", "3f9ad0", "4fc0a0"), 0.86 + 0.16 * ripples + 0.25 * down
    )
    at.fill(at.rectangle(-9, 9, 0.735, 0.752), "f4f8f8")
    for number in range(-2, 4):
        near, far = 0.5 + (number - 0.5) * 0.62, 0.5 + (number - 0.5) * 0.34
        for step in range(14):
            along = (step / 14) ** 1.6
            place = oval(far + (near - far) * along, 0.755 + 0.30 * along, 0.006 + 0.010 * along, 0.004 + 0.007 * along)
            at.fill(at.outlines([place]), ("d8402f", "f4f4ee")[step % 2])


def laundrette(at: SetPainter) -> None:
    """A row of washing machines with round doors below a row of dryers, a bench, a basket."""
    at.tiles("e4e0d4", "c4b8a4", 0, 0, 0.17, checked=True)
    at.skirting("8a929a")
    at.fill(at.rectangle(-9, 9, 0.10, 0.155), at.pick("e0642f", "2f7fa8", "8a5a9a"))
    for number in range(9):
        left = -0.62 + 0.25 * number
        at.box(left, left + 0.235, 0.545, FLOOR + 0.012, "f2f4f4")
        _drum(at, left + 0.118, 0.69, 0.080, number)
        at.fill(at.rectangle(left + 0.015, left + 0.22, 0.56, 0.593), "b8c4cc")
        dials: list[Outline] = [oval(left + 0.05 + 0.022 * dial, 0.577, 0.008, 0.008) for dial in range(3)]
        at.fill(at.outlines(dials), ("d8402f", "2f8f5a", "2f6fa8")[number % 3])
        at.box(left, left + 0.235, 0.20, 0.46, "d8dee2")
        _drum(at, left + 0.118, 0.335, 0.085, number + 2)
    at.box(-9, 9, 0.46, 0.545, "c8ccd0")
    at.box(1.0, 1.42, 0.86, 0.885, "b07a44")
    for x in (1.05, 1.37):
        at.fill(at.outlines([stroke(x, 0.885, x, 0.96, 0.013, 0.013)]), "4a525a")
    for middle in (0.05, 0.95):
        at.fill(at.rectangle(middle - 0.17, middle + 0.17, 0.028, 0.052), "fdfcf0", shadow=0.02)
        at.shine(middle, 0.04, 1.0, 0.9, 0.6)
    at.shine(0.5, 0.95, 0.9, 0.4, 0.5)


def _drum(at: SetPainter, x: float, y: float, size: float, number: int) -> None:
    """The round door of a machine, with linen behind the glass."""
    at.fill(at.outlines([oval(x, y, size, size)]), "98a4ac", shadow=0.010)
    at.fill(at.outlines([oval(x, y, 0.78 * size, 0.78 * size)]), "1f2a34")
    linen = oval(x, y + 0.22 * size, 0.62 * size, 0.42 * size)
    at.fill(at.outlines([linen]), DRUMS[number % len(DRUMS)], 0.9 + 0.25 * torch.sin(90 * at.x + 70 * at.y))
    at.fill(at.outlines([oval(x - 0.25 * size, y - 0.30 * size, 0.20 * size, 0.14 * size)]), "a8c4d4", 1.1)


def counter(at: SetPainter) -> None:
    """The counter of a post office or a bank: windows of glass with a clerk's lamp, scales, parcels, a sign."""
    at.tiles("d8d0c0", "c0b49c", 0, 0, 0.20, checked=True)
    at.skirting("6a5a44")
    at.box(-9, 9, 0.045, 0.135, at.pick("f0c030", "3f7fa8", "b8442f"))
    at.fill(at.rectangle(0.44, 0.56, 0.058, 0.122), "fdfaf0", shadow=0.006)
    at.fill(
        at.outlines([stroke(0.44, 0.06, 0.50, 0.096, 0.005, 0.005), stroke(0.56, 0.06, 0.50, 0.096, 0.005, 0.005)]),
        "8a6a2a",
    )
    for left, right in ((-0.70, -0.06), (1.06, 1.70)):
        at.box(left, right, 0.20, 0.60, "8a6a48")
        for row, foot in enumerate((0.33, 0.46, 0.59)):
            for column in range(4):
                x = left + 0.03 + 0.155 * column
                height = 0.05 + 0.018 * ((row + 2 * column) % 3)
                at.fill(
                    at.rectangle(x, x + 0.11, foot - height, foot),
                    ("c89a62", "b4834c", "d8b078")[(row + column) % 3],
                    shadow=0.008,
                )
                at.fill(at.rectangle(x + 0.048, x + 0.060, foot - height, foot), "e8d8b4")
    at.box(-9, 9, 0.60, 0.630, "e0c090")
    at.fill(at.rectangle(-9, 9, 0.630, FLOOR + 0.01), "7a4f30", 1 - 0.16 * (((at.x * 5) % 1) > 0.95).float())
    for middle in (0.06, 0.5, 0.94):
        at.fill(
            at.rectangle(middle - 0.20, middle + 0.20, 0.20, 0.60), "c4dce4", 0.92 + 0.12 * torch.sin(9 * (at.x + at.y))
        )
        for x in (middle - 0.20, middle + 0.20):
            at.box(x - 0.007, x + 0.007, 0.19, 0.60, "a8884a")
        at.fill(at.rectangle(middle - 0.08, middle + 0.08, 0.545, 0.60), "4a3a2c")
    at.box(-0.15, 1.15, 0.18, 0.20, "a8884a")
    for x in (0.28, 0.72):
        at.fill(at.rectangle(x - 0.05, x + 0.05, 0.572, 0.60), "d8402f", shadow=0.008)
        at.fill(at.outlines([oval(x, 0.545, 0.040, 0.030)]), "f4f4ee", shadow=0.006)
    for middle in (0.06, 0.5, 0.94):
        at.shine(middle, 0.10, 0.65, 1.0)
    at.shine(0.5, 0.95, 1.0, 0.5, 0.5)


def platform(at: SetPainter) -> None:
    """A railway platform: a canopy on iron columns, a clock, a name board, rails before it, the sky between."""
    at.cut(at.rectangle(-9, 9, 0.16, 0.44))
    at.fill(
        at.rectangle(-9, 9, 0.44, 0.70),
        at.pick("9a6a50", "8a8a84", "b08a5a"),
        1 - 0.12 * (((at.y * 30) % 1) < 0.12).float(),
    )
    at.box(-9, 9, 0.43, 0.452, "d8c4a8")
    at.fill(
        at.cover(at.y - 0.70).expand_as(at.open), "6a6460", 0.9 + 0.1 * torch.sin(120 * at.x) * torch.sin(140 * at.y)
    )
    for sleeper in range(-6, 22):
        at.fill(at.rectangle(0.095 * sleeper, 0.095 * sleeper + 0.055, 0.715, 0.752), "4a3626")
    for y in (0.716, 0.742):
        at.box(-9, 9, y, y + 0.008, "b8c0c4")
    at.fill(at.rectangle(-9, 9, 0.770, 9), "b8b0a4", 1 - 0.08 * (((at.x * 5) % 1) < 0.03).float())
    at.fill(at.rectangle(-9, 9, 0.762, 0.785), "e4ded2")
    at.fill(at.rectangle(-9, 9, 0.800, 0.815), "f0c030")
    at.box(-9, 9, -0.2, 0.10, at.pick("3f5a54", "6a3a34", "3f4a6a"))
    teeth = 0.10 + 0.045 * (((at.x * 14) % 1) - 0.5).abs() * 2
    at.fill(at.cover(teeth - at.y) * at.rectangle(-9, 9, 0.09, 9), "e8e0cc", shadow=0.014)
    for x in (-0.36, 0.16, 0.84, 1.36):
        at.fill(
            at.outlines([stroke(x, 0.08, x, 0.80, 0.018, 0.018), oval(x, 0.80, 0.035, 0.014)]), "2f4a44", shadow=0.012
        )
        at.fill(
            at.outlines([stroke(x, 0.22, x - 0.09, 0.11, 0.010, 0.010), stroke(x, 0.22, x + 0.09, 0.11, 0.010, 0.010)]),
            "2f4a44",
        )
    at.box(0.33, 0.67, 0.475, 0.575, "f4f4ec")
    at.fill(at.rectangle(0.36, 0.64, 0.505, 0.545), "2f4f8a")
    at.fill(
        at.outlines([stroke(1.10, 0.08, 1.10, 0.20, 0.008, 0.008), oval(1.10, 0.255, 0.068, 0.068)]),
        "22302c",
        shadow=0.010,
    )
    at.fill(at.outlines([oval(1.10, 0.255, 0.057, 0.057)]), "fdf8e4")
    at.fill(
        at.outlines([stroke(1.10, 0.255, 1.10, 0.215, 0.006, 0.006), stroke(1.10, 0.255, 1.128, 0.268, 0.006, 0.006)]),
        "22262c",
    )
    at.day = at.day + 0.55
    at.shine(1.10, 0.25, 0.5, 1.35)
    at.shine(-0.10, 0.12, 0.8, 1.3)


def balcony(at: SetPainter) -> None:
    """A balcony: the open sky over a railing of iron, boxes of flowers on it, a door and a blind at the side."""
    at.cut(at.rectangle(-9, 9, -9, 0.72))
    at.fill(at.rectangle(-9, 9, 0.70, 9), "c89a78")
    at.tiles("d8b090", "c09470", 0, 0, 0.16, checked=True)
    at.fill(at.rectangle(-9, 9, 0.78, FLOOR + 0.01), "b4886a")
    at.fill(at.rectangle(-9, -0.12, -9, 0.84), "e4c8a4")
    at.box(-0.135, -0.105, -0.2, 0.84, "c4a078")
    at.box(-0.46, -0.20, 0.14, 0.83, "7a9a8c")
    at.fill(at.rectangle(-0.43, -0.23, 0.18, 0.60), "a8c8d4", 0.9 + 0.15 * torch.sin(8 * (at.x - at.y)))
    bars: list[Outline] = [stroke(x / 100, 0.575, x / 100, 0.80, 0.008, 0.008) for x in range(-10, 190, 5)]
    at.fill(at.outlines(bars), "2f3a40")
    at.box(-0.12, 9, 0.555, 0.578, "2f3a40")
    at.box(-0.12, 9, 0.775, 0.795, "2f3a40")
    for number, left in enumerate((0.02, 0.62, 1.06)):
        at.box(left, left + 0.26, 0.585, 0.645, at.pick("a85a38", "f0ece0", "4f7a6a"))
        for place in range(9):
            x, y = left + 0.018 + 0.028 * place, 0.568 - 0.018 * (place % 3)
            at.fill(at.outlines([oval(x, y + 0.012, 0.020, 0.016)]), "4a8a4a")
            at.fill(at.outlines([oval(x, y, 0.013, 0.013)]), FLOWERS[(number + place) % 3])
    drop = 0.055 + 0.022 * torch.sin(at.x * 40).abs()
    stripes = ((at.x * 9) % 1 > 0.5).float()
    at.fill(at.cover(drop - at.y).expand_as(at.open), "e8e0cc", 1.0, shadow=0.014)
    at.fill(at.cover(drop - at.y) * stripes, at.pick("d8603f", "3f7f9a", "d8a83f"))
    at.day = at.day + 0.60
    at.shine(-0.3, 0.2, 0.9, 1.35)


PUBLIC_SETS: dict[str, tuple[str, Callable[[SetPainter], None]]] = {  # name -> colour of the wall, what is painted
    "pool": ("e4eeee", pool),
    "poolside": ("e4eeee", poolside),
    "laundrette": ("cfe0dc", laundrette),
    "counter": ("e8dcc0", counter),
    "platform": ("c8c0b0", platform),
    "balcony": ("e4c8a4", balcony),
}
PUBLIC_WALLS = {  # colours of the walls of the others
    "pool": ("d8e8ee", "ece8dc"),
    "poolside": ("d8e8ee", "ece8dc"),
    "laundrette": ("e4d8c4", "d4d8e8"),
    "counter": ("dce0d4", "e4d4c8"),
    "platform": ("c8c0b0", "b8c0c4"),
    "balcony": ("dcc4b0", "e8d4b0"),
}
