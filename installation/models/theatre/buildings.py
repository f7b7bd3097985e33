"""Buildings: the village, the city and the ruins, whose outlines are part of the ridges (`land`), and their lights."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext, batch_max, batch_min
from installation.models.theatre.polygon_mask import TILES, Outline, stroke
from installation.models.theatre.raster import Box, cached_constant, colour_tensor, falloff
from installation.models.theatre.scene import Scene
from installation.models.theatre.skylines import towers_at, unlike_house
from installation.models.theatre.sliding_mask import mask_coverage
from installation.models.theatre.snow import snow_amount
from installation.models.theatre.sprite_tables import HALF_PIXEL, ROOF_WIDTH, rough_line, scenery_rng
from installation.models.theatre.vocabulary import Z

VILLAGE_GROUND = (0.70, 0.80)  # y of the ground of the far and of the near row of houses
STEEPEST = 0.098  # height of a gable, in units; what is higher is a spire
VILLAGE_LIGHT = "ffd070"
WINDOW_SIDE = 0.017

CITY_LIGHT = "ffd77a"
LAMPS, LAMPS_ON_STAGE = 0.45, 0.56  # brightness of the sky below which lamps are lit; before an audience
CLEAR_PANES = 1.7  # how much more of a small window an audience sees
DIM_PANES = 0.60  # how visible windows are on the tower that shows least of them
GLASS, GLASS_DARKNESS = 0.66, 0.62  # of windows by day: opacity; brightness
SIDE, SIDE_SHADE = 0.68, 0.26  # where the side of a house in the shade begins, as a share of its width; how dark it is
OWN_TONE, OTHER_PAPER, PALE_PAPER = 0.78, 0.75, 0.6  # how much a house has of its own tone, and of other papers
PLASTER, ROOF_SHADE, ROOF_SNOW = 0.42, 0.86, 0.75  # how pale some houses of a village are; brightness of roofs; snow
WINDOWS_ACROSS, WINDOWS_DOWN = 2 / ROOF_WIDTH, 24.0  # windows per unit; two to a building

COLUMN_X, COLUMN_SPACING, COLUMN_HALF_WIDTH = 0.0387, 0.25, 0.0482  # of the ruins; x of one of the columns
COLUMN_HEIGHT = 0.30
CAPITAL_SLABS = ((0.008, 0.0, 0.018), (0.016, -0.012, 0.005))  # wider than the column by; from and to, below its top


class House(NamedTuple):
    """Measures of a house in units; without a gable it is a chimney."""

    x: float
    half_width: float
    wall: float
    gable: float


def village_houses(row: int, staged: bool = False) -> list[House]:
    """The houses of a row (0 far, 1 near) with their chimneys, and the church in the near row.

    Before an audience no two are alike.
    """
    houses: list[House] = []
    for tile in TILES:
        rng = scenery_rng(502 + row, tile)
        for number in range(6):
            half_width = 0.048 + 0.022 * rng.random()
            x = tile + (number + 0.5 + 0.35 * (rng.random() - 0.5)) / 6
            house = House(x, half_width, 0.055 + 0.03 * rng.random(), 0.05 + 0.04 * rng.random())
            if staged:
                sizes = zip((half_width, house.wall, house.gable), unlike_house(x), strict=True)
                half_width, wall, gable = (size * share for size, share in sizes)
                house = House(x, half_width, wall, min(gable, STEEPEST))
            chimney = House(x + 0.5 * house.half_width, 0.008, house.wall + 0.8 * house.gable, 0.0)
            houses += [house, chimney]
        if row == 1:
            houses.append(House(tile + 0.335, 0.026, 0.17, 0.13))
    return houses


@cached_constant
def _house_table(device: torch.device, row: int, staged: bool) -> tuple[Tensor, ...]:
    """The fields of House, each [houses, 1]."""
    return tuple(torch.tensor(village_houses(row, staged), dtype=torch.float32, device=device).T[..., None].unbind(0))


def village_shift(scene: Scene, row: int) -> Tensor:
    """How far z moves a row of houses to the right, [batch, 1, 1, 1]."""
    return 0.14 * scene.bounded(Z.SHIFT[row])


def village_skyline(scene: Scene, row: int) -> Tensor:
    """Height of the roofs of a row of houses above its ground, [batch, 1, 1, width]."""
    return _roofs(scene, row)[0].amax(1)[:, None, None]


def _roofs(scene: Scene, row: int) -> tuple[Tensor, Tensor]:
    """The height of each house of a row, 0 beside it, and the distance from its middle, [batch, houses, width]."""
    x, half_width, wall, gable = _house_table(scene.device, row, scene.staged)
    distance = (scene.grid.x[:, 0] - village_shift(scene, row)[:, 0] - x).abs()
    cover = ((half_width - distance) / scene.grid.pixel + 0.5).clamp(0, 1)
    return (wall + gable * (1 - distance / half_width)) * cover, distance


def village_windows() -> list[Outline]:
    """The windows of the near row: two to a house and one in its gable, two in the church tower."""
    return _windows_of(village_houses(1))


def staged_windows() -> list[Outline]:
    """The same of the houses that an audience sees."""
    return _windows_of(village_houses(1, staged=True))


def _windows_of(houses: list[House]) -> list[Outline]:
    ground, windows = VILLAGE_GROUND[1], []
    for x, half_width, wall, gable in houses:
        if gable > STEEPEST:
            places = [(x, 0.10), (x, 0.155)]
        elif gable > 0:
            places = [
                (x - 0.42 * half_width, 0.55 * wall),
                (x + 0.42 * half_width, 0.55 * wall),
                (x, wall + 0.2 * gable),
            ]
        else:
            places = []
        half = WINDOW_SIDE / 2
        windows += [stroke(x, ground - y - half, x, ground - y + half, WINDOW_SIDE, WINDOW_SIDE) for x, y in places]
    return windows


def paint_village_lights(context: DrawContext) -> None:
    """Paint the lit windows of the village, and the glow around the houses."""
    canvas, scene = context.canvas, context.scene
    weight = scene.weight("terrain", "village")
    if scene.staged:
        _paint_village_houses(context)
    box = scene.grid.box(0.48, 0.82)
    colour = colour_tensor(VILLAGE_LIGHT, scene.device)
    dusk = 1 - (1.3 * scene.brightness - 0.3).clamp(0, 0.7)
    roofs = box.crop(context.ridges.middle)
    glow = falloff((box.y - 0.72).abs() - 0.02, 0.14) * box.coverage(box.y - roofs + 0.02)
    canvas.glow(box, colour, glow * (0.24 * dusk * weight), burn=0.4)
    flicker = 0.94 + 0.06 * torch.sin(box.x * 37 + scene.angle(1.3))
    windows = staged_windows if scene.staged else village_windows
    canvas.over(box, colour, mask_coverage(box, windows, village_shift(scene, 1)) * flicker * weight)


def _paint_village_houses(context: DrawContext) -> None:
    """Give each house of the near row a paper of its own, and a roof of another; for an audience."""
    scene, colours = context.scene, context.colours
    box = scene.grid.box(batch_min(context.ridges.middle), context.hidden)
    if box.empty:
        return
    heights, _ = _roofs(scene, 1)
    height, house = heights.max(1)
    wall = _house_table(scene.device, 1, staged=True)[2].flatten()
    chance, other = ((torch.sin(house * rate) * 43.7).frac().abs() for rate in (12.9898, 78.233))
    eaves = box.crop((VILLAGE_GROUND[1] - wall[house])[:, None, None])
    tone, alike = box.crop((0.86 + 0.30 * chance)[:, None, None]), box.crop((other > 0.5).float()[:, None, None])
    paper = torch.lerp(colours.middle, scene.mist, PLASTER * alike) * tone
    roof = torch.lerp(colours.near, colours.middle * 0.66, alike) * ROOF_SHADE
    roof = torch.lerp(roof, scene.mist, ROOF_SNOW * snow_amount(scene))
    laid = torch.lerp(paper, roof, box.coverage(eaves - box.y))
    cover = box.coverage(box.y - box.crop(context.ridges.middle)) * box.crop((height > 0.01).float()[:, None, None])
    context.canvas.over(box, laid, cover * (OWN_TONE * scene.weight("terrain", "village")))


def city_shift(scene: Scene, row: int) -> Tensor:
    """How far z moves a row of the city's buildings to the right, [batch, 1, 1, 1]; row 0 is far, row 1 near."""
    return 0.2 * scene.bounded(Z.SHIFT[3 * row])


def paint_city_windows(context: DrawContext) -> None:
    """Paint the windows of the city's near row: a grid in which each is lit or dark, and slowly changes."""
    scene = context.scene
    box = scene.grid.box(batch_min(context.ridges.middle), 1.0)
    if box.empty:
        return
    if scene.staged:
        _paint_houses(context, box)
    across, down = (box.x - HALF_PIXEL - city_shift(scene, 1)) * WINDOWS_ACROSS, box.y * WINDOWS_DOWN
    column, row = across.floor(), down.floor()
    pixel = scene.grid.pixel
    pane_x = torch.sigmoid((torch.sin(across * 6.283) + 0.1) / (6.283 * WINDOWS_ACROSS * pixel) * 2.6)
    pane_y = torch.sigmoid((torch.sin(down * 6.283) - 0.1) / (6.283 * WINDOWS_DOWN * pixel) * 2.6)
    lit = _lit_windows(scene, box, column, row)
    lamps_from = LAMPS_ON_STAGE if scene.staged else LAMPS
    dusk = 0.25 + 0.75 * torch.sigmoid((lamps_from - scene.brightness) * 26)
    pane = pane_x * pane_y * box.coverage(box.y - box.crop(context.ridges.middle) - 0.02)
    light = colour_tensor(CITY_LIGHT, scene.device)
    weight = scene.weight("terrain", "city")
    if scene.staged:
        shown = DIM_PANES + (1 - DIM_PANES) * towers_at(box.x - city_shift(scene, 1)).chance(9.1)
        pane = (pane * CLEAR_PANES).clamp_(max=1) * shown
        dusk = (dusk - 0.25) * (1 / 0.75)  # by day no lamps are lit
        glass = torch.lerp(scene.palette.zenith, scene.palette.upper, 0.3) * GLASS_DARKNESS
        context.canvas.over(box, glass, pane * (GLASS * (1 - dusk) * weight))
    context.canvas.over(box, light, pane.mul_(lit) * (0.95 * dusk * weight))


def _paint_houses(context: DrawContext, box: Box) -> None:
    """Give each house of the near row a tone or a paper of its own, and a side in the shade."""
    scene, colours = context.scene, context.colours
    towers = towers_at(box.x - city_shift(scene, 1))
    tone = (0.74 + 0.50 * towers.chance(3.7)) * (1 - SIDE_SHADE * (towers.within > SIDE).float())
    papers = towers.chance(5.3)
    paper = torch.lerp(colours.middle, colours.near * 1.25, OTHER_PAPER * (papers > 0.66).float())
    paper = torch.lerp(paper, colours.far, PALE_PAPER * (papers < 0.28).float())
    cover = box.coverage(box.y - box.crop(context.ridges.middle))
    context.canvas.over(box, paper * tone, cover * (OWN_TONE * scene.weight("terrain", "city")))


def _lit_windows(scene: Scene, box: Box, column: Tensor, row: Tensor) -> Tensor:
    """`_brightness` of the windows in which the pixels of a box lie; a single scene computes each window once."""
    if len(column) > 1:
        return _brightness(scene, column, row)
    first_column, first_row = column[..., :1], row[..., :1, :]
    spans = (WINDOWS_ACROSS * column.shape[-1], WINDOWS_DOWN * row.shape[-2])
    columns, rows = (torch.arange(math.ceil(span * box.grid.pixel) + 2, device=column.device) for span in spans)
    lit = _brightness(scene, first_column + columns, first_row + rows[:, None])
    lit = lit.index_select(2, (row - first_row).flatten().long())
    return lit.index_select(3, (column - first_column).flatten().long())


def _brightness(scene: Scene, column: Tensor, row: Tensor) -> Tensor:
    """Whether the window in a column and row is lit, and how brightly, about 0..1; a hash of both decides."""
    x, y = (column + 0.25) / WINDOWS_ACROSS, (row + 0.25) / WINDOWS_DOWN  # the centre of the pane
    pattern = torch.sin(x * 91 + 1) + torch.sin(y * 77 + x * 37)
    hashed = torch.sin(column * 12.9898 + row * 78.233) * 43.7
    turned = scene.distance(0.15 + 0.1 * torch.sin(hashed * 3))
    change = 0.5 * (torch.sin(hashed + turned) - torch.sin(hashed))
    return torch.sigmoid((pattern + change - 0.1) * 14) * (0.85 + 0.15 * torch.sin(hashed * 7))


def nearest_column(scene: Scene) -> tuple[Tensor, Tensor, Tensor]:
    """The column of the ruins that is nearest to each pixel column.

    Returns:
        Coverage by that column, the distance to the right of its axis in units, and its height (0.55 to 1, because
        some are broken), each [batch, 1, 1, width].
    """
    x = scene.grid.x - 0.12 * scene.bounded(Z.SHIFT[3])
    axis = COLUMN_X + torch.round((x - COLUMN_X) / COLUMN_SPACING) * COLUMN_SPACING
    cover = ((COLUMN_HALF_WIDTH - (x - axis).abs()) / scene.grid.pixel + 0.5).clamp(0, 1)
    return cover, x - axis, 0.55 + 0.45 * torch.floor(4 * rough_line(2, axis)) / 3


def paint_capitals(context: DrawContext) -> None:
    """Paint the capitals of the ruins' columns: two slabs, the upper one wider."""
    scene = context.scene
    weight = scene.weight("terrain", "ruins")
    cover, dx, height = nearest_column(scene)
    top = context.ridges.middle - weight * COLUMN_HEIGHT * height * (1 - cover)
    box = scene.grid.box(batch_min(top) - 0.02, batch_max(top) + 0.02, soft_edge=True)
    for wider, upper, lower in CAPITAL_SLABS:
        slab = box.coverage(box.y - top - upper) * box.coverage(top + lower - box.y)
        within = box.coverage(COLUMN_HALF_WIDTH + wider - dx.abs()) * weight
        context.canvas.over(box, context.colours.middle, slab * within)
