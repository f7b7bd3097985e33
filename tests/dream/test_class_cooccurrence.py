from __future__ import annotations

import numpy as np
import pytest

from installation.core.messages import Prompt
from installation.dream.class_cooccurrence import ClassCooccurrence, made_plausible
from installation.dream.dream import DreamSession
from installation.dream.latent_bank import LatentBank
from installation.models.interfaces import Group
from installation.models.theatre import vocabulary

SHIP, CAMEL = 0, 1
SEA, DESERT, HILLS, CAVE = range(4)
NOON, NIGHT = 0, 1
GROUPS = (
    Group("who", ("ship", "camel")),
    Group("where", ("sea", "desert", "hills", "cave")),
    Group("when", ("noon", "night")),
)


def company() -> ClassCooccurrence:
    """Of a Bank of 400: ships at sea, camels in deserts or on hills, a few caves; nights on the sea only."""
    kinds = [(SHIP, SEA, NOON)] * 100 + [(SHIP, SEA, NIGHT)] * 95 + [(SHIP, CAVE, NIGHT)] * 5
    kinds += [(CAMEL, DESERT, NOON)] * 120 + [(CAMEL, HILLS, NOON)] * 80
    empty = np.zeros((400, 2), np.float16)
    return ClassCooccurrence(LatentBank("g", "p", empty, np.array(kinds, np.int16), empty, empty[:8]), GROUPS)


def plausible(start: tuple[int, int, int], named: dict[int, int], seed: int = 1) -> list[int]:
    unnamed = [column for column in range(3) if column not in named]
    return [int(index) for index in made_plausible(company(), np.array(start), named, unnamed, seed)]


def test_what_suits_the_named_stays() -> None:
    assert plausible((CAMEL, HILLS, NOON), {0: CAMEL}) == [CAMEL, HILLS, NOON]


def test_what_is_strange_beside_the_named_is_exchanged_and_so_is_what_is_strange_beside_that() -> None:
    for seed in range(5):
        assert plausible((SHIP, DESERT, NOON), {0: SHIP}, seed)[1] == SEA
        assert plausible((CAMEL, SEA, NIGHT), {0: CAMEL}, seed)[2] == NOON


def test_what_is_exchanged_differs_by_seed_and_not_otherwise() -> None:
    found = [plausible((CAMEL, SEA, NOON), {0: CAMEL}, seed)[1] for seed in range(20)]
    assert set(found) == {DESERT, HILLS}
    assert found[3] == plausible((CAMEL, SEA, NOON), {0: CAMEL}, 3)[1]


def test_the_rare_comes_only_if_it_is_named() -> None:
    assert plausible((SHIP, CAVE, NIGHT), {0: SHIP})[1] == SEA
    assert plausible((SHIP, CAVE, NIGHT), {1: CAVE}) == [SHIP, CAVE, NIGHT]


def test_where_nothing_is_named_all_stays() -> None:
    assert plausible((CAMEL, CAVE, NIGHT), {}) == [CAMEL, CAVE, NIGHT]


def test_strange_pairs_count_against_a_choice() -> None:
    rows = np.array([(SHIP, SEA, NIGHT), (SHIP, DESERT, NOON), (SHIP, DESERT, NIGHT)])
    usual, strange, stranger = company().strangeness(rows)
    assert usual == 0.0
    assert strange > 1.0
    assert stranger > strange + 1.0


def shown(dreamer: DreamSession, text: str, seed: int) -> set[str]:
    dream = dreamer.dream((Prompt(1, text),), seed, {})
    dream.settle()
    return set(dream.labels())


SUNS = {"sun", "red sun"}
RARE = {"cave", "volcano"}
WET = {"sea", "deep sea", "waterfall"}
PLACES = set(next(group.labels for group in vocabulary.GROUPS if group.name == "terrain"))


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("a ship", PLACES - {"sea", "cliffs", "ice", "lake", "island", "river"}),
        ("a camel", PLACES - {"desert", "ruins"}),
        ("a wolf in the snow at night", SUNS | RARE | WET | {"desert", "jungle", "room"}),
        ("a white horse in the fog", RARE | {"deep sea", "room"}),
        ("night", SUNS | RARE),
        ("under the aurora", SUNS | RARE),
    ],
)
def test_nothing_strange_comes_uninvited(theatre_dreamer: DreamSession, text: str, never: set[str]) -> None:
    for seed in (1, 5, 8):
        assert not shown(theatre_dreamer, text, seed) & never


def test_the_strange_comes_if_it_is_said(theatre_dreamer: DreamSession) -> None:
    assert {"whale", "forest"} <= shown(theatre_dreamer, "a whale in the forest", 2)


def test_one_wolf_is_one_wolf(theatre_dreamer: DreamSession) -> None:
    dream = theatre_dreamer.dream((Prompt(1, "a wolf in the snow"),), 2, {})
    dream.settle()
    assert dream.labels().count("wolf") == 1


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("a skull beside a candle", {"skull", "candle"}),
        ("the baker lights his oven", {"lamp", "candle", "house"}),
    ],
)
def test_nobody_comes_along_for_a_faint_likeness(theatre_dreamer: DreamSession, text: str, asked: set[str]) -> None:
    figures = {label for group in theatre_dreamer.generator.groups for label in group.labels
               if group.name in ("subject", "companion")}  # fmt: skip
    for seed in (1, 2):
        assert figures & shown(theatre_dreamer, text, seed) <= asked


@pytest.mark.parametrize(
    ("text", "two"),
    [
        ("a horse beside a tree", {"horse", "tree"}),
        ("an owl in a tree", {"owl", "tree"}),
        ("the angel and the wolf", {"angel", "wolf"}),
    ],
)
def test_of_two_that_are_named_both_come(theatre_dreamer: DreamSession, text: str, two: set[str]) -> None:
    assert two <= shown(theatre_dreamer, text, 1)
