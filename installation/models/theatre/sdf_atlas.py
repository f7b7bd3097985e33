"""Figures: silhouettes cut from signed distance fields, so that one melts into another as their weights do.

A figure may hold light (windows, a flame), and parts of it may turn (sails, spokes); both have fields of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.theatre.raster import Box, angle
from installation.models.theatre.scene import Scene, highest, lowest
from installation.models.theatre.vocabulary import COMPANIONS, ROTATING_PARTS, SUBJECTS, SWAY_RADIANS

PARTS = {"depth": "names", "lit": "lit_names", "turning": "turning_names"}  # of the file: fields, and whose they are

OUTSIDE = -0.3  # the depth where nobody is, in units of the silhouette's side
NAMES = tuple(SUBJECTS)
FLAMES = ("flame", "candle")


@dataclass(frozen=True)
class Atlas:
    """Depths are in units of the figure's square, positive inside."""

    depth: Tensor  # [subjects, 128, 128]
    half: Tensor  # [subjects, 2]: half of its width, its height above the square's floor, in sides
    lit: dict[int, Tensor]  # by place in SUBJECTS: [128, 128], where a figure is lit from within
    turning: dict[int, Tensor]  # by place in SUBJECTS: [128, 128], what turns about the hub that `classes` names


def load_atlas(path: Path, device: torch.device) -> Atlas:
    """The silhouettes that `installation.training` made; places are those of SUBJECTS."""
    with np.load(path) as stored:
        step = float(stored["step"])
        fields = {key: torch.from_numpy(stored[key].astype(np.float32) * step).to(device) for key in PARTS}
        names = {key: stored[PARTS[key]].tolist() for key in PARTS}
    if tuple(names["depth"]) != NAMES:
        raise ValueError(f"{path} holds other silhouettes than the theatre's subjects")
    lit, turning = (
        {NAMES.index(name): field for name, field in zip(names[key], fields[key], strict=True)}
        for key in ("lit", "turning")
    )
    return Atlas(fields["depth"], _extents(fields["depth"], turning), lit, turning)


def _extents(depth: Tensor, turning: dict[int, Tensor]) -> Tensor:
    """Half of each figure's width and its height, [subjects, 2]; what turns is counted in every position."""
    side = depth.shape[-1]
    columns, rows = (depth > 0).any(1), (depth > 0).any(2)
    middles = (torch.arange(side, device=depth.device) + 0.5) / side
    half, tall = (columns * (middles - 0.5).abs()).amax(1), (rows * (1 - middles)).amax(1)
    for place, field in turning.items():
        across, down = ROTATING_PARTS[NAMES[place]].hub
        reach = torch.hypot(middles[None] - across, middles[:, None] - down)
        radius = (reach * (field > 0)).amax()
        half[place] = torch.maximum(half[place], radius + abs(across - 0.5))
        tall[place] = torch.maximum(tall[place], radius + 1 - down)
    return torch.stack([half, tall], 1)


@dataclass(frozen=True)
class Figure:
    """A silhouette in the scene: the middle of its square's floor and its side, each [batch, 1, 1, 1]."""

    weights: Tensor  # [batch, subjects]
    x: Tensor
    foot: Tensor
    side: Tensor

    def present(self) -> list[int]:
        there = (self.weights.detach().amax(0) > 0).tolist()
        return [i for i, one in enumerate(there) if one and NAMES[i] != "nobody"]

    def weight(self, *names: str) -> Tensor:
        """[batch, 1, 1, 1]"""
        columns = [self.weights[:, NAMES.index(name)] for name in names]
        return sum(columns[1:], columns[0]).view(-1, 1, 1, 1)

    def there(self) -> Tensor:
        """How much there is of any figure, [batch, 1, 1, 1]."""
        return self.weights[:, :-1].sum(1).view(-1, 1, 1, 1)

    def at(self, across: float, down: float) -> tuple[Tensor, Tensor]:
        """Where a point of the square (0..1, y down) stands in the scene: x, y, each [batch, 1, 1, 1]."""
        return self.x + (across - 0.5) * self.side, self.foot + (down - 1) * self.side

    def box(self, scene: Scene, reach: float) -> Box:
        """The pixels of its square and `reach` (units) around it."""
        half = self.side / 2 + reach
        top, left = lowest(self.foot - self.side) - reach, lowest(self.x - half)
        return scene.frame.box(top, highest(self.foot) + reach, left, highest(self.x + half))


def as_subjects(companions: Tensor) -> Tensor:
    """Weights of companions -> weights of the same silhouettes among the subjects: [batch, 17] -> [batch, subjects]."""
    places = [NAMES.index("nobody" if name == "alone" else name) for name in COMPANIONS]
    table = companions.new_zeros((len(places), len(NAMES)))
    table[range(len(places)), places] = 1.0
    return companions @ table


class Mask:
    """Where in a box a figure is: its places in the square found once, its fields read there."""

    def __init__(self, box: Box, scene: Scene, figure: Figure, atlas: Atlas) -> None:
        self.box, self.scene, self.figure, self.atlas = box, scene, figure, atlas
        self.present = figure.present()
        self.u = (box.x - figure.x) / figure.side * 2  # -1 to 1 within the square
        self.v = (box.y - figure.foot + figure.side * 0.5) / figure.side * 2
        self._move()

    def _move(self) -> None:
        """Boats rock about their foot; flames lick."""
        names = {NAMES[i] for i in self.present}
        if rocking := names & SWAY_RADIANS.keys():
            lean = sum((SWAY_RADIANS[name] * self.figure.weight(name) for name in sorted(rocking)), 0 * self.figure.x)
            lean = lean * np.sin(angle(0.8, self.scene.phase))
            self.u, self.v = self.u + lean * (1 - self.v), self.v + lean * self.u
        if burning := [name for name in FLAMES if name in names]:
            lick = 0.10 * self.figure.weight(*burning) * (-self.v - 0.1).clamp(0, 1)
            wave = torch.sin(5 * self.v + angle(3.1, self.scene.phase)) - torch.sin(5 * self.v)
            self.u = self.u + lick * wave

    def depth(self) -> Tensor:
        """How deep each pixel lies within the silhouette, in units: [batch, 1, rows, columns]."""
        weights = self.figure.weights
        rest = 1 - weights[:, self.present].sum(1)
        field = torch.einsum("bn,nhw->bhw", weights[:, self.present], self.atlas.depth[self.present])
        depth = self._read(field + OUTSIDE * rest[:, None, None], self.u, self.v)
        for place in self.present:
            if place in self.atlas.turning:
                depth = torch.maximum(depth, self._turned(place))
        return depth * self.figure.side

    def light(self) -> tuple[Tensor, Tensor] | None:
        """How deep each pixel lies within what is lit, in units, and the weight of lit figures, [batch, 1, 1, 1]."""
        lit = [place for place in self.present if place in self.atlas.lit]
        if not lit:
            return None
        weights = self.figure.weights[:, lit]
        share = weights.sum(1)[:, None, None]
        field = torch.einsum("bn,nhw->bhw", weights, torch.stack([self.atlas.lit[place] for place in lit]))
        return self._read(field + OUTSIDE * (1 - share), self.u, self.v) * self.figure.side, share[:, None]

    def _turned(self, place: int) -> Tensor:
        """The depth of what turns, about its hub."""
        across, down = ROTATING_PARTS[NAMES[place]].hub
        turn = angle(ROTATING_PARTS[NAMES[place]].rate, self.scene.phase)
        u, v = self.u - (2 * across - 1), self.v - (2 * down - 1)
        turned = (u * np.cos(turn) + v * np.sin(turn), v * np.cos(turn) - u * np.sin(turn))
        weight = self.figure.weights[:, place, None, None]
        field = torch.lerp(torch.full_like(weight, OUTSIDE), self.atlas.turning[place][None], weight)
        return self._read(field, turned[0] + (2 * across - 1), turned[1] + (2 * down - 1))

    def _read(self, field: Tensor, u: Tensor, v: Tensor) -> Tensor:
        """A field [batch, 128, 128] at places in the square; beyond the square its edge goes on, ever farther."""
        places = torch.stack([(u + 0 * v)[:, 0], (v + 0 * u)[:, 0]], -1)
        near = F.grid_sample(field[:, None], places, padding_mode="border", align_corners=False)
        beyond = torch.sqrt((u.abs() - 1).clamp(min=0) ** 2 + (v.abs() - 1).clamp(min=0) ** 2 + 1e-8) - 1e-4
        return near - beyond / 2
