"""What the generators share whose z describe a picture (pixels, frequencies, strokes): canvas, colours, painting.

The canvas is 16:9. Coordinates are in units of the shorter side of the picture, 0 in its middle, so that the middle
square of a wide picture is the square picture; beyond the canvas the picture is mirrored.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.interfaces import Floats, Group, Latents, Picture, Point, Size, height_width

ASPECT = 16.0 / 9.0

# Square root of the covariance of colours in photographs, columns scaled to at most 1 (Olah et al., 2017): changes of
# brightness are wide and changes of hue narrow, as in pictures.
_COLOURS = torch.tensor([[0.26, 0.09, 0.02], [0.27, 0.00, -0.05], [0.27, -0.09, 0.03]])
_COLOURS = _COLOURS / _COLOURS.norm(dim=0).max()


class PictureGenerator(ABC):
    """A Generator without classes and without weights, at any size and any shape."""

    name: str
    z_shape: tuple[int, ...]
    z_rate: float
    groups: tuple[Group, ...] = ()
    native_size = 128
    resolution_free = True
    aspect = ASPECT
    encoded_size = (144, 256)

    def __init__(self, device: str) -> None:
        self.device = torch.device(device)
        self.z_dim = self.z_shape[-1]

    @abstractmethod
    def render(self, latents: Latents[Tensor], size: Size | None = None, phase: float = 0.0) -> Tensor:
        """See `Generator.render`."""

    @abstractmethod
    def bounded(self, z: Tensor) -> Tensor:
        """See `FreeLatents.bounded`."""

    @abstractmethod
    def random_z(self, random: np.random.Generator) -> Floats:
        """Return z of a picture of nothing in particular. -> [*z_shape]."""

    def sample(self, n: int, seed: int) -> Point:
        """See `Generator.sample`."""
        random = np.random.default_rng(seed)
        z = np.stack([self.random_z(random) for _ in range(n)]).astype(np.float32)
        return Latents(z, np.zeros((n, 0), np.float32))

    def paint(self, latents: Point, size: Size | None = None, phase: float = 0.0) -> Picture:
        """See `Generator.paint`."""
        with torch.no_grad():  # constants are cached, and gradients flow past them later
            z = torch.from_numpy(latents.z[:1]).to(self.device)
            pictures = self.render(Latents(z, z.new_zeros(1, 0)), size, phase)
            picture: Picture = pictures[0].permute(1, 2, 0).mul(255.0).round().to(torch.uint8).cpu().numpy()
        return picture


def coordinates(size: Size, device: torch.device) -> tuple[Tensor, Tensor]:
    """Pixel centres of a picture: y [height] and x [width], in units of the shorter side, 0 in the middle."""
    height, width = height_width(size)
    unit = min(height, width)
    y, x = ((torch.arange(count, device=device) + 0.5 - count / 2) / unit for count in (height, width))
    return y, x


def colours_from(z: Tensor) -> Tensor:
    """Decorrelated coordinates [n, 3, ...] -> colours of the same shape, in 0..1 and never quite 0 or 1."""
    return torch.einsum("rc,nc...->nr...", _COLOURS.to(z.device), z).sigmoid()


def colours_to(colours: Tensor) -> Tensor:
    """The inverse of `colours_from`. [n, 3, ...] in 0..1 -> the same shape."""
    logits = colours.clamp(0.015, 0.985).logit()
    return torch.einsum("cr,nr...->nc...", _COLOURS.inverse().to(colours.device), logits)


def total_variation(pictures: Tensor) -> Tensor:
    """Mean absolute difference of neighbouring pixels. [n, c, height, width] -> scalar."""
    vertical, horizontal = pictures.diff(dim=-2).abs().mean(), pictures.diff(dim=-1).abs().mean()
    return vertical + horizontal


def resampled(pictures: Tensor, size: tuple[int, int]) -> Tensor:
    """Pictures [n, c, ...] of any shape, cropped to the aspect of `size` and resized to it without aliasing."""
    height, width = pictures.shape[-2:]
    wanted = size[1] / size[0]
    if width / height > wanted:
        cropped = round(height * wanted)
        pictures = pictures[..., (width - cropped) // 2 :][..., :cropped]
    elif width / height < wanted:
        cropped = round(width / wanted)
        pictures = pictures[..., (height - cropped) // 2 :, :][..., :cropped, :]
    return F.interpolate(pictures, size=size, mode="bilinear", antialias=True)


def smooth_field(random: np.random.Generator, channels: int, size: tuple[int, int], cells: int = 4) -> Floats:
    """Smooth normal noise of about `cells` bumps per height. -> [channels, height, width], deviation about 1."""
    coarse = random.standard_normal((1, channels, cells + 2, math.ceil(cells * size[1] / size[0]) + 2))
    grown = F.interpolate(torch.from_numpy(coarse.astype(np.float32)), size=size, mode="bicubic", align_corners=True)
    field: Floats = grown[0].numpy()
    return field / max(float(field.std()), 1e-6)
