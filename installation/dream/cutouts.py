"""Differentiable cutouts: a picture is judged by several views of itself, so that no single pixel pattern can cheat."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

SMALLEST = 0.75  # share of the side; the workshop cuts U(.70, .98), Big Sleep clip(N(.8, .3), .5, .95)
BRIGHTNESS = 0.06  # standard deviations, small as the embedded world's: colour is meaning there
COLOUR = 0.03
NOISE = 0.02  # VQGAN+CLIP's lies between 0 and .1


def cutouts(picture: Tensor, count: int, side: int, random: torch.Generator) -> Tensor:
    """`count` views of one picture, sampled in one batch. [1, 3, h, w] in 0..1 -> [count, 3, side, side].

    The first view is the whole picture untouched (pixray keeps such wide cutouts beside the zoomed ones); the others
    are squares of .75 to 1 of the side, anywhere inside, changed a little in brightness, colour and grain. `random`
    lives on the picture's device, so that nothing waits for a copy. Range may leave 0..1 a little.
    """
    grid = F.affine_grid(_places(count, random), [count, 3, side, side], align_corners=False)
    # as one tall view of one picture, for so many pictures would take as many gradients to be added up
    tall = F.grid_sample(picture, grid.view(1, count * side, side, 2), padding_mode="reflection", align_corners=False)
    views = tall.view(3, count, side, side).transpose(0, 1)
    return torch.addcmul(_offsets(count, side, random), views, _gains(count, random))


def _places(count: int, random: torch.Generator) -> Tensor:
    """The affine matrix of each view, [count, 2, 3]."""
    scale = SMALLEST + (1.0 - SMALLEST) * torch.rand(count, generator=random, device=random.device)
    scale[0] = 1.0
    shift = (2.0 * torch.rand(count, 2, generator=random, device=random.device) - 1.0) * (1.0 - scale).unsqueeze(1)
    where = torch.zeros(count, 2, 3, device=random.device)
    where[:, 0, 0] = where[:, 1, 1] = scale
    where[:, :, 2] = shift
    return where


def _gains(count: int, random: torch.Generator) -> Tensor:
    gains = 1.0 + BRIGHTNESS * torch.randn(count, 1, 1, 1, generator=random, device=random.device)
    gains[0] = 1.0
    return gains


def _offsets(count: int, side: int, random: torch.Generator) -> Tensor:
    colour = COLOUR * torch.randn(count, 3, 1, 1, generator=random, device=random.device)
    offsets = colour + NOISE * torch.randn(count, 3, side, side, generator=random, device=random.device)
    offsets[0] = 0.0
    return offsets
