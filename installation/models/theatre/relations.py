"""Who stands where: the companion on, above, under, before, behind, inside or around the subject, or riding it.

Each relation is a place for the companion, to which marks (see `marks`) move it, and the order in which the two are
painted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.acting_poses import CYCLES, SAT_ON
from installation.models.theatre.draw_context import Ridges
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import MARGIN, SUNK, WATERS, Figure, extent_of, ground_at
from installation.models.theatre.figure_openings import (
    BARRED,
    BESIDE_STEM,
    CLEARANCE,
    GLASS,
    MOST_IN_FRONT,
    OPEN_TOPPED,
    OPENINGS,
    POCKETS,
    SEATS,
    Opening,
    Pocket,
    Seat,
)
from installation.models.theatre.figure_states import eyes_of
from installation.models.theatre.interiors import WINDOW_SILL
from installation.models.theatre.jointed_figures import Jointed, jointed_of
from installation.models.theatre.magnitudes import UPRIGHT, has_head, rank_of
from installation.models.theatre.marks import NUMBERS, SECOND
from installation.models.theatre.outlines import (
    FLOOR,
    back_drop,
    face_place,
    head_place,
    head_sheet,
    inner_box,
    low_width,
    lowest_point,
    rim_of,
    sheets_as,
    sheets_of,
    top_place,
)
from installation.models.theatre.people import people
from installation.models.theatre.poses import SEATED, joints_of, seat_of
from installation.models.theatre.resting_places import rest_on
from installation.models.theatre.rooms import room_shares
from installation.models.theatre.scene import Scene
from installation.models.theatre.vehicle_windows import WINDOWS, at_window
from installation.models.theatre.vocabulary import DRAUGHTS

RELATIONS = ("on", "riding", "above", "under", "front", "behind", "inside", "lifted")
NEARER = 0.034  # how far in front of the ridge it stands what is before another, in units
ABOVE_SIZE = 0.8  # of companions above, relative to the usual one
BEFORE_PLACE = 0.46  # the same before a place, which is larger by nature
COVERED = 1 / 3  # share of what is behind that the subject covers
LARGEST_RIDER = 1.28  # side of the square of who rides a cycle, at most, in sides of that
SADDLES = {  # where the saddle and the bar of a cycle are, in its square
    "bicycle": ((0.69, 0.37), (0.22, 0.36)),
    "motorcycle": ((0.66, 0.56), (0.46, 0.28)),
    "scooter": ((0.67, 0.475), (0.40, 0.29)),
}
SITS_ON = 0.035  # how far the joint of the hips of who sits is above what he sits on, in sides
ASTRIDE = 0.40  # share of a rider below the back of its mount
YOUNG, PIGGYBACK_SIZES = ("child", "boy"), (0.88, 0.84)  # who is carried on backs; size of peers, and of a child
BEHIND_BACK, ABOVE_HIPS = 0.105, 0.06  # how far the hips of who is on a back are behind and above those of the other
RIDER = 1.5  # size of a rider at most, relative to one beside its mount
DEEP, LOOKING_OUT = 0.8, 0.86  # height of who looks out of an unlisted figure, and its width in that of the rim
PEEPING = 0.34  # share below the rim of what it looks out of
TABLE_TOP = 0.14  # how far below the highest point of a table an audience sees things stand on it, in its heights
ON_TABLE = 0.62  # share of a table that something takes up, at most
REACHING, OVERTOPS = (
    ("lamp", "tree", "palm", "birch", "willow"),
    1.6,
)  # what stands behind another and is above it; in its heights
AFLOAT = ("boat", "ship", "gondola", "rowing boat")
DIVING, LOWEST = 0.75, 0.97  # how deep a companion dives, in its height; the y below which no foot is
FARTHER_OUT, MONSTER_WIDTH = 0.18, 0.95  # how far out a boat is above something larger, and the width of that, in units
HUGE_BELOW = "second huge figure"
HUGE_IN_FRONT, HUGE_BEHIND, TALLEST_BEHIND = 0.95, 1.7, 0.66  # heights of giants; in units
SILLS = {
    "lamp room": 0.535,
    "kitchen": 0.46,
    "attic": 0.50,
    "library": 0.62,
    "studio": 0.64,
}  # y; of the salon: see there
SITTING = 2.5  # height of who sits on a bench or the like, in heights of the seat
UMBRELLA_WIDTH, UMBRELLA_STICK = 1.2, 0.55  # half its width in those of a long one; how far its foot is below that
UMBRELLA, UMBRELLA_FOOT = 0.80, 0.42  # its height, and that of its handle, in heights of who is under it
OVER_HAT, OVER_BACK = 0.13, 0.34  # how much higher it is over a hat, or over an animal's back, in the same heights
POSTURES = {"bird": "crow"}  # figures that fly, and as what they are drawn while they sit
LARGER_ON_TABLE = 0.56  # the same on a table, where small things are what is looked at
ON_SIZES = (1.0, 0.7, 0.44, 0.32, 0.26)  # height on what is larger by nature, by how much, in heights of that
PEOPLE_ON = {"swing": 0.56, "ladder": 0.60}  # height of people on what is made for one, standing, in heights of that
NECKWEAR = ("scarf", "necktie", "hair bow", "necklace", "medal", "bell")
WORN = ("hat", "top hat", "cap", "crown", "glasses", *NECKWEAR)  # what is on a head or around a neck
# things without a head on which glasses lie
LAID_ON = ("book", "newspaper", "letter", "box", "suitcase", "chair", "sofa", "piano", "computer", "gift", "stone")
WORN_SIZE = 0.30  # its height, in heights of who wears it
FACELESS = 0.6  # how far below the top of a thing without a head glasses sit, in its heights
SCARF, SCARF_WIDEST = 0.95, 0.11  # half the width of a scarf, in that of the face, and at most, in heights
HEADED = ("walrus", "whale", "bat")  # who have heads, though of no shape that stands out
NECK_BEHIND = 0.08  # how far behind the middle of a head its neck is at most, in sides
CHIN = 1.75  # where it begins, in the drop of the eyes
EYE_APART, EYE_RADII = 1.9, 4.6  # half the width of glasses, in half the distance of eyes, and in radii of an eye
SPECTACLES, WIDEST = 0.95, 0.2  # half the width of glasses, in that of the face, and at most, in heights of the figure
WORN_SINKS, TOUCHES = 0.10, 0.012  # how far it is pulled down; how far feet sink into what they stand on, in sides
SILL_HEIGHT = 0.22  # of what stands on a windowsill, in units
FLYING, FLYING_SIZE = 0.60, 0.85  # y of the feet of what flies and has no wings, and its size
PRONE = {"witch": 1.05, "man": 1.1, "woman": 1.1, "child": 1.0, "angel": 0.6}  # how far who flies leans, in radians
ROOMY = 0.62  # least side of the square of what others are seen in


LIT_CAKE = ("cake", "candle")  # of candles an audience sees those that words count
TIER, TIER_WIDTH, WAX = 0.318, 0.42, 0.30  # y of the top of a cake, its width, in sides; of a candle, in its sides
CANDLE_HEIGHT, CANDLE_SUNK = 0.34, 0.21  # of a candle, in sides of the cake at most; what of it the cake hides


@dataclass(frozen=True)
class Pair:
    """The subject and its companion, with what their places depend on; lengths are [batch, 1, 1, 1], in units.

    Attributes:
        scene: Their scene.
        ridges: Its land.
        atlas: Of all figures.
        subject: Where it stands.
        companion: As it would stand beside it.
        kind: The index of the subject.
        reach: Half the subject's width.
        height: Of the subject.
        half: Half the companion's width.
        small: The companion's height.
    """

    scene: Scene
    ridges: Ridges
    atlas: Atlas
    subject: Figure
    companion: Figure
    kind: int
    reach: Tensor
    height: Tensor
    half: Tensor
    small: Tensor

    @property
    def label(self) -> str:
        """Of the subject."""
        return LABELS[self.kind]

    @property
    def seat(self) -> tuple[float, Tensor | float]:
        """Where others are on the subject."""
        return SEATS.get(self.label, Seat())

    @property
    def top(self) -> Tensor:
        """The y of the subject's highest point."""
        return self.subject.foot - self.height

    @property
    def inwards(self) -> Tensor:
        """From the subject to the middle of the picture, -1 or 1."""
        return torch.where(self.subject.x > 0.5, -1.0, 1.0)

    def ground(self, x: Tensor) -> Tensor:
        """The y of a companion's floor if it stands on the ground at x."""
        return self.ground_of(self.companion, x, self.half)

    def ground_of(self, figure: Figure, x: Tensor, half: Tensor) -> Tensor:
        """The y of the floor of a figure, so wide to either side, if it stands on the ground at x."""
        return ground_at(self.scene, self.ridges, x, half, figure.weights) + SUNK * figure.side


class Place(NamedTuple):
    """A place for the companion, its size relative to that beside the subject, and the subject's foot if that moves."""

    x: Tensor
    foot: Tensor
    size: Tensor | float = 1.0
    subject_foot: Tensor | None = None


def _on(pair: Pair) -> Place:
    if not pair.scene.staged:
        above, most = SEATS.get(pair.label, Seat())
        return Place(pair.subject.x, pair.top + above * pair.height, _table_share(pair, most).clamp(max=most))
    index = pair.companion.present()[0]
    if (place := _at_rest(pair, LABELS[index])) is not None:
        return place
    size: Tensor
    share: Tensor | float
    on_face = LABELS[index] == "glasses" and pair.label not in LAID_ON
    worn = LABELS[index] in WORN and (has_head(pair.label) or pair.label in HEADED or on_face)
    if worn:
        column, share = head_place(sheets_as(pair.subject, pair.atlas))
        size = WORN_SIZE * pair.height / pair.small.clamp(min=1e-3)
        if LABELS[index] == "glasses":
            column, share, size = _on_nose(pair)
        if LABELS[index] in NECKWEAR:
            column, share, size = _around_neck(pair)
    elif pair.label in SEATS:
        column, (share, most) = 0.5, SEATS[pair.label]
        share = TABLE_TOP if pair.label == "table" else share
        size = _table_share(pair, most).clamp(max=most)
    else:
        column, share = top_place(sheets_as(pair.subject, pair.atlas))
        size = torch.full_like(pair.reach, Seat().size)
    larger = max(0, rank_of(pair.label) - rank_of(LABELS[index]))
    if rank_of(LABELS[index]) == 0 and larger == 1 and not worn:
        size = torch.minimum(size, ON_SIZES[2] * pair.height / pair.small.clamp(min=1e-3))
    if larger > 1 and not worn:
        share_of = LARGER_ON_TABLE if pair.label == "table" else ON_SIZES[larger]
        size = torch.minimum(size, share_of * pair.height / pair.small.clamp(min=1e-3))
    if pair.label in PEOPLE_ON and LABELS[index] in people():
        size = PEOPLE_ON[pair.label] * pair.height / pair.small.clamp(min=1e-3)
    posture = POSTURES.get(LABELS[index], LABELS[index])
    if pair.label in SAT_ON and rank_of(LABELS[index]) == 2 and has_head(LABELS[index]):
        return _sitting(pair, share)
    below = 1 - lowest_point(pair.atlas, LABELS.index(posture)) + (WORN_SINKS if worn else TOUCHES)
    jointed = jointed_of(pair.companion)
    if pair.companion.pose == SEATED:
        below = TOUCHES + (
            seat_of(joints_of(sheets_of(pair.atlas, index))) if jointed is None else 1 - jointed.hips[1] - SITS_ON
        )
    x, _ = pair.subject.point(column, 1.0)
    draught = pair.scene.weight("terrain", *WATERS) * DRAUGHTS.get(pair.label, 0.0) * pair.subject.side
    return Place(x, pair.top + share * pair.height + draught + below * size * pair.companion.side, size)


def _at_rest(pair: Pair, label: str) -> Place | None:
    """Where a companion is on a shoulder, on a back, or in the middle of something upright; None if on top of it."""
    rest = rest_on(pair.atlas, pair.subject, pair.height, pair.half / pair.small.clamp(min=1e-3), label)
    if rest is None:
        return None
    size = rest.height / pair.small.clamp(min=1e-3)
    posture = LABELS.index(POSTURES.get(label, label))
    below = 1 - lowest_point(pair.atlas, posture) + TOUCHES
    lower = 0.5 * rest.height if rest.middle else torch.zeros_like(rest.y)
    return Place(rest.x, rest.y + lower + below * size * pair.companion.side, size)


def _on_nose(pair: Pair) -> tuple[float, Tensor, Tensor]:
    """The column of glasses, how far below the top of the figure they end, and their size."""
    column, below, half = face_place(sheets_as(pair.subject, pair.atlas))
    drop = torch.full_like(pair.height, below if has_head(pair.label) else FACELESS)
    eyes = eyes_of(sheets_as(pair.subject, pair.atlas)) if has_head(pair.label) and not jointed_of(pair.subject) else ()
    if eyes:  # as they are drawn
        left, right = min(eye.x for eye in eyes), max(eye.x for eye in eyes)
        column, half = (left + right) / 2, max(0.5 * (right - left) * EYE_APART, EYE_RADII * eyes[0].radius)
        drop = 1 - (1 - sum(eye.y for eye in eyes) / len(eyes)) * pair.subject.side / pair.height
    wide = torch.minimum(SPECTACLES * half * pair.subject.side, WIDEST * pair.height)
    size = wide / pair.half.clamp(min=1e-3)
    end = (0.5 * pair.small - WORN_SINKS * pair.companion.side) * size  # below the eyes
    return column, drop + end / pair.height.clamp(min=1e-3), size


def _around_neck(pair: Pair) -> tuple[float, Tensor, Tensor]:
    """The column of a scarf, how far below the top of the figure it ends, and its size."""
    sheets = sheets_as(pair.subject, pair.atlas)
    column, drop, half = face_place(sheets)
    size = torch.minimum(SCARF * half * pair.subject.side, SCARF_WIDEST * pair.height) / pair.half.clamp(min=1e-3)
    end = (pair.small - WORN_SINKS * pair.companion.side) * size
    head = head_sheet(sheets) if jointed_of(pair.subject) is None else None
    if head is not None:  # it turns about the neck
        column, neck = head.pivot
        below = 1 - (1 - neck) * pair.subject.side / pair.height + (end - 0.5 * pair.small * size) / pair.height
        return min(column, head.left + head.width / 2 + NECK_BEHIND), below, size
    return column, CHIN * drop + end / pair.height.clamp(min=1e-3), size


def _sitting(pair: Pair, share: Tensor | float) -> Place:
    """Somebody before a bench, with its seat at his hips."""
    seat = (1 - share) * pair.height
    size = SITTING * seat / pair.small.clamp(min=1e-3)
    jointed = jointed_of(pair.companion)
    if jointed is not None:  # with the feet on the floor
        size = seat / ((FLOOR - jointed.hips[1] - SITS_ON) * pair.companion.side)
        low = (1 - jointed.hips[1] - SITS_ON) * size * pair.companion.side
        return Place(pair.subject.x, pair.subject.foot - (1 - FLOOR) * pair.subject.side - seat + low, size)
    sunk = 0.12 * SITTING * seat
    return Place(
        pair.subject.x, pair.subject.foot + sunk + SUNK * (size * pair.companion.side - pair.subject.side), size
    )


def _table_share(pair: Pair, size: float) -> Tensor:
    """The size of what stands on a subject, so that it takes up a part of a table."""
    if pair.label != "table":
        return torch.full_like(pair.reach, size)
    return ON_TABLE * pair.reach / pair.half.clamp(min=1e-3)


def _riding(pair: Pair) -> Place:
    back = pair.top + back_drop(pair.atlas, pair.kind) * pair.height
    size = (0.85 * pair.height / pair.small.clamp(min=1e-3)).clamp(max=RIDER if pair.scene.staged else 1.15)
    x = pair.subject.x + 0.04 * pair.subject.side * pair.subject.facing
    jointed = jointed_of(pair.companion)
    carrier = jointed_of(pair.subject)
    if jointed is not None and carrier is not None:
        return _piggyback(pair, jointed, carrier)
    if jointed is not None:  # the hips are on the back
        if pair.label in CYCLES:
            return _cycling(pair, jointed)
        low = (1 - jointed.hips[1] - SITS_ON) * size * pair.companion.side
        return Place(x, back + low, size)
    return Place(x, back + ASTRIDE * size * pair.small, size)


def _piggyback(pair: Pair, rider: Jointed, carrier: Jointed) -> Place:
    """Somebody on the back of somebody else, with the legs at the hips of that one."""
    larger = pair.label not in YOUNG and LABELS[pair.companion.present()[0]] in YOUNG
    side = PIGGYBACK_SIZES[larger] * pair.subject.side
    x, y = pair.subject.point(carrier.hips[0], carrier.hips[1])
    x = x + pair.subject.facing * (BEHIND_BACK * pair.subject.side + (0.5 - rider.hips[0]) * side)
    return Place(x, y - ABOVE_HIPS * pair.subject.side + (1 - rider.hips[1]) * side, side / pair.companion.side)


def _cycling(pair: Pair, rider: Jointed) -> Place:
    """Somebody so large that the hands are at the bar while the hips are on the saddle."""
    x, foot, side = on_saddle(pair.label, pair.subject, rider)
    return Place(x, foot, side / pair.companion.side)


def on_saddle(label: str, cycle: Figure, rider: Jointed) -> tuple[Tensor, Tensor, Tensor]:
    """The x, the foot and the side of somebody on a cycle."""
    saddle, bar = SADDLES[label]
    (hip_x, hip_y), (hand_x, hand_y) = rider.hips, rider.hand
    hip_y += SITS_ON
    reach = math.hypot(hip_x - hand_x, hip_y - hand_y)
    share = min(math.dist(saddle, bar) / reach, LARGEST_RIDER)
    ahead = 0.5 * max(0.0, math.dist(saddle, bar) - share * reach)  # on the saddle, of who has short arms
    side = share * cycle.side
    x, y = cycle.point(saddle[0] - ahead, saddle[1])
    return x + (0.5 - hip_x) * side * cycle.facing, y + (1 - hip_y) * side, side


def _above(pair: Pair) -> Place:
    if any(LABELS[index] in REACHING for index in pair.companion.present()):
        size = OVERTOPS * pair.height / pair.small.clamp(min=1e-3)
        x = pair.subject.x - 0.35 * pair.inwards * pair.reach
        return Place(x, pair.ground(x) + SUNK * (size - 1) * pair.companion.side, size)
    held = pair.companion.weights[:, LABELS.index("umbrella")].view(-1, 1, 1, 1)  # over somebody's head
    if pair.scene.staged and LABELS[pair.companion.present()[0]] == "umbrella":
        size = UMBRELLA * pair.height / pair.small.clamp(min=1e-3)
        foot = pair.subject.foot - UMBRELLA_FOOT * pair.height
        wide = UMBRELLA_WIDTH * pair.reach / pair.half.clamp(min=1e-3)  # over what is as long as it is high
        stands = pair.top + UMBRELLA_STICK * wide * pair.small
        return Place(pair.subject.x, torch.where(wide > size, stands, foot), torch.maximum(size, wide))
    return Place(pair.subject.x, pair.top + (0.85 * held - 0.25) * pair.small, ABOVE_SIZE + 0.7 * held)


def _under(pair: Pair) -> Place:
    share, middle = CLEARANCE.get(pair.label, BESIDE_STEM)
    lesser = (share * pair.height / pair.small.clamp(min=1e-3)).clamp(max=1.2)
    stem = low_width(pair.atlas, pair.kind, 0.5 * share * pair.height / pair.subject.side) * pair.subject.side
    beside = pair.subject.x + (0.0 if middle else 1.0) * pair.inwards * (stem + 0.9 * lesser * pair.half)
    if pair.label not in AFLOAT:
        return Place(beside, pair.ground(beside) + 0.012, lesser)
    wet = pair.scene.weight("terrain", "sea", "lake")  # what is under a boat is in the water
    x = torch.lerp(beside, pair.subject.x, wet)
    if pair.scene.staged and _is_monster(pair):
        out = pair.subject.foot - FARTHER_OUT * wet
        room = torch.minimum((LOWEST - out + 0.05) / pair.small, MONSTER_WIDTH / (2 * pair.half))
        return Place(x, torch.full_like(x, LOWEST), torch.lerp(lesser, room, wet), out)
    return Place(x, pair.subject.foot + 0.03 + wet * DIVING * pair.small, lesser * (1 - 0.4 * wet))


def _is_monster(pair: Pair) -> bool:
    """Whether what swims below a boat is larger than that, by nature or because words say so."""
    larger = rank_of(LABELS[pair.companion.present()[0]]) - rank_of(pair.label)
    return larger > 0 or HUGE_BELOW in pair.scene.marks or ("tiny figure" in pair.scene.marks and larger >= -1)


def _front(pair: Pair) -> Place:
    lesser = (MOST_IN_FRONT * pair.height / pair.small.clamp(min=1e-3)).clamp(max=1.2)  # so that it hides little
    if pair.scene.staged and HUGE_BELOW in pair.scene.marks:
        lesser = HUGE_IN_FRONT * pair.height / pair.small.clamp(min=1e-3)
    elif pair.scene.staged and rank_of(pair.label) == 4 and rank_of(LABELS[pair.companion.present()[0]]) < 4:
        lesser = torch.minimum(lesser, BEFORE_PLACE * pair.height / pair.small.clamp(min=1e-3))
    x = pair.subject.x + pair.inwards * torch.minimum(0.30 * pair.height, pair.reach)
    return Place(x, pair.ground(x) + NEARER, lesser)


def _behind(pair: Pair) -> Place:
    most = (1.15 * pair.height / pair.small.clamp(min=1e-3)).clamp(max=1.1)
    if pair.scene.staged and HUGE_BELOW in pair.scene.marks:
        most = (HUGE_BEHIND * pair.height).clamp(max=TALLEST_BEHIND) / pair.small.clamp(min=1e-3)
    half = most * pair.half
    stem = low_width(pair.atlas, pair.kind, most * pair.small / pair.subject.side) * pair.subject.side
    x = pair.subject.x + pair.inwards * (stem + (1 - 2 * COVERED) * half)
    return Place(x, pair.ground(x), most, pair.subject.foot + 0.5 * NEARER)


def _inside(pair: Pair) -> Place:
    if is_open_above(pair.label):
        pocket = pocket_of(pair.atlas, pair.kind)
        size = torch.minimum(
            pocket.height * pair.height / pair.small.clamp(min=1e-3),
            pocket.width * pair.reach / pair.half.clamp(min=1e-3),
        )
        resized = replace(pair.companion, side=pair.companion.side * size)
        return Place(pair.subject.point(pocket.x, 1.0)[0], looking_out(pair.atlas, pair.subject, resized).foot, size)
    opening, half = opening_of(pair.atlas, pair.kind)
    fit = torch.minimum(
        0.82 * opening.height * pair.subject.side / pair.small.clamp(min=1e-3),
        half * pair.subject.side / pair.half.clamp(min=1e-3),
    )
    x, foot = pair.subject.point(opening.x, opening.foot)
    return Place(x, foot, fit)


def is_open_above(label: str) -> bool:
    """Whether others look out of a figure."""
    return label in POCKETS or (label in OPEN_TOPPED and label not in OPENINGS and label not in GLASS)


def pocket_of(atlas: Atlas, kind: int) -> Pocket:
    """Where others look out of a figure that is open above, of the table or as its outline tells."""
    if LABELS[kind] in POCKETS:
        return POCKETS[LABELS[kind]]
    rim, (half, height) = rim_of(sheets_of(atlas, kind)), atlas.extent[kind].tolist()
    return Pocket((rim.y - (1 - height)) / height, DEEP, min(LOOKING_OUT * rim.half / half, 0.95), rim.x)


def opening_of(atlas: Atlas, kind: int) -> tuple[Opening, float]:
    """Where others are seen in a figure, of the table or as its outline tells, and half the width of what is there."""
    label = LABELS[kind]
    if label in OPENINGS:
        return OPENINGS[label], 0.52 * OPENINGS[label].height
    box = inner_box(sheets_of(atlas, kind))
    foot = box.foot - (0.10 if label in GLASS else 0.16) * box.height
    return Opening(box.x, foot, (box.height - box.foot + foot), lit=False, arch=label not in GLASS), 0.76 * box.half


def looking_out(atlas: Atlas, subject: Figure, figure: Figure) -> Figure:
    """A figure of its size at the height at which it looks out of a subject that is open above."""
    kind, index = subject.present()[0], figure.present()[0]
    below = 1 - lowest_point(atlas, index)
    (_, height), (_, small) = extent_of(subject, atlas), extent_of(figure, atlas)
    rim = subject.foot - height * (1 - pocket_of(atlas, kind).share)
    return replace(figure, foot=rim + PEEPING * small + below * figure.side)


def _lifted(pair: Pair) -> Place:
    ground = torch.maximum(pair.subject.foot, pair.companion.foot)
    above = (ground - pair.small - 0.06).clamp(min=pair.height + MARGIN)
    return Place(pair.subject.x, ground, 1.0, above)


PLACES: Mapping[str, Callable[[Pair], Place]] = {
    "on": _on,
    "riding": _riding,
    "above": _above,
    "under": _under,
    "front": _front,
    "behind": _behind,
    "inside": _inside,
    "lifted": _lifted,
}


def relate(pair: Pair) -> tuple[Figure, Figure]:
    """Move the companion, and the subject where one makes room, as far as marks are set."""
    scene, subject, companion = pair.scene, pair.subject, pair.companion
    x, foot, side, lifted = companion.x, companion.foot, companion.side, subject.foot
    for name in sorted(scene.marks & set(RELATIONS)):
        mark, place = scene.mark(name), PLACES[name](pair)
        x, foot = torch.lerp(x, place.x, mark), torch.lerp(foot, place.foot, mark)
        side = side * (1 + (place.size - 1) * mark)
        if place.subject_foot is not None:
            lifted = torch.lerp(lifted, place.subject_foot, mark)
    bent = jointed_of(companion) is None
    pose = "" if bent and companion.pose == SEATED and pair.label in SAT_ON else companion.pose
    companion = replace(companion, x=x, foot=foot.clamp(max=LOWEST), side=side, pose=pose)
    if "on" in scene.marks and scene.staged:
        companion = replace(companion, posture=POSTURES.get(LABELS[companion.present()[0]], ""))
    subject = replace(subject, foot=lifted)
    if "riding" in scene.marks:
        companion = replace(companion, facing=subject.facing)
    if "inside" in scene.marks and not (is_open_above(pair.label) or pair.label in BARRED):
        opening, _ = opening_of(pair.atlas, pair.kind)
        alone = opening.lit or scene.marks.isdisjoint(SECOND + count for count in NUMBERS)
        companion = replace(companion, opening=opening.lit if opening.arch and alone else None)
    if "inside" in scene.marks and pair.label in WINDOWS and scene.staged:
        companion = at_window(pair.atlas, subject, companion, 0)
    if "inside" in scene.marks and pair.label in BARRED:
        companion = replace(companion, barred=True)
    return replace(subject, before="behind" in scene.marks), replace(
        companion, before=bool(scene.marks & {"front", "under"})
    )


def put_on(pair: Pair) -> Figure:
    """The companion as the subject wears it besides another thing; an umbrella over the head."""
    place = _on(pair)
    if LABELS[pair.companion.present()[0]] == "umbrella":
        place = _above(pair)
        raised = OVER_HAT if pair.label in UPRIGHT else OVER_BACK
        place = place._replace(foot=place.foot - raised * pair.height)
    side = pair.companion.side * place.size
    return replace(pair.companion, x=place.x, foot=place.foot, side=side, facing=pair.subject.facing, floats=True)


def is_lit_cake(subject: Figure, companion: Figure) -> bool:
    """Whether two figures are a cake and its candles."""
    kinds = [LABELS[index] for figure in (subject, companion) for index in figure.present()]
    return tuple(kinds) == LIT_CAKE


def is_painted_first(scene: Scene, pair: Pair | None) -> bool:
    """Whether the companion is painted before the subject, which covers it."""
    if (
        pair is None
        or not scene.marks & {"on", "under", "front", "inside"}
        or is_lit_cake(pair.subject, pair.companion)
    ):
        astride = pair is not None and "riding" in scene.marks and jointed_of(pair.companion) is not None
        return not astride  # the near leg of who rides is seen
    return "inside" in scene.marks and is_open_above(pair.label)


def sill_of(scene: Scene) -> float:
    """The y of the sill of the window that is seen."""
    if not scene.staged:
        return WINDOW_SILL
    shares = room_shares(scene)
    return SILLS.get(max(shares, key=lambda name: shares[name]), WINDOW_SILL)


def place_alone(scene: Scene, subject: Figure, height: Tensor) -> Figure:
    """A subject on the windowsill of a room, or one without wings in the air."""
    if "sill" in scene.marks:
        mark = scene.mark("sill")
        size = (SILL_HEIGHT / height.clamp(min=1e-3)).clamp(max=1.0)
        side = subject.side * size
        x = 0.5 + 0.08 * torch.sign(subject.x - 0.5)
        foot = sill_of(scene) + 0.012 + SUNK * side
        subject = replace(
            subject,
            x=torch.lerp(subject.x, x, mark),
            foot=torch.lerp(subject.foot, foot, mark),
            side=torch.lerp(subject.side, side, mark),
        )
    if "flying" in scene.marks:
        mark = scene.mark("flying")
        foot = torch.minimum(subject.foot, FLYING + 0 * subject.foot)
        subject = replace(
            subject,
            foot=torch.lerp(subject.foot, foot, mark),
            side=subject.side * (1 + (FLYING_SIZE - 1) * mark),
            turn=max((PRONE.get(LABELS[index], 0.0) for index in subject.present()), default=0.0),
        )
    return subject
