"""What a text names that is not English: by the lists of four languages, then by the nearest of the known names.

Where words are separated by spaces, each word is looked up, and each pair of neighbours. Chinese, Japanese and Thai
are not: there the text is cut where the pieces are nearest to known names (a best path over all short pieces).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from installation.dream.arrangement_words import COUNTS, NUMBERS
from installation.dream.nearest_words import LIGHT, SURE, Match, NearestWords
from installation.dream.term import Term
from installation.models.lexicon import MAX_WORDS, Lexicon, Meaning
from installation.text.language import ENGLISH, UNKNOWN, UNSPACED, function_words, script_language

MOOD_GROUPS = ("sky", "terrain", "weather", "tint")  # what an unsure reading shows: light and land, no figure
MAX_PIECE = {"zh": 4, "ja": 5, "th": 10}  # characters
MIN_PIECE = {"zh": 1, "ja": 1, "th": 3}
UNSURE_MOODS = 16  # nearest moods, of which the text draws one where none is near
LIGHTS = ("licht", "lumière", "luz", "luce", "свет", "ışık", "światło")  # which the lists call a lamp
SURE_OF_STRANGERS = 0.7  # similarity from which words in a sentence of an unknown language are taken
PIECE_GAIN = 0.55  # similarity from which a piece is worth its characters
MAX_CHARACTERS = 60  # of a text without spaces that are cut into pieces
_WORD = re.compile(
    r"[^\s\d_.,;:!?\u2026\"\u201c-\u201f()\u00ab\u00bb\u3000-\u3002\uff01\uff0c\uff1f\u0964\u060c\u061f]+"
)  # marks stay


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


def read_foreign(text: str, language: str, lexicon: Lexicon, nearest: NearestWords | None) -> ForeignText:
    """Read a text.

    Args:
        text: Not in English.
        language: Two letters, or "" for an unknown one.
        lexicon: Of the generator.
        nearest: Loaded; None where there is no sentence encoder: then only the lists are used.
    """
    sure = SURE_OF_STRANGERS if language == UNKNOWN and len(_WORD.findall(text)) > 1 else SURE
    encoded = language != UNKNOWN or script_language(text) == ENGLISH
    if not encoded:
        found = []
    elif language in UNSPACED:
        found = _cut(text, language, nearest) if nearest else []
    else:
        found = [each for each in _words(text, language, lexicon, nearest) if each[1].similarity >= sure]
    terms = _counted(_bind_colours([_term(word, match, lexicon) for word, match in found]), text, language)
    if terms:
        return ForeignText(tuple(terms), ", ".join(match.name for _, match in found))
    if nearest is None:
        return ForeignText(())
    best = max(nearest.moods([text, *_content(text, language)]), key=lambda match: match.similarity)
    if encoded and best.similarity >= sure:
        return ForeignText((Term(text.lower(), best.meanings, mood=True),), best.name)
    near = nearest.near_moods(text, UNSURE_MOODS)
    drawn = near[zlib.crc32(text.encode()) % len(near)]  # texts of an unknown script are all near to the same mood
    return ForeignText((), drawn.name, tuple(one for one in drawn.meanings if one.group in MOOD_GROUPS))


def _term(word: str, match: Match, lexicon: Lexicon) -> Term:
    weak = match.name == LIGHT or word in LIGHTS
    return Term(word, match.meanings, shown_as=lexicon.stand_ins.get(match.name, ""), weak=weak)


def _words(text: str, language: str, lexicon: Lexicon, nearest: NearestWords | None) -> list[tuple[str, Match]]:
    """The words and phrases that name something, in their order."""
    words = _WORD.findall(text)
    stops = function_words(language) if len(words) > 1 else frozenset()  # one word is meant
    listed = _listed(words, lexicon, stops)
    open_words = [index for index in range(len(words)) if index not in listed and words[index].lower() not in stops]
    found = dict(_nearest_spans(words, open_words, nearest)) if nearest else {}
    for index in open_words:
        if index not in found and (meanings := lexicon.names.get(words[index].lower())):
            found[index] = Match(words[index].lower(), meanings, 1.0)
    named = {**{index: match for index, match in listed.items() if match}, **found}
    return [(words[index].lower(), named[index]) for index in sorted(named)]


def _listed(words: Sequence[str], lexicon: Lexicon, stops: frozenset[str]) -> dict[int, Match | None]:
    """The longest phrases of the lists by their first word; None for their other words."""
    found: dict[int, Match | None] = {}
    position = 0
    while position < len(words):
        for length in range(min(MAX_WORDS, len(words) - position), 0, -1):
            phrase = " ".join(words[position : position + length]).lower()
            meanings = lexicon.foreign.get(phrase)
            if meanings and phrase not in stops:
                found |= dict.fromkeys(range(position, position + length))
                found[position] = Match(english_name(meanings), meanings, 1.0)
                position += length - 1
                break
        position += 1
    return found


def _nearest_spans(words: Sequence[str], indices: Sequence[int], nearest: NearestWords) -> list[tuple[int, Match]]:
    """The nearest names of single words, or of two neighbours that mean more together."""
    pairs = [index for index in indices if index + 1 in indices]
    texts = [*(words[index] for index in indices), *(f"{words[index]} {words[index + 1]}" for index in pairs)]
    matches = nearest.names(texts)
    single = dict(zip(indices, matches[: len(indices)], strict=True))
    found = {index: match for index, match in single.items() if match.similarity >= SURE}
    for index, match in zip(pairs, matches[len(indices) :], strict=True):
        parts = [single[index].similarity, single[index + 1].similarity]
        if match.similarity >= SURE and match.similarity > max(parts):
            found.pop(index + 1, None)
            found[index] = match
    return sorted(found.items())


def _cut(text: str, language: str, nearest: NearestWords) -> list[tuple[str, Match]]:
    """Cut a text without spaces into the pieces that name something, so that their similarities sum to the most."""
    found: list[tuple[str, Match]] = []
    for run in _WORD.findall(text[:MAX_CHARACTERS]):
        longest, shortest = MAX_PIECE[language], MIN_PIECE[language]
        spans = [
            (start, end)
            for start in range(len(run))
            for end in range(start + min(shortest, len(run)), min(start + longest, len(run)) + 1)
        ]
        matches = dict(zip(spans, nearest.names([run[start:end] for start, end in spans]), strict=True))
        found += [(run[start:end], matches[start, end]) for start, end in _best_path(len(run), matches)]
    return found


def _best_path(length: int, matches: dict[tuple[int, int], Match]) -> list[tuple[int, int]]:
    """Spans that do not overlap, with the largest sum of gains."""
    best: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])]
    for end in range(1, length + 1):
        options = [best[end - 1]]
        for (start, stop), match in matches.items():
            if stop == end and match.similarity >= SURE:
                gain, spans = best[start]
                options.append((gain + (match.similarity - PIECE_GAIN) * (end - start), [*spans, (start, end)]))
        best.append(max(options, key=lambda option: option[0]))
    return best[length][1]


def _bind_colours(terms: list[Term]) -> list[Term]:
    """Give the first colour to the first figure; a colour alone tints the picture."""
    colour = next((term.label("subject_colour") for term in terms if term.is_colour), "")
    figure = next((index for index, term in enumerate(terms) if term.label("subject") and not term.is_colour), None)
    if not colour or figure is None:
        return terms
    terms[figure] = replace(terms[figure], colour=colour)
    return [term for term in terms if not term.is_colour]


def _counted(terms: list[Term], text: str, language: str) -> list[Term]:
    """Give the first number of the text to its first figure."""
    parts = list(text) if language in UNSPACED else [word.lower() for word in _WORD.findall(text)]
    count = next((NUMBERS[part] for part in parts if NUMBERS.get(part) in COUNTS), "")
    figure = next((index for index, term in enumerate(terms) if term.label("subject")), None)
    if count and figure is not None:
        terms[figure] = replace(terms[figure], marks=(count,))
    return terms


def _content(text: str, language: str) -> list[str]:
    stops = function_words(language)
    return [word for word in _WORD.findall(text) if word.lower() not in stops]


def english_name(meanings: Sequence[Meaning]) -> str:
    """What the classes of a word are called in English."""
    return " ".join(dict.fromkeys(one.label for one in meanings))
