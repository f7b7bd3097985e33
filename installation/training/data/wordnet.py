"""Definitions of words from WordNet 3.0 (Princeton; Debian package `wordnet-base`), for the vocabulary teacher.

The file format is described in wndb(5WN), the reduction of inflected words to their base forms in morphy(7WN).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

FOLDER = Path("/usr/share/wordnet")
SUFFIXES = {  # part of speech, in order of preference -> (suffix of an inflected word, suffix of its base form)
    "noun": (("s", ""), ("ses", "s"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("men", "man"), ("ies", "y")),
    "verb": (("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", "")),
    "adj": (("er", ""), ("est", ""), ("er", "e"), ("est", "e")),
}
PHYSICAL = ("05", "06", "08", "13", "18", "20", "27")  # numbers of the files that the senses come from
HYPERNYM, INSTANCE_OF = "@", "@i"
_PARTS = {"1": "noun", "2": "verb", "3": "adj", "4": "adv", "5": "adj"}  # by the number in a sense's key
SENSES = 2  # definitions of a word
SYNONYMS = 4  # of one sense, at most


def define(word: str) -> tuple[str, ...]:
    """The `SENSES` commonest senses of a word, each as "synonyms (hypernym): definition".

    Senses come from the first part of speech that has the word: noun, verb, adjective. A word with fewer senses repeats
    them. A word that is not in WordNet, or any word if WordNet is not installed, is its own definition.
    """
    lemma = word.lower().replace(" ", "_")
    for part_of_speech in SUFFIXES:
        index = _index(part_of_speech)
        base = next((base for base in _base_forms(lemma, part_of_speech) if base in index), None)
        if base is not None:
            senses = [_format_sense(part_of_speech, offset) for offset in index[base][:SENSES]]
            return tuple(senses[i % len(senses)] for i in range(SENSES))
    return (word,) * SENSES


def is_installed() -> bool:
    """Whether WordNet's files are there."""
    return (_folder() / "data.noun").is_file()


def noun_sense(offset: str) -> tuple[list[str], str | None]:
    """The synonyms of a noun's sense, and the offset of its first hypernym."""
    synonyms, hypernym, _ = _parse(_data("noun")[offset])
    return synonyms, hypernym


def noun_senses(word: str) -> tuple[str, ...]:
    """The offsets of the senses of a noun in its base form, the commonest first; none if WordNet does not have it."""
    return _index("noun").get(word.lower().replace(" ", "_"), ())


def nouns() -> tuple[str, ...]:
    """All nouns in their base forms, in lower case."""
    return tuple(_index("noun"))


def is_physical(offset: str) -> bool:
    """Whether a noun's sense is an animal, a person, a plant, or a thing or a substance that can be touched."""
    return _data("noun")[offset].split(" ", 2)[1] in PHYSICAL


def noun_parents(offset: str) -> tuple[str, ...]:
    """The offsets of all that a noun's sense is a kind or an instance of."""
    return (*_pointed_at(offset, HYPERNYM), *instance_of(offset))


def instance_of(offset: str) -> tuple[str, ...]:
    """The offsets of what a noun's sense is an instance of; none for a sense that is no name."""
    return _pointed_at(offset, INSTANCE_OF)


def _pointed_at(offset: str, symbol: str) -> tuple[str, ...]:
    fields = _data("noun")[offset].partition(" | ")[0].split()
    begin = 5 + 2 * int(fields[3], 16)
    return tuple(fields[place + 1] for place in range(begin, len(fields) - 3, 4) if fields[place] == symbol)


def irregular_forms() -> Iterator[tuple[str, str]]:
    """Irregular forms of verbs and adjectives, each with its base form."""
    for part_of_speech in ("verb", "adj"):
        for form, bases in _exceptions(part_of_speech).items():
            yield form, bases[0]


@cache
def usage() -> Mapping[str, Counter[str]]:
    """How often each lemma occurs as each part of speech in the texts that WordNet's authors tagged, or 0."""
    counts: dict[str, Counter[str]] = {}
    for part_of_speech in (*SUFFIXES, "adv"):
        for lemma in _index(part_of_speech):
            counts.setdefault(lemma, Counter())[part_of_speech] = 0
    for key, _, count in map(str.split, _rows("cntlist.rev")):
        lemma, _, sense = key.partition("%")
        if lemma in counts and sense[0] in _PARTS:
            counts[lemma][_PARTS[sense[0]]] += int(count)
    return counts


def _folder() -> Path:
    """The folder that `WNSEARCHDIR` names, as for WordNet's own programs, or Debian's."""
    return Path(os.environ.get("WNSEARCHDIR", FOLDER))


def _base_forms(lemma: str, part_of_speech: str) -> Iterator[str]:
    yield lemma
    yield from _exceptions(part_of_speech).get(lemma, ())
    for suffix, base_suffix in SUFFIXES[part_of_speech]:
        if lemma.endswith(suffix):
            yield lemma.removesuffix(suffix) + base_suffix


@cache
def _index(part_of_speech: str) -> Mapping[str, tuple[str, ...]]:
    """The offsets of the senses of each lemma, the commonest first."""
    rows = map(str.split, _rows(f"index.{part_of_speech}"))
    return {fields[0]: tuple(fields[-int(fields[2]) :]) for fields in rows}


@cache
def _exceptions(part_of_speech: str) -> Mapping[str, tuple[str, ...]]:
    return {fields[0]: tuple(fields[1:]) for fields in map(str.split, _rows(f"{part_of_speech}.exc"))}


@cache
def _data(part_of_speech: str) -> Mapping[str, str]:
    return {row[:8]: row for row in _rows(f"data.{part_of_speech}")}


def _format_sense(part_of_speech: str, offset: str) -> str:
    synonyms, hypernym_offset, definition = _parse(_data(part_of_speech)[offset])
    hypernym = f" ({_parse(_data(part_of_speech)[hypernym_offset])[0][0]})" if hypernym_offset else ""
    return f"{', '.join(synonyms[:SYNONYMS])}{hypernym}: {definition}"


def _parse(row: str) -> tuple[list[str], str | None, str]:
    """The synonyms of a sense, the offset of its hypernym, and its definition without examples."""
    data, _, gloss = row.partition(" | ")
    fields = data.split()
    end = 4 + 2 * int(fields[3], 16)
    synonyms = [word.partition("(")[0].replace("_", " ") for word in fields[4:end:2]]
    hypernym = next((fields[i + 1] for i in range(end + 1, len(fields) - 3, 4) if fields[i] == "@"), None)
    return synonyms, hypernym, gloss.partition('; "')[0].strip()


def _rows(name: str) -> list[str]:
    path = _folder() / name
    rows = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [row for row in rows if not row.startswith("  ")]  # the licence is indented
