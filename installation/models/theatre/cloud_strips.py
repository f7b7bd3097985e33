"""Clouds of paper that lie in strips: heavy sheets that bring rain or snow, bands, streaks, and fleece."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from installation.models.theatre.raster import sine_of_sum
from installation.models.theatre.scene import Scene
from installation.models.theatre.sky_rows import ALL, SkyRows, hide
from installation.models.theatre.vocabulary import Z

SEED = 613

BAND_COUNT, STREAK_COUNT = 7, 6
ALOFT, TORN = 0.28, ((0.15, 17.0, 0.4), (0.11, 41.0, 1.9))  # of scales: how uneven rows are; edges: depth, rate, turn
FLEECE_EDGE = 3.2  # how steep the edge of a scale is at most: soft, however large it is
ROUND, RIM = 2.2, 0.14  # how round bellies are, 4 for half circles; how lit their lower rim is
UNEVEN_BELLIES = 0.40  # how unlike in width those of a hanging sheet are
SLIP_ROUND = 4.2  # units after which a drifting slip of cloud comes back


class HangingSheet(NamedTuple):
    """A sheet of heavy cloud that hangs from above in round bellies."""

    y: float  # of the edge
    drop: float  # how far its bellies hang down, in units
    bellies: float  # for each unit
    speed: float  # units a second
    depth: float  # how much of the light it takes on, 0..1
    shifted_by: int  # the dimension of z that shifts it


HANGING = (  # the farthest first
    HangingSheet(0.31, 0.10, 1.15, 0.0042, 0.55, Z.CLOUD_X[0]),
    HangingSheet(0.17, 0.12, 0.8, -0.0060, 0.30, Z.CLOUD_X[1]),
    HangingSheet(0.01, 0.11, 0.95, 0.0085, 0.08, Z.CLOUD_X[2]),
)


def paint_hanging(pixels: Tensor, scene: Scene, rows: SkyRows, hidden: Tensor | None, amount: float) -> None:
    """Heavy sheets of cloud across the top, the nearest the darkest, each with a shadow on what is behind it."""
    palette, snow = scene.palette, scene.weight("weather", "snow")
    dark = torch.lerp(palette.zenith * 0.70, palette.upper * (0.90 + 0.10 * snow), 0.30 + 0.3 * snow)
    light = torch.lerp(palette.lower, palette.horizon, 0.35) * (0.69 + 0.25 * snow)
    for number, sheet in enumerate(HANGING):
        shift = 0.8 * float(scene.bounded(sheet.shifted_by)) + number
        place = sheet.bellies * (rows.x + shift) + scene.angle(sheet.speed * sheet.bellies)
        place = place + UNEVEN_BELLIES * torch.sin(2.1 * place + number)
        belly = (1 - (place - place.floor() - 0.5).square() * ROUND).sqrt()
        edge = sheet.y + sheet.drop * belly * (0.75 + 0.25 * torch.sin(0.9 * place + 2 * number))
        span = rows.between(-math.inf, float(edge.amax()) + 0.10)
        above = edge - rows.y[:, :, span]
        part = pixels[:, :, span]
        shade = (1 + above * 10).clamp_(0, 1)
        part.mul_(1 - shade.mul_(shade).mul_(0.22 * amount))
        slope = (edge[..., 1:] - edge[..., :-1]) * (1 / rows.pixel)
        steep = 0.45 / rows.pixel * torch.rsqrt(1 + torch.cat((slope, slope[..., -1:]), 3).square())
        cover = (above * steep).add_(0.5).clamp_(0, 1).mul_(amount)
        lit = (1 - above * 5).clamp_(0, 1)
        colour = torch.lerp(dark, light, sheet.depth)
        part.lerp_(torch.lerp(colour * 0.88, torch.lerp(colour, light, RIM), lit), cover)
        hide(hidden, (span, ALL), cover)


def paint_bands(pixels: Tensor, scene: Scene, rows: SkyRows, hidden: Tensor | None, amount: float) -> None:
    """Long slips of cloud above the horizon, lit from below the lower they are."""
    palette, horizon = scene.palette, float(scene.horizon)
    dark = torch.lerp(palette.upper, palette.zenith, 0.25)
    for x, up, half, thick, tilt in _slips(0, BAND_COUNT):
        x = _drifted(scene, x, 0.0030 + 0.004 * up, Z.SWELL)
        y = horizon - 0.09 - 0.44 * up + 0.03 * float(scene.bounded(Z.CLOUD_X[2]))
        span = rows.between(y - 2.4 * thick - 0.01, y + 2 * thick + 0.03)
        columns = rows.columns(x - half, x + half)
        if span.start >= span.stop or columns.start >= columns.stop:
            continue
        along = (rows.x[..., columns] - x) * (1 / half)
        body = (1 - along * along).clamp(min=0)
        bumps = 0.62 + 0.25 * torch.sin(9 * along + 40 * up) + 0.13 * torch.sin(23 * along + 7 * half)
        middle = y + 0.012 * tilt * along
        down = rows.y[:, :, span] - middle
        upper = down + (2.2 * thick) * body * bumps
        lower = (0.8 * thick) * body - down
        steep = 0.45 / rows.pixel
        part = pixels[:, :, span, columns]
        shade = (1 - (-lower) * 40).clamp(0, 1) * (upper * 60).clamp(0, 1)
        part.mul_(1 - shade.mul_(body * (0.13 * amount)))
        cover = torch.minimum(upper * steep, lower * steep).add_(0.5).clamp_(0, 1)
        cover = cover.mul_((body * 14).clamp(max=1) * (0.94 * amount))
        near = math.exp(-2.2 * up)
        colour = torch.lerp(dark, torch.lerp(palette.horizon, palette.glow, 0.5), 0.15 + 0.75 * near)
        under = torch.lerp(colour, palette.glow, 0.35 * near)
        part.lerp_(torch.lerp(colour, under, (down * (30.0) + 0.5).clamp(0, 1)), cover)
        hide(hidden, (span, columns), cover)


def paint_streaks(pixels: Tensor, scene: Scene, rows: SkyRows, hidden: Tensor | None, amount: float) -> None:
    """Feathers of ice high up: strokes that fan out from one side, sharp below and dissolving upwards."""
    palette = scene.palette
    white = torch.lerp(palette.horizon, palette.glow, 0.8)
    lean = math.tanh(6 * float(scene.bounded(Z.SWELL)))
    bright = 0.55 + 0.25 * float(scene.brightness.clamp(max=1))
    for x, up, half, thick, tilt in _slips(1, STREAK_COUNT):
        x = _drifted(scene, x, 0.0022 + 0.003 * up, Z.CLOUD_X[0])
        y, half, thick = 0.40 - 0.42 * up, 1.5 * half, 1.5 * thick
        rise = lean * (0.13 + 0.08 * tilt)
        span = rows.between(y - abs(rise) * half - 5 * thick, y + abs(rise) * half + 0.05)
        columns = rows.columns(x - half, x + half)
        if span.start >= span.stop or columns.start >= columns.stop:
            continue
        along = (rows.x[..., columns] - x) * (1 / half)
        middle = y - rise * half * along - 0.10 * half * along * along
        body = (1 - along * along).clamp(min=0) * (0.55 + 0.45 * lean * along)
        above = middle - rows.y[:, :, span]
        soft = (5 * thick) * body + 1e-3
        deep = above / soft  # 0 at the sharper edge, 1 where it has dissolved
        feather = (1 - deep).clamp_(0, 1)
        fibres = 0.80 + 0.20 * torch.sin(13 * deep + 3 * along + 9 * up)  # along the stroke: across it they are a rope
        cover = (deep * 5 + 0.6).clamp_(0, 1).mul_(feather).mul_(feather).mul_(fibres)
        cover = cover.mul_((body * 1.6).clamp(max=1) * (bright * amount))
        pixels[:, :, span, columns].lerp_(white, cover)
        hide(hidden, (span, columns), cover)


def paint_fleece(pixels: Tensor, scene: Scene, rows: SkyRows, hidden: Tensor | None, amount: float) -> None:
    """A mackerel sky: uneven scales in rows that get smaller towards the horizon, in a field with ragged edges."""
    palette, horizon = scene.palette, float(scene.horizon)
    span = rows.between(-math.inf, horizon - 0.19)
    at_y = rows.y[:, :, span]
    deep = 0.62 / (horizon + 0.04 - at_y)  # grows towards the horizon
    band = 5.6 * deep + 0.3 * math.sin(scene.angle(0.011))
    row = band.floor()
    drift = 0.3 * math.sin(scene.angle(0.008)) + 0.7 * float(scene.bounded(Z.SWELL))
    place = (rows.x - 0.5 - drift) * (4.8 * deep) + 1.3 * torch.sin(row * 2.4)
    cell = place.floor()
    across, lifted = place.sub_(cell).mul_(2).sub_(1), (band - row) * 2 - 1
    field = torch.sin(1.9 * rows.x + 1.2 + 2 * drift) + sine_of_sum(2.1 * deep, 2.3 * rows.x + 0.4)
    odd = cell.mul_(5.3).add_(row * 3.7).sin_()  # a number for each scale
    size = field.mul_(0.3).add_(0.75).clamp_(0, 1).mul_(0.26 * odd + 0.42)
    across.add_(odd.mul_(0.5 * lifted + 0.5), alpha=0.35)
    aloft = (odd * ALOFT).add_(lifted)
    depth = size.sub_(across.square_().addcmul_(aloft, aloft, value=1.2).add_(1e-4).sqrt_())
    for share, rate, turn in TORN:  # or the eye would see a pattern of eggs
        depth.add_(sine_of_sum(rate * 0.7 * deep + turn, rate * rows.x), alpha=share)
    pixels_in = torch.rsqrt((9.6 * deep).square() + (18.0 * deep * deep).square() + 1e-4)
    fade = ((horizon - 0.19 - at_y) * 7).clamp(0, 1) * (0.92 * amount)
    cover = depth.mul_((pixels_in * (0.42 / rows.pixel)).clamp(max=FLEECE_EDGE)).add_(0.4).clamp_(0, 1).mul_(fade)
    light = torch.lerp(palette.horizon, palette.glow, 0.6)
    shade = torch.lerp(torch.lerp(palette.lower, palette.upper, 0.3), light, 0.3)
    pixels[:, :, span].lerp_(torch.lerp(light, shade, (0.5 - 0.7 * lifted).clamp(0, 1)), cover)
    hide(hidden, (span, ALL), cover)


def _drifted(scene: Scene, x: float, speed: float, shifted_by: int) -> float:
    """Where a slip of cloud is: it drifts, and comes back on the other side."""
    return (x + speed * scene.phase + 0.8 * float(scene.bounded(shifted_by)) + 1.6) % SLIP_ROUND - 1.6


def _slips(kind: int, count: int) -> list[tuple[float, float, float, float, float]]:
    """Slips of cloud: x, how high up (0..1), half length, half thickness, and tilt (-1..1)."""
    random = np.random.default_rng([SEED, 40 + kind])
    slips = []
    for number in range(count):
        up = (number + 0.3 + 0.4 * random.random()) / count
        x = -1.6 + SLIP_ROUND * ((0.618 * number + 0.25 * random.random()) % 1)
        half = 0.38 + 0.32 * random.random() + 0.10 * up
        slips.append((x, up, half, 0.006 + 0.016 * random.random() * (0.5 + up), 2 * random.random() - 1))
    return slips
