"""Several companions about one subject: on either side of it, all around it, or leaping over it one after another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from installation.models.theatre.animal_poses import GALLOPING, does_as_animal
from installation.models.theatre.crowds import TOTALS
from installation.models.theatre.figure_atlas import LABELS
from installation.models.theatre.figure_layout import GAP, MARGIN, SUNK, Figure, as_boy_or_girl, extent_of
from installation.models.theatre.magnitudes import has_head
from installation.models.theatre.marks import MORE, SECOND
from installation.models.theatre.marks import NUMBERS as ALL_COUNTS
from installation.models.theatre.pairing import TALLEST, by_nature
from installation.models.theatre.people import people
from installation.models.theatre.stage_room import Footing, keep_within, labels_of, room_beside

SIZES = {"two": 0.84, "three": 0.74, "four": 0.64, "five": 0.58, "six": 0.54}  # of each of several
SIZES |= dict.fromkeys(("many", *MORE), 0.50)
DELAY = 2.3  # seconds by which a figure moves later than its neighbour
UNLIKE_SIZES = ("huge figure", "tiny figure")
HOPS, HOP = 2.4, 0.012  # radians a second of those who jump; how high those hop who wait, in units
RINGED, LEAST_IN_RING, TALLEST_IN_RING = (
    0.46,
    0.19,
    0.34,
)  # heights of the middle of a ring and of those in it, in units
RING_DEEPER, RING_RISE = 0.10, 0.045  # how much larger and lower the nearest of a ring are, in units
AT_FIRE, FIRE_REACH = 0.38, 0.38  # height of those around a fire, and half the width of their ring, in units
BY_FIRE = ((-1.0, 0.35), (0.95, 0.5), (-0.62, -0.6), (0.66, -0.5), (-1.5, 0.75), (1.5, 0.8))  # places in it
PILE, PILE_STEP, MOST_PILED = 0.78, 0.84, 6  # height of a pile, in units; from one to the next, in heights
OBSTACLE, LEAPER, CLOSE = 0.24, 0.27, 1.12  # heights of a fence, and of who jumps over it; their width, in steps
MOST_GROWN = 2.2  # how much larger companions on both sides become so that they are as large as by nature
AROUND = ((-1.0, 0.45), (1.0, 0.62), (-0.72, 1.05), (0.78, 1.2), (-1.5, 0.75), (1.55, 0.3), (0.1, 1.35))
# places around a figure, in widths to the side and heights upwards


def between(
    stage: Footing, subject: Figure, companion: Figure, counts: dict[str, Tensor]
) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    """The subject in the middle, with a companion on either side."""
    mark = stage.scene.mark("between") * sum(counts.values())
    companion = _as_by_nature(stage, subject, companion)
    half, _ = extent_of(subject, stage.atlas)
    small, _ = extent_of(companion, stage.atlas)
    room = 0.5 - MARGIN + room_beside(stage.scene)
    fit = (room / (half + GAP + 2 * small)).clamp(max=1)
    middle = torch.lerp(subject.x, 0.5 + 0.0 * subject.x, mark)
    apart = fit * (half + small) + GAP
    subject = stage.moved(replace(subject, side=subject.side * fit), middle)
    companion = replace(companion, side=companion.side * fit)
    beside = []
    for number, side in enumerate((-1, 1)):
        x = torch.lerp(companion.x, middle + side * apart, mark)
        placed = stage.moved(companion, x)
        weights = companion.weights * (1.0 if number == 0 else mark.view(-1, 1))
        beside.append(replace(placed, weights=weights, facing=side * torch.ones_like(x), delay=DELAY * number))
    return (subject,), tuple(beside)


def _as_by_nature(stage: Footing, subject: Figure, companion: Figure) -> Figure:
    """A companion at least as large as it is by nature beside the subject: two dogs beside a cat."""
    labels = [LABELS[figure.present()[0]] for figure in (subject, companion)]
    said = (*UNLIKE_SIZES, *(SECOND + name for name in UNLIKE_SIZES))
    if not all(has_head(label) for label in labels) or not stage.scene.marks.isdisjoint(said):
        return companion
    (half, height), (wide, tall) = extent_of(subject, stage.atlas), extent_of(companion, stage.atlas)
    ratio = by_nature(labels[1], labels[0]) * torch.sqrt(half * height)
    size = (ratio / torch.sqrt(wide * tall).clamp(min=1e-3)).clamp(1, MOST_GROWN)
    size = torch.minimum(size, (TALLEST / tall.clamp(min=1e-3)).clamp(min=1))
    return replace(companion, side=companion.side * size)


def leaping(
    stage: Footing, subject: Figure, companion: Figure, counts: dict[str, Tensor]
) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    """An obstacle in the middle, and one who jumps over it; others run up to it, or have landed beyond it."""
    largest = next((name for name in reversed(ALL_COUNTS) if name in counts), "")
    total, mark = TOTALS.get(largest, 1), stage.scene.mark("leaping")
    room = 1 + 2 * room_beside(stage.scene)
    _, tall = extent_of(subject, stage.atlas)
    half, height = extent_of(companion, stage.atlas)
    fit = (OBSTACLE / tall.clamp(min=1e-3)).clamp(max=1)
    subject = stage.moved(replace(subject, side=subject.side * fit), torch.lerp(subject.x, 0.5 + 0 * half, mark))
    wide, tall = extent_of(subject, stage.atlas)
    step = (2.4 * half).clamp(max=room / max(total, 2))
    size = torch.minimum(LEAPER / height.clamp(min=1e-3), CLOSE * step / (2 * half).clamp(min=1e-3))
    size = size if total > 1 else LEAPER / height.clamp(min=1e-3)
    companion = replace(companion, side=companion.side * size)
    half, height = extent_of(companion, stage.atlas)
    forwards = torch.where(subject.x < companion.x, 1.0, -1.0)
    companion = replace(companion, pose=GALLOPING) if does_as_animal(companion) else companion
    figures = []
    for number in range(total):
        x = 0.5 + forwards * (total // 2 - number) * step
        placed = stage.moved(companion, x)
        ground = stage.ground(companion, x, half)
        placed = replace(placed, foot=ground + SUNK * placed.side)
        near = ((x - subject.x) / (wide + 1.1 * half)).abs().clamp(max=1)
        beat = math.sin(stage.scene.angle(HOPS) - 1.3 * number)
        leap = (1 - near**2) * (tall + (0.14 + 0.10 * beat) * height) * mark + near * max(0.0, beat) * HOP
        turn = -0.35 if number == total // 2 else 0.0
        share = 1.0 if number == 0 else counts[largest].view(-1, 1)
        figures.append(
            replace(
                placed,
                foot=placed.foot - leap,
                weights=companion.weights * share,
                facing=-forwards + 0 * placed.facing,
                delay=0.4 * DELAY * number,
                turn=turn,
                floats=number == total // 2,
            )
        )
    return (subject,), tuple(figures)


def around(
    stage: Footing, subject: Figure, companion: Figure, counts: dict[str, Tensor]
) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    """The subject, and companions in a ring about it; those that fly are above it as well."""
    if stage.scene.staged and stage.stands(labels_of(companion)):
        return _ring(stage, subject, companion, counts)
    return (subject,), _about(stage, subject, companion, counts)


def _about(stage: Footing, subject: Figure, companion: Figure, counts: dict[str, Tensor]) -> tuple[Figure, ...]:
    """Companions on both sides of the subject and above it."""
    scene, size = stage.scene, 1 + sum((SIZES[name] - 1) * mark for name, mark in counts.items())
    half, height = extent_of(subject, stage.atlas)
    companion = replace(companion, side=companion.side * size)
    small, low = extent_of(companion, stage.atlas)
    stands = stage.stands(labels_of(companion))
    figures = []
    for number, (across, up) in enumerate(AROUND):
        asked = [mark for count, mark in counts.items() if ALL_COUNTS.index(count) >= number - 1]
        if number and not asked:
            continue
        beyond = 1 if across > 0 else -1
        steps = (number // 2) * 2.2 if stands else 0.6 + abs(across) - 1
        x = subject.x + beyond * (half + small * (1.15 + steps)) if stands or abs(across) > 0.5 else subject.x
        placed = stage.moved(companion, x)
        if not stands:
            placed = replace(placed, foot=subject.foot - up * height + 0.4 * low)
        share = scene.mark("around") * (sum(asked[1:], asked[0]) if number else torch.ones_like(x))
        weights, facing = placed.weights * share.view(-1, 1), beyond * torch.ones_like(x)
        figures.append(
            replace(
                placed,
                weights=weights,
                facing=facing,
                delay=DELAY * number,
                look=placed.look + number,
                tone=number,
            )
        )
    return tuple(keep_within(figure, stage.atlas, scene) for figure in figures)


def _ring(
    stage: Footing, subject: Figure, companion: Figure, counts: dict[str, Tensor]
) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    """The subject in the middle; half of the companions stand behind it, and half before."""
    mark, total = stage.scene.mark("around"), max(TOTALS[name] for name in counts)
    (half, height), (small, low) = extent_of(subject, stage.atlas), extent_of(companion, stage.atlas)
    fit = (RINGED / height.clamp(min=1e-3)).clamp(max=1.3)
    subject = stage.moved(replace(subject, side=subject.side * fit), torch.lerp(subject.x, 0.5 + 0 * half, mark))
    half, height = half * fit, height * fit
    ratio = by_nature(LABELS[companion.present()[0]], LABELS[subject.present()[0]])
    size = ratio * torch.sqrt(half * height) / torch.sqrt(small * low).clamp(min=1e-3)
    size = torch.minimum(torch.maximum(size, LEAST_IN_RING / low), TALLEST_IN_RING / low)
    companion = replace(companion, side=companion.side * size)
    reach = torch.maximum(1.15 * half + 1.1 * small * size, 0.42 * small * size * total)
    reach = torch.minimum(reach, 0.5 + room_beside(stage.scene) - MARGIN - small * size)
    places = [_at_angle(math.tau * number / total + 0.5 * math.pi - math.pi / 3 / total) for number in range(total)]
    return (subject,), _placed_in_ring(stage, companion, subject.x, reach, places)


def about_fire(stage: Footing, figure: Figure, counts: dict[str, Tensor]) -> tuple[Figure, ...]:
    """Those who are around a campfire: on both sides of it, and behind it."""
    people_of = people()[LABELS[figure.present()[0]]].members if LABELS[figure.present()[0]] in people() else ()
    total = max((TOTALS[name] for name in counts), default=min(len(people_of), len(BY_FIRE)) or 1)
    small, low = extent_of(figure, stage.atlas)
    if people_of:
        small = small / max(1.0, 0.6 * len(people_of))
    figure = replace(
        figure, side=figure.side * (AT_FIRE / low.clamp(min=1e-3)), single=bool(people_of) or figure.single
    )
    reach = torch.full_like(small, FIRE_REACH if total < 6 else 1.5 * FIRE_REACH)
    places = (
        BY_FIRE[:total] if total <= len(BY_FIRE) else [_at_angle(math.tau * (n + 0.5) / total) for n in range(total)]
    )
    looks = len(people_of) if people_of else 1
    placed = _placed_in_ring(stage, figure, 0.5 + 0 * small, reach, places)
    return tuple(replace(one, look=looks * one.look + (one.look if people_of else 0)) for one in placed)


def _at_angle(angle: float) -> tuple[float, float]:
    return math.cos(angle), math.sin(angle)


def _placed_in_ring(
    stage: Footing, figure: Figure, x: Tensor, reach: Tensor, places: Sequence[tuple[float, float]]
) -> tuple[Figure, ...]:
    """Copies of a figure about x, those behind first; each at (aside, nearer), -1..1, on an ellipse so wide."""
    found = []
    for number, (aside, nearer) in enumerate(places):
        side = figure.side * (1 + RING_DEEPER * nearer)
        placed = stage.moved(figure, x + aside * reach)
        foot = placed.foot + SUNK * (side - figure.side) + RING_RISE * nearer
        facing = torch.full_like(x, 1.0 if aside > 0 else -1.0)
        one = replace(
            placed,
            side=side,
            foot=foot,
            facing=facing,
            before=nearer > 0,
            delay=DELAY * number,
            look=figure.look + number,
        )
        found.append((nearer, as_boy_or_girl(stage.scene, one, number)))
    return tuple(one for _, one in sorted(found, key=lambda each: each[0]))


def piled(stage: Footing, subject: Figure, counts: dict[str, Tensor]) -> tuple[Figure, ...]:
    """The subjects one on top of another, the lowest first."""
    total = max(TOTALS[name] for name in counts)
    total = min(total, MOST_PILED)
    _, height = extent_of(subject, stage.atlas)
    size = PILE / ((1 + (total - 1) * PILE_STEP) * height.clamp(min=1e-3))
    subject = stage.moved(replace(subject, side=subject.side * size), 0.5 + 0.3 * (subject.x - 0.5))
    _, height = extent_of(subject, stage.atlas)
    return tuple(
        replace(
            subject,
            x=subject.x + 0.02 * height * (-1) ** number,
            foot=subject.foot - number * PILE_STEP * height,
            facing=subject.facing * (-1) ** number,
            delay=DELAY * number,
            floats=number > 0,
        )
        for number in range(total)
    )
