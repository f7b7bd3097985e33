"""What one figure does to another: push, carry, throw, steal, eat, bite, embrace, fight, feed, climb, fall, hang, lie.

Each act is a place for both, with a point in which they touch (see `contact`), and a lean that shows the effort.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import torch
from torch import Tensor

from installation.models.theatre.contact import (
    UPRIGHT,
    Handled,
    front_of,
    ground_below,
    hand_of,
    inwards,
    label_of,
    leaning,
    leant,
    mouth_of,
    resized,
)
from installation.models.theatre.cords import CORD, Cord, strokes
from installation.models.theatre.figure_layout import WATERS, Figure, extent_of
from installation.models.theatre.magnitudes import has_head, rank_of
from installation.models.theatre.outlines import BACK, back_drop, edge_place, head_place, low_width
from installation.models.theatre.relations import SEATS, Pair, Seat
from installation.models.theatre.vocabulary import AIRBORNE, DRAUGHTS, elevation

RATIOS = {-4: 0.22, -3: 0.26, -2: 0.34, -1: 0.5, 0: 0.95, 1: 1.6, 2: 2.1, 3: 2.4, 4: 2.7}
# size of the second (the root of its area) in sizes of the first, by how many ranks it is larger by nature
GROWN = {  # how much larger or smaller some are than the others of their rank
    **dict.fromkeys(("child", "boy", "sleeper"), 0.72),
    **dict.fromkeys(("horse", "cow", "camel", "bear", "lion", "tiger", "rhino", "hippo", "whale", "giraffe"), 1.25),
    **dict.fromkeys(("swing", "ladder", "tent", "shark", "crocodile", "bed", "well"), 1.5),
    **dict.fromkeys(("piano", "car", "boat", "mouse", "snail", "banana", "apple"), 0.8),
    **dict.fromkeys(("bee", "ant", "ladybird", "butterfly", "spider", "dragonfly"), 0.7),
}
TALLEST, WIDEST = 0.56, 1.05  # of both together, in units
SAID = (  # marks of sizes, and what they make of that ratio
    ("huge figure", 0.55),
    ("tiny figure", 1.8),
    ("second huge figure", 1.7),
    ("second tiny figure", 0.5),
)
PUSHES, RUNS, FLEES, FIGHTS, BENDS = 0.26, 0.20, 0.14, 0.15, 0.16  # how far somebody leans for it, in radians
LOOKS_UP, THROWS = -0.14, -0.12  # the same, backwards
INTO = 0.012  # how far what touches overlaps, in units
LOAD = 0.95  # most height of what is carried, in heights of who carries it
MOUTHFUL, PREY = 0.42, 0.62  # most size of what is eaten, and of what is swallowed whole, in heights of who eats
IN_MOUTH = 0.30  # share of what is in a mouth
RAISED = 0.55  # height below which who is kissed is lifted to the mouth, in heights of the other
EMBRACE = 0.52  # distance of two who embrace, in their half widths
SWAY, SWAYS = 0.12, 1.5  # of dancers, in radians, and radians a second
UP_TRUNK, UP_UPRIGHT, UP_BEAST = (
    0.42,
    -0.16,
    -1.05,
)  # how high who climbs is, in heights; how far people and beasts lean
ON_LADDERS = ("ladder", "stairs")
HEAD_FIRST = 2.3  # how far who falls is turned, in radians
FALLS_FROM = 0.62  # how high who falls still is, in heights of what from
ON_BACK = -math.pi / 2
TUCKED, UNDER_BLANKET = 0.62, 0.28  # height of a beast in a bed, in heights of that; share of it below the edge
IN_BED = 0.25  # how high the middle of who lies in a bed is above its edge, in half widths
BED = 0.72  # length of who lies in a bed, in lengths of it
APART = 0.10  # between who watches and what is watched, in units
ACROSS = 0.34  # between who waits and what for
FLIGHT, TOSS_RATE = 0.16, 1.3  # how high a ball flies above the hands, in units; radians a second
BEYOND = 0.42  # between two who throw a ball to each other
COIL = 0.62  # height of what is wrapped around another, in heights of that
LINE, HUNG = 0.14, 0.36  # length of the cord on which something hangs, and its height, in heights of what from


def sized(pair: Pair) -> tuple[Figure, Figure]:
    """Both figures as large as they are by nature beside each other, and as large as the stage allows."""
    ratio = by_nature(label_of(pair.companion), pair.label)
    for name, factor in SAID:
        ratio *= factor if name in pair.scene.marks else 1.0
    own = torch.sqrt(pair.reach * pair.height).clamp(min=1e-3)
    other = torch.sqrt(pair.half * pair.small).clamp(min=1e-3)
    return fitting(pair, pair.subject, resized(pair.companion, ratio * own / other))


def by_nature(label: str, other: str) -> float:
    """How large a figure is by nature, in sizes of another one; a size is the root of an area."""
    return RATIOS[rank_of(label) - rank_of(other)] * GROWN.get(label, 1.0) / GROWN.get(other, 1.0)


def fitting(pair: Pair, subject: Figure, companion: Figure, stacked: bool = False) -> tuple[Figure, Figure]:
    """Both in one scale, so that they fill the stage beside each other, or above each other if they are stacked."""
    (half, height), (wide, tall) = extent_of(subject, pair.atlas), extent_of(companion, pair.atlas)
    highest = height + tall if stacked else torch.maximum(height, tall)
    widest = 2 * (torch.maximum(half, wide) if stacked else half + wide)
    scale = torch.minimum((TALLEST + 0.10 * stacked) / highest, WIDEST / widest)
    return resized(subject, scale), resized(companion, scale)


def at(pair: Pair, figure: Figure, x: Tensor, facing: Tensor, airs: bool = False) -> Figure:
    """A figure at x, with its feet on the ground; one at home in the air stays there if `airs`."""
    figure = replace(figure, x=x, facing=facing)
    if airs and elevation(label_of(figure), pair.scene.staged) >= AIRBORNE:
        return figure
    return replace(figure, foot=ground_below(pair, figure, x))


def face_to_face(pair: Pair, subject: Figure, companion: Figure, gap: float = 0.0) -> tuple[Figure, Figure]:
    """Both on the ground, so far apart, looking at each other."""
    forwards = inwards(pair.subject.x)
    (half, _), (wide, _) = extent_of(subject, pair.atlas), extent_of(companion, pair.atlas)
    both = all(elevation(label_of(one), pair.scene.staged) >= AIRBORNE for one in (subject, companion))
    middle = 0.5 + 0.3 * (pair.subject.x - 0.5)
    subject = at(pair, subject, middle - forwards * (wide + gap / 2), -forwards, both)
    return subject, at(pair, companion, middle + forwards * (half + gap / 2), forwards, both)


def moved(pair: Pair, figure: Figure, dx: Tensor) -> Figure:
    """A figure farther along the ground."""
    foot = figure.foot + ground_below(pair, figure, figure.x + dx) - ground_below(pair, figure, figure.x)
    return replace(figure, x=figure.x + dx, foot=foot)


def hand_or_front(pair: Pair, figure: Figure) -> tuple[Tensor, Tensor]:
    """The hand of who has one, else where it reaches farthest to the front."""
    return hand_of(figure, pair.atlas, pair.scene.phase)


def edge_of(pair: Pair, figure: Figure, y: Tensor, rear: bool) -> Tensor:
    """The x of a figure's front or rear at the height of y."""
    row = (1 + (y - figure.foot) / figure.side).clamp(0.05, 0.95)
    column = edge_place(pair.atlas, figure.present()[0], row, rear)
    return figure.x + (column - 0.5) * figure.side * figure.facing


def sunk(pair: Pair, figure: Figure) -> Tensor:
    """How far who swims lies in the water, in units."""
    return DRAUGHTS.get(label_of(figure), 0.0) * figure.side * pair.scene.weight("terrain", *WATERS)


def centred(figure: Figure, pair: Pair, x: Tensor, y: Tensor) -> Figure:
    """A figure with its middle at a point, held there by something else."""
    _, height = extent_of(figure, pair.atlas)
    return replace(figure, x=x, foot=y + height / 2 + 0.04 * figure.side, floats=True)


def _pushing(pair: Pair) -> Handled:
    subject, companion = face_to_face(pair, *sized(pair))
    forwards = -subject.facing
    subject = leaning(subject, PUSHES)
    companion = replace(companion, facing=subject.facing)
    x, y = hand_or_front(pair, subject)
    rear = edge_of(pair, companion, y, rear=True)
    return Handled(subject, moved(pair, companion, x - rear - forwards * INTO))


def _lifting(pair: Pair) -> Handled:
    subject, companion = sized(pair)
    _, height = extent_of(subject, pair.atlas)
    wide, tall = extent_of(companion, pair.atlas)
    companion = resized(companion, torch.minimum(LOAD * height / tall, 0.75 * height / wide).clamp(max=1))
    subject, companion = fitting(pair, subject, companion, stacked=True)
    forwards = inwards(pair.subject.x)
    subject = at(pair, subject, 0.5 + 0.5 * (pair.subject.x - 0.5), -forwards, airs=True)
    _, height = extent_of(subject, pair.atlas)
    index = subject.present()[0]
    if pair.label in UPRIGHT or not has_head(pair.label):
        column, share = head_place(pair.atlas, index)
    else:
        column, share = sum(BACK) / 2, float(back_drop(pair.atlas, index))
    x, _ = subject.point(column, 1.0)
    top = subject.foot - 0.04 * subject.side - height + share * height
    companion = replace(companion, x=x, foot=top + INTO + 0.04 * companion.side, facing=subject.facing, floats=True)
    return Handled(subject, companion, behind=True)


def _tossing(pair: Pair) -> Handled:
    subject, companion = sized(pair)
    _, height = extent_of(subject, pair.atlas)
    _, tall = extent_of(companion, pair.atlas)
    companion = resized(companion, (0.34 * height / tall).clamp(max=1))
    forwards = inwards(pair.subject.x)
    subject = leaning(at(pair, subject, 0.5 - forwards * BEYOND, -forwards), THROWS)
    x, y = hand_or_front(pair, subject)
    share = 0.55 + 0.30 * math.sin(pair.scene.angle(TOSS_RATE))
    far = 0.5 + forwards * 0.8 * BEYOND
    ball_x = x + (far - x) * share
    ball_y = y - 4 * FLIGHT * share * (1 - share)
    ball = centred(companion, pair, ball_x, ball_y)
    middle = 4 * FLIGHT * share / 2 * (1 - share / 2)
    trail = Cord((x, y), (ball_x, ball_y), -(middle + 0.5 * (ball_y - y)), 0.6 * ball.opacity(), 0.6 * CORD)
    return Handled(subject, ball, (trail,))


def _stealing(pair: Pair) -> Handled:
    subject, companion = _carrier(pair, RUNS)
    half, height = extent_of(subject, pair.atlas)
    back = subject.x + subject.facing * 1.15 * half
    lines = strokes(
        back, subject.foot - 0.5 * height, (subject.facing * 0.11, 0 * back), 0.3 * height, subject.opacity()
    )
    return Handled(subject, companion, lines)


def _carrier(pair: Pair, lean: float) -> tuple[Figure, Figure]:
    """Somebody with a thing in his hand, or an animal with it in its mouth."""
    subject, companion = sized(pair)
    _, height = extent_of(subject, pair.atlas)
    wide, tall = extent_of(companion, pair.atlas)
    companion = resized(companion, (0.5 * height / torch.maximum(tall, 1.2 * wide)).clamp(max=1))
    subject, companion = fitting(pair, subject, companion)
    forwards = inwards(pair.subject.x)
    subject = leaning(at(pair, subject, 0.5 + 0.4 * (pair.subject.x - 0.5), -forwards, airs=True), lean)
    wide, tall = extent_of(companion, pair.atlas)
    companion = replace(companion, facing=subject.facing)
    if elevation(pair.label, staged=True) >= AIRBORNE:  # in its claws
        y = subject.foot - 0.04 * subject.side + (0.5 - IN_MOUTH) * tall
        return subject, centred(companion, pair, subject.x, y)
    upright = pair.label in UPRIGHT or pair.label in ("monkey", "octopus")
    x, y = hand_of(subject, pair.atlas, pair.scene.phase) if upright else mouth_of(subject, pair.atlas)
    return subject, centred(companion, pair, x + forwards * (1 - 2 * IN_MOUTH) * wide, y)


def _eating(pair: Pair) -> Handled:
    if rank_of(label_of(pair.companion)) >= max(2, rank_of(pair.label)):
        return _biting(pair)
    return _in_mouth(pair, MOUTHFUL, IN_MOUTH, behind=False)


def _swallowing(pair: Pair) -> Handled:
    return _in_mouth(pair, PREY, 0.42, behind=True)


def _in_mouth(pair: Pair, most: float, share: float, behind: bool) -> Handled:
    """Something before a mouth, a share of it inside."""
    subject, companion = sized(pair)
    _, height = extent_of(subject, pair.atlas)
    wide, tall = extent_of(companion, pair.atlas)
    size = torch.minimum(most * height / tall, 0.9 * height / wide)
    companion = resized(companion, size.clamp(max=1) if most == MOUTHFUL else size)
    subject, companion = fitting(pair, subject, companion)
    forwards = inwards(pair.subject.x)
    wide, _ = extent_of(companion, pair.atlas)
    subject = at(pair, subject, 0.5 - forwards * wide, -forwards, airs=True)
    subject = leaning(subject, 0.5 * BENDS if elevation(pair.label, staged=True) < AIRBORNE else 0.0)
    x, y = mouth_of(subject, pair.atlas)
    companion = replace(companion, facing=forwards)
    return Handled(
        subject, centred(companion, pair, x + forwards * (1 - 2 * share) * wide, y + sunk(pair, subject)), behind=behind
    )


def _biting(pair: Pair) -> Handled:
    subject, companion = face_to_face(pair, *sized(pair))
    subject = leaning(subject, BENDS)
    flees = has_head(label_of(companion))
    companion = leaning(replace(companion, facing=subject.facing), FLEES) if flees else companion
    x, y = mouth_of(subject, pair.atlas)
    near = edge_of(pair, companion, y, rear=flees)
    return Handled(subject, moved(pair, companion, x + subject.facing * INTO - near))


def _embracing(pair: Pair) -> Handled:
    subject, companion = face_to_face(pair, *sized(pair))
    (half, height), (wide, tall) = extent_of(subject, pair.atlas), extent_of(companion, pair.atlas)
    if float(tall.detach().amax()) < RAISED * float(height.detach().amin()):
        x, y = mouth_of(subject, pair.atlas)
        lifted = centred(companion, pair, companion.x, y)
        to_x, to_y = mouth_of(lifted, pair.atlas)
        return Handled(subject, replace(lifted, x=lifted.x + x - to_x, foot=lifted.foot + y - to_y))
    forwards = -subject.facing
    subject, companion = leaning(subject, 0.05), leaning(companion, 0.05)
    middle = (subject.x + companion.x) / 2
    subject = moved(pair, subject, middle - forwards * EMBRACE * wide - subject.x)
    companion = moved(pair, companion, middle + forwards * EMBRACE * half - companion.x)
    return Handled(subject, companion)


def _dancing(pair: Pair) -> Handled:
    beat = math.sin(pair.scene.angle(SWAYS))
    subject, companion = face_to_face(pair, *sized(pair))
    subject, companion = leaning(subject, 0.04 + SWAY * beat), leaning(companion, 0.04 - SWAY * beat)
    return Handled(subject, _touching(pair, subject, companion))


def _touching(pair: Pair, subject: Figure, companion: Figure) -> Figure:
    """The companion so near that both fronts touch."""
    x, y = front_of(subject, pair.atlas)
    near = edge_of(pair, companion, y, rear=False)
    return moved(pair, companion, x + subject.facing * INTO - near)


def _fighting(pair: Pair) -> Handled:
    beat = 0.5 + 0.5 * math.sin(pair.scene.angle(2 * SWAYS))
    subject, companion = face_to_face(pair, *sized(pair))
    subject, companion = leaning(subject, FIGHTS * (0.6 + 0.4 * beat)), leaning(companion, FIGHTS * (1 - 0.4 * beat))
    return Handled(subject, _touching(pair, subject, companion))


def _feeding(pair: Pair) -> Handled:
    subject, companion = face_to_face(pair, *sized(pair))
    subject = leaning(subject, 0.5 * BENDS)
    x, y = hand_or_front(pair, subject)
    to_x, to_y = mouth_of(companion, pair.atlas)
    low = (to_y - y).detach()
    if float(low.amax()) > 0.02:  # one bends down to small ones
        subject = leaning(subject, BENDS)
        x, _ = hand_or_front(pair, subject)
    return Handled(subject, moved(pair, companion, x - to_x - subject.facing * INTO))


def _watching(pair: Pair) -> Handled:
    subject, companion = face_to_face(pair, *sized(pair), gap=APART)
    height, tall = extent_of(subject, pair.atlas)[1], extent_of(companion, pair.atlas)[1]
    if elevation(label_of(companion), pair.scene.staged) >= AIRBORNE:
        companion = replace(companion, foot=(subject.foot - 0.75 * height).clamp(min=0.05 + tall))
    above = float((companion.foot - tall - subject.foot + height).detach().amax()) < -0.05
    return Handled(leaning(subject, LOOKS_UP) if above else subject, companion, behind=True)


def _waiting(pair: Pair) -> Handled:
    subject, companion = face_to_face(pair, *sized(pair), gap=ACROSS)
    return Handled(subject, companion, behind=True)


def _lying(pair: Pair) -> Handled:
    label = label_of(pair.companion)
    subject, companion = sized(pair)
    forwards = inwards(pair.subject.x)
    seat = SEATS.get(label, Seat())
    companion = resized(
        companion, torch.full_like(pair.half, 0.46) / extent_of(companion, pair.atlas)[0].clamp(min=0.30)
    )
    companion = at(pair, companion, 0.5 + 0.4 * (pair.subject.x - 0.5), -forwards)
    wide, tall = extent_of(companion, pair.atlas)
    top = companion.foot - 0.04 * companion.side - (1 - seat.share) * tall
    half, height = extent_of(subject, pair.atlas)
    if pair.label not in UPRIGHT:  # who goes on four feet lies as it is
        most, across = (TUCKED, 0.72) if label == "bed" else (0.8, 0.6)
        subject = resized(subject, torch.minimum(across * wide / half, most * tall / height))
        _, height = extent_of(subject, pair.atlas)
        deep = UNDER_BLANKET * height if label == "bed" else 0.02 * height
        foot = top + deep + 0.04 * subject.side
        lain = replace(subject, x=companion.x, foot=foot, facing=companion.facing, floats=True)
        return Handled(lain, companion, behind=label != "bed")
    subject = resized(subject, BED * 2 * wide / height)
    half, height = extent_of(subject, pair.atlas)
    lain = replace(subject, x=companion.x, facing=companion.facing, turn=ON_BACK, planted=False, floats=True)
    lain = replace(lain, foot=top + 0.5 * lain.side - (IN_BED if label == "bed" else 0.7) * half)
    middle_x, _ = leant(lain, 0.5, 0.96 - 0.5 * float((height / lain.side).detach().amax()))
    return Handled(replace(lain, x=lain.x + companion.x - middle_x), companion, behind=label != "bed")


def _climbing(pair: Pair) -> Handled:
    subject, companion = sized(pair)
    forwards = inwards(pair.subject.x)
    companion = at(pair, companion, 0.5 + 0.4 * (pair.subject.x - 0.5), forwards)
    _, tall = extent_of(companion, pair.atlas)
    half, height = extent_of(subject, pair.atlas)
    subject = resized(subject, (0.42 * tall / torch.maximum(height, half)).clamp(max=1))
    half, height = extent_of(subject, pair.atlas)
    upright = pair.label in UPRIGHT
    subject = replace(subject, turn=UP_UPRIGHT if upright else UP_BEAST, facing=-forwards, floats=True)
    y = companion.foot - 0.04 * companion.side - UP_TRUNK * tall
    subject = centred(subject, pair, companion.x, y)
    if label_of(companion) in ON_LADDERS:
        return Handled(subject, companion, (), True)
    stem = low_width(pair.atlas, companion.present()[0], 0.6 * UP_TRUNK * tall / companion.side) * companion.side
    away = stem + (0.55 * half if upright else 0.40 * height)
    return Handled(replace(subject, x=companion.x - forwards * away), companion, (), True)


def _falling(pair: Pair) -> Handled:
    subject, companion = sized(pair)
    forwards = inwards(pair.subject.x)
    companion = at(pair, companion, 0.5 - 0.18 * forwards, -forwards)
    wide, tall = extent_of(companion, pair.atlas)
    most = 0.42 if rank_of(label_of(companion)) > 2 else 0.62
    subject = resized(subject, (most * tall / extent_of(subject, pair.atlas)[1]).clamp(max=1))
    _, height = extent_of(subject, pair.atlas)
    x = companion.x + forwards * (0.8 * wide + 0.4 * height)
    y = companion.foot - FALLS_FROM * tall
    turn = HEAD_FIRST if has_head(pair.label) else 0.5
    subject = centred(replace(subject, turn=turn, facing=-forwards), pair, x, y)
    return Handled(subject, companion, falling_strokes(pair, subject), True)


def falling_strokes(pair: Pair, figure: Figure) -> tuple[Cord, ...]:
    """Strokes above what falls."""
    half, height = extent_of(figure, pair.atlas)
    y = figure.foot - 0.04 * figure.side - 1.05 * height
    return strokes(figure.x, y, (0 * y, -0.14 + 0 * y), 0.8 * half, figure.opacity())


def _dropping(pair: Pair) -> Handled:
    subject, companion = _carrier(pair, -0.08)
    wide, _ = extent_of(companion, pair.atlas)
    _, height = extent_of(subject, pair.atlas)
    x = companion.x - subject.facing * 0.6 * wide
    fallen = centred(replace(companion, turn=0.5), pair, x, subject.foot - 0.26 * height)
    return Handled(subject, fallen, falling_strokes(pair, fallen))


def _wrapping(pair: Pair) -> Handled:
    subject, companion = sized(pair)
    forwards = inwards(pair.subject.x)
    companion = at(pair, companion, 0.5 + 0.4 * (pair.subject.x - 0.5), -forwards)
    wide, tall = extent_of(companion, pair.atlas)
    half, height = extent_of(subject, pair.atlas)
    subject = resized(subject, torch.minimum(COIL * tall / height, 1.6 * wide / half))
    _, height = extent_of(subject, pair.atlas)
    middle = companion.foot - 0.04 * companion.side - torch.maximum(0.30 * tall, 0.45 * height)
    return Handled(replace(centred(subject, pair, companion.x, middle), facing=-forwards), companion, (), True)


def _hanging(pair: Pair) -> Handled:
    subject, companion = sized(pair)
    forwards = inwards(pair.subject.x)
    companion = at(pair, companion, 0.5 + 0.4 * (pair.subject.x - 0.5), -forwards)
    wide, tall = extent_of(companion, pair.atlas)
    subject = resized(subject, (HUNG * tall / extent_of(subject, pair.atlas)[1]).clamp(max=1))
    half, height = extent_of(subject, pair.atlas)
    line = LINE * tall
    aloft = elevation(label_of(companion), staged=True) >= AIRBORNE
    if aloft:
        companion = replace(companion, foot=0.42 + 0 * companion.foot, floats=True)
        line = torch.full_like(tall, 0.1)
        companion = resized(companion, (0.36 / tall).clamp(max=1))
        x, y = companion.x, companion.foot - 0.06 * companion.side
    else:
        x = companion.x + forwards * torch.maximum(0.52 * wide, 0.25 * wide + 1.1 * half)
        y = companion.foot - 0.04 * companion.side - (0.60 if tall_stem(pair) else 0.86) * tall
    hung = centred(replace(subject, facing=-forwards), pair, x, y + line + height / 2)
    if pair.label in ("bat", "monkey"):
        hung = replace(hung, turn=math.pi, foot=hung.foot - 0.08 * hung.side)
    return Handled(hung, companion, (Cord((x, y), (x, y + line + 0.1 * height), 0.0, hung.opacity()),), True)


def tall_stem(pair: Pair) -> bool:
    """Whether the companion has a crown on a stem."""
    return label_of(pair.companion) in ("tree", "palm", "pine", "christmas tree", "mushroom", "umbrella", "sunflower")


def _shod(pair: Pair) -> Handled:
    subject, companion = sized(pair)
    forwards = inwards(pair.subject.x)
    subject = at(pair, subject, 0.5 + 0.4 * (pair.subject.x - 0.5), -forwards)
    half, height = extent_of(subject, pair.atlas)
    subject = replace(subject, foot=subject.foot - 0.06 * height)
    companion = resized(companion, 0.17 * height / extent_of(companion, pair.atlas)[1])
    return Handled(subject, at(pair, companion, subject.x - forwards * 0.75 * half, -forwards))


ACTS: Mapping[str, Callable[[Pair], Handled]] = {
    "pushing": _pushing,
    "lifting": _lifting,
    "tossing": _tossing,
    "giving": lambda pair: Handled(*_carrier(pair, 0.04)),
    "stealing": _stealing,
    "eating": _eating,
    "swallowing": _swallowing,
    "biting": _biting,
    "embracing": _embracing,
    "dancing": _dancing,
    "fighting": _fighting,
    "feeding": _feeding,
    "watching": _watching,
    "waiting": _waiting,
    "lying": _lying,
    "climbing": _climbing,
    "falling": _falling,
    "dropping": _dropping,
    "wrapping": _wrapping,
    "hanging": _hanging,
    "shod": _shod,
}
