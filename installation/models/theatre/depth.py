"""How far away each of several figures stands before an audience: places farther back, small things nearer.

Nothing stands on the edge of the land in one row: what is as large as a house is on the land beyond it, and higher;
everybody else is on the near side of it, and lower the smaller he is, so that he covers a little of what is behind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from installation.models.theatre.draw_context import Ridges
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import FLOORS, SUNK, WATERS, Figure, extent_of, height_at
from installation.models.theatre.handling import HANDLING
from installation.models.theatre.lone_acts import LONE
from installation.models.theatre.magnitudes import rank_of
from installation.models.theatre.relations import RELATIONS
from installation.models.theatre.scene import RAILED, VEHICLES, Scene, is_afloat
from installation.models.theatre.vocabulary import AIRBORNE, DRAUGHTS, elevation

OPEN_LAND = ("hills", "field", "desert", "mountains")  # terrains where the land beyond the edge is seen
BEYOND, FREE = 0.075, 0.6  # how far back a place stands, in units; at most this share of the land that is seen there
FARTHER_OUT = 0.055  # how much farther out a ship is, in units
SMALLER_OUT = 0.86  # its size there, relative to the usual
PLACE = 4  # the rank of what is as large as a house
ON_FLOORS = 0.035  # the same on a road or in a room
NEARER = (0.058, 0.048, 0.034, 0.020)  # how much lower than the edge others stand, by their rank, in units
LOWEST = 0.955  # y that no foot is below
COVERS = 0.36  # of what it stands before, how much a nearer figure covers, in its half widths
UNTOUCHED = {  # marks of places that are told otherwise
    *(name for name in RELATIONS if name not in ("front", "under")),
    *(name for name in HANDLING if name != "watching"),
    *LONE,
    *("between", "around", "leaping", "peak", "sill", "on sill", "flying", "between sky", "on sky", "over sky"),
}
Parts = tuple[tuple[Figure, ...], ...]


def set_in_depth(scene: Scene, atlas: Atlas, ridges: Ridges, parts: Parts) -> Parts:
    """The kinds of figures of a scene, each at its distance; those of one kind stay together.

    Args:
        scene: A single scene.
        atlas: Of all figures.
        ridges: The land of the scene.
        parts: The figures of each kind, the first one of each last.
    """
    if not scene.staged or scene.marks & UNTOUCHED or scene.has("terrain", "island"):
        return parts
    if any(scene.has("terrain", water) for water in WATERS):
        parts = _out_at_sea(scene, parts)
    standing = [number for number, part in enumerate(parts) if part and _stands(scene, part)]
    ranks = {number: rank_of(_label(parts[number][-1])) for number in standing}
    if len(ranks) < 2:
        return parts
    places = [number for number in standing if ranks[number] == PLACE]
    if not places and len(set(ranks.values())) == 1:
        return _one_nearer(scene, atlas, ridges, parts, standing)
    places = places[:1] if len(places) == len(standing) else places
    shift = _shift_to(scene, atlas, parts, places, standing)
    found = list(parts)
    for number in standing:
        if not _rolls(scene, parts[number]):
            nearer = _nearer(scene, atlas, ridges, ranks[number], shift)
            place = _farther(scene, ridges) if number in places else nearer
            found[number] = tuple(_each(one, place) for one in parts[number])
    return tuple(found)


def _shift_to(scene: Scene, atlas: Atlas, parts: Parts, places: list[int], standing: list[int]) -> Tensor | float:
    """How far aside all move who stand nearer than the first of the places, if there is one and none is on its way."""
    nearer = [one for number in standing if number not in places for one in parts[number]]
    on_way = any(_rolls(scene, parts[number]) for number in standing)
    if not places or not nearer or on_way or not scene.marks.isdisjoint(("front", "under")):
        return 0.0
    return _to_place(atlas, nearer, parts[places[0]][-1])


def _out_at_sea(scene: Scene, parts: Parts) -> Parts:
    """Large ones that are at home on the water farther out, and smaller, than who is on the shore or small."""
    ranks = {number: rank_of(_label(part[-1])) for number, part in enumerate(parts) if part and _is_free(part[-1])}
    share = scene.weight("terrain", *WATERS)
    found = list(parts)
    for number, rank in ranks.items():
        others = [other for other in ranks if other != number]
        afloat = _label(parts[number][-1]) in DRAUGHTS
        if afloat and rank > 2 and any(not _at_home(parts[other]) or ranks[other] < rank for other in others):
            found[number] = tuple(_each(one, lambda figure: _farther_out(figure, share)) for one in parts[number])
    return tuple(found)


def _farther_out(figure: Figure, share: Tensor) -> Figure:
    """A figure farther out on the water."""
    side = figure.side * (1 - (1 - SMALLER_OUT) * share)
    return replace(figure, foot=figure.foot - FARTHER_OUT * share - SUNK * (figure.side - side), side=side)


def _at_home(part: tuple[Figure, ...]) -> bool:
    """Whether a kind is at home in the water or in the air."""
    return is_afloat(_label(part[-1]))


def _one_nearer(scene: Scene, atlas: Atlas, ridges: Ridges, parts: Parts, standing: list[int]) -> Parts:
    """Of kinds that are as large as each other, the first a little nearer."""
    first = standing[0]
    nearer = tuple(_each(one, _nearer(scene, atlas, ridges, 3, 0.0)) for one in parts[first])
    return tuple(nearer if number == first else part for number, part in enumerate(parts))


def _each(figure: Figure, place: Callable[[Figure], Figure]) -> Figure:
    """A figure with its copies in another place."""
    return replace(place(figure), copies=tuple(place(copy) for copy in figure.copies))


def _farther(scene: Scene, ridges: Ridges) -> Callable[[Figure], Figure]:
    """To the land beyond the edge."""
    open_land, floor = scene.weight("terrain", *OPEN_LAND), scene.weight("terrain", *FLOORS)

    def place(figure: Figure) -> Figure:
        seen = height_at(scene, ridges.near, figure.x) - height_at(scene, ridges.middle, figure.x)
        rise = open_land * (FREE * seen.clamp(min=0)).clamp(max=BEYOND) + floor * ON_FLOORS
        return replace(figure, foot=figure.foot - rise, before=False, beyond=True)

    return place


def _nearer(scene: Scene, atlas: Atlas, ridges: Ridges, rank: int, shift: Tensor | float) -> Callable[[Figure], Figure]:
    """To the near side of the edge, wholly below it, and so far aside."""
    fall = NEARER[min(rank, 3)]

    def place(figure: Figure) -> Figure:
        figure = replace(figure, x=figure.x + shift)
        if any(scene.has("terrain", floor) for floor in FLOORS):
            foot = figure.foot + 0.5 * fall
        elif figure.beyond:
            return figure
        else:
            half, _ = extent_of(figure, atlas)
            edges = [height_at(scene, ridges.near, figure.x + side * half) for side in (-0.8, 0.0, 0.8)]
            foot = torch.stack(edges).amax(0) + fall + figure.back + SUNK * figure.side
        return replace(figure, foot=torch.minimum(foot, LOWEST + SUNK * figure.side), before=True)

    return place


def _to_place(atlas: Atlas, figures: list[Figure], place: Figure) -> Tensor:
    """How far figures move aside, so that the nearest one covers a little of a place beside them."""
    wide, _ = extent_of(place, atlas)
    gaps: list[Tensor] = []
    for one in (copy for figure in figures for copy in figure.each()):
        half, _ = extent_of(one, atlas)
        gaps.append((one.x - place.x).abs() - wide - half + COVERS * torch.minimum(half, wide))
    return torch.stack(gaps).amin(0).clamp(min=0) * torch.sign(place.x - figures[-1].x)


def _stands(scene: Scene, part: tuple[Figure, ...]) -> bool:
    """Whether figures of a kind are on stage, and stand on the ground by themselves."""
    one = part[-1]
    return _is_free(one) and elevation(_label(one), scene.staged) < AIRBORNE and _label(one) not in DRAUGHTS


def _is_free(figure: Figure) -> bool:
    """Whether a figure is on stage, and in or on nothing."""
    held = figure.floats or figure.submerged or figure.far or figure.opening is not None
    return bool(figure.present()) and not held


def _rolls(scene: Scene, part: tuple[Figure, ...]) -> bool:
    """Whether figures of a kind are on a street or on rails, which they keep."""
    return scene.has_ways and _label(part[-1]) in (*VEHICLES, *RAILED)


def _label(figure: Figure) -> str:
    return LABELS[figure.present()[0]]
