"""The shapes of open land that an audience sees: a knoll, a slope, a valley, round hills, a plain, as z chooses."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from installation.models.theatre.scene import Scene
from installation.models.theatre.sky_choice import DECIDED
from installation.models.theatre.vocabulary import Z

LAND_SHAPES = ("knoll", "slope", "valley", "round hills", "plain")
CHOSEN_BY = (Z.GROWTH[3], Z.SHIFT[4], Z.TOWER_HEIGHT[0], Z.TOWER_HEIGHT[1], Z.ROCK)  # dimensions of z: one for each
LIKING = (0.3, 0.25, 0.2, 0.25, -0.05)
BY_Z = 0.9  # how much z has to say
HARDLY = 0.02  # a share that nobody sees
KNOLL, SLOPE, VALLEY, HILLS = 0.18, 0.21, 0.23, 0.15  # heights in units
HILL_WIDTH = 0.62  # of a round hill of the middle layer, in units


def land_shapes(scene: Scene) -> list[float]:
    """How much the land has of each of LAND_SHAPES, 0..1, together about 1."""
    return _shares(scene.z_range(range(Z.GROUND_WAVES[0][0], Z.CAMERA[0])))


def _shares(z: Tensor) -> list[float]:
    first, values = Z.GROUND_WAVES[0][0], z.flatten().tolist()
    scores = [like + BY_Z * math.tanh(values[one - first]) for like, one in zip(LIKING, CHOSEN_BY, strict=True)]
    best = max(scores)
    powers = [math.exp(DECIDED * (score - best)) for score in scores]
    shares = [power / sum(powers) for power in powers]
    return [share if share > HARDLY else 0.0 for share in shares]


def shaped_land(scene: Scene, layer: int) -> Tensor:
    """How far the far (0) or the middle (1) layer of open land rises above its plain, in units, [1, 1, 1, width]."""
    shapes = (_knoll, _slope, _valley, _round_hills)
    height = torch.zeros_like(scene.grid.x)
    for shape, share in zip(shapes, land_shapes(scene), strict=False):  # a plain has none
        if share > 0:
            height = torch.add(height, shape(scene, layer), alpha=share)
    return height


def _aside(scene: Scene, layer: int) -> Tensor:
    """The side that figures leave free, -1..1; the farther layer has the other one."""
    return torch.tanh(2 * scene.z(Z.FIGURES_X) - 4 * scene.z(Z.CELESTIAL_X) + 0.3) * (1 - 2 * layer)


def _knoll(scene: Scene, layer: int) -> Tensor:
    """A broad hill on one side."""
    middle = 0.5 + _aside(scene, layer) * (0.52 + 0.18 * scene.bounded(Z.SHIFT[4]))
    place = (scene.grid.x - middle) * (1 / 0.62)
    near = (1 - place * place).clamp(min=0)
    return KNOLL * (0.75 + 0.5 * scene.bounded(Z.GROWTH[3])) * near * near


def _slope(scene: Scene, layer: int) -> Tensor:
    """A flank that comes down all across the picture."""
    along = (scene.grid.x - 0.5) * _aside(scene, layer)
    down = torch.sigmoid(3.4 * along) - 0.22 * torch.sigmoid(9 * (along - 0.35))
    return SLOPE * (1.0 + 0.3 * scene.bounded(Z.GROWTH[3])) * down


def _valley(scene: Scene, layer: int) -> Tensor:
    """Flanks on both sides of low ground."""
    middle = 0.5 + 0.16 * scene.bounded(Z.SHIFT[2]) + 0.10 * _aside(scene, layer)
    away = (scene.grid.x - middle).abs() * (1.5 - 0.4 * layer)
    risen = (away - 0.10).clamp(0, 1)
    return VALLEY * risen * risen * (3 - 2 * risen) * (1.1 + 0.4 * scene.bounded(Z.GROWTH[0]))


def _round_hills(scene: Scene, layer: int) -> Tensor:
    """One round back behind the other, of unequal heights."""
    wide = HILL_WIDTH * (0.72 if layer == 0 else 1.0)
    place = (scene.grid.x - 0.5 * scene.bounded(Z.SHIFT[layer + 2])) * (1 / wide) + 0.4 * layer
    rounds = []
    for shift in (0.0, 0.5):  # two rows, so that no gap goes down to the plain
        number = torch.floor(place + shift)
        within = (place + shift - number - 0.5) * (2.06 + 0.05 * torch.sin(2.7 * number + shift))
        tall = 0.62 + 0.38 * torch.sin(4.1 * number + 7 * shift + layer)
        rounds.append((1 - within * within).clamp(min=0).sqrt() * tall)
    return HILLS * torch.maximum(*rounds)
