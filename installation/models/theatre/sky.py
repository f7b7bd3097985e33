"""The sky: its colours from the zenith to the horizon, stars, the aurora; and one celestial body with its glow."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from installation.models.theatre.particles import GLOW_REACH, glow_point, splat, swarm
from installation.models.theatre.raster import Box, Frame, Raster, angle, falloff, ink, moved
from installation.models.theatre.scene import Scene, highest, lowest
from installation.models.theatre.sky_effects import paint_firmament
from installation.models.theatre.sprite_tables import SCREEN

GREEN, PURPLE = "40ff9e", "8c40e6"  # of the aurora's two curtains
CORONA = "ffedbf"  # of an eclipse
WHITE = "ffffff"
RINGS = ((2.3, 0.13), (1.55, 0.20))  # of light around a celestial body: how much wider than it, how bright
RAYS = 14  # the sun's
SEAS = ((-0.30, -0.28, 0.30), (0.22, -0.05, 0.36), (-0.22, 0.34, 0.22), (0.36, 0.46, 0.15))  # x, y, size in radii
TAILS = (((-0.87, -0.49), 0.20, 0.52, "e4f2ff", 1.0), ((-0.97, -0.24), 0.12, 0.42, "8cc0ff", 0.7))
STARS_END = 0.76  # how far down there are stars


def backdrop(scene: Scene) -> Raster:
    """A canvas with the colours of the sky on it."""
    colours = scene.palette
    place = 3 * (scene.frame.y / scene.horizon).clamp(0, 1)  # [batch, 1, height, 1]
    column = torch.zeros_like(colours.top)
    for stop, colour in enumerate((colours.top, colours.upper, colours.lower, colours.horizon)):
        column = column + colour * (1 - (place - stop).abs()).clamp(min=0)
    return Raster(column.expand(-1, -1, -1, scene.frame.width).clone())


def paint_sky(canvas: Raster, scene: Scene) -> None:
    """Everything that stands behind the clouds."""
    _glow(canvas, scene)
    if highest(scene.stars) > 0:
        _stars(canvas, scene)
    if highest(scene.aurora) > 0:
        _aurora(canvas, scene)
    paint_firmament(canvas, scene)


def _glow(canvas: Raster, scene: Scene) -> None:
    """Light around the celestial body; half of it stays where there is none."""
    box = scene.frame.box()
    across, down, _ = scene.sun
    squared = (box.x - across) ** 2 + (box.y - down) ** 2
    amount = torch.exp(-((squared * (1 / 0.09) + 1e-6) ** 0.6))  # exp(-(distance / 0.3) ** 1.2)
    canvas.over(box, scene.palette.glow, amount * (0.62 - 0.31 * scene.weight("celestial", "empty sky")))


def starlight(frame: Frame, kind: str, phase: float) -> Tensor:
    """Stars of a kind as they twinkle: [1, 1, height, width]."""
    smallest, largest = {"small stars": (0.35, 0.9), "large stars": (0.6, 1.5)}[kind]
    stars = swarm(kind, frame.device, above=1, below=0)
    height = torch.where((stars.y >= 0), stars.y.clamp(min=0) ** 1.3 * 0.75, stars.y)
    radius = (smallest + stars.traits[:, 0] ** 3 * (largest - smallest)) / SCREEN
    pace, depth = 0.5 + 1.7 * stars.temper[:, 0], 0.25 + 0.5 * stars.temper[:, 1]
    light = (130 + 125 * stars.traits[:, 1]) / 255 * (1 - depth * torch.sin(moved(pace, phase, 4 * math.pi) / 2) ** 2)
    reach = GLOW_REACH * largest / SCREEN
    return splat(frame, stars.x, height, light, radius[None], (reach, reach), glow_point)


def _stars(canvas: Raster, scene: Scene) -> None:
    box = scene.frame.box(bottom=STARS_END)
    small = starlight(scene.frame, "small stars", scene.phase)[:, :, box.rows]
    large = starlight(scene.frame, "large stars", scene.phase)[:, :, box.rows]
    amount = small * torch.sigmoid(2 * scene.z(4)) + large
    canvas.over(box, ink(WHITE, scene.device), amount * (0.9 * scene.stars))


def _aurora(canvas: Raster, scene: Scene) -> None:
    """Two curtains of light, waving."""
    box = scene.frame.box(bottom=0.56)
    turn = box.x * 6.28
    sway, swing, fold, roll, back = (angle(rate, scene.phase) for rate in (0.12, 0.20, 0.25, 0.16, 0.23))
    foot = 0.26 + 0.07 * torch.sin(turn + scene.z(5) + sway) + 0.03 * torch.sin(turn * 2.3 + scene.z(6) - swing)
    folds = 0.65 + 0.35 * torch.sin(turn * 7 + 2 * torch.sin(turn * 1.5 + scene.z(5) + fold) + roll)
    green = torch.exp(-(foot - box.y).clamp(min=0) / 0.16) * (box.inside(foot - box.y + 0.02, 0.03) * folds)
    canvas.light(box, ink(GREEN, scene.device), green * (0.75 * scene.aurora), burn=0.5)
    folds = 0.6 + 0.4 * torch.sin(turn * 9 + 1 - back)
    foot = foot + 0.13
    purple = torch.exp(-(foot - box.y).clamp(min=0) / 0.10) * (box.inside(foot - box.y, 0.03) * folds)
    canvas.light(box, ink(PURPLE, scene.device), purple * (0.45 * scene.aurora), burn=0.4)


def paint_celestial(canvas: Raster, scene: Scene) -> None:
    """The celestial body, before the clouds: a disc of paper in rings of light, with what tells it from the others."""
    across, down, radius = scene.sun
    reach = max(highest(radius) + 0.14, RINGS[0][0] * highest(radius))
    sides = (lowest(down) - reach, highest(down) + reach, lowest(across) - reach, highest(across) + reach)
    box = scene.frame.box(*sides, blur=True)
    if box.empty or scene.present("celestial") == [scene.no_celestial]:
        return
    distance = torch.sqrt((box.x - across) ** 2 + (box.y - down) ** 2 + 1e-6)
    there, comet = 1 - scene.weight("celestial", "empty sky"), scene.weight("celestial", "comet")
    if scene.has("celestial", "comet"):
        paint_tail(canvas, scene)
    radius = radius * (1 - 0.42 * comet)
    pale = (scene.palette.upper.mean(1, keepdim=True) - 0.45).clamp(0, 0.4)
    canvas.shade(box, falloff(distance - radius, 0.13) * (there * pale))
    for wider, light in RINGS:
        canvas.over(box, scene.palette.glow, box.inside(wider * radius - distance) * (light * there))
    if scene.has("celestial", "sun"):
        _rays(canvas, scene, box, distance)
    amount = box.inside(radius - distance) * there
    colour = scene.celestial_colour
    if scene.has("celestial", "moon", "golden moon"):
        colour = colour * (1 - _seas(scene, box) * scene.weight("celestial", "moon", "golden moon"))
    if scene.has("celestial", "crescent moon"):
        other = torch.sqrt((box.x - across - 0.55 * radius) ** 2 + (box.y - down + 0.25 * radius) ** 2 + 1e-6)
        amount = amount * (1 - box.inside(radius * 0.92 - other) * scene.weight("celestial", "crescent moon"))
    canvas.over(box, colour, amount)
    if scene.has("celestial", "eclipse"):
        flare = 0.95 + 0.05 * math.cos(0.7 * scene.phase)
        ring = torch.exp(-(distance - radius).abs() / 0.016) * falloff((distance - radius).abs(), 0.3)
        canvas.over(box, ink(CORONA, scene.device), ring * (0.95 * flare * scene.weight("celestial", "eclipse")))


def _rays(canvas: Raster, scene: Scene, box: Box, distance: Tensor) -> None:
    """The sun's paper rays: a wheel of teeth around the disc, turning slowly."""
    across, down, radius = scene.sun
    turn = torch.atan2(box.y - down, box.x - across) * RAYS + angle(0.05 * RAYS, scene.phase)
    tooth = ((turn / math.pi) % 2 - 1).abs()
    ends = radius * (1.12 + 0.52 * tooth**1.4)
    rays = box.inside(ends - distance, 1.6 * scene.frame.pixel)
    canvas.over(box, scene.celestial_colour, rays * (0.62 * scene.weight("celestial", "sun")))


def _seas(scene: Scene, box: Box) -> Tensor:
    """The dark seas on a moon's face, 0 to a quarter."""
    across, down, radius = scene.sun
    dark = torch.zeros_like(box.x)
    for x, y, size in SEAS:
        away = torch.sqrt((box.x - across - x * radius) ** 2 + (box.y - down - y * radius) ** 2 + 1e-6)
        dark = torch.maximum(dark, box.inside(size * radius - away, 0.04))
    return 0.15 * dark


def paint_tail(canvas: Raster, scene: Scene) -> None:
    """The comet's tail: a fan of light that streams away from its head, with a second, bluer one beside it."""
    across, down, radius = scene.sun
    weight = scene.weight("celestial", "comet")
    box = scene.frame.box(lowest(down) - 0.36, highest(down) + 0.10, lowest(across) - 0.55, highest(across) + 0.10)
    for (ux, uy), width, length, colour, light in TAILS:
        along = (box.x - across) * ux + (box.y - down) * uy
        aside = (box.y - down) * ux - (box.x - across) * uy
        wave = 0.006 * torch.sin(along * 24 - angle(1.2, scene.phase)) * along.clamp(min=0) * 4
        wide = 0.45 * radius + width * along.clamp(min=0)
        fading = (1 - along.clamp(min=0) / length).clamp(min=0) ** 2
        fan = torch.exp(-(((aside + wave) / wide) ** 2)) * fading * box.inside(along, 0.03)
        canvas.light(box, ink(colour, scene.device), fan * (light * weight), burn=0.8)
