"""What is around a figure: mist behind it, the opening or the cage in which it is seen, the beams of a lighthouse."""

from __future__ import annotations

import math

import torch

from installation.models.theatre.coarse import coarse_box, enlarged
from installation.models.theatre.draw_context import DrawContext, batch_max, batch_min
from installation.models.theatre.figure_atlas import LABELS
from installation.models.theatre.figure_colours import LUMA, WARM_LIGHT, FigureColours
from installation.models.theatre.figure_layout import Figure
from installation.models.theatre.figure_papers import FIGURE_PAPERS
from installation.models.theatre.placed_figure import PlacedFigure
from installation.models.theatre.raster import colour_tensor, falloff

HALO_ON_STAGE = 0.15  # what an audience sees of it
HALO_REACH = 0.22  # how far the lit mist behind a figure goes beyond it, in units
INDOOR_HALO = 0.35  # of it, before a wall
MANY_HALO = 0.4  # of it, behind the last rank of many
DARK_HALO, PALE_HALO, NIGHT_HALO = 0.24, 0.26, 0.42  # opacity behind dark and pale figures; what a dark sky adds
MIST_GIVES, MOST_MIST = 1.4, 0.46  # share that it makes up of the difference in luma that is missing (see
# `FigureColours`) beyond what its shadow gives, and its opacity at most
SET_OFF = 0.10  # difference in luma that the shadow of its paper makes up
BEAM_ORIGIN, BEAM_LENGTH = (0.5, 0.17), 0.9  # of the lighthouse: in its square; in units
BARS, BAR = 0.042, 0.0035  # from one bar of a cage to the next, and half its width, in units


def paint_halo(placed: PlacedFigure, colours: FigureColours) -> None:
    """Lit mist behind a dark figure, most under a dark sky; a shade of the land behind a light one."""
    scene, figure, canvas = placed.scene, placed.figure, placed.context.canvas
    if colours.missing is not None and float(colours.missing.abs().max()) < SET_OFF:
        return
    half, height, middle = placed.span()
    reach = HALO_ON_STAGE if scene.staged else HALO_REACH
    across, up = half + reach, 0.5 * height + reach
    (top, _), (_, bottom) = placed.rise(middle - up), placed.rise(middle + up)
    if placed.on_land and not figure.before:  # the nearest land covers the rest
        bottom = min(bottom, batch_max(placed.context.ridges.near) + 0.02)
    box = scene.grid.box(top, bottom, *placed.sides(across))
    if box.empty:
        return
    middle_x, part = figure.x, coarse_box(box) if scene.staged else box
    if figure.copies:  # one halo for all
        ends = torch.cat([copy.x for copy in figure.copies], 3)
        middle_x = part.x.clamp(min=ends.amin(3, keepdim=True), max=ends.amax(3, keepdim=True))
    near = (1 - ((part.x - middle_x) / across) ** 2 - ((part.y - middle) / up) ** 2).clamp(min=0)
    luma, sky = (
        (colour * colour_tensor(LUMA, scene.device)).sum(1, keepdim=True)
        for colour in (colours.paper, scene.palette.lower)
    )
    pale = torch.sigmoid((luma - 0.62) * 16)
    strength = torch.lerp(DARK_HALO + NIGHT_HALO * (1 - 2 * sky).clamp(min=0), torch.full_like(sky, PALE_HALO), pale)
    if colours.missing is not None:
        pale = torch.sigmoid((colours.missing + (luma - 0.62) * 0.1) * 40)
        strength = ((colours.missing.abs() - SET_OFF).clamp(min=0) * MIST_GIVES).clamp(max=MOST_MIST)
    light = torch.lerp(scene.mist, scene.palette.far * 0.8, pale)
    outdoors = 1 - (1 - INDOOR_HALO) * scene.weight("terrain", "room")
    share = MANY_HALO if figure.rank >= 0 else 1.0
    strength = strength * outdoors * placed.on_stage * share
    cover = near * near * strength
    canvas.over(box, light, enlarged(cover, box) if scene.staged else cover)


def paint_opening(placed: PlacedFigure, lit: bool) -> None:
    """The arch in which a figure is seen that is inside another."""
    scene, figure = placed.scene, placed.figure
    half, height = (length * figure.side for length in placed.drawn_extent())
    wide, tall = torch.maximum(half, 0.4 * height) * 1.18, height * 1.20
    box = scene.grid.box(
        batch_min(figure.foot - tall) - 0.02,
        batch_max(figure.foot),
        batch_min(figure.x - wide) - 0.02,
        batch_max(figure.x + wide) + 0.02,
    )
    if box.empty:
        return
    up = placed.surface - box.y
    round_top = (up - (tall - wide).clamp(min=0)).clamp(min=0) * (wide / torch.minimum(wide, tall))
    depth = torch.minimum(wide - torch.sqrt((box.x - figure.x) ** 2 + round_top**2 + 1e-6), up + 0.004)
    light = colour_tensor(WARM_LIGHT, scene.device) if lit else scene.palette.horizon * 0.7 + scene.palette.glow * 0.3
    placed.context.canvas.over(box, scene.palette.near * 0.8, box.coverage(depth + 0.007) * placed.on_stage)
    placed.context.canvas.over(box, light, box.coverage(depth) * placed.on_stage)


def paint_bars(placed: PlacedFigure) -> None:
    """The bars of the cage in front of a figure that is in it."""
    scene, figure = placed.scene, placed.figure
    half, height = (length * figure.side for length in placed.drawn_extent())
    top, low = figure.foot - 1.12 * height, figure.foot
    reach = batch_max(half) + BARS
    box = scene.grid.box(batch_min(top), batch_max(low), batch_min(figure.x) - reach, batch_max(figure.x) + reach)
    if box.empty:
        return
    across = box.x - figure.x
    beside = (across - BARS * torch.round(across / BARS)).abs()
    depth = torch.minimum(BAR - beside, half + 0.5 * BARS - across.abs())
    depth = torch.minimum(depth, torch.minimum(box.y - top, low - box.y))
    light = 0.35 + 0.65 * scene.brightness.clamp(max=1)
    gold = colour_tensor(FIGURE_PAPERS["cage"], scene.device) * light * (1.1 - 0.3 * (beside / BAR).clamp(max=1))
    placed.context.canvas.over(box, gold, box.coverage(depth) * placed.on_stage)


def paint_beams(context: DrawContext, lighthouse: Figure) -> None:
    """Two beams of a lighthouse that sweep slowly; as one grows, the other fades."""
    scene = context.scene
    x, y = lighthouse.point(*BEAM_ORIGIN)
    box = scene.grid.box(bottom=0.8)
    dx = box.x - x
    distance = dx.abs()
    slope = 0.10 * math.sin(scene.angle(0.35))
    half_width = 0.012 + 0.16 * distance
    cone = (1 - ((box.y - y - slope * dx) / half_width) ** 2).clamp(min=0) * falloff(distance, 2 * BEAM_LENGTH)
    share = 0.5 + 0.3 * math.sin(scene.angle(0.5)) * torch.tanh(dx * 30)
    night = 1.2 - scene.brightness.clamp(0, 1)
    light = cone * share * night * lighthouse.on_stage(LABELS.index("lighthouse"))
    context.canvas.glow(box, colour_tensor(WARM_LIGHT, scene.device), light, burn=0.6)
