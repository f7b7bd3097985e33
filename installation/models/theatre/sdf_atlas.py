"""Silhouettes as signed distance fields, so that one morphs into another as their weights change.

Fields of several classes are blended by their weights and then cut at zero, after Green, *Improved Alpha-Tested
Magnification for Vector Textures and Special Effects* (SIGGRAPH 2007). A silhouette may have lit parts (windows, a
flame) and a rotating part (sails, spokes), which have fields of their own. `assets/theatre/SOURCES.md` says where the
silhouettes come from.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.theatre.raster import Box
from installation.models.theatre.scene import Scene, batch_max, batch_min
from installation.models.theatre.vocabulary import COMPANIONS, ROTATING_PARTS, SUBJECTS, SWAY_RADIANS

FIELDS = {"depth": "names", "lit": "lit_names", "turning": "turning_names"}  # arrays of the file: field, its labels
LABELS = tuple(SUBJECTS)
ROTATING = {LABELS.index(label): part for label, part in ROTATING_PARTS.items()}  # by index in LABELS
FLAMES = ("flame", "candle")
EMPTY_DEPTH = -0.3  # the depth where there is no silhouette, in sides of the silhouette's square


@dataclass(frozen=True)
class Atlas:
    """Signed distance fields of all subjects, in sides of the silhouette's square, positive inside.

    Attributes:
        depth: [subjects, 128, 128], the silhouettes without their rotating parts.
        extent: [subjects, 2], half the width and the height above the square's floor, in sides.
        lit: By index in SUBJECTS, [128, 128]: the parts that are lit from within.
        rotating: By index in SUBJECTS, [128, 128]: the part that rotates about the hub in ROTATING_PARTS.
    """

    depth: Tensor
    extent: Tensor
    lit: dict[int, Tensor]
    rotating: dict[int, Tensor]


def load_atlas(path: Path, device: torch.device) -> Atlas:
    """The silhouettes that `installation.training` made.

    Raises:
        ValueError: The file holds other subjects, or holds them in another order.
    """
    with np.load(path) as stored:
        step = float(stored["step"])
        fields = {key: torch.from_numpy(stored[key].astype(np.float32) * step).to(device) for key in FIELDS}
        labels = {key: stored[FIELDS[key]].tolist() for key in FIELDS}
    if tuple(labels["depth"]) != LABELS:
        raise ValueError(f"{path} holds other silhouettes than the subjects of the theatre")
    lit, rotating = (
        {LABELS.index(label): field for label, field in zip(labels[key], fields[key], strict=True)}
        for key in ("lit", "turning")
    )
    return Atlas(fields["depth"], _extents(fields["depth"], rotating), lit, rotating)


def _extents(depth: Tensor, rotating: dict[int, Tensor]) -> Tensor:
    """Half the width and the height of each silhouette, [subjects, 2], with its rotating part at any angle."""
    side = depth.shape[-1]
    columns, rows = (depth > 0).any(1), (depth > 0).any(2)
    centres = (torch.arange(side, device=depth.device) + 0.5) / side
    half_width, height = (columns * (centres - 0.5).abs()).amax(1), (rows * (1 - centres)).amax(1)
    for index, field in rotating.items():
        x, y = ROTATING[index].hub
        distance = torch.hypot(centres[None] - x, centres[:, None] - y)
        radius = (distance * (field > 0)).amax()
        half_width[index] = torch.maximum(half_width[index], radius + abs(x - 0.5))
        height[index] = torch.maximum(height[index], radius + 1 - y)
    return torch.stack([half_width, height], 1)


def subject_weights(companion_weights: Tensor) -> Tensor:
    """Weights of companions -> weights of the same silhouettes: [batch, companions] -> [batch, subjects]."""
    indices = [LABELS.index("nobody" if label == "alone" else label) for label in COMPANIONS]
    table = companion_weights.new_zeros((len(indices), len(LABELS)))
    table[range(len(indices)), indices] = 1.0
    return companion_weights @ table


@dataclass(frozen=True)
class Figure:
    """A blend of silhouettes placed in the scene.

    Attributes:
        weights: [batch, subjects].
        x: Horizontal centre of its square, in units, [batch, 1, 1, 1].
        foot: y of the floor of its square, [batch, 1, 1, 1].
        side: Side of its square, [batch, 1, 1, 1].
    """

    weights: Tensor
    x: Tensor
    foot: Tensor
    side: Tensor

    def present(self) -> list[int]:
        """Indices of the silhouettes that have weight anywhere in the batch."""
        present = (self.weights.detach().amax(0) > 0).tolist()
        return [i for i, there in enumerate(present) if there and LABELS[i] != "nobody"]

    def weight(self, *labels: str) -> Tensor:
        """The sum of the weights of some silhouettes, [batch, 1, 1, 1]."""
        columns = [self.weights[:, LABELS.index(label)] for label in labels]
        return sum(columns[1:], columns[0]).view(-1, 1, 1, 1)

    def opacity(self) -> Tensor:
        """The sum of the weights of all silhouettes, [batch, 1, 1, 1] in 0..1."""
        return self.weights[:, :-1].sum(1).view(-1, 1, 1, 1)

    def point(self, x: float, y: float) -> tuple[Tensor, Tensor]:
        """A point of the figure's square (0..1, y down) in scene coordinates: x, y, each [batch, 1, 1, 1]."""
        return self.x + (x - 0.5) * self.side, self.foot + (y - 1) * self.side

    def box(self, scene: Scene, margin: float) -> Box:
        """The pixels of its square with a margin in units."""
        half = self.side / 2 + margin
        top, left = batch_min(self.foot - self.side) - margin, batch_min(self.x - half)
        return scene.grid.box(top, batch_max(self.foot) + margin, left, batch_max(self.x + half))


class FigureField:
    """The distance fields of a figure, sampled at the pixels of a box.

    Attributes:
        box: The pixels.
        figure: The figure.
        u: Horizontal position in the figure's square, -1..1 within it, [batch, 1, rows or 1, columns].
        v: Vertical position, likewise.
    """

    def __init__(self, box: Box, scene: Scene, figure: Figure, atlas: Atlas) -> None:
        self.box, self.figure = box, figure
        self._scene, self._atlas = scene, atlas
        self._present = figure.present()
        self.u = (box.x - figure.x) / figure.side * 2
        self.v = (box.y - figure.foot + figure.side * 0.5) / figure.side * 2
        self._sway()
        self._flicker()

    def _sway(self) -> None:
        """Lean boats and the like about their foot, to and fro."""
        labels = {LABELS[i] for i in self._present} & SWAY_RADIANS.keys()
        if labels:
            lean = sum((SWAY_RADIANS[label] * self.figure.weight(label) for label in sorted(labels)), 0 * self.figure.x)
            lean = lean * math.sin(self._scene.angle(0.8))
            self.u, self.v = self.u + lean * (1 - self.v), self.v + lean * self.u

    def _flicker(self) -> None:
        """Displace the upper part of flames by a travelling wave."""
        labels = [label for label in FLAMES if LABELS.index(label) in self._present]
        if labels:
            amplitude = 0.10 * self.figure.weight(*labels) * (-self.v - 0.1).clamp(0, 1)
            wave = torch.sin(5 * self.v + self._scene.angle(3.1)) - torch.sin(5 * self.v)
            self.u = self.u + amplitude * wave

    def depth(self) -> Tensor:
        """Signed distance to the edge of the silhouette in units, positive inside, [batch, 1, rows, columns]."""
        weights = self.figure.weights
        rest = 1 - weights[:, self._present].sum(1)
        field = torch.einsum("bn,nhw->bhw", weights[:, self._present], self._atlas.depth[self._present])
        depth = self._sample(field + EMPTY_DEPTH * rest[:, None, None], self.u, self.v)
        for index in self._present:
            if index in self._atlas.rotating:
                depth = torch.maximum(depth, self._rotated(index))
        return depth * self.figure.side

    def lit_depth(self) -> tuple[Tensor, Tensor] | None:
        """The signed distance to the edge of the lit parts, and the weight of the silhouettes that have them.

        [batch, 1, rows, columns] in units, positive inside, and [batch, 1, 1, 1]; None if nothing is lit.
        """
        lit = [index for index in self._present if index in self._atlas.lit]
        if not lit:
            return None
        weights = self.figure.weights[:, lit]
        weight = weights.sum(1)[:, None, None]
        field = torch.einsum("bn,nhw->bhw", weights, torch.stack([self._atlas.lit[index] for index in lit]))
        depth = self._sample(field + EMPTY_DEPTH * (1 - weight), self.u, self.v)
        return depth * self.figure.side, weight[:, None]

    def _rotated(self, index: int) -> Tensor:
        """The depth of a rotating part at its present angle, in half sides."""
        part = ROTATING[index]
        hub_u, hub_v = 2 * part.hub[0] - 1, 2 * part.hub[1] - 1
        angle = self._scene.angle(part.radians_per_second)
        u, v = self.u - hub_u, self.v - hub_v
        rotated = (u * math.cos(angle) + v * math.sin(angle), v * math.cos(angle) - u * math.sin(angle))
        weight = self.figure.weights[:, index, None, None]
        field = torch.lerp(torch.full_like(weight, EMPTY_DEPTH), self._atlas.rotating[index][None], weight)
        return self._sample(field, rotated[0] + hub_u, rotated[1] + hub_v)

    @staticmethod
    def _sample(field: Tensor, u: Tensor, v: Tensor) -> Tensor:
        """A field [batch, 128, 128] at positions in the square, bilinear; outside, the distance to the square adds."""
        positions = torch.stack([(u + 0 * v)[:, 0], (v + 0 * u)[:, 0]], -1)
        near = F.grid_sample(field[:, None], positions, padding_mode="border", align_corners=False)
        outside = torch.sqrt((u.abs() - 1).clamp(min=0) ** 2 + (v.abs() - 1).clamp(min=0) ** 2 + 1e-8) - 1e-4
        return near - outside / 2
