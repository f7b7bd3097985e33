"""What a text names, in pieces, and which of them only say more of the noun that they stand before.

A compound is its last word: "a grandfather clock" is a clock, "a fire engine" an engine. What a place or a time is
called after stays ("a rose garden", "a mountain hut", "a night train"), and so does each word of a mere list: "moon
castle fog".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from installation.dream.english_words import DETERMINERS, DRIFTING, WEAK, function_words
from installation.dream.verbs import PLURALS
from installation.models.figure_traits import trait
from installation.models.lexicon import Lexicon, Meaning, base_forms

_OF_A_BUILDING = frozenset(
    ["floor", "floors", "ceiling", "steps", "porch", "yard", "cellar", "loft", "rafters", "eaves"]
)
_PREFIXES = frozenset(["un", "re", "co", "anti", "non", "self", "ex", "half", "mid", "semi", "post", "pre", "x"])
PEOPLE = trait("people")
LISTED = 3  # pieces in a row, without a function word, that are a list


class Piece(NamedTuple):
    """Words that name something, from `start` to `end`.

    Attributes:
        meanings: The classes that they name; none for a thing that no list has.
        mood: Whether they are an abstract word.
        text: As in the text, in lower case.
        kind: The label of what is shown of it, where no list has it and WordNet says what it is a kind of.
        abstract: Whether it may be no thing: then a figure before it is shown.
    """

    start: int
    end: int
    meanings: tuple[Meaning, ...]
    mood: bool
    text: str
    kind: str = ""
    abstract: bool = False

    def names(self, group: str) -> bool:
        """Whether it names a class of a group."""
        return any(one.group == group for one in self.meanings)

    @property
    def is_figure(self) -> bool:
        """Whether it names a figure."""
        return not self.mood and any(one.group == "subject" and one.label != "nobody" for one in self.meanings)


_HYPHENED = re.compile(r"\b([a-z]+)-([a-z]+)\b", re.IGNORECASE)
_SEEN = ("subject", "celestial", "terrain", "weather")  # groups


def without_hyphens(text: str, lexicon: Lexicon) -> str:
    """An English text whose hyphened compounds that no list has are two words: "hedge-crickets", "a honey-bee"."""

    def parted(found: re.Match[str]) -> str:
        whole = any(lexicon.has(form) or form in lexicon.implied for form in base_forms(found[0].lower()))
        named = [one for form in base_forms(found[2].lower()) for one in lexicon.names.get(form, ())]
        parts = not whole and any(one.group in _SEEN for one in named)
        return f"{found[1]} {found[2]}" if parts and found[1].lower() not in _PREFIXES else found[0]

    return _HYPHENED.sub(parted, text)


def heads(pieces: Sequence[Piece], words: Sequence[str]) -> list[Piece]:
    """The pieces without those that only say more of the next one, whose text begins with them if no list has it."""
    if len(pieces) >= LISTED and function_words().isdisjoint(words):
        return list(pieces)
    found: list[Piece] = []
    for piece in pieces:
        while found and _says_more(found[-1], piece, words):
            first = found.pop()
            if not piece.meanings and piece.text in _OF_A_BUILDING and first.meanings:
                piece = first._replace(end=piece.end)  # "the barn floor"
            elif (not piece.meanings or piece.kind) and not first.text.endswith("ing"):
                piece = piece._replace(start=first.start, text=f"{first.text} {piece.text}")
        found.append(piece)
    return found


def _says_more(first: Piece, head: Piece, words: Sequence[str]) -> bool:
    """Whether a piece belongs to the next one."""
    if first.end != head.start or words[head.start] in function_words():  # "a motorbike on the road"
        return False
    seen = head.text == "watching" and words[head.end : head.end + 1]  # "on the sofa watching television"
    if head.text.endswith("ing") and (seen or any(one.label in PEOPLE for one in first.meanings)):
        return False  # "a man watching birds"
    if first.mood or head.mood or (head.abstract and first.meanings) or _is_many(first.text) or _is_done(head, words):
        return False
    if head.meanings and not head.is_figure:
        return not first.meanings
    alone = head.is_figure and DETERMINERS.isdisjoint(words)  # "snow fox", typed as two wishes
    drifts = first.text in DRIFTING or first.names("celestial")
    return not first.meanings or first.is_figure or (drifts and not alone)


def _is_many(text: str) -> bool:
    return text in PLURALS or (text.endswith("s") and not text.endswith(("ss", "us")))


_AFTER_DOING = frozenset(
    [
        *("away", "home", "alone", "along", "past", "towards", "toward", "slowly", "together", "back", "beside"),
        *("near", "next", "against", "among", "amongst", "across", "around", "inside", "outside", "behind", "between"),
        *("below", "beneath", "over", "under", "underneath", "through", "into", "onto", "opposite", "upon", "within"),
    ]
)


def _is_done(piece: Piece, words: Sequence[str]) -> bool:
    """Whether it is what the one before does: "a wolf howling", "a child playing football"."""
    ends = piece.end == len(words) or not words[piece.end][0].isalnum() or words[piece.end] in function_words()
    if piece.text.endswith("ing") and words[piece.end : piece.end + 1] and words[piece.end] in _AFTER_DOING:
        return True
    if piece.text in WEAK or (piece.end - piece.start > 1 and words[piece.start].endswith("ing")):
        return True
    return piece.text.endswith("ing") and ends
