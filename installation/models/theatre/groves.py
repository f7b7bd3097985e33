"""What stands on the middle layer of the land that an audience sees: trees, firs, palms, corals, shards of ice.

All plants of a kind are drawn once for a size, on a strip along the ground. In a picture a column of the strip stands
on the ridge where its plant has its trunk, so that plants stay upright on slopes.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext, batch_max, batch_min
from installation.models.theatre.figure_papers import SEASONS
from installation.models.theatre.plants import plants_along
from installation.models.theatre.polygon_mask import part_coverages
from installation.models.theatre.raster import PixelGrid, box_means, cached_constant, colour_tensor
from installation.models.theatre.scene import Scene
from installation.models.theatre.snow import snow_amount
from installation.models.theatre.vocabulary import Z

LENGTH, ABOVE, BELOW = 5.0, 0.125, 0.078  # of a strip, and how far it reaches above and below the ridge, in units
TALL = 0.29  # how far a strip of high trees reaches above the ridge, in units
FINE_UNIT = 900  # pixels of a unit that a strip has at most
FINEST = 3  # pixels of a strip to one of a picture, at most
KINDS = {  # what stands on each land
    **dict.fromkeys(("field", "hills", "river", "road"), "leafy"),
    **dict.fromkeys(("mountains",), "needles"),
    "desert": "desert",
    "ice": "shards",
    "deep sea": "reef",
    "forest": "wood",
}
WOODED = tuple(KINDS)
WOODS = ("firwood", "leafwood", "birchwood")  # of which z chooses
ACACIA_LANDS = ("lion", "elephant", "giraffe", "zebra", "rhino", "hippo", "monkey")  # whose trees are acacias
TREELESS = ("tree", "pine", "palm", "cactus", "penguin", "christmas tree", "seal", "leaf")  # figures among no trees
HAZE, DEEPER, LIT, RICHER = 0.10, 0.66, 0.42, 0.5  # of trees: mist; shade; light on the other side; more of their hue
HAZE_IN_WOODS = 0.24  # of trees before the dark of a wood
OWN_PAPERS = {  # in the shade and in the light, and how much of the land's colour they take on
    "reef": (("8c3a5c", "f08a6a"), 0.42),
    "shards": (("5c98c4", "eefaff"), 0.25),
}
SEASONAL = 0.8  # how much of the colour of a season leaves have
SNOWY = 0.16  # how much darker trees are than the snow around them
SHIFT = 1.1  # how far z shifts a strip, in units
DECIDED = 14.0  # how soon one wood gives way to another, as z moves


Plane = NDArray[np.float32]


class Strip(NamedTuple):
    """All trees of a kind along the ground.

    Attributes:
        pixels: Coverage, and light in -1..1, [2, rows * columns].
        trunk: How far to the right of each column its tree has its trunk, in units, [columns].
        rows: Of the strip.
        above: How far it reaches above the ridge, in units.
        unit: Pixels of a unit.
    """

    pixels: Tensor
    trunk: Tensor
    rows: int
    above: float
    unit: int


def paint_groves(context: DrawContext) -> None:
    """Paint what stands on the middle layer of a land, or before it in a wood; nothing among figures of trees."""
    scene = context.scene
    if scene.has("subject", *TREELESS) or scene.has("companion", "tree"):
        return
    kind, opacity = _kind(scene)
    wood = kind in WOODS
    strip = _strip(kind, _unit(scene), _fineness(_unit(scene)), scene.device)
    foot, columns = _feet(scene, strip, context.ridges.near if wood else context.ridges.middle)
    box = scene.grid.box(batch_min(foot) - strip.above, min(batch_max(foot) + BELOW, context.hidden))
    if box.empty or opacity <= 0:
        return
    rows = ((box.y - (foot - strip.above)) * strip.unit).clamp_(0, strip.rows - 1).long()
    places = rows.mul_(strip.pixels.shape[1] // strip.rows).add_(columns)
    cover, light = (pixels.take(places) for pixels in strip.pixels)
    dark, lit = _colours(context, kind)
    colour = torch.lerp(dark, lit, light.mul_(0.5).add_(0.5))
    context.canvas.over(box, colour, cover.mul_(opacity))


def _fineness(unit: int) -> int:
    """How many pixels a strip has to one of a picture with so many pixels to a unit."""
    return min(max(1, FINE_UNIT // unit), FINEST)


def _unit(scene: Scene) -> int:
    base = scene.grid.base or scene.grid
    return min(base.height, base.width)


def _kind(scene: Scene) -> tuple[str, float]:
    """What stands on the land, and its opacity."""
    present = [terrain for terrain in scene.present("terrain") if terrain in KINDS]
    terrain = max(present, key=lambda one: float(scene.weight("terrain", one)))
    kind, opacity = KINDS[terrain], float(scene.weight("terrain", terrain))
    cold = float(snow_amount(scene)) > 0.3
    if kind == "wood":
        wish = 1.5 * (float(scene.bounded(Z.GROWTH[3])) + 1)  # 0..3
        decided = DECIDED * min(abs(wish - 1.15), abs(wish - 1.85))
        return (WOODS[0], opacity) if cold else (WOODS[(wish > 1.15) + (wish > 1.85)], opacity * min(1.0, decided))
    if kind == "leafy" and scene.has("subject", *ACACIA_LANDS):
        return "acacias", opacity
    return ("needles" if kind == "leafy" and cold else kind), opacity


def _feet(scene: Scene, strip: Strip, ridge: Tensor) -> tuple[Tensor, Tensor]:
    """The y of the ground below the trunk of each column's tree, [1, 1, 1, width], and the columns of the strip."""
    x = scene.grid.x + (SHIFT * float(scene.bounded(Z.SHIFT[1])) + 0.5 * LENGTH)
    columns = (x * strip.unit).long().remainder_(len(strip.trunk))
    away = (strip.trunk[columns] * scene.grid.unit).round_().long()
    at = (torch.arange(ridge.shape[-1], device=ridge.device) + away).clamp_(0, ridge.shape[-1] - 1)
    return ridge.take(at), columns


def _colours(context: DrawContext, kind: str) -> tuple[Tensor, Tensor]:
    """The colours of what stands there in the shade and in the light, [1, 3, 1, 1]."""
    scene, near, middle = context.scene, context.colours.near, context.colours.middle
    if kind in OWN_PAPERS:
        papers, share = OWN_PAPERS[kind]
        light = scene.palette.glow * (0.35 + 0.65 * scene.brightness)
        dark, lit = (torch.lerp(colour_tensor(one, scene.device) * light, middle, share) for one in papers)
        return dark, lit
    bright = 1.05 + 0.25 * scene.brightness.clamp(max=1)
    for (group, name), colour in SEASONS.items():
        if group == "weather" and name != "snow" and scene.has(group, name):
            season = colour_tensor(colour, scene.device) * (0.45 + 0.70 * scene.brightness)
            near = torch.lerp(near, season, SEASONAL * scene.weight(group, name))
    leaves = near + RICHER * (near - near.mean(1, keepdim=True))
    leaves = torch.lerp(leaves.clamp(min=0), scene.mist, HAZE_IN_WOODS if kind in WOODS else HAZE)
    dark = leaves * DEEPER
    lit = torch.lerp(leaves * bright, torch.lerp(middle, scene.palette.glow, 0.35), LIT)
    snowy = snow_amount(scene)
    return dark * (1 - SNOWY * snowy), lit * (1 - SNOWY * snowy)


@cached_constant
def _strip(kind: str, of_picture: int, finer: int, device: torch.device) -> Strip:
    """The strip of a kind of trees, so many times as fine as a picture, with the soft edges of that."""
    unit = finer * of_picture
    above, below = (TALL, 0.03) if kind in WOODS else (ABOVE, BELOW)
    rows, columns = math.ceil((above + below) * unit), round(LENGTH * unit)
    grid = PixelGrid(rows, columns, torch.device("cpu"), unit, (LENGTH / 2, (below - above) / 2))
    cover, light = np.zeros((rows, columns), np.float32), np.zeros((rows, columns), np.float32)
    plants = plants_along(kind, LENGTH)
    pieces = [piece for plant in plants for piece in plant.pieces]
    for number, down, across, part in part_coverages(grid, [outline for outline, _, _ in pieces]):
        _, brightness, opacity = pieces[number]
        part = part * opacity
        view, lights = cover[down, across], light[down, across]
        total = view + part - view * part
        lights += np.where(total > 0, part / np.maximum(total, 1e-6), 0) * (brightness - lights)
        np.copyto(view, total)
    x = (np.arange(columns) + 0.5) / unit
    trunks = np.array([plant.x for plant in plants])
    nearest = trunks[np.abs(x[:, None] - trunks).argmin(1)] - x
    pixels = torch.from_numpy(np.stack(_softened(cover, light, finer)).reshape(2, -1))
    return Strip(pixels.to(device), torch.from_numpy(nearest).float().to(device), rows, above, unit)


def _softened(cover: Plane, light: Plane, finer: int) -> tuple[Plane, Plane]:
    """Coverage and light averaged over a pixel of the picture, in which a strip is looked up without any smoothing."""
    if finer < 2:
        return cover, light
    share, lit = (_averaged(plane, finer | 1) for plane in (cover, cover * light))
    seen: Plane = (lit / share.clip(min=1e-3)).astype(np.float32)
    return share, seen


def _averaged(plane: Plane, pixels: int) -> Plane:
    """The means over squares of so many pixels, an odd number."""
    values = F.pad(torch.from_numpy(plane)[None, None], (pixels // 2,) * 4)
    mean: Plane = box_means(values, pixels // 2)[0, 0].numpy()
    return mean
