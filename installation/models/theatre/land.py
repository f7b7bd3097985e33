"""The ridges of the land: three lines across the picture for each terrain, mixed as their terrains are.

A line is a height for each column, [batch, 1, 1, width], measured down from the top: the smaller the higher. All are
made of functions that go on beyond the square.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from installation.models.theatre.raster import angle
from installation.models.theatre.scene import Scene
from installation.models.theatre.sprite_tables import roof_line, rough_line, triangles
from installation.models.theatre.village import VILLAGE, skyline
from installation.models.theatre.vocabulary import TERRAINS

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


class RidgeLines:
    """The lines that terrains are made of, each made when a terrain asks for it."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.x = scene.frame.x
        self.horizon = scene.horizon

    def slid(self, column: int, far: float) -> Tensor:
        """Where a line that slides at most `far` aside, by a dimension of z, is read, [batch, 1, 1, width]."""
        return self.x - far * self.scene.bounded(column)

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
        x = self.slid(24, 0.12)
        return triangles(0, x) * (0.55 + 0.6 * rough_line(0, x))

    def tower_blocks(self, layer: int) -> Tensor:
        x = self.x - city_aside(self.scene, layer)
        return roof_line(layer, x, self.scene.frame.pixel) * (1 + 0.3 * self.scene.bounded(33 + 2 * layer))

    def columns(self) -> Tensor:
        """The columns of a temple, some of them broken: 0 or their height."""
        within, _, height = column_at(self.scene)
        return within * height

    def cone(self) -> Tensor:
        """A volcano, 0 to 0.8, between low hills."""
        slope = 1 - (self.x - crater(self.scene)).abs() / 0.42
        hills = 0.16 * torch.sin(self.x * 5.3 + 0.4) * ((self.x - 0.5).abs() - 0.45).clamp(0, 0.3) / 0.3
        return torch.maximum(slope.clamp(0, 0.80), hills)

    def dunes(self, layer: int) -> Tensor:
        """Crests with a long slope on one side and a steep one on the other, 0 to 1."""
        place = self.x * (1.55 + 0.5 * layer) + 0.37 * layer + 0.12 * self.scene.z(12 + 3 * layer)
        along = place - place.floor()
        rise = torch.minimum(along / 0.68, (1 - along) / 0.32)
        return rise * rise * (3 - 2 * rise) * (0.65 + 0.35 * torch.sin(2.1 * place + layer))

    def crowns(self, layer: int) -> Tensor:
        """Round crowns of trees, 0 to 1."""
        turn = self.x * (19 - 5 * layer) + 2 * layer + self.scene.z(12 + 3 * layer)
        return turn.sin().abs() * 0.6 + (0.43 * turn + 1).sin().abs() * 0.4

    def shards(self) -> Tensor:
        """Spires of ice, 0 to about 1.4."""
        x = self.slid(21, 0.12)
        return triangles(1, x) ** 1.5 * (0.3 + 0.9 * rough_line(0, x)) + 0.2 * rough_line(2, x)

    def gorge(self) -> Tensor:
        """The wall that a waterfall comes down: steps of rock, higher at the sides, 0 to about 0.12."""
        return 0.10 * rough_line(0, self.slid(21, 0.12)) * ((self.x - 0.5).abs() * 2.6 - 0.25).clamp(0, 1)

    def swell(self) -> Tensor:
        """The nearest waves of the sea."""
        return 0.955 + 0.015 * torch.sin(self.x * 26 + self.scene.z(38) + angle(0.9, self.scene.phase))

    def mound(self) -> Tensor:
        """An island, 0 to 1."""
        aside = self.x - island_middle(self.scene)
        return (1 - (aside / 0.33) ** 2).clamp(min=0) ** 0.8 * (1 + 0.12 * torch.sin(17 * aside + 4))

    def walls(self) -> Tensor:
        """Cliffs on both sides, 0 to 0.42, with steps further out."""
        right, left = 0.74 + 0.05 * self.scene.bounded(36), 0.16 + 0.05 * self.scene.bounded(37)
        inner = 0.42 * torch.sigmoid((self.x - right) * 42) + 0.30 * torch.sigmoid((left - self.x) * 42)
        outer = 0.10 * torch.sigmoid((-0.12 - self.x) * 42) - 0.12 * torch.sigmoid((self.x - 1.16) * 42)
        return inner + outer


def column_at(scene: Scene) -> tuple[Tensor, Tensor, Tensor]:
    """Of the nearest column of the ruins: whether it is there, how far aside its middle is, its height (0.55 to 1).

    Each [batch, 1, 1, width].
    """
    x = scene.frame.x - 0.12 * scene.bounded(24)
    number = torch.round((x - COLUMN_FIRST) / COLUMN_APART)
    middle = COLUMN_FIRST + number * COLUMN_APART
    within = ((COLUMN_HALF - (x - middle).abs()) / scene.frame.pixel + 0.5).clamp(0, 1)
    return within, x - middle, 0.55 + 0.45 * torch.floor(4 * rough_line(2, middle)) / 3


def city_aside(scene: Scene, layer: int) -> Tensor:
    """How far to the right a row of the city's buildings has slid, [batch, 1, 1, 1]."""
    return 0.2 * scene.bounded(21 + 3 * layer)


def island_middle(scene: Scene) -> Tensor:
    """Where the island lies, x."""
    return 0.55 + 0.11 * scene.bounded(34)


def crater(scene: Scene) -> Tensor:
    """Where the volcano's mouth is, x."""
    return 0.5 + 0.07 * scene.bounded(34)


Shape = Callable[[RidgeLines], Tensor]

FAR: dict[str, Shape] = {
    "sea": lambda at: at.horizon,
    "lake": lambda at: at.horizon - 0.13 * at.peaks(0),
    "mountains": lambda at: at.horizon + 0.02 - 0.30 * at.peaks(0),
    "desert": lambda at: at.horizon + 0.02 - 0.13 * at.dunes(0),
    "forest": lambda at: at.horizon - 0.06 + at.roll(0) - 0.05 * triangles(1, at.slid(21, 0.06)),
    "city": lambda at: at.horizon - 0.17 * at.tower_blocks(0),
    "field": lambda at: at.horizon - 0.02 + at.roll(0),
    "hills": lambda at: at.horizon - 0.06 + 1.5 * at.roll(0),
    "cave": lambda at: at.horizon - 0.02 + at.roll(0),
    "cliffs": lambda at: at.horizon + 0.01,
    "ice": lambda at: at.horizon - 0.17 * at.shards(),
    "volcano": lambda at: at.horizon + 0.02 - 0.36 * at.cone(),
    "ruins": lambda at: at.horizon - 0.02 + at.roll(0),
    "river": lambda at: at.horizon - 0.12 + 1.4 * at.roll(0) - 0.025 * at.crowns(0),
    "waterfall": lambda at: 0.295 - at.gorge() + 0 * at.horizon,
    "island": lambda at: at.horizon + 0.006 - 0.075 * at.mound(),
    "swamp": lambda at: at.horizon - 0.03 - 0.07 * at.crowns(0),
    "village": lambda at: VILLAGE[0] - 0.7 * skyline(at.scene, 0) + 0 * at.horizon,
    "road": lambda at: at.horizon - 0.035 + 1.2 * at.roll(0),
    "graveyard": lambda at: at.horizon - 0.06 + 1.3 * at.roll(0) - 0.02 * triangles(2, at.x),
    "room": lambda at: at.horizon - 0.05 + 1.2 * at.roll(0),
    "deep sea": lambda at: at.horizon + 0.04 - 0.15 * at.crowns(1) * rough_line(1, at.x),
    "jungle": lambda at: at.horizon - 0.03 - 0.12 * at.crowns(0),
}
MIDDLE: dict[str, Shape] = {
    "sea": lambda at: at.horizon + 0.16 + 0.2 * at.roll(1),
    "lake": lambda at: at.horizon + 0.19,
    "mountains": lambda at: at.horizon + 0.11 - 0.20 * at.peaks(1),
    "desert": lambda at: at.horizon + 0.14 - 0.13 * at.dunes(1),
    "forest": lambda at: at.horizon + 0.02 + at.roll(1) - 0.16 * at.firs(),
    "city": lambda at: at.horizon + 0.05 - 0.22 * at.tower_blocks(1),
    "field": lambda at: at.horizon + 0.06 + at.roll(1),
    "hills": lambda at: at.horizon + 0.06 + 1.5 * at.roll(1),
    "cave": lambda at: at.horizon + 0.10 + at.roll(1),
    "cliffs": lambda at: at.horizon + 0.13 - at.walls() + 0.3 * at.roll(1),
    "ice": lambda at: at.horizon + 0.12 - 0.10 * at.peaks(1),
    "volcano": lambda at: at.horizon + 0.10 + at.roll(1),
    "ruins": lambda at: at.horizon + 0.08 + at.roll(1) - COLUMN_TALL * at.columns(),
    "river": lambda at: at.horizon - 0.075 + 0.35 * at.roll(1),
    "waterfall": lambda at: at.horizon + 0.17 - 0.8 * at.walls() + 0.2 * at.roll(1),
    "island": lambda at: at.horizon + 0.17 + 0.2 * at.roll(1),
    "swamp": lambda at: at.horizon + 0.15 - 0.05 * torch.sin(at.x * 13 + at.scene.z(15)).clamp(min=0),
    "village": lambda at: VILLAGE[1] - skyline(at.scene, 1) + 0 * at.horizon,
    "road": lambda at: at.horizon - 0.005 + 0.12 * at.roll(1),
    "graveyard": lambda at: 0.785 + 0.35 * at.roll(1),
    "room": lambda at: at.horizon + 0.03 + at.roll(1),
    "deep sea": lambda at: at.horizon + 0.17 - 0.10 * at.crowns(0) * rough_line(0, at.x),
    "jungle": lambda at: at.horizon + 0.09 - 0.10 * at.crowns(1),
}
NEAR: dict[str, Shape] = {
    "sea": lambda at: at.swell(),
    "lake": lambda at: 0.93 + 0.4 * at.roll(2),
    "desert": lambda at: 0.88 + 1.1 * at.roll(2),
    "forest": lambda at: 0.90 + 0.5 * at.roll(2) - 0.03 * triangles(2, at.x),
    "field": lambda at: 0.83 + 0.6 * at.roll(2),
    "ice": lambda at: 0.89 + 0.3 * at.roll(2) - 0.02 * rough_line(2, at.x),
    "island": lambda at: at.swell(),
    "river": lambda at: 0.925 + 0.5 * at.roll(2),
    "swamp": lambda at: 0.935 + 0.3 * at.roll(2),
    "road": lambda at: 1.5 + 0 * at.horizon + 0 * at.x,
    "room": lambda at: 1.5 + 0 * at.horizon + 0 * at.x,
    "deep sea": lambda at: 0.90 + 0.5 * at.roll(2) - 0.03 * at.crowns(0),
    "jungle": lambda at: 0.90 + 0.4 * at.roll(2) - 0.02 * at.crowns(0),
}


def bare_ground(at: RidgeLines) -> Tensor:
    return 0.885 + 0.6 * at.roll(2)


def ridges(scene: Scene) -> Ridges:
    """The three lines of a scene."""
    at = RidgeLines(scene)
    found = []
    for shapes in (FAR, MIDDLE, NEAR):
        line = torch.zeros_like(scene.frame.x)
        for index in scene.present("terrain"):
            terrain = TERRAINS[index]
            line = line + scene.weight("terrain", terrain) * shapes.get(terrain, bare_ground)(at)
        found.append(line)
    return Ridges(*found)
