"""The texts of a lesson for the reader: captions, words, moods, other languages, the open vocabulary, and nonsense."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from installation.models.interfaces import Floats
from installation.models.theatre.vocabulary import GROUPS
from installation.training.data.captions import MANNERS, CaptionedScene, Labels, Random, caption, companion_of, pick
from installation.training.data.lexicon import BORROWED, LANGUAGES, PLACES, LexiconEntry, place_of, row_of, taught
from installation.training.data.nonsense import FUNCTION_WORDS, scribble
from installation.training.data.scene_sampler import draw_classes

SHARES = {
    "captions": 0.20,
    "words": 0.14,
    "company": 0.02,
    "sentences": 0.10,
    "moods": 0.08,
    "foreign": 0.04,
    "open": 0.38,
    "nonsense": 0.04,
}
UNCLEAR = 0.1  # how often a word is drawn of which the teacher knows nothing, where one that it is sure of has 1
BARE = 0.45  # share of the open words that stand alone
OVERALL, SHAPELESS = 0.3, 0.3  # shares of colours that are said of a place, and of a mere thing
FILLING = 3  # small words at most before each word of a sentence
ACTING = 0.3  # share of the sentences in which something is done that shows nothing new

HUED = 0.35  # share of the foreign nouns that have a colour
CLAD = 0.15  # share of the places and figures that have an adjective of weather or sky

FRAMES = MANNERS["frames"]
ADJECTIVES = [
    (label, one.name)
    for one in GROUPS
    if one.name in ("weather", "sky")
    for label in one.labels
    if label in MANNERS["worn"]
]
NOBODY = place_of("subject", "nobody")
COMPANIONS = next(one.labels for one in GROUPS if one.name == "companion")
TINTS, SUBJECT_COLOURS = (next(one for one in GROUPS if one.name == name) for name in ("tint", BORROWED))


class TextBatches:
    """Draws texts. `vocabulary` are open words, and `said` [words, classes] is what a teacher thinks that they say."""

    def __init__(self, vocabulary: Sequence[str], said: Floats) -> None:
        self._vocabulary = vocabulary
        chances = np.cumsum(UNCLEAR + (1.0 - UNCLEAR) * said.max(axis=1))
        self._chances = chances / chances[-1]
        self._said = [{int(i): float(row[i]) for i in np.flatnonzero(row)} for row in said]
        self._spoken = _by_class([entry for entry in taught() if entry.kind not in ("mood", *LANGUAGES)])
        self._moods = [entry for entry in taught() if entry.kind == "mood"]
        foreign = {name: [entry for entry in taught() if entry.kind == name] for name in LANGUAGES}
        self._foreign = {name: [entry for entry in some if not _is_colour(entry)] for name, some in foreign.items()}
        self._hues = {name: [entry for entry in some if _is_colour(entry)] for name, some in foreign.items()}
        self._makers: dict[str, Callable[[Random], CaptionedScene]] = {
            "words": self.word,
            "company": self.company,
            "sentences": self.sentence,
            "moods": self.mood,
            "foreign": self.foreign,
            "open": self.line,
            "nonsense": lambda random: CaptionedScene(scribble(random), {}),
        }

    def batch(self, random: Random, size: int) -> tuple[list[str], Floats]:
        """Texts, and what they say [size, classes]."""
        kinds = random.choice(list(SHARES), size=size, p=list(SHARES.values()))
        scenes = iter(scenes_of(random, int((kinds == "captions").sum())))
        made = [caption(next(scenes), random) if kind == "captions" else self._makers[kind](random) for kind in kinds]
        return [one.text for one in made], settled(np.stack([row_of(one.said) for one in made]))

    def word(self, random: Random) -> CaptionedScene:
        """A word in a small frame, of one class as often as of any other."""
        entries = pick(random, self._spoken)
        entry = pick(random, entries)
        if entry.kind == BORROWED:
            return self.coloured(entry, random)
        if entry.kind in ("terrain", "subject") and entry.index != NOBODY and random.random() < CLAD:
            return self.clad(entry, random)
        return CaptionedScene(_framed(entry.text, FRAMES["words"], random), dict(entry.said))

    def clad(self, noun: LexiconEntry, random: Random) -> CaptionedScene:
        """A noun with an adjective of weather or sky: a burning bush."""
        label, group = pick(random, ADJECTIVES)
        text = f"{pick(random, MANNERS['worn'][label])} {noun.text}"
        return CaptionedScene(
            _framed(text, FRAMES["words"][:20], random), {place_of(group, label): 1.0, **dict(noun.said)}
        )

    def mood(self, random: Random) -> CaptionedScene:
        """A mood alone, or before a place or an hour."""
        entry = pick(random, self._moods)
        text, said = _framed(entry.text, FRAMES["moods"], random), dict(entry.said)
        if random.random() < 0.25:
            other = self.word(random)
            return CaptionedScene(f"{text} {pick(random, FRAMES['joints'])} {other.text}", {**said, **other.said})
        return CaptionedScene(text, said)

    def company(self, random: Random) -> CaptionedScene:
        """A companion without its subject."""
        return companion_of(
            {"subject": "nobody" if random.random() < 0.2 else "", "companion": pick(random, COMPANIONS)}, random
        )

    def sentence(self, random: Random) -> CaptionedScene:
        """One to three words or moods with small words before, between and after them, as in speech and verse."""
        chosen = [self._mood_or_word(random) for _ in range(random.integers(1, 4))]
        pieces: list[str] = []
        for entry in chosen:
            pieces += [*_filling(random), entry.text]
        pieces += [pick(random, FRAMES["acts"])] if random.random() < ACTING else _filling(random)
        return CaptionedScene(" ".join(pieces), dict(pair for entry in chosen for pair in entry.said))

    def foreign(self, random: Random) -> CaptionedScene:
        """A noun of another language, or several of them joined, some in a colour."""
        language = pick(random, LANGUAGES)
        articles, joints = MANNERS["articles"][language], MANNERS["between"][language]
        nouns = [self._noun(language, random) for _ in range(random.integers(1, 4))]
        text = f"{pick(random, articles)} {nouns[0].text}".strip()
        for noun in nouns[1:]:
            text += f" {pick(random, joints)} {noun.text}"
        return CaptionedScene(text, dict(pair for noun in nouns for pair in noun.said.items()))

    def _noun(self, language: str, random: Random) -> CaptionedScene:
        """A noun; its colour is that of the figure, and of everything where it is no figure."""
        entry = pick(random, self._foreign[language])
        if random.random() > HUED:
            return CaptionedScene(entry.text, dict(entry.said))
        hue = pick(random, self._hues[language])
        text = f"{hue.text} {entry.text}" if language == "German" else f"{entry.text} {hue.text}"
        if PLACES["subject"].start <= entry.index < PLACES["subject"].stop:
            return CaptionedScene(text, dict((*entry.said, *hue.said)))
        tint = _tint_of(hue)
        return CaptionedScene(text, dict(entry.said) if tint is None else {**dict(entry.said), tint: 1.0})

    def line(self, random: Random) -> CaptionedScene:
        """One or two words of the open vocabulary in a line, at times beside a word that is known, and goes before."""
        a, b = np.searchsorted(self._chances, random.random(2)).tolist()
        frame = "{a}" if random.random() < BARE else pick(random, FRAMES["lines"])
        text = frame.format(a=self._vocabulary[a], b=self._vocabulary[b], f=pick(random, FUNCTION_WORDS))
        said = dict(self._said[a])
        if "{b}" in frame:
            said = _united(said, self._said[b])
        if random.random() < 0.3:
            known = self.word(random)
            said = {**_beside(said, known.said), **known.said}
            return CaptionedScene(f"{text} {known.text}" if random.random() < 0.5 else f"{known.text} {text}", said)
        return CaptionedScene(text, said)

    def _mood_or_word(self, random: Random) -> LexiconEntry:
        if random.random() < 0.3:
            return pick(random, self._moods)
        return pick(random, pick(random, [some for some in self._spoken if some[0].kind != BORROWED]))

    def coloured(self, entry: LexiconEntry, random: Random) -> CaptionedScene:
        """A colour of a subject, of a mere thing, or of a place, which is then the colour of everything."""
        manner = random.random()
        tint = _tint_of(entry)
        if manner < SHAPELESS:
            noun, said = pick(random, FRAMES["things"]), dict(entry.said)
        elif manner < SHAPELESS + OVERALL and tint is not None:
            place = pick(random, pick(random, [some for some in self._spoken if some[0].kind == "terrain"]))
            noun, said = place.text, {tint: 1.0, **dict(place.said)}
        else:
            subject = pick(random, pick(random, [some for some in self._spoken if some[0].kind == "subject"]))
            noun, said = subject.text, dict((*entry.said, *subject.said))
        return CaptionedScene(_framed(f"{entry.text} {noun}", FRAMES["words"][:20], random), said)


def _is_colour(entry: LexiconEntry) -> bool:
    return bool(PLACES[BORROWED].start <= entry.index < PLACES[BORROWED].stop)


def _tint_of(colour: LexiconEntry) -> int | None:
    """The tint of a subject's colour, where there is one: everything may be red, but not white."""
    label = SUBJECT_COLOURS.labels[colour.index - PLACES[BORROWED].start]
    return place_of("tint", label) if label in TINTS.labels else None


def settled(said: Floats) -> Floats:
    """Where something of a group is said, "nothing of the kind" is not said beside it: a violin in the empty street."""
    said = said.copy()
    for group, where in zip(GROUPS, PLACES.values(), strict=True):
        if group.neutral is not None:
            some = np.delete(said[:, where], group.neutral, axis=1).max(axis=1) > 0.5
            said[some, where.start + group.neutral] = 0.0
    return said


def scenes_of(random: Random, count: int) -> list[Labels]:
    """Classes of scenes by the names of their groups."""
    rows = draw_classes(random, count) if count else ()
    return [{group.name: group.labels[i] for group, i in zip(GROUPS, row, strict=True)} for row in rows]


def _filling(random: Random) -> list[str]:
    return [pick(random, FUNCTION_WORDS) for _ in range(random.integers(0, FILLING + 1))]


def _by_class(entries: Sequence[LexiconEntry]) -> list[list[LexiconEntry]]:
    found: dict[int, list[LexiconEntry]] = {}
    for entry in entries:
        found.setdefault(entry.index, []).append(entry)
    return list(found.values())


def _united(one: dict[int, float], other: dict[int, float]) -> dict[int, float]:
    return {index: max(one.get(index, 0.0), other.get(index, 0.0)) for index in {**one, **other}}


def _beside(guessed: dict[int, float], known: dict[int, float]) -> dict[int, float]:
    """What is guessed, without the groups in which something is known."""
    settled = [where for where in PLACES.values() if any(where.start <= index < where.stop for index in known)]
    return {
        index: strength
        for index, strength in guessed.items()
        if not any(where.start <= index < where.stop for where in settled)
    }


def _framed(text: str, frames: Sequence[str], random: Random) -> str:
    framed = pick(random, frames).format(text, text)
    return f"{pick(random, MANNERS['caption']['openings'])} {framed}" if random.random() < 0.05 else framed
