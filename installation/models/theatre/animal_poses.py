"""Animals in the pose of what they do: a head that grazes or howls, legs that gallop, an animal that rears or leaps.

An animal is sheets of paper of which the head is one that nods about its neck. An animal that grazes has its head
turned down about the same joint; one that gallops has its fore legs ahead and its hind legs behind, which is done where
its sheets are sampled (see `poses.bent`).
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace

import torch
from torch import Tensor

from installation.models.figure_traits import trait
from installation.models.theatre.bounding_animals import BOUNDING, MUZZLE_AHEAD, ROOSTING, bounds
from installation.models.theatre.curled_animals import CURLED, CURLED_AWAKE, MUZZLE
from installation.models.theatre.figure_atlas import LABELS, PaperLayer
from installation.models.theatre.figure_layout import Figure
from installation.models.theatre.raster import cached_constant
from installation.models.theatre.vocabulary import AIRBORNE, DIVERS, elevation

GRAZING, CALLING, GALLOPING = "grazing", "calling", "galloping"  # poses of an animal; the first two are states, too
ANIMAL_POSES = (GRAZING, CALLING, GALLOPING, CURLED, CURLED_AWAKE, BOUNDING, ROOSTING)
REARING, LEAPING, RUNNING = "rearing", "jumping", "running"  # states
DRINKING = "drinking"  # another one
NIBBLERS = ("rabbit",)  # whose heads are near the ground as they are
ANIMAL_STATES = (GRAZING, DRINKING, CALLING, REARING, LEAPING, RUNNING)
BEASTS = frozenset(trait("folds_legs"))
HOWLS = ("wolf",)  # that are drawn with the head up
NECK = 0.46  # x of the neck, at most: what moves about a joint behind it is a tail
TO_GROUND = 0.90  # y in its square to which a grazing mouth comes, if the neck is long enough
LONG_NECK, LOW_CHIN = 0.13, 0.94  # how far the middle of a head is from its joint if it turns; y of one lowered else
STEEPEST = 1.15  # how far below the level a head that grazes points at most, in radians
LOWERED, LIFTED = 0.45, 0.42  # how far a head is turned down at least, and how far up to call, in radians
FEET_APART = 0.17  # how far ahead the feet of the fore legs are at a gallop, and the others behind, in sides
GALLOP, REARS, LEAPS = -0.15, -0.72, -0.30  # how far who does it leans, its front raised, in radians
HIND_FEET = 0.24  # how far the feet on which an animal rears are behind its middle, in sides
OFF_GROUND = 0.015  # how high who runs in bounds is, in sides
LEAPS_UP = 0.22  # how high who leaps is, in sides


def does_as_animal(figure: Figure) -> bool:
    """Whether a figure is an animal on four feet on the ground."""
    kinds = figure.present()
    if len(kinds) != 1 or not (LABELS[kinds[0]] in BEASTS or bounds(LABELS[kinds[0]])):
        return False
    return elevation(LABELS[kinds[0]], staged=True) < AIRBORNE and LABELS[kinds[0]] not in DIVERS


def as_animal(figure: Figure, states: Collection[str]) -> Figure:
    """An animal as its states say that it acts; the figure itself where they say nothing of the kind."""
    if not {LEAPING, RUNNING}.isdisjoint(states) and REARING not in states and bounds(LABELS[figure.present()[0]]):
        return _bounding(figure, LEAPS_UP if LEAPING in states else OFF_GROUND)
    if REARING in states:
        foot = figure.foot - HIND_FEET * math.sin(-REARS) * figure.side
        return replace(figure, pose=GALLOPING, turn=REARS, foot=foot, planted=True)
    if LEAPING in states:
        return replace(
            figure, pose=GALLOPING, turn=LEAPS, foot=figure.foot - LEAPS_UP * figure.side, floats=True, planted=True
        )
    if RUNNING in states:
        return replace(figure, pose=GALLOPING, turn=GALLOP)
    if not {GRAZING, DRINKING}.isdisjoint(states) and LABELS[figure.present()[0]] not in NIBBLERS:
        return replace(figure, pose=GRAZING)
    if CALLING in states and LABELS[figure.present()[0]] not in HOWLS:
        return replace(figure, pose=CALLING)
    return figure


def _bounding(figure: Figure, up: float) -> Figure:
    """An animal in the middle of a bound, so high above the ground, in sides."""
    return replace(figure, pose=BOUNDING, foot=figure.foot - up * figure.side, floats=up > OFF_GROUND, planted=True)


def in_animal_pose(layers: tuple[PaperLayer, ...], pose: str) -> tuple[PaperLayer, ...]:
    """The sheets of an animal that stands with its head as a pose has it."""
    return _with_head(layers, pose) if pose in (GRAZING, CALLING) else layers


def head_point(layers: tuple[PaperLayer, ...], pose: str, point: tuple[float, float]) -> tuple[float, float]:
    """Where a point of the head of an animal is in a pose, in sides of its square.

    Args:
        layers: Of the animal as it stands.
        pose: Of it.
        point: x and y as it stands.
    """
    if pose in (CURLED, CURLED_AWAKE):
        return MUZZLE
    if pose == BOUNDING:
        return MUZZLE_AHEAD
    posed = zip(layers, in_animal_pose(layers, pose), strict=True)
    before, after = next(((one, other) for one, other in posed if one is not other), (None, None))
    if before is None or after is None:
        return point
    x, y = after.turned_point((point[0], point[1] + after.pivot[1] - before.pivot[1]))
    return x, y


@cached_constant
def _with_head(layers: tuple[PaperLayer, ...], pose: str) -> tuple[PaperLayer, ...]:
    head = [layer for layer in layers if layer.motion != "rest" and layer.pivot[0] < NECK]
    if not head:
        return layers
    joint = max(head, key=lambda layer: layer.height * layer.width).pivot
    top, bottom = min(layer.top for layer in head), max(layer.top + layer.height for layer in head)
    left, right = min(layer.left for layer in head), max(layer.left + layer.width for layer in head)
    long = math.hypot((left + right) / 2 - joint[0], (top + bottom) / 2 - joint[1]) > LONG_NECK
    if pose == GRAZING and not long:  # a head that is before its joint is lowered as it is
        return tuple(
            _moved(layer, LOW_CHIN - bottom) if any(layer is one for one in head) else layer for layer in layers
        )
    turn = LIFTED if pose == CALLING else -_nod(head, joint)
    turn = turn if long else 0.4 * turn
    return tuple(replace(layer, turned=turn) if layer.pivot == joint else layer for layer in layers)


def _moved(layer: PaperLayer, down: float) -> PaperLayer:
    return replace(layer, top=layer.top + down, pivot=(layer.pivot[0], layer.pivot[1] + down))


def _nod(head: Collection[PaperLayer], joint: tuple[float, float]) -> float:
    """How far a head is turned down about its joint to bring its front to the ground, in radians."""
    left = min(layer.left for layer in head)
    top, bottom = min(layer.top for layer in head), max(layer.bottom for layer in head)
    muzzle = left + 0.04, top + 0.42 * (bottom - top)
    across, down = joint[0] - muzzle[0], muzzle[1] - joint[1]
    level = math.atan2(down, across)  # how far it points below the level as it stands
    reach = max(math.hypot(across, down), 1e-3)
    wanted = math.asin(min((TO_GROUND - joint[1]) / reach, math.sin(STEEPEST)))
    return max(min(wanted, STEEPEST) - level, LOWERED)


def galloping_at(trunk: float, floor: float, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """The places of an animal that stands that are seen at positions in the square of one that gallops.

    Args:
        trunk: y of the lower edge of its trunk, in sides; the floor if it has no legs to move.
        floor: y of its feet.
        x: Position in its square, like y, any shapes that broadcast.
        y: From above.
    """
    x, y = x + 0 * y, y + 0 * x
    if trunk >= floor:
        return x, y
    down = ((y - trunk) / (floor - trunk)).clamp(0, 1.2)
    ahead = FEET_APART * down * down.sqrt()
    fore = x < 0.5
    moved = torch.where(fore, x + ahead, x - ahead)
    gap = (torch.where(fore, 0.5 - moved, moved - 0.5) < 0) & (y > trunk)
    return torch.where(gap, torch.full_like(x, -3.0), moved), y
