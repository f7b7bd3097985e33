"""Batches of labelled texts for the text tower: captions, words, moods, other languages, vocabulary and nonsense."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from installation.models.interfaces import Floats
from installation.models.theatre.vocabulary import GROUPS
from installation.training.data.captions import (
    GRAMMAR,
    NEUTRAL,
    LabelledText,
    Random,
    SceneLabels,
    caption,
    companion_phrase,
    pick,
)
from installation.training.data.lexicon import (
    COLOUR_GROUP,
    GROUP_SLICES,
    LANGUAGES,
    LexiconEntry,
    SoftLabels,
    class_index,
    group_of,
    label_row,
    training_entries,
)
from installation.training.data.nonsense import FUNCTION_WORDS, nonsense_text
from installation.training.data.scene_sampler import draw_classes

KINDS = {  # of texts, with their shares of a batch
    "caption": 0.20,
    "word": 0.14,
    "companion": 0.02,
    "sentence": 0.10,
    "mood": 0.08,
    "foreign": 0.04,
    "vocabulary": 0.38,
    "nonsense": 0.04,
}
UNLABELLED_WEIGHT = 0.1  # sampling weight of a vocabulary word without labels; a word with a certain label has 1
FILLER_WORDS = 3  # at most, before each word of a sentence

# All numbers below are probabilities.
BARE_WORD = 0.45  # that a vocabulary word stands alone
BESIDE_LEXICON = 0.3  # that a vocabulary line is joined to a word of the lexicon
COLOUR_OF_PLACE, COLOUR_OF_THING = 0.3, 0.3  # that a colour qualifies a terrain, or a noun without a class
MOOD_WITH_WORD = 0.25
MOOD_IN_SENTENCE = 0.3
ACTION = 0.3  # that a sentence ends with a verb phrase that means no class
FOREIGN_COLOUR = 0.35
ADJECTIVE = 0.15  # that a terrain or a subject has weather or sky as an adjective
NO_SUBJECT = 0.2  # that a companion phrase is worded as if there were no subject
OPENING = 0.05

FRAMES = GRAMMAR["frames"]
NOUN_FRAMES = FRAMES["words"][:20]  # those that add a determiner at most
ADJECTIVES = [
    (label, group.name)
    for group in GROUPS
    if group.name in ("weather", "sky")
    for label in group.labels
    if label in GRAMMAR["worn"]
]
PROGRAM = class_index("subject", NEUTRAL["subject"])
LABELS = {group.name: group.labels for group in GROUPS}


class TextBatches:
    """Samples labelled texts."""

    def __init__(self, vocabulary: Sequence[str], vocabulary_labels: Floats) -> None:
        """`vocabulary` are texts outside the lexicon; `vocabulary_labels` [texts, classes] are a teacher's guesses."""
        self._vocabulary = vocabulary
        cumulative = np.cumsum(UNLABELLED_WEIGHT + (1.0 - UNLABELLED_WEIGHT) * vocabulary_labels.max(axis=1))
        self._cumulative = cumulative / cumulative[-1]
        self._vocabulary_labels: list[SoftLabels] = [
            {int(i): float(row[i]) for i in np.flatnonzero(row)} for row in vocabulary_labels
        ]
        english = _by_class([entry for entry in training_entries() if entry.kind not in ("mood", *LANGUAGES)])
        self._words = english
        self._nouns = [entries for entries in english if entries[0].kind != COLOUR_GROUP]
        self._terrains, self._subjects = (
            [entries for entries in english if entries[0].kind == kind] for kind in ("terrain", "subject")
        )
        self._moods = [entry for entry in training_entries() if entry.kind == "mood"]
        foreign = {name: [entry for entry in training_entries() if entry.kind == name] for name in LANGUAGES}
        self._foreign_nouns = {name: [one for one in some if not _is_colour(one)] for name, some in foreign.items()}
        self._foreign_colours = {name: [one for one in some if _is_colour(one)] for name, some in foreign.items()}
        self._generators: dict[str, Callable[[Random], LabelledText]] = {
            "word": self.word,
            "companion": self.companion,
            "sentence": self.sentence,
            "mood": self.mood,
            "foreign": self.foreign,
            "vocabulary": self.vocabulary_line,
            "nonsense": lambda random: LabelledText(nonsense_text(random), {}),
        }

    def batch(self, random: Random, size: int) -> tuple[list[str], Floats]:
        """`size` texts, and their soft labels [size, classes] in 0..1."""
        kinds = random.choice(list(KINDS), size=size, p=list(KINDS.values()))
        scenes = iter(draw_scene_labels(random, int((kinds == "caption").sum())))
        texts = [
            caption(next(scenes), random) if kind == "caption" else self._generators[kind](random) for kind in kinds
        ]
        return [one.text for one in texts], drop_neutral(np.stack([label_row(one.labels) for one in texts]))

    def word(self, random: Random) -> LabelledText:
        """A word of the lexicon in a short phrase. All classes are equally likely."""
        entry = pick(random, pick(random, self._words))
        if entry.kind == COLOUR_GROUP:
            return self.colour(entry, random)
        if entry.kind in ("terrain", "subject") and entry.main_class != PROGRAM and random.random() < ADJECTIVE:
            return self.noun_with_adjective(entry, random)
        return LabelledText(_framed(entry.text, FRAMES["words"], random), dict(entry.labels))

    def noun_with_adjective(self, noun: LexiconEntry, random: Random) -> LabelledText:
        """A noun with weather or sky as an adjective: "a burning bush"."""
        label, group = pick(random, ADJECTIVES)
        text = f"{pick(random, GRAMMAR['worn'][label])} {noun.text}"
        labels = {class_index(group, label): 1.0, **dict(noun.labels)}
        return LabelledText(_framed(text, NOUN_FRAMES, random), labels)

    def colour(self, colour: LexiconEntry, random: Random) -> LabelledText:
        """A colour before a noun.

        It labels the subject's colour if the noun is a subject or has no class, and the tint if it is a terrain.
        """
        choice = random.random()
        tint = _tint_of(colour)
        if choice < COLOUR_OF_THING:
            noun, labels = pick(random, FRAMES["things"]), dict(colour.labels)
        elif choice < COLOUR_OF_THING + COLOUR_OF_PLACE and tint is not None:
            terrain = pick(random, pick(random, self._terrains))
            noun, labels = terrain.text, {tint: 1.0, **dict(terrain.labels)}
        else:
            subject = pick(random, pick(random, self._subjects))
            noun, labels = subject.text, dict((*colour.labels, *subject.labels))
        return LabelledText(_framed(f"{colour.text} {noun}", NOUN_FRAMES, random), labels)

    def mood(self, random: Random) -> LabelledText:
        """A mood, alone or joined to a word."""
        entry = pick(random, self._moods)
        text, labels = _framed(entry.text, FRAMES["moods"], random), dict(entry.labels)
        if random.random() < MOOD_WITH_WORD:
            word = self.word(random)
            return LabelledText(f"{text} {pick(random, FRAMES['joints'])} {word.text}", {**labels, **word.labels})
        return LabelledText(text, labels)

    def companion(self, random: Random) -> LabelledText:
        """A companion without its subject."""
        subject = NEUTRAL["subject"] if random.random() < NO_SUBJECT else ""
        return companion_phrase({"subject": subject, "companion": pick(random, LABELS["companion"])}, random)

    def sentence(self, random: Random) -> LabelledText:
        """One to three words or moods among function words, as in speech and verse."""
        entries = [self._mood_or_noun(random) for _ in range(random.integers(1, 4))]
        pieces: list[str] = []
        for entry in entries:
            pieces += [*_fillers(random), entry.text]
        pieces += [pick(random, FRAMES["acts"])] if random.random() < ACTION else _fillers(random)
        return LabelledText(" ".join(pieces), dict(pair for entry in entries for pair in entry.labels))

    def foreign(self, random: Random) -> LabelledText:
        """One to three joined nouns of another language, some with a colour."""
        language = pick(random, LANGUAGES)
        articles, joints = GRAMMAR["articles"][language], GRAMMAR["between"][language]
        nouns = [self._foreign_noun(language, random) for _ in range(random.integers(1, 4))]
        text = f"{pick(random, articles)} {nouns[0].text}".strip()
        for noun in nouns[1:]:
            text += f" {pick(random, joints)} {noun.text}"
        return LabelledText(text, dict(pair for noun in nouns for pair in noun.labels.items()))

    def vocabulary_line(self, random: Random) -> LabelledText:
        """One or two texts of the vocabulary, at times beside a word of the lexicon.

        The exact labels of the lexicon replace the guessed labels of the same group.
        """
        a, b = np.searchsorted(self._cumulative, random.random(2)).tolist()
        frame = "{a}" if random.random() < BARE_WORD else pick(random, FRAMES["lines"])
        text = frame.format(a=self._vocabulary[a], b=self._vocabulary[b], f=pick(random, FUNCTION_WORDS))
        labels = self._vocabulary_labels[a]
        if "{b}" in frame:
            labels = _union(labels, self._vocabulary_labels[b])
        if random.random() < BESIDE_LEXICON:
            word = self.word(random)
            labels = {**_without_groups_of(word.labels, labels), **word.labels}
            return LabelledText(f"{text} {word.text}" if random.random() < 0.5 else f"{word.text} {text}", labels)
        return LabelledText(text, labels)

    def _mood_or_noun(self, random: Random) -> LexiconEntry:
        if random.random() < MOOD_IN_SENTENCE:
            return pick(random, self._moods)
        return pick(random, pick(random, self._nouns))

    def _foreign_noun(self, language: str, random: Random) -> LabelledText:
        """A noun, at times with a colour, which is the subject's colour for a subject and the tint for all others."""
        noun = pick(random, self._foreign_nouns[language])
        if random.random() > FOREIGN_COLOUR:
            return LabelledText(noun.text, dict(noun.labels))
        colour = pick(random, self._foreign_colours[language])
        text = f"{colour.text} {noun.text}" if language == "German" else f"{noun.text} {colour.text}"
        if group_of(noun.main_class) == "subject":
            return LabelledText(text, dict((*noun.labels, *colour.labels)))
        tint = _tint_of(colour)
        return LabelledText(text, dict(noun.labels) if tint is None else {**dict(noun.labels), tint: 1.0})


def drop_neutral(labels: Floats) -> Floats:
    """Clear the neutral class ("nobody", "no tint") of every group in which another class is labelled: [n, classes].

    A line such as "a violin in the empty street" would otherwise be labelled with both.
    """
    labels = labels.copy()
    for group, where in zip(GROUPS, GROUP_SLICES.values(), strict=True):
        if group.neutral is not None:
            others = np.delete(labels[:, where], group.neutral, axis=1).max(axis=1) > 0.5
            labels[others, where.start + group.neutral] = 0.0
    return labels


def draw_scene_labels(random: Random, count: int) -> list[SceneLabels]:
    """The class labels of `count` random scenes."""
    rows = draw_classes(random, count) if count else ()
    return [{group.name: group.labels[i] for group, i in zip(GROUPS, row, strict=True)} for row in rows]


def _is_colour(entry: LexiconEntry) -> bool:
    return group_of(entry.main_class) == COLOUR_GROUP


def _tint_of(colour: LexiconEntry) -> int | None:
    """The tint of the same name as a subject's colour; None if there is none, as for white."""
    label = LABELS[COLOUR_GROUP][colour.main_class - GROUP_SLICES[COLOUR_GROUP].start]
    return class_index("tint", label) if label in LABELS["tint"] else None


def _fillers(random: Random) -> list[str]:
    return [pick(random, FUNCTION_WORDS) for _ in range(random.integers(0, FILLER_WORDS + 1))]


def _by_class(entries: Sequence[LexiconEntry]) -> list[list[LexiconEntry]]:
    found: dict[int, list[LexiconEntry]] = {}
    for entry in entries:
        found.setdefault(entry.main_class, []).append(entry)
    return list(found.values())


def _union(one: SoftLabels, other: SoftLabels) -> SoftLabels:
    return {index: max(one.get(index, 0.0), other.get(index, 0.0)) for index in {**one, **other}}


def _without_groups_of(known: SoftLabels, guessed: SoftLabels) -> SoftLabels:
    """Guessed labels without those of the groups in which something is known."""
    groups = {group_of(index) for index in known}
    return {index: strength for index, strength in guessed.items() if group_of(index) not in groups}


def _framed(text: str, frames: Sequence[str], random: Random) -> str:
    framed = pick(random, frames).format(text, text)
    return f"{pick(random, GRAMMAR['caption']['openings'])} {framed}" if random.random() < OPENING else framed
