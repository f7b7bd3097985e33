"""Streets that an audience sees from near: house fronts with shops, a square, an alley, a yard, a crossing.

Each is a set as those of `rooms` are, but under the open sky: it stands behind the figures, on the terrain that words
name, and hides its land. The number of the variant draws the houses, so that no two streets of an evening look alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import torch

from installation.models.theatre.polygon_mask import Outline, oval, stroke
from installation.models.theatre.set_painter import FLOOR, WINTER, SetPainter
from installation.models.theatre.sprite_tables import scenery_rng

SEED = 1120
PLASTER = ("d8b48a", "c98a6a", "e4d4b4", "a8b8a4", "b9a0a8", "d8a44a", "9fb2c0", "c4705a", "e0c4a8", "8a9a8a")
AWNINGS = ("c8402f", "2f6f8a", "3f7f4a", "d89a2a", "7a3f6a")
FRAMES = ("f4efe2", "4a3a2e", "3f5a54", "7a2f2a", "2f3f54")
GOODS = ("c8442f", "e0a030", "3f7f5a", "2f6f9a", "e8d8b8", "e07f9a")
FRUIT = ("d8402f", "f0a030", "8aa83f", "f0d050", "a83f5a", "e07f9a", "6a8f3f")
STOREY, GROUND_FLOOR = 0.235, 0.45  # from one row of windows to the next; the y of the top of ground floors
EDGES = -0.62, 1.62  # x of the ends of a street


def houses(at: SetPainter) -> None:
    """A street of house fronts with doors, shop windows and awnings, pavement, a lamp; a gap shows the sky."""
    random = scenery_rng(SEED, at.variant)
    _row(at, random, (0.55, 0.45))
    _pavement(at)
    _lamp(at, 0.03 if at.variant % 2 else 0.97)
    if at.variant % 3 == 0:
        _tree(at, 1.22 if at.variant % 2 else -0.22, random)


def shops(at: SetPainter) -> None:
    """The same with a shop on each ground floor."""
    random = scenery_rng(SEED + 1, at.variant)
    _row(at, random, (1.0, 0.0))
    _pavement(at)
    _lamp(at, -0.16 if at.variant % 2 else 1.16)


def crossing(at: SetPainter) -> None:
    """A street before house fronts, with the white bars of a zebra crossing and a traffic light."""
    random = scenery_rng(SEED + 2, at.variant)
    _row(at, random, (0.6, 0.4))
    at.fill(at.rectangle(-9, 9, FLOOR - 0.012, 9), at.ground("b8b2a6"))
    at.fill(at.rectangle(-9, 9, FLOOR + 0.018, 9), "a4adb8" if at.season == WINTER else "50535a")
    at.fill(at.rectangle(-9, 9, FLOOR + 0.014, FLOOR + 0.024), "d8d4c8")
    bars = []
    for number in range(-4, 5):
        near, far = 0.5 + 0.235 * number, 0.5 + 0.155 * number
        bars.append([(far - 0.036, 0.852), (far + 0.036, 0.852), (near + 0.058, 1.02), (near - 0.058, 1.02)])
    at.fill(at.outlines(bars), "f2f0e6")
    x = 1.18 if at.variant % 2 else -0.18
    at.fill(at.outlines([stroke(x, 0.84, x, 0.36, 0.016, 0.016)]), "2a2e32", shadow=0.012)
    at.box(x - 0.034, x + 0.034, 0.20, 0.385, "22262a")
    for y, colour in ((0.235, "e03a2a"), (0.292, "5a4a1e"), (0.350, "1e4a2c")):
        at.fill(at.outlines([oval(x, y, 0.021, 0.023)]), colour)
    at.shine(x, 0.235, 0.14, 1.7)
    at.shine(0.5, 0.6, 1.2, 0.5, 0.7)


def square(at: SetPainter) -> None:
    """A square: gabled houses and a church or a town hall beyond a wide floor of cobbles, a fountain, plane trees."""
    random = scenery_rng(SEED + 3, at.variant)
    at.cut(at.rectangle(-9, 9, -9, 0.80))
    x, foot, number = -0.60, 0.775, 0
    middle = (0.30, 0.70, 0.16)[at.variant % 3]
    while x < EDGES[1]:
        width = 0.15 + 0.07 * random.random()
        if x < middle < x + width + 0.05:
            _landmark(at, x, x + 0.24, foot, at.variant % 2 == 0)
            x += 0.25
            continue
        _gabled(at, x, x + width, foot - 0.30 - 0.10 * random.random(), foot, random, number)
        x += width + 0.004
        number += 1
    _cobbles(at, 0.765)
    for place in (-0.28, 1.28):
        _tree(at, place, random, 0.62)
    if at.variant % 3 != 2:
        _fountain(at, 1.02 if middle < 0.5 else -0.02)
    at.day += 0.34
    for place in (-0.1, 0.5, 1.1):
        at.shine(place, 0.66, 0.55, 1.0)


def stalls(at: SetPainter) -> None:
    """A market on a square: stalls with striped roofs, boxes of fruit and flowers, paper lamps on a cord."""
    square(at)
    random = scenery_rng(SEED + 6, at.variant)
    for number, left in enumerate((-0.46, -0.08, 0.76, 1.10)):
        colour, foot = AWNINGS[(number + at.variant) % 5], 0.845 if number in (0, 3) else 0.815
        poles = [stroke(left + dx, foot, left + dx, 0.44, 0.010, 0.010) for dx in (0.01, 0.29)]
        at.fill(at.outlines(poles), "7a5a3c", shadow=0.008)
        at.fill(
            at.rectangle(left, left + 0.30, foot - 0.17, foot), "9a7048", 1 - 0.12 * (((at.x * 40) % 1) < 0.1).float()
        )
        for row in range(2):
            for box in range(3):
                x, y = left + 0.008 + 0.097 * box, foot - 0.165 - 0.035 * row
                fruit = [
                    oval(x + 0.014 + 0.0145 * n, y - 0.008 - 0.007 * ((n + row) % 2), 0.011, 0.011) for n in range(5)
                ]
                at.fill(at.outlines(fruit), FRUIT[int(random.integers(len(FRUIT)))], shadow=0.004)
                at.fill(at.rectangle(x, x + 0.09, y, y + 0.030), "b88a58")
        roof = at.outlines([[(left - 0.03, 0.50), (left + 0.02, 0.41), (left + 0.28, 0.41), (left + 0.33, 0.50)]])
        at.fill(roof, colour, shadow=0.02)
        at.fill(roof * ((at.x * 24) % 1 > 0.5).float(), "f8f0dc")
        at.shine(left + 0.15, 0.62, 0.34, 1.2)
    cord = 0.30 + 0.03 * torch.sin(at.x * 9)
    at.fill(at.cover(0.002 - (at.y - cord).abs()), "3a3430")
    for number in range(13):
        x = -0.45 + 0.155 * number
        y = 0.318 + 0.03 * math.sin(x * 9)
        at.fill(at.outlines([oval(x, y, 0.014, 0.017)]), AWNINGS[number % 5], 1.25)
        at.shine(x, y, 0.10, 0.8)


def alley(at: SetPainter) -> None:
    """A narrow lane between two high walls, with steps of light, pipes, washing over it, bins, a lamp, its far end."""
    random = scenery_rng(SEED + 4, at.variant)
    at.cut(at.rectangle(-9, 9, -9, 0.74))
    far_left, far_right, end = 0.36, 0.64, 0.70
    _gabled(at, far_left - 0.02, far_right + 0.02, 0.32, end + 0.02, random, at.variant)
    left_wall, right_wall = PLASTER[at.variant % 10], PLASTER[(at.variant * 3 + 4) % 10]
    walls = (
        (left_wall, [(-2, -2), (0.30, -0.35), (far_left, 0.20), (far_left, end), (-2, 2.2)]),
        (right_wall, [(3, -2), (0.70, -0.35), (far_right, 0.14), (far_right, end), (3, 2.2)]),
    )
    for colour, corners in walls:
        beside = (at.x - 0.5).abs()
        rows = (((at.y - 0.45) / (0.12 + beside) * 9) % 1 < 0.05).float()
        at.fill(at.outlines([corners]), colour, (0.62 + 0.36 * (beside / 0.9)) * (1 - 0.14 * rows), shadow=0.0)
    for side in (-1, 1):
        for distance, height in ((0.26, 0.34), (0.47, 0.42), (0.76, 0.52)):
            _side_window(at, side, distance, height, random)
        _side_door(at, side, 0.36 if side > 0 else 0.55)
    floor = [(far_left, end), (far_right, end), (3.0, 2.2), (-2.0, 2.2)]
    across = (at.x - 0.5) / (at.y - 0.56).clamp(min=0.02)
    stones = 0.90 + 0.10 * ((across * 7) % 1 > 0.08).float() * ((1 / (at.y - 0.56).clamp(min=0.02) * 1.6) % 1 > 0.10)
    at.fill(at.outlines([floor]), at.ground("8f867c"), stones)
    if at.variant % 2 == 0:
        _washing(at, random)
    for x, y in ((0.04, 0.86), (0.94, 0.86)) if at.variant % 3 else ((1.02, 0.87), (1.16, 0.88)):
        _bin(at, x, y)
    at.fill(at.outlines([stroke(0.84, 0.22, 0.76, 0.22, 0.010, 0.010)]), "22262a")
    at.fill(at.outlines([[(0.735, 0.23), (0.785, 0.23), (0.775, 0.295), (0.745, 0.295)]]), "ffe6ae", shadow=0.008)
    at.day += 0.10 + 0.28 * at.outlines([[(0.36, end), (0.64, end), (1.2, 1.3), (0.15, 1.3)]])
    at.shine(0.76, 0.28, 0.75, 1.5)
    at.shine(0.60, 0.80, 0.6, 0.9, 0.6)


def yard(at: SetPainter) -> None:
    """The back yard of a block: brick walls with many windows, a stair of iron, a washing line, bins, a bicycle."""
    random = scenery_rng(SEED + 5, at.variant)
    at.cut(at.rectangle(-9, 9, -9, 0.5))
    brick = ("a8644c", "8f6a58", "b88a6a", "9a8a7a")[at.variant % 4]
    for left, right, top, tone in ((-2, 0.06, -0.1, 0.80), (0.06, 0.78, 0.14, 1.0), (0.78, 3, -0.2, 0.86)):
        rows = (at.y * 30).floor()
        joint = ((at.x * 14 + 0.5 * (rows % 2)) % 1 < 0.06).float() + ((at.y * 30) % 1 < 0.10).float()
        at.fill(at.rectangle(left, right, top, FLOOR), brick, tone * (1 - 0.15 * joint.clamp(max=1)), shadow=0.02)
    for x in (-0.30, -0.10, 0.14, 0.30, 0.46, 0.62, 0.88, 1.06, 1.24):
        for y in (0.02, 0.24, 0.46):
            if y > 0.15 or not 0.06 < x < 0.78:
                _window(at, x, x + 0.095, y, y + 0.135, FRAMES[0], random)
    at.fill(at.rectangle(0.68, 0.77, 0.50, FLOOR), "3f5a54", shadow=0.012)
    _cobbles(at, FLOOR)
    if at.variant % 2:
        for step in range(8):
            at.box(0.90 + 0.05 * step, 0.97 + 0.05 * step, 0.80 - 0.05 * step, 0.808 - 0.05 * step, "3a4246")
        at.fill(at.outlines([stroke(0.92, 0.72, 1.34, 0.30, 0.010, 0.010)]), "2a3236", shadow=0.01)
    else:
        _tree(at, 1.16, random, 0.7)
    for number in range(2 + at.variant % 2):
        _bin(at, -0.30 + 0.13 * number, 0.85)
    at.day += 0.20
    at.shine(0.72, 0.46, 0.7, 1.3)
    at.shine(0.1, 0.4, 0.9, 0.4)


def _row(at: SetPainter, random: np.random.Generator, shares: tuple[float, float]) -> None:
    """House fronts side by side with a gap, through which a far street and the sky are seen."""
    at.cut(at.rectangle(-9, 9, -9, 0.74))
    gap = (0.40, 0.86, 0.14, 0.62, 0.30)[at.variant % 5]
    x, number = EDGES[0], int(random.integers(10))
    while x < EDGES[1]:
        width = 0.30 + 0.12 * random.random()
        if x <= gap < x + width:
            _far_street(at, x, x + 0.20, random)
            x, gap = x + 0.20, 9.0
            continue
        top = -0.05 + 0.17 * random.random()
        _front(at, x, x + width, top, PLASTER[number % len(PLASTER)], random, random.random() < shares[0])
        x += width
        number += 1 + int(random.integers(3))
    at.day += 0.22


def _front(
    at: SetPainter, left: float, right: float, top: float, wall: str, random: np.random.Generator, shop: bool
) -> None:
    """A house: its wall to a cornice, windows above, a shop or a door with windows below."""
    at.fill(at.rectangle(left, right, top, FLOOR), wall, 1.0 - 0.10 * ((at.x - left) / (right - left)).clamp(0, 1))
    at.box(left - 0.006, right + 0.006, top - 0.014, top + 0.012, wall, 0.82)
    if at.season == WINTER:
        at.fill(at.rectangle(left - 0.008, right + 0.008, top - 0.030, top - 0.006), "f4f8fd")
    frame, count = FRAMES[int(random.integers(len(FRAMES)))], 2 if right - left < 0.36 else 3
    pitch, shutters, boxes = (right - left) / count, random.random() < 0.4, random.random() < 0.4
    for y in (GROUND_FLOOR - 0.19, GROUND_FLOOR - 0.19 - STOREY):
        if y < top + 0.02:
            continue
        for number in range(count):
            middle = left + (number + 0.5) * pitch
            _window(at, middle - 0.042, middle + 0.042, y, y + 0.145, frame, random)
            if shutters:
                for x in (middle - 0.072, middle + 0.048):
                    at.fill(at.rectangle(x, x + 0.024, y, y + 0.145), AWNINGS[count], 0.8, shadow=0.006)
            if boxes:
                _flower_box(at, middle - 0.045, middle + 0.045, y + 0.155)
    at.box(left, right, GROUND_FLOOR - 0.012, GROUND_FLOOR, wall, 0.86)
    if shop:
        _shop(at, left, right, frame, random)
    else:
        _home(at, left, right, frame, random)


def _window(
    at: SetPainter, left: float, right: float, top: float, bottom: float, frame: str, random: np.random.Generator
) -> None:
    """A window with a cross of bars; some are lit, some have curtains."""
    at.fill(at.rectangle(left - 0.008, right + 0.008, top - 0.008, bottom + 0.012), frame, shadow=0.006)
    lit = random.random() < 0.45
    glass = at.rectangle(left, right, top, bottom)
    at.fill(glass, "b09a6c" if lit else "566a78", 0.92 + 0.16 * ((at.x - at.y) * 7 % 1 > 0.5).float())
    if lit:
        at.lamp += 1.25 * glass
    if random.random() < 0.5:
        half = 0.3 * (right - left)
        at.fill(at.rectangle(left, left + half, top, bottom) + at.rectangle(right - half, right, top, bottom), "e8e0d0")
    middle, across = (left + right) / 2, top + 0.38 * (bottom - top)
    bars: list[Outline] = [stroke(middle, top, middle, bottom, 0.006, 0.006)]
    at.fill(at.outlines([*bars, stroke(left, across, right, across, 0.006, 0.006)]), frame)


def _shop(at: SetPainter, left: float, right: float, frame: str, random: np.random.Generator) -> None:
    """A wide window full of goods below a sign and an awning, and a glass door."""
    colour = AWNINGS[int(random.integers(len(AWNINGS)))]
    door = right - 0.115
    at.fill(at.rectangle(left + 0.012, right - 0.012, GROUND_FLOOR + 0.01, FLOOR), frame, 0.9)
    at.fill(at.rectangle(left + 0.02, right - 0.02, GROUND_FLOOR + 0.015, GROUND_FLOOR + 0.055), colour, 0.85)
    letters: list[Outline] = [
        stroke(x / 100, GROUND_FLOOR + 0.026, x / 100, GROUND_FLOOR + 0.045, 0.010, 0.006)
        for x in range(round(100 * left + 7), round(100 * right - 8), 2)
        if random.random() < 0.8
    ]
    if letters:
        at.fill(at.outlines(letters), "f8eed4")
    glass = at.rectangle(left + 0.03, door - 0.015, 0.555, 0.755)
    at.fill(glass, "c0aa80", 0.90 + 0.10 * ((at.x - at.y) * 5 % 1 > 0.5).float())
    at.lamp += 0.95 * glass
    for foot in (0.665, 0.755):
        at.fill(at.rectangle(left + 0.03, door - 0.015, foot - 0.008, foot), frame)
        x = left + 0.04
        while x < door - 0.05:
            width, height = 0.020 + 0.022 * random.random(), 0.03 + 0.045 * random.random()
            goods = GOODS[int(random.integers(len(GOODS)))]
            middle = x + width / 2
            round_one = oval(middle, foot - 0.008 - width / 2, width / 2, width / 2)
            boxed = [(x, foot - 0.008), (x + width, foot - 0.008), (x + width, foot - height), (x, foot - height)]
            at.fill(at.outlines([round_one if random.random() < 0.4 else boxed]), goods)
            x += width + 0.008
    pane = at.rectangle(door, right - 0.035, 0.545, FLOOR - 0.03)
    at.fill(at.rectangle(door - 0.008, right - 0.027, 0.535, FLOOR), colour, 0.7)
    at.fill(pane, "a8b8b4")
    at.lamp += 0.6 * pane
    hem = [(left - 0.01, 0.555), (left + 0.02, 0.515), (door, 0.515), (door + 0.01, 0.555)]
    stripes = ((at.x * 22) % 1 > 0.5).float()
    awning = at.outlines([hem])
    at.fill(awning, colour, shadow=0.022)
    at.fill(awning * stripes, "f4ecd8")
    if at.season == WINTER:
        at.fill(awning * (at.y < 0.532).float(), "f4f8fd")
    at.shine((left + door) / 2, 0.70, 0.30, 0.7)
    at.shine((left + door) / 2, 0.86, 0.30, 0.9, 0.7)


def _home(at: SetPainter, left: float, right: float, frame: str, random: np.random.Generator) -> None:
    """A front door with a fanlight on two steps, and windows beside it."""
    door = left + 0.05 + 0.3 * (right - left) * random.random()
    at.fill(at.rectangle(left, right, FLOOR - 0.07, FLOOR), "7a746c", 0.95)
    at.fill(at.rectangle(door - 0.012, door + 0.112, 0.505, FLOOR), frame, shadow=0.01)
    at.fill(at.rectangle(door, door + 0.10, 0.56, FLOOR - 0.02), AWNINGS[int(random.integers(5))], 0.75)
    pane = at.rectangle(door, door + 0.10, 0.515, 0.55)
    at.fill(pane, "e0c88a")
    at.lamp += 1.0 * pane
    for y in (0.58, 0.68):
        at.multiply(1 - 0.16 * at.rectangle(door + 0.014, door + 0.086, y, y + 0.08))
    at.fill(at.outlines([oval(door + 0.086, 0.69, 0.006, 0.006)]), "e8c860")
    at.box(door - 0.02, door + 0.12, FLOOR - 0.022, FLOOR, "b8b2a6")
    x = door + 0.15
    while x + 0.10 < right:
        _window(at, x, x + 0.085, 0.53, 0.69, frame, random)
        _flower_box(at, x - 0.005, x + 0.09, 0.705)
        x += 0.15


def _flower_box(at: SetPainter, left: float, right: float, top: float) -> None:
    if at.season == WINTER:
        at.fill(at.rectangle(left, right, top - 0.010, top + 0.004), "f4f8fd")
        at.fill(at.rectangle(left, right, top, top + 0.024), "8a5a3c", shadow=0.006)
        return
    spots = [left + 0.012 * n for n in range(1, round((right - left) / 0.012))]
    at.fill(at.outlines([oval(x, top - 0.004, 0.010, 0.010) for x in spots]), "4a8a4a")
    at.fill(at.outlines([oval(x, top - 0.010 - 0.004 * (n % 2), 0.006, 0.006) for n, x in enumerate(spots)]), "e0503f")
    at.fill(at.rectangle(left, right, top, top + 0.024), "8a5a3c", shadow=0.006)


def _far_street(at: SetPainter, left: float, right: float, random: np.random.Generator) -> None:
    """A side street: farther houses in the haze, below the sky."""
    for number in range(3):
        x = left + 0.02 + 0.06 * number
        _gabled(at, x, x + 0.07, 0.36 + 0.07 * random.random(), 0.76, random, number, 0.85)
    at.fill(at.rectangle(left, right, 0.745, FLOOR), "a49c90")


def _gabled(
    at: SetPainter,
    left: float,
    right: float,
    eaves: float,
    foot: float,
    random: np.random.Generator,
    number: int,
    shade: float = 1.0,
) -> None:
    """A house with a gable, small windows and an arched door."""
    middle, rise = (left + right) / 2, 0.5 * (right - left)
    wall = PLASTER[(3 * number + int(random.integers(4))) % len(PLASTER)]
    corners = [(left, foot), (left, eaves), (middle, eaves - rise), (right, eaves), (right, foot)]
    at.fill(at.outlines([corners]), wall, shade, shadow=0.008)
    roof = [(left - 0.008, eaves + 0.01), (middle, eaves - rise - 0.016), (right + 0.008, eaves + 0.01)]
    roof += [(right - 0.012, eaves + 0.01), (middle, eaves - rise + 0.012), (left + 0.012, eaves + 0.01)]
    at.fill(at.outlines([roof]), at.ground("8a4a38") if at.season == WINTER else "8a4a38", shade)
    panes: list[Outline] = []
    lit: list[Outline] = []
    y = eaves + 0.02
    while y < foot - 0.14:
        for x in (left + 0.26 * (right - left), right - 0.26 * (right - left)):
            pane = stroke(x, y, x, y + 0.05, 0.030, 0.030)
            (lit if random.random() < 0.5 else panes).append(pane)
        y += 0.09
    at.fill(at.outlines([*panes, oval(middle, eaves - 0.35 * rise, 0.016, 0.02)]), "4f6270")
    if lit:
        glass = at.outlines(lit)
        at.fill(glass, "b09a6c")
        at.lamp += 1.3 * glass
    at.fill(at.outlines([stroke(middle, foot, middle, foot - 0.085, 0.05, 0.05)]), "5a3f30")


def _landmark(at: SetPainter, left: float, right: float, foot: float, church: bool) -> None:
    """A church with a spire, or a town hall with a clock tower and an arcade."""
    middle, wall = (left + right) / 2, "d8cdb4" if church else "c49a6a"
    at.fill(at.rectangle(left, right, 0.34, foot), wall, shadow=0.012)
    at.fill(at.rectangle(middle - 0.055, middle + 0.055, 0.10, foot), wall, 1.08, shadow=0.012)
    spire = [(middle - 0.07, 0.105), (middle, -0.10 if church else 0.02), (middle + 0.07, 0.105)]
    at.fill(at.outlines([spire]), "4f6a6a" if church else "8a4a38")
    at.fill(at.outlines([[(left - 0.01, 0.345), (middle, 0.26), (right + 0.01, 0.345)]]), "7a5a48")
    at.fill(at.outlines([oval(middle, 0.185, 0.032, 0.032)]), "f8f4e4")
    hands = [
        stroke(middle, 0.185, middle, 0.162, 0.004, 0.004),
        stroke(middle, 0.185, middle + 0.016, 0.19, 0.004, 0.004),
    ]
    at.fill(at.outlines(hands), "22262a")
    arches = [left + 0.035, middle, right - 0.035]
    shapes = [shape for x in arches for shape in (stroke(x, 0.62, x, foot, 0.04, 0.04), oval(x, 0.62, 0.02, 0.028))]
    at.fill(at.outlines(shapes), "5a4434")
    glass = at.outlines([oval(x, 0.46, 0.016, 0.045) for x in arches])
    at.fill(glass, "d8b878")
    at.lamp += 1.0 * glass


def _side_window(at: SetPainter, side: int, distance: float, half: float, random: np.random.Generator) -> None:
    """A window in a wall that leads away from the viewer, so far beside the middle of the picture."""
    far, near = distance, 1.22 * distance
    x, other = 0.5 + side * far, 0.5 + side * near
    shape = [(x, 0.46 - 0.62 * far), (other, 0.46 - 0.62 * near), (other, 0.46 - 0.1 * near), (x, 0.46 - 0.1 * far)]
    lit = random.random() < 0.6
    glass = at.outlines([shape])
    at.fill(glass, "e4c88a" if lit else "4a5a66", half + 0.5)
    if lit:
        at.lamp += 0.9 * glass


def _side_door(at: SetPainter, side: int, distance: float) -> None:
    far, near = 0.5 + side * distance, 0.5 + side * 1.28 * distance
    low, lower = 0.55 + 0.41 * distance, 0.55 + 0.41 * 1.28 * distance
    top, upper = 0.50 - 0.05 * distance, 0.50 - 0.064 * distance
    at.fill(at.outlines([[(far, top), (near, upper), (near, lower + 0.03), (far, low + 0.03)]]), "4a3428")


def _washing(at: SetPainter, random: np.random.Generator) -> None:
    """Washing on a line high across a lane."""
    at.fill(
        at.outlines([stroke(0.16, 0.10, 0.5, 0.135, 0.003, 0.003), stroke(0.5, 0.135, 0.84, 0.10, 0.003, 0.003)]),
        "3a3430",
    )
    for number in range(6):
        x = 0.24 + 0.09 * number
        y = 0.128 - 0.10 * (x - 0.5) ** 2
        shape = [(x, y), (x + 0.055, y), (x + 0.052, y + 0.09), (x + 0.003, y + 0.08)]
        at.fill(at.outlines([shape]), (*GOODS, "f4f0e4")[int(random.integers(7))], shadow=0.006)


def _bin(at: SetPainter, x: float, foot: float) -> None:
    """A dustbin with its lid."""
    at.fill(
        at.outlines([[(x - 0.042, foot - 0.13), (x + 0.042, foot - 0.13), (x + 0.034, foot), (x - 0.034, foot)]]),
        "6a757a",
        0.9 + 0.12 * ((at.x * 70) % 1 > 0.5).float(),
        shadow=0.012,
    )
    at.fill(at.rectangle(x - 0.048, x + 0.048, foot - 0.145, foot - 0.126), "4f585c")


def _pavement(at: SetPainter) -> None:
    """Slabs before the houses, the kerb and the carriageway."""
    down = (at.y - FLOOR).clamp(min=0)
    u = (at.x - 0.5) / (1 + 2.0 * down) * 9
    joint = ((u % 1) < 0.03).float() + ((1.1 / (down + 0.22) * 2) % 1 < 0.06).float()
    at.fill(at.rectangle(-9, 9, FLOOR, 9), at.ground("bab3a6"), 1 - 0.10 * joint.clamp(max=1))
    at.fill(at.rectangle(-9, 9, 0.965, 9), "b9c2cc" if at.season == WINTER else "54575e")
    at.fill(at.rectangle(-9, 9, 0.955, 0.970), "dcd8cc")
    at.multiply(1 - 0.30 * (1 - (at.y - FLOOR).abs() / 0.04).clamp(min=0).expand_as(at.open))
    at.day += 0.12 * at.rectangle(-9, 9, FLOOR, 9)


def _cobbles(at: SetPainter, top: float) -> None:
    """A floor of cobbles that get larger towards the viewer."""
    down = (at.y - top).clamp(min=0)
    row = (7.0 / (down + 0.16)).floor()
    u = (at.x - 0.5) / (0.55 + 2.6 * down) * 22 + 0.5 * (row % 2)
    joint = ((u % 1) < 0.10).float() + (((7.0 / (down + 0.16)) % 1) < 0.12).float()
    at.fill(at.cover(at.y - top).expand_as(at.open), at.ground("a89f92"), 1 - 0.13 * joint.clamp(max=1) + 0.15 * down)
    at.multiply(1 - 0.25 * (1 - (at.y - top).abs() / 0.04).clamp(min=0).expand_as(at.open))


def _lamp(at: SetPainter, x: float) -> None:
    """A street lamp."""
    at.fill(at.outlines([stroke(x, 0.86, x, 0.27, 0.018, 0.012), oval(x, 0.86, 0.03, 0.012)]), "2a2f33", shadow=0.012)
    at.fill(at.outlines([[(x - 0.022, 0.20), (x + 0.022, 0.20), (x + 0.032, 0.27), (x - 0.032, 0.27)]]), "ffe8b0")
    at.fill(at.outlines([[(x - 0.034, 0.20), (x, 0.165), (x + 0.034, 0.20)]]), "2a2f33")
    at.shine(x, 0.24, 0.60, 1.5)
    at.shine(x, 0.88, 0.5, 0.9, 0.6)


def _tree(at: SetPainter, x: float, random: np.random.Generator, tall: float = 0.75) -> None:
    """A round street tree."""
    foot = 0.86
    at.fill(at.outlines([stroke(x, foot, x, foot - 0.55 * tall, 0.030, 0.020)]), "6a4c36", shadow=0.012)
    tones: list[list[Outline]] = [[], [], []]
    for number in range(15):
        dx, dy = 0.11 * (2 * random.random() - 1), 0.18 * random.random()
        tones[number % 3].append(oval(x + dx, foot - 0.60 * tall - dy, 0.068, 0.062))
    for tone, colour in zip(tones, ("3f6f42", "4f8248", "649a52"), strict=True):
        at.fill(at.outlines(tone), at.crown(colour), shadow=0.010)


def _fountain(at: SetPainter, x: float) -> None:
    """A round basin with a jet."""
    at.fill(at.outlines([stroke(x, 0.84, x, 0.66, 0.04, 0.026), oval(x, 0.655, 0.065, 0.016)]), "b8b0a0", shadow=0.01)
    at.fill(at.outlines([oval(x, 0.845, 0.17, 0.030)]), "cfc8ba", shadow=0.014)
    at.fill(at.outlines([oval(x, 0.836, 0.145, 0.020)]), "6fb0c4")
    jets: list[Outline] = [stroke(x, 0.65, x + d, 0.56 - 0.04 * (d == 0), 0.010, 0.004) for d in (-0.03, 0.0, 0.03)]
    at.fill(at.outlines(jets), "d8f0f4")


STREET_SETS: dict[str, tuple[str, Callable[[SetPainter], None]]] = {  # name -> colour behind it, what is painted
    "houses": ("d8c4a8", houses),
    "shops": ("d8c4a8", shops),
    "crossing": ("d8c4a8", crossing),
    "square": ("d8c4a8", square),
    "stalls": ("d8c4a8", stalls),
    "alley": ("a8988a", alley),
    "yard": ("a8644c", yard),
}
