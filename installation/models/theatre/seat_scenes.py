"""People on seats, for an audience: in a train or a bus, in a waiting room, on a sofa before a television.

In a carriage they sit where its seats are painted, elsewhere on chairs, or on what words name. Each has what words put
in the hands of all: a book, a phone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.contact import hand_of
from installation.models.theatre.draw_context import Ridges
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import SUNK, Figure, extent_of, ground_at
from installation.models.theatre.handling import LENGTHS, USUAL_LENGTHS
from installation.models.theatre.jointed_body import STANDING
from installation.models.theatre.jointed_figures import jointed_of
from installation.models.theatre.magnitudes import rank_of
from installation.models.theatre.marks import SECOND
from installation.models.theatre.named_kinds import NamedKind, Part, each_of, is_young, named_kinds, painted_at_once
from installation.models.theatre.outlines import lowest_point
from installation.models.theatre.pairing import by_nature
from installation.models.theatre.people import people
from installation.models.theatre.relations import SITS_ON
from installation.models.theatre.scene import Scene
from installation.models.theatre.table_scenes import CHAIR, CHAIR_MIDDLE, CHAIR_SEAT, CHAIR_SIDE, SEAT
from installation.models.theatre.table_things import BITES, DRINKS, READ_SEATED

ON_SEATS = "on seats"  # a mark
ON_LAP = SECOND + "sitting"  # a mark: the second figure is on the lap of the first
MOST = 5  # people
GROWN, CHILD = 0.74, 0.78  # side of a grown person's square, in units; of a child's, in those
CARRIAGE = (0.06, 0.92, -0.17, 1.15)  # x of the seats of a carriage, in the order in which they are taken
AISLE = 0.5  # x of who stands there
PITCH = 0.5  # from one chair to the next, in sides
LONG_SEATS = {"sofa": (0.46, 0.46), "bench": (0.45, 0.48), "armchair": (0.56, 0.30), "rocking chair": (0.52, 0.3)}
# share of the height of a seat that is above who sits on it, and half the width of it, in its sides
WATCHED = ("television", "computer", "fireplace", "radio")
LAP_AHEAD, LAP_ABOVE = 0.11, 0.035  # where the lap is before and above the hips, in sides of who sits
ON_LAP_SIZE, LAP_LENGTH = 0.66, 0.29  # side of a child there; width of an animal there at most, in those sides
HANDWORK = ("ball of wool", "needle")  # what one works with on a seat
HELD = (*HANDWORK, *READ_SEATED, *BITES, *DRINKS)
BESIDE = 0.36  # between who sits and what else there is, in sides
FED = (  # what somebody on a bench feeds
    *("pigeon", "duck", "duckling", "bird", "sparrow", "swan", "goose", "seagull", "chicken", "hen", "squirrel"),
    *("robin", "crow", "dove", "cat", "dog"),
)
FED_SIZE = 0.55  # size of an animal that is fed, in that of other things beside
AWAY = 0.42  # between who watches and what is watched, in sides


def is_on_seats(scene: Scene) -> bool:
    """Whether an audience sees people on seats."""
    return scene.staged and ON_SEATS in scene.marks


def seat_in_row(scene: Scene, atlas: Atlas, ridges: Ridges, first: Figure, second: Figure) -> tuple[Part, ...]:
    """All figures of a scene on seats, in the order of painting; none where there are no people.

    Args:
        scene: Of one batch.
        atlas: Of all figures.
        ridges: On which the seats stand outside of rooms.
        first: The subject.
        second: Its companion.
    """
    named = list(named_kinds(scene, first, second))
    on_lap = [one for one in named if one.order == 1 and ON_LAP in scene.marks]
    named = [one for one in named if one not in on_lap]
    sitters = [(figure, one) for one in named if one.label in people() for figure in each_of(scene, one)][:MOST]
    if not sitters:
        return ()
    things = [one for one in named if one.label not in people()]
    blank = torch.ones_like(first.x)
    floor = ground_at(scene, ridges, 0.5 * blank, None, None)
    row = _Row(scene, atlas, sitters, things, floor, blank, on_lap)
    if "carriage" in scene.marks and scene.grid.width > 1.5 * scene.grid.height:
        return row.in_carriage()
    return row.on_chairs()


class _Row(NamedTuple):
    """Who sits, with his kind; what else words name; the y of the floor; ones; and who is on the lap of the first."""

    scene: Scene
    atlas: Atlas
    sitters: Sequence[tuple[Figure, NamedKind]]
    things: Sequence[NamedKind]
    floor: Tensor
    blank: Tensor
    on_lap: Sequence[NamedKind] = ()

    def in_carriage(self) -> tuple[Part, ...]:
        """On the painted seats, those beyond their number in the aisle."""
        found, held = [], []
        for number, (figure, kind) in enumerate(self.sitters):
            pose = self._pose()
            if number < len(CARRIAGE):
                x = CARRIAGE[number]
                one = self._seated(figure, pose, x * self.blank, 1.0 if x > 0.5 else -1.0, SEAT * GROWN)
            else:
                side = GROWN * (CHILD if is_young(figure) else 1.0) * self.blank
                one = replace(figure, pose=STANDING, x=AISLE * self.blank, side=side, foot=self.floor + SUNK * side)
            found.append(Part(one, kind.order))
            held += self._held(one)
        return (*found, *painted_at_once(held))

    def on_chairs(self) -> tuple[Part, ...]:
        """On chairs side by side, or on one long seat, before what they watch."""
        watched = next((one for one in self.things if one.label in WATCHED), None)
        seat = next((one for one in self.things if one.label in LONG_SEATS), None)
        number = len(self.sitters)
        middle = 0.5 - (0.18 if watched or self._fed_ones() else 0.0)
        seats, found, held = [], [], []
        tall = SEAT * GROWN
        if seat is not None:
            share, half = LONG_SEATS[seat.label]
            index = LABELS.index(seat.label)
            height = float(self.atlas.extent[index, 1])
            side = max(tall / ((1 - share) * height), (0.34 * number + 0.12) * GROWN / (2 * half))
            tall = min((1 - share) * height * side, 1.35 * tall)
            own = side * self.blank
            foot = self.floor + (1 - lowest_point(self.atlas, index)) * own
            seats.append(Part(self._still(seat, middle * self.blank, foot, own), seat.order))
        for place, (figure, kind) in enumerate(self.sitters):
            pitch = PITCH if seat is None else 0.34
            x = (middle + (place - (number - 1) / 2) * pitch * GROWN) * self.blank
            ahead_of_all = watched or self._fed_ones()
            facing = -1.0 if ahead_of_all or 2 * place < number - 1 or number == 1 else 1.0
            if seat is None:
                chair_side = CHAIR_SIDE * GROWN * self.blank
                weights = torch.zeros_like(figure.weights)
                weights[:, CHAIR] = figure.opacity().view(-1)
                chair = Figure(
                    weights,
                    x + facing * CHAIR_MIDDLE * chair_side,
                    self.floor + SUNK * chair_side,
                    chair_side,
                    self.blank,
                )
                seats.append(Part(replace(chair, facing=-facing * self.blank), -1))
                tall = CHAIR_SEAT * CHAIR_SIDE * GROWN
            one = self._seated(figure, self._pose(), x, facing, tall)
            found.append(Part(one, kind.order))
            found += [self._lap(one, other) for other in (self.on_lap if place == 0 else ())]
            held += self._held(one)
        ahead = [self._watched(watched, middle, number)] if watched is not None else []
        others = [one for one in self.things if one not in (watched, seat) and one.label not in HELD]
        fed = self._fed_ones()
        beside = [part for one in fed for part in self._fed(one, found[-1].figure)]
        beside += [
            self._beside(one, middle, number, place)
            for place, one in enumerate([one for one in others if one not in fed][:2])
        ]
        return (*painted_at_once(seats), *ahead, *found, *painted_at_once(held), *painted_at_once(beside))

    def _beside(self, thing: NamedKind, middle: float, number: int, place: int) -> Part:
        """What else there is on the floor, in front of those who sit and then behind them."""
        index = LABELS.index(thing.label)
        wide, tall = (float(part) for part in self.atlas.extent[index])
        side = 0.42 * GROWN * by_nature(thing.label, "man") / (wide * tall) ** 0.5 * self.blank
        aside = (0.2 * number + BESIDE) * GROWN + wide * side
        x = middle + (-aside if place % 2 == 0 else aside)
        return Part(self._still(thing, x, self.floor + (1 - lowest_point(self.atlas, index)) * side, side), thing.order)

    def _fed_ones(self) -> list[NamedKind]:
        """The animals that somebody on a bench feeds."""
        if self.on_lap or not any(one.label == "bench" for one in self.things):
            return []
        return [one for one in self.things if one.label in FED][:1]

    def _fed(self, thing: NamedKind, sitter: Figure) -> list[Part]:
        """The animals on the ground before who sits, one behind the other, as they look at the hand."""
        index = LABELS.index(thing.label)
        wide, tall = (float(part) for part in self.atlas.extent[index])
        side = FED_SIZE * GROWN * by_nature(thing.label, "man") / (wide * tall) ** 0.5 * self.blank
        hand, _ = hand_of(sitter, self.atlas, 0.0)
        foot = self.floor + (1 - lowest_point(self.atlas, index)) * side
        found = []
        for place in range(min(thing.number, MOST)):
            x = hand - sitter.facing * (0.06 * GROWN + (1 + 2.3 * place) * wide * side)
            one = self._still(thing, x, foot + (0.012 if place % 2 else -0.008), side)
            found.append(Part(replace(one, facing=-sitter.facing, delay=1.3 * place), thing.order))
        return found

    def _watched(self, thing: NamedKind, middle: float, number: int) -> Part:
        index = LABELS.index(thing.label)
        wide, tall = (float(part) for part in self.atlas.extent[index])
        side = 0.42 * GROWN / tall * self.blank
        x = middle + (0.5 * 0.4 * number + AWAY) * GROWN + wide * side
        return Part(self._still(thing, x, self.floor + (1 - lowest_point(self.atlas, index)) * side, side), thing.order)

    @staticmethod
    def _still(thing: NamedKind, x: Tensor, foot: Tensor, side: Tensor) -> Figure:
        return replace(thing.figure, x=x, foot=foot, side=side, facing=torch.ones_like(x), pose="")

    def _seated(self, figure: Figure, pose: str, x: Tensor, facing: float, seat: float) -> Figure:
        """Somebody whose hips are on a seat so high above the floor."""
        side = GROWN * (CHILD if is_young(figure) else 1.0) * self.blank
        one = replace(figure, pose=pose, x=x, side=side, facing=facing * self.blank, foot=self.floor, floats=True)
        jointed = jointed_of(one)
        if jointed is None:
            return one
        hip_x, hip_y = jointed.hips
        foot = self.floor - seat - SITS_ON * side + (1 - hip_y) * side
        return replace(one, foot=foot, x=x - (hip_x - 0.5) * side * facing)

    def _lap(self, sitter: Figure, kind: NamedKind) -> Part:
        """Somebody or an animal on the thighs of who sits."""
        jointed = jointed_of(sitter)
        hips = (0.5, 0.6) if jointed is None else jointed.hips
        x, y = sitter.point(hips[0] - LAP_AHEAD, hips[1] - LAP_ABOVE)
        figure = replace(kind.figure, x=x, facing=sitter.facing, floats=True, pose="", look=sitter.look + 1)
        if kind.label in people():
            side = ON_LAP_SIZE * sitter.side
            figure = replace(figure, pose="seated", side=side, single=True)
            own = jointed_of(figure)
            low = 0.4 if own is None else 1 - own.hips[1] - SITS_ON
            return Part(replace(figure, foot=y + low * side), kind.order)
        index = LABELS.index(kind.label)
        wide, tall = (float(part) for part in self.atlas.extent[index])
        length = min(LENGTHS.get(kind.label, USUAL_LENGTHS[rank_of(kind.label)]), LAP_LENGTH * tall / (2 * wide))
        side = length / tall * sitter.side
        return Part(replace(figure, side=side, foot=y + (1 - lowest_point(self.atlas, index)) * side), kind.order)

    def _pose(self) -> str:
        labels = {one.label for one in self.things}
        if self._fed_ones():
            return "feeding on a seat"
        if "sleeping" in self.scene.marks:
            return "dozing"
        if not labels.isdisjoint((*READ_SEATED, *HANDWORK)):
            return "reading on a seat"
        return "eating at table" if not labels.isdisjoint((*BITES, *DRINKS)) else "seated"

    def _held(self, sitter: Figure) -> list[Part]:
        """What somebody has in his hand."""
        thing = next((one for one in self.things if one.label in HELD), None)
        if thing is None or jointed_of(sitter) is None:
            return []
        _, height = extent_of(sitter, self.atlas)
        length = LENGTHS.get(thing.label, USUAL_LENGTHS[rank_of(thing.label)])
        tall = float(self.atlas.extent[LABELS.index(thing.label), 1])
        side = 0.8 * length * height / tall
        x, y = hand_of(sitter, self.atlas, self.scene.phase)
        held = replace(thing.figure, x=x, foot=y + 0.6 * side, side=side, facing=sitter.facing, pose="", floats=True)
        return [Part(held, thing.order)]
