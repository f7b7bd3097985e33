"""What figures do with things and with each other: hold, lead, pull, chase, jump over, sit at.

A thing that is held moves with the hand; a cord leads from the hand to a kite, a balloon or a dog.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.crowds import TOTALS
from installation.models.theatre.figure_atlas import LABELS, Atlas, PaperLayer
from installation.models.theatre.figure_layout import MARGIN, SUNK, Figure, extent_of
from installation.models.theatre.groups import room_beside
from installation.models.theatre.magnitudes import rank_of
from installation.models.theatre.marks import SECOND
from installation.models.theatre.outlines import front_place
from installation.models.theatre.raster import Box, cached_constant, colour_tensor
from installation.models.theatre.relations import Pair
from installation.models.theatre.scene import DrawContext, Scene, batch_max, batch_min

HANDLING = ("held", "leash", "pulling", "chasing", "at")  # marks
HANDS = {  # where the hand is that holds something, in the square of who faces left
    "walker": (0.29, 0.53),
    "man": (0.31, 0.68),
    "woman": (0.29, 0.62),
    "child": (0.14, 0.35),
    "boy": (0.17, 0.28),
    "old man": (0.20, 0.57),
    "old woman": (0.22, 0.52),
    "mother": (0.30, 0.52),
    "couple": (0.17, 0.66),
    "dancer": (0.22, 0.09),
    "king": (0.25, 0.58),
    "queen": (0.13, 0.33),
    "clown": (0.13, 0.16),
    "witch": (0.21, 0.60),
    "astronaut": (0.87, 0.22),
    "robot": (0.12, 0.74),
    "fairy": (0.14, 0.10),
    "monkey": (0.16, 0.62),
    "snowman": (0.09, 0.42),
    "princess": (0.18, 0.40),
    "wizard": (0.20, 0.52),
}
STRINGS = {"balloon": (0.5, 0.77), "kite": (0.5, 0.62)}  # what floats on a cord, and where that is fastened
HANGING = ("lantern", "basket", "suitcase", "bell", "cage")  # hang below the hand
STEMS = ("flower", "rose", "tulip", "sunflower", "candle", "feather", "sword", "bottle", "wine glass", "ice cream")
LENGTHS = {  # of what is held, in heights of who holds it
    "balloon": 0.42,
    "kite": 0.46,
    "lantern": 0.36,
    "cage": 0.42,
    "suitcase": 0.36,
    "basket": 0.34,
    "broom": 0.8,
    "sword": 0.55,
    "guitar": 0.5,
    "violin": 0.36,
    "letter": 0.2,
    "book": 0.22,
    "key": 0.22,
    "cup": 0.19,
    "apple": 0.16,
    "ball": 0.2,
    "heart": 0.26,
    "star": 0.24,
    "candle": 0.34,
    "rose": 0.4,
    "flower": 0.4,
    "tulip": 0.4,
    "sunflower": 0.45,
    "feather": 0.32,
    "baby": 0.34,
    "cat": 0.38,
    "dog": 0.38,
    "rabbit": 0.36,
}
USUAL_LENGTHS = (0.24, 0.38, 0.5, 0.6, 0.6)  # of the others, by how large they are by nature
TALL = 0.46  # least height of who holds something, in units
STRING, KITE_STRING = 0.30, 0.80  # length of a cord upwards, in heights of the holder
ARM = 0.42  # how high an animal is carried, in heights of who carries it
LEASH = 0.16  # between who leads and who is led, in heights of the former
NECKS = {"dog": (0.42, 0.46), "cat": (0.36, 0.62), "horse": (0.30, 0.42), "pig": (0.32, 0.52), "elephant": (0.3, 0.5)}
NECK, HITCH, REAR = (0.34, 0.48), (0.12, 0.62), (0.60, 0.56)  # of others; of what is pulled; of who pulls
PULLED = 0.75  # height of what is pulled, in heights of who pulls it
IN_LINE = 0.62  # room for several who do the same, in units
FAN, FAN_UP, LATER = 1.5, 0.35, 2.3  # from one to the next in a hand, in half widths, and heights; seconds of delay
CHASE = 0.30  # between who chases and who flees, in units
NATURAL = (1.0, 0.5, 0.4, 0.32, 0.26)  # height of one that is so much smaller by nature, in heights of the other
TABLE_HEIGHT, PIANO_HEIGHT = 0.50, 1.0  # of what somebody sits at, in heights of him
BEHIND_TABLES = ("table", "bench", "well", "fence", "stove", "drum")  # at which one is behind them
CORD, SEGMENTS = 0.0032, 10  # half the width of a cord, in units; its pieces
CORD_BY_DAY, CORD_BY_NIGHT = "4a3020", "f0e4c8"


class Cord(NamedTuple):
    """A cord from one point to another, each x and y [batch, 1, 1, 1]; how far it sags, and how visible it is."""

    begin: tuple[Tensor, Tensor]
    end: tuple[Tensor, Tensor]
    sag: float
    opacity: Tensor
    half: float = CORD


class Handled(NamedTuple):
    """Both figures as they act, the cords between them, and whether the companion is painted first."""

    subject: Figure
    companion: Figure
    cords: tuple[Cord, ...] = ()
    behind: bool = False


def handle(pair: Pair) -> Handled:
    """Place subject and companion as the first mark of HANDLING says, as far as it is set."""
    name = next(mark for mark in HANDLING if mark in pair.scene.marks)
    placed = {"held": _held, "leash": _led, "pulling": _pulling, "chasing": _chasing, "at": _at}[name](pair)
    mark = pair.scene.mark(name)

    def towards(before: Figure, after: Figure) -> Figure:
        return replace(
            after,
            x=torch.lerp(before.x, after.x, mark),
            foot=torch.lerp(before.foot, after.foot, mark),
            side=torch.lerp(before.side, after.side, mark),
            facing=torch.lerp(before.facing, after.facing, mark),
        )

    subject, companion = towards(pair.subject, placed.subject), towards(pair.companion, placed.companion)
    cords = tuple(cord._replace(opacity=cord.opacity * mark) for cord in placed.cords)
    return Handled(subject, companion, cords, placed.behind)


class Acting(NamedTuple):
    """Subjects and companions with the cords between them, and whether the companions are painted first."""

    subjects: tuple[Figure, ...]
    companions: tuple[Figure, ...]
    cords: tuple[Cord, ...]
    behind: bool


def act(pair: Pair) -> Acting:
    """Both figures as marks of HANDLING say, each as often as marks say."""
    one, scene = handle(pair), pair.scene
    held = "held" in scene.marks
    forwards = -one.subject.facing
    first, second = _number(scene, ""), _number(scene, SECOND)
    companions, cords = [one.companion], list(one.cords)
    half, height = extent_of(one.companion, pair.atlas)
    step = torch.minimum(2.1 * half, IN_LINE / max(second, 1) + 0 * half)
    for place in range(1, second):
        dx = (
            FAN * half * (place // 2 + place % 2) * (1 - 2 * (place % 2))
            if held
            else _ahead(scene) * forwards * step * place
        )
        dy = -FAN_UP * height * (place % 2) if held else torch.zeros_like(dx)
        companions.append(_shifted(pair, one.companion, dx, dy, held, place))
        if one.cords and "pulling" not in scene.marks:
            (x, y), (end_x, end_y) = one.cords[0].begin, one.cords[0].end
            fallen = companions[-1].foot - one.companion.foot
            cords.append(one.cords[0]._replace(begin=(x, y), end=(end_x + dx, end_y + fallen)))
    wide, _ = extent_of(one.subject, pair.atlas)
    step = torch.minimum(2.1 * wide + (1.2 * half if held else 0.0), IN_LINE / max(first, 1) + 0 * wide)
    towards = forwards if held or "pulling" in scene.marks else -forwards
    subjects, kept, threads = [one.subject], tuple(companions), tuple(cords)
    for place in range(1, first):
        dx = towards * step * place
        subjects.append(_shifted(pair, one.subject, dx, torch.zeros_like(dx), False, place))
        if held:  # each holds something
            fallen = subjects[-1].foot - one.subject.foot
            companions += [replace(each, x=each.x + dx, foot=each.foot + fallen) for each in kept]
            cords += [_moved(cord, dx, fallen) for cord in threads]
    acting = Acting(tuple(reversed(subjects)), tuple(reversed(companions)), tuple(cords), one.behind)
    return _whole(pair, acting) if first > 1 or second > 1 else acting


def _whole(pair: Pair, acting: Acting) -> Acting:
    """All of them moved sideways so far that none is beyond the edge of the picture."""
    figures = (*acting.subjects, *acting.companions)
    halves = [extent_of(figure, pair.atlas)[0] for figure in figures]
    low = torch.stack([figure.x - half for figure, half in zip(figures, halves, strict=True)]).amin(0)
    high = torch.stack([figure.x + half for figure, half in zip(figures, halves, strict=True)]).amax(0)
    beside = room_beside(pair.scene) - MARGIN
    dx = (-beside - low).clamp(min=0) - (high - 1 - beside).clamp(min=0)
    level = torch.zeros_like(dx)

    def moved(figure: Figure) -> Figure:
        return replace(_shifted(pair, figure, dx, level, figure.floats, 0), delay=figure.delay)

    subjects, companions = ([moved(figure) for figure in each] for each in (acting.subjects, acting.companions))
    fallen = subjects[-1].foot - acting.subjects[-1].foot
    cords = [_moved(cord, dx, fallen) for cord in acting.cords]
    return acting._replace(subjects=tuple(subjects), companions=tuple(companions), cords=tuple(cords))


def _number(scene: Scene, prefix: str) -> int:
    """How many there are of the subject or of the companion."""
    return max((total for name, total in TOTALS.items() if prefix + name in scene.marks), default=1)


def _ahead(scene: Scene) -> int:
    """Whether further companions are ahead of the first, 1, or behind it, -1."""
    return -1 if "pulling" in scene.marks else 1


def _shifted(pair: Pair, figure: Figure, dx: Tensor, dy: Tensor, floats: bool, place: int) -> Figure:
    """A copy of a figure elsewhere, on the ground if it does not float."""
    x = figure.x + dx
    foot = figure.foot + dy if floats else _moved_foot(pair, figure, x)
    return replace(figure, x=x, foot=foot, delay=LATER * place)


def _moved(cord: Cord, dx: Tensor, dy: Tensor) -> Cord:
    (x, y), (end_x, end_y) = cord.begin, cord.end
    return cord._replace(begin=(x + dx, y + dy), end=(end_x + dx, end_y + dy))


def natural_height(pair: Pair) -> Tensor:
    """The height of a companion beside the subject as both are by nature, in units, but never tiny."""
    larger = max(0, rank_of(pair.label) - rank_of(_label(pair.companion)))
    return pair.height * NATURAL[larger]


def _label(figure: Figure) -> str:
    return LABELS[figure.present()[0]]


def _inwards(x: Tensor) -> Tensor:
    """The direction to the middle of the picture, -1 or 1."""
    return torch.where(x > 0.5, -1.0, 1.0)


def _resized(figure: Figure, factor: Tensor) -> Figure:
    """A figure of another size, with its feet where they are."""
    side = figure.side * factor
    return replace(figure, side=side, foot=figure.foot + SUNK * (side - figure.side))


def hand_of(figure: Figure, atlas: Atlas, seconds: float) -> tuple[Tensor, Tensor]:
    """Where the hand of a figure is that holds something, as it moves: x and y in units."""
    index = figure.present()[0]
    sheets = tuple(layer for layer in atlas.layers[index] if not layer.lit)
    x, y = HANDS.get(LABELS[index]) or front_place(sheets)
    layer = sheets[_sheet_at(sheets, x, y)]
    angle, (px, py) = layer.angle(seconds + figure.delay), layer.pivot
    dx, dy = x - px, y - py
    turned_x = px + dx * math.cos(angle) - dy * math.sin(angle)
    turned_y = py + dx * math.sin(angle) + dy * math.cos(angle)
    return figure.point(turned_x, turned_y)


@cached_constant
def _sheet_at(sheets: tuple[PaperLayer, ...], x: float, y: float) -> int:
    """The foremost sheet at a point of a figure at rest, or the nearest one."""
    across, down = (torch.full((1, 1, 1, 1), part, device=sheets[0].channels.device) for part in (x, y))
    depths = [float(sheet.outline_only().sample(across, down, 0.0)) for sheet in sheets]
    covering = [number for number, depth in enumerate(depths) if depth > 0]
    return covering[-1] if covering else depths.index(max(depths))


def _held(pair: Pair) -> Handled:
    label, scene = _label(pair.companion), pair.scene
    subject = replace(pair.subject, facing=-_inwards(pair.subject.x))
    string = STRING if label == "balloon" else KITE_STRING if label == "kite" else 0.0
    length = LENGTHS.get(label, USUAL_LENGTHS[rank_of(label)])
    reach = 1.0 + (string + length if string else 0.15)
    most = (subject.foot - MARGIN) / (reach * pair.height)
    subject = _resized(subject, torch.minimum((TALL / pair.height).clamp(min=1), most))
    _, height = extent_of(subject, pair.atlas)
    x, y = hand_of(subject, pair.atlas, scene.phase)
    side = length * height / pair.small.clamp(min=1e-3) * pair.companion.side
    forwards = -subject.facing
    if string:
        across = 0.10 if label == "balloon" else 1.15
        middle_x, end_y = x + forwards * across * height, y - string * height
        fastened = STRINGS[label]
        held = replace(pair.companion, x=middle_x, side=side, foot=end_y + (1 - fastened[1]) * side, floats=True)
        end = held.point(*fastened)
        sag = 0.02 if label == "balloon" else 0.10
        return Handled(subject, held, (Cord((x, y), end, sag, held.opacity()),), behind=True)
    index = pair.companion.present()[0]
    extent = float(pair.atlas.extent[index, 1])
    top, foot = 0.96 - extent, 0.96
    grip = top + 0.06 if label in HANGING else foot - 0.16 * extent if label in STEMS else (top + foot) / 2
    if rank_of(label) == 1 and label not in HANGING:  # an animal lies on the arm
        x, y = torch.lerp(x, subject.x, 0.35), subject.foot - ARM * height
        grip = foot - 0.1 * extent
    held = replace(pair.companion, x=x, side=side, foot=y + (1 - grip) * side, facing=subject.facing, floats=True)
    return Handled(subject, held)


def _led(pair: Pair) -> Handled:
    forwards = _inwards(pair.subject.x)
    subject = replace(_resized(pair.subject, (TALL / pair.height).clamp(min=1)), facing=-forwards)
    reach, height = extent_of(subject, pair.atlas)
    larger = max(0, rank_of(pair.label) - rank_of(_label(pair.companion)))
    led = _resized(pair.companion, 0.9 * NATURAL[larger] * height / pair.small.clamp(min=1e-3))
    half, _ = extent_of(led, pair.atlas)
    x = subject.x + forwards * (reach + half + LEASH * height)
    led = replace(led, x=x, foot=_ground(pair, led, x), facing=-forwards)
    neck = led.point(*NECKS.get(_label(led), NECK))
    return Handled(subject, led, (Cord(hand_of(subject, pair.atlas, pair.scene.phase), neck, 0.04, led.opacity()),))


def _pulling(pair: Pair) -> Handled:
    forwards = _inwards(pair.subject.x)
    gap = 0.05
    subject = _resized(pair.subject, (TALL / pair.height).clamp(min=1))
    reach, height = extent_of(subject, pair.atlas)
    thing = _resized(pair.companion, PULLED * height / pair.small.clamp(min=1e-3))
    half, _ = extent_of(thing, pair.atlas)
    x = 0.5 + forwards * (half + gap / 2)
    subject = replace(subject, x=x, foot=_ground(pair, subject, x), facing=-forwards)
    x = 0.5 - forwards * (reach + gap / 2)
    thing = replace(thing, x=x, foot=_ground(pair, thing, x), facing=-forwards)
    begin = hand_of(subject, pair.atlas, pair.scene.phase) if pair.label in HANDS else subject.point(*REAR)
    return Handled(subject, thing, (Cord(begin, thing.point(*HITCH), 0.01, thing.opacity(), 1.6 * CORD),))


def _chasing(pair: Pair) -> Handled:
    forwards = _inwards(pair.subject.x)
    ratio = (natural_height(pair) / pair.small.clamp(min=1e-3)).clamp(max=1.6)
    fleeing = _resized(pair.companion, ratio)
    half, _ = extent_of(fleeing, pair.atlas)
    apart = pair.reach + half + CHASE * (1 - pair.reach - half).clamp(min=0.3)
    middle = 0.5 + 0.4 * (pair.subject.x - 0.5)
    x = middle - forwards * apart / 2
    subject = replace(pair.subject, x=x, foot=_moved_foot(pair, pair.subject, x), facing=-forwards)
    x = middle + forwards * apart / 2
    return Handled(subject, replace(fleeing, x=x, foot=_moved_foot(pair, fleeing, x), facing=-forwards))


def _at(pair: Pair) -> Handled:
    label = _label(pair.companion)
    subject = _resized(pair.subject, (TALL / pair.height).clamp(min=1))
    half, height = extent_of(subject, pair.atlas)
    if label in BEHIND_TABLES:
        thing = _resized(pair.companion, TABLE_HEIGHT * height / pair.small.clamp(min=1e-3))
        return Handled(subject, replace(thing, x=subject.x, foot=_ground(pair, thing, subject.x) + 0.02))
    thing = _resized(pair.companion, PIANO_HEIGHT * height / pair.small.clamp(min=1e-3))
    wide, _ = extent_of(thing, pair.atlas)
    forwards = _inwards(subject.x)
    apart = 0.75 * half + wide
    x = 0.5 - forwards * apart / 2
    subject = replace(subject, x=x, foot=_ground(pair, subject, x), facing=-forwards)
    x = 0.5 + forwards * apart / 2
    return Handled(subject, replace(thing, x=x, foot=_ground(pair, thing, x), facing=forwards))


def _ground(pair: Pair, figure: Figure, x: Tensor) -> Tensor:
    """The y of a figure's floor if it stands on the ground at x."""
    half, _ = extent_of(figure, pair.atlas)
    return pair.ground_of(figure, x, half)


def _moved_foot(pair: Pair, figure: Figure, x: Tensor) -> Tensor:
    """The y of a figure's floor at another x, as far above the ground as it is."""
    return figure.foot + _ground(pair, figure, x) - _ground(pair, figure, figure.x)


def paint_cords(context: DrawContext, cords: tuple[Cord, ...]) -> None:
    """Paint cords between figures."""
    for cord in cords:
        _paint_cord(context, cord)


def _paint_cord(context: DrawContext, cord: Cord) -> None:
    scene = context.scene
    points = [_along(cord, step / SEGMENTS) for step in range(SEGMENTS + 1)]
    xs, ys = (torch.cat([point[axis] for point in points], 3) for axis in (0, 1))
    margin = 3 * cord.half
    box = scene.grid.box(batch_min(ys) - margin, batch_max(ys) + margin, batch_min(xs) - margin, batch_max(xs) + margin)
    if box.empty:
        return
    distance = torch.stack([_to_piece(box, begin, end) for begin, end in pairwise(points)]).amin(0)
    day, night = (colour_tensor(colour, scene.device) for colour in (CORD_BY_DAY, CORD_BY_NIGHT))
    colour = torch.lerp(night, day, ((scene.brightness - 0.4) * 5).clamp(0, 1))
    half = max(cord.half, 0.6 * scene.grid.pixel)
    context.canvas.over(box, colour, box.coverage(half - distance) * cord.opacity)


def _along(cord: Cord, share: float) -> tuple[Tensor, Tensor]:
    (x, y), (to_x, to_y) = cord.begin, cord.end
    return torch.lerp(x, to_x, share), torch.lerp(y, to_y, share) + 4 * cord.sag * share * (1 - share)


def _to_piece(box: Box, begin: tuple[Tensor, Tensor], end: tuple[Tensor, Tensor]) -> Tensor:
    """The distance of each pixel from a straight piece, [batch, 1, rows, columns]."""
    dx, dy = end[0] - begin[0], end[1] - begin[1]
    from_x, from_y = box.x - begin[0], box.y - begin[1]
    share = ((from_x * dx + from_y * dy) / (dx * dx + dy * dy).clamp(min=1e-8)).clamp(0, 1)
    return torch.sqrt((from_x - share * dx) ** 2 + (from_y - share * dy) ** 2 + 1e-12)


def handles(scene: Scene) -> bool:
    """Whether the companion is handled, before an audience."""
    return scene.staged and bool(scene.marks & set(HANDLING))
