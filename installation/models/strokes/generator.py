"""`strokes`: brush strokes along cubic Bézier curves, as in CLIPDraw (Frans et al., 2021), in plain torch.

Strokes lie in layers, wide ones below and fine ones on top, as a painter works (Hertzmann, 1998). A layer is drawn at a
resolution at which its brush is a few pixels wide: each stroke fills a small patch, all patches of a layer at once, and
where strokes of one layer overlap their colours mix. So a frame costs about as much as one pass over its pixels, and
the gradient reaches every control point.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.interfaces import Floats, Latents, Size, height_width
from installation.models.picture_latents import ASPECT, PictureGenerator, coordinates, resampled, smooth_field


class BrushLayer(NamedTuple):
    """Strokes of one brush."""

    rows: int  # strokes lie on a jittered grid at first
    columns: int
    radius: float  # of the brush, in units of the height
    reach: float  # from a stroke's middle to its end


LAYERS = (
    BrushLayer(5, 8, 0.150, 0.20),
    BrushLayer(8, 14, 0.070, 0.16),
    BrushLayer(13, 22, 0.036, 0.10),
    BrushLayer(24, 42, 0.013, 0.060),
)
COUNT = sum(layer.rows * layer.columns for layer in LAYERS)

# columns of z: middle, two handles and two ends relative to it, width, colour, opacity
MIDDLE, CURVE, WIDTH, COLOUR, OPACITY = slice(0, 2), slice(2, 10), 10, slice(11, 14), 14
SIZE = 15
POSITION_UNIT = 0.25  # of the height: what 1 in z moves a middle
POINTS = 9  # of a curve that are drawn
BRUSH_PIXELS = 3.2  # radius of a brush in the picture that its layer is drawn in
FADE_PIXELS = 3.0  # beyond its edge, to which a stroke is drawn
INVISIBLE = -1.6  # opacity in z below which a stroke is not drawn
SOFTNESS = 0.7  # pixels over which the edge of a stroke fades
ORDER = 9.0  # logarithm of how much more the last stroke of a layer counts than the first, where they overlap
VARIATION = 0.06  # of the brightness of strokes, so that neighbours differ
GRAIN_SIZE = (288, 512)  # of the grain of the canvas; it repeats itself
GRAIN = 0.25  # share of the radius by which the grain of the canvas frays edges
CANVAS_RELIEF = 0.06  # how much the weave of the canvas shows
PAPER = 0.93  # brightness of the empty canvas
SWAY = 0.010  # of the height
SWAY_RATES = (0.4, 1.1)  # radians per second
COLOUR_LIMIT, CURVE_LIMIT, WIDTH_LIMIT = 1.25, 1.15, 1.0
NEEDED = 0.03  # mean difference from a picture, from which on a finer stroke is worth it
EXISTS = 2.0  # opacity of a stroke that a picture needs; -EXISTS of one that it does not


class BrushStrokes(PictureGenerator):
    """A canvas of COUNT brush strokes."""

    name = "strokes"
    z_shape = (COUNT, SIZE)
    z_rate = 0.3

    def random_z(self, random: np.random.Generator) -> Floats:
        """See `PictureGenerator.random_z`: strokes that follow a soft field of colours."""
        field = np.clip(0.5 + 0.22 * smooth_field(random, 3, self.encoded_size, 3), 0.0, 1.0)
        return self.encode(torch.from_numpy(field)[None].to(self.device))[0].cpu().numpy()

    def render(self, latents: Latents[Tensor], size: Size | None = None, phase: float = 0.0) -> Tensor:
        """See `Generator.render`; `phase` makes strokes sway like grass."""
        size = height_width(size or self.native_size)
        z = latents.z
        picture = torch.full((len(z), 3, *size), PAPER, device=z.device)
        for index, where in enumerate(_layer_slices()):
            picture = _with_layer(picture, z[:, where], LAYERS[index], phase)
        return (picture * _weave(size, self.device)).clamp(0.0, 1.0)

    def bounded(self, z: Tensor) -> Tensor:
        """See `FreeLatents.bounded`."""
        limits = z.new_full((SIZE,), COLOUR_LIMIT)
        limits[0], limits[1] = 0.5 * ASPECT / POSITION_UNIT, 0.5 / POSITION_UNIT
        limits[CURVE], limits[WIDTH], limits[OPACITY] = CURVE_LIMIT, WIDTH_LIMIT, 2.0 * EXISTS
        return torch.minimum(torch.maximum(z, -limits), limits)

    def prior(self, z: Tensor) -> Tensor:
        """See `FreeLatents.prior`: how far strokes are bent and stretched."""
        return (z[..., CURVE].square().mean() - 0.4).clamp(min=0.0) + 0.1 * z[..., WIDTH].square().mean()

    def encode(self, pictures: Tensor) -> Tensor:
        """See `PictureEncoder.encode`: strokes across the gradient of brightness, finer ones where they are needed."""
        with torch.no_grad():
            pictures = resampled(pictures, self.encoded_size)
            painted = torch.full_like(pictures, PAPER)
            layers = []
            for index, layer in enumerate(LAYERS):
                z = _placed(pictures, painted, layer, always=index == 0)
                painted = _with_layer(painted, z, layer, 0.0)
                layers.append(z)
        return self.bounded(torch.cat(layers, dim=1))

    def drift_directions(self, count: int, seed: int) -> Floats:
        """See `FreeLatents.drift_directions`: neighbouring strokes wander and change colour together."""
        random = np.random.default_rng(seed)
        directions = np.zeros((count, *self.z_shape), np.float32)
        for direction in directions:
            for layer, where in zip(LAYERS, _layer_slices(), strict=True):
                field = smooth_field(random, 5, (layer.rows, layer.columns), 2).reshape(5, -1).T
                direction[where, MIDDLE] = 0.06 * field[:, :2]
                direction[where, COLOUR] = 0.10 * field[:, 2:]
            direction[:, CURVE] = 0.12 * random.standard_normal((COUNT, 8))
        return directions


@lru_cache(maxsize=1)
def _layer_slices() -> tuple[slice, ...]:
    ends = np.cumsum([layer.rows * layer.columns for layer in LAYERS]).tolist()
    return tuple(slice(end - layer.rows * layer.columns, end) for end, layer in zip(ends, LAYERS, strict=True))


# -- drawing ----------------------------------------------------------------------------------------------------------


def _with_layer(picture: Tensor, z: Tensor, layer: BrushLayer, phase: float) -> Tensor:
    """Paint the strokes of one layer over a picture. [n, 3, height, width], [n, strokes, SIZE] -> [n, 3, ...]."""
    height, width = picture.shape[-2:]
    unit = min(height, width)
    scale = min(1.0, BRUSH_PIXELS / (layer.radius * unit))  # of the picture in which this brush is drawn
    drawn_unit = max(8, round(unit * scale))
    drawn = max(8, round(height * drawn_unit / unit)), max(8, round(width * drawn_unit / unit))
    colour, cover = _drawn_layer(z, layer, drawn, phase)
    if drawn != (height, width):
        both = F.interpolate(torch.cat([colour, cover], 1), size=(height, width), mode="bilinear", align_corners=False)
        sharper = 0.5 + (both[:, 3:] - 0.5) / scale  # edges as steep as before the enlargement
        colour, cover = both[:, :3], sharper.clamp(0.0, 1.0)
    return picture + (colour - picture) * cover


def _drawn_layer(z: Tensor, layer: BrushLayer, size: tuple[int, int], phase: float) -> tuple[Tensor, Tensor]:
    """Colours [n, 3, h, w] and cover [n, 1, h, w] of one layer, from z [n, strokes, SIZE]."""
    order = torch.linspace(0.0, ORDER, z.shape[1], device=z.device).exp().expand(z.shape[:2])
    picture = torch.arange(len(z), device=z.device)[:, None].expand(z.shape[:2])
    strokes = _Strokes(z.flatten(0, 1), order.flatten(), picture.flatten())
    if not (torch.is_grad_enabled() and z.requires_grad):  # an optimiser may want to bring invisible strokes back
        strokes = strokes.visible()
    batch, (height, width) = len(z), size
    place, values = _painted_cells(strokes, layer, size, phase)
    total = values.new_zeros(batch * height * width, 5).index_add(0, place, values)
    total = total.view(batch, height, width, 5).permute(0, 3, 1, 2)
    return total[:, :3] / total[:, 3:4].clamp(min=1e-6), 1.0 - total[:, 4:].exp()


class _Strokes(NamedTuple):
    z: Tensor  # [strokes, SIZE]
    order: Tensor  # [strokes], how much each counts where strokes overlap: later ones lie above earlier ones, softly
    picture: Tensor  # [strokes], the index of its picture

    def visible(self) -> _Strokes:
        seen = self.z[:, OPACITY] > INVISIBLE
        return _Strokes(self.z[seen], self.order[seen], self.picture[seen])


def _painted_cells(strokes: _Strokes, layer: BrushLayer, size: tuple[int, int], phase: float) -> tuple[Tensor, Tensor]:
    """Where strokes leave paint: places [cells] in the flattened pictures, and values [cells, 5] to sum there.

    The values are the colour times its weight, the weight, and the logarithm of what shows through.
    """
    height, width = size
    unit = min(size)
    z = strokes.z
    curves = _curves(z, layer, phase) * unit + z.new_tensor([width / 2, height / 2])  # [strokes, POINTS, 2]
    radius = layer.radius * unit * (0.5 * z[:, WIDTH]).exp()
    half = math.ceil((layer.reach * CURVE_LIMIT + 1.3 * layer.radius) * unit) + 1
    corner = curves.detach().mean(dim=1).floor().long() - half
    cells = corner[:, None] + torch.arange(2 * half + 1, device=z.device)[:, None]  # [strokes, side, 2]
    offsets = (cells[:, None] + 0.5 - curves[:, :, None]).square()  # [strokes, POINTS, side, 2]
    squared = (offsets[:, :, None, :, 0] + offsets[:, :, :, None, 1]).amin(dim=1)  # [strokes, side, side]
    outer = (1.0 + GRAIN) * radius + FADE_PIXELS
    x, y = cells[..., 0], cells[..., 1]
    near = (
        (squared < outer.square()[:, None, None])
        & ((x >= 0) & (x < width))[:, None]
        & ((y >= 0) & (y < height))[..., None]
    )
    stroke, row, column = near.nonzero(as_tuple=True)
    cell = y[stroke, row] * width + x[stroke, column]
    frayed = radius[stroke] * (1.0 + GRAIN * _grain(size, z.device).flatten()[cell])
    edge = (frayed - (squared[stroke, row, column] + 1e-6).sqrt()) / SOFTNESS
    opacity = z[stroke, OPACITY, None].mul(2.0).sigmoid()
    alpha = edge.sigmoid()[:, None] * opacity
    weight = alpha * opacity**4 * strokes.order[stroke, None]  # strokes that vanish leave no trace of their colour
    values = torch.cat([(0.5 + 0.5 * z[stroke, COLOUR]) * weight, weight, torch.log1p(-0.999 * alpha)], dim=1)
    return cell + strokes.picture[stroke] * (height * width), values


def _curves(z: Tensor, layer: BrushLayer, phase: float) -> Tensor:
    """Points of strokes [strokes, SIZE] in units of the height, 0 in the middle. -> [strokes, POINTS, 2]."""
    middle = z[:, MIDDLE] * POSITION_UNIT
    slow, fast = (phase * rate for rate in SWAY_RATES)
    x, y = middle.detach().unbind(1)
    lean = torch.sin(4.0 * x + 3.0 * y + slow) + 0.4 * torch.sin(9.0 * x - fast)
    control = z[:, CURVE].reshape(-1, 4, 2) * layer.reach
    bend = control.new_tensor([[1.0, 0.35], [0.3, 0.1], [0.3, 0.1], [1.0, 0.35]])  # the ends sway most
    points: Tensor = _bernstein(z.device) @ (control + SWAY * lean[:, None, None] * bend)
    return middle.unsqueeze(1) + points


@lru_cache(maxsize=4)
def _bernstein(device: torch.device) -> Tensor:
    """Weights of the control points at POINTS places of a cubic Bézier curve. -> [POINTS, 4]."""
    t = torch.linspace(0.0, 1.0, POINTS, device=device)[:, None]
    powers = torch.arange(4, device=device)
    return torch.tensor([1.0, 3.0, 3.0, 1.0], device=device) * t**powers * (1.0 - t) ** (3 - powers)


@lru_cache(maxsize=32)
def _grain(size: tuple[int, int], device: torch.device) -> Tensor:
    """Fixed noise of a canvas, -1..1, at the same places in a picture of any shape. -> [height, width]."""
    random = np.random.default_rng(7)
    fine = random.standard_normal(GRAIN_SIZE).astype(np.float32)
    coarse = smooth_field(random, 1, GRAIN_SIZE, 60)[0]
    y, x = coordinates(size, torch.device("cpu"))
    rows, columns = (
        (axis * GRAIN_SIZE[0]).floor().long() % count for axis, count in zip((y, x), GRAIN_SIZE, strict=True)
    )
    grain = torch.from_numpy((0.35 * fine + 0.5 * coarse).clip(-1.0, 1.0))
    return grain[rows][:, columns].to(device)


@lru_cache(maxsize=16)
def _weave(size: tuple[int, int], device: torch.device) -> Tensor:
    """How much light the canvas reflects. -> [height, width], about 1."""
    return 1.0 + CANVAS_RELIEF * _grain(size, device)


# -- placing ----------------------------------------------------------------------------------------------------------


def _placed(pictures: Tensor, painted: Tensor, layer: BrushLayer, always: bool) -> Tensor:
    """Strokes of one layer that bring `painted` nearer to the pictures. -> [n, strokes, SIZE].

    Those where the painting is already right are transparent, unless `always`.
    """
    height = pictures.shape[-2]
    blurred = _blurred(pictures, max(0.8 * layer.radius * height, 1.0))
    middle = _home(layer, pictures.device)  # [strokes, 2], in units of the height
    colour = _looked_up(blurred, middle)  # [n, strokes, 3]
    missing = _looked_up((painted - blurred).abs().mean(1, keepdim=True), middle)
    along = _stroke_directions(blurred, middle)  # [n, strokes, 2]
    z = pictures.new_zeros(len(pictures), len(middle), SIZE)
    z[..., MIDDLE] = middle / POSITION_UNIT
    bow = torch.stack([-along[..., 1], along[..., 0]], dim=-1) * 0.12
    for column, share in zip(range(2, 10, 2), (-1.0, -0.35, 0.35, 1.0), strict=True):
        z[..., column : column + 2] = share * along + (bow if abs(share) < 1.0 else 0.0)
    z[..., COLOUR] = (2.0 * colour - 1.0 + 2.0 * VARIATION * _variation(len(middle), z.device)).clamp(-1.0, 1.0)
    needed = torch.ones_like(missing) if always else (missing > NEEDED).float()
    z[..., OPACITY] = EXISTS * (2.0 * needed[..., 0] - 1.0)
    return z


@lru_cache(maxsize=8)
def _home(layer: BrushLayer, device: torch.device) -> Tensor:
    """Middles of a layer's strokes on a jittered grid, in random order. -> [strokes, 2]."""
    random = np.random.default_rng(layer.rows)
    y, x = np.meshgrid(np.arange(layer.rows), np.arange(layer.columns), indexing="ij")
    cells = np.stack([x.ravel(), y.ravel()], axis=1) + random.uniform(0.15, 0.85, (layer.rows * layer.columns, 2))
    homes = (cells / [layer.columns, layer.rows] - 0.5) * [ASPECT, 1.0]
    return torch.from_numpy(random.permutation(homes).astype(np.float32)).to(device)


@lru_cache(maxsize=8)
def _variation(strokes: int, device: torch.device) -> Tensor:
    """How much brighter each stroke is, -1..1. -> [strokes, 1]."""
    return torch.from_numpy(np.random.default_rng(3).uniform(-1.0, 1.0, (strokes, 1)).astype(np.float32)).to(device)


def _blurred(pictures: Tensor, pixels: float) -> Tensor:
    """Pictures averaged over about `pixels`, of the same shape."""
    height, width = pictures.shape[-2:]
    small = max(2, round(height / pixels)), max(2, round(width / pixels))
    coarse = F.interpolate(pictures, size=small, mode="bilinear", antialias=True)
    return F.interpolate(coarse, size=(height, width), mode="bicubic", align_corners=False).clamp(0.0, 1.0)


def _looked_up(pictures: Tensor, middle: Tensor) -> Tensor:
    """Values of pictures [n, c, h, w] at places [strokes, 2]. -> [n, strokes, c]."""
    grid = (middle * middle.new_tensor([2.0 / ASPECT, 2.0])).expand(len(pictures), 1, -1, -1)
    found = F.grid_sample(pictures, grid, padding_mode="border", align_corners=False)
    return found[:, :, 0].transpose(1, 2)


def _stroke_directions(pictures: Tensor, middle: Tensor) -> Tensor:
    """Unit vectors across the gradient of brightness, level where there is none. -> [n, strokes, 2]."""
    grey = pictures.mean(1, keepdim=True)
    down = F.pad(grey[..., 2:, :] - grey[..., :-2, :], (0, 0, 1, 1))
    across = F.pad(grey[..., 2:] - grey[..., :-2], (1, 1))
    tensor = torch.cat([across * across - down * down, 2.0 * across * down], dim=1)  # double the angle
    smooth = _looked_up(_unclamped_blur(tensor), middle)
    angle = 0.5 * torch.atan2(smooth[..., 1], smooth[..., 0]) + math.pi / 2
    strength = smooth.norm(dim=-1)
    angle = torch.where(strength > 1e-5, angle, torch.zeros_like(angle))
    return torch.stack([angle.cos(), angle.sin()], dim=-1)


def _unclamped_blur(fields: Tensor) -> Tensor:
    return F.avg_pool2d(fields, 7, stride=1, padding=3, count_include_pad=False)
