"""Two to four figures of a kind for an audience: an uneven cluster in depth, not a row.

Those farther back are smaller, higher on the land and partly covered; the cluster has no even spacing and no axis.
Which of several clusters a picture has follows from z. All who go one way keep a lengthwise one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.crowds import FARTHER, LOWEST_FOOT, OPEN_LAND
from installation.models.theatre.figure_layout import SUNK, Figure, height_at
from installation.models.theatre.scene import Scene
from installation.models.theatre.stage_room import Footing
from installation.models.theatre.vocabulary import Z

SMALLEST = 0.70  # of who is farthest back, relative to who is nearest
PEOPLE_SMALLEST = 0.84  # the same of people, who are known to be of one height
NEAREST, ON_EDGE = 0.062, 0.45  # how far below the edge of the land the nearest stands, in units; depth of that edge
LEVEL_NEAR, LEVEL_FAR = 0.035, 0.045  # on floors and on water: how far below the usual place, and above it
CAMPFIRE = "campfire"  # a mark
CHOSEN_BY = Z.COMPANION_SIZE  # dimension of z that chooses a cluster
NARROW, SPREAD = 0.30, 1.35  # half width in heights below which who stands upright needs more room; how much at most


class Spot(NamedTuple):
    """Where one of a few stands.

    Attributes:
        place: Along the cluster from the first, in widths of a figure, towards the middle of the picture.
        depth: 0 for the nearest to 1 for the farthest.
        size: Relative to others at that depth.
        mirrored: Whether it faces the other way than the first.
        up: How much higher it flies than the first, in heights, if it does.
    """

    place: float
    depth: float
    size: float = 1.0
    mirrored: bool = False
    up: float = 0.0


Cluster = tuple[Spot, ...]
FIRST = Spot(0.0, 0.0)
CLUSTERS: dict[str, tuple[Cluster, ...]] = {
    "two": (
        (FIRST, Spot(0.94, 0.85, 0.97, True, 0.5)),
        (FIRST, Spot(-0.78, 1.0, 1.0, False, 0.62)),
        (FIRST, Spot(1.12, 0.6, 0.92, True, -0.35)),
        (FIRST, Spot(0.80, 1.0, 1.02, False, 0.8)),
    ),
    "three": (
        (FIRST, Spot(0.70, 0.8, 0.96, True, 0.72), Spot(-0.92, 1.0, 0.92, False, 0.35)),
        (FIRST, Spot(0.92, 0.4, 0.95, False, 0.3), Spot(1.62, 1.0, 0.92, True, 0.95)),
        (FIRST, Spot(1.18, 0.25, 0.86, True, -0.3), Spot(0.62, 1.0, 1.0, False, 0.85)),
        (FIRST, Spot(-0.74, 0.6, 0.95, False, 0.6), Spot(0.98, 1.0, 1.0, True, 0.42)),
    ),
    "four": (
        (FIRST, Spot(0.78, 0.9, 0.96, True, 0.8), Spot(1.68, 0.2, 0.92, True, 0.12), Spot(-0.62, 1.0, 0.9, False, 0.5)),
        (FIRST, Spot(0.88, 0.55, 0.9, False, 0.5), Spot(1.52, 1.0, 1.0, True, 1.1), Spot(-0.90, 0.8, 0.95, True, 0.7)),
        (FIRST, Spot(0.66, 1.0, 1.0, False, 0.9), Spot(1.30, 0.45, 0.9, True, 0.2), Spot(2.0, 0.85, 0.94, True, 0.85)),
    ),
}
LENGTHWISE: dict[str, Cluster] = {  # of those who go one way
    "two": (FIRST, Spot(-0.92, 0.55, 0.98, False, 0.45)),
    "three": (FIRST, Spot(-0.88, 0.5, 0.98, False, 0.5), Spot(-1.66, 0.95, 1.0, False, 0.8)),
    "four": (
        FIRST,
        Spot(-0.84, 0.45, 0.97, False, 0.5),
        Spot(-1.70, 0.7, 1.0, False, 0.25),
        Spot(0.72, 1.0, 0.98, False, 0.75),
    ),
}
AROUND_FIRE: dict[str, Cluster] = {  # the fire burns in the middle of them
    "two": (FIRST, Spot(2.1, 0.25, 0.98, True)),
    "three": (FIRST, Spot(0.72, 1.0, 0.98), Spot(2.15, 0.2, 0.96, True)),
    "four": (FIRST, Spot(0.64, 1.0, 0.98), Spot(1.72, 0.9, 1.0, True), Spot(2.42, 0.15, 0.97, True)),
}
NEAR_HEIGHTS = {"two": 0.50, "three": 0.46, "four": 0.42}  # of the nearest, if they are alone on stage, in units
MOST_CLOSE = 2.0  # times they are enlarged
WIDTHS = {"two": 0.98, "three": 1.12, "four": 1.22}  # that they then fill at most


def cluster_for(scene: Scene, name: str, one_way: bool, upright: float) -> Cluster:
    """The cluster of a number of figures, from left to right or from right to left.

    Args:
        scene: A single scene.
        name: Of the number, one of CLUSTERS.
        one_way: Whether all go one way.
        upright: Half the width of a figure, in its heights.
    """
    if CAMPFIRE in scene.marks:
        found = AROUND_FIRE[name]
    else:
        found = LENGTHWISE[name] if one_way else _chosen(scene, CLUSTERS[name])
    wider = min(SPREAD, max(1.0, NARROW / max(upright, 1e-3)))
    first = min(spot.place for spot in found)
    return tuple(spot._replace(place=(spot.place - first) * wider) for spot in found)


def _chosen(scene: Scene, clusters: tuple[Cluster, ...]) -> Cluster:
    place = 0.5 + 0.5 * float(scene.bounded(CHOSEN_BY))
    return clusters[min(int(place * len(clusters)), len(clusters) - 1)]


def width_of(cluster: Cluster) -> float:
    """From the first figure to the last, in widths of one."""
    return max(spot.place for spot in cluster)


def size_at(spot: Spot, people: bool) -> float:
    """How large a figure is at a spot, relative to the nearest: those farther back are smaller."""
    smallest = PEOPLE_SMALLEST if people else SMALLEST
    size = 1 - (1 - spot.size) * 0.5 if people else spot.size
    return size * (1 - (1 - smallest) * spot.depth)


def stood_back(stage: Footing, figure: Figure, spot: Spot, labels: tuple[str, ...]) -> Figure:
    """A figure that stands on the edge of the land, at its depth: before the edge, on it, or on the land beyond it."""
    if stage.is_level(labels):
        fall = LEVEL_NEAR * (1 - spot.depth) - LEVEL_FAR * spot.depth
        return replace_foot(figure, figure.foot + fall, fall - LEVEL_NEAR)
    if spot.depth <= ON_EDGE or not stage.scene.has("terrain", *OPEN_LAND):
        fall = NEAREST * (1 - spot.depth / (ON_EDGE if stage.scene.has("terrain", *OPEN_LAND) else 1.0))
        return replace_foot(figure, figure.foot + fall, fall - NEAREST, before=fall > 0)
    rise = _land_beyond(stage, figure.x) * (spot.depth - ON_EDGE) / (1 - ON_EDGE)
    return replace_foot(figure, figure.foot - rise, -rise - NEAREST, beyond=True)


def replace_foot(
    figure: Figure, foot: Tensor, back: Tensor | float, before: bool = False, beyond: bool = False
) -> Figure:
    """A figure at another y, so far back from the nearest of its cluster, in units."""
    foot = torch.minimum(foot, LOWEST_FOOT + SUNK * figure.side)
    return replace(figure, foot=foot, before=before, beyond=beyond, back=back)


def _land_beyond(stage: Footing, x: Tensor) -> Tensor:
    """How far back somebody may stand on the land beyond the edge at x, in units."""
    scene, ridges = stage.scene, stage.ridges
    free = height_at(scene, ridges.near, x) - height_at(scene, ridges.middle, x) - 0.02
    return scene.weight("terrain", *OPEN_LAND) * free.clamp(0, FARTHER)
