"""Changes of what is said of figures that stay: they leave, and come again as the other words say.

Numbers and states share dimensions of z as levels of one value ("running", "upside down"), so that a value in between
would stand for another of them.
"""

from __future__ import annotations

import numpy as np

from installation.models.interfaces import Floats, Latents, Point, logits_of, weights_of
from installation.models.theatre.marks import FIRST, SET, WATER
from installation.models.theatre.scene_change import CAST, NEUTRAL
from installation.models.theatre.vocabulary import GROUP_SLICES, GROUPS

LEVELS_FROM = SET + 0.1  # values beyond it are levels
AWAY = 0.499  # share of nobody where figures that leave are gone


def recast(before: Point, after: Point, between: Point, progress: float, moves: bool) -> Point:
    """A point on a way whose marks are those of one of its ends, if the values in between would be other marks.

    Args:
        before: Where the way begins.
        after: Where it ends.
        between: The point on the way as it is interpolated; it is returned where nothing has to change in steps.
        progress: 0..1.
        moves: Whether figures that stay the same leave meanwhile, so that nobody sees how they change.
    """
    if not _in_steps(before.z[:, FIRST:], after.z[:, FIRST:]):
        return between
    z, water = between.z.copy(), list(WATER)
    z[:, FIRST:] = (after if progress >= 0.5 else before).z[:, FIRST:]
    z[:, water] = between.z[:, water]
    same = all(_heaviest(before, group) == _heaviest(after, group) for group in ("terrain", *CAST))
    return Latents(
        z, _without_cast(between.classes, min(progress, 1 - progress)) if moves and same else between.classes
    )


def _in_steps(before: Floats, after: Floats) -> bool:
    """Whether a value of marks differs that is a level at either end; colours of water go over into each other."""
    differs = (before != after) & (np.maximum(np.abs(before), np.abs(after)) > LEVELS_FROM)
    differs[:, [dimension - FIRST for dimension in WATER]] = False
    return bool(differs.any())


def _heaviest(point: Point, group: str) -> int:
    return int(point.classes[0, GROUP_SLICES[group]].argmax())


def _without_cast(classes: Floats, share: float) -> Floats:
    """Logits with this share, up to a half, of nobody among the figures."""
    weights = weights_of(classes, GROUPS)
    for group in CAST:
        part = weights[:, GROUP_SLICES[group]]
        if int(part[0].argmax()) != NEUTRAL[group]:
            part *= 1 - min(share, AWAY)
            part[:, NEUTRAL[group]] += min(share, AWAY)
    return logits_of(weights)
