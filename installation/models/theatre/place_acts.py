"""What a figure does on a thing or a place: lie in a bed, climb a tree, fall from a tower, hang from a branch."""

from __future__ import annotations

import math
from dataclasses import replace

import torch

from installation.models.theatre.bounding_animals import ROOSTING, roosts
from installation.models.theatre.contact import (
    Handled,
    ground_below,
    inwards,
    label_of,
    leant,
    resized,
)
from installation.models.theatre.cords import Cord
from installation.models.theatre.figure_layout import SUNK, Figure, extent_of
from installation.models.theatre.figure_openings import SEATS, Seat
from installation.models.theatre.magnitudes import UPRIGHT, has_head, rank_of
from installation.models.theatre.outlines import low_width, sheets_of
from installation.models.theatre.pairing import (
    at,
    centred,
    falling_strokes,
    sized,
)
from installation.models.theatre.relations import Pair
from installation.models.theatre.vocabulary import AIRBORNE, elevation

UP_TRUNK, UP_UPRIGHT, UP_BEAST = (
    0.42,
    -0.16,
    -1.05,
)  # how high who climbs is, in heights; how far people and beasts lean
LADDER, STAIRS = "ladder", "stairs"
WALLS = ("stone wall", "brick wall", "fence", "farm gate")
TALL = {LADDER: 0.70, STAIRS: 0.62, **dict.fromkeys(WALLS, 0.46)}  # their height, in units
CLIMBER = {LADDER: 0.54, STAIRS: 0.60, **dict.fromkeys(WALLS, 0.80)}  # height of who climbs them, in heights of them
ON_STEP, ON_RUNG = (
    (-0.22, 0.43),
    0.16,
)  # of feet: beside the middle, in half widths; up, in heights
UP_WALL = 0.30  # the same on a wall, over whose top who climbs it looks
HEAD_FIRST = 2.3  # how far who falls is turned, in radians
FALLS_FROM = 0.62  # how high who falls still is, in heights of what from
ON_BACK = -math.pi / 2
TUCKED, UNDER_BLANKET = 0.62, 0.28  # height of a beast in a bed, in heights of that; share of it below the edge
IN_BED = 0.62  # how high the middle of who lies in a bed is above its edge, in half widths
BED = 0.72  # length of who lies in a bed, in lengths of it
COIL = 0.62  # height of what is wrapped around another, in heights of that
SWING, BRANCH, ROPES = (
    "swing",
    0.52,
    0.42,
)  # its label; height of a branch, and length of its ropes, in heights of a tree
HIGH = ("moon of paper", "sun of paper", "cloud of paper", "thundercloud of paper", "star")  # what is in the sky
HIGH_SIZE, LEAST_HUNG = 0.26, 0.17  # its height; that of what hangs, at least; in units
HEAD_DOWN, UPSIDE_DOWN = ("monkey", "bat"), "upside down"  # who hangs so anyway, and a state
LINE, HUNG = 0.14, 0.36  # length of the cord on which something hangs, and its height, in heights of what from


def lying(pair: Pair) -> Handled:
    """Somebody in a bed, or on a bench."""
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
    return Handled(replace(lain, x=lain.x + companion.x - middle_x), companion, behind=True)


def climbing(pair: Pair) -> Handled:
    """Somebody against a trunk, tilted upwards, or on a ladder."""
    subject, companion = sized(pair)
    forwards = inwards(pair.subject.x)
    companion = at(pair, companion, 0.5 + 0.4 * (pair.subject.x - 0.5), forwards)
    _, tall = extent_of(companion, pair.atlas)
    half, height = extent_of(subject, pair.atlas)
    subject = resized(subject, (0.42 * tall / torch.maximum(height, half)).clamp(max=1))
    half, height = extent_of(subject, pair.atlas)
    upright = pair.label in UPRIGHT
    if upright and label_of(companion) in TALL:
        return _on_steps(pair, subject, companion)
    subject = replace(subject, turn=UP_UPRIGHT if upright else UP_BEAST, facing=-forwards, floats=True)
    y = companion.foot - 0.04 * companion.side - UP_TRUNK * tall
    subject = centred(subject, pair, companion.x, y)
    if label_of(companion) in TALL:
        return Handled(subject, companion, (), True)
    stem = low_width(pair.atlas, companion.present()[0], 0.6 * UP_TRUNK * tall / companion.side) * companion.side
    away = stem + (0.55 * half if upright else 0.40 * height)
    return Handled(replace(subject, x=companion.x - forwards * away), companion, (), True)


def _on_steps(pair: Pair, subject: Figure, companion: Figure) -> Handled:
    """Somebody on a step of stairs, or on a rung."""
    label = label_of(companion)
    companion = resized(companion, TALL[label] / extent_of(companion, pair.atlas)[1])
    companion = replace(companion, foot=ground_below(pair, companion, companion.x))
    wide, tall = extent_of(companion, pair.atlas)
    subject = resized(subject, CLIMBER[label] * tall / extent_of(subject, pair.atlas)[1])
    aside, up = ON_STEP if label == STAIRS else (0.0, UP_WALL if label in WALLS else ON_RUNG)
    floor = companion.foot - SUNK * companion.side
    x = companion.x + aside * wide * companion.facing
    foot = floor - up * tall + SUNK * subject.side
    return Handled(replace(subject, x=x, foot=foot, facing=-companion.facing, floats=True), companion, (), True)


def falling(pair: Pair) -> Handled:
    """Somebody head down in mid-air beside what he falls from."""
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


def wrapping(pair: Pair) -> Handled:
    """Something around the middle of another."""
    subject, companion = sized(pair)
    forwards = inwards(pair.subject.x)
    companion = at(pair, companion, 0.5 + 0.4 * (pair.subject.x - 0.5), -forwards)
    wide, tall = extent_of(companion, pair.atlas)
    half, height = extent_of(subject, pair.atlas)
    subject = resized(subject, torch.minimum(COIL * tall / height, 1.6 * wide / half))
    _, height = extent_of(subject, pair.atlas)
    middle = companion.foot - 0.04 * companion.side - torch.maximum(0.30 * tall, 0.45 * height)
    return Handled(replace(centred(subject, pair, companion.x, middle), facing=-forwards), companion, (), True)


def hanging(pair: Pair) -> Handled:
    """Something on a cord below another."""
    subject, companion = sized(pair)
    forwards = inwards(pair.subject.x)
    companion = at(pair, companion, 0.5 + 0.4 * (pair.subject.x - 0.5), -forwards)
    wide, tall = extent_of(companion, pair.atlas)
    label = label_of(companion)
    if label in HIGH:
        companion = resized(companion, HIGH_SIZE / tall)
        companion = replace(companion, foot=0.42 + 0 * companion.foot, floats=True)
        wide, tall = extent_of(companion, pair.atlas)
    if pair.label == SWING and (rank_of(label) == 4 or label in HIGH):
        return _swing_below(pair, subject, companion)
    _, height = extent_of(subject, pair.atlas)
    subject = resized(subject, (HUNG * tall / height).clamp(max=1).clamp(min=LEAST_HUNG / height))
    subject = replace(subject, pose=ROOSTING) if roosts(pair.label) else subject
    half, height = extent_of(subject, pair.atlas)
    line = LINE * tall
    if UPSIDE_DOWN in pair.scene.marks or roosts(pair.label):
        line = 0.02 * tall  # its feet are at it
    if label in HIGH or elevation(label, staged=True) >= AIRBORNE:
        companion = replace(companion, foot=0.42 + 0 * companion.foot, floats=True)
        line = torch.full_like(tall, 0.1)
        companion = resized(companion, (0.36 / tall).clamp(max=1))
        x, y = companion.x, companion.foot - 0.06 * companion.side
    else:
        x = companion.x + forwards * torch.maximum(0.52 * wide, 0.25 * wide + 1.1 * half)
        y = companion.foot - 0.04 * companion.side - (0.60 if tall_stem(pair) else 0.86) * tall
    hung = centred(replace(subject, facing=-forwards), pair, x, y + line + height / 2)
    if not roosts(pair.label) and pair.label in HEAD_DOWN and UPSIDE_DOWN not in pair.scene.marks:
        hung = replace(hung, turn=math.pi, foot=hung.foot - 0.08 * hung.side)
    return Handled(hung, companion, (Cord((x, y), (x, y + line + 0.1 * height), 0.0, hung.opacity()),), True)


def _swing_below(pair: Pair, subject: Figure, companion: Figure) -> Handled:
    """A swing without its frame, on the branch of a tree."""
    forwards = inwards(pair.subject.x)
    wide, tall = extent_of(companion, pair.atlas)
    ropes = sheets_of(pair.atlas, pair.kind)[-1]
    branch = companion.foot - SUNK * companion.side - BRANCH * tall
    side, x = ROPES * tall / ropes.height, companion.x + forwards * 0.62 * wide
    if label_of(companion) in HIGH:
        branch, side, x = companion.foot - 0.12 * companion.side, 1.2 * tall / ropes.height, companion.x
    foot = branch + (1 - ropes.top) * side
    hung = replace(subject, x=x, side=side, foot=foot, facing=-forwards, cut=(ropes,), floats=True)
    return Handled(hung, companion, (), True)


def tall_stem(pair: Pair) -> bool:
    """Whether the companion has a crown on a stem."""
    return label_of(pair.companion) in (
        *("tree", "palm", "pine", "christmas tree", "mushroom", "umbrella", "sunflower", "birch", "willow"),
    )
