"""What falls before the scene: rain, snow and petals, each drop on its own way, for ever and without a seam."""

from __future__ import annotations

import torch
from torch import Tensor

from installation.models.theatre.particles import GLOW_REACH, ParticleSet, glow_point, oval, splat, streak, swarm
from installation.models.theatre.raster import Frame, Raster, angle, ink, moved
from installation.models.theatre.scene import Scene
from installation.models.theatre.sprite_tables import SCREEN

WIND = 0.35  # units across for one unit of a raindrop's fall
TALL = 3.0  # things fall from one unit above the square to one below it, then come back above
PETAL = "ff9ebd"
AUTUMN = ("e8701a", "c2301a", "f2b430")
FIREFLY = "e8ff6a"
SAND, PALL, DULL_FIRE, FLAKE = "d89a50", "5c5654", "b8401c", "c8c2bc"
SAND_WALLS = (  # height, swell, waves to a unit, units a second, how thick
    (0.46, 0.16, 3.1, 0.030, 0.28),
    (0.62, 0.14, 4.3, 0.045, 0.32),
    (0.82, 0.12, 5.2, 0.065, 0.30),
)


def fallen(things: ParticleSet, pace: Tensor, phase: float) -> Tensor:
    """Heights of falling things after `phase` seconds at `pace` units a second."""
    return (things.y + 1 + moved(pace, phase, TALL)) % TALL - 1


def sway(things: ParticleSet, width: float, phase: float) -> Tensor:
    """How far things are blown aside, nothing at phase 0."""
    turn = 6.283 * things.temper[:, 1]
    return width * (torch.sin(turn + moved(0.4 + 0.7 * things.temper[:, 2], phase)) - torch.sin(turn))


def rain(frame: Frame, phase: float) -> Tensor:
    """[1, 1, height, width]: how much rain covers."""
    drops = swarm("rain", frame.device, spread=1.3)
    length = 0.05 + 0.06 * drops.traits[:, 0]
    y = fallen(drops, 0.42 + 0.25 * drops.temper[:, 0], phase)
    x = drops.x + WIND * (drops.y - y)
    measures = torch.stack([-WIND * length, length, torch.full_like(length, 0.75 / SCREEN)])
    light = (110 + 140 * drops.traits[:, 1]) / 255
    return splat(frame, x - WIND * length / 2, y + length / 2, light, measures, (0.024, 0.060), streak)


def snow(frame: Frame, phase: float) -> Tensor:
    """[1, 1, height, width]: how much snow covers."""
    flakes = swarm("snow", frame.device)
    radius = (0.5 + 1.3 * flakes.traits[:, 0] ** 2) / SCREEN
    y = fallen(flakes, 0.02 + 5.0 * radius, phase)
    light = (170 + 85 * flakes.traits[:, 1]) / 255
    return splat(frame, flakes.x + sway(flakes, 0.02, phase), y, light, radius[None], (0.025, 0.025), glow_point)


def petals(frame: Frame, phase: float) -> Tensor:
    """[1, 1, height, width]: how much petals cover."""
    leaves = swarm("petals", frame.device)
    radius = (1.2 + 1.6 * leaves.traits[:, 0]) / SCREEN
    y = fallen(leaves, 0.025 + 0.03 * leaves.temper[:, 0], phase)
    turn = 3.14 * leaves.traits[:, 1] + moved((leaves.temper[:, 2] - 0.5) * 1.1, phase)
    measures = torch.stack([1.6 * radius, 0.7 * radius, turn])
    light = (190 + 65 * leaves.traits[:, 2]) / 255
    return splat(frame, leaves.x + sway(leaves, 0.05, phase), y, light, measures, (0.036, 0.036), oval)


def leaves(frame: Frame, phase: float, sort: int) -> Tensor:
    """[1, 1, height, width]: how much the autumn leaves of one of three colours cover."""
    fallen_leaves = swarm("autumn leaves", frame.device)
    mine = (fallen_leaves.traits[:, 2] * 3).floor() == sort
    things = ParticleSet(*(part[mine] for part in fallen_leaves))
    radius = (2.6 + 2.2 * things.traits[:, 0]) / SCREEN
    y = fallen(things, 0.05 + 0.04 * things.temper[:, 0], phase)
    turn = 6.28 * things.traits[:, 1] + moved((things.temper[:, 2] - 0.5) * 1.6, phase)
    open_wide = 0.30 + 0.22 * torch.sin(6.28 * things.temper[:, 1] + moved(0.9 + 0 * turn, phase))
    measures = torch.stack([1.25 * radius, open_wide * radius, turn])
    return splat(frame, things.x + sway(things, 0.09, phase), y, torch.ones_like(y), measures, (0.05, 0.05), oval)


def fireflies(frame: Frame, phase: float, wide: float) -> Tensor:
    """[1, 1, height, width]: the light of fireflies near the ground, each with its own slow pulse."""
    flies = swarm("fireflies", frame.device, above=0, below=0)
    turn = 6.283 * flies.temper[:, 0]
    pulse = 0.62 + 0.38 * torch.sin(turn + moved(0.8 + 0.9 * flies.temper[:, 1], phase))
    x = flies.x + 0.03 * torch.sin(turn + moved(0.25 + 0.3 * flies.temper[:, 2], phase))
    y = 0.40 + 0.56 * flies.y**0.8 + 0.02 * torch.sin(2 * turn + moved(0.4 + 0.3 * flies.temper[:, 1], phase))
    radius = wide * (0.8 + 0.9 * flies.traits[:, 0]) / SCREEN
    reach = GLOW_REACH * 1.7 * wide / SCREEN
    return splat(frame, x, y, pulse, radius[None], (reach, reach), glow_point)


def ash(frame: Frame, phase: float, glowing: bool) -> Tensor:
    """[1, 1, height, width]: flakes of ash, and those among them that still glow."""
    flakes = swarm("snow", frame.device)
    mine = (flakes.temper[:, 1] < 0.16) if glowing else (flakes.temper[:, 1] >= 0.16)
    things = ParticleSet(*(part[mine] for part in flakes))
    radius = (0.7 + 1.5 * things.traits[:, 0] ** 2) / SCREEN
    y = fallen(things, 0.015 + 0.02 * things.temper[:, 0], phase)
    turn = 6.28 * things.traits[:, 1] + moved(things.temper[:, 2] - 0.5, phase)
    measures = torch.stack([1.3 * radius, 0.6 * radius, turn])
    return splat(frame, things.x + sway(things, 0.06, phase), y, torch.ones_like(y), measures, (0.03, 0.03), oval)


def meteor(dx: Tensor, dy: Tensor, measures: Tensor, pixel: float) -> Tensor:
    """A trail as long as the vector (measures[0], measures[1]), brightest at its end, measures[2] wide."""
    ax, ay, width = measures[0], measures[1], measures[2]
    along = ((dx * ax + dy * ay) / (ax * ax + ay * ay) + 0.5).clamp(0, 1)
    distance = torch.sqrt((dx - (along - 0.5) * ax) ** 2 + (dy - (along - 0.5) * ay) ** 2)
    rim = 0.5 + width * (0.25 + 0.75 * along) / 2 / pixel
    return (rim - distance / pixel).clamp(0, 1) * along**1.6 * rim.clamp(max=1)


def paint_falling_stars(canvas: Raster, scene: Scene) -> None:
    """Shooting stars all in one direction; as one goes out another is on its way, so that some are always seen."""
    frame = scene.frame
    stars = swarm("meteors", frame.device, above=0, below=0)
    turn = (stars.temper[:, 0] + moved(0.10 + 0.06 * stars.temper[:, 1], scene.phase, 1.0)) % 1
    light = torch.sin(3.1416 * turn) ** 0.7
    way = 0.16 * (turn - 0.5)
    x, y = stars.x - way, 0.04 + 0.50 * stars.y + 0.62 * way
    length = 0.12 + 0.14 * stars.traits[:, 0]
    measures = torch.stack([-length, 0.62 * length, torch.full_like(length, 1.9 / SCREEN)])
    trails = splat(frame, x, y, light, measures, (0.14, 0.09), meteor)
    box = frame.box(bottom=0.75)
    canvas.shade(box, 0.16 * scene.weight("weather", "falling stars") + 0 * box.y)
    white = ink("fffbe8", scene.device)
    canvas.over(box, white, trails[:, :, box.rows] * scene.weight("weather", "falling stars"))


def _paint_sandstorm(canvas: Raster, scene: Scene, share: Tensor) -> None:
    """Walls of sand that roll by, and grains that fly level."""
    box, weight = scene.frame.box(), scene.weight("weather", "sandstorm") * share
    light = 0.40 + 0.75 * scene.brightness.clamp(max=0.75)
    sand = ink(SAND, scene.device) * light * 0.8 + scene.mist * 0.2
    for height, swell, turns, pace, thick in SAND_WALLS:
        x = box.x * turns - angle(pace * turns, scene.phase)
        line = height - swell * (x.sin().abs() + 0.5 * (2.3 * x + 1).sin().abs())
        canvas.over(box, sand * (0.84 + 0.28 * thick), box.inside(box.y - line, 0.09) * (thick * weight))
    canvas.over(box, sand, 0.20 * weight)
    grains = swarm("rain", scene.device, spread=1.3)
    x = (grains.x + 1.3 * 3 + moved(0.5 + 0.3 * grains.temper[:, 0], scene.phase, 1.3 * 7)) % (1.3 * 7) - 1.3 * 3
    length = 0.05 + 0.09 * grains.traits[:, 0]
    measures = torch.stack([length, -0.06 * length, torch.full_like(length, 0.9 / SCREEN)])
    blown = splat(scene.frame, x, grains.y, 0.3 + 0.5 * grains.traits[:, 1], measures, (0.075, 0.012), streak)
    canvas.over(box, ink("ffe6b4", scene.device) * (0.35 + 0.65 * light), blown * (0.75 * weight))


def _paint_ash(canvas: Raster, scene: Scene, share: Tensor) -> None:
    """A pall that takes the light away, a dull glow low down, flakes that drift, some of them glowing."""
    box, weight = scene.frame.box(), scene.weight("weather", "ash") * share
    pall = ink(PALL, scene.device) * (0.4 + 0.8 * scene.brightness)
    canvas.over(box, pall, (0.62 - 0.42 * (box.y / 0.62).clamp(0, 1)) * weight)
    glow = torch.exp(-(((box.y - 0.66) / 0.13) ** 2))
    canvas.light(box, ink(DULL_FIRE, scene.device), glow * (0.42 * weight), burn=0.6)
    flake = ink(FLAKE, scene.device) * (0.55 + 0.6 * scene.brightness)
    canvas.over(box, flake, ash(scene.frame, scene.phase, False) * (0.9 * weight))
    canvas.over(box, ink("ff7a30", scene.device), ash(scene.frame, scene.phase, True) * weight)


def paint_weather(canvas: Raster, scene: Scene, share: Tensor) -> None:
    """What falls and flies before the scene; `share` of it (0..1, [batch, 1, 1, 1])."""
    box = scene.frame.box()
    if scene.has("weather", "rain"):
        weight = scene.weight("weather", "rain") * share
        canvas.over(box, scene.palette.glow * 0.75 + 0.1, rain(scene.frame, scene.phase) * (0.62 * weight))
        canvas.shade(box, 0.12 * weight)
    if scene.has("weather", "snow"):
        weight = scene.weight("weather", "snow") * share
        canvas.over(box, ink("ffffff", scene.device), snow(scene.frame, scene.phase) * (0.95 * weight))
    if scene.has("weather", "petals"):
        weight = scene.weight("weather", "petals") * share
        canvas.over(box, ink(PETAL, scene.device), petals(scene.frame, scene.phase) * (0.9 * weight))
    if scene.has("weather", "autumn leaves"):
        weight = scene.weight("weather", "autumn leaves") * share
        for sort, colour in enumerate(AUTUMN):
            canvas.over(box, ink(colour, scene.device), leaves(scene.frame, scene.phase, sort) * weight)
    if scene.has("weather", "fireflies"):
        weight = scene.weight("weather", "fireflies") * share
        canvas.shade(box, 0.14 * weight)
        for wide, light in ((4.6, 0.42), (1.25, 1.0)):
            canvas.over(box, ink(FIREFLY, scene.device), fireflies(scene.frame, scene.phase, wide) * (light * weight))
    if scene.has("weather", "ash"):
        _paint_ash(canvas, scene, share)
    if scene.has("weather", "sandstorm"):
        _paint_sandstorm(canvas, scene, share)
