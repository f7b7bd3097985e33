"""Where the subject and its companion stand: whole within the square of any picture, and never one over the other."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.raster import angle, lasting
from installation.models.theatre.scene import Scene
from installation.models.theatre.sdf_atlas import Atlas, Figure, as_subjects
from installation.models.theatre.vocabulary import CELESTIALS, COMPANIONS, SUBJECTS

MARGIN = 0.03  # what stays free at the sides of the square
GAP = 0.035  # between subject and companion
AFAR = 0.05  # how much higher a companion of nobody stands
SUNK = 0.05  # how much of a figure stands behind the edge of the nearest layer, its margin included
GROUND, WATER = 0.89, 0.855  # where figures stand, and where they float

NO_SUN = list(CELESTIALS).index("empty sky")
SUBJECT_SIDE, COMPANION_SIDE = 0.54, 0.32


class FigureLayout(NamedTuple):
    """Who is in the scene."""

    subject: Figure
    companion: Figure


@lasting
def _measures(kind: str, device: torch.device) -> Tensor:
    """[classes, 2 or 3]: how high each floats, how large it is, on which side a companion stands."""
    rows = SUBJECTS.values() if kind == "subject" else COMPANIONS.values()
    return torch.tensor(list(rows), dtype=torch.float32, device=device)


def company(scene: Scene, atlas: Atlas) -> FigureLayout:
    """Subject and companion side by side, whole within the square whatever the picture's shape.

    The pair stands where z has it. With nobody as subject the companion stands farther off, not to be taken for one.
    """
    jitter = scene.jitter
    floats, size = _of("subject", scene)
    hovers, small, leaning = _of("companion", scene)
    nobody, with_it = scene.weight("subject", "nobody"), 1 - scene.weight("companion", "alone")
    side = SUBJECT_SIDE * size * torch.exp(0.14 * jitter * scene.bounded(41)) * (1 - 0.14 * with_it)
    other = COMPANION_SIDE * small * torch.exp(0.10 * jitter * scene.bounded(48)) * (1 + 0.15 * nobody)
    cast = as_subjects(scene.group("companion"))
    wide, narrow = _half(scene.group("subject"), atlas) * side, _half(cast, atlas) * other
    gap = (GAP + 0.03 * jitter * (1 + scene.bounded(46))) * with_it * (1 - nobody)
    fit = ((0.5 - MARGIN - gap / 2) / (wide + narrow).clamp(min=1e-3)).clamp(max=1)
    side, other, wide, narrow = side * fit, other * fit, wide * fit, narrow * fit
    free = 0.5 - MARGIN - wide - narrow - gap / 2
    middle = 0.5 + free * jitter * torch.tanh(0.9 * scene.z(42) - 1.1 * scene.z(1))
    rank = leaning / (with_it + 1e-6)
    places = (middle - rank * (narrow + gap / 2), middle + rank * (wide + gap / 2))
    behind = _foot(scene, hovers, other, 47) - AFAR * nobody
    return FigureLayout(
        _below_the_sun(scene, atlas, Figure(scene.group("subject"), places[0], _foot(scene, floats, side, 43), side)),
        _below_the_sun(scene, atlas, Figure(cast, places[1], behind, other)),
    )


def _below_the_sun(scene: Scene, atlas: Atlas, figure: Figure) -> Figure:
    """A figure that would hide the sun or the moon comes down, and is small enough to stand below it."""
    if scene.present("celestial") == [NO_SUN]:
        return figure
    across, down, radius = scene.sun
    half, tall = ((figure.weights @ atlas.half).view(-1, 2, 1, 1, 1) * figure.side[:, None]).unbind(1)
    near = torch.sigmoid((half + radius - (figure.x - across).abs()) / 0.02)
    near = near * (1 - scene.weight("celestial", "empty sky"))
    foot = torch.lerp(figure.foot, torch.maximum(figure.foot, _ground(scene) - 0.02), near)
    fits = ((foot - down - 0.95 * radius) / (tall + 1e-3)).clamp(0.3, 1)
    return Figure(figure.weights, figure.x, foot, figure.side * torch.lerp(torch.ones_like(fits), fits, near))


def _of(kind: str, scene: Scene) -> tuple[Tensor, ...]:
    """The class's measures, each [batch, 1, 1, 1]."""
    return (scene.group(kind) @ _measures(kind, scene.device))[..., None, None, None].unbind(1)


def _half(weights: Tensor, atlas: Atlas) -> Tensor:
    return (weights @ atlas.half[:, 0]).view(-1, 1, 1, 1)


def _foot(scene: Scene, floats: Tensor, side: Tensor, column: int) -> Tensor:
    """The floor of the figure's square: on the ground, on the water, or in the air, bobbing gently."""
    water = scene.weight("terrain", "sea", "lake")
    air = 0.66 + 0.04 * scene.jitter * scene.bounded(column)
    bob = (0.006 * floats + 0.004 * water) * math.sin(angle(0.9, scene.phase))
    return _ground(scene) * (1 - floats) + floats * air + side * SUNK + bob


def _ground(scene: Scene) -> Tensor:
    """Where the foot of a figure is, [batch, 1, 1, 1]."""
    return GROUND + (WATER - GROUND) * scene.weight("terrain", "sea", "lake")
