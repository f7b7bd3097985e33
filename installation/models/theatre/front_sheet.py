"""The sheet of paper nearest to the eye, for an audience: ground that rises to one side of the picture.

It has the silhouettes of what grows or lies there, and stays below all feet in the middle.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext, batch_max
from installation.models.theatre.raster import cached_constant, colour_tensor
from installation.models.theatre.scene import Scene
from installation.models.theatre.sprite_tables import scenery_rng
from installation.models.theatre.vocabulary import Z

EDGES = {  # what the edge of the sheet looks like on each land
    "blades": ("field", "hills", "river", "road", "lake", "graveyard", "village", "swamp"),
    "leaves": ("forest", "jungle", "waterfall"),
    "stones": ("mountains", "cliffs", "ruins", "volcano", "sea", "island"),
    "drifts": ("desert", "ice"),
}
FRONTED_TERRAINS = tuple(terrain for terrains in EDGES.values() for terrain in terrains)
TILE, KNOTS_PER_UNIT, SEED = 5, 640, 853
FOOT, SIDE_RISE, SIDE_BEGINS, SIDE_WIDE = 1.066, 0.235, 0.26, 0.72  # y in the middle; how high, from where, how fast
SOFT, SHADOW, DARKNESS = 0.0032, 0.06, 0.26  # width of its edge; reach and depth of its shadow, in units
SHADE, DIM, RIM = "c4ccec", (0.94, 0.66), 0.28  # hue; brightness at the edge and below it, beside the land; rim
DEEP = 0.11  # units below its edge where it is as dark as it gets
HARDLY = 0.06  # a rise that nobody sees
DECIDED = 2.2  # how soon the other side is the higher one, as z moves


def paint_front_sheet(context: DrawContext) -> None:
    """Paint the sheet and the shadow that it casts on the ground behind it, on the side where z raises it."""
    scene, grid = context.scene, context.scene.grid
    shown = float(scene.weight("terrain", *FRONTED_TERRAINS))
    wish = raised_side(scene)
    if shown * abs(wish) < HARDLY or (scene.has_ways and batch_max(scene.on_wheels) > 0):
        return
    upper, lower = (context.colours.near * colour_tensor(SHADE, scene.device) * dim for dim in DIM)
    upper = torch.lerp(upper, scene.mist, RIM * (0.15 + 0.85 * scene.brightness.clamp(0, 1)))
    wide = grid.width // 4
    for quarter in (2, 3) if wish > 0 else (1, 0):  # each only as high as the sheet is there
        columns = slice(quarter * wide, grid.width if quarter == 3 else (quarter + 1) * wide)
        ground, edge = front_edges(scene, wish, columns)
        box = replace(grid.box(top=min(float(ground.amin()) - SHADOW, float(edge.amin()))), columns=columns)
        if box.empty:
            continue
        sunk = box.y - ground
        dark = (sunk * (1 / SHADOW)).add_(1).clamp_(0, 1).square_().square_().mul_(-DARKNESS * shown).add_(1)
        cover = (box.y - edge).mul_(1 / SOFT).add_(0.5).clamp_(0, 1).mul_(shown)
        view = context.canvas.pixels[:, :, box.rows, box.columns]
        view.mul_(dark)
        view.lerp_(torch.lerp(upper, lower, sunk.mul_(1 / DEEP).clamp_(0, 1)), cover)


def raised_side(scene: Scene) -> float:
    """On which side the sheet rises, left of 0 or right of it, and how far, -1..1."""
    return math.tanh(DECIDED * float(scene.bounded(Z.SHIFT[3]) + 0.4 * scene.bounded(Z.RIGHT_SIDE)))


def front_edges(scene: Scene, wish: float, columns: slice) -> tuple[Tensor, Tensor]:
    """The y of the ground of the sheet, and of the upper edge of what is on it, each [1, 1, 1, columns].

    Args:
        scene: As its plane is seen.
        wish: See `raised_side`.
        columns: Of the picture, on that side.
    """
    x = scene.grid.x[..., columns]
    outside = (((x - 0.5).abs_() - SIDE_BEGINS) * (1 / SIDE_WIDE)).clamp_(0, 1)
    beside = outside * outside * (3 - 2 * outside)
    ground = FOOT - (SIDE_RISE * abs(wish)) * beside
    place = ((x - 0.7 * float(scene.bounded(Z.SHIFT[2]))).remainder(TILE) * KNOTS_PER_UNIT).long()
    height = torch.zeros_like(x)
    for kind, terrains in EDGES.items():
        if scene.has("terrain", *terrains):
            height.add_(_heights(kind, scene.device)[place], alpha=float(scene.weight("terrain", *terrains)))
    return ground, ground - height * (0.30 + 0.70 * beside)


@cached_constant
def _heights(kind: str, device: torch.device) -> Tensor:
    """How far what is on the edge rises above it, in units, [knots + 1]."""
    x = np.arange(TILE * KNOTS_PER_UNIT) / KNOTS_PER_UNIT
    heights = {"blades": _blades, "leaves": _leaves, "stones": _stones, "drifts": _drifts}[kind](x)
    return torch.tensor(np.append(heights, heights[0]), dtype=torch.float32, device=device)


def _raised(x: NDArray[np.float64], middle: float, half: float, lean: float = 0.0) -> NDArray[np.float64]:
    """The distance from a middle in halves, 0 at the middle and 1 at both ends and beyond; longer on one side."""
    away = (x - middle + TILE / 2) % TILE - TILE / 2
    return np.clip(np.where(away < 0, -away / (half * (1 + lean)), away / (half * (1 - lean))), 0, 1)


def _blades(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slender blades in tussocks, the tallest in the middle of each."""
    random, heights, at = scenery_rng(SEED, 0), np.zeros_like(x), 0.0
    while at < TILE:
        wide, tall = 0.05 + 0.09 * random.random(), 0.06 + 0.13 * random.random()
        for place in np.linspace(-1, 1, 5 + int(60 * wide)):
            size = tall * (1 - 0.75 * place * place) * (0.55 + 0.45 * random.random())
            blade = 1 - _raised(x, at + wide * place, 0.016 + 0.012 * random.random(), np.clip(place, -0.8, 0.8))
            heights = np.maximum(heights, size * blade**2.1)
        at += wide * (2.1 + 2.2 * random.random())
    return np.asarray(heights)


def _leaves(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pointed leaves, some of them large."""
    random, heights, at = scenery_rng(SEED, 1), np.zeros_like(x), 0.0
    while at < TILE:
        size = 0.4 + 0.6 * random.random() ** 2
        leaf = 1 - _raised(x, at, 0.055 * size + 0.012, 0.9 * random.random() - 0.45)
        heights = np.maximum(heights, 0.095 * size * np.sin(0.5 * np.pi * leaf) ** 0.75)
        at += 0.035 + 0.045 * random.random()
    return heights


def _stones(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Boulders with flat faces."""
    random, heights, at = scenery_rng(SEED, 2), np.zeros_like(x), 0.0
    while at < TILE:
        size = 0.25 + 0.75 * random.random() ** 2
        away = _raised(x, at, 0.16 * size + 0.03, 0.6 * random.random() - 0.3)
        heights = np.maximum(heights, 0.100 * size * np.minimum(np.minimum(1.0, 2.6 * (1 - away)), 1.12 - 0.5 * away))
        at += 0.11 + 0.16 * random.random()
    return heights


def _drifts(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Low crests blown by the wind."""
    turn = 2 * np.pi * x / TILE
    crests = np.abs(np.sin(2.5 * turn)) ** 0.7 + 0.4 * np.abs(np.sin(5.5 * turn + 0.4))
    return 0.028 * crests
