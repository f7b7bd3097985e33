"""Grapheme clusters hold together what a reader takes for one character."""

from __future__ import annotations

from itertools import pairwise

import pytest

from installation.stage.text.graphemes import cluster_starts


@pytest.mark.parametrize(
    ("text", "clusters"),
    [
        ("", []),
        ("ab", ["a", "b"]),
        ("e\u0301a", ["e\u0301", "a"]),
        ("👍🏽!", ["👍🏽", "!"]),
        ("❤\ufe0fx", ["❤\ufe0f", "x"]),
        ("👩\u200d👩\u200d👧x", ["👩\u200d👩\u200d👧", "x"]),
        ("🇫🇷🇩🇪🇫", ["🇫🇷", "🇩🇪", "🇫"]),
        ("भेड़", ["भे", "ड\u093c"]),
        ("\u0301a", ["\u0301", "a"]),  # a mark without a letter begins a cluster of its own
    ],
)
def test_marks_joiners_and_flags_stay_with_their_cluster(text: str, clusters: list[str]) -> None:
    bounds = [*cluster_starts(text), len(text)]
    assert [text[start:end] for start, end in pairwise(bounds)] == clusters
