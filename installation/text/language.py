"""The language that a text is written in, from its script and its function words; a guess, made in microseconds."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Container, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from installation.text.glossary import glossary_of
from installation.text.talk import talk_of

ENGLISH, UNKNOWN = "en", ""
TALKED = ("en", "de", "fr", "es", "it")  # the languages of `talk.toml`
WITHOUT_LISTS = (
    "cs",
    "sv",
    "uk",
    "el",
    "id",
    "vi",
    "he",
    "fa",
    "da",
    "no",
    "ro",
    "hu",
    "fi",
)  # languages whose nouns are in their dictionary only
UNSPACED = ("zh", "ja", "th")  # languages that write no spaces between words
UNENCODED = (  # languages that the sentence encoder does not read
    *("hi", "el", "vi", "he", "fa", "da", "no", "ro", "hu", "fi"),
)
KNOWN_WORD, STRANGE_WORD = 0.6, 0.3  # what a word of a language's nouns counts, and one that no English word list has
INFLECTED_SHARE = 0.8  # of what a noun counts, for what may be a form of one
_SCRIPTS = {  # by the beginning of the letters' Unicode names
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "HANGUL": "ko",
    "CYRILLIC": "ru",
    "ARABIC": "ar",
    "THAI": "th",
    "DEVANAGARI": "hi",
    "GREEK": "el",
    "HEBREW": "he",
}
_UKRAINIAN = frozenset("іїєґ")  # letters that Russian lacks
_RUSSIAN = frozenset("ыэъё")  # letters that Ukrainian lacks
_PERSIAN = frozenset("پچژگکی")  # letters that Arabic lacks
_VIETNAMESE_MARKS = ("HORN", "HOOK ABOVE", "CIRCUMFLEX AND", "BREVE AND", "DOT BELOW")
_SHARED_ARTICLES = ("a",)  # of English and another language
_NUMBERS = ("one", "two", "three", "five", "seven", "eight", "ten", "eleven", "twelve")  # also words elsewhere
_OWN_LETTERS = {
    "pl": "ąćęłńśźż",
    "tr": "ğışİ",
    "de": "ß",
    "es": "ñ¿¡",
    "fr": "œ",
    "pt": "ãõ",
    "cs": "ěřůďťň",
    "sv": "å",
    "da": "øæå",
    "no": "øæå",
    "ro": "șțăşţ",
    "hu": "őű",
}  # count as a word
_FILE = Path(__file__).with_name("function_words.toml")
_SAID_FILE = Path(__file__).with_name("said_of_things.toml")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")


def function_words(language: str) -> frozenset[str]:
    """The words of a language that name nothing; none for a language without a list."""
    talk = talk_of(language)
    return talk.function if talk else _function_words().get(language, frozenset())


def said_of_things(language: str) -> frozenset[str]:
    """Common adjectives, adverbs and verbs of a language, which name nothing to be seen by themselves."""
    return _said_of_things().get(language, frozenset())


def language_of(
    text: str,
    is_english: Callable[[str], bool],
    is_foreign: Callable[[str], bool],
    nouns: Mapping[str, Container[str]] = MappingProxyType({}),
    forms: Mapping[str, Container[str]] = MappingProxyType({}),
) -> str:
    """The language of a text, two letters; "" for one that is neither English nor known.

    Args:
        text: Of any length.
        is_english: Whether a word, in lower case, is an English one that names something.
        is_foreign: Whether it is known to be a word of another language.
        nouns: Known nouns by language, which decide between languages with as many function words: "un zorro en la".
        forms: The same with their inflected forms, which decide if the nouns do not.
    """
    script = script_language(text)
    words = [word.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'") for word in _WORD.findall(text.lower())]
    if script == "ru":  # without a letter that only one of them has
        of_russian = not _RUSSIAN.isdisjoint(text.lower())
        return "ru" if of_russian else max(("ru", "uk"), key=lambda language: _known_of(words, language, forms))
    if script != ENGLISH:
        return script
    english = sum(
        1.0 if word in function_words(ENGLISH) or word in _NUMBERS else KNOWN_WORD * is_english(word) for word in words
    )
    open_words = [word for word in words if word not in function_words(ENGLISH)]
    named = sum(KNOWN_WORD if is_foreign(word) else STRANGE_WORD * (not is_english(word)) for word in open_words)
    hits = {language: sum(map(_own_plain_words(language).__contains__, words)) for language in _latin_languages()}
    listed = {language: sum(map(nouns.get(language, ()).__contains__, words)) for language in hits}
    if len(words) == 1 and any(listed.values()):
        hits = dict.fromkeys(hits, 0)  # one word is meant as a noun: German "Meer" is no Dutch "more"
    for language, letters in _OWN_LETTERS.items():
        hits[language] += not set(letters).isdisjoint(text.lower())
    inflected = {language: sum(map(forms.get(language, ()).__contains__, words)) for language in hits}
    best = max(hits, key=lambda one: hits[one] + KNOWN_WORD * max(listed[one], INFLECTED_SHARE * inflected[one]))
    if len(words) == 2 and words[0] in _SHARED_ARTICLES and not is_foreign(words[1]):
        return ENGLISH  # "a theremin" is more probable than a noun of Portuguese that no list has
    whole = [language for language in hits if len(words) > 2 and _known_of(words, language, forms) == len(words)]
    is_foreign_whole = hits[best] + named > english or not any(is_english(word) for word in open_words)
    if len(whole) == 1 and is_foreign_whole:
        return whole[0]  # also where function words are those of another language, too: Swedish "i", "under"
    if not hits[best] and any(word in function_words(ENGLISH) for word in words):
        return ENGLISH
    if hits[best] + named <= english:
        return ENGLISH
    known = {language: (listed[language], inflected[language]) for language in hits}
    is_clear = known[best] > max(pair for language, pair in known.items() if language != best)
    return best if hits[best] or is_clear else UNKNOWN


def _known_of(words: Sequence[str], language: str, forms: Mapping[str, Container[str]]) -> int:
    """How many of the words are known in a language."""
    plain, content = _plain_words(language), forms.get(language, ())
    return sum(word in plain or word in content for word in words)


@cache
def _plain_words(language: str) -> frozenset[str]:
    glossary = glossary_of(language)
    return function_words(language) | frozenset(glossary.plain_words() if glossary else ())


@cache
def _own_plain_words(language: str) -> frozenset[str]:
    return function_words(language) | (_plain_words(language) - function_words(ENGLISH))


_ARTICLE = "um"  # of Portuguese, and what English speakers say when they hesitate


def spoken_languages(text: str, default: str) -> tuple[str, ...]:
    """The languages with rules for talk that have the most function words of a sentence; `default` if it has as many.

    A single word is of the default language. Portuguese, which has no such rules, is told for its article.
    """
    words = _WORD.findall(text.lower())
    hits = {language: sum(map(function_words(language).__contains__, words)) for language in TALKED}
    most = max(hits.values())
    if _ARTICLE in words and sum(map(function_words("pt").__contains__, words)) > most:
        return ("pt",)
    if len(words) < 2 or hits.get(default, 0) == most:
        return (default,)
    return tuple(language for language in TALKED if hits[language] == most)


def script_language(text: str) -> str:
    """The language that most letters of a text suggest by their script; "en" for Latin ones, "" for other scripts."""
    found: dict[str, int] = {}
    for letter in filter(str.isalpha, text):
        full_name = unicodedata.name(letter, "")
        if full_name.startswith("LATIN") and any(mark in full_name for mark in _VIETNAMESE_MARKS):
            return "vi"
        name = full_name.split("-")[0].split(" ")[0]
        language = ENGLISH if name in ("LATIN", "FEMININE", "MASCULINE", "MICRO") else _SCRIPTS.get(name, UNKNOWN)
        found[language] = found.get(language, 0) + 1
    if "ja" in found:
        return "ja"
    if "ar" in found and not _PERSIAN.isdisjoint(text):
        return "fa"
    if "ru" in found and not _UKRAINIAN.isdisjoint(text.lower()):
        return "uk"
    return max(found, key=lambda language: found[language]) if found else ENGLISH


@cache
def _function_words() -> dict[str, frozenset[str]]:
    table: dict[str, str] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    glossaries = {language: glossary_of(language) for language in WITHOUT_LISTS}
    english = talk_of(ENGLISH)
    shared = english.function if english else frozenset()
    own = {language: frozenset(found.plain_words()) - shared for language, found in glossaries.items() if found}
    return own | {language: frozenset(words.split()) for language, words in table.items()}


@cache
def _said_of_things() -> dict[str, frozenset[str]]:
    table: dict[str, str] = tomllib.loads(_SAID_FILE.read_text(encoding="utf-8"))
    return {language: frozenset(words.split()) for language, words in table.items()}


@cache
def _latin_languages() -> tuple[str, ...]:
    others = [language for language, words in _function_words().items() if script_language(" ".join(words)) == ENGLISH]
    return (*TALKED[1:], *others)
