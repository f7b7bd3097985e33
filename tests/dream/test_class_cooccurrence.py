from __future__ import annotations

import numpy as np

from installation.dream.class_cooccurrence import ClassCooccurrence, replace_incompatible
from installation.dream.latent_bank import LatentBank
from installation.models.interfaces import Group

SHIP, CAMEL = 0, 1
SEA, DESERT, HILLS, CAVE = range(4)
NOON, NIGHT = 0, 1
GROUPS = (
    Group("subject", ("ship", "camel")),
    Group("place", ("sea", "desert", "hills", "cave")),
    Group("time", ("noon", "night")),
)


def cooccurrence() -> ClassCooccurrence:
    """Of a bank of 400: ships at sea, camels in deserts or on hills, a few caves; nights on the sea only."""
    entries = [(SHIP, SEA, NOON)] * 100 + [(SHIP, SEA, NIGHT)] * 95 + [(SHIP, CAVE, NIGHT)] * 5
    entries += [(CAMEL, DESERT, NOON)] * 120 + [(CAMEL, HILLS, NOON)] * 80
    unused = np.zeros((400, 2), np.float16)
    return ClassCooccurrence(LatentBank("g", "p", unused, np.array(entries, np.int16), unused, unused[:8]), GROUPS)


def replaced(start: tuple[int, int, int], named: dict[int, int], seed: int = 1) -> list[int]:
    unnamed = [column for column in range(3) if column not in named]
    return [int(index) for index in replace_incompatible(cooccurrence(), np.array(start), named, unnamed, seed, {})]


def test_classes_that_fit_the_named_ones_stay() -> None:
    assert replaced((CAMEL, HILLS, NOON), {0: CAMEL}) == [CAMEL, HILLS, NOON]


def test_a_class_that_does_not_fit_a_named_one_is_replaced() -> None:
    assert [replaced((SHIP, DESERT, NOON), {0: SHIP}, seed)[1] for seed in range(5)] == [SEA] * 5


def test_a_class_that_does_not_fit_a_replacement_is_replaced_too() -> None:
    assert [replaced((CAMEL, SEA, NIGHT), {0: CAMEL}, seed)[2] for seed in range(5)] == [NOON] * 5


def test_replacements_depend_on_the_seed_alone() -> None:
    found = [replaced((CAMEL, SEA, NOON), {0: CAMEL}, seed)[1] for seed in range(20)]
    assert set(found) == {DESERT, HILLS}
    assert found == [replaced((CAMEL, SEA, NOON), {0: CAMEL}, seed)[1] for seed in range(20)]


def test_a_rare_class_is_replaced_unless_it_is_named() -> None:
    assert replaced((SHIP, CAVE, NIGHT), {0: SHIP})[1] == SEA
    assert replaced((SHIP, CAVE, NIGHT), {1: CAVE}) == [SHIP, CAVE, NIGHT]


def test_nothing_is_replaced_if_nothing_is_named() -> None:
    assert replaced((CAMEL, CAVE, NIGHT), {}) == [CAMEL, CAVE, NIGHT]


def test_probabilities_of_a_group_sum_to_one_and_exclude_incompatible_classes() -> None:
    probabilities = cooccurrence().probabilities(1, {0: CAMEL})
    assert abs(float(probabilities.sum(dtype=np.float64)) - 1.0) < 1e-6
    assert (probabilities > 0.0).tolist() == [False, True, True, False]


def test_incompatibility_grows_with_every_incompatible_pair() -> None:
    choices = np.array([(SHIP, SEA, NIGHT), (SHIP, DESERT, NOON), (SHIP, DESERT, NIGHT)])
    none, one, two = cooccurrence().incompatibility(choices)
    assert none == 0.0
    assert one > 1.0
    assert two > one + 1.0
