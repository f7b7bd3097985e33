"""What something is only compared to, in an English text: "like a feather the snow lay down"."""

from __future__ import annotations

from collections.abc import Sequence

from installation.dream.arrangement_words import NUMBERS
from installation.dream.english_words import PREPOSITIONS, STARTERS
from installation.dream.term import Term
from installation.dream.verbs import PAUSES


class Comparison:
    """Follows what is compared, word by word.

    Attributes:
        active: Whether the word that was reached last is compared.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.active = False
        self._words = words
        self._noun_end = 0  # the word after the last noun that was compared
        self._placed = False  # whether a preposition has followed that noun

    def reach(self, position: int) -> None:
        """Go on to a word."""
        word = self._words[position]
        if word in PAUSES or word in ("and", "but") or (self._noun_end == position and word in STARTERS):
            self.active = False
        if word == "like" or _begins_comparison(self._words, position):
            self.active, self._noun_end, self._placed = True, -1, False
        self._placed |= self._noun_end > 0 and word in PREPOSITIONS

    def covers(self, term: Term, end: int) -> bool:
        """Whether a term that ends before `end` is compared."""
        covered = self.active and not (self._placed and not term.label("subject"))
        self._noun_end = end if self.active else self._noun_end
        return covered


def is_metaphor(first: Term, second: Term, between: Sequence[str]) -> bool:
    """Whether a text says that something which it names literally is something else: "her eyes were two lakes".

    Two figures are shown both: "the king is a frog".
    """
    if second.is_colour or second.mood or first.mood or first.compared or not first.meanings:
        return False
    if not between or between[0] not in _IS or not set(between[1:2]) & (_ARTICLES | NUMBERS.keys()):
        return False
    if any(word in PREPOSITIONS or word in PAUSES or word in ("not", "no", "like", "and") for word in between):
        return False
    return not (first.label("subject") and second.label("subject"))


_IS = frozenset(["is", "are", "was", "were", "became", "becomes"])
_ARTICLES = frozenset(["a", "an", "the", "my", "your", "our"])


def _begins_comparison(words: Sequence[str], position: int) -> bool:
    """Whether "as" here is the second of "as ... as", or that of "as if"."""
    if words[position] != "as":
        return False
    return "as" in words[max(0, position - 3) : position] or words[position + 1 : position + 2] == ["if"]
