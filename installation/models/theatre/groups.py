"""Several figures of a kind: in a row on the ground, in a flight, on both sides of another, or around it.

Copies differ in size, in the direction that they face, in when they move, and in whether they stand in front of the
nearest ridge or behind it. Their feet are on the ground where they stand, and none covers another, so that they can be
counted. Before an audience five and more stand in ranks (see `crowds`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.op_tape import decisions
from installation.models.theatre.brooding import brooding, is_brooding
from installation.models.theatre.crowds import (
    CROWD,
    FALL,
    FARTHER,
    FLIGHT_FOOT,
    FLUTTER,
    IN_AIR,
    LOWEST_FOOT,
    NUMBERS,
    ON_GROUND,
    ON_STREETS,
    OPEN_LAND,
    RISE,
    RISE_AFLOAT,
    ROW_GAP,
    STRETCH,
    TOTALS,
    WAVER,
    Formation,
    Stand,
    stands,
)
from installation.models.theatre.draw_context import Ridges
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import GAP, MARGIN, SUNK, Figure, as_boy_or_girl, extent_of, height_at
from installation.models.theatre.figure_openings import OPENINGS, SEATS, Seat
from installation.models.theatre.furniture import Laid, Things, still_life
from installation.models.theatre.groups_about import (
    DELAY,
    SIZES,
    UNLIKE_SIZES,
    about_fire,
    around,
    between,
    leaping,
    piled,
)
from installation.models.theatre.loose_groups import (
    CLUSTERS,
    MOST_CLOSE,
    Cluster,
    Spot,
    cluster_for,
    size_at,
    stood_back,
    width_of,
)
from installation.models.theatre.loose_groups import NEAR_HEIGHTS as CLUSTER_HEIGHTS
from installation.models.theatre.loose_groups import WIDTHS as CLUSTER_WIDTHS
from installation.models.theatre.magnitudes import UPRIGHT, has_head
from installation.models.theatre.marks import MORE, SECOND
from installation.models.theatre.marks import NUMBERS as ALL_COUNTS
from installation.models.theatre.outlines import sheets_of, top_place, upper_outline
from installation.models.theatre.poses import SEATED
from installation.models.theatre.proportion import natural_size
from installation.models.theatre.relations import (
    CANDLE_HEIGHT,
    CANDLE_SUNK,
    RELATIONS,
    TIER,
    TIER_WIDTH,
    WAX,
    WORN,
    is_lit_cake,
    is_open_above,
    looking_out,
    opening_of,
    pocket_of,
)
from installation.models.theatre.scene import RAILED, VEHICLES, Scene, is_afloat
from installation.models.theatre.stage_room import Footing, keep_within, labels_of, room_beside
from installation.models.theatre.vehicle_windows import at_window

SPACING = {"two": 1.18, "three": 1.14, "four": 1.10, "five": 1.06, "six": 1.04, "many": 1.02}  # in widths of one
SPACING |= dict.fromkeys(MORE, 1.0)
NEAR_HEIGHTS = {"two": 0.46, "three": 0.42, "four": 0.38}  # of few who are alone, before an audience, in units
CLOSER_BY, NEAR_WIDTH, LARGER = 0.87, 0.92, 1.7  # how much closer they stand; width of their row; how much they grow
TALLEST_BESIDE, NEIGHBOURS = 0.5, 0.08  # height of the tallest of two rows, and the gap between both, in units
LENGTHS = {"two": 1.0, "three": 2.02, "four": 3.0, "five": 4.03, "six": 5.0, "many": 5.97}  # of rows, in spacings
LENGTHS |= {name: NUMBERS[name] - 1.0 for name in MORE}
ROW_RISE = 0.022  # how much higher the next figure of a row stands on a floor or on water
NEAR_FALL = 0.026  # how much lower figures stand that are in front of the ridge
FLIGHT_RISE = 0.30  # of a flight, in heights of the figure
FLIGHT_REACH = 0.16  # how far a flight rises above its first figure, at most, in units
MANY_HUGE, MANY_TINY = 1.2, 0.55  # size of huge and of tiny ones that fill the stage, relative to the usual
CLOSE_INSIDE = 0.62  # of the distance between several that look out of another
SKEIN_WIDTH, SKEIN_HEIGHT, SKEIN_PACE, SKEIN_RISE = 1.2, 0.17, 0.86, 0.26  # of several above another: units;
# from one to the next, in widths; how fast its arms part, in heights
ROOM_IN_AIR = 1.7  # heights that one of a few in the air takes up
ON_SEAT = ((0.0, 1.0), (-0.07, 0.88), (0.10, 1.04), (-0.02, 0.93), (0.08, 0.98))  # shifts in steps, and sizes, in turn
DENSE = 0.62  # of the distance between many that sit in a row
ELSEWHERE = ("between sky", "behind sky", "above sky", "peak", "sill", "street", "flying", "on sky", "over sky")
WITH_YOUNG, CLOSE_WIDTH = 0.44, 0.72  # the height of a mother with several young, and how much of the room all take
SKY_GAP = 1.7  # between a sun or moon and the figures beside it, in radii
ALIKE = (  # the copies of these face the same way
    *("car", "bus", "tram", "train", "bicycle", "boat", "ship", "gondola", "airplane", "clock", "book", "letter"),
    *("tractor", "truck", "motorcycle", "helicopter", "airship", "sled"),
    *("television", "computer", "radio", "camera", "washing machine", "globe"),
    *("scooter", "carriage", "rowing boat", "bus stop", "vending machine"),
)
ONE_WAY = "chasing"  # a mark
OVERHEAD = ("lifted", "above")  # those in which they are in the air
ON_ANOTHER = ("on", "riding", "above", "inside", "lifted")  # relations in which companions do not stand on the ground


class Copy(NamedTuple):
    """One of several figures beside the first.

    Attributes:
        place: Along the row, in spacings, towards the middle of the picture.
        row: How many steps it stands farther back, or higher in a flight.
        size: Relative to the first.
        near: Whether it stands in front of the ridge.
        mirrored: Whether it faces the other way.
        marks: The numbers that it belongs to.
    """

    place: float
    row: float
    size: float
    near: bool
    mirrored: bool
    marks: tuple[str, ...]


COPIES = (  # those behind the ridge first; many are seven
    *(
        Copy(place, 1.0, 0.92, False, bool(place % 4), tuple(name for name in MORE if NUMBERS[name] > place))
        for place in range(7, CROWD, 2)
    ),
    Copy(1.0, 0.8, 0.92, False, True, ALL_COUNTS),
    Copy(3.0, 1.1, 0.95, False, True, ALL_COUNTS[2:]),
    Copy(5.0, 0.9, 0.90, False, False, ALL_COUNTS[4:]),
    Copy(2.02, 0.2, 1.0, True, False, ALL_COUNTS[1:]),
    Copy(4.03, 0.4, 0.97, True, False, ALL_COUNTS[3:]),
    Copy(5.97, 0.1, 1.0, True, True, ALL_COUNTS[5:]),
    *(
        Copy(place, 0.2, 1.0, True, False, tuple(name for name in MORE if NUMBERS[name] > place))
        for place in range(8, CROWD, 2)
    ),
)


def group_figures(
    scene: Scene, atlas: Atlas, ridges: Ridges, subject: Figure, companion: Figure, laid: Laid | None = None
) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    """The subject and the companion, each with its copies, some of them on a table."""
    counts, second_counts = _counts(scene, ""), _counts(scene, SECOND)
    stage = Footing(scene, atlas, ridges)
    if not (counts or second_counts or scene.marks & {"leaping", "campfire"}):
        return (subject,), (companion,)
    both = bool(companion.present() and subject.present())
    if counts and not both and "piled" in scene.marks and scene.staged:
        return piled(stage, subject, counts), (companion,)
    if both and second_counts and "between" in scene.marks:
        return between(stage, subject, companion, second_counts)
    if both and "leaping" in scene.marks and scene.staged:
        return leaping(stage, subject, companion, second_counts)
    if both and second_counts and "around" in scene.marks:
        return around(stage, subject, companion, second_counts)
    if not both and subject.present() and scene.staged and {"around", "campfire"} <= scene.marks:
        return about_fire(stage, subject, counts), (companion,)
    first = _Row.of(stage, subject, counts, _many_of_size(scene, ""))
    if not companion.present() and scene.staged and scene.marks.isdisjoint((*UNLIKE_SIZES, *ELSEWHERE)):
        first = first.near()
    second = _Row.of(stage, companion, second_counts, _many_of_size(scene, SECOND))
    if laid is not None and laid.table is not None:
        return _on_table(stage, laid.table, laid.on_it, first, second)
    if both and scene.staged and "on" in scene.marks and is_lit_cake(subject, companion):
        return first.figures(), _candles(subject, companion, shares_of(second_counts, subject.x))
    if both and "riding" in scene.marks and counts.keys() == second_counts.keys() and scene.staged:
        mounts = first.figures()
        return mounts, tuple(_on_mount(companion, subject, mount, number) for number, mount in enumerate(mounts))
    if both and counts and scene.staged and _is_worn(scene, subject, companion):
        row = _Row.of(stage, subject, counts, _many_of_size(scene, "")).near().figures()
        wearers = row if second_counts else row[-1:]
        return row, tuple(_on_mount(companion, subject, one, number) for number, one in enumerate(wearers))
    if both and counts and not second_counts and is_brooding(scene, subject, companion):
        return brooding(stage, subject, companion, shares_of(counts, subject.x))
    if both and scene.marks & set(ON_ANOTHER):
        if "inside" in scene.marks and scene.staged and is_open_above(LABELS[subject.present()[0]]):
            close = second._replace(step=second.step * CLOSE_INSIDE).within(*_seat_of(stage, subject)).figures()
            return first.figures(), tuple(looking_out(atlas, subject, figure) for figure in close)
        if not scene.marks.isdisjoint(OVERHEAD) and scene.staged and second_counts and not counts:
            return first.figures(), second.skein(subject)
        if "inside" in scene.marks and companion.window is not None:
            return first.figures(), tuple(
                at_window(atlas, subject, one, number) for number, one in enumerate(reversed(second.figures()))
            )
        within = "inside" in scene.marks and scene.staged and LABELS[subject.present()[0]] not in OPENINGS
        second = second._replace(step=second.step * CLOSE_INSIDE) if within else second
        seated = second.within(*_seat_of(stage, subject)).figures()
        if len(seated) == 2 and companion.pose == SEATED:  # they turn to each other
            towards = torch.sign(seated[0].x - seated[1].x)
            seated = replace(seated[0], facing=towards), replace(seated[1], facing=-towards)
        return first.figures(), tuple(_on_outline(stage, subject, figure) for figure in seated)
    if both and not scene.marks & set(RELATIONS):
        if scene.staged and stage.stands(first.labels) and stage.stands(second.labels):
            first, second = _in_scale(stage, first, second)
        first, second = _side_by_side(stage, first, second)
    elif "between sky" in scene.marks and counts:
        first = first.apart(scene)
    return first.figures(), second.figures()


def _is_worn(scene: Scene, subject: Figure, companion: Figure) -> bool:
    """Whether the companion is a hat or a scarf, which one of several wears, or each of them."""
    labels = [LABELS[figure.present()[0]] for figure in (subject, companion)]
    return "on" in scene.marks and labels[1] in WORN and has_head(labels[0])


def _on_mount(rider: Figure, mount: Figure, other: Figure, number: int) -> Figure:
    """Who sits on a copy of a mount as the rider does on the first one."""
    size = other.side / mount.side
    aside = (rider.x - mount.x) * size * other.facing * mount.facing
    foot = other.foot + (rider.foot - mount.foot) * size
    moved = replace(rider, x=other.x + aside, foot=foot, side=rider.side * size, facing=other.facing)
    return replace(
        moved, look=rider.look + number, before=other.before, weights=rider.weights * other.opacity().view(-1, 1)
    )


class _Row(NamedTuple):
    """A figure and its copies.

    Attributes:
        stage: Where they stand.
        origin: The figure where it would stand alone, in the size of all.
        marks: How far each number is set, each [batch, 1, 1, 1].
        x: Of the first.
        inwards: The direction of the row, -1 or 1.
        half: Half the width of a figure.
        step: Between neighbours.
        labels: The kinds of the figure.
        ground: The y of the ground where it would stand alone.
        level: Whether all are at the height of the first.
        formation: How they stand if they are so many that they stand in ranks, and the name of their number.
        cluster: Where each of a few stands, if they stand in a loose group.
    """

    stage: Footing
    origin: Figure
    marks: dict[str, Tensor]
    x: Tensor
    inwards: Tensor
    half: Tensor
    step: Tensor
    labels: tuple[str, ...]
    ground: Tensor
    level: bool = False
    formation: tuple[str, Formation] | None = None
    cluster: Cluster = ()

    @classmethod
    def of(cls, stage: Footing, figure: Figure, marks: dict[str, Tensor], size: Tensor | float = 1.0) -> _Row:
        """A row that ends where the figure stands, or farther out if it would not fit.

        Args:
            stage: Where they stand.
            figure: The first.
            marks: How far each number is set.
            size: Of figures that are so many that they fill the stage, relative to the usual one.
        """
        labels = labels_of(figure)
        spacing = 1 + sum((SPACING[name] - 1) * mark for name, mark in marks.items())
        half, height = extent_of(figure, stage.atlas)
        inwards = torch.where(figure.x > 0.5, -1.0, 1.0)
        ground = stage.ground(figure, figure.x, half)
        row = cls(stage, figure, marks, figure.x, inwards, half, 2 * half * spacing, labels, ground)
        room = 1 - 2 * MARGIN + 2 * room_beside(stage.scene)
        if (formation := row._formation()) is not None:
            return row._replace(formation=formation, step=2 * half)._filling(room, height, size)
        row = row._clustered(height)
        size = 1 + sum((SIZES[name] - 1) * mark for name, mark in marks.items())
        row = row.scaled(size * torch.ones_like(half)) if marks else row
        row = row.scaled((room / row.width).clamp(max=1)) if marks else row
        out = 0.5 - MARGIN + room_beside(stage.scene) - row.half
        beyond = row.inwards * (row.x - 0.5) + row.length - out
        return row._replace(x=row.x - row.inwards * beyond.clamp(min=0))

    @property
    def length(self) -> Tensor:
        """From the first figure to the last."""
        if self.cluster:
            return self.step * width_of(self.cluster) * torch.stack(list(self.marks.values())).sum(0).clamp(max=1)
        lengths = LENGTHS
        if self.formation is not None:
            name, formation = self.formation
            lengths = LENGTHS | {name: (NUMBERS[name] - 1) * formation.pace}
        return self.step * sum(lengths[name] * mark for name, mark in self.marks.items())

    @property
    def width(self) -> Tensor:
        """Of the whole row."""
        return self.length + 2 * self.half

    def scaled(self, factor: Tensor) -> _Row:
        """The row with figures of another size, whose feet stay where they are."""
        side = self.origin.side * factor
        origin = replace(self.origin, side=side, foot=self.origin.foot + SUNK * (side - self.origin.side))
        return self._replace(origin=origin, half=self.half * factor, step=self.step * factor)

    def near(self) -> _Row:
        """The row of a few, close together and so large that they fill the stage, around the middle."""
        few = [name for name in NEAR_HEIGHTS if name in self.marks]
        stands = self.stage.stands(self.labels)
        if len(few) != 1 or len(self.marks) != 1 or not (stands or self.cluster):
            return self
        mark = self.marks[few[0]]
        _, height = extent_of(self.origin, self.stage.atlas)
        if self.cluster:
            return self._clustered_near(few[0], height * (1 if stands else ROOM_IN_AIR))
        row = self._replace(step=self.step * (1 + (CLOSER_BY - 1) * mark))
        size = torch.minimum(NEAR_HEIGHTS[few[0]] / height.clamp(min=1e-3), NEAR_WIDTH / row.width).clamp(1, LARGER)
        row = row.scaled(1 + (size - 1) * mark)
        middle = 0.5 + 0.25 * (self.x - 0.5) - row.inwards * row.length / 2
        return row._replace(x=torch.lerp(self.x, middle, mark))

    def within(self, x: Tensor, half: Tensor) -> _Row:
        """The row around x, at one height, so small that it reaches no farther than `half`."""
        dense = DENSE if self.stage.scene.staged and self.formation is not None else 1.0
        row = self._replace(level=True, formation=None, step=self.step * dense)
        if self.cluster:
            row = row._replace(cluster=(), step=2 * self.half * SPACING[self._largest()])
        row = row.scaled((2 * half / row.width).clamp(max=1)) if row.marks else row
        return row._replace(x=x - row.inwards * row.length / 2)

    def skein(self, below: Figure) -> tuple[Figure, ...]:
        """The row in the air above another figure: one ahead, the others behind it on two arms that part."""
        total = TOTALS[self._largest()]
        _, height = extent_of(self.origin, self.stage.atlas)
        wide = SKEIN_WIDTH / (2 * self.half * (1 + SKEIN_PACE * (total // 2)))
        row = self._replace(level=True).scaled(torch.minimum(wide, SKEIN_HEIGHT / height.clamp(min=1e-3)).clamp(0.4, 2))
        forwards = -torch.sign(self.origin.facing)
        ahead = (0.5 * below.x + 0.25) + forwards * row.half * SKEIN_PACE * (total // 2)
        _, height = extent_of(row.origin, self.stage.atlas)
        lowest = below.foot - extent_of(below, self.stage.atlas)[1] + SKEIN_RISE * height
        figures = []
        for number, share in enumerate(shares_of(self.marks, self.x)):
            place, arm = (number + 1) // 2, 1 if number % 2 else -1
            size = 1 - 0.05 * (place if arm > 0 else 0)
            one = row._moved(ahead - forwards * place * 2 * row.half * SKEIN_PACE * (1 + 0.06 * arm), size)
            foot = torch.minimum(one.foot - arm * place * SKEIN_RISE * height, lowest).clamp(min=height + MARGIN)
            weights = one.weights * share.view(-1, 1)
            figures.append(replace(one, foot=foot, weights=weights, delay=DELAY * number, tone=number))
        return tuple(reversed(figures))

    def apart(self, scene: Scene) -> _Row:
        """The row in the middle, with room for a sun or moon between two figures."""
        step = torch.maximum(self.step, 2 * self.half + 2 * SKY_GAP * scene.celestial_disc.radius)
        step = torch.lerp(self.step, step, scene.mark("between sky"))
        row = self._replace(step=step)
        return row._replace(x=torch.lerp(self.x, 0.5 - row.inwards * row.length / 2, scene.mark("between sky")))

    def figures(self) -> tuple[Figure, ...]:
        """The figures, those behind first."""
        if self.level and not self.marks:
            return (self.origin,)
        if not self.marks:
            return (self._moved(self.x, 1.0),)
        if self.formation is not None:
            return self._ranks(*self.formation)
        if self.cluster:
            return self._loosely()
        figures = []
        for number, copy in enumerate(COPIES, start=1):
            asked = [mark for name, mark in self.marks.items() if name in copy.marks]
            if asked:
                figures.append(self._copy(copy, number, sum(asked[1:], asked[0])))
        return (*figures, self._placed(self._moved(self.x, 1.0), 0.0, near=True))

    def _formation(self) -> tuple[str, Formation] | None:
        """How they stand in ranks, if an audience sees so many that need not stand in line."""
        largest = self._largest()
        if not self.stage.scene.staged or largest not in ON_GROUND or any(label in RAILED for label in self.labels):
            return None
        if not self.stage.stands(self.labels):
            return largest, IN_AIR[largest]
        return largest, (ON_STREETS if self._rolls() else ON_GROUND)[largest]

    def _largest(self) -> str:
        """The name of the largest number that is set, or ""."""
        return next((name for name in reversed(ALL_COUNTS) if name in self.marks), "")

    def _clustered(self, height: Tensor) -> _Row:
        """The row as a loose cluster, if an audience sees a few that are no vehicles on their way."""
        name = self._largest()
        if not self.stage.scene.staged or name not in CLUSTERS or self._rolls():
            return self
        upright = float((self.half / height.clamp(min=1e-3)).mean()) if self.stage.stands(self.labels) else 1.0
        cluster = cluster_for(self.stage.scene, name, ONE_WAY in self.stage.scene.marks, upright)
        return self._replace(cluster=cluster, step=2 * self.half)

    def _clustered_near(self, name: str, height: Tensor) -> _Row:
        """The cluster so large that it fills the stage, around the middle."""
        mark = self.marks[name]
        size = torch.minimum(CLUSTER_HEIGHTS[name] / height.clamp(min=1e-3), CLUSTER_WIDTHS[name] / self.width)
        row = self.scaled(1 + (size.clamp(max=MOST_CLOSE) - 1).clamp(min=0) * mark)
        middle = 0.5 + 0.3 * (self.x - 0.5) - row.inwards * row.length / 2
        return row._replace(x=torch.lerp(self.x, middle, mark))

    def _loosely(self) -> tuple[Figure, ...]:
        """The figures of a cluster, those farthest away first, and the first figure last."""
        order = sorted(enumerate(self.cluster), key=lambda one: (-one[1].depth, -one[0]))
        return tuple(self._at_spot(number, spot) for number, spot in order)

    def _at_spot(self, number: int, spot: Spot) -> Figure:
        """One of a cluster."""
        stage, stands = self.stage, self.stage.stands(self.labels)
        figure = self._moved(self.x + self.inwards * spot.place * self.step, size_at(spot, self._is_of_people()))
        asked = [mark for count, mark in self.marks.items() if TOTALS[count] > number]
        share = sum(asked[1:], asked[0]).clamp(max=1) if number and asked else torch.ones_like(self.x)
        mirrored = spot.mirrored and stands and not self._is_alike()
        figure = replace(
            figure,
            weights=figure.weights * share.view(-1, 1),
            facing=-figure.facing if mirrored else figure.facing,
            delay=DELAY * number,
            look=figure.look + number,  # neighbours differ
            tone=number,
        )
        figure = as_boy_or_girl(stage.scene, figure, number)
        if not stands:
            _, height = extent_of(self.origin, stage.atlas)
            return keep_within(replace(figure, foot=figure.foot - spot.up * height), stage.atlas, stage.scene)
        return stood_back(stage, figure, spot, self.labels)

    def _is_of_people(self) -> bool:
        return any(label in UPRIGHT for label in self.labels)

    def _filling(self, room: Tensor | float, height: Tensor, size: Tensor | float) -> _Row:
        """The row in the middle, of figures that are as large as the room and their number allow."""
        if self.formation is None:
            return self
        name, formation = self.formation
        wanted = room * formation.width * size
        fit = torch.minimum(wanted / self.width, size * formation.height / height.clamp(min=1e-3))
        row = self.scaled(torch.lerp(torch.ones_like(fit), fit, self.marks[name].clamp(max=1)))
        row = row._replace(step=row.step * (wanted / row.width).clamp(1, STRETCH))
        aside = 0.5 * (row.x - 0.5) * (1 - row.width / room).clamp(min=0)
        return row._replace(x=0.5 + aside - row.inwards * row.length / 2)

    def _ranks(self, name: str, formation: Formation) -> tuple[Figure, ...]:
        """The figures in ranks, those farthest away first, and the first figure last."""
        order = sorted(enumerate(stands(name, formation)), key=lambda one: (-one[1].rank, -one[0]))
        row = self
        if not self.stage.stands(self.labels):
            _, height = extent_of(self.origin, self.stage.atlas)
            foot = self.origin.foot.clamp(min=FLIGHT_FOOT)
            room = foot - MARGIN
            rows = 1 + ROW_GAP * (formation.ranks - 1)
            row = self._replace(origin=replace(self.origin, foot=foot)).scaled((room / (height * rows)).clamp(max=1))
        return tuple(row._in_rank(number, stand, number // formation.ranks) for number, stand in order)

    def _in_rank(self, number: int, stand: Stand, place: int) -> Figure:
        """One of many, of whom every other one of a rank looks alike, so that few sheets are painted."""
        figure = self._moved(self.x + self.inwards * stand.place * self.step, stand.size)
        asked = [mark for count, mark in self.marks.items() if TOTALS[count] > number]
        share = sum(asked[1:], asked[0]).clamp(max=1) if number else torch.ones_like(self.x)
        alike = self._is_alike() or any(label in VEHICLES for label in self.labels)
        mirrored = stand.mirrored and self.stage.stands(self.labels) and not alike
        figure = replace(
            figure,
            weights=figure.weights * share.view(-1, 1),
            facing=-figure.facing if mirrored else figure.facing,
            delay=DELAY * stand.rank,
            rank=stand.rank,
            look=figure.look + 3 * stand.rank + place % 2 if figure.pose else 0,
            tone=stand.rank,
        )
        figure = as_boy_or_girl(self.stage.scene, figure, place)
        if not self.stage.stands(self.labels):
            _, height = extent_of(self.origin, self.stage.atlas)
            uneven = FLUTTER * math.sin(2.1 * number) + WAVER * math.sin(5.3 * number)
            return replace(figure, foot=figure.foot - (ROW_GAP * stand.rank + uneven) * height)
        if self.stage.is_level(self.labels):
            rise = RISE_AFLOAT if all(is_afloat(label) for label in self.labels) else RISE
            fall = torch.full_like(figure.foot, 0.4 * FALL * (1 - stand.depth) - rise * stand.depth)
        else:
            fall = torch.full_like(figure.foot, FALL * (1 - stand.depth)) - self._farther(figure, stand)
        foot = torch.minimum(figure.foot + fall, LOWEST_FOOT + SUNK * figure.side)
        return replace(figure, foot=foot, before=not stand.last and not self.stage.is_level(self.labels))

    def _farther(self, figure: Figure, stand: Stand) -> Tensor | float:
        """How far one of a crowd stands back on the land behind the nearest ridge."""
        scene, ridges = self.stage.scene, self.stage.ridges
        if self.formation is None or self.formation[1].ranks < 4 or stand.depth < 0.5:
            return 0.0
        open_land = scene.weight("terrain", *OPEN_LAND)
        free = height_at(scene, ridges.near, figure.x) - height_at(scene, ridges.middle, figure.x) - 0.02
        return open_land * torch.minimum(free.clamp(min=0), torch.full_like(free, FARTHER * (2 * stand.depth - 1)))

    def _copy(self, copy: Copy, number: int, mark: Tensor) -> Figure:
        shift, size = ON_SEAT[number % len(ON_SEAT)] if self.level and self.stage.scene.staged else (0.0, copy.size)
        figure = self._moved(self.x + self.inwards * (copy.place + shift) * self.step, size)
        mirrored = copy.mirrored and self.stage.stands(self.labels) and not self._is_alike()
        figure = replace(
            figure,
            weights=figure.weights * mark.view(-1, 1),
            facing=-figure.facing if mirrored else figure.facing,
            delay=DELAY * number,
            look=figure.look + round(copy.place),  # neighbours differ
            tone=number,
        )
        figure = as_boy_or_girl(self.stage.scene, figure, round(copy.place))
        placed = self._placed(figure, copy.row, copy.near)
        if self.stage.stands(self.labels):
            return placed  # the whole row fits
        return keep_within(placed, self.stage.atlas, self.stage.scene)

    def _moved(self, x: Tensor, size: float) -> Figure:
        """The figure at another x, in another size, with its feet on the ground there."""
        side = self.origin.side * size
        foot = self.origin.foot + SUNK * (side - self.origin.side)
        if self.stage.stands(self.labels) and not self.level:
            foot = foot + self.stage.ground(self.origin, x, self.half * size) - self.ground
        return replace(self.origin, x=x, foot=foot, side=side)

    def _is_alike(self) -> bool:
        """Whether the copies face the same way: things that do, and all that go one way."""
        return ONE_WAY in self.stage.scene.marks or any(label in ALIKE for label in self.labels)

    def _rolls(self) -> bool:
        return any(label in (*VEHICLES, *RAILED) for label in self.labels)

    def _placed(self, figure: Figure, row: float, near: bool) -> Figure:
        """A figure so many steps farther back, or higher in the air, or in front of the ridge."""
        if self.level or self._rolls():
            return figure
        if not self.stage.stands(self.labels):
            _, height = extent_of(figure, self.stage.atlas)
            return replace(figure, foot=figure.foot - row * (FLIGHT_RISE * height).clamp(max=FLIGHT_REACH))
        if self.stage.is_level(self.labels):
            return replace(figure, foot=figure.foot - row * ROW_RISE)
        return replace(figure, foot=figure.foot + NEAR_FALL, before=True) if near else figure


def _counts(scene: Scene, prefix: str) -> dict[str, Tensor]:
    """The numbers that are set, with how far they are."""
    return {name: scene.mark(prefix + name) for name in ALL_COUNTS if prefix + name in scene.marks}


def _many_of_size(scene: Scene, prefix: str) -> Tensor | float:
    """The size of many figures of which words say that they are huge or tiny."""
    size: Tensor | float = 1.0
    for name, factor in (("huge figure", MANY_HUGE), ("tiny figure", MANY_TINY)):
        if prefix + name in scene.marks:
            size = size * (1 + (factor - 1) * scene.mark(prefix + name))
    return size


def _seat_of(stage: Footing, subject: Figure) -> tuple[Tensor, Tensor]:
    """The middle of a subject on which others are, and half its width, with a little beyond it."""
    half, _ = extent_of(subject, stage.atlas)
    label = LABELS[subject.present()[0]] if subject.present() else ""
    if "inside" in stage.scene.marks and is_open_above(label):
        pocket = pocket_of(stage.atlas, subject.present()[0])
        return subject.point(pocket.x, 1.0)[0], pocket.width * half
    if "inside" in stage.scene.marks and label and label not in OPENINGS:
        opening, inner = opening_of(stage.atlas, subject.present()[0])
        return subject.point(opening.x, 1.0)[0], inner * subject.side
    return subject.x, (1.1 if subject.present() and LABELS[subject.present()[0]] in SEATS else 0.8) * half


def _candles(cake: Figure, candle: Figure, shares: Sequence[Tensor]) -> tuple[Figure, ...]:
    """Candles in a row behind the top of a cake, which hides their feet."""
    step = TIER_WIDTH / len(shares)
    side = min(CANDLE_HEIGHT, step / WAX) * cake.side
    foot = cake.foot + (TIER - 1 + CANDLE_SUNK * side / cake.side) * cake.side
    return tuple(
        replace(
            candle,
            x=cake.x + (place - (len(shares) - 1) / 2) * step * cake.side,
            foot=foot,
            side=side,
            floats=True,
            weights=candle.weights * share.view(-1, 1),
            delay=DELAY * place,
        )
        for place, share in enumerate(shares)
    )


def _on_outline(stage: Footing, subject: Figure, figure: Figure) -> Figure:
    """One of several on a roof: as much lower as the roof is below its ridge there."""
    kinds = [index for index in subject.present() if LABELS[index] not in SEATS]
    if not kinds or "on" not in stage.scene.marks:
        return figure
    drop, _ = upper_outline(stage.atlas, kinds[0], 0.5 + (figure.x - subject.x) / (subject.side * subject.facing))
    _, height = extent_of(subject, stage.atlas)
    highest = top_place(sheets_of(stage.atlas, kinds[0]))[1] if stage.scene.staged else Seat().share
    lower = (drop - highest).clamp(min=0) * height
    return replace(figure, foot=figure.foot + lower * stage.scene.mark("on"))


def _on_table(
    stage: Footing, table: Figure, on_it: tuple[bool, bool], first: _Row, second: _Row
) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    """Rows of which some are on a table, where all share its top if both are."""
    if all(on_it):
        rows = [Things(row.origin, shares_of(row.marks, row.x), row.origin.present()[0]) for row in (first, second)]
        order = [0, 1] if decisions((first.x <= second.x).detach().flatten())[0] else [1, 0]
        placed = still_life(table, [rows[place] for place in order], stage.atlas)
        return placed[order.index(0)], placed[order.index(1)]
    half = extent_of(table, stage.atlas)[0] * 0.92
    first, second = (
        row.within(row.origin.x, half) if lies else row for row, lies in zip((first, second), on_it, strict=True)
    )
    return first.figures(), second.figures()


def shares_of(marks: Mapping[str, Tensor], like: Tensor) -> tuple[Tensor, ...]:
    """How far each of several figures is there, for how far their numbers are set; the first always is."""
    total = max((TOTALS[name] for name in marks), default=1)
    least = torch.zeros_like(like)
    return (
        torch.ones_like(like),
        *(sum((mark for name, mark in marks.items() if TOTALS[name] > place), least) for place in range(1, total)),
    )


def _in_scale(stage: Footing, first: _Row, second: _Row) -> tuple[_Row, _Row]:
    """Two rows on the ground, as large beside each other as they are by nature, and as large as the stage allows."""
    second = second.scaled(natural_size(stage.scene, stage.atlas, first.origin, second.origin))
    tallest = torch.maximum(*(extent_of(row.origin, stage.atlas)[1] for row in (first, second)))
    room = 1 - 2 * MARGIN + 2 * room_beside(stage.scene) - GAP
    scale = torch.minimum(TALLEST_BESIDE / tallest.clamp(min=1e-3), room / (first.width + second.width))
    return first.scaled(scale.clamp(max=LARGER)), second.scaled(scale.clamp(max=LARGER))


def _side_by_side(stage: Footing, left: _Row, right: _Row) -> tuple[_Row, _Row]:
    """Two rows beside each other, smaller if both do not fit, with the free room shared out."""
    if decisions((left.x > right.x).detach().flatten())[0]:
        right, left = _side_by_side(stage, right, left)
        return left, right
    beside = room_beside(stage.scene)
    room = 1 - 2 * MARGIN + 2 * beside
    fit = ((room - GAP) / (left.width + right.width)).clamp(max=1)
    close = stage.scene.staged and SECOND + "tiny figure" in stage.scene.marks  # the young stay near
    if close:
        highest = torch.maximum(*(extent_of(row.origin, stage.atlas)[1] for row in (left, right))).clamp(min=1e-3)
        wide = CLOSE_WIDTH * (room - GAP) / (left.width + right.width)
        fit = torch.maximum(fit, torch.minimum(WITH_YOUNG / highest, wide))
    left, right = left.scaled(fit), right.scaled(fit)
    free = room - GAP - left.width - right.width
    apart = 0.0 if close else NEIGHBOURS if stage.scene.staged else 1.0
    between = (free / 3).clamp(max=apart)
    outer = (free - between) / 2
    low, high = MARGIN - beside + outer, 1 - MARGIN + beside - outer
    inwards = torch.ones_like(left.half)
    return (
        left._replace(x=low + left.half, inwards=inwards),
        right._replace(x=high - right.half, inwards=-inwards),
    )
