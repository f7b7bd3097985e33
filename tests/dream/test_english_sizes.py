"""Counts of which some differ, and compared sizes."""

from __future__ import annotations

import pytest

from installation.dream.english_sizes import plain_sizes


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a dozen eggs, one of them golden", "eleven eggs and one golden egg"),
        (
            "seven swans on a lake, six white and one black",
            "six white swans and one black swan on a lake",
        ),
        ("three balloons, two red and one blue", "two red balloons and one blue balloon"),
        ("ten sheep in a field, but one black", "nine sheep and one black sheep in a field"),
        ("ten green bottles, one broken", "nine green bottles and one broken bottle"),
        ("twelve roses, one of which is white", "eleven roses and one white rose"),
        ("five cats, six of them black", "five cats, six of them black"),
    ],
)
def test_each_count_is_said_of_what_looks_so(text: str, plain: str) -> None:
    assert plain_sizes(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a mouse bigger than an elephant", "a huge mouse next to a tiny elephant"),
        ("a giant snail smaller than a mouse", "a tiny snail next to a huge mouse"),
        ("the cat is bigger than the house", "a huge cat next to a tiny house"),
        ("a snail larger than the red house on a hill", "a huge snail next to a tiny red house on a hill"),
        ("no bigger than a thumb", "no bigger than a thumb"),
    ],
)
def test_what_is_compared_has_the_size_that_is_said(text: str, plain: str) -> None:
    assert plain_sizes(text) == plain
