"""Differentiable cutouts: random views of a picture, so that no single pixel pattern can raise the score."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

MIN_SIZE = 0.75  # share of the side; the workshop notebooks draw U(0.70, 0.98), Big Sleep clip(N(0.8, 0.3), 0.5, 0.95)
BRIGHTNESS = 0.06  # standard deviations of the jitter; small, because colour carries meaning in the embedded world
COLOUR = 0.03
NOISE = 0.02  # VQGAN+CLIP draws between 0 and 0.1


def cutouts(picture: Tensor, count: int, side: int, random: torch.Generator) -> Tensor:
    """Return `count` views of one picture. [1, 3, h, w] in 0..1 -> [count, 3, side, side], slightly beyond 0..1.

    The first view is the unchanged middle square, which is all of a square picture; pixray, too, keeps whole views
    beside zoomed ones. The others are squares of 0.75 to 1 of the shorter side at random places, with jitter of
    brightness, colour and noise.

    Args:
        picture: A batch of one.
        count: At least 1.
        side: Of the views, in pixels.
        random: Lives on the picture's device, so that nothing is copied between host and device.
    """
    grid = F.affine_grid(
        _affine_matrices(count, _middle_share(picture), random), [count, 3, side, side], align_corners=False
    )
    # one tall view instead of `count` views of an expanded picture, whose gradients would have to be summed
    tall_grid = grid.view(1, count * side, side, 2)
    tall = F.grid_sample(picture, tall_grid, padding_mode="reflection", align_corners=False)
    views = tall.view(3, count, side, side).transpose(0, 1)  # [count, 3, side, side]
    return torch.addcmul(_offsets(count, side, random), views, _gains(count, random))


def _middle_share(picture: Tensor) -> tuple[float, float]:
    """Return the shares of width and height that the middle square takes."""
    height, width = picture.shape[-2:]
    return min(height / width, 1.0), min(width / height, 1.0)


def _affine_matrices(count: int, share: tuple[float, float], random: torch.Generator) -> Tensor:
    scale = MIN_SIZE + (1.0 - MIN_SIZE) * torch.rand(count, generator=random, device=random.device)
    scale[:1].fill_(1.0)  # an assignment to an element would copy from the host, which a graph cannot capture
    place = 2.0 * torch.rand(count, 2, generator=random, device=random.device) - 1.0
    place[:1].fill_(0.0)
    matrices = torch.zeros(count, 2, 3, device=random.device)
    for axis, of_axis in enumerate(share):
        matrices[:, axis, axis] = of_axis * scale
        matrices[:, axis, 2] = place[:, axis] * (1.0 - of_axis * scale)
    return matrices  # [count, 2, 3]


def _gains(count: int, random: torch.Generator) -> Tensor:
    gains = 1.0 + BRIGHTNESS * torch.randn(count, 1, 1, 1, generator=random, device=random.device)
    gains[:1].fill_(1.0)
    return gains  # [count, 1, 1, 1]


def _offsets(count: int, side: int, random: torch.Generator) -> Tensor:
    colour = COLOUR * torch.randn(count, 3, 1, 1, generator=random, device=random.device)
    offsets = colour + NOISE * torch.randn(count, 3, side, side, generator=random, device=random.device)
    offsets[:1].zero_()
    return offsets  # [count, 3, side, side]
