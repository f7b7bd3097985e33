"""Puts the accents back that were left out in typing: "nino" is "niño", "zolty" is "żółty", "gruen" is "grün".

A word is changed only if its language has none that is written so, but one that is but for its accents. Arabic is
typed without hamza, and Greek without the marks of stress, in the same way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from installation.dream.word_forms import word_forms
from installation.text.glossary import ADJECTIVE, ARTICLE, Glossary, glossary_of
from installation.text.language import function_words

LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "pl", "tr", "cs", "sv", "el", "ar")  # whose accents are left out
_OTHER = str.maketrans(
    {"ł": "l", "ı": "i", "ø": "o", "ß": "ss", "œ": "oe", "æ": "ae", "أ": "ا", "إ": "ا", "آ": "ا", "ة": "ه", "ى": "ي"}
)
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_MIN_STEM, _MIN_WORD, _MIN_TYPED, _MIN_PHRASE = 3, 3, 2, 6  # letters
_WORD = re.compile(r"[^\W\d_]+")


class _Plain(dict[int, str]):
    """What each letter in lower case is typed as without its accents; found when it is first asked for."""

    def __missing__(self, code: int) -> str:
        decomposed = unicodedata.normalize("NFD", chr(code).translate(_OTHER))
        plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_OTHER)
        return self.setdefault(code, plain)


_PLAIN = _Plain()


def without_accents(text: str) -> str:
    """A text in lower case as it is typed without accents."""
    lower = text.lower()
    return lower if lower.isascii() else lower.translate(_PLAIN)


class Unaccented:
    """The words of a language as they are typed without accents."""

    def __init__(self, nouns: Mapping[str, object], language: str) -> None:
        self._nouns, self._language = nouns, language
        self._kept: _Index | None = None  # made once it is asked for

    def __contains__(self, word: object) -> bool:
        if not isinstance(word, str) or len(word) < _MIN_WORD or self._language not in LANGUAGES:
            return False
        if without_accents(word) != word:
            return False
        self._kept = self._kept or _index(self._language, tuple(self._nouns))
        return _accented(word, self._kept) != word


def with_accents(text: str, language: str, nouns: Mapping[str, object]) -> str:
    """The text with the accents of its words.

    Args:
        text: In the language.
        language: Two letters.
        nouns: Of the language, in lower case.
    """
    glossary = glossary_of(language)
    if language not in LANGUAGES or glossary is None:
        return text
    index = _index(language, tuple(nouns))
    for phrase, accented in index.phrases.items():
        if phrase in text.lower():
            text = re.sub(rf"(?i)\b{re.escape(phrase)}\b", accented, text)
    exact = {*function_words(language), *nouns, *glossary.exact}

    def restored(found: re.Match[str]) -> str:
        word = found.group().lower()
        if word in exact or len(word) < _MIN_TYPED or without_accents(word) != word:
            return found.group()
        accented = index.words.get(word, "")
        is_said = accented in exact and (accented not in nouns or len(word) > _MIN_WORD)
        if not is_said and len(word) < _MIN_WORD:
            return found.group()
        accented = accented or _accented(word, index)
        if accented == word or _is_known(word, accented, language, () if is_said else nouns, glossary):
            return found.group()
        return accented.capitalize() if found.group()[0].isupper() else accented

    return _WORD.sub(restored, text)


def _is_known(word: str, accented: str, language: str, nouns: Container[str], glossary: Glossary) -> bool:
    """Whether a word is one as it is written; a stem of another kind counts less than an accented adjective."""
    if any(form in nouns for form in word_forms(word, language)):
        return True
    entry, other = glossary.look_up(word), glossary.look_up(accented)
    if entry is None:
        return False
    return entry.kind in (ADJECTIVE, ARTICLE) or other is None or other.kind != ADJECTIVE


@dataclass(frozen=True)
class _Index:
    """Words and phrases of a language without accents, with their accented form; `stems` lack their ends."""

    words: Mapping[str, str]
    stems: Mapping[str, str]
    phrases: Mapping[str, str]
    nouns: frozenset[str]
    language: str

    def is_known(self, word: str) -> bool:
        """Whether a word with accents is a form of one of the lists."""
        glossary = glossary_of(self.language)
        is_listed = any(form in self.nouns for form in word_forms(word, self.language))
        return is_listed or (glossary is not None and glossary.look_up(word) is not None)


@cache
def _index(language: str, nouns: tuple[str, ...]) -> _Index:
    glossary = glossary_of(language)
    exact = tuple(glossary.exact) if glossary else ()
    words: dict[str, str] = {}
    stems: dict[str, str] = {}
    phrases: dict[str, str] = {}
    for phrase in (*nouns, *exact, *function_words(language)):
        for plain in _typed(phrase, language):
            if " " in phrase and len(plain) >= _MIN_PHRASE:
                phrases.setdefault(plain, phrase)
            elif " " not in phrase:
                words.setdefault(plain, phrase)
        for word in phrase.split():
            for plain in _typed(word, language):
                words.setdefault(plain, word)
                cut = len(word) - 1
                if len(plain) == len(word) and cut >= _MIN_STEM and plain[:cut] != word[:cut]:
                    stems.setdefault(plain[:cut], word[:cut])
    for form in _inflected(glossary) if glossary else ():
        for plain in _typed(form, language):
            words.setdefault(plain, form)
    for stem in glossary.stems if glossary else ():
        for plain in _typed(stem, language):
            stems[plain] = stem
    return _Index(words, stems, phrases, frozenset([*nouns, *exact]), language)


def _inflected(glossary: Glossary) -> Iterator[str]:
    """The adjectives that are listed by their stem, with all their endings."""
    pattern = glossary.endings.get(ADJECTIVE)
    endings = pattern.pattern.removeprefix("(?:").partition(")")[0].split("|") if pattern else []
    for stem, entries in glossary.stems.items():
        if any(entry.kind == ADJECTIVE for entry in entries):
            yield from (stem + ending for ending in endings if ending.isalpha())


def _typed(word: str, language: str) -> Iterator[str]:
    """How a word with accents is typed without them."""
    for plain in dict.fromkeys([without_accents(word), word.translate(_GERMAN) if language == "de" else ""]):
        if plain and plain != word:
            yield plain


def _accented(word: str, index: _Index) -> str:
    """The word with its accents: that of the list, or one with a stem of the lists; else the word."""
    if word in index.words:
        return index.words[word]
    for end in range(len(word), _MIN_STEM - 1, -1):
        stem = index.stems.get(word[:end])
        if stem is not None and index.is_known(stem + word[end:]):
            return stem + word[end:]
    return word
