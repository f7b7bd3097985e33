"""Draws of latents that the generators share: truncated noise, and few classes strongly on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from installation.models.base import Floats, Group, logits_of

BOUND = 2.0  # BigGAN's noise is cut at two standard deviations


def truncated_normal(random: np.random.Generator, shape: tuple[int, ...], bound: float = BOUND) -> Floats:
    """Normal noise whose values beyond ±bound are drawn again (the truncation trick of Brock et al., 2019)."""
    noise = random.standard_normal(shape)
    beyond = np.abs(noise) > bound
    while beyond.any():
        noise[beyond] = random.standard_normal(int(beyond.sum()))
        beyond = np.abs(noise) > bound
    return noise.astype(np.float32)


def few_classes(
    random: np.random.Generator, n: int, groups: Sequence[Group], neutral_share: Sequence[float] | None = None
) -> Floats:
    """Logits [n, sum of groups] in which each group has one class strongly on (a weight of .85 or more) and at most
    one other behind it.

    `neutral_share` holds, for each group, how often its neutral class is drawn (0..1; a half without it); groups
    without a neutral class ignore it.
    """
    shares = neutral_share or [0.5] * len(groups)
    return np.concatenate([_draw(random, n, group, share) for group, share in zip(groups, shares, strict=True)], axis=1)


def _draw(random: np.random.Generator, n: int, group: Group, neutral_share: float) -> Floats:
    count = len(group.labels)
    chance = np.full(count, 1.0 / count)
    if group.neutral is not None and count > 1:
        chance = np.full(count, (1.0 - neutral_share) / (count - 1))
        chance[group.neutral] = neutral_share
    first, second = random.choice(count, size=(2, n), p=chance)
    behind = random.uniform(0.0, 0.15, n) * (random.random(n) < 0.5)
    weights = np.zeros((n, count), np.float32)
    np.add.at(weights, (np.arange(n), first), 1.0 - behind)
    np.add.at(weights, (np.arange(n), second), behind)
    return logits_of(weights)
