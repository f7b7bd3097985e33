"""The class weights that a dream begins with: one class of each group, a random mixture, or a class embedding."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from installation.dream.latent_bank import Choice, logits_of_choice
from installation.models.interfaces import Floats, Group, slices, weights_of
from installation.show.settings import DreamSettings

MIXED_CLASSES = 3
CONCENTRATION = 0.1  # of the Dirichlet distribution: low, so that a few classes dominate
PROJECTION_STEPS = 300


def start_class_weights(
    settings: DreamSettings, choice: Choice, groups: Sequence[Group], seed: int, vectors: Floats | None = None
) -> Floats:
    """Return the class weights of the start. [groups] -> [1, classes]; each group sums to 1.

    Args:
        settings: Of the dream.
        choice: The class of each group, if the settings ask for single classes.
        groups: The generator's.
        seed: Of the draws.
        vectors: What the generator sees of each class, [classes, d], if it is `ClassEmbedded`.
    """
    chosen = weights_of(logits_of_choice(choice[None], tuple(groups)), groups)
    if settings.start_classes not in ("dirichlet", "mix", "embedding") or settings.class_names:
        return chosen
    random = np.random.default_rng(seed)
    for where in slices(groups):
        count = where.stop - where.start
        if settings.start_classes == "dirichlet":
            chosen[0, where] = random.dirichlet(np.full(count, CONCENTRATION))
        elif settings.start_classes == "mix":
            members = random.choice(count, min(MIXED_CLASSES, count), replace=False)
            chosen[0, where] = 0.0
            chosen[0, where.start + members] = random.dirichlet(np.ones(len(members)))
        elif vectors is not None:
            drawn = random.normal(0.0, vectors[where].std(), vectors.shape[1])
            chosen[0, where] = nearest_mixture(drawn.astype(np.float32), vectors[where])
    return chosen


def nearest_mixture(vector: Floats, vectors: Floats) -> Floats:
    """Return the weights, at least 0 and 1 in all, whose weighted sum of vectors is nearest to `vector`.

    The notebooks draw a class embedding of BigGAN at random and optimise its numbers; here the weights of the classes
    stay what is stored and walked. Accelerated projected gradient (Beck and Teboulle, 2009).

    Args:
        vector: [d].
        vectors: [classes, d].
    """
    weights = ahead = np.full(len(vectors), 1.0 / len(vectors), np.float32)
    rate = 1.0 / max(float(np.linalg.norm(vectors, ord=2)) ** 2, 1e-12)
    for step in range(PROJECTION_STEPS):
        before, weights = weights, _on_simplex(ahead - rate * vectors @ (ahead @ vectors - vector))
        ahead = weights + step / (step + 3) * (weights - before)
    return weights


def _on_simplex(values: Floats) -> Floats:
    """Return the nearest weights of at least 0 that sum to 1 (Held, Wolfe and Crowder, 1974)."""
    descending = np.sort(values)[::-1]
    surplus = (np.cumsum(descending) - 1.0) / np.arange(1, len(values) + 1)
    threshold = surplus[np.flatnonzero(descending > surplus)[-1]]
    weights: Floats = np.maximum(values - threshold, 0.0).astype(np.float32)
    return weights
