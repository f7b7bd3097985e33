"""Inflected words of other languages are found in lists of first forms."""

from __future__ import annotations

import pytest

from installation.dream.word_forms import Inflected, is_plural, word_forms


@pytest.mark.parametrize(
    ("language", "word", "first"),
    [
        ("de", "bäumen", "baum"),
        ("de", "hunde", "hund"),
        ("fr", "chevaux", "cheval"),
        ("es", "peces", "pez"),
        ("it", "laghi", "lago"),
        ("pt", "leões", "leão"),
        ("nl", "bomen", "boom"),
        ("nl", "katten", "kat"),
        ("nl", "huizen", "huis"),
        ("ru", "лесу", "лес"),
        ("ru", "кошкой", "кошка"),
        ("ru", "кошек", "кошка"),
        ("ru", "красную", "красный"),
        ("ru", "звёзд", "звезда"),
        ("ru", "щенка", "щенок"),
        ("pl", "rzece", "rzeka"),
        ("pl", "kotem", "kot"),
        ("pl", "stole", "stół"),
        ("pl", "domku", "domek"),
        ("tr", "denizin", "deniz"),
        ("tr", "köpeği", "köpek"),
        ("tr", "şehri", "şehir"),
        ("tr", "ağaçlarda", "ağaç"),
        ("ko", "고양이들이", "고양이"),
        ("ko", "숲속의", "숲"),
        ("ar", "والقمر", "قمر"),
        ("ar", "قطتي", "قطة"),
        ("hi", "बच्चे", "बच्चा"),
        ("cs", "lavičce", "lavička"),
        ("cs", "stole", "stůl"),
        ("cs", "koních", "koně"),
        ("cs", "rybníka", "rybník"),
        ("sv", "fåglar", "fågel"),
        ("sv", "flickan", "flicka"),
        ("sv", "rummet", "rum"),
        ("uk", "пагорбі", "пагорб"),
        ("uk", "квіткою", "квітка"),
        ("uk", "столом", "стіл"),
        ("el", "λύκου", "λύκος"),
        ("el", "δελφίνια", "δελφίνι"),
    ],
)
def test_a_form_leads_to_its_first_form(language: str, word: str, first: str) -> None:
    assert first in set(word_forms(word, language))
    assert word in Inflected([first], language)


def test_other_words_are_no_forms() -> None:
    assert "лестница" not in Inflected(["лес"], "ru")
    assert "evet" not in Inflected(["ev"], "tr")
    assert "haustür" not in Inflected(["haus"], "de")


@pytest.mark.parametrize(
    ("language", "before", "word", "plural"),
    [
        ("de", "die", "hunde", True),
        ("de", "dem", "hunde", False),
        ("es", "las", "gaviotas", True),
        ("es", "la", "gaviota", False),
        ("ru", "чёрные", "кошки", True),
        ("ru", "без", "кошки", False),
        ("tr", "", "kediler", True),
        ("zh", "", "猫", False),
    ],
)
def test_a_plural_is_known_by_its_ending_and_the_word_before(
    language: str, before: str, word: str, plural: bool
) -> None:
    assert is_plural(word, before, language, dict.fromkeys(["hund", "gaviota", "кошка", "kedi"], "")) == plural
