"""Water: what stands above the horizon lies mirrored below it, broken by waves, with a path of light on it."""

from __future__ import annotations

import torch
from torch import Tensor

from installation.models.theatre.land import Ridges
from installation.models.theatre.raster import Box, Raster, angle, falloff, ink
from installation.models.theatre.roads_rivers import river_bed
from installation.models.theatre.scene import Scene, highest, lowest

DEEP, BOG = "12508a", "6f8a2e"
CRESTS = (  # of the sea: how far below the horizon, how high, waves to a unit * 2 pi, their pace
    (0.050, 0.004, 31.0, 0.35),
    (0.115, 0.007, 23.0, -0.45),
    (0.200, 0.011, 17.0, 0.60),
)


def wetness(scene: Scene) -> Tensor:
    """How much water there is, [batch, 1, 1, 1]."""
    return (
        scene.weight("terrain", "sea")
        + scene.weight("terrain", "lake")
        + 0.6 * scene.weight("terrain", "ice")
        + scene.weight("terrain", "cliffs", "island", "swamp", "waterfall")
    )


def mirror(canvas: Raster, scene: Scene, box: Box) -> Tensor:
    """The picture upside down about the horizon, drawn between rows: [batch, 3, rows of the box, width]."""
    frame, horizon = scene.frame, scene.horizon
    ripple = 0.012 * torch.sin(box.y * 160 - angle(1.1, scene.phase)) * (box.y - horizon)
    row = (2 * horizon - box.y + ripple - frame.top) * frame.unit - 0.5  # [batch, 1, rows, 1]
    row = row.clamp(0, frame.height - 1)
    first = int(lowest(row))
    source = torch.arange(first, frame.height, device=frame.device)
    tent = (1 - (row - source).abs()).clamp(min=0)[:, 0]  # [batch, rows, sources]
    behind = canvas.pixels[:, :, first:].permute(0, 2, 1, 3).flatten(2)  # [batch, sources, 3 * width]
    flipped = torch.bmm(tent.expand(len(behind), -1, -1), behind)
    return flipped.view(len(behind), -1, 3, frame.width).permute(0, 2, 1, 3)


def paint_water(canvas: Raster, scene: Scene) -> None:
    """All that lies below the horizon becomes water, as wet as the terrains are."""
    box = scene.frame.box(top=lowest(scene.horizon), blur=True)
    if not box.empty:
        _lay_water(canvas, scene, box, box.inside(box.y - scene.horizon) * wetness(scene))
    if scene.has("terrain", "sea", "island"):
        _crests(canvas, scene)


def paint_river(canvas: Raster, scene: Scene, land: Ridges) -> None:
    """Water winds through the meadows, between darker banks."""
    box = scene.frame.box(top=lowest(scene.horizon) - 0.12, blur=True)
    if box.empty:
        return
    bed = river_bed(box, scene)
    shown = box.inside(box.y - box.of(land.middle)) * scene.weight("terrain", "river")
    near = ((box.y - scene.horizon + 0.09) / 0.34).clamp(0, 1.3)
    canvas.over(box, scene.palette.near, box.inside(bed + 0.004 + 0.018 * near, 0.008) * (0.62 * shown))
    _lay_water(canvas, scene, box, box.inside(bed, 0.006 + scene.frame.pixel) * shown)


def _lay_water(canvas: Raster, scene: Scene, box: Box, cover: Tensor) -> None:
    """Water where `cover` (0..1) says, [batch, 1, rows, columns]."""
    colours, across = scene.palette, scene.sun[0]
    down = box.y - scene.horizon
    slide, drift, glitter, lap = (angle(rate, scene.phase) for rate in (1.3, 0.45, 2.1, 0.5))
    waves = 0.5 + 0.5 * torch.sin(
        down * (95 - 50 * down.clamp(max=0.6) / 0.34) - slide + 1.2 * torch.sin(box.x * 9 + scene.z(39) + drift)
    )
    lake = scene.weight("terrain", "lake", "river", "swamp")
    hue = (colours.upper * 0.5 + ink(DEEP, scene.device) * (0.5 * colours.far.mean(1, keepdim=True))) * 0.30
    water = mirror(canvas, scene, box) * (0.62 - 0.22 * (down / 0.34).clamp(0, 1)) + hue
    river = scene.weight("terrain", "river")
    water = water + river * (0.16 * colours.horizon + 0.10 * colours.glow)
    water = water + 0.10 * (waves - 0.5) * (1 - 0.6 * lake)
    fine = torch.sin(down * 240 - glitter + 3 * torch.sin(box.x * 21 - lap))
    spread = 0.035 + 0.16 * down.clamp(0, 1)
    glints = torch.sigmoid((waves - 0.52 + 0.16 * fine) * 18)
    path = torch.exp(-(((box.x - across) / spread) ** 2)) * glints
    shine = (1 - scene.weight("celestial", "empty sky")) * (1 - scene.weight("celestial", "eclipse"))
    light = scene.celestial_colour * 0.6 + colours.glow * 0.4
    water = torch.lerp(water, light, path * (0.62 * shine))
    if scene.has("terrain", "swamp"):
        bog = ink(BOG, scene.device) * (0.30 + 0.9 * scene.brightness)
        water = torch.lerp(water, water * 0.45 + bog * 0.42, 0.75 * scene.weight("terrain", "swamp"))
    canvas.over(box, water, cover)


def _crests(canvas: Raster, scene: Scene) -> None:
    """Sheets of the sea one before the other, each with a lit edge and a shadow behind it; they slide to and fro."""
    weight = scene.weight("terrain", "sea", "island")
    for deep, high, turns, pace in CRESTS:
        swell = scene.frame.x * turns + scene.z(39) + turns * 0.03 * torch.sin(scene.frame.x * 3.1 + deep * 50)
        line = scene.horizon + deep + high * torch.sin(swell + angle(pace, scene.phase))
        box = scene.frame.box(lowest(line) - 0.06, highest(line) + 0.09, blur=True)
        below = box.y - line
        canvas.shade(box, falloff(-below, 0.06) * (1 - box.inside(below)) * (0.20 * weight))
        lit = falloff(below, 0.09) * box.inside(below)
        canvas.over(box, scene.palette.horizon, lit * (0.17 * weight))
