"""The ridges of the land: three lines across the picture for each terrain, mixed as their terrains are.

A line is a height for each column, [batch, 1, 1, width], measured down from the top: the smaller the higher. All are
made of functions that go on beyond the square.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from installation.models.theatre.canvas import angle
from installation.models.theatre.classes import TERRAINS
from installation.models.theatre.props import roof_line, rough_line, triangles
from installation.models.theatre.scene import Scene

PI = 3.14
COLUMN_FIRST, COLUMN_APART, COLUMN_HALF = 0.0387, 0.25, 0.0482  # of the ruins: middle of one, distance, half width
COLUMN_TALL = 0.30
PEAKS = (  # for the far and the middle ridge: x, half width, height of each; the first three stand in the square
    ((0.22, 0.34, 0.95), (0.55, 0.42, 1.1), (0.86, 0.30, 0.85), (-0.19, 0.30, 0.8), (1.24, 0.33, 1.05),
     (-0.62, 0.40, 1.1), (1.62, 0.36, 0.85), (-1.05, 0.34, 0.9), (2.02, 0.40, 1.0)),
    ((0.06, 0.34, 0.9), (0.40, 0.30, 0.75), (0.74, 0.40, 1.0), (-0.38, 0.36, 1.0), (1.20, 0.32, 0.8),
     (-0.82, 0.38, 0.8), (1.60, 0.40, 1.05), (-1.25, 0.34, 0.9), (2.05, 0.36, 0.8)),
)  # fmt: skip


@dataclass(frozen=True)
class Ridges:
    """Where the far, the middle and the near layer begin, each [batch, 1, 1, width]."""

    far: Tensor
    middle: Tensor
    near: Tensor


class Lines:
    """The lines that terrains are made of, each made when a terrain asks for it."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.x = scene.frame.x
        self.horizon = scene.horizon

    def roll(self, layer: int) -> Tensor:
        """Gentle waves of the ground; layer 0, 1 or 2."""
        slow, middling, quick = (self.scene.z(12 + 3 * layer + i) for i in range(3))
        x = PI * self.x
        waves = slow * torch.sin(1.5 * x + layer) + middling * torch.cos(2.3 * x + 2 * layer)
        return 0.030 * (waves + 0.7 * quick * torch.sin(4.1 * x + layer))

    def peaks(self, layer: int) -> Tensor:
        """A mountain range, 0 to about 1.2; layer 0 or 1."""
        height = torch.zeros_like(self.x)
        teeth = 1 + 0.04 * (triangles(layer, self.x) - 0.5)
        for number, (place, width, tall) in enumerate(PEAKS[layer]):
            own = layer * 3 + number % 3
            middle = place + 0.06 * self.scene.bounded(21 + own)
            summit = tall * (1 + 0.25 * self.scene.bounded(27 + own))
            peak = (1 - (self.x - middle).abs() / width).clamp(min=0)
            height = torch.maximum(height, peak * summit * teeth)
        return height

    def firs(self) -> Tensor:
        """Trees of different heights, 0 to 1.15."""
        return triangles(0, self.x) * (0.55 + 0.6 * rough_line(0, self.x))

    def tower_blocks(self, layer: int) -> Tensor:
        return roof_line(layer, self.x) * (1 + 0.3 * self.scene.bounded(33 + 2 * layer))

    def columns(self) -> Tensor:
        """The columns of a temple, some of them broken: 0 or their height."""
        aside, height = column_at(self.x)
        return (aside.abs() < COLUMN_HALF).float() * height

    def cone(self) -> Tensor:
        """A volcano, 0 to 0.8, between low hills."""
        slope = 1 - (self.x - crater(self.scene)).abs() / 0.42
        hills = 0.16 * torch.sin(self.x * 5.3 + 0.4) * ((self.x - 0.5).abs() - 0.45).clamp(0, 0.3) / 0.3
        return torch.maximum(slope.clamp(0, 0.80), hills)

    def walls(self) -> Tensor:
        """Cliffs on both sides, 0 to 0.42, with steps further out."""
        right, left = 0.74 + 0.05 * self.scene.bounded(36), 0.16 + 0.05 * self.scene.bounded(37)
        inner = 0.42 * torch.sigmoid((self.x - right) * 42) + 0.30 * torch.sigmoid((left - self.x) * 42)
        outer = 0.10 * torch.sigmoid((-0.12 - self.x) * 42) - 0.12 * torch.sigmoid((self.x - 1.16) * 42)
        return inner + outer


def column_at(x: Tensor) -> tuple[Tensor, Tensor]:
    """Of the nearest column: how far aside of its middle x is, and how high it stands (0.55 to 1); both shaped as x."""
    number = torch.round((x - COLUMN_FIRST) / COLUMN_APART)
    middle = COLUMN_FIRST + number * COLUMN_APART
    return x - middle, 0.55 + 0.45 * torch.floor(4 * rough_line(2, middle)) / 3


def crater(scene: Scene) -> Tensor:
    """Where the volcano's mouth is, x."""
    return 0.5 + 0.07 * scene.bounded(34)


Shape = Callable[[Lines], Tensor]

FAR: dict[str, Shape] = {
    "sea": lambda at: at.horizon,
    "lake": lambda at: at.horizon - 0.13 * at.peaks(0),
    "mountains": lambda at: at.horizon + 0.02 - 0.30 * at.peaks(0),
    "desert": lambda at: at.horizon - 0.02 + 1.3 * at.roll(0),
    "forest": lambda at: at.horizon - 0.06 + at.roll(0) - 0.05 * triangles(1, at.x),
    "city": lambda at: at.horizon - 0.17 * at.tower_blocks(0),
    "field": lambda at: at.horizon - 0.02 + at.roll(0),
    "hills": lambda at: at.horizon - 0.06 + 1.5 * at.roll(0),
    "cave": lambda at: at.horizon - 0.02 + at.roll(0),
    "cliffs": lambda at: at.horizon + 0.01,
    "ice": lambda at: at.horizon - 0.10 * at.peaks(0) - 0.05 * rough_line(0, at.x),
    "volcano": lambda at: at.horizon + 0.02 - 0.36 * at.cone(),
    "ruins": lambda at: at.horizon - 0.02 + at.roll(0),
}
MIDDLE: dict[str, Shape] = {
    "sea": lambda at: at.horizon + 0.16 + 0.2 * at.roll(1),
    "lake": lambda at: at.horizon + 0.19,
    "mountains": lambda at: at.horizon + 0.11 - 0.20 * at.peaks(1),
    "desert": lambda at: at.horizon + 0.09 + 1.3 * at.roll(1),
    "forest": lambda at: at.horizon + 0.02 + at.roll(1) - 0.16 * at.firs(),
    "city": lambda at: at.horizon + 0.05 - 0.22 * at.tower_blocks(1),
    "field": lambda at: at.horizon + 0.06 + at.roll(1),
    "hills": lambda at: at.horizon + 0.06 + 1.5 * at.roll(1),
    "cave": lambda at: at.horizon + 0.10 + at.roll(1),
    "cliffs": lambda at: at.horizon + 0.13 - at.walls() + 0.3 * at.roll(1),
    "ice": lambda at: at.horizon + 0.12 - 0.10 * at.peaks(1),
    "volcano": lambda at: at.horizon + 0.10 + at.roll(1),
    "ruins": lambda at: at.horizon + 0.08 + at.roll(1) - COLUMN_TALL * at.columns(),
}
NEAR: dict[str, Shape] = {
    "sea": lambda at: 0.955 + 0.015 * torch.sin(at.x * 26 + at.scene.z(38) + angle(0.9, at.scene.phase)),
    "lake": lambda at: 0.93 + 0.4 * at.roll(2),
    "desert": lambda at: 0.88 + 1.1 * at.roll(2),
    "forest": lambda at: 0.90 + 0.5 * at.roll(2) - 0.03 * triangles(2, at.x),
    "field": lambda at: 0.83 + 0.6 * at.roll(2),
    "ice": lambda at: 0.89 + 0.3 * at.roll(2) - 0.02 * rough_line(2, at.x),
}


def bare_ground(at: Lines) -> Tensor:
    return 0.885 + 0.6 * at.roll(2)


def ridges(scene: Scene) -> Ridges:
    """The three lines of a scene."""
    at = Lines(scene)
    found = []
    for shapes in (FAR, MIDDLE, NEAR):
        line = torch.zeros_like(scene.frame.x)
        for index in scene.present("terrain"):
            terrain = TERRAINS[index]
            line = line + scene.weight("terrain", terrain) * shapes.get(terrain, shapes.get("hills", bare_ground))(at)
        found.append(line)
    return Ridges(*found)
