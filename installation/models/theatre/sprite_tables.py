"""Random tables that scenery and particles are drawn from, the same at every start.

Tables are divided into tiles one unit wide. Tile (0, 0) fills the square picture; its neighbours continue it in all
directions, so that a wide or tall picture shows more of the same scene. A tile is an array of uniform numbers in 0..1,
one row per item; the code that draws the items defines what the columns mean.

Also here: one-dimensional noise and periodic profiles for ridges. `rough_line` is value noise with linear
interpolation (Ebert et al., *Texturing and Modeling*, 1994, chapter 2).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from installation.models.theatre.raster import cached_constant

Table = NDArray[np.float64]

SEED = 7
TILE_REACH = 3  # tiles on either side of the square: a picture may be 7 times as wide as high
REFERENCE_PIXELS = 128  # sizes of particles are given in pixels of a picture of this size
HALF_PIXEL = 0.5 / REFERENCE_PIXELS

SQUARE_TILES = {  # kind: rows, columns; drawn in this order from one stream, which must not change
    "small stars": (70, 4),
    "large stars": (28, 4),
    "rain": (90, 4),
    "snow": (100, 4),
    "petals": (46, 5),
    "embers": (60, 4),
}
SEPARATE_TILES = {  # kinds added later, each with a stream of its own
    "autumn leaves": (44, 5),
    "fireflies": (30, 4),
    "meteors": (9, 4),
    "lanterns": (11, 4),
    "gulls": (11, 4),
}
FLOWERS = (110, 3)
ROOFS = 26  # buildings of a row within the square
ROOF_WIDTH = 5 / REFERENCE_PIXELS
KNOTS = (10, 14, 18)  # of the three lines of value noise, within the square
FLAMES = (13, 17)  # of the two curtains of fire, within the square
BOLTS = 4  # different bolts of lightning

# the position of a kind seeds its streams: append, never reorder
KINDS = (*SQUARE_TILES, "flowers", "roofs", "roughness", "flames", "bolt", "cloud", "temper", *SEPARATE_TILES)

BoltSegment = tuple[float, float, float, float, float]  # x and y of the start, x and y of the end, width in pixels


class SquareTables:
    """The tables of the square, all from one stream (numpy guarantees that `RandomState` never changes its stream)."""

    def __init__(self) -> None:
        stream = np.random.RandomState(SEED)
        self.tiles = {kind: stream.rand(*shape) for kind, shape in SQUARE_TILES.items()}
        self.bolt = branching_bolt(stream.rand)
        self.flowers = stream.rand(*FLOWERS)
        self.roofs = stream.rand(3, ROOFS)
        self.knots = [stream.rand(knots) for knots in KNOTS]
        self.flames = [np.stack([stream.randn(n), stream.rand(n), stream.rand(n)], 1) for n in FLAMES]


@cache
def square_tables() -> SquareTables:
    """The tables of the square."""
    return SquareTables()


def tile_rng(kind: str, *key: int) -> np.random.Generator:
    """The random stream of a kind; different keys, for example the place of a tile, give independent streams."""
    return np.random.default_rng([SEED, KINDS.index(kind), *(part % (1 << 32) for part in key)])


def scenery_rng(key: int, tile: int) -> np.random.Generator:
    """The random stream of a kind of scenery (`key`), `tile` units to the right of the square."""
    return tile_rng("temper", key, tile)


def tile(kind: str, across: int, down: int = 0) -> Table:
    """One tile of a kind, [items, columns]."""
    if kind in SEPARATE_TILES:
        return tile_rng(kind, across, down).random(SEPARATE_TILES[kind])
    square = square_tables().flowers if kind == "flowers" else square_tables().tiles[kind]
    if (across, down) == (0, 0):
        return square
    return tile_rng(kind, across, down).random(square.shape)


def motion_tile(kind: str, across: int, down: int, columns: int) -> Table:
    """Uniform numbers that make each item of a tile move in its own way, [items, columns]."""
    items = len(tile(kind, across, down))
    return tile_rng("temper", KINDS.index(kind), across, down).random((items, columns))


def branching_bolt(rand: Callable[[], float]) -> list[BoltSegment]:
    """A bolt of lightning with its branches, from the top of the square downwards: a random walk that forks."""
    segments: list[BoltSegment] = []

    def grow(x: float, y: float, length: float, width: float, lean: float) -> None:
        while length > 0:
            end = (x + (rand() - 0.5 + lean) * 0.09, y + (0.04 + 0.03 * rand()))
            segments.append((x, y, *end, width))
            x, y = end
            length -= 0.055
            if rand() < 0.25 and width > 1:
                grow(x, y, 0.2, 0.75, (rand() - 0.5) * 1.6)

    grow(0.62, 0.0, 0.66, 1.5, -0.05)
    return segments


@cached_constant
def bolt_segments(variant: int, device: torch.device) -> Tensor:
    """One of the BOLTS bolts, [segments, 5]; the columns are those of BoltSegment."""
    segments = square_tables().bolt if variant == 0 else branching_bolt(tile_rng("bolt", variant).random)
    return torch.tensor(segments, dtype=torch.float32, device=device)


@cached_constant
def flame_table(curtain: int, device: torch.device) -> Tensor:
    """The flames of one of the two curtains, [4, flames, 1]: x, half width, height, a uniform number."""
    count = FLAMES[curtain]
    tiles = []
    for across in range(-TILE_REACH, TILE_REACH + 1):
        rng = tile_rng("flames", curtain, across)
        if across == 0:
            shapes = square_tables().flames[curtain]
        else:
            shapes = np.stack([rng.standard_normal(count), rng.random(count), rng.random(count)], 1)
        x = -0.02 + 1.04 * (np.arange(count) + across * count) / (count - 1) + 0.03 * shapes[:, 0]
        tiles.append(np.stack([x, 0.055 + 0.03 * shapes[:, 1], 0.5 + 0.5 * shapes[:, 2], rng.random(count)]))
    return torch.tensor(np.concatenate(tiles, 1), dtype=torch.float32, device=device)[..., None]


@cached_constant
def _roofs(row: int, device: torch.device) -> Tensor:
    """Heights (0.25 to 1) of a row of buildings, from TILE_REACH tiles left of the square to as many right of it."""
    left, right = (tile_rng("roofs", row, side).random(TILE_REACH * ROOFS) for side in (-1, 1))
    uniform = np.concatenate([left, square_tables().roofs[row], right])
    return torch.tensor(0.25 + 0.75 * uniform, dtype=torch.float32, device=device)


def roof_line(row: int, x: Tensor, pixel: float) -> Tensor:
    """The height of the building at x, 0.25 to 1, of the same shape as x; it changes within one pixel."""
    heights = _roofs(row, x.device)
    place = ((x - HALF_PIXEL + pixel / 2) / ROOF_WIDTH + TILE_REACH * ROOFS).clamp(1, len(heights) - 1.001)
    house = place.floor().long()
    change = ((place - house) * (ROOF_WIDTH / pixel)).clamp(max=1)
    return torch.lerp(heights[house - 1], heights[house], change)


@cached_constant
def _knots(line: int, device: torch.device) -> Tensor:
    left, right = (tile_rng("roughness", line, side).random(TILE_REACH * (KNOTS[line] - 1)) for side in (-1, 1))
    values = np.concatenate([left, square_tables().knots[line], right])
    return torch.tensor(values, dtype=torch.float32, device=device)


def rough_line(line: int, x: Tensor) -> Tensor:
    """Value noise with linear interpolation, 0..1, of the same shape as x; `line` is 0, 1 or 2, coarse to fine."""
    knots, spans = _knots(line, x.device), KNOTS[line] - 1
    place = ((x - HALF_PIXEL + TILE_REACH) * spans).clamp(0, len(knots) - 1.001)
    before = place.floor().long()
    return torch.lerp(knots[before], knots[before + 1], place - before)


def triangle_wave(line: int, x: Tensor) -> Tensor:
    """A triangle wave, 0..1, of the same shape as x; `line` is 0, 1 or 2, coarse to fine."""
    count, shift = ((9, 0.1), (13, 0.4), (17, 0.7))[line]
    return 1 - (((x - HALF_PIXEL) * count + shift) % 1 * 2 - 1).abs()
