"""People hand in hand, for an audience: in a ring, which may turn about a fire or a tree, or side by side on their way.

In a ring those behind face left and those in front face right, each with one arm ahead and the other one behind, so
that neighbours touch. Hand in hand one goes ahead of the other; arm in arm they are so close that their arms cross.
Animals in a ring stand on their feet without holding each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle, islice

import torch
from torch import Tensor

from installation.models.theatre.contact import hand_of
from installation.models.theatre.draw_context import Ridges
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import SUNK, Figure, extent_of, ground_at
from installation.models.theatre.jointed_figures import jointed_of
from installation.models.theatre.magnitudes import has_head
from installation.models.theatre.named_kinds import NamedKind, Part, each_of, is_young, named_kinds, painted_at_once
from installation.models.theatre.outlines import lowest_point
from installation.models.theatre.pairing import by_nature
from installation.models.theatre.people import people
from installation.models.theatre.scene import Scene

RING, HAND_IN_HAND = "ring", "hand in hand"  # marks
MOST, MOST_IN_ROW = 7, 4  # figures in a ring, and side by side
DANCER, WIDEST = 0.48, 1.50  # height of who is in a ring at most, and the width of the ring, in units
REACH, PACE = 0.62, 1.8  # from one in a ring to the next: of people, in heights; of animals, in half widths
NEARER, FARTHER = 1.08, 0.92  # sizes of those in front, and of those behind
DOWN, UP = 0.11, 0.02  # how much lower those in front stand than the ground, and how much higher the others, in units
MIDDLE, BACKDROP = (
    0.80,
    0.45,
)  # height of what they dance about at most, and that from which on it is behind all, in units
GROWN, CHILD = 0.68, 0.70  # side of the square of who goes hand in hand, in units; of a child's, in those
ARM_IN_ARM = 0.17  # between two who are arm in arm, in sides
AHEAD, BEHIND = "hand ahead", "hand behind"  # poses; the first one with the hand at several heights
AHEADS = (AHEAD, "hand ahead higher", "hand ahead highest")
LINKED, CLOSE = "linked", "arm in arm"  # poses, and a mark
ABOVE = ("umbrella", "parasol")  # what is held over people


def is_hand_in_hand(scene: Scene) -> bool:
    """Whether an audience sees people or animals in a ring, or people hand in hand."""
    return scene.staged and not scene.marks.isdisjoint((RING, HAND_IN_HAND, CLOSE))


def join_hands(scene: Scene, atlas: Atlas, ridges: Ridges, first: Figure, second: Figure) -> tuple[Part, ...]:
    """All figures of a scene in a ring or hand in hand, in the order of painting; none where nobody can be.

    Args:
        scene: Of one batch.
        atlas: Of all figures.
        ridges: On which they stand outside of rooms.
        first: The subject.
        second: Its companion.
    """
    named = list(named_kinds(scene, first, second))
    who = [one for one in named if one.label in people()]
    if not who and RING in scene.marks:
        who = [one for one in named if has_head(one.label)][:1]
    joined = [(figure, one) for one in who for figure in _each(scene, one)]
    rest = [one for one in named if one not in who]
    if len(joined) < 2:
        return ()
    blank = torch.ones_like(first.x)
    floor = ground_at(scene, ridges, 0.5 * blank, None, None)
    if RING in scene.marks:
        return _ring(atlas, joined[:MOST], rest, floor)
    return _in_a_row(scene, atlas, joined[:MOST_IN_ROW], rest, floor)


def _each(scene: Scene, one: NamedKind) -> Sequence[Figure]:
    return each_of(scene, one) if one.label in people() else list(islice(cycle([one.figure]), one.number))


def _ring(
    atlas: Atlas, joined: Sequence[tuple[Figure, NamedKind]], rest: Sequence[NamedKind], floor: Tensor
) -> tuple[Part, ...]:
    number = len(joined)
    behind = number // 2 + (number != 4)  # four leave what is in the middle free
    height = min(DANCER, WIDEST / (max(_pace(atlas, figure) for figure, _ in joined) * max(behind, 2) + 0.2))
    parts = []
    for place, (figure, kind) in enumerate(joined):
        back = place < behind
        total, own = (behind, place) if back else (number - behind, place - behind)
        size = height * (FARTHER if back else NEARER) * (1.0 if number > 2 else 1.2)
        apart = _pace(atlas, figure) * size * (1.9 if number == 4 and not back else 1.0)
        x = 0.5 + (own - (total - 1) / 2) * apart + 0 * floor
        y = floor + (-UP if back else DOWN)
        parts.append(Part(_standing(atlas, figure, x, y, size, 1.0 if back else -1.0, place), kind.order))
    middle = [Part(_in_the_middle(atlas, one, floor), one.order) for one in rest[:1]]
    high = any(float(extent_of(part.figure, atlas)[1].detach().amax()) > BACKDROP for part in middle)
    first, then = ((), middle) if not high else (middle, ())
    return (*first, *painted_at_once(parts[:behind]), *then, *painted_at_once(parts[behind:]))


def _pace(atlas: Atlas, figure: Figure) -> float:
    """From one in a ring to the next, in heights."""
    wide, tall = (float(part) for part in atlas.extent[figure.present()[0]])
    return REACH if LABELS[figure.present()[0]] in people() else PACE * wide / tall


def _standing(atlas: Atlas, figure: Figure, x: Tensor, y: Tensor, height: float, facing: float, place: int) -> Figure:
    """One in a ring on its feet at y, so high."""
    young = 0.9 if is_young(figure) else 1.0
    one = replace(figure, pose=LINKED if figure.pose or LABELS[figure.present()[0]] in people() else "")
    tall = extent_of(replace(one, side=torch.ones_like(x)), atlas)[1]
    side = young * height / tall.clamp(min=1e-3)
    below = SUNK if one.pose else 1 - lowest_point(atlas, figure.present()[0])
    front = facing < 0
    return replace(one, x=x, side=side, foot=y + below * side, facing=facing + 0 * x, delay=0.7 * place, before=front)


def _in_the_middle(atlas: Atlas, thing: NamedKind, floor: Tensor) -> Figure:
    index = thing.figure.present()[0]
    wide, tall = (float(part) for part in atlas.extent[index])
    height = min(MIDDLE, by_nature(thing.label, "man") * DANCER * (tall / wide) ** 0.5 / 1.6)
    side = max(height, 0.14) / tall
    below = (1 - lowest_point(atlas, index)) * side
    return replace(thing.figure, x=0.5 + 0 * floor, side=side + 0 * floor, foot=floor + 0.02 + below, pose="")


def _in_a_row(
    scene: Scene,
    atlas: Atlas,
    joined: Sequence[tuple[Figure, NamedKind]],
    rest: Sequence[NamedKind],
    floor: Tensor,
) -> tuple[Part, ...]:
    """People one ahead of the other, the first of whom is on the left."""
    close = CLOSE in scene.marks
    ordered = sorted(joined, key=lambda each: is_young(each[0]))  # who is grown leads
    placed: list[Part] = []
    for place, (figure, kind) in enumerate(ordered):
        side = GROWN * (CHILD if is_young(figure) else 1.0) + 0 * floor
        facing, pose = torch.ones_like(floor), CLOSE if close else BEHIND
        one = replace(figure, x=0 * floor, side=side, foot=floor + SUNK * side, facing=facing, pose=pose)
        if placed and close:
            one = replace(one, x=placed[-1].figure.x + ARM_IN_ARM * placed[-1].figure.side)
        elif placed:
            one = _reaching(scene, atlas, one, placed[-1].figure, last=place == len(ordered) - 1)
        placed.append(Part(one, kind.order))
    middle = (placed[0].figure.x + placed[-1].figure.x) / 2
    placed = [part._replace(figure=replace(part.figure, x=part.figure.x - middle + 0.5)) for part in placed]
    others = [Part(_beside(atlas, one, placed, floor, place), one.order) for place, one in enumerate(rest[:3])]
    return (*others, *placed)


def _reaching(scene: Scene, atlas: Atlas, one: Figure, before: Figure, last: bool) -> Figure:
    """Who is behind another with the near hand at the far hand of that one."""
    jointed = jointed_of(before)
    linked = jointed is not None and before.pose == LINKED
    x, y = before.point(*jointed.far_hand) if linked and jointed else hand_of(before, atlas, scene.phase)
    poses = AHEADS if last else (LINKED,)
    reached = [(pose, *hand_of(replace(one, pose=pose), atlas, scene.phase)) for pose in poses]
    pose, hand_x, _ = min(reached, key=lambda each: abs(float((each[2] - y).detach().amax())))
    return replace(one, pose=pose, x=one.x + x - hand_x)


def _beside(atlas: Atlas, thing: NamedKind, placed: Sequence[Part], floor: Tensor, place: int) -> Figure:
    """What else there is: an umbrella over all, the others on both sides."""
    index = thing.figure.present()[0]
    wide, tall = (float(part) for part in atlas.extent[index])
    size = by_nature(thing.label, "man") * 0.42 / (wide * tall) ** 0.5 * GROWN
    side = size + 0 * floor
    ends = placed[0].figure.x, placed[-1].figure.x
    if thing.label in ABOVE:
        _, height = extent_of(placed[0].figure, atlas)
        side = 0.62 * GROWN / (2 * wide) + 0 * floor
        foot = placed[0].figure.foot - 0.52 * height
        return replace(thing.figure, x=(ends[0] + ends[1]) / 2, side=side, foot=foot, pose="", floats=True)
    aside = 0.16 + wide * side
    x = ends[1] + aside if place % 2 == 0 else ends[0] - aside
    below = (1 - lowest_point(atlas, index)) * side
    return replace(thing.figure, x=x, side=side, foot=floor + below, pose="")
