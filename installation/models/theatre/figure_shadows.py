"""What a figure does to the ground: its shadow or its reflection, the shade at its feet, the light of its windows."""

from __future__ import annotations

import torch
from torch import Tensor

from installation.models.theatre.coarse import STEP, coarse_box, enlarged
from installation.models.theatre.crowds import Frame, frame_at
from installation.models.theatre.draw_context import batch_max, batch_min
from installation.models.theatre.figure_colours import FIRELIGHT, WARM_LIGHT, FigureColours
from installation.models.theatre.figure_layout import WATERS
from installation.models.theatre.footing import floor_below
from installation.models.theatre.placed_figure import FLAMES, PlacedFigure
from installation.models.theatre.raster import Box, colour_tensor
from installation.models.theatre.scene import is_afloat
from installation.models.theatre.vocabulary import AIRBORNE, DIVERS, elevation

CONTACT_WIDTH, CONTACT_BESIDE = 1.0, 0.025  # of the shade at a figure's feet: in half widths, and in units more
CONTACT_HEIGHT, CONTACT_STRENGTH = 0.040, 0.54  # of it: units; darkness
RIM_SHADED = 0.006  # how far above the edge of the land it begins, which is lit elsewhere, in units
ABOVE_FEET, BESIDE_FEET, BETWEEN_FEET = (
    0.02,
    0.03,
    0.2,
)  # sides above the lowest point where feet are looked for; how far
# their shade reaches beside them, in units; share of it where there are none, as between the legs of a table
LIT_GROUND, LIT_GROUND_STRENGTH = 0.13, 0.50  # how far the ground before windows is lit, in units; how brightly
SHADOW_LENGTH, SHADOW_STRENGTH, REFLECTION_STRENGTH = 0.34, 0.42, 0.50
PAPER_SHADOW, PAPER_DROP, PAPER_SOFT = 0.30, (0.014, 0.010), 0.020  # of a figure on what it hangs before: darkness;
# how far from the light and down it falls, and width of its edge, in units
LEAST_PAPER = 0.09  # size of a figure with such a shadow, in units
HIGHEST_GROUND = 0.70  # y above which nothing stands on the ground


def paint_shadow(placed: PlacedFigure, colours: FigureColours) -> None:
    """Paint the shadow on the ground or the reflection in the water, mirrored at the foot and foreshortened."""
    scene, figure = placed.scene, placed.figure
    length = SHADOW_LENGTH * figure.side
    floor = placed.surface
    top, bottom = batch_min(floor) - 0.02, batch_max(floor + length)
    aslant = batch_max(placed.light[0].abs()) * 0.9 * min(batch_max(length), max(scene.grid.bottom - top, 0.0))
    half = placed.span()[0] if scene.staged else figure.side * 0.75 * placed.scale()[0]
    left, right = placed.sides(half + (aslant + 0.03 if scene.staged else 0.0))
    if figure.copies:
        top, bottom = placed.rise(floor)[0] - 0.02, placed.rise(floor)[1] + batch_max(length)
    box = scene.grid.box(top, bottom, left, right)
    grounded = placed.on_stage * (1 - elevation(placed.label, scene.staged))
    if "lifted" in scene.marks:
        grounded = grounded * ((figure.foot - HIGHEST_GROUND) / 0.05).clamp(0, 1)
    if placed.label in DIVERS and scene.staged:
        grounded = grounded * (1 - scene.weight("terrain", "deep sea"))
    if figure.submerged or figure.floats or placed.lifted:
        grounded = 0 * grounded
    if box.empty or batch_max(grounded) <= 0:
        return
    water = scene.weight("terrain", "swamp")
    if is_afloat(placed.label) or not scene.staged:
        water = water + scene.weight("terrain", *WATERS)
    dry = scene.staged and batch_max(water) <= 0  # a shadow is softer than a reflection
    part = coarse_box(box) if dry else box
    cover = _fallen(placed, part, floor_at(placed, box, part), water, length) * grounded
    shine = (1 - 0.5 * scene.weight("celestial", "empty sky")) * (0.35 + 0.65 * scene.brightness.clamp(0, 1))
    colour = torch.lerp(scene.palette.near * 0.5, colours.paper, water * 0.8)
    strength = torch.lerp(SHADOW_STRENGTH * shine, torch.full_like(water, REFLECTION_STRENGTH), water)
    cover = cover * strength
    placed.context.canvas.over(box, colour, enlarged(cover, box) if dry else cover)
    if scene.staged and elevation(placed.label, scene.staged) < AIRBORNE:
        _paint_contact(placed, grounded * (1 - water))
        if any(layer.lit for layer in placed.layers):
            _paint_lit_ground(placed, grounded * (1 - water))


def floor_at(placed: PlacedFigure, box: Box, part: Box) -> Tensor:
    """The y of what a figure stands on at each column of a part of a picture, which may be the coarse one of a box."""
    frame = frame_at(placed.figure, part.x)
    floor = frame.foot - placed.below_feet * frame.side
    if not placed.on_land:
        return floor
    if part is box:
        return floor_below(placed.context.ridges, box, floor, placed.figure.before)
    if placed.figure.before:
        return floor
    near = box.crop(placed.context.ridges.near)
    columns = (torch.arange(part.x.shape[3], device=near.device) * STEP + STEP // 2).clamp(max=near.shape[3] - 1)
    return torch.minimum(floor, near.index_select(3, columns))


def _fallen(placed: PlacedFigure, box: Box, floor: Tensor, water: Tensor, length: Tensor) -> Tensor:
    """How much of the shadow or of the reflection falls on each pixel of a box, [batch, 1, rows, columns] in 0..1."""
    scene, figure = placed.scene, placed.figure
    frame = frame_at(figure, box.x)
    below = box.y - floor
    ripple = 0.012 * torch.sin(box.y * 190 + scene.angle(1.3)) * water
    lean = (1 - water) * placed.light[0] * -0.9
    x = 0.5 + ((box.x - frame.x) + lean * below + ripple) / (frame.side * frame.facing * placed.scale()[0])
    y = 1 - placed.below_feet - below / SHADOW_LENGTH / frame.side
    if placed.draught is not None:
        y = y - placed.draught
    whole = scene.staged or placed.jointed is not None
    depth = (placed.silhouette if whole else placed.layers[0].outline_only()).sample(x, y, scene.phase)
    soft = 0.004 + 0.10 * below.clamp(min=0)
    cover = torch.sigmoid(depth * frame.side * (2.6 / soft)) * box.coverage(below + 0.004)
    return cover * (1 - below / length).clamp(0, 1)


def paint_paper_shadow(placed: PlacedFigure) -> None:
    """Paint the shadow of a sheet of paper on what is close behind it, which sets it off; without gradients."""
    figure, grid = placed.figure, placed.scene.grid
    half, tall, middle = placed.span()
    if batch_max(torch.maximum(half, tall)) < LEAST_PAPER:
        return
    away, down = PAPER_DROP
    aside = float(placed.light[0].mean()) * -away
    (top, _), (_, bottom) = placed.rise(middle - 0.5 * tall), placed.rise(middle + 0.5 * tall)
    left, right = placed.sides(half)
    margin = down + PAPER_SOFT
    box = grid.box(top - margin, min(bottom, batch_max(placed.surface)) + 0.002, left - margin, right + margin)
    if box.empty:
        return
    x, y = placed.positions(coarse_box(box, aside, down))
    depth = placed.silhouette.sample(x, y, 0.0)
    dark = (depth * (batch_max(figure.side) / PAPER_SOFT) + 0.5).clamp_(0, 1)
    kept = dark.mul_(-PAPER_SHADOW * float(placed.on_stage.mean())).add_(1)
    placed.context.canvas.multiply(box, enlarged(kept, box))


def _paint_contact(placed: PlacedFigure, opacity: Tensor) -> None:
    """A shade on the ground where the figure stands: dark below its feet, and soft around them."""
    scene, figure = placed.scene, placed.figure
    aside, half = placed.feet()
    across = half * CONTACT_WIDTH + CONTACT_BESIDE + abs(aside) * figure.side
    low, high = placed.rise(placed.surface)
    left, right = placed.sides(across)
    box = scene.grid.box(low - CONTACT_HEIGHT, high + CONTACT_HEIGHT, left, right)
    if box.empty:
        return
    frame = frame_at(figure, box.x)
    floor = frame.foot - placed.below_feet * frame.side
    on_edge = placed.on_land and not figure.before and not scene.covered_land[0]
    if on_edge:
        floor = floor_below(placed.context.ridges, box, floor, figure.before)
    below = (box.y - floor) * (1 / CONTACT_HEIGHT)
    middle = frame.x + aside * frame.side * frame.facing
    beside = (1 - ((box.x - middle) / (half * (frame.side / figure.side) + CONTACT_BESIDE)) ** 2).clamp(min=0)
    up = (1 - below if on_edge else 1 - below.abs()).clamp(0, 1)
    if on_edge:
        up = up * box.coverage(box.y - floor + RIM_SHADED)
    beside = beside * _under_feet(placed, box, frame)
    placed.context.canvas.darken(box, up * up * beside * (CONTACT_STRENGTH * opacity))


def _under_feet(placed: PlacedFigure, box: Box, frame: Frame) -> Tensor | float:
    """How much each column of a box is below a foot or a leg of a figure: [batch, 1, 1, columns] in 0..1."""
    if not placed.stands_straight:
        return 1.0
    x = 0.5 + (box.x - frame.x) / (frame.side * frame.facing * placed.scale()[0])
    y = torch.full_like(x, 1 - placed.below_feet - ABOVE_FEET)
    depth = placed.silhouette.sample(x, y, placed.scene.phase) * placed.figure.side
    return BETWEEN_FEET + (1 - BETWEEN_FEET) * (1 + depth / BESIDE_FEET).clamp(0, 1)


def _paint_lit_ground(placed: PlacedFigure, opacity: Tensor) -> None:
    """The light of windows or of a flame on the ground before them, in the dark."""
    scene, figure = placed.scene, placed.figure
    night = (1 - (1.4 * scene.brightness - 0.3).clamp(0, 1)) * opacity
    if batch_max(night) <= 0:
        return
    half, _, _ = placed.span()
    low, high = placed.rise(placed.surface)
    left, right = placed.sides(half + LIT_GROUND)
    box = scene.grid.box(low - 0.01, high + LIT_GROUND, left, right)
    if box.empty:
        return
    frame = frame_at(figure, box.x)
    below = (box.y - frame.foot + placed.below_feet * frame.side) * (1 / LIT_GROUND)
    across = (box.x - frame.x) / (half * (frame.side / figure.side) + LIT_GROUND)
    light = (1 - across * across - below * below).clamp(min=0) * box.coverage(below * LIT_GROUND + 0.01, 0.01)
    warm = colour_tensor(FIRELIGHT if placed.label in FLAMES else WARM_LIGHT, scene.device)
    placed.context.canvas.glow(box, warm, light * light * (LIT_GROUND_STRENGTH * night), burn=0.3)
