"""Two figures that act on each other: how large they are by nature, and how they are brought together."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from installation.models.theatre.contact import (
    ground_below,
    hand_of,
    inwards,
    label_of,
    resized,
)
from installation.models.theatre.cords import Cord, strokes
from installation.models.theatre.figure_layout import WATERS, Figure, extent_of
from installation.models.theatre.magnitudes import rank_of
from installation.models.theatre.outlines import edge_place, sheets_as
from installation.models.theatre.relations import Pair
from installation.models.theatre.vocabulary import AIRBORNE, DRAUGHTS, elevation

RATIOS = {-4: 0.17, -3: 0.20, -2: 0.26, -1: 0.46, 0: 0.95, 1: 1.8, 2: 2.5, 3: 3.0, 4: 3.4}
# size of the second (the root of its area) in sizes of the first, by how many ranks it is larger by nature
GROWN = {  # how much larger or smaller some are than the others of their rank
    **dict.fromkeys(("child", "boy", "sleeper"), 0.72),
    **dict.fromkeys(
        ("bear", "lion", "tiger", "rhino", "hippo", "whale", "dolphin", "donkey", "bull", "polar bear"), 1.25
    ),
    "chair": 1.15,
    "christmas tree": 0.6,
    "sled": 0.7,
    **dict.fromkeys(("horse", "camel", "unicorn", "moose", "bison", "ostrich", "zebra"), 1.5),
    **dict.fromkeys(("cow", "deer", "chicken coop", "telegraph pole"), 1.35),
    **dict.fromkeys(("giraffe", "toy balloon"), 1.8),
    **dict.fromkeys(("swing", "ladder", "tent", "shark", "crocodile", "bed", "well"), 1.5),
    **dict.fromkeys(("snail", "banana", "apple"), 0.8),
    **dict.fromkeys(("piano", "boat", "canoe", "rowing boat", "buoy", "raft"), 0.8),
    **dict.fromkeys(("sheep", "pig", "goat", "sunflower", "seal", "heron", "stork", "flamingo", "cart"), 1.25),
    **dict.fromkeys(("hedgehog", "squirrel", "rabbit", "hen", "duck", "rooster", "mailbox", "frog"), 0.7),
    **dict.fromkeys(("fish", "lizard", "chameleon", "crab", "lobster"), 0.6),
    **dict.fromkeys(("cat", "owl", "parrot", "penguin", "armchair", "table", "bicycle", "gravestone", "seagull"), 0.8),
    **dict.fromkeys(("castle", "church", "skyscraper", "pyramid", "lighthouse", "ship", "mountain"), 1.2),
    **dict.fromkeys(
        ("bus", "train", "tram", "truck", "fire engine", "dragon", "elephant", "carousel", "haystack"), 1.2
    ),
    **dict.fromkeys(("bee", "ant", "ladybird", "spider", "dragonfly", "caterpillar", "housefly", "moth"), 0.55),
    **dict.fromkeys(("mouse", "butterfly"), 0.65),
    "chick": 0.5,
}
SMALLER, BESIDE_SMALL = 0.75, 1.3  # sizes below which a second stays smaller than a tiny first, and how much it grows
TALLEST, WIDEST = 0.56, 1.05  # of both together, in units
SAID = (  # marks of sizes, and what they make of that ratio
    ("huge figure", 0.55),
    ("tiny figure", 1.8),
    ("second huge figure", 1.7),
    ("second tiny figure", 0.5),
)


def sized(pair: Pair) -> tuple[Figure, Figure]:
    """Both figures as large as they are by nature beside each other, and as large as the stage allows."""
    ratio = by_nature(label_of(pair.companion), pair.label)
    for name, factor in SAID:
        beside_small = name == "tiny figure" and ratio < SMALLER
        ratio *= (BESIDE_SMALL if beside_small else factor) if name in pair.scene.marks else 1.0
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
    column = edge_place(sheets_as(figure, pair.atlas), row, rear)
    return figure.x + (column - 0.5) * figure.side * figure.facing


def sunk(pair: Pair, figure: Figure) -> Tensor:
    """How far who swims lies in the water, in units."""
    return DRAUGHTS.get(label_of(figure), 0.0) * figure.side * pair.scene.weight("terrain", *WATERS)


def centred(figure: Figure, pair: Pair, x: Tensor, y: Tensor) -> Figure:
    """A figure with its middle at a point, held there by something else."""
    _, height = extent_of(figure, pair.atlas)
    return replace(figure, x=x, foot=y + height / 2 + 0.04 * figure.side, floats=True)


def falling_strokes(pair: Pair, figure: Figure) -> tuple[Cord, ...]:
    """Strokes above what falls."""
    half, height = extent_of(figure, pair.atlas)
    y = figure.foot - 0.04 * figure.side - 1.05 * height
    return strokes(figure.x, y, (0 * y, -0.14 + 0 * y), 0.8 * half, figure.opacity())
