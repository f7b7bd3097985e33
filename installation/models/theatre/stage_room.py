"""How much room figures have on stage, and where the ground is below those that move there."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.draw_context import Ridges
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import FLOORS, MARGIN, Figure, extent_of, ground_at
from installation.models.theatre.scene import Scene, is_afloat
from installation.models.theatre.vocabulary import AIRBORNE, elevation

WIDER = 0.7  # share of a wide picture's additional width that a row may take up


def labels_of(figure: Figure) -> tuple[str, ...]:
    """The kinds of a figure that are on stage."""
    return tuple(LABELS[index] for index in figure.present())


def room_beside(scene: Scene) -> float:
    """How far beyond the middle square a row may reach on either side, in units."""
    return WIDER * max(0.0, scene.grid.width / scene.grid.height - 1) / 2


def keep_within(figure: Figure, atlas: Atlas, scene: Scene) -> Figure:
    """Shrink a figure that the upper edge would cut off, and move one that a side would."""
    half, height = extent_of(figure, atlas)
    fit = torch.minimum((figure.foot - MARGIN) / (height + 1e-3), (0.5 - MARGIN) / (half + 1e-3)).clamp(max=1)
    half = half * fit
    room = room_beside(scene)
    x = torch.minimum(torch.maximum(figure.x, half + MARGIN - room), 1 - MARGIN + room - half)
    return replace(figure, side=figure.side * fit, x=x)


class Footing(NamedTuple):
    """Where figures stand."""

    scene: Scene
    atlas: Atlas
    ridges: Ridges

    def stands(self, labels: tuple[str, ...]) -> bool:
        """Whether figures of these kinds stand on something, and are not in the air."""
        return not any(elevation(label, self.scene.staged) >= AIRBORNE for label in labels)

    def is_level(self, labels: tuple[str, ...]) -> bool:
        """Whether they stand on a floor or on water, where they may stand farther back."""
        return all(is_afloat(label) for label in labels) or any(self.scene.has("terrain", name) for name in FLOORS)

    def ground(self, figure: Figure, x: Tensor, half: Tensor) -> Tensor:
        """The y of the ground below a figure at x."""
        return ground_at(self.scene, self.ridges, x, half, figure.weights)

    def moved(self, figure: Figure, x: Tensor) -> Figure:
        """A figure at another x, with its feet on the ground there."""
        half, _ = extent_of(figure, self.atlas)
        foot = figure.foot
        if self.stands(labels_of(figure)):
            foot = foot + self.ground(figure, x, half) - self.ground(figure, figure.x, half)
        return replace(figure, x=x, foot=foot)
