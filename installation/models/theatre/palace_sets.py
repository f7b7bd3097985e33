"""Rooms of a palace that an audience sees: a ballroom."""

from __future__ import annotations

from collections.abc import Callable

from installation.models.theatre.polygon_mask import Outline, oval, stroke
from installation.models.theatre.set_painter import FLOOR, SetPainter

GOLD, PALE_GOLD, MARBLE = "c79a45", "e6c87e", "ece2d0"


def ballroom(at: SetPainter) -> None:
    """Tall arched windows with drapes between gilded pilasters, mirrors, chandeliers, and a floor that shines."""
    at.tiles("d9b98c", at.pick("8a5f3c", "7a6a5c", "94604a"), 0, 0, 0.13, checked=True)
    at.fill(at.rectangle(-9, 9, 0.66, FLOOR), at.pick("c8b89a", "a9b4b0", "c9a79c"))
    for number in range(-3, 7):
        x = 0.25 * number - 0.125
        at.box(x - 0.085, x + 0.085, 0.685, 0.785, MARBLE, 0.90)
    at.skirting(GOLD, 0.020)
    cloth = at.pick("8e2b36", "2f4f6e", "6a3560")
    windows, mirrors = ((-0.42, 0.5, 1.42), (0.04, 0.96)) if at.variant < 3 else ((0.04, 0.96), (-0.42, 0.5, 1.42))
    for middle in windows:
        at.window(middle, 0.135, 0.10, 0.655, MARBLE, (2, 5), arch=1.0)
        at.drape(middle - 0.215, middle - 0.105, 0.06, 0.80, cloth)
        at.drape(middle + 0.105, middle + 0.215, 0.06, 0.80, cloth)
        at.box(middle - 0.235, middle + 0.235, 0.040, 0.062, GOLD)
    for middle in mirrors:
        _mirror(at, middle)
    for x in (-0.16, 0.215, 0.785, 1.16):
        _pilaster(at, x)
    at.box(-9, 9, -0.06, 0.012, PALE_GOLD)
    for middle in mirrors:
        _chandelier(at, middle, 0.17, 0.115)
    gleam = 1 - (((at.x - 0.5) / 0.75) ** 2 + ((at.y - 0.93) / 0.12) ** 2)
    at.lamp = at.lamp + 0.45 * gleam.clamp(0, 1) * (at.y > FLOOR)
    at.shine(0.5, 0.40, 1.3, 0.40)


def _pilaster(at: SetPainter, x: float) -> None:
    """A flat column of marble with flutes, between a base and a capital of gold."""
    at.box(x - 0.034, x + 0.034, 0.012, FLOOR, MARBLE)
    flutes = at.rectangle(x - 0.026, x + 0.026, 0.09, FLOOR - 0.05) * (((at.x - x) * 78).frac().abs() < 0.45)
    at.multiply(1 - 0.10 * flutes)
    for top, bottom, wider in ((0.045, 0.080, 0.014), (0.030, 0.045, 0.020), (FLOOR - 0.035, FLOOR, 0.012)):
        at.box(x - 0.034 - wider, x + 0.034 + wider, top, bottom, GOLD)


def _mirror(at: SetPainter, x: float) -> None:
    """A high mirror in a gilded frame, in which the light of the room stands."""
    arch: Outline = [(x - 0.085, 0.60), (x - 0.085, 0.27)]
    arch += [(x + 0.085 * c, 0.27 - 0.10 * s) for c, s in ((-0.92, 0.4), (-0.7, 0.7), (-0.35, 0.93), (0, 1))]
    arch += [(x + 0.085 * c, 0.27 - 0.10 * s) for c, s in ((0.35, 0.93), (0.7, 0.7), (0.92, 0.4), (1, 0))]
    arch += [(x + 0.085, 0.60)]
    at.fill(at.outlines([arch]), GOLD, shadow=0.012)
    glass = [(x + 0.84 * (px - x), 0.585 - 0.93 * (0.60 - py)) for px, py in arch]
    at.fill(at.outlines([glass]), "a9b7bb", 1.05 - 0.5 * (at.y - 0.2).clamp(0, 0.5))
    streak: Outline = [(x - 0.05, 0.50), (x + 0.045, 0.26), (x + 0.065, 0.26), (x - 0.03, 0.50)]
    at.fill(at.outlines([streak]), "d6e0e2", 0.95)


def _chandelier(at: SetPainter, x: float, y: float, width: float) -> None:
    """A chain, a hoop of candles and crystals that hang below it."""
    at.fill(at.outlines([stroke(x, -0.2, x, y, 0.005, 0.005)]), GOLD)
    arms = [stroke(x - width, y, x, y + 0.035, 0.008, 0.010), stroke(x, y + 0.035, x + width, y, 0.010, 0.008)]
    arms += [stroke(x - 0.55 * width, y + 0.005, x, y + 0.03, 0.007, 0.008)]
    arms += [stroke(x, y + 0.03, x + 0.55 * width, y + 0.005, 0.008, 0.007), oval(x, y + 0.03, 0.018, 0.026)]
    at.fill(at.outlines(arms), GOLD, shadow=0.010)
    places = [x + width * share for share in (-1, -0.55, 0, 0.55, 1)]
    at.fill(at.outlines([stroke(at_x, y, at_x, y - 0.032, 0.010, 0.010) for at_x in places]), "f6efe0")
    flames = at.outlines([oval(at_x, y - 0.046, 0.007, 0.014) for at_x in places])
    at.fill(flames, "ffd98a", 1.15)
    at.lamp = at.lamp + 1.2 * flames
    drops = [(at_x, y + 0.030 + 0.022 * (1 - abs(at_x - x) / width)) for at_x in places]
    at.fill(at.outlines([[(a, b - 0.014), (a + 0.006, b), (a, b + 0.016), (a - 0.006, b)] for a, b in drops]), "eaf2f4")
    at.shine(x, y - 0.04, 0.75, 1.0)


PALACE_SETS: dict[str, tuple[str, Callable[[SetPainter], None]]] = {  # name -> colour of the wall, what is painted
    "ballroom": ("d8c39a", ballroom),
}
PALACE_WALLS = {"ballroom": ("b9c4bf", "d9b3a4")}
