"""Finds what words of other languages name: in the lists, else the nearest known name, if it is near enough."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from installation.dream.nearest_words import SURE, SURE_BESIDE_LISTS, Match, NearestWords
from installation.dream.word_forms import Inflected, word_forms
from installation.models.lexicon import MAX_WORDS, Lexicon, Meaning
from installation.text.language import UNKNOWN, function_words, said_of_things

MAX_PIECE = {"zh": 4, "ja": 5, "th": 10}  # characters
MIN_PIECE = {"zh": 2, "ja": 2, "th": 3}
MAX_LISTED = 7  # characters of a word of the lists
PIECE_GAIN = 0.55  # similarity from which a piece is worth its characters
MAX_CHARACTERS = 60  # of a text without spaces that are cut into pieces
WORD = re.compile(
    r"[^\s\d_.,;:!?\u2026\"\u201c-\u201f()\u00ab\u00bb\u3000-\u3002\uff01\uff0c\uff1f\u0964\u060c\u061f]+"
)  # marks stay
_TOKEN = re.compile(rf"{WORD.pattern}|\d+")
_ELIDED = re.compile(r"(?i)\b(l|d|qu|c|j|m|n|s|t|un|dell|all|nell|sull|dall)['\u2019](?=\w)")


_ARTICLES = {  # before nouns that are function words, too: Dutch "meer"
    "nl": ("het", "de"),
    "de": ("das", "der", "dem"),
    "fr": ("le", "la", "les"),
    "es": ("el", "la", "los", "las"),
    "it": ("il", "la", "lo", "gli", "le"),
    "pt": ("o", "os", "um", "uma"),
}

_COMPOUNDING = ("de", "nl", "sv")  # languages that write compounds as one word
SHORTEST_BEGINNING, SHORTEST_END = 3, 4  # letters of the parts of a compound


class Named(NamedTuple):
    """A word or phrase that names something: from `start` to `end` of the parts of its text, which has it as `text`."""

    start: int
    end: int
    text: str
    match: Match


def words_in(text: str) -> list[str]:
    """The words and numbers of a text in a language that writes spaces."""
    return _TOKEN.findall(_ELIDED.sub(r"\1' ", text))


def spaced_names(
    text: str, language: str, lexicon: Lexicon, nearest: NearestWords | None, known: Container[int] = ()
) -> tuple[list[str], list[Named]]:
    """The words of a text, and which of them name something, in their order; `known` are places of other words."""
    words = words_in(text)
    stops = function_words(language) if len(words) > 1 else frozenset()  # one word is meant
    own = lexicon.languages.get(language, {})
    found = _listed(words, language, lexicon, stops)
    taken = {index for each in found for index in range(each.start, each.end)}
    open_words = [
        index
        for index, word in enumerate(words)
        if index not in taken and index not in known
        if word.lower() not in stops and word[0].isalpha() and not word.endswith("'")
        if not _is_said(words, index, word.lower(), language, own)
    ]
    sure = SURE_BESIDE_LISTS if own else SURE
    near = dict(_nearest_spans(words, open_words, nearest, sure)) if nearest else {}
    for index in open_words:
        if index not in near and (meanings := lexicon.names.get(words[index].lower())):
            near[index] = Match(words[index].lower(), meanings, 1.0)
    if language in _COMPOUNDING:
        for index in open_words:
            end = _end_of_compound(words[index].lower(), language, own) if index not in near else ""
            if end:
                near[index] = listed_match(language, end, own[end], lexicon)
    found += [Named(index, index + 1, words[index].lower(), match) for index, match in near.items() if match.meanings]
    return words, sorted(found)


def _end_of_compound(word: str, language: str, own: Mapping[str, tuple[Meaning, ...]]) -> str:
    """The listed noun in which a compound ends, which says what it is: "Bauernhaus" is a "haus"; "" if none does."""
    tails = (word[start:] for start in range(SHORTEST_BEGINNING, len(word) - SHORTEST_END + 1))
    return next((form for tail in tails for form in word_forms(tail, language) if form in own), "")


def unspaced_names(
    text: str, language: str, lexicon: Lexicon, nearest: NearestWords | None
) -> tuple[list[str], list[Named]]:
    """The characters of a text, and which pieces of it name something, in their order."""
    text = text[:MAX_CHARACTERS]
    own: Mapping[str, tuple[Meaning, ...]] = lexicon.languages.get(language, {})
    stops = function_words(language)
    if language == "zh":  # without kana it may be Japanese
        own = {
            word: meanings for word, meanings in lexicon.languages.get("ja", {}).items() if word not in stops
        } | dict(own)
    found: list[Named] = []
    for run in WORD.finditer(text):
        spans = _longest_words(run.group(), own, stops)
        for start, end in spans:
            word = run.group()[start:end]
            found.append(
                Named(run.start() + start, run.start() + end, word, listed_match(language, word, own[word], lexicon))
            )
        for start, end in _gaps(spans, len(run.group())):
            if nearest is None or stops.issuperset(run.group()[start:end]):
                continue
            for piece, match in nearest_pieces(run.group()[start:end], language, nearest):
                offset = run.start() + start
                if not match.meanings:
                    continue
                found.append(Named(offset + piece[0], offset + piece[1], text[offset:][slice(*piece)], match))
    return list(text), sorted(found)


def listed_match(language: str, word: str, meanings: tuple[Meaning, ...], lexicon: Lexicon) -> Match:
    """A word of the lists, with its English name."""
    own, any_other = lexicon.english.get((language, word)), lexicon.english.get((UNKNOWN, word))
    name = own or any_other or " ".join(dict.fromkeys(one.label for one in meanings))
    return Match(name, meanings, 1.0)


def _listed(words: Sequence[str], language: str, lexicon: Lexicon, stops: frozenset[str]) -> list[Named]:
    """The longest phrases of the lists, those of the own language first, and English names of several words."""
    found: list[Named] = []
    own = lexicon.languages.get(language, {})
    position = 0
    while position < len(words):
        for length in range(min(MAX_WORDS, len(words) - position), 0, -1):
            phrase = " ".join(words[position : position + length]).lower()
            named = next((form for form in word_forms(phrase, language) if form in own), phrase)
            meanings = (
                own.get(named) or lexicon.foreign.get(phrase) or (lexicon.names.get(phrase) if length > 1 else None)
            )
            is_word = phrase in stops and (
                not position or words[position - 1].lower() not in _ARTICLES.get(language, ())
            )
            if meanings and not is_word and not _is_said(words, position, phrase, language, own):
                found.append(
                    Named(position, position + length, phrase, listed_match(language, named, meanings, lexicon))
                )
                position += length - 1
                break
        position += 1
    return found


def _is_said(
    words: Sequence[str], position: int, phrase: str, language: str, own: Mapping[str, tuple[Meaning, ...]]
) -> bool:
    """Whether a word is a verb after its noun, or an adjective before it: "la neige tombe", "la vecchia casa"."""
    if phrase not in said_of_things(language):
        return False
    stops, after = function_words(language), words[position + 1].lower() if position + 1 < len(words) else ""
    follows = position > 0 and words[position - 1].lower() not in stops
    return follows or (bool(after) and after not in stops and after in Inflected(own, language))


def _nearest_spans(
    words: Sequence[str], indices: Sequence[int], nearest: NearestWords, sure: float
) -> list[tuple[int, Match]]:
    """The nearest names of single words, or of two neighbours that mean more together."""
    pairs = [index for index in indices if index + 1 in indices]
    texts = [*(words[index] for index in indices), *(f"{words[index]} {words[index + 1]}" for index in pairs)]
    matches = nearest.names(texts)
    single = dict(zip(indices, matches[: len(indices)], strict=True))
    found = {index: match for index, match in single.items() if match.similarity >= sure}
    for index, match in zip(pairs, matches[len(indices) :], strict=True):
        parts = [single[index].similarity, single[index + 1].similarity]
        if match.similarity >= sure and match.similarity > max(parts):
            found.pop(index + 1, None)
            found[index] = match
    return sorted(found.items())


def _longest_words(run: str, own: Iterable[str], stops: frozenset[str]) -> list[tuple[int, int]]:
    """The longest words of a list in a run of characters.

    A single character counts only if its neighbours belong to other words: there is no book (本) in Japan (日本).
    """
    known = frozenset(own)
    spans: list[tuple[int, int]] = []
    position = 0
    while position < len(run):
        lengths = range(min(MAX_LISTED, len(run) - position), 1, -1)
        length = next(
            (one for one in lengths if run[position : position + one] in known and not _is_torn(run, position, one)), 0
        )
        spans += [(position, position + length)] if length else []
        position += length or 1
    taken = {place for start, end in spans for place in range(start, end)}
    singles = {place for place, character in enumerate(run) if character in known and place not in taken}

    def is_apart(place: int) -> bool:
        outside = not 0 <= place < len(run)
        return outside or place in taken | singles or run[place] in stops or not _is_ideograph(run[place])

    spans += [(place, place + 1) for place in singles if is_apart(place - 1) and is_apart(place + 1)]
    return sorted(spans)


def _is_torn(run: str, start: int, length: int) -> bool:
    """Whether a word in Katakana is a part of a longer one: a mouse (ネズミ) of a hedgehog (ハリネズミ)."""
    before, after = run[max(0, start - 1) : start], run[start + length : start + length + 1]
    return (_is_katakana(before) and _is_katakana(run[start])) or (
        _is_katakana(after) and _is_katakana(run[start + length - 1])
    )


def _is_katakana(character: str) -> bool:
    return "\u30a0" <= character <= "\u30ff"


def _is_ideograph(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _is_hiragana(character: str) -> bool:
    return "\u3040" <= character <= "\u309f"


def _gaps(spans: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """The stretches between spans."""
    starts = [0, *(end for _, end in spans)]
    ends = [*(start for start, _ in spans), length]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if end > start]


def nearest_pieces(run: str, language: str, nearest: NearestWords) -> list[tuple[tuple[int, int], Match]]:
    """Cut characters into the pieces that name something, so that their similarities sum to the most."""
    longest, shortest = MAX_PIECE[language], MIN_PIECE[language]
    spans = [
        (start, end)
        for start in range(len(run))
        for end in range(start + min(shortest, len(run)), min(start + longest, len(run)) + 1)
        if end - start > 1 or not _is_hiragana(run[start])
    ]
    if not spans:
        return []
    matches = dict(zip(spans, nearest.names([run[start:end] for start, end in spans]), strict=True))
    return [(span, matches[span]) for span in _best_path(len(run), matches)]


def _best_path(length: int, matches: dict[tuple[int, int], Match]) -> list[tuple[int, int]]:
    """Spans that do not overlap, with the largest sum of gains."""
    best: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])]
    for end in range(1, length + 1):
        options = [best[end - 1]]
        for (start, stop), match in matches.items():
            if stop == end and match.similarity >= SURE_BESIDE_LISTS:
                gain, spans = best[start]
                options.append((gain + (match.similarity - PIECE_GAIN) * (end - start), [*spans, (start, end)]))
        best.append(max(options, key=lambda option: option[0]))
    return best[length][1]
