"""The paper layers of the land: their colours, edges and shadows, and what lies on them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from installation.models.theatre.land import COLUMN_HALF, COLUMN_TALL, Ridges, city_aside, column_at, crater
from installation.models.theatre.raster import Raster, angle, falloff, ink, moved
from installation.models.theatre.scene import Scene, highest, lowest
from installation.models.theatre.snow import snowed, snowy
from installation.models.theatre.sprite_tables import HALF, ROOF_WIDTH, triangles

SOILS = {  # the colour of a terrain's ground, and how much of it the layers take
    "desert": ("e8a860", 0.55),
    "ice": ("c4ecff", 0.72),
    "field": ("6fae4e", 0.5),
    "forest": ("2f7a56", 0.45),
    "hills": ("5f9a5a", 0.35),
    "volcano": ("5a2a2a", 0.4),
    "cliffs": ("b08468", 0.25),
    "river": ("5fa05a", 0.42),
    "waterfall": ("3a5f6e", 0.55),
    "island": ("e8cf90", 0.35),
    "swamp": ("5c6b2e", 0.55),
    "village": ("5a6a5a", 0.15),
    "road": ("7f9a4a", 0.42),
    "graveyard": ("4a5a50", 0.30),
    "deep sea": ("0c4a5c", 0.55),
    "jungle": ("1f8a3a", 0.62),
}
PLUME, LAVA, WINDOW = "ff5a1e", "ff7a28", "ffd77a"
CAPITAL = ((0.008, 0.0, 0.018), (0.016, -0.012, 0.005))  # its slabs: wider than the column by, from, to
SHADOW = 0.09  # how far a layer's shadow reaches on what is behind it
WINDOWS = (2 / ROOF_WIDTH, 24.0)  # to a unit: across (two to a house), down


@dataclass(frozen=True)
class LayerColours:
    """The colours of the far, the middle and the near layer, each [batch, 3, 1, 1]."""

    far: Tensor
    middle: Tensor
    near: Tensor


def paper(scene: Scene) -> LayerColours:
    """What the layers are cut from: the sky's own colours, with soil, snow and the dark of a fire's foreground."""
    colours, light = scene.palette, scene.brightness
    layers = [colours.far, colours.far * 0.52 + colours.near * 0.48, colours.near]
    for terrain, (soil, share) in SOILS.items():
        if scene.has("terrain", terrain):
            weight, ground = scene.weight("terrain", terrain) * share, ink(soil, scene.device) * light
            layers = [
                torch.lerp(layer, ground * dim, weight * amount)
                for layer, dim, amount in zip(layers, (1.0, 0.62, 0.34), (1.0, 0.9, 0.6), strict=True)
            ]
    if snowy(scene):
        layers = snowed(scene, layers)
    if scene.has("weather", "fire"):
        layers[1] = torch.lerp(layers[1], colours.near, 0.6 * scene.weight("weather", "fire"))
    return LayerColours(*layers)


def paint_layer(canvas: Raster, scene: Scene, ridge: Tensor, colour: Tensor, thickness: Tensor) -> None:
    """One sheet of paper from its ridge downwards: a shadow behind its edge, a lit rim, and mist towards its foot."""
    box = scene.frame.box(top=lowest(ridge), blur=True)
    if box.empty:
        return
    line = box.of(ridge)
    depth = box.y - line
    sheet = box.inside(depth) * thickness
    edge = scene.frame.box(lowest(ridge) - SHADOW, highest(ridge), blur=True)
    canvas.shade(edge, falloff(line - edge.y, SHADOW) * (0.26 * thickness))
    mist = 0.30 * (depth / 0.25).clamp(0, 1)
    canvas.over(box, torch.lerp(colour, scene.mist, mist), sheet)
    rim = scene.frame.box(lowest(ridge) - 0.02, highest(ridge) + 0.03)
    lit = torch.exp(-(((rim.y - line - 0.006) / 0.007) ** 2)) * (rim.inside(rim.y - line) * (0.15 * thickness))
    canvas.over(rim, scene.palette.glow, lit)


def paint_snowcaps(canvas: Raster, scene: Scene, land: Ridges) -> None:
    """White on the far peaks."""
    amount = (
        0.8 * scene.weight("terrain", "mountains")
        + 0.5 * scene.weight("terrain", "lake")
        + 0.3 * scene.weight("terrain", "ice")
    )
    box = scene.frame.box(lowest(land.far), highest(land.far) + 0.09, blur=True)
    snowline = land.far + 0.07 + 0.02 * triangles(1, scene.frame.x)
    cap = box.inside(snowline - box.y) * box.inside(box.y - land.far)
    canvas.over(box, scene.palette.glow * 0.8 + scene.palette.horizon * 0.2, cap * (0.75 * amount))


def paint_plume(canvas: Raster, scene: Scene) -> None:
    """What the volcano breathes into the sky."""
    box = scene.frame.box(bottom=0.56)
    rise = (0.40 - box.y).clamp(min=0)
    waver = 0.02 * rise * (torch.sin(box.y * 17 + angle(0.8, scene.phase)) - torch.sin(box.y * 17))
    wide = 0.05 + 0.25 * rise
    column = torch.exp(-(((box.x - crater(scene) - waver) / wide) ** 2)) * box.inside(0.42 - box.y, 0.05)
    canvas.light(box, ink(PLUME, scene.device), column * (0.75 * scene.weight("terrain", "volcano")), burn=0.3)


def paint_lava(canvas: Raster, scene: Scene, land: Ridges) -> None:
    """A stream from the crater down to the middle ridge, shimmering."""
    box = scene.frame.box(0.385, highest(land.middle), 0.1, 0.9, blur=True)
    fall = (box.y - 0.37).clamp(0, 1)
    bend = 0.03 * torch.sin(box.y * 30)
    stream = torch.exp(-(((box.x - crater(scene) - bend) / (0.012 + 0.06 * fall)) ** 2))
    ends = box.inside(box.y - 0.385) * box.inside(box.of(land.middle) - box.y)
    glimmer = 0.9 + 0.06 * (torch.sin(box.y * 60 - angle(1.6, scene.phase)) - torch.sin(box.y * 60))
    canvas.over(box, ink(LAVA, scene.device), stream * ends * (glimmer * scene.weight("terrain", "volcano")))


def paint_windows(canvas: Raster, scene: Scene, land: Ridges) -> None:
    """Lit windows of the city's middle row; each has its own habits."""
    box = scene.frame.box(lowest(land.middle), 1.0)
    if box.empty:
        return
    across, down = (box.x - HALF - city_aside(scene, 1)) * WINDOWS[0], box.y * WINDOWS[1]
    column, row = across.floor(), down.floor()
    pixel = scene.frame.pixel
    pane_x = torch.sigmoid((torch.sin(across * 6.283) + 0.1) / (6.283 * WINDOWS[0] * pixel) * 2.6)
    pane_y = torch.sigmoid((torch.sin(down * 6.283) - 0.1) / (6.283 * WINDOWS[1] * pixel) * 2.6)
    x, y = (column + 0.25) / WINDOWS[0], (row + 0.25) / WINDOWS[1]  # a pane's own middle
    mood = torch.sin(x * 91 + 1) + torch.sin(y * 77 + x * 37)
    habit = torch.sin(column * 12.9898 + row * 78.233) * 43.7
    turned = moved(0.15 + 0.1 * torch.sin(habit * 3), scene.phase)
    change = 0.5 * (torch.sin(habit + turned) - torch.sin(habit))
    lit = torch.sigmoid((mood + change - 0.1) * 14) * (0.85 + 0.15 * torch.sin(habit * 7))
    dusk = 0.25 + 0.75 * torch.sigmoid((0.45 - scene.brightness) * 26)
    amount = lit * pane_x * pane_y * box.inside(box.y - box.of(land.middle) - 0.02)
    canvas.over(box, ink(WINDOW, scene.device), amount * (0.95 * dusk * scene.weight("terrain", "city")))


def paint_capitals(canvas: Raster, scene: Scene, land: Ridges, colour: Tensor) -> None:
    """What crowns the columns of the ruins: two slabs, the upper one wider."""
    weight = scene.weight("terrain", "ruins")
    within, aside, height = column_at(scene)
    head = land.middle - weight * COLUMN_TALL * height * (1 - within)
    box = scene.frame.box(lowest(head) - 0.02, highest(head) + 0.02, blur=True)
    for wider, upper, lower in CAPITAL:
        slab = box.inside(box.y - head - upper) * box.inside(head + lower - box.y)
        canvas.over(box, colour, slab * (box.inside(COLUMN_HALF + wider - aside.abs()) * weight))
