"""Scenes to learn from: every class often enough, in company that is likely but not only the likeliest.

`Theatre.sample` draws what one would hang on a wall, where clear skies are common and eclipses rare. Whoever learns
from pictures must have seen the eclipse as often as the moon.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from installation.models.interfaces import ABSENT, Floats, Generator, Group, Point, slices
from installation.models.latent_sampling import ConditionalPriors, drawn_together
from installation.models.theatre.class_priors import class_priors
from installation.models.theatre.vocabulary import GROUPS

SPREAD = 0.9  # standard deviation of z, a little wider than in the theatre's own samples
TEMPER = 0.5  # power to which the customs are raised: a pair that is a hundred times rarer becomes ten times rarer
STRAY = 0.1  # share of the scenes that keep no custom at all
PILOT, ROUNDS, PACE = 6000, 8, 0.8  # draws, rounds and step by which the shares of the classes are evened

NEUTRAL = {  # shares of the neutral classes; what is left is even among the others
    "tint": 0.5,
    "celestial": 0.2,
    "weather": 0.3,
    "subject": 0.2,
    "subject_colour": 0.36,
    "companion": 0.6,
    "detail": 0.5,
}
USUAL_NEUTRAL = 0.5


def draw_scenes(generator: Generator, n: int, seed: int) -> Point:
    """`n` latents of a generator's world, one class in each group; the same seed gives the same latents.

    The z are those that a float16 holds, so that a store of them paints the same pictures again. A generator that
    does not have the theatre's classes draws its own samples.
    """
    if generator.groups != GROUPS:
        return usual_scenes(generator, n, seed)
    random = np.random.default_rng(seed)
    choice = draw_classes(random, n)
    logits = np.full((n, slices(GROUPS)[-1].stop), ABSENT, np.float32)
    for column, where in enumerate(slices(GROUPS)):
        logits[np.arange(n), where.start + choice[:, column]] = 0.0
    z = SPREAD * random.standard_normal((n, generator.z_dim))
    return Point(z.astype(np.float16).astype(np.float32), logits)


def usual_scenes(generator: Generator, n: int, seed: int) -> Point:
    """`n` latents as the generator samples them, with z that a float16 holds."""
    drawn = generator.sample(n, seed)
    return Point(drawn.z.astype(np.float16).astype(np.float32), drawn.classes)


def draw_classes(random: np.random.Generator, n: int) -> NDArray[np.intp]:
    """Classes of `n` scenes of the theatre, [n, groups]. Where there is nobody, nobody has a colour."""
    tempered, loose = evened()
    choice = drawn_together(random, n, GROUPS, tempered)
    stray = random.random(n) < STRAY
    choice[stray] = drawn_together(random, int(stray.sum()), GROUPS, loose)
    columns = {group.name: column for column, group in enumerate(GROUPS)}
    subject = GROUPS[columns["subject"]]
    nobody = choice[:, columns["subject"]] == subject.neutral
    choice[nobody, columns["subject_colour"]] = GROUPS[columns["subject_colour"]].neutral or 0
    return choice


@cache
def evened() -> tuple[dict[str, ConditionalPriors], dict[str, ConditionalPriors]]:
    """The theatre's customs, tempered, with chances by which every class gets its share; and no customs at all."""
    targets = {group.name: _shares(group) for group in GROUPS}
    loose = {name: ConditionalPriors(share, {}) for name, share in targets.items()}
    tempered = {
        name: ConditionalPriors(targets[name], {given: table**TEMPER for given, table in held.given.items()})
        for name, held in class_priors().items()
    }
    for round_ in range(ROUNDS):
        drawn = drawn_together(np.random.default_rng(round_), PILOT, GROUPS, tempered)
        tempered = {
            group.name: _nudged(tempered[group.name], drawn[:, column], targets[group.name])
            for column, group in enumerate(GROUPS)
        }
    return tempered, loose


def shares_of(choice: NDArray[np.intp]) -> Mapping[str, Floats]:
    """How often each class was drawn, by group: [n, groups] -> [labels] each."""
    return {
        group.name: (np.bincount(choice[:, column], minlength=len(group.labels)) / len(choice)).astype(np.float32)
        for column, group in enumerate(GROUPS)
    }


def _shares(group: Group) -> Floats:
    count = len(group.labels)
    if group.neutral is None:
        return np.full(count, 1.0 / count, np.float32)
    neutral = NEUTRAL.get(group.name, USUAL_NEUTRAL)
    shares = np.full(count, (1.0 - neutral) / (count - 1), np.float32)
    shares[group.neutral] = neutral
    return shares


def _nudged(held: ConditionalPriors, drawn: NDArray[np.intp], target: Floats) -> ConditionalPriors:
    """Chances raised for what came too rarely, and lowered for what came too often."""
    observed = (np.bincount(drawn, minlength=len(target)) + 1.0) / (len(drawn) + len(target))
    return ConditionalPriors((held.chances * (target / observed) ** PACE).astype(np.float32), held.given)
