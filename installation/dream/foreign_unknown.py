"""Words of other languages that name something which no list knows, so that the operator can be told.

They are told from what is said of things (adjectives, verbs) by where they stand and how they end:

1. German nouns begin with a capital letter, if the text has any.
2. In languages with articles a noun follows an article, a number or a preposition.
3. Elsewhere, what does not end as verbs and adjectives do is a noun.
4. Of Chinese and Japanese, stretches of at least two characters are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from installation.dream.acts_abroad import is_act
from installation.dream.arrangement_words import NUMBERS, UNKEPT
from installation.dream.foreign_names import Named
from installation.dream.places_abroad import is_place
from installation.dream.word_forms import word_forms
from installation.text.language import ENGLISH, UNKNOWN, UNSPACED, function_words, said_of_things, script_language

MAX_STRANGE = 3  # words in Latin letters of an unknown language that are told
_HEAD_LAST = ("de", "nl")  # languages that say adjectives before the noun, and have articles
_NO_NOUNS = {  # how verbs and adjectives end
    "ru": re.compile(
        r".*(?:[еёи]т|[юя]т|ть|ться|тся|л[аи]|ло|л[аи]сь|лся|[еи]шь|ый|ий|ой|ая|яя|ое|ее|ые|ие|ого|его|ому|ему|ую|юю|"
        r"ых|их|о|[джлчш]у|лю)"
    ),
    "pl": re.compile(r".*(?:ją|uje|[aiy]ł[aoiy]?|ali|ili|ć|sz|y|ego|ej|ych|ym|emu)"),
    "tr": re.compile(r".*(?:yor|yorlar|[dt][ıiuü]|m[ıiuü]ş|mak|mek|[aeıiuü]r|an|en)"),
    "ko": re.compile(r".*(?:다|은|는|고|며|서|요|운|인|던|한|할|게)"),
}
_IDEOGRAPHS = re.compile(r"[\u3400-\u9fff]{2,}|[\u30a0-\u30ff]{2,}")
_VERB_BEGINNINGS = ("ي", "ت")  # of Arabic sentences
_PARTICLES = re.compile(r"(?<=..)(?:은|는|이|가|을|를|에|의|와|과|도)$")  # at the end of Korean nouns
_CAPITALS = ("de",)


def unknown_things(parts: Sequence[str], found: Sequence[Named], language: str) -> list[str]:
    """The words of a text that name what nothing is known of, in lower case.

    Args:
        parts: The words of the text, or its characters, in upper and lower case.
        found: What is known.
        language: Two letters, or "" for an unknown one.
    """
    taken = {place for each in found for place in range(each.start, each.end)}
    if language in UNSPACED:
        return _unspaced(parts, taken, language)
    stops, said = function_words(language), said_of_things(language)
    if language == UNKNOWN and script_language("".join(parts)) == ENGLISH and len(parts) <= MAX_STRANGE:
        return [part.lower() for place, part in enumerate(parts) if place not in taken and part[0].isalpha()]
    if language == UNKNOWN or not stops:
        return []
    named = {place for each in found if not _is_colour(each) for place in range(each.start, each.end)}
    has_capitals = language in _CAPITALS and any(part[0].isupper() for part in parts)

    def is_open(place: int) -> bool:
        word = parts[place].lower()
        if word in stops or not word[0].isalpha() or is_place(word, language) or is_act(word, language):
            return False
        return word not in NUMBERS and word not in UNKEPT

    things: list[str] = []
    for is_run, places in groupby(range(len(parts)), is_open):
        run = list(places)
        if not is_run:
            continue
        words = [place for place in run if place not in taken and said.isdisjoint(_forms(parts[place], language))]
        if has_capitals:
            things += [
                parts[place].lower() for place in words if parts[place][0].isupper() and (place or len(run) == 1)
            ]
        elif named.isdisjoint(run) or language in _NO_NOUNS:
            things += [_PARTICLES.sub("", parts[place].lower()) for place in _nouns(words, run, parts, language)]
    return things


def _nouns(words: Sequence[int], run: Sequence[int], parts: Sequence[str], language: str) -> list[int]:
    """Which words of a stretch between function words are nouns."""
    if language in _NO_NOUNS:
        return [place for place in words if not _NO_NOUNS[language].fullmatch(parts[place].lower())][:2]
    begins = run[0] == 0 and len(parts) > len(run)
    if not words or (begins and (len(run) > 1 or parts[0].startswith(_VERB_BEGINNINGS))):
        return []
    return [words[-1]] if language in _HEAD_LAST else [words[0]]


def _is_colour(named: Named) -> bool:
    return all(one.group in ("tint", "subject_colour") for one in named.match.meanings)


def _forms(word: str, language: str) -> Iterator[str]:
    return word_forms(word.lower(), language)


def _unspaced(characters: Sequence[str], taken: set[int], language: str) -> list[str]:
    stops = function_words(language)
    text = "".join("\0" if place in taken or one in stops else one for place, one in enumerate(characters))
    said = said_of_things(language)
    return [run for run in _IDEOGRAPHS.findall(text) if run not in said]
