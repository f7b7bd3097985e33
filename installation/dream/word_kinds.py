"""What English words are a kind of, by WordNet: "corgi" is a dog, "joy" a noun that nothing shows.

`assets/wordnet/kinds.txt` has the words; `installation/training/data/word_kinds.py` wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from installation.core.paths import ASSETS
from installation.models.lexicon import Lexicon, Meaning, base_forms

KINDS_FILE, RARE_FILE = ASSETS / "wordnet" / "kinds.txt", ASSETS / "wordnet" / "rare.txt"
NOUN, OTHER = "-", "."  # marks: another noun; what is more often no noun
SHOWN = ("subject", "celestial", "terrain", "weather")  # groups of what a kind may be shown as
_INFLECTIONS = ("ing", "ed", "er", "est", "ly", "s", "es", "d", "n")


def meanings_of_kind(word: str, lexicon: Lexicon) -> tuple[tuple[Meaning, ...], str]:
    """What a noun is shown as by its kind, and the label of that; nothing if no class of the lexicon shows the kind."""
    for form in base_forms(word):
        if form in lexicon.unshown:
            break
        kind = kinds().get(form, "").removeprefix(OTHER)
        meanings = lexicon.names.get(kind, ()) if kind else ()
        label = next((one.label for one in meanings if one.group in SHOWN), "")
        if label:
            return meanings, label
    return (), ""


def is_rather_noun(word: str) -> bool:
    """Whether a word is a noun, and more often than anything else."""
    return any(not kinds().get(form, OTHER).startswith(OTHER) for form in base_forms(word))


def may_be_noun(word: str) -> bool:
    """Whether a word is a noun, if not always."""
    return any(kinds().get(form, OTHER) != OTHER for form in base_forms(word))


def is_listed(word: str) -> bool:
    """Whether a word, or what it is a form of, is one of WordNet's."""
    bare = [
        word,
        word.removeprefix("un"),
        *(word.removesuffix(ending) for ending in _INFLECTIONS if word.endswith(ending)),
    ]
    stems = [form for one in bare for form in (one, one + "e", one[:-1] if one[-2:-1] == one[-1:] else one)]
    ied = [word.removesuffix(ending) + "y" for ending in ("ied", "ies", "ier", "iest", "ily") if word.endswith(ending)]
    return any(form in kinds() for form in (*stems, *ied, *base_forms(word)))


@cache
def rare_nouns() -> frozenset[str]:
    """Further nouns for things, which have no kind: "sloth"."""
    lines = RARE_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def kinds() -> Mapping[str, str]:
    """The words with their kinds and marks."""
    lines = KINDS_FILE.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))
