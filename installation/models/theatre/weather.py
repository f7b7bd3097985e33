"""What falls before the scene: rain, snow and petals, each drop on its own way, for ever and without a seam."""

from __future__ import annotations

import torch
from torch import Tensor

from installation.models.theatre.canvas import Canvas, Frame, ink, moved
from installation.models.theatre.particles import Swarm, glow_point, oval, splat, streak, swarm
from installation.models.theatre.props import SCREEN
from installation.models.theatre.scene import Scene

WIND = 0.35  # units across for one unit of a raindrop's fall
TALL = 3.0  # things fall from one unit above the square to one below it, then come back above
PETAL = "ff9ebd"


def fallen(things: Swarm, pace: Tensor, phase: float) -> Tensor:
    """Heights of falling things after `phase` seconds at `pace` units a second."""
    return (things.y + 1 + moved(pace, phase, TALL)) % TALL - 1


def sway(things: Swarm, width: float, phase: float) -> Tensor:
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


def paint_weather(canvas: Canvas, scene: Scene) -> None:
    box = scene.frame.box()
    if scene.has("weather", "rain"):
        weight = scene.weight("weather", "rain")
        canvas.over(box, scene.palette.glow * 0.75 + 0.1, rain(scene.frame, scene.phase) * (0.62 * weight))
        canvas.shade(box, 0.12 * weight)
    if scene.has("weather", "snow"):
        weight = scene.weight("weather", "snow")
        canvas.over(box, ink("ffffff", scene.device), snow(scene.frame, scene.phase) * (0.95 * weight))
    if scene.has("weather", "petals"):
        weight = scene.weight("weather", "petals")
        canvas.over(box, ink(PETAL, scene.device), petals(scene.frame, scene.phase) * (0.9 * weight))
