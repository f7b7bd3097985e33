"""What only some skies have: the band of the milky way, a rainbow, rolls of storm cloud, the veils of a grey day."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from installation.models.theatre.particles import GLOW_REACH, glow_point, splat
from installation.models.theatre.raster import Box, Frame, Raster, angle, falloff, ink, lasting
from installation.models.theatre.scene import Scene, highest
from installation.models.theatre.sprite_tables import SCREEN, stranger

GALAXY = ("b48cf0", "ffb8d8", "fff4e0")  # of the band: its rim, its body, its heart
SLOPE, MIDDLE = -0.62, 0.30  # of the band: rise to a unit across, height at the middle
BOW = (0.5, 0.74, 0.50, 0.032)  # of the rainbow: x and y of the centre, outer radius, width of one of its colours
BOW_COLOURS = ("f0383c", "ff9a2e", "ffe84a", "4ed86a", "3f9cff", "8a5cf0")
ROLLS = ((0.27, 0.085, 7.3, 0.035, 0.25), (0.16, 0.075, 8.7, -0.028, 0.55), (0.05, 0.065, 10.9, 0.022, 0.85))
VEILS = ((0.12, 0.020, 6.1, 0.020), (0.25, 0.018, 7.3, -0.016), (0.38, 0.015, 8.9, 0.013))


def band(box: Box) -> Tensor:
    """How far above the middle of the milky way a pixel lies, in units across the band."""
    bend = 0.03 * torch.sin(5.0 * box.x + 1.0)
    return (MIDDLE + SLOPE * (box.x - 0.5) + bend - box.y) / math.hypot(1, SLOPE)


@lasting
def star_dust(frame: Frame) -> Tensor:
    """The fine stars of the band, [1, 1, height, width]."""
    random = stranger("small stars", 77, 1)
    count = 1500
    along = torch.tensor(random.random(count) * 5 - 2, dtype=torch.float32)
    aside = torch.tensor(random.standard_normal(count) * 0.075, dtype=torch.float32)
    light = torch.tensor(0.35 + 0.65 * random.random(count) ** 2, dtype=torch.float32)
    radius = torch.tensor(0.25 + 0.45 * random.random(count) ** 3, dtype=torch.float32) / SCREEN
    y = MIDDLE + SLOPE * (along - 0.5) + 0.03 * torch.sin(5.0 * along + 1.0) + aside * 1.18
    reach = GLOW_REACH * 0.7 / SCREEN
    things = [part.to(frame.device) for part in (along, y, light, radius)]
    return splat(frame, things[0], things[1], things[2], things[3][None], (reach, reach), glow_point)


def paint_galaxy(canvas: Raster, scene: Scene) -> None:
    """A luminous band from side to side with a dark lane in it, full of stars."""
    box = scene.frame.box(bottom=0.78)
    aside = band(box)
    grain = torch.sin(23 * box.x + 2 * torch.sin(13 * box.y)) * torch.sin(19 * box.y - 9 * box.x)
    low = (0.80 - box.y).clamp(0, 0.2) * 5
    strength = scene.galaxy * low
    for width, colour, amount in zip((0.20, 0.11, 0.05), GALAXY, (0.30, 0.28, 0.22), strict=True):
        glow = torch.exp(-((aside / width) ** 2)) * (1 + 0.22 * grain)
        canvas.light(box, ink(colour, scene.device), glow * (amount * strength), burn=0.5)
    lane = torch.exp(-(((aside - 0.02 - 0.02 * grain) / 0.03) ** 2)) * (0.6 + 0.4 * torch.sin(11 * box.x + 3))
    canvas.shade(box, lane * (0.30 * strength))
    twinkle = 0.9 + 0.1 * torch.sin(40 * box.x + 31 * box.y + angle(1.1, scene.phase))
    canvas.over(box, ink("ffffff", scene.device), star_dust(scene.frame)[:, :, box.rows] * twinkle * (0.9 * strength))


def paint_rainbow(canvas: Raster, scene: Scene) -> None:
    """An arch of six strips of paper, soft at both edges and towards the ground."""
    x, y, outer, wide = BOW
    box = scene.frame.box(y - outer - 0.03, y + 0.06, x - outer - 0.03, x + outer + 0.03)
    place = (outer - torch.sqrt((box.x - x) ** 2 + (box.y - y) ** 2 + 1e-6)) / wide  # 0 at the rim, 6 within
    soft = max(0.22, 0.7 * scene.frame.pixel / wide)
    shown = scene.rainbow * (0.74 + 0.05 * math.sin(angle(0.5, scene.phase)))
    edge = torch.sigmoid(place / soft * 2.6) * torch.sigmoid((6 - place) / soft * 2.6)
    colour = torch.zeros(1, 3, 1, 1, device=scene.device)
    for number, strip in enumerate(BOW_COLOURS):
        colour = colour + ink(strip, scene.device) * (1 - (place - 0.5 - number).abs()).clamp(min=0)
    colour = colour / sum((1 - (place - 0.5 - n).abs()).clamp(min=0) for n in range(6)).clamp(min=0.5)  # type: ignore[union-attr]
    canvas.over(box, colour, edge * shown)


def spare_sun(box: Box, scene: Scene, depth: Tensor) -> Tensor:
    """Paper that hangs before the celestial body has a round hole for it."""
    if scene.present("celestial") == [scene.no_celestial]:
        return depth
    across, down, radius = scene.sun
    away = torch.sqrt((box.x - across) ** 2 + (box.y - down) ** 2 + 1e-6) - 1.5 * radius
    hole = 3 * scene.weight("celestial", "empty sky")  # no hole where there is nothing to see through it
    return torch.minimum(depth, away + hole)


def _scallops(scene: Scene, base: float, swell: float, turns: float, pace: float) -> Tensor:
    """The lower edge of a sheet of cloud, [1, 1, 1, width], drifting."""
    x = scene.frame.x * turns + angle(pace * turns, scene.phase)
    return base + swell * (x.sin().abs() * 1.1 + 0.35 * (x * 0.37 + base * 40).sin())


def paint_rolls(canvas: Raster, scene: Scene) -> None:
    """Dark sheets of cloud that hang from the top, each with a shadow below and a pale rim."""
    colours = scene.palette
    for base, swell, turns, pace, dark in ROLLS:
        line = _scallops(scene, base, swell, turns, pace)
        box = scene.frame.box(bottom=highest(line) + 0.12)
        depth = spare_sun(box, scene, line - box.y)
        sheet = box.inside(depth) * scene.rolls
        canvas.shade(box, falloff(-depth, 0.11) * (1 - sheet) * (0.34 * scene.rolls))
        colour = torch.lerp(colours.horizon * 0.62, colours.top, dark)
        lit = torch.exp(-(((depth - 0.010) / 0.012) ** 2)) * 0.30
        canvas.over(box, torch.lerp(colour, colours.glow, lit), sheet * 0.94)


def paint_veils(canvas: Raster, scene: Scene) -> None:
    """Pale level sheets of cloud one behind the other over the whole of the sky."""
    colours = scene.palette
    for base, swell, turns, pace in VEILS[::-1]:
        line = _scallops(scene, base, swell, turns, pace)
        box = scene.frame.box(bottom=highest(line) + 0.08)
        depth = spare_sun(box, scene, line - box.y)
        sheet = box.inside(depth) * scene.veils
        canvas.shade(box, falloff(-depth, 0.08) * (1 - sheet) * (0.15 * scene.veils))
        rise = ((line - box.y) / 0.22).clamp(0, 1)
        canvas.over(box, torch.lerp(colours.horizon, colours.upper, rise), sheet * 0.72)


def paint_firmament(canvas: Raster, scene: Scene) -> None:
    """Whatever of these the scene's skies have, from the farthest to the nearest."""
    if highest(scene.galaxy) > 0:
        paint_galaxy(canvas, scene)
    if highest(scene.rainbow) > 0:
        paint_rainbow(canvas, scene)
    if highest(scene.veils) > 0:
        paint_veils(canvas, scene)
    if highest(scene.rolls) > 0:
        paint_rolls(canvas, scene)
