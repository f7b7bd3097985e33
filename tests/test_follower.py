"""Following a reader: every line once, in order, at its first words, whatever the recogniser makes of them."""

from __future__ import annotations

import random
import statistics
from itertools import pairwise

from installation.follower import Follower
from installation.script import Script
from installation.show import load_show
from tests.reader import Reader

POEM = [line.text for line in Script.parse(load_show("reading").script.text).lines]
SKIPPED = (8, 19, 27)
REPEATED = (5, 22, 36)
ASIDES = {
    12: "thank you my friends there is a chair for everybody over there by the door",
    30: "excuse me could somebody please shut that window it is cold in here",
}
COUGHS = ("huh", "the", "uh")


def whole_reading(seed: int, wrong: float) -> tuple[Reader, list[int]]:
    """The poem read aloud with everything that happens on a stage; the lines that were read."""
    reader = Reader(POEM, Follower(POEM), random.Random(seed), wrong, wrong / 4, wrong / 4)
    read: list[int] = []
    number = 0
    while number < len(POEM):
        breath = reader.dice.choice((1, 1, 1, 2, 2, 3))
        lines = [each for each in range(number, min(number + breath, len(POEM))) if each not in SKIPPED]
        if lines:
            reader.read(*lines)
        for each in lines:
            if each in REPEATED:
                reader.read(each)
            if each in ASIDES:
                reader.say(ASIDES[each])
            if reader.dice.random() < 0.1:
                reader.say(reader.dice.choice(COUGHS))
        read += lines
        number += breath
    return reader, read


def following(*lines: str) -> Follower:
    return Follower(lines)


def heard(follower: Follower, *texts: str) -> list[int]:
    """The lines that begin with these finals."""
    first = (follower._utterance or 0) + 1
    return [line for i, text in enumerate(texts) for line in follower.hear(first + i, text, True)]


def test_a_reading_that_is_heard_rightly_fires_every_line_early() -> None:
    reader, read = whole_reading(1, 0.0)
    assert len(read) >= 40
    assert len(set(read) - set(reader.hearing.begun)) <= 1
    assert statistics.median(reader.hearing.shares.values()) <= 0.4


def test_a_reading_with_every_fifth_word_misheard_fires_its_lines_once_in_order_and_early() -> None:
    shares: list[float] = []
    fired = expected = 0
    for seed in range(8):
        reader, read = whole_reading(seed, 0.2)
        begun = reader.hearing.begun
        assert all(first < second for first, second in pairwise(begun))
        assert set(begun) <= set(read)
        fired += len(begun)
        expected += len(read)
        shares += reader.hearing.shares.values()
    assert fired / expected >= 0.95
    assert statistics.median(shares) <= 0.6
    assert min(shares) > 0.0  # none before its first word
