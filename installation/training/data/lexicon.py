"""The lexicon: words and phrases with the classes that they mean, split into a training and a held-out part.

`lexicon.toml` holds words for every class, `moods.toml` moods and abstract words that map to several classes, and
`languages.toml` the commonest nouns and colours of other languages. A class is identified by its index in the
concatenation of all groups, which is also its position in the class logits.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np

from installation.models import theatre
from installation.models.interfaces import Floats, slices
from installation.models.theatre.vocabulary import GROUPS, NUM_CLASSES

FOLDER = Path(theatre.__file__).parent
LANGUAGES = ("German", "French", "Spanish", "Italian")
HELD_OUT_ONE_IN = 8  # one word in this many is held out
MOOD_STRENGTH = 0.8  # label strength of each class of a mood; a word that names a class has 1
ALONE = "alone"
COLOUR_GROUP = "subject_colour"  # a group of adjectives; used without a noun, its words mean the tint
PHRASES = {COLOUR_GROUP: "{} thing", "companion": "with a {}"}

GROUP_SLICES = {group.name: where for group, where in zip(GROUPS, slices(GROUPS), strict=True)}
SoftLabels = dict[int, float]  # class index -> strength in 0..1


@dataclass(frozen=True)
class LexiconEntry:
    """A word or phrase and the (class index, strength) pairs that it means.

    `kind` is the name of a group, "mood", or one of `LANGUAGES`.
    """

    text: str
    labels: tuple[tuple[int, float], ...]
    kind: str

    @property
    def main_class(self) -> int:
        """The index of the first class."""
        return self.labels[0][0]


def class_index(group: str, label: str) -> int:
    """The index of a class among the classes of all groups."""
    labels = next(one.labels for one in GROUPS if one.name == group)
    return int(GROUP_SLICES[group].start) + labels.index(label)


def group_of(index: int) -> str:
    """The name of the group that a class index belongs to."""
    return next(name for name, where in GROUP_SLICES.items() if where.start <= index < where.stop)


def class_phrase(group: str, label: str) -> str:
    """A phrase that names a class unambiguously.

    The bare label of a companion would mean a subject, and the bare label of a subject's colour the tint.
    """
    if label == ALONE:
        return label
    return PHRASES.get(group, "{}").format(label)


def is_held_out(text: str) -> bool:
    """Whether a word belongs to the held-out part. The split is a hash of the text, so it never changes."""
    return crc32(text.encode()) % HELD_OUT_ONE_IN == 0


@cache
def all_entries() -> tuple[LexiconEntry, ...]:
    """All entries of the three tables, in file order."""
    return (*_class_entries(), *_mood_entries(), *_foreign_entries())


@cache
def training_entries() -> tuple[LexiconEntry, ...]:
    """The training part. It contains the label of every class."""
    labels = {label for group in GROUPS for label in group.labels}
    return tuple(entry for entry in all_entries() if entry.text in labels or not is_held_out(entry.text))


@cache
def held_out_entries() -> tuple[LexiconEntry, ...]:
    """The held-out part: about one entry in eight."""
    known = set(training_entries())
    return tuple(entry for entry in all_entries() if entry not in known)


@cache
def class_words(group: str, label: str) -> tuple[str, ...]:
    """The English training words of a class, its label first. A companion has the words of its subject."""
    if group == "companion" and label != ALONE:
        group = "subject"
    index = class_index(group, label)
    others = (entry.text for entry in training_entries() if entry.kind == group and entry.main_class == index)
    return (label, *(text for text in others if text != label))


def label_row(labels: SoftLabels | Iterable[tuple[int, float]]) -> Floats:
    """Soft labels as a dense row [classes]. A class that occurs twice keeps its greater strength."""
    row = np.zeros(NUM_CLASSES, np.float32)
    for index, strength in labels.items() if isinstance(labels, dict) else labels:
        row[index] = max(row[index], strength)
    return row


def _table(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _class_entries() -> Iterable[LexiconEntry]:
    for group, rows in _table("lexicon").items():
        for label, words in rows.items():
            index = class_index(group, label)
            for text in dict.fromkeys(words.split(", ")):
                yield LexiconEntry(text, ((index, 1.0),), group)


def _mood_entries() -> Iterable[LexiconEntry]:
    for rows in _table("moods").values():
        for words, classes in rows.items():
            labels = tuple((_find_class(name), MOOD_STRENGTH) for name in classes.split(", "))
            for text in words.split(", "):
                yield LexiconEntry(text, labels, "mood")


def _foreign_entries() -> Iterable[LexiconEntry]:
    for group, rows in _table("languages").items():
        for label, words in rows.items():
            index = class_index(group, label)
            for language, texts in zip(LANGUAGES, words.split(", "), strict=True):
                for text in texts.split("/"):
                    yield LexiconEntry(text, ((index, 1.0),), language)


def _find_class(name: str) -> int:
    """The index of a class given as `group:label`, or as a label, which is looked up in the first group that has it."""
    if ":" in name:
        group, label = name.split(":")
        return class_index(group, label)
    return class_index(next(group.name for group in GROUPS if name in group.labels), name)
