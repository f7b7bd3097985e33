"""Cuts Chinese, Japanese and Thai, which write no spaces, into words of the dictionaries and the noun lists.

At each place the longest word counts. What no list has is left to the sentence encoder, if it looks like a noun.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from installation.dream.foreign_names import MAX_CHARACTERS, MAX_LISTED, Named, listed_match, nearest_pieces
from installation.dream.nearest_words import NearestWords
from installation.models.lexicon import Lexicon, Meaning
from installation.text.glossary import Entry, Glossary

_UNKNOWN_NOUN = {  # stretches that no list has and that may be a noun
    "zh": re.compile(r"[\u3400-\u9fff]{2,}"),
    "ja": re.compile(r"[\u3400-\u9fff]{2,}|[\u30a0-\u30ff]{3,}"),
    "th": re.compile(r"[\u0e00-\u0e7f]{3,}"),
}
_THAI_SIGNS = (
    "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e30\u0e32\u0e33"  # begin no word
)
_MIN_THAI = 2


class Piece(NamedTuple):
    """A word: of the dictionary, or a noun; or one that may be an unknown noun."""

    text: str
    start: int
    entry: Entry | None = None
    named: Named | None = None


def cut_words(
    text: str, language: str, lexicon: Lexicon, nearest: NearestWords | None, glossary: Glossary
) -> list[Piece]:
    """The words of a clause in their order; what is none is left out."""
    text = text[:MAX_CHARACTERS]
    own = _nouns(language, lexicon)
    pieces: list[Piece] = []
    position, gap = 0, 0
    while position < len(text):
        piece = _longest(text, position, language, own, lexicon, glossary)
        if piece is None:
            position += 1
            continue
        pieces += _from_gap(text, gap, position, language, nearest)
        pieces.append(piece)
        position = gap = position + len(piece.text)
    pieces += _from_gap(text, gap, len(text), language, nearest)
    return [piece for piece in pieces if not _is_torn(piece, pieces, text)]


def _nouns(language: str, lexicon: Lexicon) -> Mapping[str, tuple[Meaning, ...]]:
    own = dict(lexicon.languages.get(language, {}))
    if language == "zh":  # without kana it may be Japanese
        own = {word: each for word, each in lexicon.languages.get("ja", {}).items() if len(word) > 1} | own
    return own


def _longest(
    text: str,
    start: int,
    language: str,
    own: Mapping[str, tuple[Meaning, ...]],
    lexicon: Lexicon,
    glossary: Glossary,
) -> Piece | None:
    if language == "th" and text[start] in _THAI_SIGNS:
        return None
    noun = next(
        (end for end in range(min(len(text), start + MAX_LISTED + 8), start, -1) if text[start:end] in own), start
    )
    if language == "th" and noun - start < _MIN_THAI:
        noun = start
    found = glossary.longest(text, start)
    if found is not None and found[0] >= noun:
        return Piece(text[start : found[0]], start, entry=found[1])
    if noun == start:
        return None
    word = text[start:noun]
    return Piece(word, start, named=Named(start, noun, word, listed_match(language, word, own[word], lexicon)))


def _from_gap(text: str, start: int, end: int, language: str, nearest: NearestWords | None) -> list[Piece]:
    """The nouns that the sentence encoder knows between two words of the lists."""
    found = []
    for run in _UNKNOWN_NOUN[language].finditer(text, start, end):
        named = []
        for (first, last), match in nearest_pieces(run.group(), language, nearest) if nearest else ():
            if match.meanings:
                begin = run.start() + first
                word = text[begin : run.start() + last]
                named.append(Piece(word, begin, named=Named(begin, run.start() + last, word, match)))
        found += named or [Piece(run.group(), run.start())]
    return found


def _is_torn(piece: Piece, pieces: list[Piece], text: str) -> bool:
    """Whether a noun of one ideograph, or of Katakana, is a part of a longer word that no list has."""
    if piece.named is None:
        return False
    end = piece.start + len(piece.text)
    taken = {place for each in pieces for place in range(each.start, each.start + len(each.text))}
    beside = [text[place] for place in (piece.start - 1, end) if 0 <= place < len(text) and place not in taken]
    if len(piece.text) == 1:
        return any("\u3400" <= one <= "\u9fff" for one in beside)
    return "\u30a0" <= piece.text[0] <= "\u30ff" and any("\u30a0" <= one <= "\u30ff" for one in beside)
