"""Fires that words name: a campfire beside the figures, a hearth in a room, and flames that rise from what burns.

Flames are tongues of red, orange and yellow paper that leap and sway. Above a figure they follow its outline, and they
come out of its windows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.details import CHIMNEYS, SmokeColumn, paint_smoke_column, smoke_colour
from installation.models.theatre.draw_context import DrawContext, batch_max, batch_min
from installation.models.theatre.figure_atlas import LABELS, Atlas, PaperLayer
from installation.models.theatre.figure_layout import Figure, ground_at, side_of_figures
from installation.models.theatre.interiors import FLOOR
from installation.models.theatre.outlines import upper_outline
from installation.models.theatre.raster import Box, colour_tensor, falloff

BURNING, CAMPFIRE = "burning", "campfire"  # marks
TONGUES = ((1.0, "c4200e"), (0.70, "ff6a14"), (0.36, "ffd24a"))  # outer to inner: height, colour
FIRE_LIGHT, LOG, STONE, HEARTH = "ff6a20", "5a3a22", "8a8078", "241a18"
INFLAMMABLE = (  # of several figures, these burn
    *(
        "house",
        "castle",
        "church",
        "tower",
        "windmill",
        "ship",
        "boat",
        "tree",
        "pine",
        "palm",
        "christmas tree",
        "car",
    ),
    *("bus", "tram", "train", "tent", "airplane", "bridge", "piano", "violin", "guitar", "book", "letter", "chair"),
    *("table", "bed", "bench", "door", "fence", "stairs", "clock", "wheel", "heart", "rose", "flower", "crown", "kite"),
    *("tractor", "truck", "motorcycle", "helicopter", "airship", "sled", "sunflower", "tulip"),
    *("sofa", "basket", "coat", "dress", "suitcase", "gift", "broom", "ladder", "wheelbarrow", "harp", "television"),
    "box",
    "fire engine",
    "washing line",
    "school",
    "wheat",
    "balalaika",
    "accordion",
    "cello",
    "flag",
    "carousel",
    "ambulance",
    "tank",
    "digger",
    "pram",
    "teddy bear",
    "bamboo",
    "newspaper",
    "nest",
    "surfboard",
    *("rocking chair", "rowing boat", "factory", "hospital", "fern", "scooter", "birch", "willow", "carriage"),
    *("armchair", "skyscraper"),
)
CAMPFIRE_HEIGHT, LONE_HEIGHT = 0.15, 0.30  # of its flames, in units: beside figures, and alone
CHIMNEY_SMOKE = 0.62  # size of its column
IN_FRONT = 0.030  # how far in front of the ridge it burns, in units
BESIDE = 0.26  # of them, at least, in heights of the figure beside
RISE = 0.50  # height of the flames above a figure, in heights of it
ROOTED = 0.10  # how far below its outline they begin, in sides of its square
STEEP = (0.30, 0.52)  # how far below its top its outline bears fewer flames, and none, in heights of it
CHARRED = 0.35  # how much darker it gets
WINDOW_FLAMES = ((5, "c4200e"), (3, "ff6a14"), (1, "ffe08a"))  # steps upwards, colour
WINDOW_STEP = 0.028  # in sides of the figure's square


class Tongue(NamedTuple):
    """A tongue of flame: centre and half width in half widths of the fire, height in its height, and its rhythm."""

    centre: float
    half: float
    height: float
    rate: float


TONGUES_OF_CAMPFIRE = (
    Tongue(-0.52, 0.42, 0.52, 2.9),
    Tongue(-0.16, 0.48, 0.84, 2.2),
    Tongue(0.14, 0.46, 1.0, 1.8),
    Tongue(0.50, 0.44, 0.60, 2.6),
)
TONGUES_OF_FIGURE = tuple(
    Tongue(-0.80 + 0.20 * number, 0.17, height, rate)
    for number, (height, rate) in enumerate(
        ((0.5, 2.4), (0.85, 1.7), (0.6, 2.8), (1.0, 2.0), (0.75, 2.5), (1.05, 1.6), (0.65, 2.9), (0.9, 1.9), (0.5, 2.6))
    )
)


def paint_chimney_smoke(context: DrawContext, atlas: Atlas, figures: Sequence[Figure]) -> None:
    """Paint the smoke that words name above the chimneys of figures that have one."""
    scene = context.scene
    for figure in figures:
        for index in figure.present():
            place = CHIMNEYS.get(LABELS[index])
            if place is None or figure.opening is not None:
                continue
            top = figure.foot - (atlas.extent[index, 1] * figure.side.view(-1)).view(-1, 1, 1, 1)
            shift = figure.x + (place - 0.5) * figure.side * figure.facing
            column = SmokeColumn(0.0, batch_min(top) + 0.008, CHIMNEY_SMOKE, shift)
            weight = scene.weight("detail", "smoke") * figure.on_stage(index)
            paint_smoke_column(context, column, smoke_colour(scene), weight)


def paint_burning(context: DrawContext, atlas: Atlas, figures: Sequence[Figure]) -> None:
    """Paint flames on that of the figures that burns, and smoke above it."""
    scene = context.scene
    if BURNING not in scene.marks:
        return
    placed = [(figure, index) for figure in figures for index in figure.present()]
    burning = [pair for pair in placed if LABELS[pair[1]] in INFLAMMABLE] or placed[:1]
    if not burning:
        return
    kind = burning[0][1]
    for figure, index in burning:
        if index == kind:
            _paint_flames_on(context, atlas, figure, index, scene.mark(BURNING) * figure.on_stage(index))


def _paint_flames_on(context: DrawContext, atlas: Atlas, figure: Figure, index: int, weight: Tensor) -> None:
    """Flames along the upper outline of a figure, and out of its openings."""
    scene, side = context.scene, figure.side
    half, height = (atlas.extent[index] * side.view(-1, 1)).view(-1, 2, 1, 1, 1).unbind(1)
    top = figure.foot - height
    column = SmokeColumn(0.0, batch_min(top) + 0.12, 0.8, figure.x)
    paint_smoke_column(context, column, scene.palette.near * 0.7, 0.75 * weight)
    _paint_light(context, figure.x, figure.foot - 0.5 * height, 1.6 * half + 0.2, 0.9 * height + 0.2, weight)
    rise = RISE * height
    _char(context, figure, index, atlas, weight)
    box = scene.grid.box(
        batch_min(top - rise) - 0.02,
        batch_max(figure.foot),
        batch_min(figure.x - half) - 0.03,
        batch_max(figure.x + half) + 0.03,
        soft_edge=True,
    )
    if box.empty:
        return
    across = (box.x - figure.x) / half.clamp(min=1e-3)
    drop, there = upper_outline(atlas, index, 0.5 + (box.x - figure.x) / (side * figure.facing))
    there = there * ((STEEP[1] - drop) / (STEEP[1] - STEEP[0])).clamp(0, 1)
    foot = top + drop * height + ROOTED * side
    _paint_tongues(context, box, TONGUES_OF_FIGURE, across, foot, rise + ROOTED * side, weight, there)
    for layer in atlas.layers[index]:
        if layer.lit:
            _paint_window_flames(context, figure, layer, weight)


def _char(context: DrawContext, figure: Figure, index: int, atlas: Atlas, weight: Tensor) -> None:
    """Darken the sheets of a figure."""
    scene, side = context.scene, figure.side
    body = max((layer for layer in atlas.layers[index] if not layer.lit), key=lambda layer: layer.width * layer.height)
    top, bottom, left, right = body.reach
    reach = max(abs(left - 0.5), abs(right - 0.5))
    box = scene.grid.box(
        batch_min(figure.foot + (top - 1) * side),
        batch_max(figure.foot + (bottom - 1) * side),
        batch_min(figure.x - reach * side),
        batch_max(figure.x + reach * side),
    )
    if box.empty:
        return
    x, y = 0.5 + (box.x - figure.x) / (side * figure.facing), 1 + (box.y - figure.foot) / side
    cover = box.coverage(body.outline_only().sample(x, y, scene.phase) * side)
    context.canvas.darken(box, cover * (CHARRED * weight))


def _paint_tongues(
    context: DrawContext,
    box: Box,
    tongues: Sequence[Tongue],
    across: Tensor,
    foot: Tensor,
    height: Tensor,
    opacity: Tensor,
    shares: Tensor | float = 1.0,
) -> None:
    """Tongues of flame in three colours.

    Args:
        context: Where to paint.
        box: The pixels.
        tongues: Their places.
        across: Of the pixels, in half widths of the fire, [batch, 1, 1, columns].
        foot: The y where the flames begin, [batch, 1, 1, columns].
        height: Of the tallest flame, in units.
        opacity: 0..1.
        shares: Of the height in each column, 0..1, [batch, 1, 1, columns].
    """
    scene = context.scene
    up = ((foot - box.y) / height.clamp(min=1e-3)).clamp(-0.3, 1.6)
    swayed = across + 0.07 * up.clamp(min=0) * torch.sin(6 * up - scene.angle(3.3) + 3 * across)
    level = torch.zeros_like(swayed)
    for number, tongue in enumerate(tongues):
        leap = tongue.height * (1 + 0.16 * math.sin(scene.angle(tongue.rate) + 2.4 * number))
        lean = 0.06 * math.sin(scene.angle(0.7 * tongue.rate) + 1.7 * number)
        narrow = 0.72 + 0.28 * (4 * up + 0.4).clamp(0, 1)
        beside = ((swayed - tongue.centre - lean * up) / (tongue.half * narrow)).abs().clamp(max=1)
        level = torch.maximum(level, leap * (1 - beside) ** 1.15)
    level = level * shares
    base = box.coverage(foot + 0.12 * height - box.y, 0.02) * opacity
    for share, colour in TONGUES:
        cover = box.coverage((level * share - up) * height, 0.004 + scene.grid.pixel) * (level > 0.02)
        context.canvas.over(box, colour_tensor(colour, scene.device), cover * base)


def _paint_window_flames(context: DrawContext, figure: Figure, layer: PaperLayer, weight: Tensor) -> None:
    """Flames that come out of openings and lick upwards."""
    scene, side = context.scene, figure.side
    top, bottom, left, right = layer.reach
    reach = max(abs(left - 0.5), abs(right - 0.5))
    tallest = WINDOW_STEP * (WINDOW_FLAMES[0][0] + 1)
    box = scene.grid.box(
        batch_min(figure.foot + (top - 1 - tallest) * side),
        batch_max(figure.foot + (bottom - 1) * side),
        batch_min(figure.x - reach * side),
        batch_max(figure.x + reach * side),
        soft_edge=True,
    )
    if box.empty:
        return
    x = 0.5 + (box.x - figure.x) / (side * figure.facing)
    y = 1 + (box.y - figure.foot) / side
    sway = 0.012 * torch.sin(34 * y + scene.angle(3.7) + 9 * x)
    depths = [
        layer.sample(x + sway * (step / 3), y + WINDOW_STEP * step, scene.phase) - 0.0035 * step
        for step in range(WINDOW_FLAMES[0][0] + 1)
    ]
    for steps, colour in WINDOW_FLAMES:
        depth = torch.stack(depths[: steps + 1]).amax(0)
        context.canvas.over(box, colour_tensor(colour, scene.device), box.coverage(depth * side) * weight)


def _paint_light(context: DrawContext, x: Tensor, y: Tensor, half: Tensor, up: Tensor, weight: Tensor) -> None:
    """The light around a fire, an ellipse."""
    scene = context.scene
    box = scene.grid.box(batch_min(y - up), batch_max(y + up), batch_min(x - half), batch_max(x + half))
    if box.empty:
        return
    near = (1 - ((box.x - x) / half) ** 2 - ((box.y - y) / up) ** 2).clamp(min=0)
    flicker = 1 + 0.06 * math.sin(scene.angle(5.3)) + 0.05 * math.sin(scene.angle(8.9))
    dusk = 0.25 + 0.30 * (1 - scene.brightness.clamp(0, 1))
    context.canvas.glow(box, colour_tensor(FIRE_LIGHT, scene.device), near * near * (flicker * dusk * weight), burn=0.3)


def paint_campfire(context: DrawContext, atlas: Atlas, figures: Sequence[Figure]) -> None:
    """Paint a fire of crossed logs beside a figure, among several, or alone; in a room it burns in a hearth."""
    scene = context.scene
    if CAMPFIRE not in scene.marks:
        return
    weight = scene.mark(CAMPFIRE)
    x, height = _campfire_place(context, atlas, figures)
    indoors = scene.weight("terrain", "room")
    foot = ground_at(scene, context.ridges, x, None, None) + IN_FRONT
    foot = torch.lerp(foot, torch.full_like(foot, FLOOR + 0.02), indoors)
    half = 0.46 * height
    _paint_light(context, x, foot - 0.4 * height, 5.0 * half, 2.6 * height, weight)
    if scene.has("terrain", "room"):
        _paint_hearth(context, x, foot, height, weight * indoors)
    box = scene.grid.box(
        batch_min(foot - 1.25 * height), batch_max(foot) + 0.04, batch_min(x - 1.5 * half), batch_max(x + 1.5 * half)
    )
    if box.empty:
        return
    across = (box.x - x) / half
    _paint_tongues(context, box, TONGUES_OF_CAMPFIRE, across, foot + 0 * box.x, height, weight)
    _paint_logs(context, box, across, (box.y - foot) / half, half, weight)


def _campfire_place(context: DrawContext, atlas: Atlas, figures: Sequence[Figure]) -> tuple[Tensor, Tensor]:
    """The x of a campfire and the height of its flames: beside one figure, in the middle of several."""
    scene = context.scene
    placed = [(figure, index) for figure in figures for index in figure.present()]
    height = torch.full_like(scene.horizon, CAMPFIRE_HEIGHT if placed else LONE_HEIGHT)
    if not placed:
        return 0.5 + 0.16 * side_of_figures(scene), height
    spans = [(figure.x, float(atlas.extent[index, 0]) * figure.side) for figure, index in placed]
    left = torch.stack([x - half for x, half in spans]).amin(0)
    right = torch.stack([x + half for x, half in spans]).amax(0)
    tallest = torch.stack([float(atlas.extent[index, 1]) * figure.side for figure, index in placed]).amax(0)
    indoors = scene.weight("terrain", "room")
    height = torch.maximum(height, BESIDE * tallest) * (1 + 0.5 * indoors)
    xs = torch.stack([x for x, _ in spans])
    middle = (xs.amin(0) + xs.amax(0)) / 2
    touching = scene.has("terrain", "room") or any(figure.floats for figure, _ in placed)
    if len(placed) > 1 and not touching:
        return middle, height
    apart = (0.9 + 0.5 * indoors) * height
    return torch.where(middle < 0.5, right + apart, left - apart), height


def _paint_logs(context: DrawContext, box: Box, across: Tensor, down: Tensor, half: Tensor, weight: Tensor) -> None:
    """Two crossed logs and a ring of stones; `across` and `down` count in half widths of the fire."""
    scene = context.scene
    light = 0.45 + 0.55 * scene.brightness.clamp(max=1)
    for slope in (0.22, -0.22):
        depth = torch.minimum(0.13 - (down - slope * across).abs(), 0.95 - across.abs())
        shade = 1 + 0.35 * (slope * 4) * (down - slope * across) / 0.13
        context.canvas.over(box, colour_tensor(LOG, scene.device) * light * shade, box.coverage(depth * half) * weight)
    stones = ((across * 2.6 + 0.5) % 1 - 0.5).abs() / 2.6
    depth = 0.16 - torch.sqrt(stones**2 + (0.9 * (down - 0.22 - 0.05 * torch.cos(2 * across))) ** 2 + 1e-6)
    depth = torch.minimum(depth, 1.12 - across.abs())
    shade = 1.1 - 0.5 * (down - 0.2).clamp(-0.2, 0.3)
    stone = colour_tensor(STONE, scene.device) * light * shade
    context.canvas.over(box, stone, box.coverage(depth * half) * weight)


def _paint_hearth(context: DrawContext, x: Tensor, foot: Tensor, height: Tensor, weight: Tensor) -> None:
    """A fireplace around the fire: jambs and a mantelpiece of stone, and a dark arch."""
    scene = context.scene
    wide, tall = 1.05 * height, 1.85 * height
    box = scene.grid.box(
        batch_min(foot - tall) - 0.03, batch_max(foot) + 0.03, batch_min(x - wide) - 0.04, batch_max(x + wide) + 0.04
    )
    if box.empty:
        return
    beside, up = (box.x - x).abs(), foot + 0.012 - box.y
    light = 0.35 + 0.5 * scene.brightness.clamp(max=1)
    stone = (
        colour_tensor(STONE, scene.device)
        * light
        * (1 + 0.10 * torch.sin(box.y * 70).sign() * torch.sin(box.x * 55).sign())
    )
    body = torch.minimum(torch.minimum(wide - beside, tall - up), up)
    context.canvas.over(box, stone, box.coverage(body) * weight)
    mantel = torch.minimum(wide + 0.03 - beside, 0.016 - (up - tall).abs())
    context.canvas.over(box, stone * 1.25, box.coverage(mantel) * weight)
    arch = torch.minimum(
        0.72 * wide - torch.sqrt(beside**2 + ((up - 0.75 * height).clamp(min=0) * 1.1) ** 2 + 1e-6), up
    )
    context.canvas.over(box, colour_tensor(HEARTH, scene.device), box.coverage(arch) * weight)
    glow = falloff((arch - 0.1 * height).abs(), 0.1) * box.coverage(arch)
    context.canvas.glow(box, colour_tensor(FIRE_LIGHT, scene.device), glow * (0.35 * weight), burn=0.3)
