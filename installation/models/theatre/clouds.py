"""Clouds: sheets that cover the sky (overcast, storm), drifting cumulus clouds, and fog."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.celestial import cut_celestial_hole
from installation.models.theatre.draw_context import DrawContext, batch_max, batch_min
from installation.models.theatre.raster import Box, cached_constant, falloff
from installation.models.theatre.scene import Scene
from installation.models.theatre.sprite_tables import tile_rng
from installation.models.theatre.vocabulary import Z


class CloudSheet(NamedTuple):
    """A sheet of cloud with a scalloped lower edge."""

    y: float  # of the edge
    swell: float  # height of a scallop
    frequency: float  # scallops, in radians per unit
    speed: float  # units a second
    darkness: float = 0.0  # of a storm cloud, 0..1


STORM_SHEETS = (
    CloudSheet(0.27, 0.085, 7.3, 0.035, 0.25),
    CloudSheet(0.16, 0.075, 8.7, -0.028, 0.55),
    CloudSheet(0.05, 0.065, 10.9, 0.022, 0.85),
)
OVERCAST_SHEETS = (
    CloudSheet(0.38, 0.015, 8.9, 0.013),
    CloudSheet(0.25, 0.018, 7.3, -0.016),
    CloudSheet(0.12, 0.020, 6.1, 0.020),
)


class CloudRow(NamedTuple):
    """An endless row of cumulus clouds."""

    x: float  # of cloud number 0
    y: float
    spacing: float
    speed: float  # units a second


CLOUD_ROWS = (
    CloudRow(0.22, 0.24, 1.74, 0.0062),
    CloudRow(0.72, 0.17, 1.92, 0.0043),
    CloudRow(0.52, 0.38, 1.83, 0.0078),
    CloudRow(0.05, 0.42, 2.11, 0.0095),
    CloudRow(0.93, 0.36, 1.97, 0.0070),
    CloudRow(1.37, 0.22, 1.74, 0.0055),  # the last three begin beside the square
    CloudRow(1.42, 0.40, 1.79, 0.0085),
    CloudRow(1.31, 0.10, 1.72, 0.0037),
)


class Cloud(NamedTuple):
    """One visible cumulus cloud."""

    row: int
    x: float
    y: float
    size: float

    @property
    def mirrored(self) -> bool:
        """Whether it is painted the other way round."""
        return self.row % 2 == 1


PUFFS = (  # the discs of a cloud: x, y and radius
    *((-0.175, 0.020, 0.034), (-0.115, 0.000, 0.052), (-0.035, -0.026, 0.066), (0.045, -0.042, 0.058)),
    *((0.115, -0.006, 0.056), (0.185, 0.016, 0.036)),
)
PUFFS_HALF_WIDTH, PUFFS_HEIGHT, PUFFS_BASE = 0.225, 0.105, 0.035  # of their union: to the sides, up, down to its base
DISSOLVED = 0.085  # height above the base within which a cloud fades out


class FogBank(NamedTuple):
    """A horizontal band of fog."""

    below_horizon: float
    half_height: float
    thickness: float  # 0..1


DISTANT_FOG = (FogBank(-0.16, 0.14, 0.5), FogBank(0.0, 0.10, 0.85))
NEAR_FOG = (FogBank(0.12, 0.09, 0.6),)


VEIL, VEIL_NEAR, VEIL_ABOVE = 0.80, 0.22, 0.30  # the densest mist; how far below and above the horizon it halves
FOG_AMONG_HOUSES, FOG_FROM, FOG_THINS = 0.66, 0.30, 0.72  # its share of light; y below which it thins, and how much
FOG_RISES, FOG_REACH, FOG_EDGE, FOG_THICKER = 0.75, 2.9, 0.03, 1.08  # of its sheets, before an audience


def paint_cloud_sheets(context: DrawContext) -> None:
    """Paint the overcast and the storm clouds that the skies of the batch have."""
    effects = context.scene.sky_effects
    heavier = context.scene.staged and context.scene.has("weather", "rain", "snow", "lightning")  # see `paper_clouds`
    if batch_max(effects.overcast) > 0 and not heavier:
        for sheet in OVERCAST_SHEETS:
            _paint_overcast(context, sheet)
    if batch_max(effects.storm_clouds) > 0:
        for sheet in STORM_SHEETS:
            _paint_storm_cloud(context, sheet)


def _scalloped_edge(scene: Scene, sheet: CloudSheet) -> Tensor:
    """The drifting lower edge of a sheet, y for each column, [1, 1, 1, width]."""
    x = scene.grid.x * sheet.frequency + scene.angle(sheet.speed * sheet.frequency)
    return sheet.y + sheet.swell * (x.sin().abs() * 1.1 + 0.35 * (x * 0.37 + sheet.y * 40).sin())


def _paint_overcast(context: DrawContext, sheet: CloudSheet) -> None:
    """A pale level sheet with a faint shadow below it."""
    canvas, scene, palette = context.canvas, context.scene, context.scene.palette
    strength = scene.sky_effects.overcast
    edge = _scalloped_edge(scene, sheet)
    box = scene.grid.box(bottom=batch_max(edge) + 0.08)
    depth = cut_celestial_hole(box, scene, edge - box.y)
    cover = box.coverage(depth) * strength
    canvas.darken(box, falloff(-depth, 0.08) * (1 - cover) * (0.15 * strength))
    height = ((edge - box.y) / 0.22).clamp(0, 1)
    canvas.over(box, torch.lerp(palette.horizon, palette.upper, height), cover * 0.72)


def _paint_storm_cloud(context: DrawContext, sheet: CloudSheet) -> None:
    """A dark sheet with a shadow below it and a pale rim."""
    canvas, scene, palette = context.canvas, context.scene, context.scene.palette
    strength = scene.sky_effects.storm_clouds
    edge = _scalloped_edge(scene, sheet)
    box = scene.grid.box(bottom=batch_max(edge) + 0.12)
    depth = cut_celestial_hole(box, scene, edge - box.y)
    cover = box.coverage(depth) * strength
    canvas.darken(box, falloff(-depth, 0.11) * (1 - cover) * (0.34 * strength))
    colour = torch.lerp(palette.horizon * 0.62, palette.zenith, sheet.darkness)
    rim = torch.exp(-(((depth - 0.010) / 0.012) ** 2)) * 0.30
    canvas.over(box, torch.lerp(colour, palette.glow, rim), cover * 0.94)


def paint_clouds(context: DrawContext) -> None:
    """Paint rows of drifting paper clouds; those of rain and thunder are dark."""
    scene, palette = context.scene, context.scene.palette
    opacity = (
        scene.weight("weather", "clouds")
        + 0.9 * scene.weight("weather", "rain")
        + 0.95 * scene.weight("weather", "lightning")
        + 0.55 * scene.weight("weather", "snow")
    )
    darkness = 0.45 * scene.weight("weather", "rain") + 0.6 * scene.weight("weather", "lightning")
    colour = (palette.horizon * 0.55 + palette.glow * 0.45) * (1 - 0.62 * darkness)
    for row in range(len(CLOUD_ROWS)):
        for cloud in _visible_clouds(scene, row):
            _paint_cloud(context, cloud, colour, opacity)


def _visible_clouds(scene: Scene, index: int) -> Iterator[Cloud]:
    """The clouds of a row that may be in the picture now."""
    row = CLOUD_ROWS[index]
    x = row.x + row.speed * scene.phase
    first = math.ceil((scene.grid.left - 0.5 - x) / row.spacing)
    last = math.floor((scene.grid.right + 0.5 - x) / row.spacing)
    for number in range(first, last + 1):
        dy, size = _cloud_variation(index, number)
        yield Cloud(index, x + number * row.spacing, row.y + dy, size)


@lru_cache(maxsize=256)
def _cloud_variation(row: int, number: int) -> tuple[float, float]:
    """How much lower than its row a cloud hangs, and its size. Number 0 does not vary."""
    if number == 0:
        return 0.0, 1.0
    dy, size = tile_rng("cloud", row, number).random(2)
    return 0.06 * (dy - 0.5), 0.8 + 0.4 * size


def _paint_cloud(context: DrawContext, cloud: Cloud, colour: Tensor, opacity: Tensor) -> None:
    """A union of discs, lit from above, that dissolves downwards as the colour of a woodcut does (bokashi)."""
    canvas, scene = context.canvas, context.scene
    x = cloud.x + 0.07 * scene.bounded(Z.CLOUD_X[cloud.row % 3])
    scale = 1.15 * cloud.size * torch.exp(0.2 * scene.bounded(Z.CLOUD_SIZE[cloud.row % 2]))
    box = _cloud_box(scene, cloud.y, x, scale)
    if box.empty:
        return
    dx, dy, radius = _puffs(scene.device)
    side = 1 if cloud.mirrored else -1
    across, down = (box.x - x - side * dx * scale) ** 2, (box.y - cloud.y - dy * scale) ** 2 + 1e-6
    depth = (radius * scale - torch.sqrt(across + down)).amax(1, keepdim=True)  # of [batch, puffs, rows, columns]
    depth = cut_celestial_hole(box, scene, depth)
    above = cloud.y + PUFFS_BASE * scale - box.y
    cover = box.coverage(depth) * (opacity * (above * (1 / DISSOLVED)).clamp(0, 1))
    light = 0.86 + 0.20 * (above * (1 / 0.15)).clamp(0, 1)
    canvas.over(box, colour * light, cover * 0.88)


@cached_constant
def _puffs(device: torch.device) -> tuple[Tensor, ...]:
    """The discs of a cloud: x and y of the centre and the radius, each [1, puffs, 1, 1]."""
    return torch.tensor(PUFFS, device=device).T.reshape(3, 1, -1, 1, 1).unbind(0)


def _cloud_box(scene: Scene, y: float, x: Tensor, scale: Tensor) -> Box:
    """The pixels that a cloud may cover."""
    largest = batch_max(scale)
    return scene.grid.box(
        top=y - PUFFS_HEIGHT * largest,
        bottom=y + PUFFS_BASE * largest,
        left=batch_min(x) - PUFFS_HALF_WIDTH * largest,
        right=batch_max(x) + PUFFS_HALF_WIDTH * largest,
        soft_edge=True,
    )


def paint_distant_fog(context: DrawContext) -> None:
    """Paint fog on the farthest layer of land."""
    for bank in DISTANT_FOG:
        _paint_fog_bank(context, bank)


def paint_near_fog(context: DrawContext) -> None:
    """Paint fog on the middle layer of land."""
    if context.scene.staged:
        _paint_veil(context)
    for bank in NEAR_FOG:
        _paint_fog_bank(context, bank)


def paint_fog_among_houses(context: DrawContext) -> None:
    """Paint fog before a street or another place under the open sky: densest far away, thin at the viewer's feet."""
    scene = context.scene
    there = scene.weight("weather", "fog") * scene.in_open_set
    box = scene.grid.box()
    down = ((box.y - FOG_FROM) * (1 / (1 - FOG_FROM))).clamp(0, 1)
    drift = 0.5 + 0.5 * torch.sin(2.6 * scene.grid.x + scene.angle(0.05)) * torch.sin(7.0 * box.y + 1.3)
    veil = (FOG_AMONG_HOUSES - 0.12 * drift) * (1 - FOG_THINS * down)
    context.canvas.over(box, torch.lerp(scene.mist, scene.palette.glow, 0.15), veil * there)


def _paint_veil(context: DrawContext) -> None:
    """The mist that hides what is far before an audience: densest at the horizon, thin above and near the eye."""
    scene = context.scene
    box = scene.grid.box()
    away = box.y - scene.horizon
    near, above = 1 / (1 + (away * (1 / VEIL_NEAR)).square()), 1 / (1 + (away * (1 / VEIL_ABOVE)).square())
    veil = VEIL * torch.where(away > 0, near, above) * scene.weight("weather", "fog")
    context.canvas.over(box, torch.lerp(scene.mist, scene.palette.glow, 0.15), veil)


def _paint_fog_bank(context: DrawContext, bank: FogBank) -> None:
    """A slowly heaving band with a Gaussian profile."""
    scene = context.scene
    if scene.staged:
        _paint_fog_sheet(context, bank)
        return
    box = scene.grid.box()
    heave = 0.012 * torch.sin(box.x * 4.1 + scene.angle(0.21) + bank.below_horizon * 40)
    place = (box.y - scene.horizon - bank.below_horizon - heave) / bank.half_height
    alpha = torch.exp(-(place * place)) * (bank.thickness * scene.weight("weather", "fog"))
    context.canvas.over(box, scene.mist, alpha)


def _paint_fog_sheet(context: DrawContext, bank: FogBank) -> None:
    """The bank as an audience sees it: a sheet of mist with a soft, billowing upper edge, that thins out downwards."""
    scene = context.scene
    phase = 40 * bank.below_horizon
    x = scene.grid.x
    billows = torch.sin(2.3 * x + scene.angle(0.05) + phase) + 0.45 * torch.sin(6.1 * x - scene.angle(0.07) + 2 * phase)
    edge = scene.horizon + bank.below_horizon + bank.half_height * (0.34 * billows - FOG_RISES)
    reach = FOG_REACH * bank.half_height
    box = scene.grid.box(batch_min(edge) - FOG_EDGE, batch_max(edge) + reach)
    if box.empty:
        return
    below = box.y - edge
    cover = (below * (1 / FOG_EDGE) + 0.5).clamp_(0, 1)
    thin = (1 - below * (1 / reach)).clamp_(0, 1)
    light = torch.lerp(scene.mist, scene.palette.glow, 0.30)
    context.canvas.over(
        box, light, cover.mul_(thin).mul_(FOG_THICKER * bank.thickness * scene.weight("weather", "fog"))
    )
