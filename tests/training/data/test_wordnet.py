"""Definitions from WordNet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from installation.training.data import wordnet
from tests.conftest import require_system


@pytest.fixture
def other_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder in which WordNet is looked for instead."""
    monkeypatch.setenv("WNSEARCHDIR", str(tmp_path))
    clear_caches()
    yield tmp_path
    clear_caches()


def clear_caches() -> None:
    for table in (wordnet._index, wordnet._exceptions, wordnet._data, wordnet.usage):
        table.cache_clear()


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("sloop", "sailing vessel"),
        ("geese", "birds"),  # an irregular plural
        ("talons", "claw"),  # a regular plural
        ("lightning bugs", "firefly"),  # two words
        ("marooned", "abandon"),  # a form of a verb
        ("merry-go-round", "carousel"),  # the second sense
    ],
)
def test_a_definition_has_synonyms_and_a_hypernym(word: str, expected: str) -> None:
    require_system(wordnet.is_installed(), "WordNet (wordnet-base) is not installed")
    assert expected in " ".join(wordnet.define(word))


def test_an_unknown_word_is_its_own_definition() -> None:
    assert wordnet.define("xyzzy plugh") == ("xyzzy plugh",) * 2


@pytest.mark.usefixtures("other_folder")
def test_without_wordnet_every_word_is_its_own_definition() -> None:
    assert not wordnet.is_installed()
    assert wordnet.define("sloop") == ("sloop", "sloop")


def test_the_environment_names_the_folder_of_wordnet(other_folder: Path) -> None:
    (other_folder / "data.noun").write_text(
        "  1 a licence\n"
        "00000017 03 n 01 vessel 0 000 | a craft for the water\n"
        '00000040 06 n 02 sloop 0 one-master 0 001 @ 00000017 n 0000 | it has a single mast; "a sloop came"\n'
    )
    (other_folder / "index.noun").write_text("sloop n 1 1 @ 1 0 00000040\n")
    assert wordnet.define("sloops") == ("sloop, one-master (vessel): it has a single mast",) * 2
