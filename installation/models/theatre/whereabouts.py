"""Where figures are at home before an audience: below the surface of a lake, on a river, on an island, on a street."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from installation.models.theatre.crowds import LANES
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import GROUND, SUNK, WATERS, Figure, extent_of
from installation.models.theatre.land import island_x, island_y
from installation.models.theatre.roads_rivers import river_course
from installation.models.theatre.scene import RAILED, VEHICLES, Scene
from installation.models.theatre.street import WHEELS
from installation.models.theatre.vocabulary import AIRBORNE, DRAUGHTS, elevation

SUBMERGED = ("fish", "jellyfish")  # who is wholly below the surface
BELOW, SHALLOWEST, DEEPEST = 0.80, 0.70, 0.925  # y of the middle of a swimmer, and of what it keeps within
TALLEST = 0.19  # height of a swimmer, in units
ON_RIVER = 0.875  # y of the waterline of what floats on a river
IN_BANKS, IN_LINE = 0.86, 0.46  # share of the river's width that one takes up, or each of several
ASIDE = 0.30  # how far each of several is from the middle, in half widths of the river
UPSTREAM = 0.05  # how much farther up each of several is, in units
ON_ISLAND = 0.60  # size of figures on an island, relative to those on the nearest land
ISLAND_REACH = 0.27  # how far from the middle of an island figures stand, at most


def settle(scene: Scene, atlas: Atlas, figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Bring the figures of one kind, the first one last, to where they are at home in a scene for an audience."""
    if not scene.staged or not figures:
        return figures
    first = figures[-1]
    if scene.has("terrain", "river") and _all(first, _floats):
        rows = enumerate(reversed(figures))
        figures = tuple(_on_river(scene, atlas, figure, row, len(figures) > 1) for row, figure in rows)[::-1]
    if scene.has_ways and (_all(first, _rolls) or ("street" in scene.marks and _all(first, _walks))):
        figures = tuple(_on_street(scene, figure) for figure in figures)
    if any(scene.has("terrain", name) for name in WATERS) and _all(first, SUBMERGED.__contains__):
        figures = tuple(_under_water(scene, atlas, figure, first) for figure in figures)
    return figures


def settle_on_island(scene: Scene, figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Bring figures that need ground to the island of the scene, on which they stand far away."""
    if not scene.staged or not scene.has("terrain", "island"):
        return figures
    land = [figure for figure in figures if figure.present() and _all(figure, _walks)]
    if not land:
        return figures
    xs = torch.stack([figure.x for figure in land])
    middle, half = (xs.amax(0) + xs.amin(0)) / 2, (xs.amax(0) - xs.amin(0)) / 2
    scale = torch.minimum(torch.full_like(half, ON_ISLAND), ISLAND_REACH / half.clamp(min=1e-3))
    share = scene.weight("terrain", "island")
    moved = {id(figure): _on_island(scene, figure, middle, scale, share) for figure in land}
    return tuple(moved.get(id(figure), figure) for figure in figures)


def _on_island(scene: Scene, figure: Figure, middle: Tensor, scale: Tensor, share: Tensor) -> Figure:
    x = island_x(scene) + (figure.x - middle) * scale
    side = figure.side * ON_ISLAND
    raised = (figure.foot - SUNK * figure.side - GROUND) * ON_ISLAND  # of what sits on another
    foot = island_y(scene, x) + raised.clamp(max=0.0) + SUNK * side
    place = torch.lerp(figure.x, x, share), torch.lerp(figure.foot, foot, share), torch.lerp(figure.side, side, share)
    return replace(figure, x=place[0], foot=place[1], side=place[2], far=True, before=False)


def _under_water(scene: Scene, atlas: Atlas, figure: Figure, first: Figure) -> Figure:
    """A figure wholly below the surface; those of a shoal keep their distance."""
    _, height = extent_of(figure, atlas)
    side = figure.side * (TALLEST / height.clamp(min=1e-3)).clamp(max=1)
    _, height = extent_of(replace(figure, side=side), atlas)
    middle = BELOW + 0.5 * (figure.foot - first.foot)
    foot = torch.minimum((middle + 0.5 * height), DEEPEST + 0 * height)
    foot = torch.maximum(foot, SHALLOWEST + height)
    share = scene.weight("terrain", *WATERS)
    return replace(
        figure,
        foot=torch.lerp(figure.foot, foot, share),
        side=torch.lerp(figure.side, side, share),
        submerged=True,
    )


def _on_street(scene: Scene, figure: Figure) -> Figure:
    """A figure with its wheels on the street or on the rails."""
    way = torch.maximum(scene.on_wheels, scene.on_rails)
    wheels = WHEELS
    facing = figure.facing
    if figure.rank >= 0:  # in two lanes, of which the far one leads the other way
        wheels += LANES[1] - LANES[0] * figure.rank
        facing = facing * (1 - 2 * (figure.rank % 2))
    foot = torch.lerp(figure.foot, wheels + SUNK * figure.side, way)
    return replace(figure, foot=foot, facing=facing, before=True)


def _on_river(scene: Scene, atlas: Atlas, figure: Figure, row: int, several: bool) -> Figure:
    """A figure between the banks; of several, each is farther upstream."""
    y = torch.full_like(figure.x, ON_RIVER - UPSTREAM * row)
    middle, half = river_course(scene, y)
    wide, _ = extent_of(figure, atlas)
    if several:
        middle = middle + (ASIDE if row % 2 else -ASIDE) * half
    side = figure.side * ((IN_LINE if several else IN_BANKS) * half / wide.clamp(min=1e-3)).clamp(max=1)
    share = scene.weight("terrain", "river")
    return replace(
        figure,
        x=torch.lerp(figure.x, middle, share),
        foot=torch.lerp(figure.foot, y + SUNK * side, share),
        side=torch.lerp(figure.side, side, share),
    )


def _floats(label: str) -> bool:
    return label in DRAUGHTS and label not in ("bridge", "lighthouse", "anchor", "water mill")


def _rolls(label: str) -> bool:
    return label in VEHICLES or label in RAILED


def _walks(label: str) -> bool:
    return label == "lighthouse" or (label not in DRAUGHTS and elevation(label, staged=True) < AIRBORNE)


def _all(figure: Figure, test: Callable[[str], bool]) -> bool:
    kinds = [LABELS[index] for index in figure.present()]
    return bool(kinds) and all(test(label) for label in kinds)
