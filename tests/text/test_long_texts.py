"""What visitors type in floods is read at once: no pattern tries every way to divide a long word or a long list.

A pattern that does would take hours for these texts of 500 letters, so that the test would never end.
"""

from __future__ import annotations

import re

import pytest

from installation.text.gist import gist_of_any
from tests.text.floods import BEGINNINGS, FLOODS, flood_of


@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize("flood", FLOODS)
def test_the_gist_of_a_flood_is_of_its_words(beginning: str, flood: str) -> None:
    text = flood_of(beginning, flood)
    gist = gist_of_any(text, "en")
    assert set(re.findall(r"\w+", f"{gist.wanted} {' '.join(gist.unwanted)}")) <= set(re.findall(r"\w+", text))


def test_a_long_word_is_denied_like_a_short_one() -> None:
    word = "a" * 480
    assert gist_of_any(f"a street without {word}", "en").unwanted == (word,)
