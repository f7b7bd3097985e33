"""The theatre's props: stars, drops, flakes, petals, embers, flowers, roofs, flames and bolts, the same at every start.

All stand in continuous coordinates, in tiles: tile (0, 0) lies in the square picture, its neighbours go on from there
for as far as a picture may reach. A tile is an array of uniform numbers, one row for each thing; what the columns mean
is said where the things are drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from installation.models.theatre.raster import lasting

Table = NDArray[np.float64]
SEED = 7
REACH = 3  # tiles on either side of the square: pictures may be up to 7 times as wide as high
SCREEN = 128  # the props' own measure: sizes are told in 128ths of the square, as on a screen of 128 pixels
HALF = 0.5 / SCREEN

DRAWN = {  # rows, columns of each kind in a tile, in the order in which they are drawn
    "small stars": (70, 4),
    "large stars": (28, 4),
    "rain": (90, 4),
    "snow": (100, 4),
    "petals": (46, 5),
    "embers": (60, 4),
}
LATER = {  # kinds that came later: they have streams of their own, so that the first ones stay as they are
    "autumn leaves": (44, 5),
    "fireflies": (30, 4),
    "meteors": (9, 4),
    "lanterns": (11, 4),
    "gulls": (11, 4),
}
ROOFS = 26  # buildings of a ridge within the square
ROOF_WIDTH = 5 / SCREEN
ROUGHNESS = (10, 14, 18)  # knots of the three rough lines within the square
FLAMES = (13, 17)  # flames of the two curtains within the square
BOLTS = 4  # different bolts of lightning

Bolt = list[tuple[float, float, float, float, float]]  # x and y of the start, x and y of the end, width in 128ths


class SpriteTables:
    """The tiles within the square, from one stream of numbers (numpy keeps this generator's stream for ever)."""

    def __init__(self) -> None:
        stream = np.random.RandomState(SEED)
        self.tiles = {kind: stream.rand(*shape) for kind, shape in DRAWN.items()}
        self.bolt = bolt(stream.rand)
        self.flowers = stream.rand(110, 3)
        self.roofs = stream.rand(3, ROOFS)
        self.roughness = [stream.rand(knots) for knots in ROUGHNESS]
        self.flames = [np.stack([stream.randn(n), stream.rand(n), stream.rand(n)], 1) for n in FLAMES]


KINDS = (*DRAWN, "flowers", "roofs", "roughness", "flames", "bolt", "cloud", "temper", *LATER)


@cache
def in_square() -> SpriteTables:
    """The props of the square picture."""
    return SpriteTables()


def stranger(kind: str, *place: int) -> np.random.Generator:
    """The random numbers of a tile outside of the square."""
    return np.random.default_rng([SEED, KINDS.index(kind), *(part % (1 << 32) for part in place)])


def tile(kind: str, across: int, down: int = 0) -> Table:
    """One tile of a kind, uniform numbers: [things, columns]."""
    if kind in LATER:
        return stranger(kind, across, down).random(LATER[kind])
    home = in_square().flowers if kind == "flowers" else in_square().tiles[kind]
    if (across, down) == (0, 0):
        return home
    return stranger(kind, across, down).random(home.shape)


def temper(kind: str, across: int, down: int, columns: int) -> Table:
    """How each thing of a tile moves: uniform numbers, [things, columns]."""
    things = len(tile(kind, across, down))
    return stranger("temper", KINDS.index(kind), across, down).random((things, columns))


def bolt(rand: Callable[[], float]) -> Bolt:
    """A bolt of lightning with its branches, from the top of the square downwards."""
    segments: Bolt = []

    def grow(x: float, y: float, length: float, width: float, lean: float) -> None:
        while length > 0:
            to = (x + (rand() - 0.5 + lean) * 0.09, y + (0.04 + 0.03 * rand()))
            segments.append((x, y, *to, width))
            x, y = to
            length -= 0.055
            if rand() < 0.25 and width > 1:
                grow(x, y, 0.2, 0.75, (rand() - 0.5) * 1.6)

    grow(0.62, 0.0, 0.66, 1.5, -0.05)
    return segments


@lasting
def roofs(ridge: int, device: torch.device) -> Tensor:
    """Heights of a ridge's buildings, 0.25 to 1, from REACH tiles left of the square to REACH tiles right of it."""
    around = [stranger("roofs", ridge, side).random(REACH * ROOFS) for side in (-1, 1)]
    row = np.concatenate([around[0], in_square().roofs[ridge], around[1]])
    return torch.tensor(0.25 + 0.75 * row, dtype=torch.float32, device=device)


def roof_line(ridge: int, x: Tensor, pixel: float) -> Tensor:
    """The height of the building at x, 0.25 to 1, of the same shape; from one to the next it changes within a pixel."""
    row = roofs(ridge, x.device)
    place = ((x - HALF + pixel / 2) / ROOF_WIDTH + REACH * ROOFS).clamp(1, len(row) - 1.001)
    house = place.floor().long()
    change = ((place - house) * (ROOF_WIDTH / pixel)).clamp(max=1)
    return torch.lerp(row[house - 1], row[house], change)


@lasting
def knots(line: int, device: torch.device) -> Tensor:
    around = [stranger("roughness", line, side).random(REACH * (ROUGHNESS[line] - 1)) for side in (-1, 1)]
    row = np.concatenate([around[0], in_square().roughness[line], around[1]])
    return torch.tensor(row, dtype=torch.float32, device=device)


def rough_line(line: int, x: Tensor) -> Tensor:
    """A broken line of random heights 0..1 at x, of the same shape; line 0, 1 or 2."""
    row, spans = knots(line, x.device), ROUGHNESS[line] - 1
    place = ((x - HALF + REACH) * spans).clamp(0, len(row) - 1.001)
    before = place.floor().long()
    return torch.lerp(row[before], row[before + 1], place - before)


def triangles(line: int, x: Tensor) -> Tensor:
    """A row of even teeth, 0..1, at x; line 0, 1 or 2."""
    count, shift = ((9, 0.1), (13, 0.4), (17, 0.7))[line]
    return 1 - (((x - HALF) * count + shift) % 1 * 2 - 1).abs()


@lasting
def flames(curtain: int, device: torch.device) -> Tensor:
    """The flames of a curtain: [4, flames, 1]: x, half width, height, temper (0..1)."""
    count = FLAMES[curtain]
    rows = []
    for across in range(-REACH, REACH + 1):
        other = stranger("flames", curtain, across)
        home = in_square().flames[curtain] if across == 0 else np.stack(
            [other.standard_normal(count), other.random(count), other.random(count)], 1
        )  # fmt: skip
        centres = -0.02 + 1.04 * (np.arange(count) + across * count) / (count - 1) + 0.03 * home[:, 0]
        rows.append(np.stack([centres, 0.055 + 0.03 * home[:, 1], 0.5 + 0.5 * home[:, 2], other.random(count)]))
    return torch.tensor(np.concatenate(rows, 1), dtype=torch.float32, device=device)[..., None]


@lasting
def bolts(variant: int, device: torch.device) -> Tensor:
    """The segments of one of the bolts: [segments, 5]."""
    segments = in_square().bolt if variant == 0 else bolt(stranger("bolt", variant).random)
    return torch.tensor(segments, dtype=torch.float32, device=device)
