"""What one figure does to another: push, carry, throw, steal, eat, bite, embrace, fight, feed, climb, fall, hang, lie.

Each act is a place for both, with a point in which they touch (see `contact`), and a lean that shows the effort.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import torch

from installation.models.theatre import joins, place_acts
from installation.models.theatre.animal_poses import GRAZING, RUNNING, as_animal, does_as_animal
from installation.models.theatre.contact import (
    Handled,
    front_of,
    hand_of,
    inwards,
    label_of,
    leaning,
    mouth_of,
    resized,
)
from installation.models.theatre.cords import CORD, Cord, strokes
from installation.models.theatre.figure_layout import Figure, extent_of
from installation.models.theatre.jointed_figures import jointed_of
from installation.models.theatre.magnitudes import UPRIGHT, has_head, rank_of
from installation.models.theatre.outlines import BACK, back_drop, head_place, sheets_as
from installation.models.theatre.pairing import (
    at,
    by_nature,
    centred,
    edge_of,
    face_to_face,
    falling_strokes,
    fitting,
    hand_or_front,
    moved,
    sized,
    sunk,
)
from installation.models.theatre.relations import POSTURES, Pair
from installation.models.theatre.vocabulary import AIRBORNE, elevation

PUSHES, RUNS, FLEES, FIGHTS, BENDS = 0.26, 0.20, 0.14, 0.15, 0.16  # how far somebody leans for it, in radians
LOOKS_UP, THROWS = -0.14, -0.12  # the same, backwards
INTO = 0.012  # how far what touches overlaps, in units
CARRIED, CARRIED_SMALL = 0.5, 0.26  # most size of what is in a hand or a mouth, in heights of who carries it
NAPE = -0.05  # how far below the mouth of who carries somebody on his shoulders that one sits, in his heights
LOAD = 0.95  # most height of what is carried, in heights of who carries it
MOUTHFUL, PREY = 0.42, 0.62  # most size of what is eaten, and of what is swallowed whole, in heights of who eats
PEBBLES, PEBBLE = ("stone", "snowball", "egg", "coins"), 0.13  # which one throws, and their height
VESSELS, VESSEL = ("bowl", "cup", "plate", "bucket", "trough"), 0.24  # from which an animal drinks, and their height
GRAZED = 0.52  # height of what an animal bends down for at most, in its heights
IN_MOUTH = 0.30  # share of what is in a mouth
RAISED = 0.55  # height below which who is kissed is lifted to the mouth, in heights of the other
EMBRACE = 0.52  # distance of two who embrace, in their half widths
SWAY, SWAYS = 0.12, 1.5  # of dancers, in radians, and radians a second
APART = 0.10  # between who watches and what is watched, in units
ACROSS = 0.34  # between who waits and what for
FLIGHT, TOSS_RATE = 0.16, 1.3  # how high a ball flies above the hands, in units; radians a second
STALKS, SITS_UPRIGHT = ("bamboo",), ("panda", "koala", "gorilla", "monkey", "squirrel", "red panda")
STALK, STALK_LEANS = 0.62, 0.5  # of stalks that one chews: height, in heights of who does; lean, in radians
CAST_NET, NET, NET_AHEAD, NET_AWAY = "castnet", 0.66, 0.30, 0.22  # its height; places of who casts it and of it
FOOT_AHEAD, FOOT_UP = 0.42, 0.26  # place of the foot of who kicks, before him and above the ground, in his heights
BEYOND = 0.42  # between two who throw a ball to each other


def _pushing(pair: Pair) -> Handled:
    subject, companion = face_to_face(pair, *sized(pair))
    forwards = -subject.facing
    subject = leaning(subject, PUSHES)
    companion = replace(companion, facing=subject.facing)
    x, y = hand_or_front(pair, subject)
    rear = edge_of(pair, companion, y, rear=True)
    return Handled(subject, moved(pair, companion, x - rear - forwards * INTO))


def _lifting(pair: Pair) -> Handled:
    if jointed_of(pair.subject) is not None and jointed_of(pair.companion) is not None:
        return _on_shoulders(pair)
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
        column, share = head_place(sheets_as(subject, pair.atlas))
    else:
        column, share = sum(BACK) / 2, float(back_drop(pair.atlas, index))
    x, _ = subject.point(column, 1.0)
    top = subject.foot - 0.04 * subject.side - height + share * height
    companion = replace(companion, x=x, foot=top + INTO + 0.04 * companion.side, facing=subject.facing, floats=True)
    return Handled(subject, companion, behind=True)


def _on_shoulders(pair: Pair) -> Handled:
    """Somebody who sits on the shoulders of another one, who holds the feet."""
    subject, companion = replace(pair.subject, pose="at the face"), replace(pair.companion, pose="astride")
    ratio = by_nature(label_of(companion), pair.label) * pair.subject.side / pair.companion.side
    subject, companion = fitting(pair, subject, resized(companion, (1.15 * ratio).clamp(max=1.2)), stacked=True)
    forwards = inwards(pair.subject.x)
    subject = at(pair, subject, 0.5 + 0.5 * (pair.subject.x - 0.5), -forwards)
    _, height = extent_of(subject, pair.atlas)
    x, y = mouth_of(subject, pair.atlas)
    rider = jointed_of(companion)
    hips = rider.hips if rider is not None else (0.5, 0.6)
    x, y = x - forwards * 0.09 * height, y + NAPE * height
    foot = y + (1 - hips[1]) * companion.side
    x = x + forwards * (hips[0] - 0.5) * companion.side
    return Handled(subject, replace(companion, x=x, foot=foot, facing=subject.facing, floats=True), behind=True)


def _casting(pair: Pair) -> Handled:
    """Somebody who has thrown a net, which opens in the air at the end of its rope."""
    subject, companion = sized(pair)
    _, height = extent_of(subject, pair.atlas)
    wide, tall = extent_of(companion, pair.atlas)
    net = resized(companion, NET * height / tall)
    forwards = inwards(pair.subject.x)
    subject = leaning(at(pair, subject, 0.5 - forwards * NET_AHEAD, -forwards), THROWS)
    x, y = hand_or_front(pair, subject)
    wide, tall = extent_of(net, pair.atlas)
    net = replace(centred(net, pair, x + forwards * (NET_AWAY * height + wide), y + 0.30 * height), facing=-forwards)
    top = net.point(0.5, 1 - float((tall / net.side).detach().amax()) + 0.03)
    return Handled(subject, net, (Cord((x, y), top, -0.05, net.opacity()),))


def _tossing(pair: Pair) -> Handled:
    if label_of(pair.companion) == CAST_NET:
        return _casting(pair)
    subject, companion = sized(pair)
    _, height = extent_of(subject, pair.atlas)
    _, tall = extent_of(companion, pair.atlas)
    share = PEBBLE if label_of(companion) in PEBBLES else 0.34
    companion = resized(companion, (share * height / tall).clamp(max=1))
    forwards = inwards(pair.subject.x)
    kicks = "kicking" in pair.scene.marks
    subject = leaning(at(pair, subject, 0.5 - forwards * BEYOND, -forwards), 0.0 if kicks else THROWS)
    x, y = _kicking_foot(pair, subject) if kicks else hand_or_front(pair, subject)
    share = 0.55 + 0.30 * math.sin(pair.scene.angle(TOSS_RATE))
    far = 0.5 + forwards * 0.8 * BEYOND
    ball_x = x + (far - x) * share
    ball_y = y - 4 * FLIGHT * share * (1 - share)
    ball = centred(companion, pair, ball_x, ball_y)
    middle = 4 * FLIGHT * share / 2 * (1 - share / 2)
    trail = Cord((x, y), (ball_x, ball_y), -(middle + 0.5 * (ball_y - y)), 0.6 * ball.opacity(), 0.6 * CORD)
    return Handled(subject, ball, (trail,))


def _kicking_foot(pair: Pair, kicker: Figure) -> tuple[torch.Tensor, torch.Tensor]:
    """Where the raised foot of somebody is."""
    _, height = extent_of(kicker, pair.atlas)
    return kicker.x - kicker.facing * FOOT_AHEAD * height, kicker.foot - FOOT_UP * height


def _stealing(pair: Pair) -> Handled:
    subject, companion = _carrier(pair, RUNS)
    if does_as_animal(subject):
        subject = replace(as_animal(subject, (RUNNING,)), turn=subject.turn, planted=True)
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
    share = CARRIED_SMALL if rank_of(label_of(companion)) == 0 else CARRIED
    companion = resized(companion, (share * height / torch.maximum(tall, 1.2 * wide)).clamp(max=1))
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
    if label_of(pair.companion) in STALKS and (pair.label in SITS_UPRIGHT or jointed_of(pair.subject) is not None):
        return _chewing(pair)
    if rank_of(label_of(pair.companion)) >= max(2, rank_of(pair.label)):
        return _biting(pair)
    if does_as_animal(pair.subject) and not has_head(label_of(pair.companion)):
        return _grazing(pair)
    return _in_mouth(pair, MOUTHFUL, IN_MOUTH, behind=False)


def _chewing(pair: Pair) -> Handled:
    """Somebody who sits upright with stalks before the breast, whose leaves are in the mouth."""
    subject, companion = sized(pair)
    _, height = extent_of(subject, pair.atlas)
    companion = resized(companion, STALK * height / extent_of(companion, pair.atlas)[1])
    subject, companion = fitting(pair, subject, companion)
    _, tall = extent_of(companion, pair.atlas)
    forwards = inwards(pair.subject.x)
    subject = at(pair, subject, 0.5 + 0.4 * (pair.subject.x - 0.5), -forwards)
    x, y = mouth_of(subject, pair.atlas)
    turn = STALK_LEANS
    along_x, along_y = math.sin(turn), math.cos(turn)
    held = replace(companion, facing=-forwards, turn=turn, planted=False)
    return Handled(subject, centred(held, pair, x + forwards * along_x * 0.46 * tall, y + along_y * 0.46 * tall))


def _grazing(pair: Pair) -> Handled:
    """An animal with its head down at something that is on the ground."""
    subject, companion = sized(pair)
    _, height = extent_of(subject, pair.atlas)
    wide, tall = extent_of(companion, pair.atlas)
    most = VESSEL if label_of(companion) in VESSELS else GRAZED
    low = torch.minimum(most * height / tall, 0.7 * height / wide).clamp(max=1)
    subject, companion = fitting(pair, subject, resized(companion, low))
    forwards = inwards(pair.subject.x)
    wide, tall = extent_of(companion, pair.atlas)
    subject = at(pair, replace(subject, turn=0.0), 0.5 - 0.6 * forwards * wide, -forwards)
    subject = as_animal(subject, (GRAZING,))
    x, _ = mouth_of(subject, pair.atlas)
    return Handled(subject, at(pair, companion, x + 0.35 * forwards * wide, forwards))


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
    flees = has_head(label_of(companion))
    low = float((extent_of(companion, pair.atlas)[1] / extent_of(subject, pair.atlas)[1]).detach().amax()) < GRAZED
    if low and not flees and does_as_animal(subject):
        return _grazing(pair)
    subject = leaning(subject, BENDS)
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
    jointed = jointed_of(subject) is not None
    x, y = hand_of(subject, pair.atlas, pair.scene.phase) if jointed else front_of(subject, pair.atlas)
    near = edge_of(pair, companion, y, rear=False)
    return moved(pair, companion, x + subject.facing * INTO - near)


def _fighting(pair: Pair) -> Handled:
    beat = 0.5 + 0.5 * math.sin(pair.scene.angle(2 * SWAYS))
    subject, companion = face_to_face(pair, *sized(pair))
    if all(jointed_of(one) is not None for one in (subject, companion)):  # they raise their hands at each other
        return Handled(subject, companion)
    subject, companion = leaning(subject, FIGHTS * (0.6 + 0.4 * beat)), leaning(companion, FIGHTS * (1 - 0.4 * beat))
    return Handled(subject, _touching(pair, subject, companion))


def _feeding(pair: Pair) -> Handled:
    subject, companion = face_to_face(pair, *sized(pair))
    companion = replace(companion, posture=POSTURES.get(label_of(companion), ""))  # a bird that is fed sits
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


def _dropping(pair: Pair) -> Handled:
    subject, companion = _carrier(pair, -0.08)
    wide, _ = extent_of(companion, pair.atlas)
    _, height = extent_of(subject, pair.atlas)
    x = companion.x - subject.facing * 0.6 * wide
    fallen = centred(replace(companion, turn=0.5), pair, x, subject.foot - 0.26 * height)
    return Handled(subject, fallen, falling_strokes(pair, fallen))


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
    "lying": place_acts.lying,
    "climbing": place_acts.climbing,
    "falling": place_acts.falling,
    "dropping": _dropping,
    "wrapping": place_acts.wrapping,
    "hanging": place_acts.hanging,
    "shod": _shod,
    "tied": joins.tied,
    "in mouth": joins.in_mouth,
    "clad": joins.clad,
    "leaning": joins.leans_on,
    "over face": joins.over_face,
}
