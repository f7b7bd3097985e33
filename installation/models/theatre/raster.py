"""The pixel grid that a scene is painted on, and alpha compositing within boxes of it.

Coordinates are resolution-independent. One unit is the shorter side of the picture, (0.5, 0.5) is its centre, y points
down. A square picture spans 0 to 1 on both axes; a wide one continues to the left of 0 and to the right of 1, a tall
one above 0 and below 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from installation.models.theatre.vocabulary import rgb

P = ParamSpec("P")
R = TypeVar("R")

SOFT_EDGE_PIXELS = 5  # beyond this distance from an edge its coverage is zero in 8 bits
EDGE_STEEPNESS = 2.6  # of the sigmoid, per pixel: as sharp as an antialiased edge
OVERSCAN = 0.16  # units around the picture that textures have in store for a camera


@dataclass(frozen=True, eq=False)
class PixelGrid:
    """Coordinates of the pixel centres of one picture size on one device, as they are or as a camera sees them.

    Quantities that vary over the picture have the shape [batch, channel, height, width].

    Attributes:
        height: Pixels.
        width: Pixels.
        device: Where `x` and `y` are.
        unit: Pixels of one unit: the shorter side, unless another number is given.
        centre: x and y in the middle of the picture.
        base: The grid without a camera, or None if this is one.
        x: [1, 1, 1, width], units.
        y: [1, 1, height, 1], units.
    """

    height: int
    width: int
    device: torch.device
    unit: float = 0
    centre: tuple[float, float] = (0.5, 0.5)
    base: PixelGrid | None = None
    x: Tensor = field(init=False)
    y: Tensor = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", self.unit or min(self.height, self.width))
        if self.base:  # cheaper, since a camera makes several grids for each picture
            zoom = self.base.unit / self.unit
            x, y = (
                torch.from_numpy(axis * zoom + centre).to(self.device)
                for axis, centre in zip(self.base.from_centre, self.centre, strict=True)
            )
        else:
            x = self._axis(self.width, self.centre[0]).view(1, 1, 1, -1)
            y = self._axis(self.height, self.centre[1]).view(1, 1, -1, 1)
        object.__setattr__(self, "x", x)
        object.__setattr__(self, "y", y)

    @cached_property
    def from_centre(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """X and y less those of the centre, on the host: NumPy takes a tenth of the time for so few numbers."""
        x, y = (
            axis.cpu().numpy() - np.float32(middle) for axis, middle in zip((self.x, self.y), self.centre, strict=True)
        )
        return x, y

    def _axis(self, pixels: int, centre: float) -> Tensor:
        """[pixels], float32."""
        centres = torch.arange(pixels, dtype=torch.float64) + 0.5 - pixels / 2
        return (centre + centres / self.unit).float().to(self.device)

    def seen_from(self, centre: tuple[float, float], zoom: float) -> PixelGrid:
        """The same picture as a camera sees it that looks at `centre`, enlarged by `zoom`."""
        return PixelGrid(self.height, self.width, self.device, self.unit * zoom, centre, self)

    @cached_property
    def overscan(self) -> PixelGrid:
        """A grid that shows OVERSCAN more on each side."""
        margin = 2 * math.ceil(OVERSCAN * self.unit)
        return PixelGrid(self.height + margin, self.width + margin, self.device, self.unit, self.centre)

    @property
    def texture_grid(self) -> PixelGrid:
        """The grid that textures for this one are made on."""
        return self.base.overscan if self.base else self

    def column(self, x: Tensor) -> Tensor:
        """The pixel column at x, fractional; 0 is the centre of the first."""
        return x * self.unit + (self.width / 2 - 0.5 - self.centre[0] * self.unit)

    def row(self, y: Tensor) -> Tensor:
        """The pixel row at y, fractional; 0 is the centre of the first."""
        return y * self.unit + (self.height / 2 - 0.5 - self.centre[1] * self.unit)

    @property
    def pixel(self) -> float:
        """The side of a pixel, in units."""
        return 1.0 / self.unit

    @property
    def left(self) -> float:
        """The left edge of the picture, in units."""
        return self.centre[0] - self.width / self.unit / 2

    @property
    def right(self) -> float:
        """The right edge of the picture, in units."""
        return self.centre[0] + self.width / self.unit / 2

    @property
    def top(self) -> float:
        """The upper edge of the picture, in units."""
        return self.centre[1] - self.height / self.unit / 2

    @property
    def bottom(self) -> float:
        """The lower edge of the picture, in units."""
        return self.centre[1] + self.height / self.unit / 2

    def box(
        self,
        top: float = -math.inf,
        bottom: float = math.inf,
        left: float = -math.inf,
        right: float = math.inf,
        *,
        soft_edge: bool = False,
    ) -> Box:
        """The pixels that a rectangle in units touches, clipped to the picture.

        `soft_edge` adds a margin for the antialiased edge of a shape that ends where the rectangle ends.
        """
        margin = SOFT_EDGE_PIXELS * self.pixel if soft_edge else 0.0
        rows = self._span(top - margin, bottom + margin, self.height, self.centre[1])
        return Box(self, rows, self._span(left - margin, right + margin, self.width, self.centre[0]))

    def _span(self, low: float, high: float, pixels: int, centre: float) -> slice:
        first, last = ((end - centre) * self.unit + pixels / 2 for end in (low, high))
        start = math.floor(min(max(first, 0.0), pixels))
        return slice(start, max(math.ceil(min(max(last, 0.0), pixels)), start))


@dataclass(frozen=True)
class Box:
    """A rectangle of pixels of a grid."""

    grid: PixelGrid
    rows: slice
    columns: slice

    @cached_property
    def x(self) -> Tensor:
        """[1, 1, 1, columns], units."""
        return self.grid.x[..., self.columns]

    @cached_property
    def y(self) -> Tensor:
        """[1, 1, rows, 1], units."""
        return self.grid.y[:, :, self.rows]

    @property
    def empty(self) -> bool:
        """Whether the rectangle lies outside the picture."""
        return bool(self.rows.start >= self.rows.stop or self.columns.start >= self.columns.stop)

    def within(self, other: Box) -> Box:
        """The pixels of both, which may be none."""
        return Box(self.grid, _common(self.rows, other.rows), _common(self.columns, other.columns))

    def split(self, y: float) -> tuple[Box, Box]:
        """The rows above y and those below it, of which either may be empty."""
        row = min(max(self.grid.box(top=y).rows.start, self.rows.start), self.rows.stop)
        above, below = slice(self.rows.start, row), slice(row, self.rows.stop)
        return Box(self.grid, above, self.columns), Box(self.grid, below, self.columns)

    def crop(self, line: Tensor) -> Tensor:
        """The box's part of one value per column of the grid, [..., width] -> [..., columns]; [..., 1] stays."""
        return line[..., self.columns] if line.shape[-1] > 1 else line

    def coverage(self, depth: Tensor, softness: float | None = None) -> Tensor:
        """Coverage (0..1) of a shape from its signed distance field.

        Args:
            depth: Distance from the shape's edge in units, positive inside.
            softness: Width of the edge in units; one pixel if not given.
        """
        scaled = depth * (EDGE_STEEPNESS / (softness or self.grid.pixel))
        return scaled.sigmoid_() if torch.is_inference_mode_enabled() else torch.sigmoid(scaled)


def _common(one: slice, other: slice) -> slice:
    start = max(one.start, other.start)
    return slice(start, max(start, min(one.stop, other.stop)))


class Raster:
    """The picture being painted: [batch, 3, height, width], sRGB values in 0..1.

    Every operation is limited to a box and works in place, so a layer costs only the pixels of its own box. While
    gradients are recorded the box is copied first, because autograd needs the values from before.
    """

    def __init__(self, pixels: Tensor) -> None:
        self.pixels = pixels

    def over(self, box: Box, colour: Tensor, alpha: Tensor) -> None:
        """Composite a colour over the box (Porter and Duff's *over* operator, 1984). `alpha` is in 0..1."""
        view = self.pixels[:, :, box.rows, box.columns]
        if torch.is_grad_enabled():
            view.copy_(torch.lerp(view.clone(), colour, alpha))
        else:
            view.lerp_(colour, alpha)

    def darken(self, box: Box, amount: Tensor) -> None:
        """Take away a share (0..1) of the light in the box."""
        self.multiply(box, 1 - amount)

    def multiply(self, box: Box, factor: Tensor) -> None:
        """Multiply the box by a factor."""
        view = self.pixels[:, :, box.rows, box.columns]
        if torch.is_grad_enabled():
            view.copy_(view.clone() * factor)
        else:
            view.mul_(factor)

    def glow(self, box: Box, colour: Tensor, amount: Tensor, burn: float) -> None:
        """Add `amount` (0..1) of a colour and keep 1 - burn * amount of the box: burn 0 adds, burn 1 is `over`."""
        view = self.pixels[:, :, box.rows, box.columns]
        if torch.is_grad_enabled():
            view.copy_(view.clone() * (1 - burn * amount) + colour * amount)
        else:
            if burn:
                view.mul_((amount * -burn).add_(1))
            view.addcmul_(colour, amount)


def cached_constant(make: Callable[P, R]) -> Callable[P, R]:
    """Cache the tensors that a function makes, by its arguments.

    They are made outside inference mode, so that a constant made while painting can take part in a later backward
    pass. The cache is bounded, because sizes change while a show runs.
    """

    @lru_cache(maxsize=64)
    @wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> R:
        with torch.inference_mode(False), torch.no_grad():
            return make(*args, **kwargs)

    return cast(Callable[P, R], made)


def kept_while_painting(make: Callable[P, R]) -> Callable[P, R]:
    """Keep what a function of tensors returned for the very same tensors, while pictures are painted.

    Of a held picture the tensors of its classes and marks stay the same from frame to frame (see `decoded_classes`).
    With gradients the function is run each time. Nobody may change the tensors that it gets or returns.
    """
    kept = cast(Callable[P, R], lru_cache(maxsize=64)(make))

    @wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> R:
        return kept(*args, **kwargs) if torch.is_inference_mode_enabled() else make(*args, **kwargs)

    return cast(Callable[P, R], made)


def box_texture(
    make: Callable[Concatenate[PixelGrid, P], Tensor], box: Box, *args: P.args, **kwargs: P.kwargs
) -> Tensor:
    """The box's part of a texture that is made once for a size: cut out, or interpolated where a camera sees it.

    Args:
        make: (grid, ...) -> [1, channels, height, width].
        box: The pixels.
        *args: Further arguments of `make`.
        **kwargs: Likewise.

    Returns:
        [1, channels, rows, columns].
    """
    source = box.grid.texture_grid
    pixels = make(source, *args, **kwargs)
    if source is box.grid:
        return pixels[:, :, box.rows, box.columns]
    return resample(pixels, source.row(box.y.flatten()), source.column(box.x.flatten()))


def resample(pixels: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Pixels at fractional rows and columns, by bilinear interpolation; edges are repeated. Without gradients.

    [1, channels, height, width] -> [1, channels, rows, columns].
    """
    height, width = pixels.shape[2:]
    positions = pixels.new_empty(1, len(rows), len(columns), 2)
    positions[..., 0] = columns * (2 / width) + (1 / width - 1)
    positions[..., 1] = (rows * (2 / height) + (1 / height - 1))[:, None]
    return F.grid_sample(pixels, positions, padding_mode="border", align_corners=False)


def interpolate_lines(pixels: Tensor, dim: int, positions: Tensor) -> Tensor:
    """Rows (dim 2) or columns (dim 3) at fractional positions, by linear interpolation; edges are repeated."""
    positions = positions.clamp(0, pixels.shape[dim] - 1.001)
    before = positions.long()
    share = positions - before
    if dim == 2:
        first, second = (pixels.index_select(2, before + step) for step in (0, 1))
        return torch.lerp(first, second, share[:, None])
    columns = before.expand(*pixels.shape[:3], -1)
    first, second = (pixels.gather(3, columns + step) for step in (0, 1))  # a sixth of the time of index_select
    return torch.lerp(first, second, share)


def box_means(planes: Tensor, radius: int, *, padded: bool = False) -> Tensor:
    """The means over squares of 2 * radius + 1 pixels: first down, then across, a fraction of the time of both at once.

    [batch, channels, height, width] -> as much, with `padded`: the squares then end where the picture does; without,
    2 * radius less in height and width.
    """
    side, beyond = 2 * radius + 1, radius if padded else 0
    down = F.avg_pool2d(planes, (side, 1), 1, (beyond, 0), count_include_pad=False)
    return F.avg_pool2d(down, (1, side), 1, (0, beyond), count_include_pad=False)


def sine_of_sum(down: Tensor, across: Tensor) -> Tensor:
    """The sine of a column of angles plus a row of them, by the addition theorem: sines of the two instead of all."""
    return torch.addcmul(torch.sin(down) * torch.cos(across), torch.cos(down), torch.sin(across))


@cached_constant
def colour_tensor(colour: str, device: torch.device) -> Tensor:
    """A colour of six hexadecimal digits as [1, 3, 1, 1] in 0..1."""
    return torch.tensor(rgb(colour), device=device).view(1, 3, 1, 1)


def falloff(distance: Tensor, reach: float) -> Tensor:
    """(1 - distance / reach)^4, clamped: 1 at distance 0, 0 from `reach` on.

    Close to exp(-4 * distance / reach), but with compact support, so that a box holds all of it.
    """
    if torch.is_inference_mode_enabled():
        near = (distance * (-1 / reach)).add_(1).clamp_(0, 1).square_()
        return near.square_()
    near = (1 - distance.clamp(min=0) / reach).clamp(min=0)
    return (near * near) ** 2
