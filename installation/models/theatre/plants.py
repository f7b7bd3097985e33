"""What stands in rows on the land that an audience sees, as polygons: trees, firs, acacias, corals, rocks and shards.

A plant stands at x with its foot at `foot`, in units; its `size` is 1 for one of usual height in the distance.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from installation.models.theatre.polygon_mask import Outline, palm, stroke
from installation.models.theatre.sprite_tables import scenery_rng

SEED = 877
DARK, DIM, LIT = -0.9, -0.6, 0.65  # of trunks, and of faces in the shade and in the light

Piece = tuple[Outline, float, float]  # a polygon, how much light falls on it (-1..1), its opacity


class Row(NamedTuple):
    """How a kind of plants stands along the ground.

    Attributes:
        gap: Between two groups, on average, in units.
        group: Plants of the largest group.
        apart: Distance of two plants of a group, in sizes.
        depth: How far below the ridge the nearest stand, in units.
        size: Of the farthest ones, and how much larger the nearest are.
    """

    gap: float
    group: float
    apart: tuple[float, float]
    depth: float
    size: tuple[float, float]


SLOPE = (0.62, 0.43)
ROWS = {
    "leafy": Row(0.30, 4.5, (0.030, 0.035), 0.062, SLOPE),
    "needles": Row(0.20, 4.5, (0.030, 0.035), 0.062, SLOPE),
    "acacias": Row(0.26, 3.0, (0.05, 0.05), 0.062, SLOPE),
    "desert": Row(0.30, 3.5, (0.035, 0.05), 0.055, (0.7, 0.6)),
    "reef": Row(0.06, 5.5, (0.026, 0.030), 0.060, (1.1, 0.7)),
    "shards": Row(0.24, 4.5, (0.022, 0.03), 0.055, (0.9, 0.6)),
    "firwood": Row(0.16, 3.0, (0.035, 0.045), 0.012, (1.2, 0.8)),
    "leafwood": Row(0.12, 3.0, (0.040, 0.040), 0.012, (1.4, 0.8)),
    "birchwood": Row(0.08, 4.0, (0.016, 0.030), 0.012, (1.4, 0.7)),
}


class Plant(NamedTuple):
    """A plant: the x of its trunk, and what it is made of, in the order of painting."""

    x: float
    pieces: list[Piece]


def plants_along(kind: str, length: float) -> list[Plant]:
    """Groups of plants with gaps between them; those farther down the slope are larger, and come later."""
    row, rng = ROWS[kind], scenery_rng(SEED + list(ROWS).index(kind), 0)
    plants: list[tuple[float, Plant]] = []
    at = 0.1
    while at < length - 0.15:
        near = rng.random() ** 1.6
        scale, down = row.size[0] + row.size[1] * near, 0.006 + row.depth * near
        for _ in range(1 + int(row.group * rng.random() ** 1.5)):
            size = scale * (0.8 + 0.4 * rng.random())
            foot = down + 0.006 * rng.random()
            shadow = (_oval(at + 0.022 * size, foot, 0.050 * size, 0.0055 * size), -1.0, 0.30)
            plants.append((near, Plant(at, [shadow, *_DRAW[kind](at, foot, size, rng)])))
            at += size * (row.apart[0] + row.apart[1] * rng.random())
        at += row.gap * (0.25 + 1.5 * rng.random())
    return [plant for _, plant in sorted(plants, key=lambda one: one[0]) if plant.x < length - 0.12]


def _leafy(x: float, foot: float, size: float, rng: np.random.Generator) -> list[Piece]:
    """A round tree, a bush, a poplar or a fir."""
    chance = rng.random()
    if chance < 0.10:
        return _fir(x, foot, size, rng)
    if chance < 0.30:
        return _poplar(x, foot, size * (0.8 + 0.4 * rng.random()), rng)
    if chance < 0.48:
        return _crown(x, foot - 0.014 * size, 0.026 * size, 0.019 * size, rng)
    return _round_tree(x, foot, size, rng)


def _round_tree(x: float, foot: float, size: float, rng: np.random.Generator) -> list[Piece]:
    tall = 0.030 + 0.014 * rng.random()
    trunk: Piece = (stroke(x, foot, x, foot - 1.3 * tall * size, 0.0085 * size, 0.005 * size), DARK, 1.0)
    half = (0.031 + 0.013 * rng.random()) * size
    return [trunk, *_crown(x, foot - tall * size - 0.8 * half, half, half * (0.86 + 0.3 * rng.random()), rng)]


def _tall_tree(x: float, foot: float, size: float, rng: np.random.Generator) -> list[Piece]:
    """A tree of a wood: two or three crowns on a high trunk; at times a bush."""
    if rng.random() < 0.25:
        return _crown(x, foot - 0.012 * size, 0.030 * size, 0.018 * size, rng)
    tall, lean = (0.048 + 0.022 * rng.random()) * size, 0.008 * size * (2 * rng.random() - 1)
    pieces: list[Piece] = [(stroke(x, foot, x + lean, foot - 1.1 * tall, 0.0095 * size, 0.005 * size), DARK, 1.0)]
    for out, up in ((-0.018, 0.92), (0.019, 0.98), (0.001, 1.28))[: 2 + (rng.random() < 0.7)]:
        half = (0.021 + 0.008 * rng.random()) * size
        pieces.append(
            (stroke(x, foot - 0.55 * tall, x + lean + out * size, foot - up * tall, 0.005 * size, 0.003), DARK, 1.0)
        )
        pieces += _crown(x + lean + out * size, foot - up * tall, half, 0.8 * half, rng)
    return pieces


def _oval(x: float, y: float, half_width: float, half_height: float) -> Outline:
    turns = [2 * math.pi * i / 14 for i in range(14)]
    return [(x + half_width * math.cos(turn), y + half_height * math.sin(turn)) for turn in turns]


def _crown(x: float, y: float, half_width: float, half_height: float, rng: np.random.Generator) -> list[Piece]:
    """A crown of folded paper: faces around a point, brighter towards the upper left."""
    corners = 9
    turns = [2 * math.pi * (i + 0.5 * rng.random()) / corners for i in range(corners)]
    edge = []
    for turn in turns:
        reach = 0.86 + 0.26 * rng.random()
        edge.append((x + half_width * reach * math.cos(turn), y + half_height * reach * math.sin(turn)))
    return [(edge, -0.3, 1.0), *_faces((x - 0.18 * half_width, y - 0.12 * half_height), edge, turns, rng)]


def _faces(top: tuple[float, float], edge: Outline, turns: list[float], rng: np.random.Generator) -> list[Piece]:
    """Triangles from a point to an edge around it, lit from the upper left."""
    pieces: list[Piece] = []
    for i, turn in enumerate(turns):
        light = 0.8 * math.cos(turn + math.pi / len(turns) - math.radians(232)) + 0.25 * (rng.random() - 0.5)
        pieces.append(([top, edge[i], edge[(i + 1) % len(edge)]], max(-1.0, min(1.0, light)), 1.0))
    return pieces


def _poplar(x: float, foot: float, size: float, rng: np.random.Generator) -> list[Piece]:
    """A slender tree, folded along its middle."""
    tall, half = 0.100 * size, 0.0145 * size
    shape = [(0.0, 0.25), (0.12, 0.75), (0.35, 1.0), (0.62, 0.80), (0.84, 0.42), (1.0, 0.0)]
    low = foot - 0.012 * size
    sides: list[Outline] = []
    for side in (-1, 1):
        rim = [(x + side * half * wide * (0.9 + 0.2 * rng.random()), low - tall * up) for up, wide in shape]
        sides.append([(x, low), *rim])
    trunk: Piece = (stroke(x, foot, x, low - 0.01, 0.006 * size, 0.006 * size), DARK, 1.0)
    return [trunk, (sides[0], 0.75, 1.0), (sides[1], -0.55, 1.0)]


def _fir(x: float, foot: float, size: float, rng: np.random.Generator) -> list[Piece]:
    """Three or four tiers, each folded along its middle."""
    size = size * (0.8 + 0.5 * rng.random())
    tiers = 3 + (size > 1.8)
    pieces: list[Piece] = [(stroke(x, foot, x, foot - 0.02 * size, 0.007 * size, 0.007 * size), DARK, 1.0)]
    for tier in range(tiers):
        low = foot - (0.012 + 0.078 / tiers * tier) * size
        half = (0.030 - 0.0215 / tiers * tier) * size * (0.9 + 0.2 * rng.random())
        top, fold = (x, low - (0.048 if tiers == 3 else 0.040) * size), (x + 0.15 * half, low - 0.004 * size)
        pieces += [([top, (x - half, low), fold], 0.55, 1.0), ([top, fold, (x + half, low)], -0.65, 1.0)]
    return pieces


def _acacia(x: float, foot: float, size: float, rng: np.random.Generator) -> list[Piece]:
    """A flat crown on a forked trunk."""
    tall, half = (0.062 + 0.02 * rng.random()) * size, (0.050 + 0.018 * rng.random()) * size
    fork = foot - 0.45 * tall
    pieces: list[Piece] = [(stroke(x, foot, x, fork, 0.009 * size, 0.007 * size), DARK, 1.0)]
    for side in (-0.55, 0.1, 0.6):
        pieces.append((stroke(x, fork, x + side * half, foot - tall, 0.006 * size, 0.004 * size), DARK, 1.0))
    for out, up, wide in ((0.0, 0.0, 1.0), (-0.28, 0.16, 0.6), (0.32, 0.12, 0.5)):
        pieces += _crown(x + out * half, foot - tall - up * half, half * wide, 0.24 * half * (0.6 + 0.4 * wide), rng)
    return pieces


def _birch(x: float, foot: float, size: float, rng: np.random.Generator) -> list[Piece]:
    """A pale trunk with dark marks and two or three light crowns; at times a fern instead."""
    if rng.random() < 0.3:
        return _crown(x, foot - 0.010 * size, 0.024 * size, 0.015 * size, rng)
    tall, wide = (0.075 + 0.030 * rng.random()) * size, 0.0062 * size
    lean = 0.006 * size * (2 * rng.random() - 1)
    pieces: list[Piece] = []
    for _ in range(3):
        out, up = 0.020 * size * (2 * rng.random() - 1), tall * (0.68 + 0.38 * rng.random())
        half = (0.016 + 0.010 * rng.random()) * size
        pieces += _crown(x + lean + out, foot - up, half, 0.72 * half, rng)
    pieces.append((stroke(x, foot, x + lean, foot - 1.05 * tall, wide, 0.45 * wide), 1.6, 1.0))
    for mark in range(5):
        y = foot - tall * (0.08 + 0.14 * mark + 0.06 * rng.random())
        pieces.append((stroke(x - 0.3 * wide, y, x + 0.35 * wide, y - 0.001, 0.0022 * size, 0.0012 * size), -1.0, 0.9))
    return pieces


def _coral(x: float, foot: float, size: float, rng: np.random.Generator) -> list[Piece]:
    """A branching coral, a fan, tubes or a rock."""
    chance = rng.random()
    if chance < 0.30:
        return _rock(x, foot, size, rng)
    if chance < 0.50:
        half = 0.030 * size
        return _crown(x, foot - 0.7 * half, half, half * 0.8, rng)
    if chance < 0.70:
        tubes: list[Piece] = []
        for tube in (-1, 0, 1):
            tall, at = (0.03 + 0.03 * rng.random()) * size, x + 0.014 * size * tube
            tubes.append(
                (stroke(at, foot, at + 0.004 * tube, foot - tall, 0.009 * size, 0.014 * size), 0.4 * tube, 1.0)
            )
            tubes.append((_oval(at + 0.004 * tube, foot - tall, 0.007 * size, 0.003 * size), DARK, 1.0))
        return tubes
    pieces: list[Piece] = []

    def grow(ax: float, ay: float, angle: float, length: float, forks: int) -> None:
        bx, by = ax + length * math.sin(angle), ay - length * math.cos(angle)
        thick = 0.0038 * size * (1.4 + forks)
        pieces.append((stroke(ax, ay, bx, by, thick, 0.75 * thick), 0.5 - 0.9 * (angle > 0), 1.0))
        for side in (-1, 1) if forks else ():
            grow(bx, by, angle + side * (0.3 + 0.4 * rng.random()), length * (0.65 + 0.25 * rng.random()), forks - 1)

    grow(x, foot, 0.2 * (rng.random() - 0.5), 0.028 * size, 3)
    return pieces


def _rock(x: float, foot: float, size: float, rng: np.random.Generator) -> list[Piece]:
    """A boulder with faces."""
    half, tall = (0.024 + 0.022 * rng.random()) * size, (0.022 + 0.028 * rng.random()) * size
    turns = [math.pi * (1 + i / 5) for i in range(6)]
    edge = []
    for turn in turns:
        reach = 0.85 + 0.3 * rng.random()
        edge.append((x + half * reach * math.cos(turn), foot + tall * reach * math.sin(turn)))
    return _faces((x + 0.1 * half, foot - 0.35 * tall), edge, turns, rng)


def _shard(x: float, foot: float, size: float, rng: np.random.Generator) -> list[Piece]:
    """A pointed block of ice, folded along its middle."""
    half, tall = (0.016 + 0.014 * rng.random()) * size, (0.035 + 0.05 * rng.random()) * size
    top, fold = (x + half * (rng.random() - 0.5), foot - tall), (x + 0.3 * half, foot)
    left, right = (x - half, foot - 0.15 * tall), (x + half, foot - 0.25 * tall)
    return [([top, left, (x - half, foot), fold], 0.9, 1.0), ([top, fold, (x + half, foot), right], DIM, 1.0)]


def _desert(x: float, foot: float, size: float, rng: np.random.Generator) -> list[Piece]:
    """A palm or a rock."""
    if rng.random() < 0.55:
        return _rock(x, foot, size, rng)
    height = (0.062 + 0.022 * rng.random()) * size
    outlines = palm(x, foot, height, 0.02 * size * (2 * rng.random() - 1))
    return [(one, DARK if i < 4 else 0.8 - 0.22 * (i - 4), 1.0) for i, one in enumerate(outlines)]


_DRAW = {
    "leafy": _leafy,
    "needles": _fir,
    "acacias": _acacia,
    "desert": _desert,
    "reef": _coral,
    "shards": _shard,
    "firwood": _fir,
    "leafwood": _tall_tree,
    "birchwood": _birch,
}
