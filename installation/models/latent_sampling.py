"""Draws of latents that the generators share: truncated noise, and few classes strongly on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from installation.models.interfaces import Floats, Group, logits_of

BOUND = 2.0  # BigGAN's noise is cut at two standard deviations


class ConditionalPriors(NamedTuple):
    """How the classes of a group are drawn: relative weights, and how other groups' classes change them.

    `chances` [labels]; `given` holds, by the name of another group, a table [labels of the other, labels].
    """

    chances: Floats
    given: Mapping[str, Floats]


def drawn_together(
    random: np.random.Generator, n: int, groups: Sequence[Group], customs: Mapping[str, ConditionalPriors]
) -> NDArray[np.intp]:
    """Classes that keep company as the customs say: [n, groups]. A group is drawn after those that it depends on.

    Raises:
        ValueError: the customs depend on each other in a circle, or on a group that is not there.
    """
    columns = {group.name: column for column, group in enumerate(groups)}
    choice = np.zeros((n, len(groups)), np.intp)
    waiting = list(columns)
    while waiting:
        ready = next((name for name in waiting if not set(customs[name].given) - (set(columns) - set(waiting))), None)
        if ready is None:
            raise ValueError(f"the customs of {', '.join(waiting)} depend on each other in a circle")
        weights = np.repeat(customs[ready].chances[None].astype(np.float64), n, axis=0)
        for name, table in customs[ready].given.items():
            weights *= table[choice[:, columns[name]]]
        ends = np.cumsum(weights, axis=1)
        thrown = random.random(n)[:, None] * ends[:, -1:]
        choice[:, columns[ready]] = (thrown >= ends).sum(axis=1)
        waiting.remove(ready)
    return choice


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
    """Logits [n, sum of groups]: in each group one class with a weight of .85 or more, and at most one other.

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
