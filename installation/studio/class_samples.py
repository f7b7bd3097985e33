"""Random latents of named classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from installation.dream.class_names import ClassMatch, strongest_classes
from installation.dream.latent_bank import logits_of_choice
from installation.models.interfaces import Latents, Point
from installation.studio.workspace import Studio

CANDIDATES = 400  # samples among which scenes with the named classes are looked for


def sample_of_classes(studio: Studio, matches: Sequence[ClassMatch], count: int, seed: int) -> Point:
    """Draw latents of the named classes; everything else is drawn so that it goes with them.

    Of many random samples those are taken that already show most of the named classes, so that a camel stands in a
    desert and not in the sea.
    """
    groups = studio.generator.groups
    if not matches:
        return studio.sample(count, seed)
    random = np.random.default_rng(seed)
    pool = studio.sample(CANDIDATES + count, seed)
    choices = strongest_classes(pool, groups)  # [pool, groups]
    wanted: dict[int, set[int]] = {}
    for match in matches:
        wanted.setdefault(match.column, set()).update(match.indices)
    agreement = sum(np.isin(choices[:, column], list(indices)).astype(int) for column, indices in wanted.items())
    best = np.argsort(-np.asarray(agreement), kind="stable")[:count]
    chosen = choices[best].copy()
    for column, indices in wanted.items():
        for row in range(count):
            if len(groups) == 1 or int(chosen[row, column]) not in indices:
                chosen[row, column] = random.choice(sorted(indices))
    return Latents(pool.z[best], logits_of_choice(chosen, groups))
