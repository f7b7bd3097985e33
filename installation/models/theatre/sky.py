"""The sky behind the clouds: its gradient, the light around the celestial body, stars, aurora, milky way, rainbow."""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext
from installation.models.theatre.particles import GLOW_REACH, Sprites, glow_point, particle_set, splat
from installation.models.theatre.raster import Box, PixelGrid, Raster, box_texture, cached_constant, colour_tensor
from installation.models.theatre.scene import Scene
from installation.models.theatre.sprite_tables import REFERENCE_PIXELS, tile_rng
from installation.models.theatre.vocabulary import Z

WHITE = "ffffff"
STAR_RADII = {"small stars": (0.3, 0.85), "large stars": (0.5, 1.4)}  # in reference pixels
STARS_BOTTOM = 0.76
AURORA_GREEN, AURORA_PURPLE = "40ff9e", "8c40e6"
GALAXY_BANDS = ((0.20, "b48cf0", 0.30), (0.11, "ffb8d8", 0.28), (0.05, "fff4e0", 0.22))  # width, colour, brightness
GALAXY_SLOPE, GALAXY_Y = -0.62, 0.30  # of the band: rise per unit, y at x = 0.5
GALAXY_STARS = 1500
RAINBOW_X, RAINBOW_Y, RAINBOW_RADIUS, RAINBOW_STRIP = 0.5, 0.74, 0.50, 0.032  # centre, outer radius, width of a colour
RAINBOW_WIDER = 0.13  # how much larger it is in a wide picture, for an audience, in units
RAINBOW_COLOURS = ("f0383c", "ff9a2e", "ffe84a", "4ed86a", "3f9cff", "8a5cf0")


def sky_gradient(scene: Scene, y: Tensor | None = None) -> Raster:
    """A canvas filled with a vertical gradient of four colours, from the zenith to the horizon.

    Its rows are those of the scene's grid, unless they are given as their `y`, [1, 1, rows, 1].
    """
    palette = scene.palette
    place = 3 * ((scene.grid.y if y is None else y) / scene.horizon).clamp(0, 1)  # [batch, 1, rows, 1]
    column = torch.zeros_like(palette.zenith)
    for stop, colour in enumerate((palette.zenith, palette.upper, palette.lower, palette.horizon)):
        column = column + colour * (1 - (place - stop).abs()).clamp(min=0)
    return Raster(column.expand(-1, -1, -1, scene.grid.width).clone())


def paint_glow(context: DrawContext) -> None:
    """Light around the celestial body; under an empty sky half of it stays."""
    scene = context.scene
    box = scene.grid.box()
    x, y, _ = scene.celestial_disc
    squared = (box.x - x) ** 2 + (box.y - y) ** 2
    # exp(-(distance / 0.3) ** 1.2); torch's power with a fractional exponent takes five times as long
    light = torch.exp(-torch.exp(0.6 * torch.log(squared * (1 / 0.09) + 1e-6)))
    context.canvas.over(box, scene.palette.glow, light * (0.62 - 0.31 * scene.weight("celestial", "empty sky")))


@cached_constant
def _stars(kind: str, device: torch.device) -> tuple[Sprites, Tensor, Tensor]:
    """All stars of a kind as they shine at most, and the rates and depths of their twinkling, each [stars]."""
    smallest, largest = STAR_RADII[kind]
    stars = particle_set(kind, device, above=1, below=0)
    radius = (smallest + stars.traits[:, 0] ** 3 * (largest - smallest)) / REFERENCE_PIXELS
    extent = GLOW_REACH * largest / REFERENCE_PIXELS
    sprites = Sprites(
        x=stars.x,
        y=torch.where(stars.y >= 0, stars.y.clamp(min=0) ** 1.3 * 0.75, stars.y),
        opacity=(130 + 125 * stars.traits[:, 1]) / 255 * (1.15 - stars.y.clamp(min=0)),
        shape=radius[None],
        extent=(extent, extent),
        kernel=glow_point,
    )
    return sprites, 0.5 + 1.7 * stars.motion[:, 0], 0.35 + 0.55 * stars.motion[:, 1]


def _star_cover(scene: Scene, kind: str) -> Tensor:
    """Coverage of the stars of a kind as they twinkle, [1, 1, height, width]."""
    sprites, rate, depth = _stars(kind, scene.device)
    twinkle = 1 - depth * torch.sin(scene.distance(rate, 4 * math.pi) / 2) ** 2
    return splat(scene.grid, replace(sprites, opacity=sprites.opacity * twinkle))


def paint_stars(context: DrawContext) -> None:
    """Stars of two sizes, which twinkle."""
    scene = context.scene
    box = scene.grid.box(bottom=STARS_BOTTOM)
    small = _star_cover(scene, "small stars")[:, :, box.rows]
    large = _star_cover(scene, "large stars")[:, :, box.rows]
    cover = small * torch.sigmoid(2 * scene.z(Z.SMALL_STARS)) + large
    if scene.clouded is not None:
        cover = cover * (1 - scene.clouded[:, :, box.rows])
    context.canvas.over(box, colour_tensor(WHITE, scene.device), cover * (0.9 * scene.sky_effects.stars))


def paint_aurora(context: DrawContext) -> None:
    """Two waving curtains of light, bright and soft below, fading upwards."""
    canvas, scene = context.canvas, context.scene
    strength = scene.sky_effects.aurora
    box = scene.grid.box(bottom=0.56)
    x = box.x * 6.28
    first, second = (scene.z(index) for index in Z.AURORA)
    foot = 0.26 + 0.07 * torch.sin(x + first + scene.angle(0.12))
    foot = foot + 0.03 * torch.sin(x * 2.3 + second - scene.angle(0.20))
    folds = 0.65 + 0.35 * torch.sin(x * 7 + 2 * torch.sin(x * 1.5 + first + scene.angle(0.25)) + scene.angle(0.16))
    green = torch.exp(-(foot - box.y).clamp(min=0) / 0.16) * (box.coverage(foot - box.y + 0.02, 0.03) * folds)
    canvas.glow(box, colour_tensor(AURORA_GREEN, scene.device), green * (0.75 * strength), burn=0.5)
    folds = 0.6 + 0.4 * torch.sin(x * 9 + 1 - scene.angle(0.23))
    foot = foot + 0.13
    purple = torch.exp(-(foot - box.y).clamp(min=0) / 0.10) * (box.coverage(foot - box.y, 0.03) * folds)
    canvas.glow(box, colour_tensor(AURORA_PURPLE, scene.device), purple * (0.45 * strength), burn=0.4)


def _above_galaxy(box: Box) -> Tensor:
    """Signed distance of a pixel from the centre line of the milky way, in units, [1, 1, rows, columns]."""
    bend = 0.03 * torch.sin(5.0 * box.x + 1.0)
    return (GALAXY_Y + GALAXY_SLOPE * (box.x - 0.5) + bend - box.y) / math.hypot(1, GALAXY_SLOPE)


@cached_constant
def _galaxy_stars(grid: PixelGrid) -> Tensor:
    """The fine stars of the milky way, [1, 1, height, width]."""
    rng = tile_rng("small stars", 77, 1)
    x = torch.tensor(rng.random(GALAXY_STARS) * 5 - 2, dtype=torch.float32)
    above = torch.tensor(rng.standard_normal(GALAXY_STARS) * 0.075, dtype=torch.float32)
    opacity = torch.tensor(0.35 + 0.65 * rng.random(GALAXY_STARS) ** 2, dtype=torch.float32)
    radius = torch.tensor(0.25 + 0.45 * rng.random(GALAXY_STARS) ** 3, dtype=torch.float32) / REFERENCE_PIXELS
    y = GALAXY_Y + GALAXY_SLOPE * (x - 0.5) + 0.03 * torch.sin(5.0 * x + 1.0) + above * 1.18
    x, y, opacity, radius = (part.to(grid.device) for part in (x, y, opacity, radius))
    extent = GLOW_REACH * 0.7 / REFERENCE_PIXELS
    return splat(grid, Sprites(x, y, opacity, radius[None], (extent, extent), glow_point))


def paint_milky_way(context: DrawContext) -> None:
    """A luminous band from side to side with a dark lane in it, full of stars."""
    canvas, scene = context.canvas, context.scene
    box = scene.grid.box(bottom=0.78)
    above = _above_galaxy(box)
    texture = torch.sin(23 * box.x + 2 * torch.sin(13 * box.y)) * torch.sin(19 * box.y - 9 * box.x)
    fade = (0.80 - box.y).clamp(0, 0.2) * 5
    strength = scene.sky_effects.milky_way * fade
    for width, colour, brightness in GALAXY_BANDS:
        band = torch.exp(-((above / width) ** 2)) * (1 + 0.22 * texture)
        canvas.glow(box, colour_tensor(colour, scene.device), band * (brightness * strength), burn=0.5)
    lane = torch.exp(-(((above - 0.02 - 0.02 * texture) / 0.03) ** 2)) * (0.6 + 0.4 * torch.sin(11 * box.x + 3))
    canvas.darken(box, lane * (0.30 * strength))
    twinkle = 0.9 + 0.1 * torch.sin(40 * box.x + 31 * box.y + scene.angle(1.1))
    stars = box_texture(_galaxy_stars, box) * twinkle * (0.9 * strength)
    canvas.over(box, colour_tensor(WHITE, scene.device), stars)


def paint_rainbow(context: DrawContext) -> None:
    """An arch of six colours, soft at both edges and towards the ground."""
    scene = context.scene
    radius = RAINBOW_RADIUS
    if scene.staged:  # an audience sees it above cliffs and mountains, if the picture is wide enough
        radius += RAINBOW_WIDER * min(1.0, max(0.0, scene.grid.width / scene.grid.height - 1) / 0.6)
    box = scene.grid.box(
        top=RAINBOW_Y - radius - 0.03,
        bottom=RAINBOW_Y + 0.06,
        left=RAINBOW_X - radius - 0.03,
        right=RAINBOW_X + radius + 0.03,
    )
    distance = torch.sqrt((box.x - RAINBOW_X) ** 2 + (box.y - RAINBOW_Y) ** 2 + 1e-6)
    place = (radius - distance) / RAINBOW_STRIP  # 0 at the outer edge, 6 at the inner one
    softness = max(0.22, 0.7 * scene.grid.pixel / RAINBOW_STRIP)
    opacity = scene.sky_effects.rainbow * (0.74 + 0.05 * math.sin(scene.angle(0.5)))
    cover = torch.sigmoid(place / softness * 2.6) * torch.sigmoid((6 - place) / softness * 2.6)
    colour, total = torch.zeros(1, 3, 1, 1, device=scene.device), torch.zeros(1, device=scene.device)
    for number, strip in enumerate(RAINBOW_COLOURS):
        share = (1 - (place - 0.5 - number).abs()).clamp(min=0)
        colour, total = colour + colour_tensor(strip, scene.device) * share, total + share
    context.canvas.over(box, colour / total.clamp(min=0.5), cover * opacity)
