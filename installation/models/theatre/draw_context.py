"""What a painter gets: the canvas, the scene, and the shape and colours of its land; and bounds of its boxes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.op_tape import lower_bound, upper_bound
from installation.models.theatre.raster import Raster
from installation.models.theatre.scene import Scene

SLACK = 0.08  # units: how far what bounds a box may move before a tape is recorded anew


class Ridges:
    """The upper edges of the far, the middle and the near layer of land: y for each column, [batch, 1, 1, width].

    Each is computed when it is asked for.

    Attributes:
        trodden: How much shorter the grass is before small figures, [1, 1, 1, width] in 0..1; None before any.
        pool: How much of the light around figures falls on the near layer, likewise.
    """

    trodden: Tensor | None = None
    pool: Tensor | None = None

    def __init__(self, edge: Callable[[int], Tensor]) -> None:
        """`edge` computes one: 0 for the far, 1 for the middle and 2 for the near layer."""
        self.edge = edge

    def level(self, near: Tensor, trodden: Tensor, pool: Tensor) -> None:
        """Give the near layer the edge that figures stand on (see `footing`)."""
        self.__dict__["near"] = near  # in place of the cached one
        self.trodden, self.pool = trodden, pool

    @cached_property
    def far(self) -> Tensor:
        """Of the far layer."""
        return self.edge(0)

    @cached_property
    def middle(self) -> Tensor:
        """Of the middle layer."""
        return self.edge(1)

    @cached_property
    def near(self) -> Tensor:
        """Of the near layer."""
        return self.edge(2)

    def row(self, row: int, batch: int) -> Ridges:
        """Those of one scene of a batch."""
        return Ridges(lambda layer: _row((self.far, self.middle, self.near)[layer], row, batch))


class Sunlight(NamedTuple):
    """How the land of one scene is lit for an audience.

    Attributes:
        sunny: The colour of light on it, [1, 3, 1, 1].
        shade: What shade leaves of the far, the middle and the near layer, and of the foot of the last, likewise.
    """

    sunny: Tensor
    shade: tuple[Tensor, ...]


@dataclass(frozen=True)
class LayerColours:
    """The colours of the far, the middle and the near layer of land, each [batch, 3, 1, 1]; and how they are lit."""

    far: Tensor
    middle: Tensor
    near: Tensor
    sunlight: Sunlight | None = None


@dataclass(frozen=True)
class DrawContext:
    """What a painter gets: the canvas to paint on, the scene, and the shape and colours of its land.

    From y = `hidden` on, nearer land covers all that is painted on this plane.
    """

    canvas: Raster
    scene: Scene
    ridges: Ridges
    colours: LayerColours
    hidden: float = math.inf

    def rows(self) -> list[DrawContext]:
        """Each scene of the batch alone, on its part of the canvas."""
        scenes = self.scene.rows()
        if len(scenes) == 1:
            return [self]
        batch = len(scenes)
        return [
            DrawContext(
                Raster(self.canvas.pixels[row : row + 1]),
                scene,
                self.ridges.row(row, batch),
                LayerColours(
                    _row(self.colours.far, row, batch),
                    _row(self.colours.middle, row, batch),
                    _row(self.colours.near, row, batch),
                    self.colours.sunlight,
                ),
            )
            for row, scene in enumerate(scenes)
        ]


def _row(values: Tensor, row: int, batch: int) -> Tensor:
    """One row of values that all rows may share."""
    return values[row : row + 1] if len(values) == batch else values


def batch_min(quantity: Tensor, slack: float = SLACK) -> float:
    """The smallest value anywhere in the batch, without gradient, to bound a box.

    On a tape (see `op_tape`) it is smaller by `slack`, so that the box holds for a while.
    """
    if torch.is_inference_mode_enabled():  # no tape is recorded
        return float(quantity if quantity.numel() == 1 else quantity.amin())
    return lower_bound(quantity.detach() if quantity.numel() == 1 else quantity.detach().amin(), slack)


def batch_max(quantity: Tensor, slack: float = SLACK) -> float:
    """The largest value anywhere in the batch, without gradient, to bound a box; see `batch_min`."""
    if torch.is_inference_mode_enabled():
        return float(quantity if quantity.numel() == 1 else quantity.amax())
    return upper_bound(quantity.detach() if quantity.numel() == 1 else quantity.detach().amax(), slack)
