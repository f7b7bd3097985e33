"""A third figure, for an audience: beside the pair, behind it, on the other side of it, or on what is pushed or pulled.

Places stand behind, people and animals beside; all three are moved so that the whole is in the middle of the stage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.figure_traits import trait
from installation.models.theatre.acting_poses import CYCLES
from installation.models.theatre.contact import hand_of
from installation.models.theatre.cords import Cord
from installation.models.theatre.crews import TOGETHER, aboard
from installation.models.theatre.crowds import FLUTTER, TOTALS
from installation.models.theatre.draw_context import Ridges
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import (
    GAP,
    MARGIN,
    SUNK,
    WATERS,
    Figure,
    as_boy_or_girl,
    extent_of,
    ground_at,
    lying,
)
from installation.models.theatre.figure_openings import SEATS
from installation.models.theatre.furniture import ON_TABLES, Things, still_life
from installation.models.theatre.garments import FEET
from installation.models.theatre.groups import shares_of
from installation.models.theatre.groups_about import DELAY
from installation.models.theatre.handling import LENGTHS, READ, USUAL_LENGTHS, reading_place
from installation.models.theatre.joins import clad_as
from installation.models.theatre.jointed_figures import jointed_of
from installation.models.theatre.loose_groups import cluster_for, size_at, stood_back, width_of
from installation.models.theatre.magnitudes import THINGS, UPRIGHT, has_head, rank_of
from installation.models.theatre.marks import NUMBERS
from installation.models.theatre.outlines import lowest_point
from installation.models.theatre.pairing import TALLEST, by_nature
from installation.models.theatre.poses import posed
from installation.models.theatre.relations import NEARER, SITS_ON, WORN, Pair, on_saddle, put_on
from installation.models.theatre.scene import Scene
from installation.models.theatre.stacked_figures import STACKED as ON_THIRD
from installation.models.theatre.stacked_figures import STOOD, Group, on_third
from installation.models.theatre.stage_room import Footing, room_beside
from installation.models.theatre.vocabulary import AIRBORNE, DIVERS, elevation
from installation.models.theatre.whereabouts import SUBMERGED, settle

BEHIND = (
    "fence",
    "well",
    "fountain",
    "statue",
    "lamp",
    "traffic light",
    "door",
    "stairs",
)  # that stand behind, as places do
PEOPLE, HOLDABLE = trait("people"), trait("holdable")
SURFACES = ("table", "piano", "bench", "chair", "sofa", "box", "suitcase", "stove", "drum", "stairs", "bed")
AHEAD = ("giving", "watching", "feeding")  # acts in which a third is before the first
AFTER = ("stealing",)  # and one in which it is behind
CARRYING = ("pushing", "pulling")  # acts in which it sits on what is moved
SAT_IN = {"swing": "seated", "wheelchair": "seated"}  # what is moved -> how people sit on it
STACKED = ("on", "riding", "above", "inside", "lifted")  # relations in which one is on another
LARGEST = 1.7  # how much all three grow at most
PLACE_HEIGHT, PERSON_HEIGHT = 0.62, 1.2  # of a third that is a place, and of another, at most, in units
COVERED = 0.45  # share of a place behind that the pair may cover
IN_SKY = 0.46  # y of the feet of one at home in the air
CLUSTERED = {2: "two", 3: "three", 4: "four"}  # how many stand in a loose group
SIZES = {"huge figure": 1.6, "tiny figure": 0.5}  # of a third, relative to the usual one
LOOSE, DENSE, DENSEST = 1.05, 0.6, 0.3  # from one of few, many, or a crowd of the third to the next, in their widths
BACK = 0.012  # how much higher a place stands


def with_third(
    scene: Scene,
    atlas: Atlas,
    ridges: Ridges,
    figures: tuple[tuple[Figure, ...], tuple[Figure, ...], tuple[Figure, ...]],
    cords: tuple[Cord, ...],
    props: tuple[Figure, ...] = (),
) -> Group | None:
    """The arranged figures (behind, subjects, in front) with a third that marks name; None without one.

    Where the others are on a table (`props`), it is there too, or stands beside that.
    """
    if not scene.has_third:
        return None
    behind, subjects, in_front = figures
    on_stage = scene.group("subject").sum(1, keepdim=True)
    weights = scene.third_kind * on_stage
    if not subjects or not subjects[-1].present():
        return None
    subject = subjects[-1]
    blank = torch.ones_like(subject.x)
    third = Figure(weights, subject.x, subject.foot, 0.5 * blank, blank)
    if not third.present():
        return None
    companions = in_front or behind
    counts, sizes = (
        {name: mark for name, mark in scene.third_marks.items() if name in names} for names in (NUMBERS, tuple(SIZES))
    )
    stage = Stage(scene, atlas, ridges, third, counts, sizes)
    third = stage.sized(subject, *(one for one in companions[-1:] if one.present()))
    third = posed(scene, third, second=False, third=True)
    if companions and scene.marks & {ON_THIRD, STOOD} and not stage.flies:
        x = 0.5 + 0.4 * (subject.x - 0.5)
        third = replace(stage.placed(third, x, torch.ones_like(x)), before=False)
        return on_third(scene, atlas, third, Group(behind, subjects, in_front, cords, (third,), third_first=True))
    if props and not scene.marks & set(STACKED):
        return stage.at_table(third, props[0], Group(behind, subjects, in_front, cords, (third,), third_first=False))
    if companions and _wears(scene.marks, subject, companions[-1], stage.label):
        pair = Pair(scene, ridges, atlas, subject, third, subject.present()[0], *_extents(atlas, subject, third))
        worn = clad_as(subject, third, atlas) if stage.label in FEET else put_on(pair)
        return Group(behind, subjects, in_front, cords, (worn,), third_first=stage.label == "umbrella")
    if companions and TOGETHER in scene.marks:
        third = stage.like(third, companions[-1], PERSON_HEIGHT)
        thirds = tuple(
            replace(third, weights=third.weights * share.view(-1, 1)) for share in shares_of(counts, third.x)
        )
        companions, thirds = aboard(scene, atlas, subject, companions, thirds)
        group = Group(behind, subjects, in_front, cords, thirds, third_first=not in_front)
        return group._replace(in_front=companions) if in_front else group._replace(behind=companions)
    if companions and "on" in scene.marks and companions[-1].present():
        other = companions[-1]
        if LABELS[other.present()[0]] in PEOPLE and stage.label in HOLDABLE:
            return Group(behind, subjects, in_front, cords, (stage.in_hand(third, other),), third_first=False)
        if stage.label in ON_TABLES and LABELS[subject.present()[0]] in SURFACES:
            other, third = stage.side_by_side(subject, other, third)
            return Group((), subjects, (other,), cords, (third,), third_first=False)
    if companions and "between" in scene.marks:
        return stage.between(third, subject, companions[-1])
    if companions and scene.marks & set(CARRYING) and rank_of(stage.label) < 4:
        return Group(behind, subjects, in_front, cords, (stage.seated(third, companions[-1]),), third_first=False)
    return stage.beside(third, Group(behind, subjects, in_front, cords, (third,), stage.is_place))


def _wears(marks: Set[str], subject: Figure, companion: Figure, label: str) -> bool:
    """Whether a third is worn, or an umbrella over the head, by who wears or holds the second."""
    wearer, other = LABELS[subject.present()[0]], LABELS[companion.present()[0]]
    if label not in (*WORN, *FEET, "umbrella") or not has_head(wearer):
        return False
    return ("on" in marks and other in WORN) or (label in WORN and ("held" in marks or other == "umbrella"))


def _extents(atlas: Atlas, subject: Figure, third: Figure) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    return *extent_of(subject, atlas), *extent_of(third, atlas)


class Stage(NamedTuple):
    """Where a third figure, or a further one, stands.

    Attributes:
        scene: Of all.
        atlas: Of all figures.
        ridges: On which they stand.
        third: The figure.
        counts: The numbers of it that are set, with how far they are.
        sizes: The sizes of it that are set, with how far they are.
    """

    scene: Scene
    atlas: Atlas
    ridges: Ridges
    third: Figure
    counts: Mapping[str, Tensor]
    sizes: Mapping[str, Tensor] = {}

    @property
    def label(self) -> str:
        """Of the third."""
        return LABELS[self.third.present()[0]]

    @property
    def is_place(self) -> bool:
        """Whether it is a place, or a tree, that stands behind."""
        return self.label in BEHIND or (rank_of(self.label) == 4 and not self.flies)

    @property
    def flies(self) -> bool:
        """Whether it is at home in the air, or in the water that is there."""
        if self.label in DIVERS and not any(self.scene.has("terrain", water) for water in (*WATERS, "deep sea")):
            return False
        return elevation(self.label, self.scene.staged) >= AIRBORNE

    def ground(self, figure: Figure, x: Tensor) -> Tensor:
        """The y of a figure's floor at x."""
        half, _ = extent_of(figure, self.atlas)
        ground = ground_at(self.scene, self.ridges, x, half, figure.weights) + SUNK * figure.side
        return ground + lying(self.scene, self.atlas, figure)

    def sized(self, *others: Figure) -> Figure:
        """The third as large as it is by nature beside that of the others which is the most alike."""
        nearest = min(others, key=lambda one: abs(rank_of(LABELS[one.present()[0]]) - rank_of(self.label)))
        third = self.like(self.third, nearest, PLACE_HEIGHT if self.is_place else PERSON_HEIGHT)
        for name, size in self.sizes.items():
            third = replace(third, side=third.side * (1 + (SIZES[name] - 1) * size))
        return third

    @property
    def spread(self) -> float:
        """The width of all the third ones, in widths of one."""
        total = max((TOTALS[name] for name in self.counts), default=1)
        return 1 + (total - 1) * (LOOSE if total < 5 else DENSE if total < 13 else DENSEST)

    def several(self, third: Figure) -> tuple[Figure, ...]:
        """As many of the third as words say, around where it stands; many are in two ranks."""
        shares = shares_of(self.counts, third.x)
        if len(shares) == 1:
            return (third,)
        half, height = extent_of(third, self.atlas)
        if len(shares) in CLUSTERED and not self.is_place and self.scene.staged:
            return self._clustered(third, shares)
        step, found = 2 * half * (self.spread - 1) / (len(shares) - 1), []
        for place, share in enumerate(shares):
            x = third.x + step * (place - (len(shares) - 1) / 2)
            one = as_boy_or_girl(self.scene, replace(third, delay=DELAY * place, look=third.look + place), place)
            one = self.placed(one, x, third.facing)
            back = len(shares) > 4 and place % 2 == 0
            if self.flies:
                one = replace(one, foot=one.foot + FLUTTER * height * (-1 if place % 2 else 1))
            elif not back and len(shares) > 4:
                one = replace(one, foot=one.foot + NEARER, before=True)
            found.append(((not back), replace(one, weights=one.weights * share.view(-1, 1))))
        return tuple(one for _, one in sorted(found, key=lambda each: each[0]))

    def _clustered(self, third: Figure, shares: Sequence[Tensor]) -> tuple[Figure, ...]:
        """A few of the third in a loose group as wide as a row of them."""
        half, height = extent_of(third, self.atlas)
        cluster = cluster_for(self.scene, CLUSTERED[len(shares)], one_way=False, upright=1.0)
        wide = width_of(cluster)
        step = 2 * half * min(1.0, (self.spread - 1) / wide)
        found = []
        for number, (share, spot) in enumerate(zip(shares, cluster, strict=True)):
            one = as_boy_or_girl(self.scene, replace(third, delay=DELAY * number, look=third.look + number), number)
            one = replace(one, tone=number, side=one.side * size_at(spot, self.label in PEOPLE))
            x = third.x + torch.sign(0.5 - third.x) * step * (spot.place - wide / 2)
            one = self.placed(one, x, -third.facing if spot.mirrored and self.label not in THINGS else third.facing)
            if self.flies:
                one = replace(one, foot=one.foot - 0.6 * spot.up * height)
            else:
                one = stood_back(Footing(self.scene, self.atlas, self.ridges), one, spot, (self.label,))
            found.append((spot.depth, replace(one, weights=one.weights * share.view(-1, 1))))
        return tuple(one for _, one in sorted(found, key=lambda each: -each[0]))

    def like(self, figure: Figure, other: Figure, most: float) -> Figure:
        """A figure as large as it is by nature beside another one."""
        ratio = by_nature(LABELS[figure.present()[0]], LABELS[other.present()[0]])
        (half, height), (wide, tall) = extent_of(figure, self.atlas), extent_of(other, self.atlas)
        size = ratio * torch.sqrt(wide * tall) / torch.sqrt(half * height).clamp(min=1e-3)
        if all(LABELS[one.present()[0]] in UPRIGHT for one in (figure, other)):  # whose heights are compared
            size = ratio * tall / height.clamp(min=1e-3)
        size = torch.minimum(size, most / height.clamp(min=1e-3))
        return replace(figure, side=figure.side * size)

    def placed(self, figure: Figure, x: Tensor, facing: Tensor) -> Figure:
        """A figure at x, on the ground or in the sky."""
        foot = torch.full_like(x, IN_SKY) if self.flies else self.ground(figure, x) - BACK * self.is_place
        return replace(figure, x=x, foot=foot, facing=facing)

    def at_table(self, third: Figure, table: Figure, group: Group) -> Group:
        """The third on a table beside what lies there, or beside that table."""
        reach, _ = extent_of(table, self.atlas)
        if self.label not in ON_TABLES:
            half, _ = extent_of(third, self.atlas)
            side = torch.where(table.x > 0.5, -1.0, 1.0)
            third = self.placed(third, table.x + side * (reach + self.spread * half + GAP), side)
            return group._replace(third=self.several(third))
        third = replace(third, facing=torch.ones_like(table.x))
        rows = [part for part in group[:3] if part and _lies_there(part)]
        rows.sort(key=lambda part: float(part[-1].x.mean()))
        things = [Things(part[-1], tuple(one.opacity() for one in part), part[-1].present()[0]) for part in rows]
        whole = [thing._replace(one=_whole(thing.one)) for thing in things]
        own = Things(third, shares_of(self.counts, third.x), third.present()[0])
        placed = still_life(table, [*whole[:1], own, *whole[1:]], self.atlas)
        new = {id(part): row for part, row in zip(rows, [*placed[:1], *placed[2:]], strict=True)}
        behind, subjects, in_front = (new.get(id(part), part) for part in group[:3])
        return Group(behind, subjects, in_front, group.cords, placed[1], third_first=False)

    def in_hand(self, third: Figure, holder: Figure) -> Figure:
        """The third in the hand of who sits on something."""
        _, height = extent_of(holder, self.atlas)
        _, tall = extent_of(third, self.atlas)
        length = LENGTHS.get(self.label, USUAL_LENGTHS[rank_of(self.label)])
        third = replace(third, side=third.side * length * height / tall.clamp(min=1e-3))
        x, y = hand_of(holder, self.atlas, self.scene.phase)
        if self.label in READ:
            x, y = reading_place(holder, self.atlas, y)
        return replace(third, x=x, foot=y + 0.5 * third.side, facing=holder.facing, floats=True)

    def side_by_side(self, below: Figure, other: Figure, third: Figure) -> tuple[Figure, Figure]:
        """The companion and the third on the same thing, each on a half of it."""
        wide, _ = extent_of(below, self.atlas)
        stood = other.foot - (1 - lowest_point(self.atlas, other.present()[0])) * other.side
        placed = []
        for one, side in ((other, -1.0), (third, 1.0)):
            half, _ = extent_of(one, self.atlas)
            size = torch.minimum(0.42 * wide / half, other.side / one.side).clamp(max=1.6)
            side_length = one.side * size
            foot = stood + (1 - lowest_point(self.atlas, one.present()[0])) * side_length
            x = below.x + side * 0.45 * wide
            placed.append(replace(one, x=x, side=side_length, foot=foot, facing=torch.full_like(x, -side)))
        return placed[0], placed[1]

    def seated(self, third: Figure, companion: Figure) -> Figure:
        """The third on what the first moves."""
        label = LABELS[companion.present()[0]]
        share, _ = SEATS.get(label, (0.3, 1.0))
        if third.pose:
            third = replace(third, pose=CYCLES.get(label, SAT_IN.get(label, third.pose)), floats=True)
        jointed = jointed_of(third)
        if label in CYCLES and jointed is not None:
            x, foot, side = on_saddle(label, companion, jointed)
            return replace(third, x=x, foot=foot, side=side, facing=companion.facing, before=companion.before)
        (_, height), (_, tall) = extent_of(companion, self.atlas), extent_of(third, self.atlas)
        fit = (0.52 if label == "swing" else 1.1) * height / tall.clamp(min=1e-3)
        third = replace(third, side=third.side * fit.clamp(max=1.0))
        top = companion.foot - 0.04 * companion.side - height + share * height
        sunk = 0.055 if label not in SAT_IN or jointed is None else 1 - jointed.hips[1] - SITS_ON
        return replace(
            third,
            x=companion.x,
            foot=top + sunk * third.side,
            facing=companion.facing,
            floats=True,
            before=companion.before,
        )

    def between(self, third: Figure, subject: Figure, companion: Figure) -> Group:
        """The subject in the middle, the two others on either side of it."""
        beside = [self.like(companion, subject, PLACE_HEIGHT), self.like(third, subject, PLACE_HEIGHT)]
        half, height = extent_of(subject, self.atlas)
        halves = [extent_of(one, self.atlas)[0] for one in beside]
        room = 1 + 2 * room_beside(self.scene) - 2 * MARGIN
        width = 2 * (half + halves[0] + halves[1] + GAP)
        scale = torch.minimum(room / width, TALLEST / height).clamp(max=1.25)
        scale = torch.minimum(scale, PLACE_HEIGHT / torch.maximum(*(extent_of(one, self.atlas)[1] for one in beside)))
        subject, *beside = (replace(one, side=one.side * scale) for one in (subject, *beside))
        half, halves = half * scale, [each * scale for each in halves]
        middle = torch.full_like(half, 0.5) + (halves[0] - halves[1])
        subject = replace(subject, x=middle, foot=self.ground(subject, middle))
        left, right = middle - half - halves[0] - GAP, middle + half + halves[1] + GAP
        facing = torch.ones_like(half)
        first = replace(beside[0], x=left, foot=self.ground(beside[0], left), facing=-facing)
        second = replace(beside[1], x=right, foot=self.ground(beside[1], right), facing=facing)
        return Group((first,), (subject,), (), (), (second,), third_first=True)

    def beside(self, third: Figure, group: Group, free: bool = False) -> Group:
        """The third on the free side of the others, or where an act wants it, all as large as the stage allows.

        A further one is on the `free` side whatever they do.
        """
        low, high = self.ends(group)
        subject = group.subjects[-1]
        side = torch.where(low + high > 1, -1.0, 1.0)
        if free:
            pass
        elif self.scene.marks & set(AHEAD):
            side = -torch.sign(subject.facing)
        elif self.scene.marks & set(AFTER):
            side = torch.sign(subject.facing)
        half, height = extent_of(third, self.atlas)
        half = half * self.spread
        apart = 0.6 * half if self.flies else (1 - 2 * COVERED) * half if self.is_place else half + GAP
        x = torch.where(side > 0, high, low) + side * apart
        third = replace(third, x=x, facing=side)
        low, high = torch.minimum(low, x - half), torch.maximum(high, x + half)
        figures = [one for part in group[:3] for figure in part for one in figure.each() if figure.present()]
        tallest = torch.stack([extent_of(one, self.atlas)[1] for one in figures]).amax(0)
        most = PLACE_HEIGHT / height if self.is_place else TALLEST / torch.maximum(tallest, height)
        room = 1 + 2 * (room_beside(self.scene) - MARGIN)
        scale = torch.minimum(torch.minimum(most, TALLEST / tallest), room / (high - low)).clamp(max=LARGEST)
        middle = (low + high) / 2
        level = bool(self.scene.marks & set(STACKED)) or any(one.floats for one in figures)
        slack = (0.5 * (room - (high - low) * scale)).clamp(min=0)
        to = 0.5 + torch.minimum(torch.maximum(0.2 * (middle - 0.5), -slack), slack)
        floor = subject.foot - SUNK * subject.side
        new_x = to + (subject.x - middle) * scale
        new_floor = self.ground(replace(subject, side=subject.side * scale), new_x) - SUNK * subject.side * scale

        def moved(figure: Figure) -> Figure:
            resized = replace(figure, side=figure.side * scale)
            x = to + (figure.x - middle) * scale
            if level:
                foot = new_floor + (figure.foot - floor) * scale
            else:
                own = figure.foot - self.ground(figure, figure.x)
                foot = self.ground(resized, x) + own * scale
            return replace(resized, x=x, foot=foot, copies=tuple(moved(copy) for copy in figure.copies))

        def point(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
            return to + (x - middle) * scale, new_floor + (y - floor) * scale

        cords = tuple(cord._replace(begin=point(*cord.begin), end=point(*cord.end)) for cord in group.cords)
        behind, subjects, in_front = (tuple(moved(one) for one in part) for part in group[:3])
        third = replace(third, side=third.side * scale)
        third = self.placed(third, to + (third.x - middle) * scale, third.facing)
        settled = (
            settle(self.scene, self.atlas, self.several(third)) if self.label in SUBMERGED else self.several(third)
        )
        return Group(behind, subjects, in_front, cords, settled, group.third_first)

    def ends(self, group: Group) -> tuple[Tensor, Tensor]:
        """The x of the left and of the right end of all figures of a pair."""
        figures = [one for part in group[:3] for figure in part for one in figure.each() if figure.present()]
        halves = [extent_of(one, self.atlas)[0] for one in figures]
        low = torch.stack([one.x - half for one, half in zip(figures, halves, strict=True)]).amin(0)
        high = torch.stack([one.x + half for one, half in zip(figures, halves, strict=True)]).amax(0)
        return low, high


def _lies_there(part: tuple[Figure, ...]) -> bool:
    kinds = part[-1].present()
    return bool(kinds) and LABELS[kinds[0]] in ON_TABLES


def _whole(figure: Figure) -> Figure:
    """A figure whose share is that of the first of its row."""
    return replace(figure, weights=figure.weights / figure.opacity().view(-1, 1).clamp(min=1e-3))
