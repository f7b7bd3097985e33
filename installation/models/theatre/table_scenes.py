"""People who sit on chairs around a table, for an audience: they eat, drink, play or write what is on it.

Two sit at the ends and look at each other, further ones behind the table. What each has (a cup, a bowl, a book) is
before him, or in his hand; what they share stands between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.contact import hand_of
from installation.models.theatre.draw_context import Ridges
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import SUNK, Figure, extent_of, ground_at
from installation.models.theatre.jointed_figures import jointed_of
from installation.models.theatre.magnitudes import rank_of
from installation.models.theatre.named_kinds import NamedKind, Part, each_of, is_young, named_kinds, painted_at_once
from installation.models.theatre.outlines import lowest_point
from installation.models.theatre.pairing import by_nature
from installation.models.theatre.people import people
from installation.models.theatre.relations import SITS_ON
from installation.models.theatre.scene import Scene
from installation.models.theatre.table_things import (
    BITES,
    DRINKS,
    EACH,
    GAMES,
    IN_HAND,
    ON_TABLE,
    READ_SEATED,
    WORK,
    height_of,
)

AT_TABLE = "at table"  # a mark
TABLE, CHAIR = LABELS.index("table"), LABELS.index("chair")
MOST = 6  # people
RESTING = 4  # people of whom those behind the table do not move
LONG = 5  # people for whom two tables stand end to end
PERSON = {1: 0.84, 2: 0.84, 3: 0.80, 4: 0.78, 5: 0.70, 6: 0.70}  # side of a grown person's square, in units
CHILD = 0.78  # side of a child's, in that of a grown person's
SEAT = 0.222  # height of a seat, in sides of a grown person
CHAIR_SIDE, CHAIR_SEAT, CHAIR_MIDDLE = 0.55, 0.403, 0.02  # its side, in those; its seat and its middle, in its sides
TABLE_SIDE, TABLE_TOP, TABLE_HALF = 0.80, 0.455, 0.45  # its side, in those; its top and half its width, in its sides
KNEES, SHORT_KNEES = 0.14, 0.08  # how far beyond the edge of the table the hips are at its ends, in sides; of children
CHAIR_BACK = 0.22  # how far beyond those hips the chair reaches, in sides
BACK = 0.02  # how much higher those sit who are behind it, in sides
FLOOR_LINE = 0.045  # how far the floor is above the lower edge of a square
TALLEST_BESIDE = 0.6  # height of what stands beside the table, at most, in units
PAWNS = 4  # of a game on the table
READS, READ_LARGER = "reading on a seat", 1.5  # the pose of who reads; how much larger what he reads is
APART = 0.15  # between the things that somebody has before him, in sides
POSES = {"drinks": "drinking at table", "bites": "eating at table", "works": "writing at table", "": "at table"}


def is_at_table(scene: Scene) -> bool:
    """Whether an audience sees people at a table."""
    return scene.staged and AT_TABLE in scene.marks


def seat_around(scene: Scene, atlas: Atlas, ridges: Ridges, first: Figure, second: Figure) -> tuple[Part, ...]:
    """All figures of a scene at a table, in the order of painting; none where there are no people.

    Args:
        scene: Of one batch.
        atlas: Of all figures.
        ridges: On which the table stands outside of rooms.
        first: The subject.
        second: Its companion.
    """
    named = list(named_kinds(scene, first, second))
    sitters = _seated(scene, named)
    if not sitters:
        return ()
    others = [one for one in named if one.label not in people() and one.label not in ("table", "chair")]
    things = [one for one in others if one.label in ON_TABLE]
    table = _Table.of(scene, ridges, sitters[0][0], len(sitters))
    people_there = [_on_chair(one, order, table, place) for place, (one, order) in enumerate(sitters)]
    seats = [part for seat, _ in (*people_there[2:], *people_there[:2]) for part in seat]
    beside = [_beside(scene, atlas, one, table, seats[-1].figure) for one in others if one.label not in ON_TABLE]
    held = [part for _, one in people_there for part in _in_hand(scene, atlas, one, things, table)]
    laid = _laid(things, [one for _, one in people_there], table, atlas)
    chairs = sorted(seats, key=lambda part: part.order >= 0)  # behind all people
    return *beside, *painted_at_once([*chairs, *table.parts()]), *painted_at_once(laid), *painted_at_once(held)


def _seated(scene: Scene, named: Sequence[NamedKind]) -> list[tuple[Figure, int]]:
    """Who sits at the table, each in his pose and look, with the place of his kind in the order of the words."""
    things = {one.label for one in named}
    reads = "held" in scene.marks and not things.isdisjoint(READ_SEATED)
    found: list[tuple[Figure, int]] = []
    for one in named:
        for figure in each_of(scene, one) if one.label in people() else ():
            found.append((replace(figure, pose=READS if reads else _pose(things, len(found))), one.order))
    return found[:MOST]


def _pose(things: set[str], place: int) -> str:
    """The pose of the one who sits at a place, which what is on the table says: every other one eats or drinks now."""
    if not things.isdisjoint(WORK):
        return POSES["works"]
    if not things.isdisjoint(("wine glass", "champagne", "mug of beer", "cocktail")):
        return POSES["drinks"]
    if not things.isdisjoint(BITES):
        return POSES["bites" if place % 2 == 0 else ""]
    if not things.isdisjoint(DRINKS) and place % 2 == 0:
        return POSES["drinks"]
    return POSES[""]


class _Table(NamedTuple):
    """Where the table is.

    Attributes:
        whole: A figure with the weights of what is named, for others beside it.
        x: Its middle.
        floor: The y of the floor.
        side: Of a grown person's square.
        number: Of the people.
    """

    whole: Figure
    x: Tensor
    floor: Tensor
    side: Tensor
    number: int

    @classmethod
    def of(cls, scene: Scene, ridges: Ridges, first: Figure, number: int) -> _Table:
        """A table in the middle, so large that all have room, where the first figure is somewhere."""
        x = torch.full_like(first.x, 0.5) + 0.15 * (first.x - 0.5)
        reach = (2 if number >= LONG else 1) * TABLE_HALF * TABLE_SIDE + KNEES + CHAIR_BACK
        side = torch.full_like(x, min(PERSON[number], 0.46 * scene.grid.width / scene.grid.height / reach))
        whole = Figure(first.weights, x, x, side, torch.ones_like(x))
        return cls(whole, x, ground_at(scene, ridges, x, TABLE_SIDE * side, None), side, number)

    @property
    def tables(self) -> int:
        """How many tables stand end to end."""
        return 2 if self.number >= LONG else 1

    @property
    def half(self) -> Tensor:
        """Half the width of all."""
        return self.tables * TABLE_HALF * TABLE_SIDE * self.side

    @property
    def top(self) -> Tensor:
        """The y on which things stand."""
        return self.floor - TABLE_TOP * TABLE_SIDE * self.side

    def prop(self, index: int, x: Tensor, side: Tensor, foot: Tensor, facing: float = 1.0) -> Figure:
        """A figure of a kind that words do not name."""
        weights = torch.zeros_like(self.whole.weights)
        weights[:, index] = self.whole.opacity().view(-1)
        return Figure(weights, x, foot, side, facing * torch.ones_like(x))

    def parts(self) -> Iterator[Part]:
        """The table, or two of them."""
        side = TABLE_SIDE * self.side
        for place in range(self.tables):
            x = self.x + (2 * place - self.tables + 1) * TABLE_HALF * side
            yield Part(self.prop(TABLE, x, side, self.floor + SUNK * side), -1)

    def place(self, number: int, young: bool) -> tuple[Tensor, float, bool]:
        """The x of the hips of who sits at a place, whether he looks to the left (1), and whether he sits behind."""
        if number < 2:
            out = -1.0 if number == 0 else 1.0
            return self.x + out * (self.half + (SHORT_KNEES if young else KNEES) * self.side), out, False
        behind, place = self.number - 2, number - 2
        across = (2 * place - behind + 1) / max(behind, 2)
        left = 1.0 if across > 0 or (across == 0 and number % 2) else -1.0
        return self.x + across * 0.8 * self.half, left, True


def _on_chair(figure: Figure, order: int, table: _Table, number: int) -> tuple[list[Part], Figure]:
    """Somebody on a chair, with the chair, and himself again."""
    young = is_young(figure)
    x, facing, behind = table.place(number, young)
    up = BACK * table.side * float(behind)
    side = table.side * (CHILD if young else 1.0)
    seat = table.floor - up - SEAT * table.side
    chair_side = CHAIR_SIDE * table.side
    chair = table.prop(CHAIR, x + facing * CHAIR_MIDDLE * chair_side, chair_side, table.floor - up + SUNK * chair_side)
    chair = replace(chair, facing=-facing * torch.ones_like(x))
    rests = table.number >= RESTING and behind  # their heads and arms
    placed = replace(figure, x=x, side=side, facing=facing * torch.ones_like(x), floats=True, rank=0 if rests else -1)
    jointed = jointed_of(placed)
    if jointed is not None:
        hip_x, hip_y = jointed.hips
        foot = seat - SITS_ON * side + (1 - hip_y) * side
        placed = replace(placed, foot=foot, x=x - (hip_x - 0.5) * side * facing)
    return [Part(chair, -1), Part(placed, order)], placed


def _beside(scene: Scene, atlas: Atlas, other: NamedKind, table: _Table, sitter: Figure) -> Part:
    """What does not lie on a table: a tree behind it, a dog beside it, as large as it is by nature."""
    rank = rank_of(other.label)
    half, height = extent_of(other.figure, atlas)
    wide, tall = extent_of(sitter, atlas)
    size = by_nature(other.label, "man") * torch.sqrt(wide * tall) / torch.sqrt(half * height).clamp(min=1e-3)
    size = torch.minimum(size, TALLEST_BESIDE / height.clamp(min=1e-3))
    figure = replace(other.figure, side=other.figure.side * size, pose="")
    half, _ = extent_of(figure, atlas)
    away = table.half + (KNEES + CHAIR_BACK) * table.side
    x = table.x + (away - 0.2 * half if rank == 4 else away + 1.1 * half)
    edge = 0.5 + 0.5 * scene.grid.width / scene.grid.height - 0.03
    x = torch.minimum(x, edge - half)
    up = 0.02 if rank == 4 else -0.02
    foot = table.floor - up + SUNK * figure.side
    return Part(replace(figure, x=x, foot=foot, facing=torch.ones_like(x), floats=rank == 4), other.order)


def _sized(thing: NamedKind, table: _Table, atlas: Atlas) -> Figure:
    tall = float(atlas.extent[LABELS.index(thing.label), 1])
    side = height_of(thing.label) / tall * table.side
    return replace(thing.figure, side=side, facing=torch.ones_like(side), pose="", floats=True)


def _in_hand(scene: Scene, atlas: Atlas, sitter: Figure, things: Sequence[NamedKind], table: _Table) -> Iterator[Part]:
    """What somebody has in his hand."""
    thing = _holding(things, [sitter])
    if thing is None or jointed_of(sitter) is None or not _holds(sitter, thing):
        return
    x, y = hand_of(sitter, atlas, scene.phase)
    side = height_of(thing.label) * (READ_LARGER if sitter.pose == READS else 1.0) * table.side
    held = replace(thing.figure, x=x, foot=y + 0.55 * side, side=side, facing=sitter.facing, pose="", floats=True)
    yield Part(held, thing.order)


def _holding(things: Sequence[NamedKind], sitters: Sequence[Figure]) -> NamedKind | None:
    """What those who sit hold: what they read, or else what they eat or drink."""
    kinds = READ_SEATED if any(one.pose == READS for one in sitters) else IN_HAND
    return next((one for one in things if one.label in kinds), None)


def _holds(sitter: Figure, thing: NamedKind) -> bool:
    if sitter.pose == READS:
        return thing.label in READ_SEATED
    return sitter.pose in (POSES["drinks"], POSES["bites"]) or thing.label in (
        "playing card",
        "smartphone",
        "newspaper",
    )


def _laid(things: Sequence[NamedKind], sitters: Sequence[Figure], table: _Table, atlas: Atlas) -> list[Part]:
    """What is on the table: before everybody what each has and does not hold, the rest in the middle."""
    holding = _holding(things, sitters)
    found: list[Part] = []
    further = 0
    for thing in things:
        if thing.label in EACH and not (thing.label == "bottle" and len(things) > 1):
            free = [one for one in sitters if thing is not holding or not _holds(one, thing)]
            found += [Part(_before(thing, one, table, atlas, further), thing.order) for one in free]
            further += 1 if free and table.number <= 2 else 0
    shared = [one for one in things if one.label not in EACH or (one.label == "bottle" and len(things) > 1)]
    cake = next((one for one in shared if one.label == "cake"), None)
    shared = [one for one in shared if not (cake and one.label == "candle")]
    middle = [part for one in shared for part in _several(one, table, atlas)]
    step = min(1.0, 2.6 / max(1, len(middle))) * 0.16 * table.side
    for place, part in enumerate(middle):
        x = table.x + (place - (len(middle) - 1) / 2) * step
        found.append(part._replace(figure=replace(part.figure, x=x)))
    return found


def _several(thing: NamedKind, table: _Table, atlas: Atlas) -> Iterator[Part]:
    number = max(min(thing.number, 4), PAWNS if thing.label in GAMES else 1)
    for place in range(number):
        one = _sized(thing, table, atlas)
        turned = replace(one, foot=_standing(thing, one, table, atlas), delay=float(place))
        yield Part(turned, thing.order)


def _before(thing: NamedKind, sitter: Figure, table: _Table, atlas: Atlas, further: int) -> Figure:
    """A thing on the table before somebody, further in than so many others."""
    one = _sized(thing, table, atlas)
    inwards = torch.sign(table.x - sitter.x)
    reach = table.half - 0.11 * table.side
    x = torch.minimum(torch.maximum(sitter.x + 0.10 * inwards * table.side, table.x - reach), table.x + reach)
    x = x + further * APART * inwards * table.side
    return replace(one, x=x, foot=_standing(thing, one, table, atlas))


def _standing(thing: NamedKind, figure: Figure, table: _Table, atlas: Atlas) -> Tensor:
    """The y of the floor of a thing's square, as it stands on the table."""
    return (
        table.top + 0.03 * TABLE_SIDE * table.side + (1 - lowest_point(atlas, LABELS.index(thing.label))) * figure.side
    )
