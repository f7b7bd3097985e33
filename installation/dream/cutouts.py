"""Differentiable cutouts: random views of a picture, so that no single pixel pattern can raise the score."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

MIN_SIZE = 0.75  # share of the side; the workshop notebooks draw U(0.70, 0.98), Big Sleep clip(N(0.8, 0.3), 0.5, 0.95)
BRIGHTNESS = 0.06  # standard deviations of the jitter; small, because colour carries meaning in the embedded world
COLOUR = 0.03
NOISE = 0.02  # VQGAN+CLIP draws between 0 and 0.1
# of warped views; VQGAN+CLIP turns by up to 30 degrees, and erases .1 to .4 of 70 % of its views
MAX_TURN = math.radians(30.0)
MAX_TILT = 0.3  # change of depth from the middle of a view to its side
ERASED, ERASED_SIDE = 0.7, (0.3, 0.65)  # share of the views; share of a side


class Draws(NamedTuple):
    """What is drawn at random for some views; see `draw`."""

    grid: Tensor  # [count, side, side, 2]: where each of their pixels lies
    offsets: Tensor  # [count, 3, side, side]: colour and noise
    gains: Tensor  # [count, 1, 1, 1]: brightness
    erased: Tensor | None = None  # [count, 1, side, side]: what warped views lack

    def rows(self, rows: Tensor) -> Draws:
        """Those of some of the views. [n] -> n views."""
        grid, offsets, gains = (part.index_select(0, rows) for part in (self.grid, self.offsets, self.gains))
        return Draws(grid, offsets, gains, None if self.erased is None else self.erased.index_select(0, rows))


def cutouts(
    picture: Tensor, count: int, side: int, random: torch.Generator, warped: bool = False, antialias: bool = False
) -> Tensor:
    """Return `count` views of one picture. [1, 3, h, w] in 0..1 -> [count, 3, side, side], slightly beyond 0..1.

    The first view is the unchanged middle square, which is all of a square picture; pixray, too, keeps whole views
    beside zoomed ones. The others are squares of 0.75 to 1 of the shorter side at random places, with jitter of
    brightness, colour and noise.

    Args:
        picture: A batch of one.
        count: At least 1.
        side: Of the views, in pixels.
        random: Lives on the picture's device, so that nothing is copied between host and device.
        warped: Whether all views but the first are also turned, seen aslant, and lack a part, as in VQGAN+CLIP.
        antialias: See `take`.
    """
    return take(picture, draw(picture, count, side, random, warped), antialias)


def draw(picture: Tensor, count: int, side: int, random: torch.Generator, warped: bool = False) -> Draws:
    """Draw the places and the jitter of `count` views; only the shape of the picture matters."""
    matrices = _affine_matrices(count, _middle_share(picture), random)
    grid = F.affine_grid(matrices, [count, 3, side, side], align_corners=False)
    erased: Tensor | None = None
    if warped:
        scale, place = matrices.diagonal(dim1=1, dim2=2), matrices[:, :, 2]  # [count, 2] both
        grid = _warps(count, side, random) * scale[:, None, None] + place[:, None, None]
        erased = _erased(count, side, random)
    return Draws(grid, _offsets(count, side, random), _gains(count, random), erased)


def take(picture: Tensor, draws: Draws, antialias: bool = False) -> Tensor:
    """Return the drawn views of a picture. [1, 3, h, w] -> [count, 3, side, side].

    With `antialias`, a picture of twice the side or more is averaged first: sampled as it is, views would skip pixels.
    """
    count, _, side, _ = draws.offsets.shape
    # one tall view instead of `count` views of an expanded picture, whose gradients would have to be summed
    tall_grid = draws.grid.reshape(1, count * side, side, 2)
    sampled = _averaged(picture, side) if antialias else picture
    tall = F.grid_sample(sampled, tall_grid, padding_mode="reflection", align_corners=False)
    views = tall.view(3, count, side, side).transpose(0, 1)  # [count, 3, side, side]
    if draws.erased is not None:
        views = torch.where(draws.erased, picture.detach().mean(dim=(2, 3))[..., None, None], views)
    return torch.addcmul(draws.offsets, views, draws.gains)


def _averaged(picture: Tensor, side: int) -> Tensor:
    height, width = picture.shape[-2:]
    factor = min(height, width) // side
    return F.avg_pool2d(picture, factor) if factor > 1 and height % factor == width % factor == 0 else picture


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


def _warps(count: int, side: int, random: torch.Generator) -> Tensor:
    """Places of the pixels of views that are turned and seen aslant, -1..1 within them. -> [count, side, side, 2]."""
    turn = MAX_TURN * (2.0 * torch.rand(count, generator=random, device=random.device) - 1.0)
    tilt = MAX_TILT * (2.0 * torch.rand(count, 2, 1, generator=random, device=random.device) - 1.0)
    turn[:1].fill_(0.0)
    tilt[:1].fill_(0.0)
    turned = torch.zeros(count, 2, 3, device=random.device)
    turned[:, 0, 0], turned[:, 0, 1] = turn.cos(), -turn.sin()
    turned[:, 1, 0], turned[:, 1, 1] = turn.sin(), turn.cos()
    grid = F.affine_grid(turned, [count, 3, side, side], align_corners=False)
    return grid / (1.0 + grid.flatten(1, 2) @ tilt).view(count, side, side, 1)


def _erased(count: int, side: int, random: torch.Generator) -> Tensor:
    """A rectangle in most views. -> [count, 1, side, side], bool."""
    low, high = ERASED_SIDE
    sides = low + (high - low) * torch.rand(count, 2, generator=random, device=random.device)
    sides = sides * (torch.rand(count, 1, generator=random, device=random.device) < ERASED)
    sides[:1].fill_(0.0)
    first = (1.0 - sides) * torch.rand(count, 2, generator=random, device=random.device)
    pixels = (torch.arange(side, device=random.device) + 0.5) / side
    inside = (pixels >= first[..., None]) & (pixels < (first + sides)[..., None])  # [count, 2, side]
    return (inside[:, 0, :, None] & inside[:, 1, None, :])[:, None]


def _gains(count: int, random: torch.Generator) -> Tensor:
    gains = 1.0 + BRIGHTNESS * torch.randn(count, 1, 1, 1, generator=random, device=random.device)
    gains[:1].fill_(1.0)
    return gains  # [count, 1, 1, 1]


def _offsets(count: int, side: int, random: torch.Generator) -> Tensor:
    colour = COLOUR * torch.randn(count, 3, 1, 1, generator=random, device=random.device)
    offsets = colour + NOISE * torch.randn(count, 3, side, side, generator=random, device=random.device)
    offsets[:1].zero_()
    return offsets  # [count, 3, side, side]
