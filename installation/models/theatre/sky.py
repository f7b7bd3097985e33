"""The sky: its colours from the zenith to the horizon, stars, the aurora, and one celestial body with its glow."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from installation.models.theatre.canvas import Canvas, Frame, angle, falloff, ink, moved
from installation.models.theatre.classes import CELESTIALS
from installation.models.theatre.particles import GLOW_REACH, glow_point, splat, swarm
from installation.models.theatre.props import SCREEN
from installation.models.theatre.scene import Scene, highest, lowest

GREEN, PURPLE = "40ff9e", "8c40e6"  # of the aurora's two curtains
CORONA = "ffedbf"  # of an eclipse
WHITE = "ffffff"
STARS_END = 0.76  # how far down there are stars


def backdrop(scene: Scene) -> Canvas:
    """A canvas with the colours of the sky on it."""
    colours = scene.palette
    place = 3 * (scene.frame.y / scene.horizon).clamp(0, 1)  # [batch, 1, height, 1]
    column = torch.zeros_like(colours.top)
    for stop, colour in enumerate((colours.top, colours.upper, colours.lower, colours.horizon)):
        column = column + colour * (1 - (place - stop).abs()).clamp(min=0)
    return Canvas(column.expand(-1, -1, -1, scene.frame.width).clone())


def paint_sky(canvas: Canvas, scene: Scene) -> None:
    """Everything that stands behind the clouds."""
    _glow(canvas, scene)
    if highest(scene.stars) > 0:
        _stars(canvas, scene)
    if highest(scene.aurora) > 0:
        _aurora(canvas, scene)
    if scene.has("celestial", *tuple(CELESTIALS)[:-1]):
        _celestial(canvas, scene)


def _glow(canvas: Canvas, scene: Scene) -> None:
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


def _stars(canvas: Canvas, scene: Scene) -> None:
    box = scene.frame.box(bottom=STARS_END)
    small = starlight(scene.frame, "small stars", scene.phase)[:, :, box.rows]
    large = starlight(scene.frame, "large stars", scene.phase)[:, :, box.rows]
    amount = small * torch.sigmoid(2 * scene.z(4)) + large
    canvas.over(box, ink(WHITE, scene.device), amount * (0.9 * scene.stars))


def _aurora(canvas: Canvas, scene: Scene) -> None:
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


def _celestial(canvas: Canvas, scene: Scene) -> None:
    """Sun, moon, crescent or eclipse: one disc, which the crescent bites and the eclipse rings."""
    across, down, radius = scene.sun
    reach = highest(radius) + 0.11
    box = scene.frame.box(lowest(down) - reach, highest(down) + reach, lowest(across) - reach, highest(across) + reach)
    if box.empty:
        return
    distance = torch.sqrt((box.x - across) ** 2 + (box.y - down) ** 2 + 1e-6)
    amount = box.inside(radius - distance) * (1 - scene.weight("celestial", "empty sky"))
    if scene.has("celestial", "crescent moon"):
        other = torch.sqrt((box.x - across - 0.045) ** 2 + (box.y - down + 0.02) ** 2 + 1e-6)
        amount = amount * (1 - box.inside(radius * 0.92 - other) * scene.weight("celestial", "crescent moon"))
    canvas.over(box, scene.celestial_colour, amount)
    if scene.has("celestial", "eclipse"):
        flare = 0.95 + 0.05 * math.cos(0.7 * scene.phase)
        ring = torch.exp(-(distance - radius).abs() / 0.016) * falloff((distance - radius).abs(), 0.3)
        canvas.over(box, ink(CORONA, scene.device), ring * (0.95 * flare * scene.weight("celestial", "eclipse")))
