"""Water: a rippled reflection of what is above the horizon, glints of light, waves of the sea, the waterfall."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext, batch_max, batch_min
from installation.models.theatre.raster import Box, colour_tensor, falloff, interpolate_lines, sine_of_sum
from installation.models.theatre.scene import Scene
from installation.models.theatre.vocabulary import Z

DEEP_WATER, BOG = "12508a", "6f8a2e"
FALLING_WATER = "eaf8ff"
CLEAR_WATER, CLEARED = "1f9ab0", 0.34  # its hue in the sun; how much of it an audience sees by day
SUN_ON_WATER, SUN_HALF = 0.85, 0.22  # of it, how much less there is on that path; half its width, in units
EVENING = 0.85  # how much of the hue above it water has by a low sun, away from its path
DUSKY_WATER, WARMTH = "3d5f94", 2.4  # its hue by a low sun under a zenith that is warm; how soon that one is warm
DARK = 0.55  # brightness of the sky below which water has as much of that hue
PATH = 0.66  # opacity of the path of light before an audience; more of it by a low sun
HIDDEN_SUN = 0.85  # how much of the path of light an audience sees under an empty sky at sunset
HIDDEN_WIDER = 1.4  # how much wider it is then
FOAM = 0.55  # opacity of the edge of a wave


class WaveCrest(NamedTuple):
    """A line of waves on the sea."""

    below_horizon: float
    height: float
    frequency: float  # radians per unit
    rate: float  # radians a second


WAVE_CRESTS = (
    WaveCrest(0.050, 0.004, 31.0, 0.35),
    WaveCrest(0.115, 0.007, 23.0, -0.45),
    WaveCrest(0.200, 0.011, 17.0, 0.60),
)


def paint_open_water(context: DrawContext) -> None:
    """Paint water below the horizon, as opaque as the terrains are wet; the sea has waves."""
    scene = context.scene
    box = scene.grid.box(top=batch_min(scene.horizon), soft_edge=True)
    if not box.empty:
        paint_water_surface(context, box, box.coverage(box.y - scene.horizon) * _wetness(scene))
    if scene.has("terrain", "sea", "island"):
        _paint_wave_crests(context)


def _wetness(scene: Scene) -> Tensor:
    """How much of the land below the horizon is water, [batch, 1, 1, 1] in 0..1."""
    return (
        scene.weight("terrain", "sea")
        + scene.weight("terrain", "lake")
        + 0.6 * scene.weight("terrain", "ice")
        + scene.weight("terrain", "cliffs", "island", "swamp", "waterfall")
    )


def paint_water_surface(context: DrawContext, box: Box, cover: Tensor) -> None:
    """Paint a reflecting water surface.

    Args:
        context: Where to paint.
        box: The pixels, across the whole width of the picture.
        cover: How much of each pixel is water, 0..1, [batch, 1, rows, columns].
    """
    scene, palette = context.scene, context.scene.palette
    down = box.y - scene.horizon
    waves = _wave_pattern(scene, box, down)
    calm = scene.weight("terrain", "lake", "river", "swamp")
    deep = colour_tensor(DEEP_WATER, scene.device) * (0.5 * palette.far.mean(1, keepdim=True))
    hue = (palette.upper * 0.5 + deep) * 0.30
    water = _reflection(context, box) * (0.62 - 0.22 * (down / 0.34).clamp(0, 1)) + hue
    river = scene.weight("terrain", "river")
    water = water + river * (0.16 * palette.horizon + 0.10 * palette.glow)
    water = water + 0.10 * (waves - 0.5) * (1 - 0.6 * calm)
    if scene.staged:
        day = ((scene.brightness - 0.45) * 2.2).clamp(0, 1) * (1 - scene.weight("sky", "grey", "storm", "winter"))
        clear = colour_tensor(CLEAR_WATER, scene.device) * (0.75 + 0.5 * water.mean(1, keepdim=True))
        water = torch.lerp(water, clear, CLEARED * day * (1 - scene.weight("terrain", "swamp")))
        evening = _cool(palette.zenith)
        evening = evening * (0.95 - 0.5 * evening.mean(1, keepdim=True)) + palette.lower * 0.10
        beside = 1 - SUN_ON_WATER / (1 + ((box.x - scene.celestial_disc.x) * (1 / SUN_HALF)) ** 2)
        dark = ((DARK - scene.brightness) * 4).clamp(0, 1)
        open_water = EVENING * torch.maximum(scene.low_sun, dark) * scene.weight("terrain", "sea", "island", "lake")
        water = torch.lerp(water, evening, open_water * beside * (0.5 + 2.5 * down).clamp(max=1))
    if scene.water_colour is not None:
        water = scene.dyed(water, 0.55 + 0.9 * water.mean(1, keepdim=True) + 0.35 * scene.low_sun)
    glints = _light_path(scene, box, down) if scene.staged else _glints(scene, box, down, waves)
    shine = (1 - scene.weight("celestial", "empty sky")) * (1 - scene.weight("celestial", "eclipse"))
    if scene.staged:  # a low sun behind the land shines as well
        shine = torch.maximum(shine, HIDDEN_SUN * scene.low_sun)
    light = scene.celestial_colour * 0.6 + palette.glow * 0.4
    brighter = PATH + 0.15 * scene.low_sun if scene.staged else 0.62
    water = torch.lerp(water, light, glints * (brighter * shine))
    if scene.has("terrain", "swamp"):
        bog = colour_tensor(BOG, scene.device) * (0.30 + 0.9 * scene.brightness)
        water = torch.lerp(water, water * 0.45 + bog * 0.42, 0.75 * scene.weight("terrain", "swamp"))
    context.canvas.over(box, water, cover)


def _cool(zenith: Tensor) -> Tensor:
    """The hue of the zenith where it is cool, and a dusky blue where brown and red would make the water muddy."""
    warm = (WARMTH * (zenith[:, :1] - zenith[:, 2:])).clamp(0, 1)
    return torch.lerp(zenith, colour_tensor(DUSKY_WATER, zenith.device), warm)


def _reflection(context: DrawContext, box: Box) -> Tensor:
    """The canvas mirrored at the horizon, with ripples: [batch, 3, rows of the box, width]."""
    scene, grid, horizon = context.scene, context.scene.grid, context.scene.horizon
    ripple = 0.012 * torch.sin(box.y * 160 - scene.angle(1.1)) * (box.y - horizon)
    rows = grid.row(2 * horizon - box.y + ripple).flatten(1)  # [batch or 1, rows]
    pixels = context.canvas.pixels
    mirrored = [
        interpolate_lines(one[None], 2, at) for one, at in zip(pixels, rows.expand(len(pixels), -1), strict=True)
    ]
    return mirrored[0] if len(mirrored) == 1 else torch.cat(mirrored)


def _wave_pattern(scene: Scene, box: Box, down: Tensor) -> Tensor:
    """Rows of waves that get wider towards the viewer, 0..1, [batch, 1, rows, columns]."""
    frequency = 95 - 50 * down.clamp(max=0.6) / 0.34
    bend = 1.2 * torch.sin(box.x * 9 + scene.z(Z.WAVES) + scene.angle(0.45))
    return 0.5 + 0.5 * sine_of_sum(down * frequency - scene.angle(1.3), bend)


def _glints(scene: Scene, box: Box, down: Tensor, waves: Tensor) -> Tensor:
    """The path of light below the celestial body, broken by the waves, 0..1, [batch, 1, rows, columns]."""
    fine = sine_of_sum(down * 240 - scene.angle(2.1), 3 * torch.sin(box.x * 21 - scene.angle(0.5)))
    half_width = 0.035 + 0.16 * down.clamp(0, 1)
    glints = torch.sigmoid((waves - 0.52 + 0.16 * fine) * 18)
    return torch.exp(-(((box.x - scene.celestial_disc.x) / half_width) ** 2)) * glints


def _light_path(scene: Scene, box: Box, down: Tensor) -> Tensor:
    """The path of light that an audience sees, cut from paper in slips that lie the looser the farther aside, 0..1."""
    near = down.clamp(0, 1)
    half_width = (0.05 + 0.30 * near) * (1 + HIDDEN_WIDER * scene.weight("celestial", "empty sky"))
    rows = near * (300 - 420 * near.clamp(max=0.34))  # the slips get wider towards the viewer
    slips = sine_of_sum(rows - scene.angle(0.9), 0.9 * torch.sin(box.x * 17 + scene.angle(0.4)))
    aside = (box.x - scene.celestial_disc.x) / half_width
    return ((1 / (1 + aside * aside) + 0.42 * slips - 0.62) * 5).clamp(0, 1)


def _paint_wave_crests(context: DrawContext) -> None:
    """Lines of waves that slide to and fro, each with a lit face and a shadow behind it."""
    canvas, scene = context.canvas, context.scene
    weight = scene.weight("terrain", "sea", "island")
    for crest in WAVE_CRESTS:
        warp = crest.frequency * 0.03 * torch.sin(scene.grid.x * 3.1 + crest.below_horizon * 50)
        swell = scene.grid.x * crest.frequency + scene.z(Z.WAVES) + warp
        edge = scene.horizon + crest.below_horizon + crest.height * torch.sin(swell + scene.angle(crest.rate))
        box = scene.grid.box(batch_min(edge) - 0.06, batch_max(edge) + 0.09, soft_edge=True)
        below = box.y - edge
        canvas.darken(box, falloff(-below, 0.06) * (1 - box.coverage(below)) * (0.20 * weight))
        lit = falloff(below, 0.09) * box.coverage(below)
        canvas.over(box, scene.palette.horizon, lit * (0.17 * weight))
        if scene.staged:
            _paint_foam(context, edge, crest.height)


def _paint_foam(context: DrawContext, edge: Tensor, height: float) -> None:
    """The cut edge of a wave, white where it is high."""
    scene = context.scene
    box = scene.grid.box(batch_min(edge) - 0.004, batch_max(edge) + 2 * height + 0.006)
    if box.empty:
        return
    high = ((batch_max(edge) - edge) / (2 * height)).clamp(0, 1)
    width = 0.0025 + 1.1 * height * high * high
    below = box.y - edge
    foam = ((width - below) / (0.3 * width) + 0.5).clamp(0, 1) * (below * scene.grid.unit + 0.5).clamp(0, 1)
    white = torch.lerp(scene.palette.glow, scene.palette.horizon, 0.3)
    context.canvas.over(box, white, foam * (FOAM * scene.weight("terrain", "sea", "island")))


def paint_waterfall(context: DrawContext) -> None:
    """Paint a white sheet of falling strands down the gorge, and the spray at its foot."""
    canvas, scene = context.canvas, context.scene
    weight = scene.weight("terrain", "waterfall")
    x, top = 0.5 + 0.14 * scene.bounded(Z.FEATURE_X), 0.30
    foot = scene.horizon + 0.03
    box = scene.grid.box(top - 0.02, batch_max(foot) + 0.02, batch_min(x) - 0.3, batch_max(x) + 0.3, soft_edge=True)
    down = ((box.y - top) / (foot - top)).clamp(0, 1)
    dx = box.x - x
    half_width = 0.100 + 0.045 * down**2
    fall = scene.angle(2.6)
    swing = 0.25 if scene.staged else 1.0  # for an audience it falls in straight strips
    strands = torch.sin(dx * 190 / (1 + 0.5 * down) + 2 * swing * torch.sin(down * 7 - fall)) * 0.5
    strands = strands + 0.5 * torch.sin(dx * 83 + 3 * swing * torch.sin(down * 11 - fall))
    ends = box.coverage(box.y - top - 0.3 * dx.abs()) * box.coverage(foot - box.y)
    cover = box.coverage(half_width * (1 + 0.04 * torch.sin(down * 40 - 2 * fall)) - dx.abs()) * ends
    brightness = (0.40 + 0.75 * scene.brightness).clamp(max=1)
    colour = scene.dyed(colour_tensor(FALLING_WATER, scene.device) * brightness * 0.7 + scene.palette.glow * 0.3)
    canvas.over(box, colour * (0.88 + (0.12 if swing == 1 else 0.09) * strands), cover * (0.96 * weight))
    box = scene.grid.box(batch_min(foot) - 0.2, batch_max(foot) + 0.14)
    heave = 0.01 * torch.sin(box.x * 23 + scene.angle(0.8))
    spray = torch.exp(-(((box.x - x) / 0.21) ** 2) - (((box.y - foot + 0.01 + heave) / 0.065) ** 2))
    canvas.over(box, colour, spray * (0.85 * weight))
