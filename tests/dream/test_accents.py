"""Words that are typed without their accents are read as those that have them."""

from __future__ import annotations

import pytest

from installation.dream.accents import with_accents
from installation.dream.foreign_text import language_in
from installation.models.lexicon import Lexicon, lexicon_of
from installation.models.theatre.vocabulary import GROUPS


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    found = lexicon_of(GROUPS)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("language", "typed", "right"),
    [
        ("fr", "une fee et un elephant a cote de la foret", "une fée et un éléphant à côté de la forêt"),
        ("es", "un nino con un pajaro en el arbol", "un niño con un pájaro en el árbol"),
        ("pt", "um cao e um passaro", "um cão e um pássaro"),
        ("de", "ein Maedchen mit gruenem Hut auf der Bruecke", "ein Mädchen mit grünem Hut auf der Brücke"),
        ("pl", "kot spi na lozku", "kot śpi na łóżku"),
        ("tr", "kirmizi bir araba", "kırmızı bir araba"),
        ("cs", "cerny kun na louce", "černý kůň na louce"),
        ("sv", "tva hastar i skogen", "två hästar i skogen"),
        ("el", "γατα στη στεγη", "γάτα στη στέγη"),
        ("ar", "امراه عجوز", "امرأة عجوز"),
        ("es", "el papa y un tomate", "el papa y un tomate"),
        ("it", "un gatto e un cane", "un gatto e un cane"),
    ],
)
def test_accents_are_put_back_where_a_word_has_them(lexicon: Lexicon, language: str, typed: str, right: str) -> None:
    assert language_in(typed, lexicon) == language
    assert with_accents(typed, language, lexicon.languages[language]) == right


@pytest.mark.parametrize(
    "text", ["the marina and the pina tree", "a naive cafe owner and a saga", "old castle on a hill", "a man in a van"]
)
def test_english_is_not_taken_for_another_language(lexicon: Lexicon, text: str) -> None:
    assert language_in(text, lexicon) == "en"
