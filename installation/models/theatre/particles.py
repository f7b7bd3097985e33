"""Small things without gradient: stars, drops, flakes, petals, embers, flowers, splatted at the size that is asked for.

Each thing covers a window of pixels around its place; what it covers of each is found exactly enough that a picture
drawn large and made small looks as one drawn small.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from installation.models.theatre.raster import Frame, lasting
from installation.models.theatre.sprite_tables import REACH, Table, temper, tile

GLOW_REACH = 1.75
Cover = Callable[[Tensor, Tensor, Tensor, float], Tensor]


class ParticleSet(NamedTuple):
    """Things, one row each, float32 on the device."""

    x: Tensor  # [things], units
    y: Tensor
    traits: Tensor  # [things, columns]: uniform numbers that shape a thing
    temper: Tensor  # [things, columns]: uniform numbers that move it


@lasting
def swarm(kind: str, device: torch.device, spread: float = 1.0, above: int = 1, below: int = 1) -> ParticleSet:
    """All things of a kind, tile by tile, each `spread` wide; the first two columns are x and y within the tile."""
    rows: list[Table] = []
    tempers: list[Table] = []
    for across in range(-REACH, REACH + 1):
        for down in range(-above, below + 1):
            uniform = tile(kind, across, down)
            place = np.stack([(uniform[:, 0] + across) * spread, uniform[:, 1] + down], 1)
            rows.append(np.concatenate([place, uniform[:, 2:]], 1))
            tempers.append(temper(kind, across, down, 3))
    things = torch.tensor(np.concatenate(rows), dtype=torch.float32, device=device)
    moods = torch.tensor(np.concatenate(tempers), dtype=torch.float32, device=device)
    return ParticleSet(things[:, 0], things[:, 1], things[:, 2:], moods)


def splat(frame: Frame, x: Tensor, y: Tensor, light: Tensor, measures: Tensor, reach: tuple[float, float],
          cover: Cover, sort: Tensor | None = None, sorts: int = 1) -> Tensor:  # fmt: skip
    """Draw things: [1, sorts, height, width], 0..1.

    Args:
        x, y: [things], the middles of the things, units.
        light: [things], how much each covers at its fullest, 0..1.
        measures: [columns, things], handed to `cover` as [columns, things, 1, 1].
        reach: half the width and half the height, in units, of what the largest may cover.
        cover: what a thing covers of a pixel, of the pixel's dx and dy, the measures, and a pixel's side (units).
        sort: [things] int64, which of the sheets each is drawn on; all on the first without it.
    """
    pad = frame.pixel
    seen = (x > frame.left - reach[0] - pad) & (x < frame.right + reach[0] + pad)
    seen &= (y > frame.top - reach[1] - pad) & (y < frame.bottom + reach[1] + pad) & (light > 0)
    x, y, light, measures = x[seen], y[seen], light[seen], measures[:, seen]
    column, dx = _window(x, frame.unit, frame.width, reach[0])
    row, dy = _window(y, frame.unit, frame.height, reach[1])
    amount = cover(dx[:, None, :], dy[:, :, None], measures[:, :, None, None], pad) * light[:, None, None]
    inside = ((row >= 0) & (row < frame.height))[:, :, None] & ((column >= 0) & (column < frame.width))[:, None, :]
    place = row.clamp(0, frame.height - 1)[:, :, None] * frame.width + column.clamp(0, frame.width - 1)[:, None, :]
    if sort is not None:
        place = place + sort[seen][:, None, None] * (frame.height * frame.width)
    flat = torch.zeros(sorts * frame.height * frame.width, device=x.device)
    flat.scatter_add_(0, place.flatten(), (amount * inside).flatten())
    return flat.clamp_(max=1).view(1, sorts, frame.height, frame.width)


def _window(middle: Tensor, unit: int, pixels: int, reach: float) -> tuple[Tensor, Tensor]:
    """Pixels around each thing along one axis, and their distances from its middle in units: [things, window] both."""
    half = math.ceil(reach * unit + 0.5)
    steps = torch.arange(-half, half + 1, device=middle.device)
    exact = (middle - 0.5) * unit + pixels / 2 - 0.5
    place = exact.round().long()[:, None] + steps
    return place, (place - exact[:, None]) / unit


def disc(dx: Tensor, dy: Tensor, measures: Tensor, pixel: float) -> Tensor:
    """A disc of radius measures[0]. One smaller than a pixel is as faint as its area says."""
    rim = 0.5 + measures[0] / pixel
    volume = torch.where(rim < 1, rim**3 / 3, rim * rim - rim + 1 / 3)  # of a cone, cut off at 1
    return (rim - torch.sqrt(dx * dx + dy * dy) / pixel).clamp(0, 1) * ((rim - 0.5) ** 2 / volume)


def glow_point(dx: Tensor, dy: Tensor, measures: Tensor, pixel: float) -> Tensor:
    """A soft point of light, as much of it as of a disc of radius measures[0]; reaches GLOW_REACH radii or a pixel."""
    full = GLOW_REACH * measures[0]
    wide = torch.sqrt(full * full + (0.95 * pixel) ** 2)
    inner = (1 - (dx * dx + dy * dy) / (wide * wide)).clamp(min=0)
    return inner * inner * (full / wide) ** 2


def oval(dx: Tensor, dy: Tensor, measures: Tensor, pixel: float) -> Tensor:
    """An ellipse of half axes measures[0] and measures[1], the first turned by measures[2] radians."""
    long, short, turn = measures[0], measures[1], measures[2]
    u, v = (dx * turn.cos() + dy * turn.sin()) / long, (dy * turn.cos() - dx * turn.sin()) / short
    radius = torch.sqrt(u * u + v * v) + 1e-4
    slope = torch.sqrt((u / long) ** 2 + (v / short) ** 2) / radius + 1e-4
    return ((1 - radius) / slope / pixel + 0.5).clamp(0, 1) * (2 * short / pixel).clamp(max=1)


def streak(dx: Tensor, dy: Tensor, measures: Tensor, pixel: float) -> Tensor:
    """A line as long as the vector (measures[0], measures[1]), measures[2] wide."""
    ax, ay, width = measures[0] / 2, measures[1] / 2, measures[2]
    along = ((dx * ax + dy * ay) / (ax * ax + ay * ay)).clamp(-1, 1)
    distance = torch.sqrt((dx - along * ax) ** 2 + (dy - along * ay) ** 2)
    rim = 0.5 + width / 2 / pixel
    faint = torch.where(rim < 1, (2 * rim - 1) / (rim * rim), torch.ones_like(rim))
    return (rim - distance / pixel).clamp(0, 1) * faint
