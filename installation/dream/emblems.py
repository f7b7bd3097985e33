"""What is shown of abstract words that stand alone: "so lonely" is an old man on a bench in the snow at night.

The table `emblems.toml` has a sentence for each family of words. A text is read as such a sentence if it consists of
words of the table and of words for how much, for whom and for asking; anything else that it names is shown instead.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache

from installation.models.lexicon import FOLDER

LONGEST = 6  # words of a phrase of the table
MOST_WORDS = 9  # of a text


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_PLAIN = _words(
    "a an the my your his her our their this that these some any i i'm i've am we we're you you're it it's is are was "
    "were be been he she they feel feels felt feeling feelings being sense mood state kind sort air touch bit little "
    "so very really quite too pretty rather such much more most deep deeply pure purely utter utterly great big huge "
    "total totally complete completely absolute absolutely infinite sheer true real strange sudden suddenly and or of "
    "in for with to all just only now today tonight again always still me us please make makes made show want need "
    "give like about something someone somebody how what when oh o ah hello very simply everything everyone "
    "moment moments concept idea word emotion atmosphere vibe vibes scene picture"
)
_JOINED = frozenset(["and", "or", "of", "in", "for", "with", "to", "about", "like"])  # what follows says more of it
_SIDES = _words(  # words of the table that name a side of what follows "of": "the weight of memory"
    "weight sound end ending beginning beginnings power art secret secrets beauty miracle mystery music language magic "
    "meaning story stories time hours moment song dream dreams question words word poetry feeling life"
)


def emblem_of(text: str) -> str:
    """The sentence that depicts an English text of abstract words; "" for any other text.

    Of several abstract words, the last before "and" or a preposition counts: "quiet despair", "a fear of silence". Of
    "the sound of silence" it is what follows.
    """
    words = _WORD.findall(text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    if len(words) > MOST_WORDS:
        return ""
    found = ""
    position, ended = 0, False
    while position < len(words):
        phrase = _longest(words[position:])
        if not phrase and words[position] not in _PLAIN:
            return ""
        if not phrase and words[position] in _JOINED:
            ended |= bool(found) and not (words[position] == "of" and found.removeprefix("the ") in _SIDES)
        found = phrase if phrase and not ended else found
        position += len(phrase.split()) or 1
    return _sentences().get(found, "")


def _longest(words: Sequence[str]) -> str:
    """The longest phrase of the table with which words begin, or ""."""
    phrases = (" ".join(words[:length]) for length in range(min(LONGEST, len(words)), 0, -1))
    return next((phrase for phrase in phrases if phrase in _sentences()), "")


@cache
def _sentences() -> Mapping[str, str]:
    """The table: word -> sentence."""
    table = tomllib.loads((FOLDER / "emblems.toml").read_text(encoding="utf-8"))
    return {word: sentence for sentence, words in table.items() for word in words.split(", ")}
