"""Somebody on several small things: a hen on three eggs, a dragon on five crowns, that lie close together below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from installation.models.theatre.figure_atlas import LABELS
from installation.models.theatre.figure_layout import SUNK, Figure, extent_of
from installation.models.theatre.magnitudes import has_head, rank_of
from installation.models.theatre.pairing import by_nature
from installation.models.theatre.scene import Scene
from installation.models.theatre.stage_room import Footing

TALL, WIDE = 0.42, 0.62  # of who sits on things, at most, in units
SMALLEST = 0.10  # height of one of the things, at least, in units
CLOSE = 0.82  # from one of them to the next, in widths
BELOW = 0.42  # how far down in them the feet are, in their heights
NEAR = 0.026  # how much lower than the edge of the land the things lie


def is_brooding(scene: Scene, subject: Figure, companion: Figure) -> bool:
    """Whether somebody alive is on things that fit in a hand, before an audience."""
    thing, sitter = LABELS[subject.present()[0]], LABELS[companion.present()[0]]
    on_it = "on" in scene.marks and scene.staged
    return on_it and rank_of(thing) == 0 and has_head(sitter) and rank_of(sitter) > 0 and not has_head(thing)


def brooding(
    stage: Footing, thing: Figure, sitter: Figure, shares: Sequence[Tensor]
) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    """The things in a close row, and who sits in the middle of it behind their tops.

    Args:
        stage: Where they are.
        thing: One of the things.
        sitter: Who is on them.
        shares: How far each of the things is there.
    """
    half, height = extent_of(sitter, stage.atlas)
    size = torch.minimum(TALL / height.clamp(min=1e-3), WIDE / (2 * half).clamp(min=1e-3))
    sitter = replace(sitter, side=sitter.side * size)
    half, height = extent_of(sitter, stage.atlas)
    wide, tall = extent_of(thing, stage.atlas)
    ratio = by_nature(LABELS[thing.present()[0]], LABELS[sitter.present()[0]])
    fit = ratio * torch.sqrt(half * height) / torch.sqrt(wide * tall).clamp(min=1e-3)
    fit = torch.maximum(fit, SMALLEST / tall.clamp(min=1e-3))
    thing = replace(thing, side=thing.side * fit, foot=thing.foot + SUNK * thing.side * (fit - 1))
    wide, tall = extent_of(thing, stage.atlas)
    middle = 0.5 + 0.5 * (thing.x - 0.5)
    things = []
    for place, share in enumerate(shares):
        x = middle + (place - (len(shares) - 1) / 2) * 2 * CLOSE * wide
        lying = stage.moved(thing, x)
        weights = thing.weights * share.view(-1, 1)
        things.append(replace(lying, foot=lying.foot + NEAR, weights=weights, before=True))
    ground = stage.ground(sitter, middle, half) + SUNK * sitter.side
    return tuple(things), (replace(sitter, x=middle, foot=ground + NEAR - BELOW * tall, floats=True),)
