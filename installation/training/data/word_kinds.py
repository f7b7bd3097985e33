"""What English words are a kind of, as far as a picture shows it: "corgi" is a dog, "sloop" a boat, "joy" nothing.

    python -m installation.training.data.word_kinds

writes `assets/wordnet/kinds.txt` from Debian's `wordnet-base` and the senses that `word_kinds.toml` names. Each line is
a word, a tab, and the name of what it is a kind of, or `-` for another noun, or nothing for no noun. What is more often
a verb, an adjective or an adverb has a `.` before it. The commonest sense of a noun counts, but an animal before a
person ("ostrich") or a place, and a fruit before its tree. Of what nothing shows, only words that occur in WordNet's
own texts are kept; of people those of `nouns.txt`, too. `assets/wordnet/rare.txt` has other nouns for things.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from installation.core.paths import ASSETS
from installation.dream.english_words import nouns
from installation.training.data.wordnet import (
    instance_of,
    irregular_forms,
    is_physical,
    noun_parents,
    noun_sense,
    noun_senses,
    usage,
)
from installation.training.data.wordnet import nouns as wordnet_nouns

TARGET, RARE = ASSETS / "wordnet" / "kinds.txt", ASSETS / "wordnet" / "rare.txt"
NAMES = Path(__file__).with_name("word_kinds.toml")
NOUN, OTHER = "-", "."
STEPS = 14  # upwards, at most
NOUN_SHARE = 0.4  # of the occurrences of a word, from which it is a noun
NOT_READ = {  # words that mean something else where somebody wishes a picture
    **dict.fromkeys(
        ("hammock", "needle", "toaster", "opener", "mixer", "cooker", "boiler", "speaker", "printer"), NOUN
    ),
    **dict.fromkeys(("scanner", "heater", "fig", "hood", "seesaw", "rover", "doormat", "lucy"), NOUN),
    "ghost": "ghost",
    "phoenix": "eagle",
    "ostrich": "bird",
    "twin": "child",
    "twins": "child",
}
FRUIT = ("apple", "pear", "orange", "banana", "cherries")
HEADER = (
    "# Words of WordNet 3.0 (Princeton University, see licence.txt), and what each is a kind of.\n"
    "# Written by `python -m installation.training.data.word_kinds`.\n"
)
_RARE = re.compile(r"[a-z]{5,12}")
_WORD = re.compile(r"[a-z]{2,}(?:-[a-z]+)*")


def kind_of(word: str) -> str:
    """The name of what a noun is a kind of, NOUN for what no name is above, "" for no noun."""
    kinds = [_kind_of_sense(offset) for offset in noun_senses(word)]
    first = kinds[0] if kinds else ""
    if first in PEOPLE and instance_of(noun_senses(word)[0]):
        return NOUN  # somebody by name
    is_rare = not usage().get(word, Counter())["noun"]
    if first in PLACES or (first in PEOPLE and is_rare):
        return next((kind for kind in kinds if kind in ANIMALS), first)
    return next((kind for kind in kinds if kind in FRUIT), first) if first == "tree" else first


@cache
def word_kinds() -> Mapping[str, str]:
    """All words with their kinds and marks, in the order of the alphabet."""
    kinds: dict[str, str] = {}
    for word, counts in usage().items():
        if not _WORD.fullmatch(word):
            continue
        kind = NOT_READ.get(word) or kind_of(word)
        if not counts.total() and (kind in ("", NOUN) or (kind in PEOPLE and word not in nouns())):
            continue
        kinds[word] = kind if _is_noun(counts) else OTHER + kind
    for form, base in irregular_forms():
        if base in kinds and _WORD.fullmatch(form):
            kinds.setdefault(form, OTHER)
    return dict(sorted(kinds.items()))


def write_kinds(path: Path = TARGET) -> None:
    """Write a line for each word."""
    rows = (f"{word}\t{kind}\n" for word, kind in word_kinds().items())
    path.write_text(HEADER + "".join(rows), encoding="utf-8")


def rare_nouns() -> tuple[str, ...]:
    """The physical nouns that have no kind, in the order of the alphabet: no invented names (`invented_names`)."""
    known = word_kinds()
    return tuple(
        sorted(
            word
            for word in wordnet_nouns()
            if _RARE.fullmatch(word) and word not in known and word not in nouns() and _is_thing(word)
        )
    )


def write_rare(path: Path = RARE) -> None:
    """Write them as one line."""
    path.write_text(HEADER + " ".join(rare_nouns()) + "\n", encoding="utf-8")


def _is_thing(word: str) -> bool:
    return any(is_physical(offset) and word in noun_sense(offset)[0] for offset in noun_senses(word))


def _kind_of_sense(offset: str) -> str:
    offsets: tuple[str, ...] = (offset,)
    for _ in range(STEPS):
        found = next((_anchors()[each] for each in offsets if each in _anchors()), "")
        if found:
            return found
        offsets = tuple(dict.fromkeys(above for each in offsets for above in noun_parents(each)))
    return NOUN


def _is_noun(counts: Counter[str]) -> bool:
    return "noun" in counts and counts["noun"] >= NOUN_SHARE * counts.total()


@cache
def _anchors() -> Mapping[str, str]:
    """The names of the table by the offsets of their senses."""
    found: dict[str, str] = {}
    for group in _table().values():
        for name, senses in group.items():
            for sense in senses.split(", "):
                word, _, number = sense.partition("#")
                offsets = noun_senses(word)
                if len(offsets) < int(number or 1):
                    raise ValueError(f"WordNet has no sense {sense!r}.")
                found.setdefault(offsets[int(number or 1) - 1], name)
    return found


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    table: dict[str, dict[str, str]] = tomllib.loads(NAMES.read_text(encoding="utf-8"))
    return table


ANIMALS, PEOPLE, PLACES = (frozenset(_table()[group]) for group in ("animals", "people", "places"))


if __name__ == "__main__":
    write_kinds()
    write_rare()
