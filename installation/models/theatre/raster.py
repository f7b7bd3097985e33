"""Where the theatre paints: coordinates of a size, and a canvas that is painted box by box.

Coordinates are resolution-free: one unit is the shorter side of the picture, (0.5, 0.5) is its middle, y points down.
A square reaches from 0 to 1; a wide picture goes on to the left of 0 and to the right of 1, a tall one above and below.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar, cast

import torch
from torch import Tensor

from installation.models.theatre.vocabulary import rgb

P = ParamSpec("P")
R = TypeVar("R")

BLUR = 5  # pixels beyond an edge where nothing is left of it
CRISP = 2.6  # how steep an edge is: a sigmoid of 2.6 per pixel looks as sharp as an antialiased one


@dataclass(frozen=True, eq=False)
class Frame:
    """The coordinates of one size on one device. Two-dimensional quantities are [batch, channel, height, width]."""

    height: int  # pixels
    width: int
    device: torch.device
    unit: int = 0  # pixels of the shorter side; another number makes a frame that reaches farther than its picture
    x: Tensor = field(init=False)  # [1, 1, 1, width]
    y: Tensor = field(init=False)  # [1, 1, height, 1]

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", self.unit or min(self.height, self.width))
        object.__setattr__(self, "x", self._axis(self.width).view(1, 1, 1, -1))
        object.__setattr__(self, "y", self._axis(self.height).view(1, 1, -1, 1))

    def _axis(self, pixels: int) -> Tensor:
        places = torch.arange(pixels, dtype=torch.float64) + 0.5 - pixels / 2
        return (0.5 + places / self.unit).float().to(self.device)

    @property
    def pixel(self) -> float:
        """The side of a pixel in units."""
        return 1.0 / self.unit

    @property
    def left(self) -> float:
        return 0.5 - self.width / self.unit / 2

    @property
    def right(self) -> float:
        return 0.5 + self.width / self.unit / 2

    @property
    def top(self) -> float:
        return 0.5 - self.height / self.unit / 2

    @property
    def bottom(self) -> float:
        return 0.5 + self.height / self.unit / 2

    def box(self, top: float = -math.inf, bottom: float = math.inf, left: float = -math.inf,
            right: float = math.inf, blur: bool = False) -> Box:  # fmt: skip
        """The pixels of a rectangle in units, those that it touches included; clipped to the picture.

        With `blur` there is room for the soft edge of a shape that ends where the rectangle ends.
        """
        room = BLUR * self.pixel if blur else 0.0
        top, bottom, left, right = top - room, bottom + room, left - room, right + room
        return Box(self, self._span(top, bottom, self.height), self._span(left, right, self.width))

    def _span(self, low: float, high: float, pixels: int) -> slice:
        ends = [min(max((end - 0.5) * self.unit + pixels / 2, 0.0), float(pixels)) for end in (low, high)]
        return slice(math.floor(ends[0]), max(math.ceil(ends[1]), math.floor(ends[0])))


@dataclass(frozen=True)
class Box:
    """A rectangle of pixels of a frame."""

    frame: Frame
    rows: slice
    columns: slice

    @property
    def x(self) -> Tensor:
        """[1, 1, 1, columns of the box]"""
        return self.frame.x[..., self.columns]

    @property
    def y(self) -> Tensor:
        """[1, 1, rows of the box, 1]"""
        return self.frame.y[:, :, self.rows]

    @property
    def empty(self) -> bool:
        return bool(self.rows.start >= self.rows.stop or self.columns.start >= self.columns.stop)

    def of(self, line: Tensor) -> Tensor:
        """The box's columns of something that is known for each column of the frame: [..., width] -> [..., columns]."""
        return line[..., self.columns] if line.shape[-1] > 1 else line

    def inside(self, depth: Tensor, softness: float | None = None) -> Tensor:
        """0 outside of a shape to 1 inside of it, of the depth inside in units; an edge is `softness` wide."""
        return torch.sigmoid(depth * (CRISP / (softness or self.frame.pixel)))


class Raster:
    """A picture on its way: [batch, 3, height, width], painted in place so that a layer costs only its own box.

    With gradient each box is copied first, for autograd needs what was there before.
    """

    def __init__(self, pixels: Tensor) -> None:
        self.pixels = pixels

    def see(self, box: Box) -> Tensor:
        """A copy of what is painted there."""
        return self.pixels[:, :, box.rows, box.columns].clone()

    def over(self, box: Box, colour: Tensor, alpha: Tensor) -> None:
        """Lay a colour over the box, `alpha` (0..1) thick."""
        view = self.pixels[:, :, box.rows, box.columns]
        if torch.is_grad_enabled():
            view.copy_(torch.lerp(view.clone(), colour, alpha))
        else:
            view.lerp_(colour, alpha)

    def shade(self, box: Box, shadow: Tensor) -> None:
        """Darken the box by a share (0..1) of what is there."""
        self.dim(box, 1 - shadow)

    def dim(self, box: Box, share: Tensor) -> None:
        """Keep a share of the light in the box."""
        view = self.pixels[:, :, box.rows, box.columns]
        if torch.is_grad_enabled():
            view.copy_(view.clone() * share)
        else:
            view.mul_(share)

    def light(self, box: Box, colour: Tensor, amount: Tensor, burn: float = 1.0) -> None:
        """Shine a colour on the box: what is there keeps 1 - burn * amount. With burn 1 that is `over`."""
        view = self.pixels[:, :, box.rows, box.columns]
        if torch.is_grad_enabled():
            view.copy_(view.clone() * (1 - burn * amount) + colour * amount)
        else:
            view.mul_(1 - burn * amount).addcmul_(colour, amount)


def lasting(make: Callable[P, R]) -> Callable[P, R]:
    """Remember what is made, by its arguments; made outside of inference mode, so that gradients may pass it later.

    Only so much is remembered: sizes change while a show runs.
    """

    @lru_cache(maxsize=64)
    @wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> R:
        with torch.inference_mode(False), torch.no_grad():
            return make(*args, **kwargs)

    return cast(Callable[P, R], made)


@lasting
def ink(colour: str, device: torch.device) -> Tensor:
    """A colour of six hexadecimal digits as [1, 3, 1, 1]."""
    return torch.tensor(rgb(colour), device=device).view(1, 3, 1, 1)


def angle(rate: float, seconds: float) -> float:
    """How far something has turned at `rate` radians a second, in radians; exact for days on end."""
    return math.fmod(rate * seconds, 2 * math.pi)


def moved(rate: Tensor, seconds: float, period: float = 2 * math.pi) -> Tensor:
    """How far things have come at their own rates, within a period; exact for days on end, as float32 is not."""
    return (rate.double() * seconds).remainder(period).float()


def falloff(distance: Tensor, reach: float) -> Tensor:
    """1 at distance 0, 0 from `reach` on: like exp(-4 distance / reach), but it ends, so that a box holds it."""
    near = (1 - distance.clamp(min=0) / reach).clamp(min=0)
    return (near * near) ** 2
