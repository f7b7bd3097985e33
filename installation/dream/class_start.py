"""The class weights that a dream begins with: one class of each group, a random mixture, or a Dirichlet draw."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from installation.dream.latent_bank import Choice, logits_of_choice
from installation.models.interfaces import Floats, Group, slices, weights_of
from installation.show.settings import DreamSettings

MIXED_CLASSES = 3
CONCENTRATION = 0.1  # of the Dirichlet distribution: low, so that a few classes dominate


def start_class_weights(settings: DreamSettings, choice: Choice, groups: Sequence[Group], seed: int) -> Floats:
    """Return the class weights of the start. [groups] -> [1, classes]; each group sums to 1."""
    chosen = weights_of(logits_of_choice(choice[None], tuple(groups)), groups)
    if settings.start_classes not in ("dirichlet", "mix") or settings.class_names or settings.classes == "discrete":
        return chosen
    random = np.random.default_rng(seed)
    for where in slices(groups):
        count = where.stop - where.start
        if settings.start_classes == "dirichlet":
            chosen[0, where] = random.dirichlet(np.full(count, CONCENTRATION))
        else:
            members = random.choice(count, min(MIXED_CLASSES, count), replace=False)
            chosen[0, where] = 0.0
            chosen[0, where.start + members] = random.dirichlet(np.ones(len(members)))
    return chosen
