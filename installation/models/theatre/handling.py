"""What figures do with things and with each other: hold, lead, pull, chase, jump over, sit at.

A thing that is held moves with the hand; a cord leads from the hand to a kite, a balloon or a dog.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.acts import ACTS
from installation.models.theatre.animal_poses import RUNNING, as_animal, does_as_animal
from installation.models.theatre.contact import (
    HANDS,
    Handled,
    ground_below,
    hand_of,
    inwards,
    label_of,
    leaning,
    moved_foot,
    resized,
)
from installation.models.theatre.cords import CORD, Cord, strokes
from installation.models.theatre.crowds import TOTALS
from installation.models.theatre.figure_atlas import Atlas
from installation.models.theatre.figure_layout import MARGIN, Figure, as_boy_or_girl, extent_of
from installation.models.theatre.jointed_figures import jointed_of
from installation.models.theatre.magnitudes import has_head, rank_of
from installation.models.theatre.marks import SECOND
from installation.models.theatre.outlines import sheets_of
from installation.models.theatre.pairing import fitting
from installation.models.theatre.poses import joints_of, lowered
from installation.models.theatre.proportion import SAID, natural_size
from installation.models.theatre.relations import Pair
from installation.models.theatre.scene import Scene
from installation.models.theatre.stage_room import room_beside

HANDLING = ("held", "leash", "pulling", "chasing", "at", *ACTS)  # marks
STRINGS = {"balloon": (0.5, 0.77), "kite": (0.5, 0.62)}  # what floats on a cord, and where that is fastened
HANGING = ("lantern", "basket", "suitcase", "handbag", "bucket", "bell", "cage")  # hang below the hand
STEMS = (
    "flower",
    "toy balloon",
    "rose",
    "tulip",
    "sunflower",
    "candle",
    "feather",
    "sword",
    "bottle",
    "wine glass",
    "ice cream",
)
LENGTHS = {  # of what is held, in heights of who holds it
    "balloon": 0.42,
    "toy balloon": 1.3,
    "kite": 0.46,
    "lantern": 0.36,
    "cage": 0.42,
    "suitcase": 0.36,
    "basket": 0.34,
    "handbag": 0.22,
    "broom": 0.8,
    "sword": 0.55,
    "guitar": 0.5,
    "violin": 0.36,
    "letter": 0.2,
    "telephone": 0.14,
    "smartphone": 0.11,
    "tobacco pipe": 0.12,
    "cigarette": 0.05,
    "plate": 0.14,
    "rake": 0.85,
    "spade": 0.75,
    "walking stick": 0.5,
    "watering can": 0.26,
    "flat iron": 0.16,
    "photograph": 0.18,
    "necklace": 0.16,
    "newspaper": 0.3,
    "book": 0.25,
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
READ = ("book", "newspaper")  # are held before the chest
PAGE = 0.05  # how far the middle of a page is above the hands, in heights of who reads
CHEST_X, CHEST = 0.16, 0.60  # where: how far ahead, and how high, in heights of who reads
USUAL_LENGTHS = (0.24, 0.38, 0.5, 0.6, 0.6)  # of the others, by how large they are by nature
TALL = 0.46  # least height of who holds something, in units
STRING, KITE_STRING = 0.30, 0.80  # length of a cord upwards, in heights of the holder
ARM = 0.42  # how high an animal is carried, in heights of who carries it
LEASH = 0.16  # between who leads and who is led, in heights of the former
NECKS = {"dog": (0.42, 0.46), "cat": (0.36, 0.62), "horse": (0.30, 0.42), "pig": (0.32, 0.52), "elephant": (0.3, 0.5)}
NECK, HITCH, REAR = (0.34, 0.48), (0.12, 0.62), (0.60, 0.56)  # of others; of what is pulled; of who pulls
PULLED = 0.75  # height of what is pulled, in heights of who pulls it
IN_LINE, HOLDING_IN_LINE = 0.62, 0.86  # room for several who do the same, in units
HAND = 0.6  # height of a hand, in heights of its owner
UNEVENLY = (  # of several who do the same: how far from an even place, in steps; how much nearer, in units
    (0.0, 0.0),
    (-0.10, 0.030),
    (0.06, -0.004),
    (-0.07, 0.040),
)
APART = 2.1  # from one of them to the next, in half widths
BUNCHED, BUNCH, SPREAD = (
    ("toy balloon",),
    0.34,
    1.5,
)  # what is held by strings; how far each leans from the last, and all
FAN, FAN_UP, LATER = 1.5, 0.35, 2.3  # from one to the next in a hand, in half widths, and heights; seconds of delay
RUNS, WAKE = 0.17, 0.34  # how far who runs leans, in radians; length of the strokes behind, in heights
CHASE = 0.18  # between who chases and who flees, in units
NATURAL = (1.0, 0.5, 0.4, 0.32, 0.26)  # height of one that is so much smaller by nature, in heights of the other
TABLE_HEIGHT, PIANO_HEIGHT, DOOR_HEIGHT = 0.50, 1.0, 1.3  # of what somebody is at, in heights of him
BEHIND_TABLES = ("table", "bench", "well", "fence", "stove", "drum")  # at which one is behind them


def handle(pair: Pair) -> Handled:
    """Place subject and companion as the first mark of HANDLING says, as far as it is set."""
    name = next(mark for mark in HANDLING if mark in pair.scene.marks)
    own = {"held": _held, "leash": _led, "pulling": _pulling, "chasing": _chasing, "at": _at}
    placed = (own | dict(ACTS))[name](pair)
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
    line = "chasing" in scene.marks and first + second > 2
    if line:
        one = _in_line(pair, one, first, second)
    if "shod" in scene.marks:  # a figure of shoes is a pair
        second = (second + 1) // 2
    companions, cords = [one.companion], list(one.cords)
    half, height = extent_of(one.companion, pair.atlas)
    step = APART * half if line else torch.minimum(APART * half, IN_LINE / max(second, 1) + 0 * half)
    if "shod" in scene.marks:
        step = 1.5 * extent_of(one.subject, pair.atlas)[0] / max(second - 1, 1)
    for place in range(1, second):
        dx = (
            FAN * half * (place // 2 + place % 2) * (1 - 2 * (place % 2))
            if held
            else _ahead(scene) * forwards * step * place
        )
        fanned = held and label_of(one.companion) not in HANGING
        dy = -FAN_UP * height * (place % 2) if fanned else torch.zeros_like(dx)
        if held and label_of(one.companion) in BUNCHED:  # their strings meet in the hand
            turned = replace(
                one.companion,
                turn=min(BUNCH, SPREAD / second) * (place // 2 + place % 2) * (1 - 2 * (place % 2)),
                planted=True,
            )
            companions.append(replace(turned, delay=LATER * place))
            continue
        companions.append(_shifted(pair, one.companion, dx, dy, held, place))
        if one.cords and scene.marks & {"held", "leash"}:
            (x, y), (end_x, end_y) = one.cords[0].begin, one.cords[0].end
            fallen = companions[-1].foot - one.companion.foot
            cords.append(one.cords[0]._replace(begin=(x, y), end=(end_x + dx, end_y + fallen)))
    wide, _ = extent_of(one.subject, pair.atlas)
    step = APART * wide + (1.2 * half if held else 0.0)
    step = step if line else torch.minimum(step, (HOLDING_IN_LINE if held else IN_LINE) / max(first, 1) + 0 * wide)
    towards = forwards if held or "pulling" in scene.marks else -forwards
    subjects, kept, threads = [one.subject], tuple(companions), tuple(cords)
    for place in range(1, first):
        if place == 1 and "tossing" in scene.marks:  # to each other
            x = 1 - one.subject.x
            other = replace(as_boy_or_girl(scene, one.subject, 1), x=x, facing=-one.subject.facing, delay=LATER)
            subjects.append(replace(other, foot=moved_foot(pair, one.subject, x)))
            continue
        aside, nearer = UNEVENLY[place % len(UNEVENLY)] if scene.staged and not line else (0.0, 0.0)
        dx = towards * step * (place + aside)
        another = as_boy_or_girl(scene, replace(one.subject, look=one.subject.look + place, tone=place), place)
        other = _shifted(pair, another, dx, torch.zeros_like(dx), False, place)
        subjects.append(replace(other, foot=other.foot + nearer, before=other.before or nearer > 0))
        if held:  # each holds something
            fallen = subjects[-1].foot - one.subject.foot
            before = subjects[-1].before
            companions += [replace(each, x=each.x + dx, foot=each.foot + fallen, before=before) for each in kept]
            cords += [_moved(cord, dx, fallen) for cord in threads]
    acting = Acting(tuple(reversed(subjects)), tuple(reversed(companions)), tuple(cords), one.behind)
    return _whole(pair, acting) if first > 1 or second > 1 else acting


def _in_line(pair: Pair, one: Handled, first: int, second: int) -> Handled:
    """Those of whom many run after others, so small that all of them are seen one behind the other."""
    (wide, _), (half, _) = (extent_of(figure, pair.atlas) for figure in (one.subject, one.companion))
    taken = APART * (wide * first + half * second) + CHASE
    scale = ((1 + 2 * (room_beside(pair.scene) - MARGIN)) / taken).clamp(max=1)

    def smaller(figure: Figure) -> Figure:
        figure = resized(figure, scale)
        return _shifted(pair, figure, (figure.x - 0.5) * (scale - 1), 0 * scale, False, 0)

    lines = tuple(line for figure in (smaller(one.subject), smaller(one.companion)) for line in _wake(pair, figure))
    return one._replace(subject=smaller(one.subject), companion=smaller(one.companion), cords=lines)


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
    foot = figure.foot + dy if floats else moved_foot(pair, figure, x)
    return replace(figure, x=x, foot=foot, delay=LATER * place)


def _moved(cord: Cord, dx: Tensor, dy: Tensor) -> Cord:
    (x, y), (end_x, end_y) = cord.begin, cord.end
    return cord._replace(begin=(x + dx, y + dy), end=(end_x + dx, end_y + dy))


def natural_height(pair: Pair) -> Tensor:
    """The height of a companion beside the subject as both are by nature, in units, but never tiny."""
    larger = max(0, rank_of(pair.label) - rank_of(label_of(pair.companion)))
    return pair.height * NATURAL[larger]


def _held(pair: Pair) -> Handled:
    label, scene = label_of(pair.companion), pair.scene
    subject = replace(pair.subject, facing=-inwards(pair.subject.x))
    string = STRING if label == "balloon" else KITE_STRING if label == "kite" else 0.0
    length = LENGTHS.get(label, USUAL_LENGTHS[rank_of(label)])
    reach = 1.0 + (string + length if string else max(0.15, length + HAND - 1 if label in STEMS else 0.0))
    most = (subject.foot - MARGIN) / (reach * pair.height)
    subject = resized(subject, torch.minimum((TALL / pair.height).clamp(min=1), most))
    _, height = extent_of(subject, pair.atlas)
    x, y = hand_of(subject, pair.atlas, scene.phase)
    side = length * height / pair.small.clamp(min=1e-3) * pair.companion.side
    forwards = -subject.facing
    if label in READ:
        x, y = reading_place(subject, pair.atlas, y)
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
        x, y = torch.lerp(x, subject.x, 0.35), subject.foot - ARM * height if jointed_of(subject) is None else y
        grip = foot - 0.1 * extent
    held = replace(pair.companion, x=x, side=side, foot=y + (1 - grip) * side, facing=subject.facing, floats=True)
    return Handled(subject, held)


def reading_place(reader: Figure, atlas: Atlas, hand_y: Tensor) -> tuple[Tensor, Tensor]:
    """Where the middle of what somebody reads is: before the chest, or as high as the hand if that is higher."""
    _, height = extent_of(reader, atlas)
    if jointed_of(reader) is not None:
        return reader.x - reader.facing * CHEST_X * height, hand_y - PAGE * height
    down = lowered(reader.pose, joints_of(sheets_of(atlas, reader.present()[0]))) if reader.pose else 0.0
    y = reader.foot - CHEST * height + down * reader.side
    return reader.x - reader.facing * CHEST_X * height, torch.minimum(y, hand_y)


def _led(pair: Pair) -> Handled:
    forwards = inwards(pair.subject.x)
    subject = replace(resized(pair.subject, (TALL / pair.height).clamp(min=1)), facing=-forwards)
    reach, height = extent_of(subject, pair.atlas)
    larger = max(0, rank_of(pair.label) - rank_of(label_of(pair.companion)))
    led = resized(pair.companion, 0.9 * NATURAL[larger] * height / pair.small.clamp(min=1e-3))
    half, _ = extent_of(led, pair.atlas)
    x = subject.x + forwards * (reach + half + LEASH * height)
    led = replace(led, x=x, foot=ground_below(pair, led, x), facing=-forwards)
    neck = led.point(*NECKS.get(label_of(led), NECK))
    return Handled(subject, led, (Cord(hand_of(subject, pair.atlas, pair.scene.phase), neck, 0.04, led.opacity()),))


def _pulling(pair: Pair) -> Handled:
    forwards = inwards(pair.subject.x)
    gap = 0.05
    subject = resized(pair.subject, (TALL / pair.height).clamp(min=1))
    reach, height = extent_of(subject, pair.atlas)
    thing = resized(pair.companion, PULLED * height / pair.small.clamp(min=1e-3))
    half, _ = extent_of(thing, pair.atlas)
    x = 0.5 + forwards * (half + gap / 2)
    subject = replace(subject, x=x, foot=ground_below(pair, subject, x), facing=-forwards)
    x = 0.5 - forwards * (reach + gap / 2)
    thing = replace(thing, x=x, foot=ground_below(pair, thing, x), facing=-forwards)
    begin = hand_of(subject, pair.atlas, pair.scene.phase) if pair.label in HANDS else subject.point(*REAR)
    return Handled(subject, thing, (Cord(begin, thing.point(*HITCH), 0.01, thing.opacity(), 1.6 * CORD),))


def _chasing(pair: Pair) -> Handled:
    forwards = inwards(pair.subject.x)
    ratio = (natural_height(pair) / pair.small.clamp(min=1e-3)).clamp(max=1.6)
    lower = extent_of(_running(pair.subject), pair.atlas)[1] / pair.height.clamp(min=1e-3)
    subject, fleeing = pair.subject, resized(pair.companion, ratio * lower.clamp(max=1))
    if not pair.scene.marks.isdisjoint(SAID):  # ducklings run after their mother
        larger = resized(pair.companion, natural_size(pair.scene, pair.atlas, subject, pair.companion))
        subject, fleeing = fitting(pair, subject, larger)
    subject, fleeing = _running(subject), _running(fleeing)
    (reach, _), (half, _) = extent_of(subject, pair.atlas), extent_of(fleeing, pair.atlas)
    apart = reach + half + CHASE * (1 - reach - half).clamp(min=0.3)
    middle = 0.5 + 0.4 * (pair.subject.x - 0.5)
    x = middle - forwards * apart / 2
    subject = replace(subject, x=x, foot=moved_foot(pair, subject, x), facing=-forwards)
    x = middle + forwards * apart / 2
    fleeing = replace(fleeing, x=x, foot=moved_foot(pair, fleeing, x), facing=-forwards)
    lines = tuple(line for one in (subject, fleeing) for line in _wake(pair, one))
    return Handled(subject, fleeing, lines)


def _running(figure: Figure) -> Figure:
    """A figure that leans into its run, if it runs, an animal at a gallop."""
    if does_as_animal(figure):
        return replace(as_animal(figure, (RUNNING,)), planted=True)
    return leaning(figure, RUNS if has_head(label_of(figure)) else 0.0)


def _wake(pair: Pair, figure: Figure) -> tuple[Cord, ...]:
    """Strokes behind who runs."""
    half, height = extent_of(figure, pair.atlas)
    x, y = figure.x + figure.facing * 1.12 * half, figure.foot - 0.5 * height
    return strokes(x, y, (figure.facing * WAKE * height, 0 * x), 0.3 * height, figure.opacity())


def _at(pair: Pair) -> Handled:
    label = label_of(pair.companion)
    subject = resized(pair.subject, (TALL / pair.height).clamp(min=1))
    half, height = extent_of(subject, pair.atlas)
    if label in BEHIND_TABLES:
        thing = resized(pair.companion, TABLE_HEIGHT * height / pair.small.clamp(min=1e-3))
        return Handled(subject, replace(thing, x=subject.x, foot=ground_below(pair, thing, subject.x) + 0.02))
    of_thing = DOOR_HEIGHT if label == "door" else PIANO_HEIGHT
    thing = resized(pair.companion, of_thing * height / pair.small.clamp(min=1e-3))
    wide, _ = extent_of(thing, pair.atlas)
    forwards = inwards(subject.x)
    apart = 0.75 * half + wide
    x = 0.5 - forwards * apart / 2
    subject = replace(subject, x=x, foot=ground_below(pair, subject, x), facing=-forwards)
    x = 0.5 + forwards * apart / 2
    return Handled(subject, replace(thing, x=x, foot=ground_below(pair, thing, x), facing=forwards))


def handles(scene: Scene) -> bool:
    """Whether the companion is handled, before an audience."""
    return scene.staged and bool(scene.marks & set(HANDLING))
