"""Texts of other languages in plain English, in English order."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from installation.dream.foreign_gloss import gloss_of
from installation.dream.foreign_text import language_in
from installation.dream.nearest_words import NearestWords
from installation.models.lexicon import Lexicon, lexicon_of
from installation.models.theatre.vocabulary import GROUPS

GLOSSES: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("glosses.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    found = lexicon_of(GROUPS)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def nearest(lexicon: Lexicon) -> NearestWords:
    found = NearestWords(lexicon)
    found.load()
    return found


@pytest.mark.parametrize(
    ("language", "text", "english"),
    [(language, *pair) for language, rows in GLOSSES.items() for pair in rows.items()],
)
def test_a_text_is_put_into_english_order(
    lexicon: Lexicon, nearest: NearestWords, language: str, text: str, english: str
) -> None:
    assert language_in(text, lexicon) == language
    gloss = gloss_of(text, language, lexicon, nearest)
    assert gloss is not None
    assert gloss.english == english


def test_a_language_without_a_dictionary_has_no_gloss(lexicon: Lexicon) -> None:
    assert gloss_of("বাঘ", "", lexicon, None) is None
