"""`pixels`: a mosaic of square pixels with colours of their own, the raw-pixel generator of the workshop notebooks.

Tiles have a bevelled edge and shimmer slightly, so that a few thousand pixels look like a mosaic on a wall instead of
a picture that lacks resolution.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from installation.models.interfaces import Floats, Latents, Size, height_width
from installation.models.picture_latents import (
    PictureGenerator,
    colours_from,
    colours_to,
    coordinates,
    resampled,
    smooth_field,
    total_variation,
)

ROWS, COLUMNS = 48, 86
LIMIT = 9.0  # of z
PRIOR_WEIGHT = 60.0
SAMPLE_CONTRAST = 1.3
DRIFT_WIDTH = 0.35
JOINT = 0.12  # share of a tile that its edge takes, on each side
JOINT_SHADE = 0.72  # brightness of the edge
MIN_TILE = 4.0  # pixels, below which tiles have no edge
SHIMMER = 0.05
SHIMMER_RATES = (0.5, 1.6)  # radians per second, from the slowest tile to the fastest


class PixelMosaic(PictureGenerator):
    """A mosaic of ROWS x COLUMNS tiles."""

    name = "pixels"
    z_shape = (3, ROWS, COLUMNS)
    z_rate = 0.7

    def random_z(self, random: np.random.Generator) -> Floats:
        """See `PictureGenerator.random_z`: a soft field of colours."""
        return SAMPLE_CONTRAST * smooth_field(random, 3, (ROWS, COLUMNS))

    def render(self, latents: Latents[Tensor], size: Size | None = None, phase: float = 0.0) -> Tensor:
        """See `Generator.render`; `phase` makes tiles shimmer."""
        size = size or self.native_size
        tiles = colours_from(latents.z) * (1.0 + SHIMMER * self._shimmer(phase))
        rows, columns = _tile_indices(height_width(size), self.device)
        return (tiles[:, :, rows][:, :, :, columns] * _bevel(height_width(size), self.device)).clamp(0.0, 1.0)

    def bounded(self, z: Tensor) -> Tensor:
        """See `FreeLatents.bounded`."""
        return z.clamp(-LIMIT, LIMIT)

    def prior(self, z: Tensor) -> Tensor:
        """See `FreeLatents.prior`: the total variation of the tiles."""
        return PRIOR_WEIGHT * total_variation(colours_from(z))

    def encode(self, pictures: Tensor) -> Tensor:
        """See `PictureEncoder.encode`: the mean colours of the tiles."""
        return self.bounded(colours_to(resampled(pictures, (ROWS, COLUMNS))))

    def drift_directions(self, count: int, seed: int) -> Floats:
        """See `FreeLatents.drift_directions`: soft changes of light and colour."""
        random = np.random.default_rng(seed)
        return DRIFT_WIDTH * np.stack([smooth_field(random, 3, (ROWS, COLUMNS), 2) for _ in range(count)])

    def _shimmer(self, phase: float) -> Tensor:
        random = np.random.default_rng(1)
        slow, fast = SHIMMER_RATES
        rates, starts = random.uniform(slow, fast, (ROWS, COLUMNS)), random.uniform(0.0, 2.0 * np.pi, (ROWS, COLUMNS))
        return torch.from_numpy(np.sin(rates * phase + starts).astype(np.float32)).to(self.device)


@lru_cache(maxsize=16)
def _tile_indices(size: tuple[int, int], device: torch.device) -> tuple[Tensor, Tensor]:
    """Row and column of the tile of each pixel row and column; mirrored beyond the mosaic."""
    y, x = coordinates(size, device)
    return _mirrored(y * ROWS + ROWS / 2, ROWS), _mirrored(x * ROWS + COLUMNS / 2, COLUMNS)


def _mirrored(places: Tensor, count: int) -> Tensor:
    index = places.floor().long() % (2 * count)
    return torch.where(index < count, index, 2 * count - 1 - index)


@lru_cache(maxsize=16)
def _bevel(size: tuple[int, int], device: torch.device) -> Tensor:
    """Brightness of each pixel within its tile, [height, width]: darker along the edges, antialiased."""
    y, x = coordinates(size, device)
    pixels = min(size) / ROWS  # of a tile's side
    if pixels < MIN_TILE:
        return torch.ones(size, device=device)
    inner_y, inner_x = (_inside((axis * ROWS + count / 2) % 1.0, pixels) for axis, count in ((y, ROWS), (x, COLUMNS)))
    return JOINT_SHADE + (1.0 - JOINT_SHADE) * inner_y[:, None] * inner_x[None]


def _inside(place: Tensor, pixels: float) -> Tensor:
    """1 in the middle of a tile and 0 at its edge, for places 0..1 within it."""
    edge = torch.minimum(place, 1.0 - place) / JOINT
    return edge.clamp(0.0, 1.0) if pixels * JOINT >= 1.0 else (0.5 + edge / 2.0).clamp(0.0, 1.0)
