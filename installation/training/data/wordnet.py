"""What a dictionary says of a word, for the teacher: WordNet 3.0 (Princeton), on Debian the package `wordnet-base`.

The files are read as wndb(5WN) describes them; inflected words are looked up as morphy(7WN) does.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

FOLDER = Path("/usr/share/wordnet")
ENDINGS = {  # of inflected words, and what their bases have instead; by kinds of words, those that can be shown first
    "noun": (("s", ""), ("ses", "s"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("men", "man"), ("ies", "y")),
    "verb": (("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", "")),
    "adj": (("er", ""), ("est", ""), ("er", "e"), ("est", "e")),
}
SENSES = 2
SYNONYMS = 4  # of one sense at most


def explained(word: str) -> tuple[str, ...]:
    """The two commonest senses, each as "synonyms (what it is a kind of): definition"; the word where there is none.

    Senses of a noun go before those of a verb, and these before those of an adjective. A word that the dictionary
    does not have, or any word where there is no dictionary, stands for itself.
    """
    lemma = word.lower().replace(" ", "_")
    for kind in ENDINGS:
        index = _index(kind)
        base = next((base for base in _bases(lemma, kind) if base in index), None)
        if base is not None:
            found = [_told(kind, place) for place in index[base][:SENSES]]
            return tuple(found[i % len(found)] for i in range(SENSES))
    return (word,) * SENSES


def installed() -> bool:
    """Whether there is a dictionary."""
    return (_folder() / "data.noun").is_file()


def _folder() -> Path:
    """`WNSEARCHDIR`, as WordNet's own programs have it, or where Debian puts it."""
    return Path(os.environ.get("WNSEARCHDIR", FOLDER))


def _bases(lemma: str, kind: str) -> Iterator[str]:
    yield lemma
    yield from _exceptions(kind).get(lemma, ())
    for ending, instead in ENDINGS[kind]:
        if lemma.endswith(ending):
            yield lemma.removesuffix(ending) + instead


@cache
def _index(kind: str) -> Mapping[str, tuple[str, ...]]:
    """The places of the senses of each lemma, the commonest first."""
    rows = map(str.split, _rows(f"index.{kind}"))
    return {fields[0]: tuple(fields[-int(fields[2]) :]) for fields in rows}


@cache
def _exceptions(kind: str) -> Mapping[str, tuple[str, ...]]:
    return {fields[0]: tuple(fields[1:]) for fields in map(str.split, _rows(f"{kind}.exc"))}


@cache
def _data(kind: str) -> Mapping[str, str]:
    return {row[:8]: row for row in _rows(f"data.{kind}")}


def _told(kind: str, place: str) -> str:
    words, above, meaning = _read(_data(kind)[place])
    sort = f" ({_read(_data(kind)[above])[0][0]})" if above else ""
    return f"{', '.join(words[:SYNONYMS])}{sort}: {meaning}"


def _read(row: str) -> tuple[list[str], str | None, str]:
    """The words of a sense, the place of the sense above it, and its definition without examples."""
    data, _, gloss = row.partition(" | ")
    fields = data.split()
    end = 4 + 2 * int(fields[3], 16)
    words = [word.partition("(")[0].replace("_", " ") for word in fields[4:end:2]]
    above = next((fields[i + 1] for i in range(end + 1, len(fields) - 3, 4) if fields[i] == "@"), None)
    return words, above, gloss.partition('; "')[0].strip()


def _rows(name: str) -> list[str]:
    path = _folder() / name
    rows = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [row for row in rows if not row.startswith("  ")]  # the licence
