"""How one figure is joined to another: tied to it by a rope, in its mouth, worn by it, leaning on it, over its face."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from installation.models.theatre.contact import (
    Handled,
    hand_of,
    inwards,
    label_of,
    leaning,
    leant,
    mouth_of,
    resized,
)
from installation.models.theatre.cords import CORD, Cord
from installation.models.theatre.figure_atlas import Atlas
from installation.models.theatre.figure_layout import SUNK, Figure, extent_of
from installation.models.theatre.garments import garment_of
from installation.models.theatre.jointed_figures import jointed_of
from installation.models.theatre.magnitudes import has_head, rank_of
from installation.models.theatre.outlines import face_place, low_width, sheets_as
from installation.models.theatre.pairing import at, centred, edge_of, face_to_face, fitting, sized
from installation.models.theatre.poses import LYING, joints_of
from installation.models.theatre.relations import Pair
from installation.models.theatre.vocabulary import AIRBORNE, elevation

ROPE, ROPE_SAG, APART = 1.6 * CORD, 0.035, 0.16  # of a rope: half its width and its sag; between who are tied, in units
SKY_THINGS = ("moon of paper", "sun of paper", "cloud of paper", "thundercloud of paper")  # which hang in the air
ON_WRIST = 0.5  # height of what is tied to a hand at most, in heights of who has it
SKY_SIZE = 0.5  # their height, in heights of what is tied to them
POSTS = ("fence post", "telegraph pole", "lamp", "signpost", "totem pole", "column", "birch", "tree", "palm", "pine")
ON_POST, ON_HULL, ON_NECK = 0.60, 0.30, 0.62  # how high a rope is fastened, in heights
LANDINGS = ("pier", "bridge")  # what boats are tied to at its foot
DANGLES, DANGLING = (
    0.10,
    0.34,
)  # length of the cord on which a small thing hangs, and its height, in heights of who bears it
MOUTHFUL, LEAST_MOUTHFUL, LIP = 0.36, 0.17, 0.24  # height of what is in a mouth, in heights; how far it is in it
SKY_LEANER = 0.5  # height of what leans on a moon, in units
LEANS, TALL_LEANS, PEOPLE_LEAN = 0.10, 0.26, -0.20  # radians
WALL_LIKE = 1.1  # how much wider than high what one leans on in front is
OVER_FACE, COVERS = 2.3, 0.26  # width of what covers a face, in widths of that; its height, in heights, at most


def is_aloft(label: str) -> bool:
    """Whether a figure is in the air by itself: what flies, and a paper moon."""
    return label in SKY_THINGS or elevation(label, staged=True) >= AIRBORNE


def tied(pair: Pair) -> Handled:
    """Both on a rope: beside each other, a small thing below somebody, or what floats above the other."""
    subject, companion = sized(pair)
    label = label_of(companion)
    if is_aloft(pair.label):
        return _floating(pair, subject, companion)
    if not has_head(pair.label) and has_head(label) and rank_of(pair.label) < max(1, rank_of(label) + 1):
        return _dangling(pair, subject, companion)
    if is_aloft(label):
        floating = _floating(pair, companion, subject)
        return Handled(floating.companion, floating.subject, floating.cords)
    subject, companion = face_to_face(pair, subject, companion, gap=APART)
    begin = _fastened(pair, subject, pair.label, companion.x)
    end = _fastened(pair, companion, label, subject.x)
    return Handled(subject, companion, (Cord(begin, end, ROPE_SAG, companion.opacity(), ROPE),), behind=True)


def _fastened(pair: Pair, figure: Figure, label: str, towards: Tensor) -> tuple[Tensor, Tensor]:
    """Where a rope is fastened to a figure: at a neck, a hull, or a post."""
    _, height = extent_of(figure, pair.atlas)
    share = ON_NECK if has_head(label) else ON_POST if label in POSTS else ON_HULL
    if label in LANDINGS:
        share = ON_POST
    y = figure.foot - SUNK * figure.side - share * height
    rear = bool(((towards - figure.x) * figure.facing > 0).all())
    x = edge_of(pair, figure, y, rear=rear)
    return x + 0.02 * torch.sign(figure.x - towards), y


def _dangling(pair: Pair, subject: Figure, companion: Figure) -> Handled:
    """A small thing on a cord below somebody's neck, or below who flies."""
    subject, companion = fitting(pair, subject, companion)
    forwards = inwards(pair.subject.x)
    companion = at(pair, companion, 0.5 + 0.4 * (pair.subject.x - 0.5), -forwards, airs=True)
    half, height = extent_of(companion, pair.atlas)
    _, tall = extent_of(subject, pair.atlas)
    subject = resized(subject, (DANGLING * height / tall).clamp(max=1))
    _, tall = extent_of(subject, pair.atlas)
    if elevation(label_of(companion), staged=True) >= AIRBORNE:
        x, y = companion.x, companion.foot - 0.06 * companion.side
    else:
        x, y = mouth_of(companion, pair.atlas)
        x, y = x + companion.facing * 0.2 * half, y + 0.12 * height
    line = DANGLES * height
    hung = centred(replace(subject, facing=companion.facing), pair, x, y + line + tall / 2)
    return Handled(hung, companion, (Cord((x, y), (x, y + line + 0.1 * tall), 0.0, hung.opacity()),))


def _floating(pair: Pair, subject: Figure, companion: Figure) -> Handled:
    """What is in the air, above what it is tied to."""
    if label_of(subject) in SKY_THINGS:
        subject = resized(subject, SKY_SIZE * extent_of(companion, pair.atlas)[1] / extent_of(subject, pair.atlas)[1])
    subject, companion = fitting(pair, subject, companion, stacked=True)
    forwards = inwards(pair.subject.x)
    companion = at(pair, companion, 0.5 + 0.4 * (pair.subject.x - 0.5), -forwards)
    _, height = extent_of(companion, pair.atlas)
    end = companion.x, companion.foot - SUNK * companion.side - 0.85 * height
    if jointed_of(companion) is not None:
        end = hand_of(companion, pair.atlas, pair.scene.phase)
        subject = resized(subject, (ON_WRIST * height / extent_of(subject, pair.atlas)[1]).clamp(max=1))
    _, tall = extent_of(subject, pair.atlas)
    foot = companion.foot - SUNK * companion.side - height - 0.10
    subject = replace(subject, x=companion.x + 0.35 * forwards * height, foot=foot.clamp(min=0.04 + tall), floats=True)
    begin = subject.x, subject.foot - 0.05 * subject.side
    return Handled(subject, companion, (Cord(begin, end, 0.02, subject.opacity()),), behind=True)


def in_mouth(pair: Pair) -> Handled:
    """A thing, or an animal, in somebody's mouth or beak."""
    subject, companion = sized(pair)
    _, height = extent_of(subject, pair.atlas)
    wide, tall = extent_of(companion, pair.atlas)
    largest = torch.maximum(tall, 1.2 * wide)
    size = largest.clamp(min=LEAST_MOUTHFUL * height, max=MOUTHFUL * height) / largest.clamp(min=1e-3)
    companion = resized(companion, size)
    subject, companion = fitting(pair, subject, companion)
    forwards = inwards(pair.subject.x)
    wide, _ = extent_of(companion, pair.atlas)
    subject = at(pair, subject, 0.5 + 0.4 * (pair.subject.x - 0.5), -forwards, airs=True)
    x, y = mouth_of(subject, pair.atlas)
    held = replace(companion, facing=-subject.facing)
    return Handled(subject, centred(held, pair, x + forwards * (1 - 2 * LIP) * wide, y))


def clad(pair: Pair) -> Handled:
    """Somebody in a garment or in boots, which are cut from the outline of who wears them."""
    subject = pair.subject
    forwards = inwards(subject.x)
    subject = replace(subject, facing=-forwards)
    return Handled(subject, clad_as(subject, pair.companion, pair.atlas))


def clad_as(subject: Figure, garment: Figure, atlas: Atlas) -> Figure:
    """A garment as the subject wears it."""
    return replace(
        garment,
        x=subject.x,
        foot=subject.foot,
        side=subject.side,
        facing=subject.facing,
        cut=garment_of(sheets_as(subject, atlas), label_of(garment), label_of(subject)),
        turn=subject.turn,
        planted=subject.planted,
        floats=True,
        delay=subject.delay,
    )


def leans_on(pair: Pair) -> Handled:
    """Somebody or something tilted against another, in front of what is wide."""
    subject, companion = sized(pair)
    forwards = inwards(pair.subject.x)
    if label_of(companion) in SKY_THINGS:
        return _against_sky(pair, subject, companion)
    companion = at(pair, companion, 0.5 + 0.3 * (pair.subject.x - 0.5), -forwards)
    (half, height), (wide, tall) = extent_of(subject, pair.atlas), extent_of(companion, pair.atlas)
    subject = resized(
        subject, (0.92 * tall / height).clamp(max=1) if rank_of(label_of(companion)) > 1 else 1 + 0 * tall
    )
    half, height = extent_of(subject, pair.atlas)
    living = has_head(pair.label)
    radians = PEOPLE_LEAN if living else -TALL_LEANS if float((height - 2.2 * half).mean()) > 0 else -LEANS
    facing = forwards + 0 * half  # the back of who lives is to it; things lean to it
    if float((2 * wide - WALL_LIKE * tall).mean()) > 0:  # in front of a wall
        x = companion.x + 0.35 * forwards * wide
    else:
        stem = low_width(pair.atlas, companion.present()[0], 0.6 * height / companion.side) * companion.side
        x = companion.x + forwards * (stem + 0.75 * half)
    subject = at(pair, replace(subject, before=True), x, facing)
    return Handled(leaning(subject, radians), companion, behind=True)


def _against_sky(pair: Pair, subject: Figure, companion: Figure) -> Handled:
    """Something tall that leans against a moon that is low in the sky."""
    forwards = inwards(pair.subject.x)
    half, height = extent_of(subject, pair.atlas)
    subject = resized(subject, SKY_LEANER / torch.maximum(height, half))
    half, height = extent_of(subject, pair.atlas)
    companion = resized(companion, SKY_SIZE * height / extent_of(companion, pair.atlas)[1])
    wide, _ = extent_of(companion, pair.atlas)
    subject = at(pair, replace(subject, before=True), 0.5 - 0.12 * forwards, forwards)
    subject = leaning(subject, -LEANS)
    top = subject.foot - SUNK * subject.side - 0.9 * height
    x = subject.x + forwards * (LEANS * height + 0.3 * half + 0.9 * wide)
    return Handled(subject, centred(companion, pair, x, top + 0.2 * wide), behind=True)


def over_face(pair: Pair) -> Handled:
    """Something over the face of somebody, who may lie."""
    subject = pair.subject
    column, drop, face = face_place(sheets_as(subject, pair.atlas))
    _, height = extent_of(subject, pair.atlas)
    wide, tall = extent_of(pair.companion, pair.atlas)
    size = torch.minimum(OVER_FACE * min(face, 0.12) * subject.side / wide, COVERS * height / tall)
    size = torch.maximum(size, 0.18 * height / tall)
    companion = resized(pair.companion, size)
    row = 1 - (1 - drop) * (height / subject.side)
    if subject.pose == LYING:
        joints = joints_of(sheets_as(subject, pair.atlas))
        middle = (joints.top + 0.96) / 2
        x, y = subject.point(0.5 + middle - float(row.mean()), 0.96 - 1.5 * joints.half + column - 0.5)
        return Handled(subject, replace(centred(companion, pair, x, y), turn=0.25))
    jointed = jointed_of(subject)
    x, y = leant(subject, *jointed.mouth) if jointed is not None else leant(subject, column, float(row.mean()))
    if jointed is not None:
        x, y = x + 0.03 * subject.side * subject.facing, y - 0.03 * subject.side
    return Handled(subject, replace(centred(companion, pair, x, y), facing=subject.facing))
