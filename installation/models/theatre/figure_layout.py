"""Placement of the subject and its companion: whole within the square of any picture, side by side, below the sun."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.raster import cached_constant
from installation.models.theatre.scene import Scene
from installation.models.theatre.sdf_atlas import Atlas, Figure, subject_weights
from installation.models.theatre.vocabulary import COMPANIONS, SUBJECTS, Z

MARGIN = 0.03  # free at either side of the square
GAP = 0.035  # least distance between subject and companion
SUBJECT_SIDE, COMPANION_SIDE = 0.54, 0.32  # of their squares, at size 1
GROUND, WATER = 0.89, 0.855  # y of the feet on land, and of the waterline
FLOATING = 0.66  # y of the feet of figures in the air
SUNK = 0.05  # share of the square that is below the foot line, where the nearest layer hides it
DISTANCE_RISE = 0.05  # how much higher a companion without a subject stands, because it is farther away


class FigureLayout(NamedTuple):
    """The placed figures of a scene."""

    subject: Figure
    companion: Figure


@cached_constant
def _placement_table(group: str, device: torch.device) -> Tensor:
    """[classes, 2 or 3]: the fields of `Subject` or `Companion`."""
    rows = SUBJECTS.values() if group == "subject" else COMPANIONS.values()
    return torch.tensor(list(rows), dtype=torch.float32, device=device)


def _placement(group: str, scene: Scene) -> tuple[Tensor, ...]:
    """The fields of `Subject` or `Companion`, blended by weight, each [batch, 1, 1, 1]."""
    return (scene.group(group) @ _placement_table(group, scene.device))[..., None, None, None].unbind(1)


def layout_figures(scene: Scene, atlas: Atlas) -> FigureLayout:
    """Place subject and companion side by side, whole within the square whatever the shape of the picture.

    Both are scaled down together if they do not fit; z moves the pair within the room that is left. Without a subject
    the companion stands farther away, or it would read as the subject.
    """
    jitter = scene.jitter
    elevation, size = _placement("subject", scene)
    companion_elevation, companion_size, on_side = _placement("companion", scene)
    no_subject, paired = scene.weight("subject", "nobody"), 1 - scene.weight("companion", "alone")

    side = SUBJECT_SIDE * size * torch.exp(0.14 * jitter * scene.bounded(Z.SUBJECT_SIZE)) * (1 - 0.14 * paired)
    companion_side = COMPANION_SIDE * companion_size * torch.exp(0.10 * jitter * scene.bounded(Z.COMPANION_SIZE))
    companion_side = companion_side * (1 + 0.15 * no_subject)
    silhouettes = subject_weights(scene.group("companion"))
    half = _half_width(scene.group("subject"), atlas) * side
    companion_half = _half_width(silhouettes, atlas) * companion_side
    gap = (GAP + 0.03 * jitter * (1 + scene.bounded(Z.COMPANION_GAP))) * paired * (1 - no_subject)

    fit = ((0.5 - MARGIN - gap / 2) / (half + companion_half).clamp(min=1e-3)).clamp(max=1)
    side, companion_side, half, companion_half = side * fit, companion_side * fit, half * fit, companion_half * fit
    room = 0.5 - MARGIN - half - companion_half - gap / 2
    middle = 0.5 + room * jitter * torch.tanh(0.9 * scene.z(Z.FIGURES_X) - 1.1 * scene.z(Z.CELESTIAL_X))
    on_side = on_side / (paired + 1e-6)
    x = middle - on_side * (companion_half + gap / 2)
    companion_x = middle + on_side * (half + gap / 2)

    companion_foot = _foot(scene, companion_elevation, companion_side, Z.COMPANION_HEIGHT) - DISTANCE_RISE * no_subject
    subject = Figure(scene.group("subject"), x, _foot(scene, elevation, side, Z.SUBJECT_HEIGHT), side)
    companion = Figure(silhouettes, companion_x, companion_foot, companion_side)
    return FigureLayout(
        _below_celestial_body(scene, atlas, subject),
        _below_celestial_body(scene, atlas, companion),
    )


def _below_celestial_body(scene: Scene, atlas: Atlas, figure: Figure) -> Figure:
    """Lower and shrink a figure that would hide the sun or the moon."""
    if scene.has_only("celestial", "empty sky"):
        return figure
    x, y, radius = scene.celestial_disc
    extent = (figure.weights @ atlas.extent).view(-1, 2, 1, 1, 1) * figure.side[:, None]
    half_width, height = extent.unbind(1)
    overlap = torch.sigmoid((half_width + radius - (figure.x - x).abs()) / 0.02)
    overlap = overlap * (1 - scene.weight("celestial", "empty sky"))
    foot = torch.lerp(figure.foot, torch.maximum(figure.foot, _ground(scene) - 0.02), overlap)
    fit = ((foot - y - 0.95 * radius) / (height + 1e-3)).clamp(0.3, 1)
    return Figure(figure.weights, figure.x, foot, figure.side * torch.lerp(torch.ones_like(fit), fit, overlap))


def _half_width(weights: Tensor, atlas: Atlas) -> Tensor:
    """Half the width of a blend of silhouettes in sides of its square, [batch, 1, 1, 1]."""
    return (weights @ atlas.extent[:, 0]).view(-1, 1, 1, 1)


def _foot(scene: Scene, elevation: Tensor, side: Tensor, z_index: int) -> Tensor:
    """The y of the floor of a figure's square: on the ground, on the water, or in the air, bobbing gently."""
    on_water = scene.weight("terrain", "sea", "lake")
    floating = FLOATING + 0.04 * scene.jitter * scene.bounded(z_index)
    bob = (0.006 * elevation + 0.004 * on_water) * math.sin(scene.angle(0.9))
    return _ground(scene) * (1 - elevation) + elevation * floating + side * SUNK + bob


def _ground(scene: Scene) -> Tensor:
    """The y of the ground or of the waterline, [batch, 1, 1, 1]."""
    return GROUND + (WATER - GROUND) * scene.weight("terrain", "sea", "lake")
