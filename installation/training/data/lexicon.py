"""The words that the perceptor is taught, and those that are kept from it so that it can be asked about them later.

`lexicon.toml` holds words of every class, `moods.toml` moods and abstract words staged as several classes,
`languages.toml` the commonest nouns of other languages. Classes are counted through all groups, as logits are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np

from installation.models.interfaces import Floats, slices
from installation.models.theatre.vocabulary import GROUPS, NUM_CLASSES

FOLDER = Path(__file__).parent
LANGUAGES = ("German", "French", "Spanish", "Italian")
HELD_OF = 8  # one word in so many is kept from training
SUBDUED = 0.8  # how strongly a mood calls for each of its classes, where a word that names a class has 1
ALONE = "alone"
SPOKEN = {"subject_colour": "{} thing", "companion": "with a {}"}
BORROWED = "subject_colour"  # a group of adjectives: by themselves its words mean the tint

PLACES = {group.name: where for group, where in zip(GROUPS, slices(GROUPS), strict=True)}
Said = dict[int, float]  # classes, and how strongly each is meant: the meaning of a text


@dataclass(frozen=True)
class LexiconEntry:
    """A word or phrase and what it means. `kind` is a group's name, "mood", or a language."""

    text: str
    said: tuple[tuple[int, float], ...]
    kind: str

    @property
    def index(self) -> int:
        """The class that is meant first."""
        return self.said[0][0]


def place_of(group: str, label: str) -> int:
    """A class among all classes."""
    labels = next(one.labels for one in GROUPS if one.name == group)
    return int(PLACES[group].start) + labels.index(label)


def spoken(group: str, label: str) -> str:
    """A class as one would speak of it: the bare label of a companion means a subject, that of a colour the tint."""
    if label == ALONE:
        return label
    return SPOKEN.get(group, "{}").format(label)


def is_held(text: str) -> bool:
    """Whether a word is kept from training: by a hash, so that it never changes its side."""
    return crc32(text.encode()) % HELD_OF == 0


@cache
def entries() -> tuple[LexiconEntry, ...]:
    """Everything that the tables hold, in their order."""
    return (*_named(), *_moods(), *_foreign())


@cache
def taught() -> tuple[LexiconEntry, ...]:
    """What is trained with. The label of a class is always taught."""
    labels = {label for group in GROUPS for label in group.labels}
    return tuple(entry for entry in entries() if entry.text in labels or not is_held(entry.text))


@cache
def held() -> tuple[LexiconEntry, ...]:
    """What is never trained with: one word in eight."""
    known = set(taught())
    return tuple(entry for entry in entries() if entry not in known)


@cache
def words_of(group: str, label: str) -> tuple[str, ...]:
    """The taught words of a class in English, its label first. A companion borrows those of its subject."""
    if group == "companion" and label != ALONE:
        group = "subject"
    index = place_of(group, label)
    others = (entry.text for entry in taught() if entry.kind == group and entry.index == index)
    return (label, *(text for text in others if text != label))


def row_of(said: Said | Iterable[tuple[int, float]]) -> Floats:
    """A meaning as a row, [classes]."""
    row = np.zeros(NUM_CLASSES, np.float32)
    for index, strength in said.items() if isinstance(said, dict) else said:
        row[index] = max(row[index], strength)
    return row


def _table(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _named() -> Iterable[LexiconEntry]:
    for group, rows in _table("lexicon").items():
        for label, words in rows.items():
            index = place_of(group, label)
            for text in dict.fromkeys(words.split(", ")):
                yield LexiconEntry(text, ((index, 1.0),), group)


def _moods() -> Iterable[LexiconEntry]:
    for rows in _table("moods").values():
        for words, staged in rows.items():
            said = tuple((_anywhere(label), SUBDUED) for label in staged.split(", "))
            for text in words.split(", "):
                yield LexiconEntry(text, said, "mood")


def _foreign() -> Iterable[LexiconEntry]:
    for group, rows in _table("languages").items():
        for label, words in rows.items():
            index = place_of(group, label)
            for language, texts in zip(LANGUAGES, words.split(", "), strict=True):
                for text in texts.split("/"):
                    yield LexiconEntry(text, ((index, 1.0),), language)


def _anywhere(label: str) -> int:
    """A class by its label, in the first group that has it, or by `group:label`."""
    if ":" in label:
        return place_of(*label.split(":"))
    group = next(group for group in GROUPS if label in group.labels)
    return place_of(group.name, label)
