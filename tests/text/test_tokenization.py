"""Tokenisers for comparison and for dictionary look-up."""

from __future__ import annotations

import pytest

from installation.text.tokenization import tokens, words_of


@pytest.mark.parametrize(
    ("text", "expected"),
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
def test_tokens_have_no_case_accents_or_apostrophes_and_spell_out_numbers(text: str, expected: tuple[str, ...]) -> None:
    assert tokens(text) == expected


def test_words_are_lower_case_and_keep_inner_apostrophes() -> None:
    assert words_of("Don\u2019t — the OWL's well-known 'song'!") == ["don't", "the", "owl's", "well", "known", "song"]
