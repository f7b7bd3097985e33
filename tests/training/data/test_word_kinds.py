"""The table of what words are a kind of."""

from __future__ import annotations

import pytest

from installation.training.data import word_kinds, wordnet
from tests.conftest import require_system


@pytest.fixture(autouse=True)
def _wordnet() -> None:
    require_system(wordnet.is_installed(), "WordNet (wordnet-base) is not installed")


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("corgi", "dog"),
        ("aberdeen", "village"),
        ("ostrich", "bird"),
        ("plum", "apple"),
        ("badger", "animal"),
        ("silence", "-"),
        ("xyzzy", ""),
    ],
)
def test_the_nearest_sense_of_the_table_above_a_word_is_its_kind(word: str, kind: str) -> None:
    assert word_kinds.kind_of(word) == kind


@pytest.mark.slow
def test_rare_nouns_are_things_that_have_no_kind() -> None:
    shipped = word_kinds.RARE.read_text(encoding="utf-8").removeprefix(word_kinds.HEADER).split()
    assert tuple(shipped) == word_kinds.rare_nouns()
    assert {"sloth", "theremin"} <= set(shipped)
    assert not {"corgi", "silence", "flumberwock"} & set(shipped)


@pytest.mark.slow
def test_the_table_that_ships_is_the_one_that_is_written() -> None:
    rows = "".join(f"{word}\t{kind}\n" for word, kind in word_kinds.word_kinds().items())
    assert word_kinds.TARGET.read_text(encoding="utf-8") == word_kinds.HEADER + rows
