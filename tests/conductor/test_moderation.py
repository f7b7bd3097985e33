"""What may be shown: refused words, length, and how much each source may say in a minute."""

from __future__ import annotations

import pytest

from installation.conductor.moderation import Moderation
from installation.core.errors import Rejected


@pytest.mark.parametrize("text", ["a Bloody moon", "BLOODY", "a blóody, moon", "the red  king is dead"])
def test_refused_words_are_refused_in_any_dress_and_never_repeated(text: str) -> None:
    with pytest.raises(Rejected, match=r"^the show does not take these words\.$"):
        Moderation(("bloody", "Red King")).admit(text, "osc", 0.0)


def test_words_that_only_hold_a_refused_one_are_taken() -> None:
    rules = Moderation(("ass", "red king"))
    for text in ("grass in a glass", "a red moon, a king"):
        rules.admit(text, "osc", 0.0)


def test_what_is_too_long_says_how_long_it_may_be() -> None:
    with pytest.raises(Rejected, match=r"that is too long: 11 characters, 10 at most\."):
        Moderation(characters=10).admit("a fox, snow", "osc", 0.0)


def test_each_source_has_its_own_words_a_minute_and_they_come_back() -> None:
    rules = Moderation(words_per_minute=4)
    rules.admit("one two three", "a", 0.0)
    with pytest.raises(Rejected, match="4 words a minute"):
        rules.admit("four five", "a", 30.0)
    rules.admit("four five", "b", 30.0)
    rules.admit("four", "a", 31.0)
    rules.admit("five six seven", "a", 60.0)


def test_somebody_who_has_been_silent_may_say_one_long_thing() -> None:
    Moderation(words_per_minute=2).admit("a very long sentence indeed", "a", 0.0)


def test_a_flood_of_sources_does_not_grow_without_bound() -> None:
    rules = Moderation(words_per_minute=4)
    for i in range(2000):
        rules.admit("one", f"osc:{i}", 0.0)
    assert len(rules._said) <= 256


def test_checking_counts_nothing() -> None:
    rules = Moderation(words_per_minute=2)
    for _ in range(9):
        rules.check("one two")
    rules.admit("one two", "a", 0.0)
