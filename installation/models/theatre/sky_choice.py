"""How an audience's sky chooses among kinds of something: what the time of day likes, and what z wishes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from installation.models.theatre.scene import Scene

DECIDED = 14.0  # how soon one kind gives way to the next
Likings = Mapping[str, Sequence[float]]


def chosen_shares(
    scene: Scene,
    likings: Likings,
    otherwise: Sequence[float],
    added: Sequence[float],
    by_z: tuple[float, Sequence[int]],
) -> list[float]:
    """Shares of kinds, together 1, which change smoothly with z and with the sky.

    Args:
        scene: A single scene.
        likings: For each sky how much it likes each kind.
        otherwise: The same for skies that are not listed.
        added: What else speaks for each kind.
        by_z: How much z has to say, and its dimensions, one for each kind.
    """
    skies = [(float(scene.weight("sky", sky)), likings.get(sky, otherwise)) for sky in scene.present("sky")]
    weight, dimensions = by_z
    scores = [
        added[kind] + weight * float(scene.bounded(dimension)) + sum(share * liking[kind] for share, liking in skies)
        for kind, dimension in enumerate(dimensions)
    ]
    best = max(scores)
    powers = [math.exp(DECIDED * (score - best)) for score in scores]
    return [power / sum(powers) for power in powers]
