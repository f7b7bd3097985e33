"""Fireworks above the land: sparks rise, burst into spokes of coloured light, sink and fade, one after another."""

from __future__ import annotations

import math

import torch

from installation.models.theatre.draw_context import DrawContext
from installation.models.theatre.raster import colour_tensor

FIREWORKS = "fireworks"  # a mark
ROCKETS, PERIOD = 5, 4.6  # how many rise in turn; seconds from one of a place to its next
RISING = 0.16  # share of that in which it rises
LOW, HIGH, SIDES = 0.40, 0.17, 0.66  # y of bursts; how far they are from the middle, in units
RADII = (0.17, 0.29)  # of bursts, in units
SPOKES, WIDTH, FALLS = 22, 0.0062, 0.05  # sparks of a burst; half the width of one, and how far it sinks, in units
RINGS = ((1.0, 0.0), (0.62, 0.5))  # radius of the rings of a burst, in its radius; where their spokes begin, in spokes
GROUND = 0.72  # y where rockets begin to be seen
COLOURS = ("ffd266", "ff5a4a", "6ec8ff", "8dff9a", "ff8ad8", "fff2d8")


def paint_fireworks(context: DrawContext) -> None:
    """Paint the rockets of the moment, if marks ask for any."""
    scene = context.scene
    if FIREWORKS not in scene.marks:
        return
    for rocket in range(ROCKETS):
        turns = scene.phase / PERIOD + rocket / ROCKETS + 0.31
        number = math.floor(turns)
        _paint_rocket(context, rocket + ROCKETS * number, turns - number)


def _chance(number: int, which: int) -> float:
    """0..1, always the same."""
    value = math.sin(12.9898 * (number % 4096) + 78.233 * which) * 43758.5453
    return value - math.floor(value)


def _paint_rocket(context: DrawContext, number: int, progress: float) -> None:
    """One rocket: `progress` of its time, 0..1."""
    scene, grid = context.scene, context.scene.grid
    aside = SIDES * min(1.0, 0.5 * grid.width / grid.height)
    x = 0.5 + aside * (2 * ((number * 0.618) % 1) - 1)
    y = LOW + (HIGH - LOW) * _chance(number, 1)
    radius = RADII[0] + (RADII[1] - RADII[0]) * _chance(number, 2)
    opacity = scene.mark(FIREWORKS)
    if progress < RISING:
        climbed = 1 - (1 - progress / RISING) ** 2
        top = GROUND + (y - GROUND) * climbed
        box = grid.box(top - 0.01, top + 0.09, x - 0.02, x + 0.02)
        if not box.empty:
            tail = (1 - (box.y - top) / 0.08).clamp(0, 1) * torch.sigmoid((box.y - top) / 0.002)
            light = tail * torch.exp(-(((box.x - x) / WIDTH) ** 2))
            context.canvas.glow(box, colour_tensor(COLOURS[0], scene.device), light * (0.9 * opacity), burn=0.3)
        return
    spent = (progress - RISING) / (1 - RISING)
    reach = radius * (1 - (1 - spent) ** 3)
    fade = 1.25 * (1 - spent**2.2) * min(1.0, spent / 0.04)
    y = y + FALLS * spent * spent
    box = grid.box(y - reach - 0.03, y + reach + 0.03, x - reach - 0.03, x + reach + 0.03)
    if box.empty:
        return
    dx, dy = box.x - x, box.y - y
    distance = torch.sqrt(dx * dx + dy * dy + 1e-6)
    angle = torch.atan2(dy, dx) * (SPOKES / (2 * math.pi)) + _chance(number, 3)
    for ring, (share, begins) in enumerate(RINGS):
        colour = colour_tensor(COLOURS[(number + 2 * ring) % len(COLOURS)], scene.device)
        spoke = angle + begins
        off = (spoke - torch.round(spoke)) * (2 * math.pi / SPOKES) * distance
        end = reach * share
        begin = end * (0.15 + 0.6 * spent)
        along = ((distance - begin) / (end - begin + 1e-3)).clamp(0, 1) * torch.sigmoid((end - distance) / 0.004)
        spark = torch.exp(-((off / WIDTH) ** 2)) * (0.25 * along + 0.75 * along**3)
        halo = 0.30 * (1 - spent) * torch.exp(-((distance / (0.7 * reach + 0.01)) ** 2)) if ring == 0 else 0.0
        context.canvas.glow(box, colour, (1.3 * spark + halo).clamp(max=1) * (min(1.0, fade) * opacity), burn=0.35)
