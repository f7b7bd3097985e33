"""What a text names that is not English: by the lists of ten languages, then by the nearest of the known names.

Where words are separated by spaces, each word is looked up, and each pair of neighbours. Chinese, Japanese and Thai are
not: there the longest words of the lists count, and what is left is cut where the pieces are nearest to known names.
Hindi is read by its list alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Container, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from installation.dream.accents import Unaccented
from installation.dream.actors import PEOPLE
from installation.dream.acts_abroad import act_of
from installation.dream.arrangement_words import (
    COUNTS,
    MARKED_COLOURS,
    NUMBERS,
    OWN_SIZE,
    SKY_COUNTS,
    UNKEPT,
    is_beside,
    is_natural,
)
from installation.dream.building_parts import Thing, parts_of_buildings
from installation.dream.english_words import is_english
from installation.dream.foreign_names import WORD, Named, spaced_names, unspaced_names
from installation.dream.foreign_unknown import unknown_things
from installation.dream.nearest_words import LIGHT, SURE, Match, NearestWords
from installation.dream.places_abroad import place_after, place_before, size_of
from installation.dream.spelling import well_spelt
from installation.dream.term import Term
from installation.dream.verbs import PLURALS
from installation.dream.word_forms import INFLECTED, Inflected, is_plural
from installation.models.lexicon import Lexicon, Meaning
from installation.text.glossary import glossary_of
from installation.text.language import (
    ENGLISH,
    UNENCODED,
    UNKNOWN,
    UNSPACED,
    WITHOUT_LISTS,
    function_words,
    language_of,
    script_language,
)

MOOD_GROUPS = ("sky", "terrain", "weather", "tint")  # what an unsure reading shows: light and land, no figure
UNSURE_MOODS = 16  # nearest moods, of which the text draws one where none is near
LIGHTS = ("licht", "lumière", "luz", "luce", "свет", "ışık", "światło")  # which the lists call a lamp
SURE_OF_STRANGERS = 0.7  # similarity from which words in a sentence of an unknown language are taken
TOLD_BELOW = 0.72  # similarity below which the operator is told what a word was taken for
SINGULARS = frozenset(["fish", "sheep", "deer"])  # plurals that are written as one is
FLOCK = "distant birds"  # what birds are that nobody counts
ROSY = ("rose", "roses", "rosa", "rosas")
WORDS_KEPT = 1024  # of each language: whether it has them
COLOUR_LAST = ("fr", "es", "it", "pt", "ar")  # languages that name the colour after the thing
NUMBER_AFTER = {"ko": 1, "ja": 2}  # words or characters after a thing that may be its number
CLOTHES, CLOTHES_REACH = ("dress", "coat"), 4  # labels of what is part of a figure's paper; words between, at most
COLOUR_REACH = 2  # words or characters between a colour and its thing, at most


class ForeignText(NamedTuple):
    """A text that is not English, read.

    Attributes:
        terms: What it names.
        english: What the perceptor is asked for instead of the text; "" for the text itself.
        unsure: Classes of light and land where nothing is named for certain.
    """

    terms: tuple[Term, ...]
    english: str = ""
    unsure: tuple[Meaning, ...] = ()


def language_in(text: str, lexicon: Lexicon) -> str:
    """The language of a text, by its function words and its nouns: two letters, or "" for an unknown one."""
    listed, own = _vocabularies(lexicon)

    def known(word: str) -> bool:
        return is_english(word, lexicon)

    def foreign(word: str) -> bool:
        return word in lexicon.foreign or (not known(word) and any(word in words for words in own.values()))

    found = language_of(text, known, foreign, listed, own)
    if found == ENGLISH or not _shares_function_words(text, found):
        return found
    spelt = well_spelt(text, lexicon)  # "a yelow hause" has no word of French that English lacks
    mended = {*text.lower().split()} - {*spelt.lower().split()}
    is_own = any(word in words for word in mended for words in (*listed.values(), *own.values()))
    return language_of(spelt, known, foreign, listed, own) if mended and not is_own else found


def _shares_function_words(text: str, language: str) -> bool:
    """Whether all function words of a language that a text has are English ones, too, and it has any."""
    there = function_words(language).intersection(text.lower().split())
    return bool(there) and there <= function_words(ENGLISH)


class _Either:
    """Words that are part of any of two containers; whether the last ones are is kept, since "the" comes again."""

    def __init__(self, first: Container[str], second: Container[str]) -> None:
        self._first, self._second = first, second
        self._has = lru_cache(maxsize=WORDS_KEPT)(self._look_up)

    def __contains__(self, word: object) -> bool:
        return self._has(word)

    def _look_up(self, word: object) -> bool:
        return word in self._first or word in self._second


_Vocabularies = tuple[dict[str, Container[str]], dict[str, Container[str]]]
_kept: dict[int, _Vocabularies] = {}  # by lexicon


def _vocabularies(lexicon: Lexicon) -> _Vocabularies:
    """The words of each language as they are listed, and with their other forms."""
    if id(lexicon) not in _kept:
        listed: dict[str, Container[str]] = {}
        forms: dict[str, Container[str]] = {}
        for language in (*lexicon.languages, *WITHOUT_LISTS):
            nouns = lexicon.languages.get(language, {})
            glossary = glossary_of(language)
            content: Container[str] = glossary.content if glossary else ()
            listed[language] = _Either(nouns, content)
            inflected = _Either(Inflected(nouns, language), glossary if glossary else ())
            if language in INFLECTED:
                inflected = _Either(inflected, Inflected(content, language))
            forms[language] = _Either(inflected, Unaccented(nouns, language))
        _kept[id(lexicon)] = listed, forms
    return _kept[id(lexicon)]


def read_foreign(text: str, language: str, lexicon: Lexicon, nearest: NearestWords | None) -> ForeignText:
    """Read a text.

    Args:
        text: Not in English.
        language: Two letters, or "" for an unknown one.
        lexicon: Of the generator.
        nearest: Loaded; None where there is no sentence encoder: then only the lists are used.
    """
    strange = language == UNKNOWN and len(WORD.findall(text)) > 1
    sure = SURE_OF_STRANGERS if strange else SURE
    encoded = language not in UNENCODED and (language != UNKNOWN or script_language(text) == ENGLISH)
    encoder = nearest if encoded else None
    parts: Sequence[str]
    if language in UNSPACED:
        parts, found = unspaced_names(text, language, lexicon, encoder)
    else:
        parts, found = spaced_names(text, language, lexicon, encoder)
        found = [each for each in found if each.match.similarity >= sure]
    unknown = [Term(word, ()) for word in unknown_things(parts, found, language)]
    if found:
        terms = _arranged(found, [part.lower() for part in parts], language, lexicon)
        return ForeignText((*terms, *unknown), ", ".join(each.match.name for each in found))
    if nearest is None:
        return ForeignText(tuple(unknown))
    content = [word for word in WORD.findall(text) if word.lower() not in function_words(language)]
    best = max(nearest.moods([text, *content]), key=lambda match: match.similarity)
    if encoded and best.similarity >= sure:
        return ForeignText((Term(text.lower(), best.meanings, mood=True),), best.name)
    near = nearest.near_moods(text, UNSURE_MOODS)
    drawn = near[zlib.crc32(text.encode()) % len(near)]  # texts of an unknown script are all near to the same mood
    return ForeignText(tuple(unknown), drawn.name, tuple(one for one in drawn.meanings if one.group in MOOD_GROUPS))


def _arranged(found: Sequence[Named], parts: Sequence[str], language: str, lexicon: Lexicon) -> list[Term]:
    """The terms of what is named, with their colours, numbers and places."""
    found = [_rosy(each, parts, language, lexicon) for each in found]
    terms = [_term(each, lexicon) for each in found]
    unknown = frozenset(unknown_things(parts, found, language))
    things = [Thing(each.start, each.end, each.match.name, each.match.meanings) for each in found]
    starts = parts_of_buildings(things, parts)
    dropped = {index for index, each in enumerate(found) if each.start in starts}
    for index, term in enumerate(terms):
        marked = MARKED_COLOURS.get(found[index].match.name, "")
        if term.is_colour or marked:
            owner = _coloured(index, found, terms, language)
            if owner is not None and _is_of_another(parts[found[index].end : found[owner].start], unknown):
                owner = None
            if owner is None:
                continue
            if owner in dropped:
                terms[index] = replace(term, meanings=())
            elif terms[owner].label("subject"):
                terms[owner] = replace(terms[owner], colour=marked or term.label("subject_colour"))
                dropped.add(index)
            elif is_natural(term, terms[owner].meanings):
                dropped.add(index)
    dropped |= _clothes(found, terms, dropped)
    since, figure = 0, -1
    own = lexicon.languages.get(language, {})
    for index, (each, term) in enumerate(zip(found, terms, strict=True)):
        if term.is_colour or index in dropped or not term.meanings:
            continue
        plural = each.match.name in PLURALS - SINGULARS or is_plural(
            each.text, parts[each.start - 1] if each.start else "", language, own
        )
        terms[index] = term = _counted(term, parts[since : each.start], parts[each.end :], language, plural)
        terms[index] = term = _sized(term, size_of(parts, each.start, each.end, language))
        if term.label("subject") and not term.weak:
            between = parts[found[figure].end : each.start] if figure >= 0 else ()
            place = place_before(parts[since : each.start] if since else (), language, term.label("subject"))
            if figure >= 0 and not is_beside(between):
                labels = (terms[figure].label("subject"), term.label("subject"))
                spans = ((found[figure].start, found[figure].end), (each.start, each.end))
                place = act_of(parts, *spans, language, labels) or place
            terms[index] = replace(term, place=place if figure >= 0 else "", beside=is_beside(between))
            figure = index
        since = each.end
    kept = [index for index in range(len(terms)) if index not in dropped]
    return _with_places_after([(found[index], terms[index]) for index in kept], parts, language)


def _clothes(found: Sequence[Named], terms: list[Term], dropped: Container[int]) -> set[int]:
    """Which terms are clothes that somebody beside them wears, who has their colour: "eine Frau im roten Kleid"."""
    worn: set[int] = set()
    for index, term in enumerate(terms):
        if term.label("subject") not in CLOTHES or index in dropped:
            continue
        people = [
            other
            for other in (*reversed(range(index)), *range(index + 1, len(terms)))
            if terms[other].label("subject") in PEOPLE
            and max(found[index].start - found[other].end, found[other].start - found[index].end) <= CLOTHES_REACH
        ]
        if people:
            worn.add(index)
            wearer = terms[people[0]]
            terms[people[0]] = replace(wearer, colour=wearer.colour or term.colour)
    return worn


def _with_places_after(named: list[tuple[Named, Term]], parts: Sequence[str], language: str) -> list[Term]:
    """The terms; a figure whose place is said after what it stands on comes before that."""
    figures = [index for index, (_, term) in enumerate(named) if term.label("subject")]
    terms = [term for _, term in named]
    for first, second in pairwise(figures):
        for ground, other in ((first, second), (second, first)):
            place = place_after(parts[named[ground][0].end :], language, terms[ground].label("subject"))
            if place:
                on, under = terms[other], replace(terms[ground], place=place)
                terms[first], terms[second] = on, under
                return terms
    return terms


def _rosy(named: Named, parts: Sequence[str], language: str, lexicon: Lexicon) -> Named:
    """A rose that follows another noun is its colour: "un éléphant rose"."""
    before = parts[named.start - 1] if named.start else ""
    if language not in COLOUR_LAST or named.text not in ROSY or not before or before in function_words(language):
        return named
    return named._replace(match=Match("pink", lexicon.names["pink"], 1.0))


def _term(named: Named, lexicon: Lexicon) -> Term:
    name, meanings = named.match.name, named.match.meanings
    weak = name == LIGHT or named.text in LIGHTS
    is_mood = name not in lexicon.names and name in lexicon.moods
    shown_as = lexicon.stand_ins.get(name, "")
    if not shown_as and named.match.similarity < TOLD_BELOW:
        shown_as = next((one.label for one in meanings if one.group == "subject"), "")
    scene = lexicon.scenes.get(name)
    return Term(named.text, meanings, name, mood=is_mood, shown_as=shown_as, weak=weak, scene=scene)


def _coloured(index: int, found: Sequence[Named], terms: Sequence[Term], language: str) -> int | None:
    """Whose colour the term at an index is: that of the thing beside it, else of the last or the next figure."""
    before = next((other for other in reversed(range(index)) if not terms[other].is_colour), None)
    after = next((other for other in range(index + 1, len(terms)) if not terms[other].is_colour), None)
    beside = [
        other
        for other in ((before, after) if language in COLOUR_LAST else (after, before))
        if other is not None
        and max(found[index].start - found[other].end, found[other].start - found[index].end) <= COLOUR_REACH
    ]
    figures = [other for other in (before, after) if other is not None and terms[other].label("subject")]
    return next(iter([*beside, *figures]), None)


def _is_of_another(between: Sequence[str], unknown: Collection[str]) -> bool:
    """Whether between a colour and a thing stands another thing that is not known, whose colour it is."""
    return any(part.startswith(word) for part in between for word in unknown)


def _sized(term: Term, size: str) -> Term:
    """The term of a figure, or of a sun or moon, with its size."""
    if not size or term.label("subject") in OWN_SIZE:
        return term
    kind = "figure" if term.label("subject") else "sky" if term.label("celestial") else ""
    return replace(term, marks=(*term.marks, f"{size} {kind}")) if kind else term


def _counted(term: Term, before: Sequence[str], following: Sequence[str], language: str, plural: bool) -> Term:
    """The term with the number that stands before it, or after it; three of a plain plural."""
    is_figure = bool(term.label("subject"))
    near = [*reversed(before), *following[: NUMBER_AFTER.get(language, 0) if is_figure else 0]]
    number = next((part for part in near if part in NUMBERS or part in UNKEPT), "")
    count = "crowd" if number in UNKEPT else NUMBERS.get(number, "three" if plural else "")
    if number and count in COUNTS and term.label("detail") == FLOCK:
        term = replace(term, meanings=(Meaning("subject", "bird"),))
    if term.label("subject") and count in COUNTS:
        return replace(term, marks=(count,), lost=(number,) if number in UNKEPT else ())
    if number and term.label("celestial") and count in COUNTS:
        is_kept = count in SKY_COUNTS
        return replace(term, marks=(f"{count} sky",) if is_kept else (), lost=() if is_kept else (number,))
    if number and term.label("terrain") and count in COUNTS:
        return replace(term, lost=(number,))
    return term
