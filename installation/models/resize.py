"""Differentiable resizing without aliasing or distortion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch.nn.functional as F

if TYPE_CHECKING:
    from torch import Tensor


def middle_square(pictures: Tensor) -> Tensor:
    """The largest centred square. [n, c, height, width] -> [n, c, side, side]."""
    height, width = pictures.shape[-2:]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return pictures[..., top : top + side, left : left + side]


def resized(pictures: Tensor, side: int) -> Tensor:
    """Square images of another side, in the range 0..1. [n, c, s, s] -> [n, c, side, side].

    An integer ratio is averaged, which is exact and fastest; others use an antialiased bicubic filter.
    """
    present = pictures.shape[-1]
    if present == side:
        return pictures
    if present % side == 0:
        return F.avg_pool2d(pictures, present // side)
    # bicubic interpolation overshoots at sharp edges
    return F.interpolate(pictures, size=(side, side), mode="bicubic", antialias=True).clamp(0.0, 1.0)


def stretched(pictures: Tensor, height: int, whole: int, width: int) -> Tensor:
    """Squeezed images, stretched to `whole` columns and cut to the middle `width`: [n, c, s, s] -> [n, c, height, w].

    w is `width`, or `whole` where that is less.
    """
    pictures = F.interpolate(pictures, size=(height, whole), mode="bilinear", antialias=True)
    left = max(0, (whole - width) // 2)
    return pictures[..., left : left + min(width, whole)]
