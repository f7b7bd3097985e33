"""Weather in front of the scene and in its sky: rain, snow, petals, leaves, fireflies, ash, sand, meteors, lightning.

Every particle falls endlessly at its own speed: it leaves at the bottom of its tiles and comes back at the top.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext
from installation.models.theatre.particles import (
    GLOW_REACH,
    ParticleSet,
    Sprites,
    ellipse,
    glow_point,
    particle_set,
    splat,
    streak,
)
from installation.models.theatre.raster import PixelGrid, box_texture, cached_constant, colour_tensor
from installation.models.theatre.scene import Scene
from installation.models.theatre.sprite_tables import BOLTS, REFERENCE_PIXELS, TILE_REACH, bolt_segments

FALL_HEIGHT = 3.0  # particles fall from one unit above the square to one below it
RAIN_SLANT = 0.35  # units to the left for one unit down
RAIN_SPREAD = 1.3  # width of a tile of drops or of sand, in units
PETAL = "ff9ebd"
LEAF_COLOURS = ("e8701a", "c2301a", "f2b430")
FIREFLY, FIREFLY_HALOS = "e8ff6a", ((4.6, 0.42), (1.25, 1.0))  # colour; radius in reference pixels, opacity
SMOKE_PALL, FIRE_GLOW, ASH_FLAKE, EMBER = "5c5654", "b8401c", "c8c2bc", "ff7a30"
GLOWING_SHARE = 0.16  # of the flakes of ash
SAND, SAND_GRAIN = "d89a50", "ffe6b4"
SAND_WALLS = (  # y, swell, radians per unit, units a second, opacity
    (0.46, 0.16, 3.1, 0.030, 0.28),
    (0.62, 0.14, 4.3, 0.045, 0.32),
    (0.82, 0.12, 5.2, 0.065, 0.30),
)
METEOR, WHITE = "fffbe8", "ffffff"
BOLT_SECONDS = 7.0  # from one bolt to the next at the same place: slow, for photosensitive viewers


def paint_weather(context: DrawContext, share: Tensor) -> None:
    """Paint the weather in front of the scene.

    Args:
        context: Where to paint.
        share: How much of it, 0..1, [batch, 1, 1, 1].
    """
    for label, painter in FOREGROUND_WEATHER.items():
        if context.scene.has("weather", label):
            painter(context, context.scene.weight("weather", label) * share)


def _fallen(scene: Scene, particles: ParticleSet, speed: Tensor) -> Tensor:
    """The y of particles that fall at `speed` units a second, [particles]."""
    return (particles.y + 1 + scene.distance(speed, FALL_HEIGHT)) % FALL_HEIGHT - 1


def _sway(scene: Scene, particles: ParticleSet, width: float) -> Tensor:
    """How far particles swing sideways, nothing at phase 0, [particles]."""
    start = 6.283 * particles.motion[:, 1]
    return width * (torch.sin(start + scene.distance(0.4 + 0.7 * particles.motion[:, 2])) - torch.sin(start))


def _paint_rain(context: DrawContext, weight: Tensor) -> None:
    canvas, scene, box = context.canvas, context.scene, context.scene.grid.box()
    canvas.over(box, scene.palette.glow * 0.75 + 0.1, _rain_cover(scene) * (0.62 * weight))
    canvas.darken(box, 0.12 * weight)


def _rain_cover(scene: Scene) -> Tensor:
    drops = particle_set("rain", scene.device, spread=RAIN_SPREAD)
    length = 0.05 + 0.06 * drops.traits[:, 0]
    y = _fallen(scene, drops, 0.42 + 0.25 * drops.motion[:, 0])
    x = drops.x + RAIN_SLANT * (drops.y - y)
    sprites = Sprites(
        x=x - RAIN_SLANT * length / 2,
        y=y + length / 2,
        opacity=(110 + 140 * drops.traits[:, 1]) / 255,
        shape=torch.stack([-RAIN_SLANT * length, length, torch.full_like(length, 0.75 / REFERENCE_PIXELS)]),
        extent=(0.024, 0.060),
        kernel=streak,
    )
    return splat(scene.grid, sprites)


def _paint_snow(context: DrawContext, weight: Tensor) -> None:
    scene = context.scene
    flakes = particle_set("snow", scene.device)
    radius = (0.5 + 1.3 * flakes.traits[:, 0] ** 2) / REFERENCE_PIXELS
    sprites = Sprites(
        x=flakes.x + _sway(scene, flakes, 0.02),
        y=_fallen(scene, flakes, 0.02 + 5.0 * radius),
        opacity=(170 + 85 * flakes.traits[:, 1]) / 255,
        shape=radius[None],
        extent=(0.025, 0.025),
        kernel=glow_point,
    )
    cover = splat(scene.grid, sprites) * (0.95 * weight)
    context.canvas.over(scene.grid.box(), colour_tensor(WHITE, scene.device), cover)


def _paint_petals(context: DrawContext, weight: Tensor) -> None:
    scene = context.scene
    petals = particle_set("petals", scene.device)
    radius = (1.2 + 1.6 * petals.traits[:, 0]) / REFERENCE_PIXELS
    turn = 3.14 * petals.traits[:, 1] + scene.distance((petals.motion[:, 2] - 0.5) * 1.1)
    sprites = Sprites(
        x=petals.x + _sway(scene, petals, 0.05),
        y=_fallen(scene, petals, 0.025 + 0.03 * petals.motion[:, 0]),
        opacity=(190 + 65 * petals.traits[:, 2]) / 255,
        shape=torch.stack([1.6 * radius, 0.7 * radius, turn]),
        extent=(0.036, 0.036),
        kernel=ellipse,
    )
    cover = splat(scene.grid, sprites) * (0.96 * weight)
    context.canvas.over(scene.grid.box(), colour_tensor(PETAL, scene.device), cover)


def _paint_autumn_leaves(context: DrawContext, weight: Tensor) -> None:
    scene = context.scene
    for number, colour in enumerate(LEAF_COLOURS):
        cover = _leaf_cover(scene, number) * weight
        context.canvas.over(scene.grid.box(), colour_tensor(colour, scene.device), cover)


def _leaf_cover(scene: Scene, number: int) -> Tensor:
    """Coverage of the leaves of one of the LEAF_COLOURS; they tumble, and so look narrower and wider by turns."""
    every = particle_set("autumn leaves", scene.device)
    leaves = every.select((every.traits[:, 2] * len(LEAF_COLOURS)).floor() == number)
    radius = (2.6 + 2.2 * leaves.traits[:, 0]) / REFERENCE_PIXELS
    y = _fallen(scene, leaves, 0.05 + 0.04 * leaves.motion[:, 0])
    turn = 6.28 * leaves.traits[:, 1] + scene.distance((leaves.motion[:, 2] - 0.5) * 1.6)
    width = 0.30 + 0.22 * torch.sin(6.28 * leaves.motion[:, 1] + scene.distance(0.9 + 0 * turn))
    sprites = Sprites(
        x=leaves.x + _sway(scene, leaves, 0.09),
        y=y,
        opacity=torch.ones_like(y),
        shape=torch.stack([1.25 * radius, width * radius, turn]),
        extent=(0.05, 0.05),
        kernel=ellipse,
    )
    return splat(scene.grid, sprites)


def _paint_fireflies(context: DrawContext, weight: Tensor) -> None:
    canvas, scene, box = context.canvas, context.scene, context.scene.grid.box()
    canvas.darken(box, 0.14 * weight)
    for radius, opacity in FIREFLY_HALOS:
        canvas.over(box, colour_tensor(FIREFLY, scene.device), _firefly_cover(scene, radius) * (opacity * weight))


def _firefly_cover(scene: Scene, size: float) -> Tensor:
    """Coverage of fireflies near the ground, each with its own slow pulse; `size` in reference pixels."""
    flies = particle_set("fireflies", scene.device, above=0, below=0)
    start = 6.283 * flies.motion[:, 0]
    bob = 0.02 * torch.sin(2 * start + scene.distance(0.4 + 0.3 * flies.motion[:, 1]))
    radius = size * (0.8 + 0.9 * flies.traits[:, 0]) / REFERENCE_PIXELS
    extent = GLOW_REACH * 1.7 * size / REFERENCE_PIXELS
    sprites = Sprites(
        x=flies.x + 0.03 * torch.sin(start + scene.distance(0.25 + 0.3 * flies.motion[:, 2])),
        y=0.40 + 0.56 * flies.y**0.8 + bob,
        opacity=0.62 + 0.38 * torch.sin(start + scene.distance(0.8 + 0.9 * flies.motion[:, 1])),
        shape=radius[None],
        extent=(extent, extent),
        kernel=glow_point,
    )
    return splat(scene.grid, sprites)


def _paint_ash(context: DrawContext, weight: Tensor) -> None:
    """A pall of smoke, the dull glow of a fire low down, and drifting flakes, some of them glowing."""
    canvas, scene, box = context.canvas, context.scene, context.scene.grid.box()
    pall = colour_tensor(SMOKE_PALL, scene.device) * (0.4 + 0.8 * scene.brightness)
    canvas.over(box, pall, (0.62 - 0.42 * (box.y / 0.62).clamp(0, 1)) * weight)
    glow = torch.exp(-(((box.y - 0.66) / 0.13) ** 2))
    canvas.glow(box, colour_tensor(FIRE_GLOW, scene.device), glow * (0.42 * weight), burn=0.6)
    flake = colour_tensor(ASH_FLAKE, scene.device) * (0.55 + 0.6 * scene.brightness)
    canvas.over(box, flake, _ash_cover(scene, glowing=False) * (0.9 * weight))
    canvas.over(box, colour_tensor(EMBER, scene.device), _ash_cover(scene, glowing=True) * weight)


def _ash_cover(scene: Scene, glowing: bool) -> Tensor:
    every = particle_set("snow", scene.device)
    glows = every.motion[:, 1] < GLOWING_SHARE
    flakes = every.select(glows if glowing else ~glows)
    radius = (0.7 + 1.5 * flakes.traits[:, 0] ** 2) / REFERENCE_PIXELS
    y = _fallen(scene, flakes, 0.015 + 0.02 * flakes.motion[:, 0])
    turn = 6.28 * flakes.traits[:, 1] + scene.distance(flakes.motion[:, 2] - 0.5)
    sprites = Sprites(
        x=flakes.x + _sway(scene, flakes, 0.06),
        y=y,
        opacity=torch.ones_like(y),
        shape=torch.stack([1.3 * radius, 0.6 * radius, turn]),
        extent=(0.03, 0.03),
        kernel=ellipse,
    )
    return splat(scene.grid, sprites)


def _paint_sandstorm(context: DrawContext, weight: Tensor) -> None:
    """Walls of sand that roll by, and grains that fly almost level."""
    canvas, scene, box = context.canvas, context.scene, context.scene.grid.box()
    light = 0.40 + 0.75 * scene.brightness.clamp(max=0.75)
    sand = colour_tensor(SAND, scene.device) * light * 0.8 + scene.mist * 0.2
    for y, swell, frequency, speed, opacity in SAND_WALLS:
        x = box.x * frequency - scene.angle(speed * frequency)
        edge = y - swell * (x.sin().abs() + 0.5 * (2.3 * x + 1).sin().abs())
        canvas.over(box, sand * (0.84 + 0.28 * opacity), box.coverage(box.y - edge, 0.09) * (opacity * weight))
    canvas.over(box, sand, 0.20 * weight)
    grain = colour_tensor(SAND_GRAIN, scene.device) * (0.35 + 0.65 * light)
    canvas.over(box, grain, _grain_cover(scene) * (0.75 * weight))


def _grain_cover(scene: Scene) -> Tensor:
    grains = particle_set("rain", scene.device, spread=RAIN_SPREAD)
    left, width = RAIN_SPREAD * TILE_REACH, RAIN_SPREAD * (2 * TILE_REACH + 1)  # of all tiles together
    x = (grains.x + left + scene.distance(0.5 + 0.3 * grains.motion[:, 0], width)) % width - left
    length = 0.05 + 0.09 * grains.traits[:, 0]
    sprites = Sprites(
        x=x,
        y=grains.y,
        opacity=0.3 + 0.5 * grains.traits[:, 1],
        shape=torch.stack([length, -0.06 * length, torch.full_like(length, 0.9 / REFERENCE_PIXELS)]),
        extent=(0.075, 0.012),
        kernel=streak,
    )
    return splat(scene.grid, sprites)


FOREGROUND_WEATHER: dict[str, Callable[[DrawContext, Tensor], None]] = {  # painted in this order
    "rain": _paint_rain,
    "snow": _paint_snow,
    "petals": _paint_petals,
    "autumn leaves": _paint_autumn_leaves,
    "fireflies": _paint_fireflies,
    "ash": _paint_ash,
    "sandstorm": _paint_sandstorm,
}


def _meteor_kernel(dx: Tensor, dy: Tensor, shape: Tensor, pixel: float) -> Tensor:
    """A trail that brightens and widens towards its head; `shape` is the vector along it (x, y) and its width."""
    ax, ay, width = shape[0], shape[1], shape[2]
    along = ((dx * ax + dy * ay) / (ax * ax + ay * ay) + 0.5).clamp(0, 1)
    distance = torch.sqrt((dx - (along - 0.5) * ax) ** 2 + (dy - (along - 0.5) * ay) ** 2)
    rim = 0.5 + width * (0.25 + 0.75 * along) / 2 / pixel
    return (rim - distance / pixel).clamp(0, 1) * along**1.6 * rim.clamp(max=1)


def paint_falling_stars(context: DrawContext) -> None:
    """Paint meteors that all fly in one direction; their times differ, so that some are always visible."""
    scene = context.scene
    meteors = particle_set("meteors", scene.device, above=0, below=0)
    turn = (meteors.motion[:, 0] + scene.distance(0.10 + 0.06 * meteors.motion[:, 1], 1.0)) % 1
    opacity = torch.sin(3.1416 * turn) ** 0.7
    flown = 0.16 * (turn - 0.5)
    length = 0.12 + 0.14 * meteors.traits[:, 0]
    sprites = Sprites(
        x=meteors.x - flown,
        y=0.04 + 0.50 * meteors.y + 0.62 * flown,
        opacity=opacity,
        shape=torch.stack([-length, 0.62 * length, torch.full_like(length, 1.9 / REFERENCE_PIXELS)]),
        extent=(0.14, 0.09),
        kernel=_meteor_kernel,
    )
    trails = splat(scene.grid, sprites)
    box = scene.grid.box(bottom=0.75)
    context.canvas.darken(box, 0.16 * scene.weight("weather", "falling stars"))
    cover = trails[:, :, box.rows] * scene.weight("weather", "falling stars")
    context.canvas.over(box, colour_tensor(METEOR, scene.device), cover)


def paint_lightning(context: DrawContext) -> None:
    """Paint the bolts, and the light that they throw on the sky around them."""
    canvas, scene, box = context.canvas, context.scene, context.scene.grid.box()
    white = colour_tensor(WHITE, scene.device)
    lit_sky = torch.exp(-(((box.x - 0.6) / 0.25) ** 2)) * (1 - box.y).clamp(0, 1)
    for variant, brightness in _bolt_brightness(scene.phase):
        if brightness > 1e-3:
            opacity = brightness * scene.weight("weather", "lightning")
            canvas.over(box, white, box_texture(_bolt_cover, box, variant) * (0.98 * opacity))
            canvas.glow(box, white, lit_sky * (0.16 * opacity), burn=0.0)


def _bolt_brightness(phase: float) -> list[tuple[int, float]]:
    """The variants of the two bolts in the sky and their brightness, 0..1.

    One fades in while the other fades out: one is always visible, and nothing flashes. At phase 0 the first is at
    its brightest.
    """
    bolts = []
    for delay in (0.0, 0.5):
        turn = phase / BOLT_SECONDS + delay
        number = 2 * math.floor(turn + 0.5) + round(2 * delay)
        bolts.append((number % BOLTS, (0.5 + 0.5 * math.cos(2 * math.pi * turn)) ** 2))
    return bolts


@cached_constant
def _bolt_cover(grid: PixelGrid, variant: int) -> Tensor:
    """Coverage of one bolt, the union of its segments, [1, 1, height, width]."""
    ax, ay, bx, by, width = (part.view(-1, 1, 1) for part in bolt_segments(variant, grid.device).unbind(1))
    x, y = grid.x[0, 0], grid.y[0, 0]
    along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
    along = along.clamp(0, 1)
    distance = torch.sqrt((x - ax - along * (bx - ax)) ** 2 + (y - ay - along * (by - ay)) ** 2)
    cover = ((width / 2 / REFERENCE_PIXELS - distance) / grid.pixel + 0.5).clamp(0, 1)
    return cover.amax(0)[None, None]
