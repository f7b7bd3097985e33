"""Heaped clouds of paper: banks behind the land, which dissolve downwards, and clouds that stand alone in the sky."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from installation.models.theatre.raster import cached_constant
from installation.models.theatre.scene import Scene
from installation.models.theatre.sky_rows import ALL, SkyRows, hide
from installation.models.theatre.sprite_tables import scenery_rng
from installation.models.theatre.vocabulary import Z

KNOTS_PER_UNIT, BANK_TILE = 192, 6  # of the outline of a bank; units after which it repeats
HEAP_KNOTS, HEAP_SHAPES = 160, 6  # of the outline of a heap; how many there are
SEED = 611


class CloudBank(NamedTuple):
    """A sheet of heaped clouds along the horizon."""

    above: float  # how far its foot lies above the horizon, in units
    height: float
    speed: float  # units a second
    depth: float  # how much of the light it takes on, 0..1
    raised_by: int  # the dimension of z that raises it
    shifted_by: int  # the one that shifts it


CLOUD_BANKS = (  # the farthest first
    CloudBank(0.17, 0.30, 0.0022, 0.62, Z.CLOUD_X[0], Z.CLOUD_X[2]),
    CloudBank(0.08, 0.24, 0.0036, 0.80, Z.CLOUD_X[1], Z.SWELL),
    CloudBank(0.00, 0.18, 0.0052, 0.95, Z.CLOUD_SIZE[0], Z.CLOUD_SIZE[1]),
)
BANK_SHIFT = 1.6  # how far z shifts a bank to either side, in units
BANK_SHADOW = 0.06  # how far its shadow reaches on what is behind it, in units
BANK_DEPTH, BANK_FOOT = 0.24, 0.07  # within which it dissolves downwards, and how far below its foot it ends, in units


class Heap(NamedTuple):
    """A cloud that stands alone: its middle, its foot, half its width and its height, in units; its outline."""

    x: float
    foot: float
    half: float
    height: float
    shape: float  # of HEAP_SHAPES; between two of them it is something between


HEAPS_OF_WEATHER = (  # x, y, half width, and units a second, of the clouds of cloudy weather
    *((-0.25, 0.20, 0.26, 0.0062), (0.32, 0.13, 0.20, 0.0043), (0.86, 0.24, 0.30, 0.0070)),
    *((1.52, 0.16, 0.24, 0.0055), (1.98, 0.27, 0.22, 0.0083), (2.44, 0.19, 0.30, 0.0051)),
)
BASE_CURVE, HEAP_SHADOW = 0.24, 0.08  # how round the foot of a heap is, in its heights; how dark its shadow is
HEAP_ROUND = 3.0  # units after which those come back


def paint_bank(pixels: Tensor, scene: Scene, rows: SkyRows, hidden: Tensor | None, amount: float) -> None:
    """Heaped clouds behind the land, lit from above, which dissolve downwards; z chooses how many and how high."""
    palette = scene.palette
    edges, steepness, feet, opacity = _banks(scene, rows, amount)
    highest, lowest = float(edges.amin()), float(feet.amax())
    span = rows.between(highest - BANK_SHADOW, lowest)
    at_y = rows.y[:, :, span]
    below = at_y - edges  # of all banks, [banks, 1, rows, width]
    sunk = (below * (1 / BANK_DEPTH)).clamp_(0, 1)
    fade = sunk.mul_(sunk).neg_().add_(1).mul_(((feet - at_y) * 12).clamp_(0, 1).mul_(opacity))
    shadow = (1 + below * (1 / BANK_SHADOW)).clamp_(0, 1)
    kept = 1 - shadow.mul_(shadow).mul_(fade).mul_(0.17)
    cover = below.mul_(steepness).add_(0.5).clamp_(0, 1).mul_(fade)
    light = palette.horizon * 0.3 + palette.glow * 0.7
    part = pixels[:, :, span]
    for number, bank in enumerate(CLOUD_BANKS):
        if float(opacity[number]) > 0:
            part.mul_(kept[number]).lerp_(torch.lerp(palette.lower, light, bank.depth), cover[number])
    hide(hidden, (span, ALL), cover.amax(0))


def _risen(scene: Scene, bank: CloudBank) -> float:
    """How high a bank is, 0..1: at night lower, before the stars."""
    risen = 0.52 - 0.16 * float(scene.sky_effects.stars) + 1.05 * float(scene.bounded(bank.raised_by))
    return min(max(risen, 0.0), 1.0)


def _banks(scene: Scene, rows: SkyRows, amount: float) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Of each bank the y of its edge at each column, how steep it is, the y of its foot, its opacity: [banks, ...]."""
    device, horizon = rows.x.device, float(scene.horizon)
    numbers = []
    for bank in CLOUD_BANKS:
        risen, foot = _risen(scene, bank), horizon - bank.above
        shift = bank.speed * scene.phase + BANK_SHIFT * float(scene.bounded(bank.shifted_by))
        numbers.append((shift % BANK_TILE, bank.height * risen, foot, foot + BANK_FOOT, amount * min(4 * risen, 1.0)))
    shift, height, low, feet, opacity = torch.tensor(numbers, device=device).T.reshape(5, -1, 1, 1, 1)
    outline, slope = _outline_at(rows.x - shift, len(CLOUD_BANKS))
    slope = slope * height
    return low - height * outline, 0.45 / rows.pixel * torch.rsqrt(1 + slope * slope), feet, opacity


def _outline_at(x: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The outlines of banks at x, 0 to 1, and their slopes per unit, each [banks, 1, 1, width]."""
    place = x.remainder(BANK_TILE) * KNOTS_PER_UNIT
    before = place.long()
    starts = torch.arange(count, device=x.device).view(-1, 1, 1, 1) * (BANK_TILE * KNOTS_PER_UNIT + 1)
    heights, at = _bank_heights(x.device), before + starts
    left, right = heights[at], heights[at + 1]
    return torch.lerp(left, right, place - before), (right - left) * KNOTS_PER_UNIT


def paint_heaps(
    pixels: Tensor, scene: Scene, rows: SkyRows, hidden: Tensor | None, alone: float, cloudy: float
) -> None:
    """Clouds that stand alone in the sky, each of two sheets with a shadow on the sky."""
    heaps = [(heap, alone) for heap in _lone_heaps(scene)] if alone > 0 else []
    if cloudy > 0:
        heaps = [(heap, cloudy) for heap in _heaps_of_weather(scene)]
    palette = scene.palette
    light = torch.lerp(palette.horizon, palette.glow, 0.85)
    shade = torch.lerp(torch.lerp(palette.lower, palette.upper, 0.45), light, 0.35)
    for heap, amount in heaps:
        side = 0.26 * heap.half * (1 if float(scene.celestial_disc.x) < heap.x else -1)
        back = Heap(heap.x + side, heap.foot, heap.half, heap.height, heap.shape)
        front = Heap(heap.x - side, heap.foot + 0.012, 0.72 * heap.half, 0.66 * heap.height, heap.shape + 1)
        for one, colour in ((back, torch.lerp(light, shade, 0.55)), (front, light)):
            _paint_heap(pixels, rows, hidden, one, (colour, torch.lerp(colour, shade, 0.7)), amount)


def _lone_heaps(scene: Scene) -> list[Heap]:
    """One or two clouds on the side that z says."""
    aside, high, large = (float(scene.bounded(index)) for index in (Z.SWELL, Z.CLOUD_X[1], Z.CLOUD_SIZE[1]))
    drift = 0.05 * math.sin(scene.angle(0.011))
    x = 0.5 + (0.30 + 0.34 * abs(aside)) * math.tanh(8 * aside) + drift
    half = 0.30 + 0.12 * large
    shape = 9 * abs(aside) + 5 * abs(high)
    first = Heap(x, 0.30 + 0.10 * high, half, 0.60 * half, shape)
    second = Heap(1.0 - x + 0.1 * large, first.foot - 0.12, 0.42 * half, 0.26 * half, shape + 2)
    return [second, first]


def _heaps_of_weather(scene: Scene) -> list[Heap]:
    heaps = []
    for number, (x, y, half, speed) in enumerate(HEAPS_OF_WEATHER):
        at = (x + speed * scene.phase + 0.07 * float(scene.bounded(Z.CLOUD_X[number % 3])) + 0.9) % HEAP_ROUND - 0.9
        size = half * math.exp(0.25 * float(scene.bounded(Z.CLOUD_SIZE[number % 2])))
        heaps.append(Heap(at, y, size, 0.60 * size, number))
    return heaps


def _paint_heap(
    pixels: Tensor, rows: SkyRows, hidden: Tensor | None, heap: Heap, colours: tuple[Tensor, Tensor], amount: float
) -> None:
    """One sheet of a cloud: round above, gently curved below, paler at the top than at its foot."""
    soft = 0.035
    span = rows.between(heap.foot - heap.height - soft, heap.foot + 2 * soft)
    columns = rows.columns(heap.x - heap.half - soft, heap.x + heap.half + soft)
    if span.start >= span.stop or columns.start >= columns.stop:
        return
    at_y, at_x = rows.y[:, :, span], rows.x[..., columns]
    place = ((at_x - heap.x) * (0.5 / heap.half) + 0.5).clamp(0, 1) * (HEAP_KNOTS - 1.001)
    before = place.long()
    shapes, shape = _heap_heights(at_x.device), int(heap.shape)
    heights = torch.lerp(shapes[shape % HEAP_SHAPES], shapes[(shape + 1) % HEAP_SHAPES], heap.shape - shape)
    left, right = heights[before], heights[before + 1]
    slope = (right - left) * (HEAP_KNOTS * heap.height / (2 * heap.half))
    outline = torch.lerp(left, right, place - before)
    below = at_y - (heap.foot - heap.height * outline)
    aside = (at_x - heap.x) * (1 / heap.half)
    body = (1 - aside * aside).clamp(min=0)
    base = heap.foot + heap.height * (BASE_CURVE * (body.sqrt() - 0.85) + 0.018 * torch.sin(7 * aside + 2 * heap.shape))
    above = base - at_y
    part = pixels[:, :, span, columns]
    shadow = torch.minimum(below * (1 / soft) + 0.6, above * (1 / soft) + 1).clamp_(0, 1)  # follows the curve
    part.mul_(1 - shadow.mul_(shadow).mul_(body * (HEAP_SHADOW * amount)))
    edge = below * (0.45 / rows.pixel * torch.rsqrt(1 + slope * slope))
    cover = torch.minimum(edge, above * (0.45 / rows.pixel)).add_(0.5).clamp_(0, 1)
    cover = cover.mul_((outline * 9 - 0.5).clamp(0, 1) * amount)
    light, foot = colours
    sunk = (below * (1 / heap.height)).clamp_(0, 1)
    part.lerp_(torch.lerp(light, foot, sunk), cover)
    hide(hidden, (span, columns), cover)


@cached_constant
def _bank_heights(device: torch.device) -> Tensor:
    """The heights of all banks, 0 to 1, [banks * knots]."""
    outlines = np.concatenate([_bank_outline(number) for number in range(len(CLOUD_BANKS))])
    return torch.tensor(np.append(outlines, 0.0), dtype=torch.float32, device=device)


def _bank_outline(number: int) -> NDArray[np.float64]:
    """The outline of a bank, 0 to 1, [knots]: round puffs in heaps, with gaps between the heaps."""
    random = scenery_rng(SEED, number)
    x = np.arange(BANK_TILE * KNOTS_PER_UNIT + 1) / KNOTS_PER_UNIT
    heights = np.zeros_like(x)
    heap = 0.2 * random.random()
    while heap < BANK_TILE:
        width, tall = 0.22 + 0.30 * random.random(), 0.35 + 0.65 * random.random()
        for puff in np.linspace(-1, 1, 7):
            radius = (0.25 + 0.12 * random.random()) * width * (1.15 - 0.45 * abs(puff))
            middle = heap + puff * width * 0.62
            foot = tall * (1 - abs(puff) ** 1.6) * 0.72
            for wrapped in (middle - BANK_TILE, middle, middle + BANK_TILE):
                chord = np.sqrt(np.maximum(radius**2 - (x - wrapped) ** 2, 0)) / 0.16
                heights = np.maximum(heights, np.where(chord > 0, foot + 0.30 * chord * tall, 0))
        heap += width * (1.5 + 1.1 * random.random())
    smooth: NDArray[np.float64] = np.convolve(np.pad(heights, 1, "edge"), (0.25, 0.5, 0.25), "valid")
    smooth /= smooth.max()
    return smooth


@cached_constant
def _heap_heights(device: torch.device) -> Tensor:
    """The outlines of clouds that stand alone, 0 to 1, [HEAP_SHAPES, HEAP_KNOTS + 1]."""
    shapes = np.stack([_heap_outline(number) for number in range(HEAP_SHAPES)])
    return torch.tensor(shapes, dtype=torch.float32, device=device)


def _heap_outline(number: int) -> NDArray[np.float64]:
    """The outline of a cloud from end to end, 0 to 1, [HEAP_KNOTS + 1]: five to seven discs on a common foot."""
    random = np.random.default_rng([SEED, 80 + number])
    x = np.linspace(-1, 1, HEAP_KNOTS + 1)
    heights = np.zeros_like(x)
    peak, squash = 0.6 * random.random() - 0.3, 0.62  # of the whole: its height over half its width
    for middle in (-0.66, -0.36, -0.04, 0.30, 0.62):
        place = middle + 0.08 * (random.random() - 0.5)
        tall = max(1 - 0.85 * abs(place - peak) ** 1.2, 0.34) * (0.85 + 0.3 * random.random())
        radius = min(0.18 + 0.18 * tall, 1 - abs(place))
        chord = np.sqrt(np.maximum(radius**2 - (x - place) ** 2, 0)) / squash
        centre = max(squash * tall - radius, 0.0) / squash
        heights = np.maximum(heights, np.where(chord > 0, centre + chord, 0))
    smooth: NDArray[np.float64] = np.convolve(np.pad(heights, 1, "edge"), (0.25, 0.5, 0.25), "valid")
    smooth[0] = smooth[-1] = 0.0
    smooth /= smooth.max()
    return smooth
