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
        ends = self._noun_end == position and (word in STARTERS or word in _ACTS_NEXT)
        if word in PAUSES or word in ("and", "but") or ends:
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


_ACTS_NEXT_WORDS = (  # behind what is compared: "the moon like a melon hangs over the barns"
    "hangs hung lies lay rises rose falls fell comes came goes went stands stood sleeps slept drifts drifted "
    "floats floated waits waited sings sang sits sat watches watched burns burned shines shone creeps crept runs "
    "ran climbs climbed leans leaned walks walked stares stared glows glowed turns turned settles settled looks "
    "looked keeps kept rests rested"
)
_ACTS_NEXT = frozenset(_ACTS_NEXT_WORDS.split())
MIN_ADVERB = 4  # letters: "only" and "fly" are none that tell how
_QUALITIES = (  # how something is that a comparison follows
    "big large huge small little tiny tall high low deep wide broad narrow thin thick fat long short bright "
    "dark black white red green blue gold golden silver grey gray pale yellow pink brown soft hard cold cool "
    "warm hot sweet bitter sour quiet silent still loud slow quick fast swift old young new heavy light sharp "
    "blunt round flat smooth rough clear pure clean free proud strong weak gentle mild sure brave dry wet empty "
    "full rich poor fresh ripe fair fine sad glad happy merry hungry fierce wild tame blind deaf dead mad wise "
    "good straight bare naked steady stiff brittle delicate beautiful lovely lonely terrible patient innocent "
    "plain simple calm common rare regular silken"
)
QUALITIES = frozenset(_QUALITIES.split())
_IS = frozenset(["is", "are", "was", "were", "became", "becomes"])
_ARTICLES = frozenset(["a", "an", "the", "my", "your", "our"])


def _begins_comparison(words: Sequence[str], position: int) -> bool:
    """Whether "as" here is the second of "as ... as", that of "as if", or behind how something is: "big as a house"."""
    if words[position] != "as":
        return False
    before = words[position - 1] if position else ""
    if before in QUALITIES or (before.endswith("ly") and len(before) > MIN_ADVERB):
        return True
    return "as" in words[max(0, position - 3) : position] or words[position + 1 : position + 2] == ["if"]
