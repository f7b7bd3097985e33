"""Samples theatre scenes with balanced classes for training.

`Theatre.sample` draws typical scenes, in which clear skies are common and eclipses rare. A classifier or an image tower
needs every class about equally often. The sampler flattens the theatre's conditional priors and adjusts the class
priors until each class of a group has the same share.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from installation.models.interfaces import ABSENT, Floats, Generator, Group, Point, slices
from installation.models.latent_sampling import ConditionalPriors, sample_joint_classes
from installation.models.theatre.class_priors import class_priors
from installation.models.theatre.vocabulary import GROUPS

Z_STD = 0.9  # standard deviation of z; the theatre's own samples are slightly narrower
TEMPERATURE = 0.5  # exponent of the conditional priors: a pair that is 100 times rarer becomes 10 times rarer
INDEPENDENT = 0.1  # share of the scenes whose classes are drawn independently
PILOT_SCENES_PER_CLASS, ROUNDS, STEP = 100, 8, 0.8  # of the adjustment of the class priors; fewer leave chance in them

NEUTRAL_SHARES = {  # of the neutral classes; the rest is divided evenly among the other classes of the group
    "tint": 0.5,
    "celestial": 0.2,
    "weather": 0.3,
    "subject": 0.2,
    "subject_colour": 0.36,
    "companion": 0.6,
    "detail": 0.5,
}
DEFAULT_NEUTRAL_SHARE = 0.5

Priors = dict[str, ConditionalPriors]  # by group name


def draw_scenes(generator: Generator, n: int, seed: int) -> Point:
    """`n` latents with one class in each group; the same seed gives the same latents.

    z is rounded to float16, so that latents stored as float16 reproduce their images exactly. A generator with groups
    that the theatre does not have draws its own samples instead.
    """
    if not set(generator.groups) <= set(GROUPS):
        return sample_scenes(generator, n, seed)
    random = np.random.default_rng(seed)
    choice = draw_classes(random, n)[:, [GROUPS.index(group) for group in generator.groups]]
    logits = np.full((n, slices(generator.groups)[-1].stop), ABSENT, np.float32)
    for column, where in enumerate(slices(generator.groups)):
        logits[np.arange(n), where.start + choice[:, column]] = 0.0
    z = Z_STD * random.standard_normal((n, generator.z_dim))
    return Point(z.astype(np.float16).astype(np.float32), logits)


def sample_scenes(generator: Generator, n: int, seed: int) -> Point:
    """`n` latents from the generator's own distribution, with z rounded to float16."""
    drawn = generator.sample(n, seed)
    return Point(drawn.z.astype(np.float16).astype(np.float32), drawn.classes)


def draw_classes(random: np.random.Generator, n: int) -> NDArray[np.intp]:
    """The classes of `n` scenes, [n, groups], as indices within each group. Without a subject the colour is neutral."""
    conditional, independent = balanced_priors()
    choice = sample_joint_classes(random, n, GROUPS, conditional)
    rows = random.random(n) < INDEPENDENT
    choice[rows] = sample_joint_classes(random, int(rows.sum()), GROUPS, independent)
    columns = {group.name: column for column, group in enumerate(GROUPS)}
    nobody = choice[:, columns["subject"]] == GROUPS[columns["subject"]].neutral
    choice[nobody, columns["subject_colour"]] = GROUPS[columns["subject_colour"]].neutral or 0
    return choice


@cache
def balanced_priors() -> tuple[Priors, Priors]:
    """The theatre's conditional priors, flattened and adjusted to the target shares; and independent priors."""
    targets = {group.name: _target_shares(group) for group in GROUPS}
    independent = {name: ConditionalPriors(share, {}) for name, share in targets.items()}
    conditional = {
        name: ConditionalPriors(targets[name], {given: table**TEMPERATURE for given, table in priors.given.items()})
        for name, priors in class_priors().items()
    }
    scenes = PILOT_SCENES_PER_CLASS * max(len(group.labels) for group in GROUPS)
    for round_ in range(ROUNDS):
        drawn = sample_joint_classes(np.random.default_rng(round_), scenes, GROUPS, conditional)
        conditional = {
            group.name: _adjusted(conditional[group.name], drawn[:, column], targets[group.name])
            for column, group in enumerate(GROUPS)
        }
    return conditional, independent


def class_shares(choice: NDArray[np.intp]) -> Mapping[str, Floats]:
    """The share of each class in drawn scenes: [n, groups] -> [labels] for each group."""
    return {
        group.name: (np.bincount(choice[:, column], minlength=len(group.labels)) / len(choice)).astype(np.float32)
        for column, group in enumerate(GROUPS)
    }


def _target_shares(group: Group) -> Floats:
    count = len(group.labels)
    if group.neutral is None:
        return np.full(count, 1.0 / count, np.float32)
    neutral = NEUTRAL_SHARES.get(group.name, DEFAULT_NEUTRAL_SHARE)
    shares = np.full(count, (1.0 - neutral) / (count - 1), np.float32)
    shares[group.neutral] = neutral
    return shares


def _adjusted(priors: ConditionalPriors, drawn: NDArray[np.intp], target: Floats) -> ConditionalPriors:
    """Class priors raised for classes that were drawn too rarely and lowered for those drawn too often."""
    observed = (np.bincount(drawn, minlength=len(target)) + 1.0) / (len(drawn) + len(target))
    return ConditionalPriors((priors.chances * (target / observed) ** STEP).astype(np.float32), priors.given)
