"""People whom a text calls by their names: "Max and Lena on the swing", "Mr. Henderson", "my dog Bruno".

A given name is a woman or a man, whoever they are; beside things of children, a girl or a boy. A name right after a
figure is what that figure is called, and shows nothing of its own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache

from installation.models.lexicon import FOLDER, Lexicon, Meaning

GIRL, BOY = "child", "boy"  # labels of young ones
OF_CHILDREN = frozenset(
    [
        *("swing", "swings", "slide", "seesaw", "playground", "sandbox", "sandpit", "sandcastle", "kindergarten"),
        *("nursery", "homework", "recess", "crayons", "toys", "toy", "lego", "teddy", "school", "preschool"),
        *("trampoline", "snowman"),
    ]
)
OWNING = frozenset(["my", "our", "his", "her", "your", "their"])  # before who is called by a name
_OF_PLACES = frozenset(  # before their names
    ["lake", "mount", "santa", "san", "saint", "st", "port", "fort", "cape", "new", "island", "river"]
)
_TITLE_DOT = re.compile(r"\b(mrs?|ms|dr|prof|st)\.(?= ?[A-Z])", re.IGNORECASE)


def without_title_dots(text: str) -> str:
    """A text whose titles end no sentence: "Mr Henderson"."""
    return _TITLE_DOT.sub(r"\1", text)


def person_named(words: Sequence[str], position: int, names: frozenset[int], lexicon: Lexicon) -> tuple[Meaning, ...]:
    """Who a word names: a woman, a man, a girl or a boy; nothing if it is no given name.

    Args:
        words: Of a text, in lower case.
        position: Of the word.
        names: The places of words that are written as names.
        lexicon: Of the generator. What it has is no name, unless it is written as one.
    """
    word = words[position].removesuffix("'s")
    label = _labels().get(word, "")
    of_place = position > 0 and words[position - 1] in _OF_PLACES
    if not label or of_place or (position not in names and word in lexicon.names):
        return ()
    if not OF_CHILDREN.isdisjoint(words):
        label = {"woman": GIRL, "man": BOY}[label]
    return lexicon.names.get(label, ())


def title_named(words: Sequence[str], position: int, names: frozenset[int], lexicon: Lexicon) -> tuple[Meaning, ...]:
    """Who a title before a surname names: "Mrs Miller"."""
    label = _titles().get(words[position], "")
    follows = position + 1 < len(words) and words[position + 1][0].isalpha()
    is_name = position + 1 in names or words[position] in ("mr", "mrs", "ms", "dr")
    return lexicon.names.get(label, ()) if label and follows and is_name else ()


def is_given_name(word: str) -> bool:
    """Whether a word is a given name."""
    return word in _labels()


def is_named_after(words: Sequence[str], position: int, lexicon: Lexicon) -> bool:
    """Whether a given name is that of the figure behind it: "Bruno the dog"."""
    named = words[position] in _labels() and words[position + 1 : position + 2] == ["the"]
    after = words[position + 2] if named and position + 2 < len(words) else ""
    return named and any(one.group == "subject" for one in lexicon.names.get(after, ()))


@cache
def _labels() -> dict[str, str]:
    rows = _table()
    return {name: label for label, row in (("woman", "women"), ("man", "men")) for name in rows[row].split()}


@cache
def _titles() -> dict[str, str]:
    rows = _table()
    pairs = (("woman", "titled_women"), ("man", "titled_men"), ("doctor", "titled_doctors"))
    return {name: label for label, row in pairs for name in rows[row].split()}


@cache
def _table() -> dict[str, str]:
    rows: dict[str, str] = tomllib.loads((FOLDER / "given_names.toml").read_text(encoding="utf-8"))
    return rows
