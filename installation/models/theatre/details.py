"""Small things that tell of life: a flock of birds far off, smoke, lit windows, paper lanterns that rise."""

from __future__ import annotations

import torch
from torch import Tensor

from installation.models.theatre.particles import glow_point, oval, splat, swarm
from installation.models.theatre.polygon_mask import Outline, stroke
from installation.models.theatre.raster import Raster, angle, falloff, ink, moved
from installation.models.theatre.scene import Scene, highest, lowest
from installation.models.theatre.sliding_mask import laid

SMOKE_AT = ((0.17, 0.74, 1.0), (0.80, 0.72, 0.8))  # where it rises: x, foot, size
COTTAGES = ((0.07, 0.775, 1.0), (0.175, 0.765, 0.75), (0.83, 0.765, 0.8), (0.94, 0.78, 1.05))  # x, foot, size
TILES = (-2, -1, 0, 1, 2)
WINDOW, LANTERN, HEART = "ffd46a", "ff8a2e", "ffe08a"


def gull(dx: Tensor, dy: Tensor, measures: Tensor, pixel: float) -> Tensor:
    """Two wings, each an arc: measures[0] is the length of one, measures[1] how high its tip stands, -1 to 1."""
    span, lift = measures[0], measures[1]
    out = (dx.abs() / span).clamp(max=1.2)
    wing = -span * (0.95 * out * (1 - out) + lift * 0.55 * out**2)
    thick = span * (0.15 * (1 - out) + 0.035).clamp(min=0) + 0.25 * pixel
    level = ((thick - (dy - wing).abs()) / pixel + 0.5).clamp(0, 1)
    return level * ((1 - out) * span / pixel + 0.5).clamp(0, 1)


def paint_birds(canvas: Raster, scene: Scene) -> None:
    """A flock that crosses the sky, wings beating; it has no end, for another follows."""
    frame = scene.frame
    birds = swarm("gulls", frame.device, above=0, below=0)
    number = torch.arange(len(birds.x), device=frame.device) % 11
    wing = (number - 5).abs() * 0.030
    flown = (0.022 * scene.phase) % 1.0
    tile = torch.floor(birds.x)
    x = tile + 0.38 + 0.060 * (number - 5) + 0.03 * (birds.traits[:, 0] - 0.5) + flown
    y = 0.20 + wing + 0.03 * (birds.traits[:, 1] - 0.5) + 0.05 * torch.sin(2.6 * x)
    span = 0.022 + 0.012 * birds.temper[:, 1]
    beat = torch.sin(6.283 * birds.temper[:, 0] + moved(3.0 + 1.5 * birds.temper[:, 2], scene.phase))
    measures = torch.stack([span, 0.35 + 0.65 * beat])
    cover = splat(frame, x, y, torch.ones_like(x), measures, (0.04, 0.034), gull)
    box = frame.box(0.0, 0.6)
    colour = scene.palette.near * 0.8
    paler = torch.sigmoid((0.16 - scene.palette.upper.mean(1, keepdim=True)) * 40)
    colour = torch.lerp(colour, scene.palette.glow * 0.75, paler)
    canvas.over(box, colour, cover[:, :, box.rows] * (0.95 * scene.weight("detail", "distant birds")))


def _paint_smoke(canvas: Raster, scene: Scene) -> None:
    """Columns of smoke that widen as they rise, lit on one side."""
    weight = scene.weight("detail", "smoke")
    sky = scene.palette.upper.mean(1, keepdim=True)
    dark = torch.lerp(scene.palette.far, scene.palette.near, 0.70)
    pale = scene.palette.glow * 0.42 + scene.palette.lower * 0.25 + 0.08
    colour = torch.lerp(pale, dark, torch.sigmoid((sky - 0.35) * 14))
    sides = [0.08 * scene.bounded(column) for column in (37, 36)]
    for tile in range(round(scene.frame.left - 0.5), round(scene.frame.right - 0.5) + 1):
        for (x, foot, size), aside in zip(SMOKE_AT, sides, strict=True):
            left, right = tile + x + lowest(aside) - 0.24, tile + x + highest(aside) + 0.40
            box = scene.frame.box(foot - 0.62, foot + 0.02, left, right)
            if box.empty:
                continue
            up = (foot - box.y).clamp(min=0)
            rise = angle(1.1, scene.phase)
            middle = tile + x + aside + 0.16 * up**1.4 + 0.05 * up * torch.sin(13 * up - rise)
            wide = (0.018 + 0.17 * up) * size
            aside = (box.x - middle) / wide
            puff = 1 + 0.22 * torch.sin(46 * up - 2 * rise + 2.4 * aside)
            body = torch.sigmoid((puff - aside.abs()) * 5)
            ends = (1 - up / 0.60).clamp(0, 1) ** 0.8 * box.inside(foot - box.y, 0.02)
            canvas.over(box, colour * (1 + 0.16 * aside.clamp(-1, 1)), body * ends * (0.88 * weight))


def cottages() -> list[Outline]:
    found: list[Outline] = []
    for tile in TILES:
        for x, foot, size in COTTAGES:
            wide, wall, roof = 0.040 * size, 0.050 * size, 0.042 * size
            left, right, eaves = tile + x - wide, tile + x + wide, foot - wall
            found.append([(left, foot + 0.05), (left, eaves), (right, eaves), (right, foot + 0.05)])
            found.append([(left - 0.008, eaves), (tile + x, eaves - roof), (right + 0.008, eaves)])
            found.append(stroke(right - 0.016, eaves, right - 0.016, eaves - roof, 0.011, 0.011))
    return found


def panes() -> list[Outline]:
    found: list[Outline] = []
    for tile in TILES:
        for x, foot, size in COTTAGES:
            for aside in (-0.019, 0.019):
                at, middle, side = tile + x + aside * size, foot - 0.026 * size, 0.021 * size
                found.append(stroke(at, middle - side / 2, at, middle + side / 2, 0.9 * side, 0.9 * side))
    return found


def _paint_lit_windows(canvas: Raster, scene: Scene) -> None:
    """Cottages on both sides with light in their windows, and its glow."""
    weight, box = scene.weight("detail", "lit windows"), scene.frame.box(0.62, 0.86)
    aside = 0.07 * scene.bounded(22)
    canvas.over(box, scene.palette.near * 0.9, laid(box, cottages, aside) * weight)
    home = ((box.x - aside - 0.5) % 1 - 0.5).abs()  # 0 where the square ends
    glow = torch.exp(-((home / 0.17) ** 2)) * falloff((box.y - 0.745).abs(), 0.12)
    canvas.light(box, ink(WINDOW, scene.device), glow * (0.55 * weight), burn=0.5)
    flicker = 0.95 + 0.05 * torch.sin(box.x * 41 + angle(1.4, scene.phase))
    canvas.over(box, ink(WINDOW, scene.device), laid(box, panes, aside) * flicker * weight)


def _paint_lanterns(canvas: Raster, scene: Scene) -> None:
    """Paper lanterns rise, sway and glow: a halo, a body, a bright heart."""
    frame, weight = scene.frame, scene.weight("detail", "lanterns")
    things = swarm("lanterns", frame.device, above=0, below=0)
    y = 0.82 - (0.80 * (1 - things.y) + moved(0.012 + 0.012 * things.temper[:, 0], scene.phase, 0.80)) % 0.80
    fade = ((0.82 - y) / 0.06).clamp(0, 1) * ((y - 0.02) / 0.06).clamp(0, 1)
    x = things.x + 0.018 * torch.sin(6.28 * things.temper[:, 1] + moved(0.3 + 0.3 * things.temper[:, 2], scene.phase))
    high = 0.016 + 0.014 * things.traits[:, 0]
    body = torch.stack([high, 0.74 * high, torch.full_like(high, 1.5708)])
    box = frame.box()
    halo = splat(frame, x, y, 0.5 * fade, (1.9 * high)[None], (0.105, 0.105), glow_point)
    canvas.over(box, ink(LANTERN, scene.device), halo * (0.75 * weight))
    canvas.over(box, ink(LANTERN, scene.device), splat(frame, x, y, fade, body, (0.032, 0.032), oval) * weight)
    lit = splat(frame, x, y + 0.35 * high, fade, (0.55 * high)[None], (0.03, 0.03), glow_point)
    canvas.over(box, ink(HEART, scene.device), lit * weight)


def paint_details(canvas: Raster, scene: Scene) -> None:
    """All of them but the birds, which fly farther off."""
    if scene.has("detail", "smoke"):
        _paint_smoke(canvas, scene)
    if scene.has("detail", "lit windows"):
        _paint_lit_windows(canvas, scene)
    if scene.has("detail", "lanterns"):
        _paint_lanterns(canvas, scene)
