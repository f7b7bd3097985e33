"""Particles: stars, drops, flakes, petals, embers, flowers, splatted as antialiased sprites. Not differentiable.

A sprite covers a window of pixels around its centre. Its kernel computes the coverage of each pixel so that a picture
painted large and scaled down looks like one painted small: a sprite smaller than a pixel fades with its area.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from installation.models.theatre.raster import PixelGrid, cached_constant
from installation.models.theatre.sprite_tables import TILE_REACH, motion_tile, tile

GLOW_REACH = 1.75  # of `glow_point`, in radii
MOTION_COLUMNS = 3

Kernel = Callable[[Tensor, Tensor, Tensor, float], Tensor]


@dataclass(frozen=True)
class ParticleSet:
    """All particles of a kind, float32 on the device."""

    x: Tensor  # [particles], units
    y: Tensor  # [particles], units
    traits: Tensor  # [particles, columns]: uniform numbers that shape a particle
    motion: Tensor  # [particles, MOTION_COLUMNS]: uniform numbers that make it move in its own way

    def select(self, mask: Tensor) -> ParticleSet:
        """The particles where `mask` ([particles], bool) is true."""
        return ParticleSet(self.x[mask], self.y[mask], self.traits[mask], self.motion[mask])


@cached_constant
def particle_set(kind: str, device: torch.device, spread: float = 1.0, above: int = 1, below: int = 1) -> ParticleSet:
    """The particles of all tiles, from TILE_REACH tiles left of the square to as many right of it.

    Args:
        kind: A kind of `sprite_tables`. The first two columns of its tiles are x and y within the tile.
        device: Where the tensors go.
        spread: Width of a tile, in units.
        above: Rows of tiles above the square.
        below: Rows of tiles below it.
    """
    particles, motions = [], []
    for across in range(-TILE_REACH, TILE_REACH + 1):
        for down in range(-above, below + 1):
            uniform = tile(kind, across, down)
            places = np.stack([(uniform[:, 0] + across) * spread, uniform[:, 1] + down], 1)
            particles.append(np.concatenate([places, uniform[:, 2:]], 1))
            motions.append(motion_tile(kind, across, down, MOTION_COLUMNS))
    rows = torch.tensor(np.concatenate(particles), dtype=torch.float32, device=device)
    motion = torch.tensor(np.concatenate(motions), dtype=torch.float32, device=device)
    return ParticleSet(rows[:, 0], rows[:, 1], rows[:, 2:], motion)


@dataclass(frozen=True)
class Sprites:
    """What to splat."""

    x: Tensor  # [sprites], centres in units
    y: Tensor  # [sprites]
    opacity: Tensor  # [sprites], the largest alpha of each, 0..1
    shape: Tensor  # [parameters, sprites], the parameters of the kernel
    extent: tuple[float, float]  # half the width and half the height of the largest sprite, in units
    kernel: Kernel  # (dx, dy, shape, pixel) -> coverage; distances and a pixel's side in units


def splat(grid: PixelGrid, sprites: Sprites, channel: Tensor | None = None, channels: int = 1) -> Tensor:
    """Add up the coverage of all sprites.

    Args:
        grid: The pixels to draw on.
        sprites: What to draw.
        channel: [sprites] int64, the channel that each sprite is drawn on; the first if not given.
        channels: How many channels there are.

    Returns:
        [1, channels, height, width] in 0..1.
    """
    visible = _visible(grid, sprites).nonzero().flatten()
    columns, dx = _window(grid.column(sprites.x[visible]), grid.unit, sprites.extent[0])
    rows, dy = _window(grid.row(sprites.y[visible]), grid.unit, sprites.extent[1])
    shape = sprites.shape[:, visible][:, :, None, None]
    opacity = sprites.opacity[visible][:, None, None]
    alpha = sprites.kernel(dx[:, None, :], dy[:, :, None], shape, grid.pixel) * opacity
    inside = ((rows >= 0) & (rows < grid.height))[:, :, None] & ((columns >= 0) & (columns < grid.width))[:, None, :]
    pixel = rows.clamp(0, grid.height - 1)[:, :, None] * grid.width + columns.clamp(0, grid.width - 1)[:, None, :]
    if channel is not None:
        pixel = pixel + channel[visible][:, None, None] * (grid.height * grid.width)
    total = torch.zeros(channels * grid.height * grid.width, device=alpha.device)
    total.scatter_add_(0, pixel.flatten(), (alpha * inside).flatten())
    return total.clamp_(max=1).view(1, channels, grid.height, grid.width)


def _visible(grid: PixelGrid, sprites: Sprites) -> Tensor:
    """Which sprites may cover a pixel, [sprites] bool."""
    across, down = sprites.extent
    visible = (sprites.x > grid.left - across - grid.pixel) & (sprites.x < grid.right + across + grid.pixel)
    visible &= (sprites.y > grid.top - down - grid.pixel) & (sprites.y < grid.bottom + down + grid.pixel)
    return visible & (sprites.opacity > 0)


def _window(exact: Tensor, unit: float, extent: float) -> tuple[Tensor, Tensor]:
    """Pixels around each position along one axis and their distances from it in units, both [sprites, window]."""
    half = math.ceil(extent * unit + 0.5)
    steps = torch.arange(-half, half + 1, device=exact.device)
    nearest = exact.round().long()[:, None] + steps
    return nearest, (nearest - exact[:, None]) / unit


def glow_point(dx: Tensor, dy: Tensor, shape: Tensor, pixel: float) -> Tensor:
    """A soft point of light, GLOW_REACH radii or a pixel wide, with the integral of a disc; `shape` is its radius."""
    full = GLOW_REACH * shape[0]
    wide = torch.sqrt(full * full + (0.95 * pixel) ** 2)
    inner = (1 - (dx * dx + dy * dy) / (wide * wide)).clamp(min=0)
    return inner * inner * (full / wide) ** 2


def ellipse(dx: Tensor, dy: Tensor, shape: Tensor, pixel: float) -> Tensor:
    """An ellipse; `shape` is its two half axes and the angle of the first, in radians.

    The distance to its edge is the implicit function divided by the length of its gradient (Taubin, 1994).
    """
    long, short, turn = shape[0], shape[1], shape[2]
    u, v = (dx * turn.cos() + dy * turn.sin()) / long, (dy * turn.cos() - dx * turn.sin()) / short
    radius = torch.sqrt(u * u + v * v) + 1e-4
    slope = torch.sqrt((u / long) ** 2 + (v / short) ** 2) / radius + 1e-4
    return ((1 - radius) / slope / pixel + 0.5).clamp(0, 1) * (2 * short / pixel).clamp(max=1)


def streak(dx: Tensor, dy: Tensor, shape: Tensor, pixel: float) -> Tensor:
    """A line segment through the centre; `shape` is the vector along it (x, y) and its width."""
    ax, ay, width = shape[0] / 2, shape[1] / 2, shape[2]
    along = ((dx * ax + dy * ay) / (ax * ax + ay * ay)).clamp(-1, 1)
    distance = torch.sqrt((dx - along * ax) ** 2 + (dy - along * ay) ** 2)
    rim = 0.5 + width / 2 / pixel
    fading = torch.where(rim < 1, (2 * rim - 1) / (rim * rim), torch.ones_like(rim))
    return (rim - distance / pixel).clamp(0, 1) * fading
