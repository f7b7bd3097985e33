"""Which words are taken for each other."""

from __future__ import annotations

import pytest

from installation.text.word_similarity import SAME_CONSONANTS, SAME_SOUND, SAME_STEM, alike, tokens


@pytest.mark.parametrize(
    ("read", "heard"),
    [("sea", "see"), ("knight", "night"), ("road", "rode"), ("threw", "through"), ("write", "right"), ("snow", "sno")],
)
def test_homophones_are_almost_the_same_word(read: str, heard: str) -> None:
    assert alike(read, heard) == SAME_SOUND


@pytest.mark.parametrize(("read", "heard"), [("burn", "burning"), ("sleeps", "sleep"), ("opened", "opens")])
def test_inflections_are_nearly_so(read: str, heard: str) -> None:
    assert alike(read, heard) == SAME_STEM


@pytest.mark.parametrize(
    ("read", "heard", "least", "most"),
    [
        ("moon", "moon", 1.0, 1.0),
        ("look", "like", SAME_CONSONANTS, SAME_CONSONANTS),
        ("lightning", "lightening", 0.8, 0.9),
        ("forest", "florist", 0.6, 0.9),
        ("wolf", "snow", 0.0, 0.0),
        ("a", "the", 0.0, 0.0),
        ("city", "sea", 0.0, 0.0),
        ("fire", "desert", 0.0, 0.0),
    ],
)
def test_other_words_are_as_alike_as_they_sound(read: str, heard: str, least: float, most: float) -> None:
    assert least <= alike(read, heard) <= most


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The city's Burning -- AGAIN!", ("the", "citys", "burning", "again")),
        ("Élan, naïve", ("elan", "naive")),
        ("7 swans, 22 wolves", ("seven", "swans", "twenty", "two", "wolves")),
        ("105 nights", ("one", "hundred", "five", "nights")),
        ("in 1842", ("in", "eighteen", "forty", "two")),
        ("2000", ("two", "thousand")),
        ("123456", ("123456",)),
        ("古池や", ("古", "池", "や")),
        ("Привет, мир", ("привет", "мир")),
        ("…", ()),
    ],
)
def test_a_text_is_compared_by_its_bare_words(text: str, words: tuple[str, ...]) -> None:
    assert tokens(text) == words
