"""Random latents: truncated noise, and class logits in which few classes have weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from installation.models.interfaces import Floats, Group, logits_of

BOUND = 2.0  # standard deviations at which noise of truncation 1 is cut

FEW = 16  # rows that are alike: as soon compared with all their weights as looked up
_MAX_SECOND_WEIGHT = 0.15
_SECOND_SHARE = 0.5  # how often a second class has any weight
_NEUTRAL_SHARE = 0.5  # how often the neutral class of a group is drawn


class ConditionalPriors(NamedTuple):
    """How likely the classes of a group are, and how the classes drawn in other groups change that.

    `chances` [labels] are relative weights. `given` maps the name of another group to a table
    [labels of that group, labels] of factors.
    """

    chances: Floats
    given: Mapping[str, Floats]


def sample_joint_classes(
    random: np.random.Generator, n: int, groups: Sequence[Group], priors: Mapping[str, ConditionalPriors]
) -> NDArray[np.intp]:
    """Draw one class of each group, by the groups' priors: [n, groups].

    A group is drawn after the groups that its priors depend on.

    Raises:
        ValueError: the priors depend on each other in a circle, or on an unknown group.
    """
    columns = {group.name: column for column, group in enumerate(groups)}
    choice = np.zeros((n, len(groups)), np.intp)
    pending = list(columns)
    while pending:
        drawn = set(columns) - set(pending)
        ready = next((name for name in pending if set(priors[name].given) <= drawn), None)
        if ready is None:
            raise ValueError(f"the priors of {', '.join(pending)} depend on each other in a circle")
        given = choice[:, [columns[name] for name in priors[ready].given]]
        choice[:, columns[ready]] = _sample_given(random, priors[ready], given)
        pending.remove(ready)
    return choice


def _sample_given(random: np.random.Generator, priors: ConditionalPriors, given: NDArray[np.intp]) -> NDArray[np.intp]:
    """Draw a class for each row of classes of the groups that `priors.given` names: [n, groups] -> [n].

    Rows that are alike share their cumulative weights, so that large draws take neither long nor much memory.
    """
    sizes = tuple(len(table) for table in priors.given.values())
    keys = np.ravel_multi_index(tuple(given.T), sizes) if sizes else np.zeros(len(given), np.intp)
    alike, member = np.unique(keys, return_inverse=True)
    weights = np.repeat(priors.chances[None].astype(np.float64), len(alike), axis=0)
    indices = np.unravel_index(alike, sizes) if sizes else ()
    for table, rows in zip(priors.given.values(), indices, strict=True):
        weights *= table[rows]
    cumulative = np.cumsum(weights, axis=1)
    thresholds = random.random(len(given)) * cumulative[member, -1]
    if len(alike) * FEW > len(given):
        return np.asarray((thresholds[:, None] >= cumulative[member]).sum(axis=1))
    drawn = np.zeros(len(given), np.intp)
    ends = np.cumsum(np.bincount(member, minlength=len(alike)))
    for own, of_row in zip(np.split(np.argsort(member, kind="stable"), ends), cumulative, strict=False):
        drawn[own] = np.searchsorted(of_row, thresholds[own], side="right")
    return drawn


def truncated_normal(random: np.random.Generator, shape: tuple[int, ...], bound: float = BOUND) -> Floats:
    """Normal noise in which values beyond ±bound are drawn again: the truncation trick of Brock et al. (2019)."""
    noise = random.standard_normal(shape)
    beyond = np.abs(noise) > bound
    while beyond.any():
        noise[beyond] = random.standard_normal(int(beyond.sum()))
        beyond = np.abs(noise) > bound
    return noise.astype(np.float32)


def sample_class_logits(
    random: np.random.Generator, n: int, groups: Sequence[Group], neutral_shares: Sequence[float] | None = None
) -> Floats:
    """Draw logits [n, sum of groups] with one strong class in each group and possibly a weak second one.

    The strong class has a weight of .85 or more. `neutral_shares` says for each group how often its neutral class is
    drawn, 0..1; by default half the time. Groups without a neutral class ignore it.
    """
    shares = neutral_shares or [_NEUTRAL_SHARE] * len(groups)
    parts = [_sample_group(random, n, group, share) for group, share in zip(groups, shares, strict=True)]
    return np.concatenate(parts, axis=1)


def _sample_group(random: np.random.Generator, n: int, group: Group, neutral_share: float) -> Floats:
    count = len(group.labels)
    chances = np.full(count, 1.0 / count)
    if group.neutral is not None and count > 1:
        chances = np.full(count, (1.0 - neutral_share) / (count - 1))
        chances[group.neutral] = neutral_share
    first, second = random.choice(count, size=(2, n), p=chances)
    second_weight = random.uniform(0.0, _MAX_SECOND_WEIGHT, n) * (random.random(n) < _SECOND_SHARE)
    weights = np.zeros((n, count), np.float32)
    np.add.at(weights, (np.arange(n), first), 1.0 - second_weight)
    np.add.at(weights, (np.arange(n), second), second_weight)
    return logits_of(weights)
