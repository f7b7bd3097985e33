"""A frame of boughs, rising ground, grass and flowers close to the eye, at the sides of a wide picture.

It leaves the square in the middle free, so that it hides nothing that the words ask for.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext, batch_max
from installation.models.theatre.polygon_mask import Outline, leaf, rasterise, stroke
from installation.models.theatre.raster import PixelGrid, box_means, box_texture, cached_constant
from installation.models.theatre.scene import Scene
from installation.models.theatre.scene_colours import colour_table
from installation.models.theatre.sprite_tables import scenery_rng
from installation.models.theatre.vocabulary import Z

BOUGHS = {  # what hangs and grows at the sides of each terrain
    "leaves": ("lake", "field", "hills", "river", "road", "village", "waterfall"),
    "needles": ("mountains", "forest"),
    "bare": ("ruins", "graveyard", "swamp", "cliffs"),
}
FRAMED_TERRAINS = tuple(terrain for terrains in BOUGHS.values() for terrain in terrains)
FREE = 0.06  # units beside the square that stay free
BLUR, OPACITY, DARKNESS = 0.0016, 0.97, 0.62  # radius of the blur in units; of the frame; of its colour
LIT = 0.42  # how much of the light the lit halves of leaves take on
SEED = 41
LEAST_HEIGHT = 64  # pixels of a picture with a frame; smaller ones are only compared with one another
JOINTS = 8  # of a bough
BLADES = 30
GROWS, SELDOM = 7.0, 1.6  # how soon a side has a frame as z moves, and how late
BLOOMS = ("f6e3a6", "f0907a", "fbf4e6", "d79ad0", "f2b84c")  # petals, one colour for each colour scheme
STEMS, PETALS = 7, 7  # of flowers on either side; of each
BLOOM_IN_DARK = 0.34  # brightness of petals in the dark
BLOOMING = ("leaves", "needles")  # boughs that have flowers below them
BETWEEN = 0.54  # y above which boughs are, and below which the ground is, in units

Bound = tuple[float, float, float, float]  # the top, bottom, left and right of a box, in units
MOUND = 0.15  # how high the ground rises at the edge of the picture, in units


def paint_near_frame(context: DrawContext) -> None:
    """Paint the frame in the colour of the nearest layer, darkened, with folded leaves, and flowers but in winter."""
    scene = context.scene
    whole = scene.grid.base or scene.grid
    if whole.right < 1 + FREE or whole.height < LEAST_HEIGHT:
        return
    dark = torch.lerp(scene.palette.near, context.colours.near, 0.7) * DARKNESS
    lit = torch.lerp(dark, scene.mist, LIT * (0.25 + 0.75 * scene.brightness.clamp(0, 1)))
    petals = _petals(scene, lit)
    for bough, terrains in BOUGHS.items():
        if not scene.has("terrain", *terrains):
            continue
        weight = OPACITY * scene.weight("terrain", *terrains)
        for bounds, side in zip(_bounds(scene.grid.texture_grid, bough), (Z.LEFT_SIDE, Z.RIGHT_SIDE), strict=True):
            grown = weight * (GROWS * scene.bounded(side) - SELDOM).clamp(0, 1)  # nothing in most of the pictures
            if batch_max(grown) <= 0:
                continue
            for bound in bounds:
                box = scene.grid.box(*bound)
                if not box.empty:
                    mask = box_texture(_frame_mask, box, bough)
                    paper = torch.lerp(dark, lit, mask[:, 1:2])
                    if bound[0] > BETWEEN:
                        paper = torch.lerp(paper, petals, mask[:, 2:])
                    context.canvas.over(box, paper, mask[:, :1] * grown)


def _petals(scene: Scene, winter: Tensor) -> Tensor:
    """The colour of the petals, [batch, 3, 1, 1], which set off the colour scheme; `winter` where it is cold."""
    petals = (scene.scheme_shares @ colour_table(BLOOMS, scene.device))[:, :, None, None]
    light = BLOOM_IN_DARK + (1 - BLOOM_IN_DARK) * scene.brightness.clamp(0, 1)
    cold = torch.maximum(scene.weight("weather", "snow"), scene.weight("sky", "winter"))
    return torch.lerp(petals * light, winter, cold)


@cached_constant
def _bounds(grid: PixelGrid, bough: str) -> tuple[list[Bound], list[Bound]]:
    """Where the boughs and the ground are on the left side, and on the right side."""
    filled = _frame_mask(grid, bough)[0, 0].cpu() > 0
    left, low = (grid.x.cpu() < 0.5).flatten(), (grid.y.cpu() > BETWEEN).flatten()[:, None]
    sides = [[filled & side & part for part in (~low, low)] for side in (left, ~left)]
    first, second = ([_bound(grid, part) for part in parts if part.any()] for parts in sides)
    return first, second


def _bound(grid: PixelGrid, filled: Tensor) -> Bound:
    """The top, bottom, left and right of what is filled of a picture, [height, width], in units, and a pixel more."""
    rows, columns = (filled.any(dim).nonzero().flatten() for dim in (1, 0))
    y, x = grid.y.flatten()[rows.to(grid.device)], grid.x.flatten()[columns.to(grid.device)]
    margin = 1.5 * grid.pixel
    return float(y[0]) - margin, float(y[-1]) + margin, float(x[0]) - margin, float(x[-1]) + margin


@cached_constant
def _frame_mask(grid: PixelGrid, bough: str) -> Tensor:
    """The coverage of the frame, how much of it is lit, and how much is petals, [1, 3, height, width]."""
    room = grid.right - 1 - FREE
    sides = [_side(grid, room, bough, number) for number in (0, 1)]
    sides[0] = [(_mirrored(one), is_lit) for one, is_lit in sides[0]]
    flowers = [_flowers(grid, room, number) if bough in BLOOMING else [] for number in (0, 1)]
    flowers[0] = [(_mirrored(one), is_petal) for one, is_petal in flowers[0]]
    leaves, blooms = ([piece for side in both for piece in side] for both in (sides, flowers))
    petals = [points for points, is_petal in blooms if is_petal]
    whole = rasterise(grid, [points for points, _ in leaves + blooms])
    lit = rasterise(grid, [points for points, is_lit in leaves if is_lit])
    bloom = rasterise(grid, petals) if petals else np.zeros_like(whole)
    sharp = torch.from_numpy(np.stack([whole, np.maximum(lit - bloom, 0), bloom]))[None]
    radius = max(1, round(BLUR * grid.unit))
    padded = F.pad(sharp, (radius,) * 4, mode="replicate")
    return box_means(padded, radius).to(grid.device)


Piece = tuple[Outline, bool]  # a polygon, and whether it is lit


def _side(grid: PixelGrid, room: float, bough: str, side: int) -> list[Piece]:
    """What frames the right side: boughs that hang into the picture, ground that rises, and grass on it."""
    rng = scenery_rng(SEED + len(bough), side)
    top, scale = min(grid.top, 0.0), min(1.0, room / 0.33)
    edge = grid.right + 0.03
    pieces: list[Piece] = []
    for start, reach, fall, size in BRANCHES[side]:
        tip = (edge - reach * (room + 0.02), top + (start + fall) * scale)
        pieces += _bough((edge, top + start * scale), tip, bough, size * scale, rng)
    return pieces + _ground(grid, room, (0.8, 1.1)[side], rng)


BRANCHES = (  # of either side: where they begin, how far they reach (1: to the square), how far they fall; their size
    ((0.02, 0.86, 0.16, 1.0), (0.10, 0.62, 0.24, 0.9), (-0.03, 0.60, 0.03, 0.8)),
    ((-0.01, 0.70, 0.14, 0.85), (0.08, 0.46, 0.20, 0.8)),
)


def _bough(
    start: tuple[float, float], tip: tuple[float, float], kind: str, scale: float, rng: np.random.Generator
) -> list[Piece]:
    """A bough that bends down towards its tip, with leaves, needles or twigs on both sides."""
    (ax, ay), (bx, by) = start, tip
    points = [(ax + (bx - ax) * t, ay + (by - ay) * t**1.8) for t in (i / JOINTS for i in range(JOINTS + 1))]
    pieces: list[Piece] = []
    for joint, (here, there) in enumerate(itertools.pairwise(points)):
        thick = 0.013 * scale * (1 - 0.095 * joint)
        pieces.append((stroke(*here, *there, thick, 0.92 * thick), False))
        along = math.atan2(there[1] - here[1], there[0] - here[0])
        if joint:
            pieces += _growth(there, along, scale * (1.12 - 0.06 * joint), kind, rng)
    return pieces + (
        _leaf(points[-1], math.atan2(by - points[-2][1], bx - points[-2][0]), scale, rng) if kind == "leaves" else []
    )


def _growth(at: tuple[float, float], along: float, scale: float, kind: str, rng: np.random.Generator) -> list[Piece]:
    """What grows at a joint of a bough, on both sides of it."""
    pieces: list[Piece] = []
    for turn in (-1, 1):
        angle = along + turn * (0.62 + 0.30 * rng.random())
        if kind == "leaves":
            pieces += _leaf(at, angle, scale, rng)
        elif kind == "needles":
            for step in range(7):
                place = at[0] + 0.010 * step * math.cos(along), at[1] + 0.010 * step * math.sin(along)
                pieces.append(
                    (
                        leaf(*place, 0.066 * scale, 0.008, along + turn * (0.75 + 0.1 * rng.random())),
                        step % 2 == 0 and turn < 0,
                    )
                )
        else:
            length = scale * (0.045 + 0.035 * rng.random())
            x, y = at[0] + length * math.cos(angle), at[1] + length * math.sin(angle)
            pieces.append((stroke(*at, x, y, 0.005, 0.0028), False))
            for fork in (-0.5, 0.6):
                bend, reach = angle + fork * (0.7 + 0.6 * rng.random()), length * (0.5 + 0.4 * rng.random())
                end = x + reach * math.cos(bend), y + reach * math.sin(bend)
                pieces.append((stroke(x, y, *end, 0.003, 0.0012), False))
    return pieces


def _leaf(at: tuple[float, float], angle: float, scale: float, rng: np.random.Generator) -> list[Piece]:
    """A leaf on a short stalk, with its upper half in the light."""
    length = scale * (0.088 + 0.034 * rng.random())
    width = 0.42 * length
    x, y = at[0] + 0.010 * math.cos(angle), at[1] + 0.010 * math.sin(angle)
    whole = leaf(x, y, length, width, angle)
    half = whole[: len(whole) // 2] if math.cos(angle) < 0 else whole[len(whole) // 2 :]
    return [(stroke(*at, x, y, 0.004, 0.004), False), (whole, False), (half, True)]


def _ground(grid: PixelGrid, room: float, height: float, rng: np.random.Generator) -> list[Piece]:
    """Ground that rises to the edge of the picture, blades of grass that lean inwards, and ears among them."""
    foot, edge = grid.bottom + 0.02, grid.right + 0.02
    inner = edge - room - 0.02
    steps = [i / 12 for i in range(13)]
    rise = [foot - 0.02 - height * MOUND * (t * t * (3 - 2 * t)) - 0.004 * rng.random() for t in steps]
    mound = [(inner + (edge - inner) * t, y) for t, y in zip(steps, rise, strict=True)]
    pieces: list[Piece] = [([(inner, foot), *mound, (edge, foot)], False)]
    for number in range(BLADES):
        x = edge - (edge - inner) * (number + 0.8 * rng.random()) / BLADES
        outer = max(0.0, min(1.0, (x - inner) / (edge - inner)))
        y = rise[round(12 * outer)] + 0.01
        length = height * (0.07 + 0.13 * rng.random()) * (0.35 + 0.75 * outer)
        lean = -math.pi / 2 - 0.12 - 0.42 * rng.random()
        blade = leaf(x, y, length, 0.075 * length + 0.004, lean, 0.25)
        pieces += [(blade, False), (blade[: len(blade) // 2], number % 3 == 0)]
        if number % 5 == 2:
            tall = 1.25 * length
            ear_x, ear_y = x + tall * math.cos(lean), y + tall * math.sin(lean)
            pieces.append((stroke(x, y, ear_x, ear_y, 0.004, 0.0025), False))
            pieces.append((leaf(ear_x, ear_y, 0.050 * height, 0.013, lean - 0.25), True))
    return pieces


def _flowers(grid: PixelGrid, room: float, side: int) -> list[Piece]:
    """Open flowers on tall stems above the grass of the right side; the second of a piece is whether it is a petal."""
    rng = scenery_rng(SEED + 7, side)
    edge, foot = grid.right + 0.02, grid.bottom + 0.02
    pieces: list[Piece] = []
    for number in range(STEMS):
        outer = (number + 0.7 * rng.random()) / STEMS
        x = edge - room * (1 - outer) - 0.01
        tall = (0.09 + 0.20 * outer) * (0.6 + 0.5 * rng.random()) + 0.05
        size = (0.020 + 0.014 * rng.random()) * min(1.0, room / 0.33)
        head_x, head_y = x - 0.10 * tall, foot - 0.02 - MOUND * outer * outer - tall
        pieces.append((stroke(x, foot, head_x, head_y, 0.0045, 0.003), False))
        pieces.append((leaf(x - 0.04 * tall, head_y + 0.55 * tall, 0.055, 0.016, -0.9 - 1.3 * (number % 2)), False))
        turn = rng.random()
        for petal in range(PETALS):
            angle = 2 * math.pi * (petal + turn) / PETALS
            at = head_x + 0.3 * size * math.cos(angle), head_y + 0.22 * size * math.sin(angle)
            pieces.append((leaf(*at, size * (1 - 0.18 * abs(math.sin(angle))), 0.58 * size, angle), True))
    return pieces


def _mirrored(points: Outline) -> Outline:
    return [(1 - x, y) for x, y in points]
