"""Moderation: refused words, length, and the rate of each source."""

from __future__ import annotations

import pytest

from installation.conductor.moderation import MAX_SOURCES, Moderation
from installation.core.errors import Rejected
from installation.core.messages import Origin


@pytest.mark.parametrize("text", ["a Bloody moon", "BLOODY", "a blóody, moon", "the red  king is dead"])
def test_refused_words_are_found_whatever_their_case_accents_and_spacing_and_are_not_repeated(text: str) -> None:
    with pytest.raises(Rejected, match=r"^the show does not allow these words\.$"):
        Moderation(("bloody", "Red King")).admit(text, Origin("osc"), 0.0)


@pytest.mark.parametrize("text", ["grass in a glass", "a red moon, a king"])
def test_a_refused_word_inside_another_word_or_a_phrase_torn_apart_is_allowed(text: str) -> None:
    assert Moderation(("ass", "red king")).allows(text)


def test_a_prompt_that_is_too_long_is_rejected_with_both_lengths() -> None:
    with pytest.raises(Rejected, match=r"^the prompt is too long: 11 characters, at most 10\.$"):
        Moderation(max_characters=10).admit("a fox, snow", Origin("osc"), 0.0)
    assert Moderation(max_characters=11).allows("a fox, snow")


def test_each_source_has_its_own_rate_and_may_speak_again_after_a_minute() -> None:
    rules = Moderation(words_per_minute=4)
    rules.admit("one two three", Origin("a"), 0.0)
    with pytest.raises(Rejected, match="at most 4 a minute"):
        rules.admit("four five", Origin("a"), 30.0)
    rules.admit("four five", Origin("b"), 30.0)
    rules.admit("four", Origin("a"), 31.0)
    rules.admit("five six seven", Origin("a"), 60.0)
    with pytest.raises(Rejected):
        rules.admit("eight", Origin("a"), 60.0)


def test_one_prompt_after_a_silence_may_exceed_the_rate() -> None:
    rules = Moderation(words_per_minute=2)
    rules.admit("a very long sentence indeed", Origin("a"), 0.0)
    with pytest.raises(Rejected):
        rules.admit("more", Origin("a"), 1.0)


def test_the_number_of_remembered_sources_is_bounded() -> None:
    rules = Moderation(words_per_minute=4)
    for i in range(2000):
        rules.admit("one", Origin(f"osc:{i}"), 0.0)
    assert len(rules._recent) == MAX_SOURCES


def test_checking_does_not_count_towards_the_rate() -> None:
    rules = Moderation(words_per_minute=2)
    for _ in range(9):
        rules.check("one two")
    rules.admit("one two", Origin("a"), 0.0)


def test_each_source_has_its_own_rate_of_prompts() -> None:
    rules = Moderation(prompts_per_minute={"web": 2})
    visitor, desk = Origin("web", "10.0.0.1:5"), Origin("osc", "10.0.0.1:5")
    for now in (0.0, 1.0):
        rules.admit("a fox", visitor, now)
    for now in range(100):
        rules.admit("a fox", desk, now / 10)
    with pytest.raises(Rejected, match="at most 2 a minute"):
        rules.admit("a fox", visitor, 2.0)
    rules.admit("a fox", Origin("web", "10.0.0.2:5"), 2.0)
    rules.admit("a fox", visitor, 60.5)
