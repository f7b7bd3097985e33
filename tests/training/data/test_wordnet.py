"""The dictionary explains words to the teacher; a word that it does not have stands for itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from installation.training.data import wordnet
from tests.conftest import require_system


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which the dictionary is sought instead."""
    monkeypatch.setenv("WNSEARCHDIR", str(tmp_path))
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    for table in (wordnet._index, wordnet._exceptions, wordnet._data):
        table.cache_clear()


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("sloop", "sailing vessel"),
        ("geese", "birds"),  # an exception
        ("talons", "claw"),  # a plural
        ("lightning bugs", "firefly"),  # two words
        ("marooned", "abandon"),  # of a verb
        ("merry-go-round", "carousel"),  # the second sense
    ],
)
def test_a_word_is_explained_by_synonyms_and_by_what_it_is(word: str, told: str) -> None:
    require_system(wordnet.installed(), "WordNet (wordnet-base) is not installed")
    assert told in " ".join(wordnet.explained(word))


def test_what_no_dictionary_has_stands_for_itself() -> None:
    assert wordnet.explained("xyzzy plugh") == ("xyzzy plugh",) * 2


@pytest.mark.usefixtures("elsewhere")
def test_without_a_dictionary_every_word_stands_for_itself() -> None:
    assert not wordnet.installed()
    assert wordnet.explained("sloop") == ("sloop", "sloop")


def test_a_dictionary_may_lie_elsewhere(elsewhere: Path) -> None:
    (elsewhere / "data.noun").write_text(
        "  1 a licence\n"
        "00000017 03 n 01 vessel 0 000 | a craft for the water\n"
        '00000040 06 n 02 sloop 0 one-master 0 001 @ 00000017 n 0000 | it has a single mast; "a sloop came"\n'
    )
    (elsewhere / "index.noun").write_text("sloop n 1 1 @ 1 0 00000040\n")
    assert wordnet.explained("sloops") == ("sloop, one-master (vessel): it has a single mast",) * 2
