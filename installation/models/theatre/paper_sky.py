"""The sky that an audience sees: sheets of paper around the light, heaped clouds, and two ridges pale in the mist.

The flat picture, which the models know, has a smooth sky instead. Nothing here has a gradient. All of it is out of
focus, so that every second row is painted, and those between are interpolated.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from installation.models.theatre.far_ridges import far_ridges
from installation.models.theatre.raster import PixelGrid, Raster, cached_constant, sine_of_sum
from installation.models.theatre.scene import DrawContext, Scene, batch_max
from installation.models.theatre.sky import sky_gradient
from installation.models.theatre.sprite_tables import scenery_rng
from installation.models.theatre.vocabulary import Z

SHEETS, CROWDING = 7.0, 1.15  # how many sheets there would be for ever; where half of them are, in units
SQUASHED = 1.22  # how much closer they lie upwards than sideways
UNEVEN = 0.06  # how much their edges wander
SHEET_SHADOW = 0.24  # what a sheet takes from the light on the one behind it; less by day
NEAR_SHEETS = 2.2  # so many have a shadow, the last one a faint one: large ovals in a sky look like a mistake
STEPPED, LIGHT_REACH = 0.75, 4.6  # share of the light that changes from sheet to sheet alone; sheets that it reaches
UNDER_HORIZON = 0.02  # how far above the horizon the light of an empty sky has its middle, in units
SKY_BOTTOM, RIDGES_BOTTOM = 0.74, 0.70  # y below which land or water always hides them

BEAM_SLANT, BEAMS = 0.62, 0.36  # of sunbeams: units aside for each unit down; opacity
KNOTS_PER_UNIT, BANK_TILE = 192, 6  # of the outline of a bank; units after which it repeats
SEED = 611


class SkyRows:
    """The rows of a grid by twos: what a sky is painted on."""

    def __init__(self, grid: PixelGrid) -> None:
        self.x = grid.x
        self.y = grid.y[:, :, ::2] + grid.pixel / 2
        self.pixel = grid.pixel
        self._top = grid.top

    def between(self, top: float, bottom: float) -> slice:
        """The rows that lie between two heights, in units."""
        ends = ((end - self._top) / (2 * self.pixel) for end in (top, bottom))
        first, last = (min(max(end, 0.0), float(self.y.shape[2])) for end in ends)
        return slice(math.floor(first), math.ceil(last))


def sky_light(scene: Scene) -> tuple[Tensor, Tensor]:
    """Where the light comes from: the celestial body, or a place behind the land; x, y, each [batch, 1, 1, 1]."""
    x, y, _ = scene.celestial_disc
    return x, torch.lerp(y, scene.horizon - UNDER_HORIZON, scene.weight("celestial", "empty sky"))


def staged_sky(scene: Scene, far: Tensor) -> Raster:
    """A canvas with all of the sky; where it hides the stars is kept in `scene.clouded`.

    Args:
        scene: As its plane is seen.
        far: The colour of the farthest land, [batch, 3, 1, 1].
    """
    rows = SkyRows(scene.grid)
    pixels = sky_gradient(scene, rows.y).pixels
    starry = batch_max(scene.sky_effects.stars) > 0
    hidden = torch.zeros_like(pixels[:, :1]) if starry else None
    _paint_sheets(pixels, scene, rows)
    _paint_cloud_banks(pixels, scene, rows, hidden)
    _paint_far_ridges(pixels, scene, rows, far, hidden)
    if hidden is not None:
        scene.clouded = _doubled(hidden, scene.grid.height)
    return Raster(_doubled(pixels, scene.grid.height))


def _doubled(rows: Tensor, height: int) -> Tensor:
    """Twice the rows, interpolated, cut off at a height: [batch, channels, rows, width]."""
    batch, channels, count, width = rows.shape
    both = rows.new_empty(batch, channels, count, 2, width)
    before = torch.cat((rows[:, :, :1], rows[:, :, :-1]), 2)
    after = torch.cat((rows[:, :, 1:], rows[:, :, -1:]), 2)
    torch.lerp(rows, before, 0.25, out=both[:, :, :, 0])
    torch.lerp(rows, after, 0.25, out=both[:, :, :, 1])
    return both.view(batch, channels, 2 * count, width)[:, :, :height]


def _paint_sheets(pixels: Tensor, scene: Scene, rows: SkyRows) -> None:
    """The light around the celestial body, or behind the land, as sheets of paper; their edges move a little."""
    span = rows.between(-math.inf, SKY_BOTTOM)
    part, at_y = pixels[:, :, span], rows.y[:, :, span]
    x, y = sky_light(scene)
    uneven = torch.sin(8 * rows.x + scene.angle(0.05)) + 0.6 * torch.sin(19 * rows.x + 13 * y - scene.angle(0.04))
    across = ((rows.x - x) * (1 / SQUASHED)) ** 2 * (1 + UNEVEN * uneven)
    down = ((at_y - y) * SQUASHED) ** 2 * (1 + UNEVEN * torch.sin(11 * at_y + 5 * x + scene.angle(0.03)))
    away = torch.sqrt(across + down + 1e-4)
    place = away * SHEETS / (away + CROWDING)
    within = place.frac()
    steep = 0.12 / rows.pixel  # an edge of about a pixel
    within = torch.minimum(within, steep - steep * within)
    body = 1 - scene.weight("celestial", "empty sky")  # without one, the light has no sheets around it
    light = (1 - (place - (STEPPED * body) * within) * (1 / LIGHT_REACH)).clamp(min=0)
    light = light * light
    light = light * light
    part.lerp_(scene.palette.glow, light * (0.60 + 0.10 * body))
    pale = ((scene.palette.upper.mean(1, keepdim=True) - 0.25) * 2.2).clamp(0, 1)
    near = (NEAR_SHEETS - place).clamp(0, 1)
    part.mul_(1 - within * within * within * near * (SHEET_SHADOW * body * (1 - 0.72 * pale)))


def paint_sunbeams(context: DrawContext) -> None:
    """Slanting beams of light among trees, by day, that an audience sees."""
    scene = context.scene
    day = ((scene.brightness - 0.5) * 2.5).clamp(0, 1) * scene.weight("terrain", "forest", "jungle")
    day = day * (1 - scene.weight("weather", "rain", "snow", "lightning"))
    if not scene.staged or batch_max(day) <= 0:
        return
    box = scene.grid.box(0.12, 0.92)
    beams = sine_of_sum(BEAM_SLANT * 7.1 * box.y, 7.1 * box.x + scene.angle(0.05))
    fine = sine_of_sum(BEAM_SLANT * 17.3 * box.y, 17.3 * box.x - scene.angle(0.08) + 2)
    fade = ((box.y - 0.12) * 4).clamp(0, 1) * ((0.92 - box.y) * 3.2).clamp(0, 1)
    light = (beams + 0.45 * fine - 0.25).clamp_(min=0).mul_(fade * (BEAMS * day))
    context.canvas.over(box, scene.palette.glow, light)


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
FULL_SKIES = ("storm", "grey", "milky way", "aurora")  # that need no clouds


def _paint_cloud_banks(pixels: Tensor, scene: Scene, rows: SkyRows, hidden: Tensor | None) -> None:
    """Heaped clouds behind the land, lit from above, which dissolve downwards; z chooses how many and how high."""
    palette = scene.palette
    clear = float(1 - scene.weight("sky", *FULL_SKIES) - scene.weight("terrain", "deep sea", "cave"))
    if clear <= 0:
        return
    edges, steepness, feet, opacity = _banks(scene, rows, clear)
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
    if hidden is not None:
        hidden[:, :, span] = cover.amax(0)


def _risen(scene: Scene, bank: CloudBank) -> float:
    """How high a bank is, 0..1: at night lower, before the stars."""
    risen = 0.52 - 0.16 * float(scene.sky_effects.stars) + 1.05 * float(scene.bounded(bank.raised_by))
    return min(max(risen, 0.0), 1.0)


def _banks(scene: Scene, rows: SkyRows, clear: float) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Of each bank the y of its edge at each column, how steep it is, the y of its foot, its opacity: [banks, ...]."""
    device, horizon = rows.x.device, float(scene.horizon)
    numbers = []
    for bank in CLOUD_BANKS:
        risen, foot = _risen(scene, bank), horizon - bank.above
        shift = bank.speed * scene.phase + BANK_SHIFT * float(scene.bounded(bank.shifted_by))
        numbers.append((shift % BANK_TILE, bank.height * risen, foot, foot + BANK_FOOT, clear * min(4 * risen, 1.0)))
    shift, height, low, feet, opacity = torch.tensor(numbers, device=device).T.reshape(5, -1, 1, 1, 1)
    place = (rows.x - shift).remainder(BANK_TILE) * KNOTS_PER_UNIT
    before = place.long()
    starts = torch.arange(len(CLOUD_BANKS), device=device).view(-1, 1, 1, 1) * (BANK_TILE * KNOTS_PER_UNIT + 1)
    heights, at = _bank_heights(device), before + starts
    left, right = heights[at], heights[at + 1]
    slope = (right - left) * (KNOTS_PER_UNIT * height)
    edges = low - height * torch.lerp(left, right, place - before)
    return edges, 0.45 / rows.pixel * torch.rsqrt(1 + slope * slope), feet, opacity


def _paint_far_ridges(pixels: Tensor, scene: Scene, rows: SkyRows, far: Tensor, hidden: Tensor | None) -> None:
    """Both ridges, each turning to mist downwards."""
    for ridge in far_ridges(scene):
        softness = max(ridge.softness, 2 * rows.pixel)
        span = rows.between(float(ridge.line.amin()) - softness, RIDGES_BOTTOM)
        below = rows.y[:, :, span] - ridge.line
        sunk = (below * (0.85 / ridge.mist_depth)).clamp_(0, 0.85)
        cover = below.mul_(1 / softness).add_(0.5).clamp_(0, 1)
        colour = torch.lerp(far, scene.mist, ridge.haze)
        pixels[:, :, span].lerp_(torch.lerp(colour, scene.mist, sunk), cover)
        if hidden is not None:
            over = hidden[:, :, span]
            over.copy_(torch.maximum(over, cover))


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
