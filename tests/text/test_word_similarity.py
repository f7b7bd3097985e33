"""Similarity of written and recognised words."""

from __future__ import annotations

import pytest

from installation.text.word_similarity import (
    CONSONANT_SIMILARITY,
    HOMOPHONE_SIMILARITY,
    STEM_SIMILARITY,
    edit_distance,
    similarity,
)


@pytest.mark.parametrize(
    ("written", "recognized"),
    [("sea", "see"), ("knight", "night"), ("road", "rode"), ("threw", "through"), ("write", "right"), ("snow", "sno")],
)
def test_homophones_have_the_same_phonetic_code(written: str, recognized: str) -> None:
    assert similarity(written, recognized) == HOMOPHONE_SIMILARITY


@pytest.mark.parametrize(("written", "recognized"), [("burn", "burning"), ("sleeps", "sleep"), ("opened", "opens")])
def test_inflections_have_the_same_stem(written: str, recognized: str) -> None:
    assert similarity(written, recognized) == STEM_SIMILARITY


@pytest.mark.parametrize(
    ("written", "recognized", "low", "high"),
    [
        ("moon", "moon", 1.0, 1.0),
        ("look", "like", CONSONANT_SIMILARITY, CONSONANT_SIMILARITY),
        ("lightning", "lightening", 0.8, 0.9),
        ("forest", "florist", 0.6, 0.9),
        ("wolf", "snow", 0.0, 0.0),
        ("a", "the", 0.0, 0.0),
        ("city", "sea", 0.0, 0.0),
        ("fire", "desert", 0.0, 0.0),
    ],
)
def test_other_words_are_rated_by_their_edit_distance(written: str, recognized: str, low: float, high: float) -> None:
    assert low <= similarity(written, recognized) <= high


@pytest.mark.parametrize(
    ("first", "second", "edits"),
    [("kitten", "sitting", 3), ("", "abc", 3), ("abc", "abc", 0), (["a", "red", "sun"], ["red", "sun", "set"], 2)],
)
def test_edit_distance_counts_insertions_deletions_and_substitutions(
    first: str | list[str], second: str | list[str], edits: int
) -> None:
    assert edit_distance(first, second) == edits
