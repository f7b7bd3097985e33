"""Flowers of a field: poppies and daisies on stems, small and dense far away, absent at night and in snow."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from installation.models.op_tape import decisions
from installation.models.theatre.draw_context import DrawContext, batch_max, batch_min
from installation.models.theatre.particles import ParticleSet, Sprites, particle_set, splat, streak
from installation.models.theatre.raster import (
    Box,
    PixelGrid,
    box_texture,
    cached_constant,
    colour_tensor,
    interpolate_lines,
    sine_of_sum,
)
from installation.models.theatre.scene import Scene
from installation.models.theatre.sprite_tables import REFERENCE_PIXELS
from installation.models.theatre.vocabulary import SUBJECTS, Z

LABELS = tuple(SUBJECTS)
_MANY = ("many", "crowd", "second many", "second crowd")  # marks of figures that cover a field
SPECIES = (("e2352c", "f2789a"), ("fff6e0", "f4c33c"))  # poppies and daisies: two colours of each
MEADOWS = (  # the same four colours of a meadow that an audience sees
    ("d9483a", "e8604a", "fff1dc", "f6dcc0"),  # poppies among white
    ("6f5fb8", "8a7cd0", "e9e4ff", "c9bdf0"),  # lavender
    ("f3c534", "f7d869", "fff6d8", "ffe9a0"),  # buttercups
    ("e06a94", "f2a0b8", "fff0f2", "ffd6de"),  # pinks
    ("3f6fc4", "6f9ae0", "f4f6ff", "cfdcf8"),  # cornflowers among white
)
MEADOW_OF = {  # flowers that words name many of: the four colours of the meadow around them, which is full of them
    "poppy": ("d6342a", "e8604a", "c8281f", "ef7a5c"),
    "lavender": ("7d5fc0", "9a80d6", "6a4fae", "b39ae6"),
    "daffodil": ("f2cf3c", "f7df72", "e8b52c", "fbeaa0"),
    "daisy": ("fbf8ee", "fffdf6", "f4efdc", "f6d65a"),
    "bluebell": ("5b62c4", "7f86dc", "4a50ac", "9aa0ea"),
    "tulip": ("e06a94", "f2a0b8", "d84a6a", "ffd6de"),
    "sunflower": ("f3c534", "f7d869", "e0a52a", "ffe9a0"),
    "rose": ("d2365a", "ea7a90", "b82a48", "f2a8b4"),
    "wheat": ("e0bb58", "ecd07c", "cfa544", "f4dfa0"),
}
POPPY_SHARE = 0.55
STEM_DARKNESS = 0.5
DIM, BRIGHT = 0.37, 0.63  # the brightness of the land up to which no flower is visible, and from which all are
FIELD_TOP, FIELD_DEPTH = 0.80, 0.20  # y where the flowers begin, and how far down they reach in the square
CROWDING = 1.6  # exponent by which flowers stand closer together far away
SWAY = 0.002  # how far a meadow sways, in units
LUSH, SPARSE = -0.25, 1.1  # how many flowers an audience sees on a meadow; how much that differs
LARGEST = 3.3 / REFERENCE_PIXELS  # radius of a blossom, in units


@dataclass(frozen=True)
class FlowerField:
    """The flowers that a grid may show."""

    x: Tensor  # [flowers], units
    y: Tensor  # [flowers]
    shape: Tensor  # [2, flowers]: radius in units, angle in radians
    species: Tensor  # [flowers] int64, an index into SPECIES
    stems: Tensor  # [1, 1, height, width], coverage of all stems


@cached_constant
def flower_field(grid: PixelGrid) -> FlowerField:
    """All flowers of a field and their stems; the same in every scene."""
    flowers = particle_set("flowers", grid.device, above=0, below=3)
    x, y = _positions(flowers)
    near = ((y - FIELD_TOP) / FIELD_DEPTH).clamp(max=1.1)
    radius = (0.55 + 2.1 * near) * (0.85 + 0.3 * flowers.motion[:, 0]) / REFERENCE_PIXELS
    height = (2.0 + 1.2 * flowers.motion[:, 1]) * radius
    stems = Sprites(
        x=x,
        y=y + height / 2,
        opacity=torch.ones_like(x),
        shape=torch.stack([0 * height, height, 0.28 * radius]),
        extent=(LARGEST / 4, 2 * LARGEST),
        kernel=streak,
    )
    species = (flowers.motion[:, 2] >= POPPY_SHARE).long()
    visible = (x > grid.left - 0.1) & (x < grid.right + 0.1) & (y < grid.bottom + 0.1)
    shape = torch.stack([radius, 6.283 * flowers.traits[:, 0]])
    return FlowerField(x[visible], y[visible], shape[:, visible], species[visible], splat(grid, stems))


def _stems(grid: PixelGrid) -> Tensor:
    return flower_field(grid).stems


def _positions(flowers: ParticleSet) -> tuple[Tensor, Tensor]:
    """The x and y of flowers. A tile's first column is how near a flower is, its second x within the tile."""
    tile_across, tile_down = flowers.x.floor(), flowers.y.floor()
    nearness, x = flowers.x - tile_across + tile_down, flowers.y - tile_down + tile_across
    depth = torch.where(nearness < 1, nearness**CROWDING, 1 + CROWDING * (nearness - 1))
    return x, FIELD_TOP + FIELD_DEPTH * depth


def _blossom(dx: Tensor, dy: Tensor, shape: Tensor, pixel: float) -> Tensor:
    """Five petals seen obliquely from above, a polar rose; `shape` is its radius and its angle in radians."""
    radius, angle = shape[0], shape[1]
    down = dy / 0.78
    distance = torch.sqrt(dx * dx + down * down + 1e-12)
    cosine = (dx * angle.cos() + down * angle.sin()) / distance
    square = cosine * cosine
    petals = cosine * (5 + square * (16 * square - 20))  # cos(5t) as the Chebyshev polynomial of cos(t)
    edge = radius * (0.80 + 0.20 * petals)
    return ((edge - distance) / pixel + 0.5).clamp(0, 1) * (1.5 * radius / pixel).clamp(max=1)


def _bloom(scene: Scene) -> Tensor:
    """How visible the flowers are: by the light, not in snow nor in winter, less in fog; [batch, 1, 1, 1] in 0..1."""
    light = ((scene.brightness - DIM) / (BRIGHT - DIM)).clamp(0, 1)
    summer = (1 - scene.weight("weather", "snow")) * (1 - scene.weight("sky", "winter"))
    clear = 1 - 0.45 * scene.weight("weather", "fog")
    return scene.weight("terrain", "field") * light * light * (3 - 2 * light) * summer * clear


def paint_flowers(context: DrawContext) -> None:
    """Paint stems, then the nodding blossoms of each species, on the near layer."""
    canvas, scene = context.canvas, context.scene
    bloom, ridge = _bloom(scene), context.ridges.near
    box = scene.grid.box(top=max(batch_min(ridge), FIELD_TOP) - LARGEST)
    if box.empty or batch_max(bloom) <= 0:
        return
    field = flower_field(scene.grid.texture_grid)
    if scene.staged:
        drawn = _swaying(scene, box)
        stems, kinds = drawn[:, :1], drawn[:, 1:]
    else:
        stems, kinds = box_texture(_stems, box), _blossom_cover(scene, field)[:, :, box.rows]
    visible = box.coverage(box.y - box.crop(ridge)) * bloom
    if scene.staged:
        visible = visible * _drifts(scene, box)
    canvas.multiply(box, 1 - stems * (STEM_DARKNESS * visible))
    drifts = 0.5 + 0.5 * sine_of_sum(2 * torch.sin(box.y * 31), box.x * 11)  # patches of one colour or the other
    light = (0.24 + 0.84 * scene.brightness).clamp(max=1)
    for number, (first, second) in enumerate(_colours(scene)):
        colour = torch.lerp(first, second, drifts) * light
        if scene.has("weather", "fog"):
            colour = torch.lerp(colour, scene.mist, 0.35 * scene.weight("weather", "fog"))
        canvas.over(box, colour, kinds[:, number : number + 1] * (0.94 * visible))


def _drifts(scene: Scene, box: Box) -> Tensor:
    """Where flowers stand together, 0..1, [batch, 1, rows, columns]: in drifts that are narrow far away."""
    down = 3.0 / (box.y - FIELD_TOP + 0.13)
    across = 5.1 * box.x + 2.4 * torch.sin(1.7 * box.x + 3 * scene.bounded(Z.SHIFT[1]))
    lush = LUSH + SPARSE * scene.bounded(Z.SHIFT[3])  # grass with a few drifts, or a whole meadow
    drifts = (lush + 1.1 * sine_of_sum(down, across + 4 * scene.bounded(Z.SHIFT[2]))).clamp(0, 1)
    for _, share in _named(scene):
        drifts = torch.lerp(drifts, torch.ones_like(drifts), share)
    return drifts


def _named(scene: Scene) -> list[tuple[tuple[str, ...], Tensor]]:
    """The meadows of the flowers that words name many of, each with its share, [batch, 1, 1, 1]."""
    if not scene.staged or scene.marks.isdisjoint(_MANY):
        return []
    columns = [LABELS.index(label) for label in MEADOW_OF]
    first = float(not scene.marks.isdisjoint(_MANY[:2]))
    shares = scene.group("subject")[:, columns] * first
    if scene.has_second and not scene.marks.isdisjoint(_MANY[2:]):
        shares = torch.maximum(shares, scene.second_kind[:, columns])
    seen = decisions((shares > 0).any(0))
    return [
        (colours, shares[:, place].view(-1, 1, 1, 1)) for place, colours in enumerate(MEADOW_OF.values()) if seen[place]
    ]


def _colours(scene: Scene) -> list[tuple[Tensor, Tensor]]:
    """Two colours of each species: for an audience those of the meadow that z chooses, else of all summer."""
    if not scene.staged:
        return [(colour_tensor(first, scene.device), colour_tensor(second, scene.device)) for first, second in SPECIES]
    place = float(scene.bounded(Z.SHIFT[0]) + 1) / 2 * (len(MEADOWS) - 1)
    before = min(int(place), len(MEADOWS) - 2)
    share = min(max((place - before - 0.5) * 3 + 0.5, 0.0), 1.0)  # hardly ever between two
    mixed = [
        torch.lerp(colour_tensor(one, scene.device), colour_tensor(other, scene.device), share)
        for one, other in zip(MEADOWS[before], MEADOWS[before + 1], strict=True)
    ]
    for colours, part in _named(scene):
        mixed = [
            torch.lerp(usual, colour_tensor(own, scene.device), part) for usual, own in zip(mixed, colours, strict=True)
        ]
    return [(mixed[0], mixed[1]), (mixed[2], mixed[3])]


def _swaying(scene: Scene, box: Box) -> Tensor:
    """Stems and the blossoms of each species as they sway, [1, 1 + species, rows, columns]: drawn once for a size."""
    source = box.grid.texture_grid
    first = source.box(top=FIELD_TOP - 2 * LARGEST).rows.start
    rows = source.row(box.y.flatten()) - first
    sway = SWAY * torch.sin(scene.angle(0.9) + 9 * box.x.flatten())
    meadow = interpolate_lines(_meadow(source)[:, :, first:], 2, rows)
    return interpolate_lines(meadow, 3, source.column(box.x.flatten() - sway))


@cached_constant
def _meadow(grid: PixelGrid) -> Tensor:
    """Stems, and the blossoms of each species, [1, 1 + species, height, width]."""
    field = flower_field(grid)
    sprites = Sprites(field.x, field.y, torch.ones_like(field.x), field.shape, (LARGEST, LARGEST), _blossom)
    return torch.cat((field.stems, splat(grid, sprites, field.species, len(SPECIES))), 1)


def _blossom_cover(scene: Scene, field: FlowerField) -> Tensor:
    """Coverage of the blossoms of each species, [1, species, height, width]."""
    nod = 0.003 * (torch.sin(scene.angle(0.9) + 9 * field.x) - torch.sin(9 * field.x))
    sprites = Sprites(
        x=field.x + nod,
        y=field.y,
        opacity=torch.ones_like(nod),
        shape=field.shape,
        extent=(LARGEST, LARGEST),
        kernel=_blossom,
    )
    return splat(scene.grid, sprites, field.species, len(SPECIES))
