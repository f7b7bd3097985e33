"""The mouth of a cave: three frames of rock, and more mouths beside it where the picture is wide."""

from __future__ import annotations

import torch
from torch import Tensor

from installation.models.theatre.raster import Box, Raster, falloff
from installation.models.theatre.scene import Scene

MOUTH = (0.60, 0.43, 0.47)  # y of the middle, half width, half height
SIDE = (0.97, 0.62, 0.36, 0.37)  # the first is how far it stands from the middle, on either side; then every 0.95
FRAMES = ((0.0, 0.72), (0.22, 0.45), (0.5, 0.22))  # how much wider than the mouth; how much light falls on it


def openness(box: Box, across: Tensor) -> Tensor:
    """The radius in the nearest mouth, 1 about its rim; the first has its middle at x = `across`."""
    y, wide, high = MOUTH
    radius = torch.sqrt(((box.x - across) / wide) ** 2 + ((box.y - y) / high) ** 2)
    if box.frame.left >= 0 and box.frame.right <= 1:
        return radius
    first, y, wide, high = SIDE
    beside = (box.x - across).abs() - first
    beside = torch.where(beside > 0.475, (beside + 0.475) % 0.95 - 0.475, beside)
    return torch.minimum(radius, torch.sqrt((beside / wide) ** 2 + ((box.y - y) / high) ** 2))


def paint_cave(canvas: Raster, scene: Scene) -> None:
    box = scene.frame.box()
    weight, colours = scene.weight("terrain", "cave"), scene.palette
    closing = 0.9 * (1 - weight)  # a cave comes by its mouth closing in, as an iris does
    weight = 1 - (1 - weight) ** 3
    rough = 0.06 * torch.sin(box.x * 21 + scene.z(44)) + 0.05 * torch.sin(box.y * 17 + 2)
    radius = openness(box, 0.5 + 0.035 * scene.bounded(34)) - rough
    for wider, lit in FRAMES:
        rim = 0.86 + 0.42 * wider + closing
        rock = box.inside(radius - rim, max(0.012, 1.5 * scene.frame.pixel)) * weight
        canvas.shade(box, falloff(rim - radius, 0.2) * (0.4 * weight) * (1 - rock))
        canvas.over(box, colours.near * (1 - lit) + colours.far * (lit * 0.62), rock)
