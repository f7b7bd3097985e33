"""Captions of painted scenes, each with what it says.

A caption is put together from parts, one for each group of classes that it mentions, in one of several manners (see
`manners.toml`): plain, poetic, telegraphic, figure first or place first. What a caption says is known to the class,
because it was said with it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np

from installation.models.theatre.vocabulary import GROUPS
from installation.training.data.lexicon import Said, held, place_of, words_of

T = TypeVar("T")
Random = np.random.Generator
Labels = Mapping[str, str]  # the classes of a picture by the names of their groups

MANNERS: dict[str, dict[str, list[str]]] = tomllib.loads(
    (Path(__file__).parent / "manners.toml").read_text(encoding="utf-8")
)
MENTIONED = {  # how often a caption mentions a group, where its class is not the neutral one
    "subject": 0.92,
    "companion": 0.7,
    "terrain": 0.8,
    "sky": 0.7,
    "celestial": 0.65,
    "weather": 0.8,
    "tint": 0.75,
    "detail": 0.55,
}
DENIED = {"subject": 0.4, "companion": 0.12, "celestial": 0.1, "weather": 0.1, "tint": 0.03, "detail": 0.03}
COLOURED, INKED = 0.85, 0.12  # how often a colour is named, and that of ink
SHORT = 0.4  # share of captions that mention one, two or three things only
PLAIN = 0.35  # how often a class is called by its own name
FIGURE_FIRST, TELEGRAPHIC, OPENED, ENDED, ACTING, LONELY, SMALL = 0.7, 0.12, 0.15, 0.15, 0.3, 0.06, 0.4
MANY, QUALIFIED, OWNED, DESERTED = 0.1, 0.15, 0.06, 0.12
WORN = {"terrain": 0.3, "subject": 0.15}  # how often weather or sky, where there is a word for it, is an adjective

WATERS = frozenset(("sea", "lake", "river", "waterfall", "swamp"))
INSIDE = frozenset(("cave", "room", "deep sea", "jungle", "forest"))
NEUTRAL = {group.name: group.labels[group.neutral] for group in GROUPS if group.neutral is not None}


@dataclass(frozen=True)
class CaptionedScene:
    """A text and what it says of the world; nothing, for texts without any meaning in it."""

    text: str
    said: Said


def caption(labels: Labels, random: Random, short: float = SHORT) -> CaptionedScene:
    """A caption of one scene, which may leave things out but names nothing that is not there.

    `short` is the share of captions that name one to three things only.
    """
    parts = {name: part for name in MENTIONED if (part := _mentioned(name, labels, random))}
    if not parts:
        parts["terrain"] = _terrain(labels, random)
    return _joined({name: parts[name] for name in _some(tuple(parts), random, short)}, random)


def pick(random: Random, choices: Sequence[T]) -> T:
    """One of several, each as likely."""
    return choices[int(random.integers(len(choices)))]


def _mentioned(name: str, labels: Labels, random: Random) -> CaptionedScene | None:
    label = labels[name]
    chance = DENIED.get(name, 0.0) if label == NEUTRAL.get(name) else MENTIONED[name]
    return MAKERS.get(name, _plain(name))(labels, random) if random.random() < chance else None


def _some(names: Sequence[str], random: Random, short: float) -> tuple[str, ...]:
    """All parts, or up to three of them."""
    if random.random() > short:
        return tuple(names)
    count = min(len(names), int(random.choice([1, 2, 3], p=[0.3, 0.4, 0.3])))
    kept = set(random.permutation(len(names))[:count].tolist())
    return tuple(name for i, name in enumerate(names) if i in kept)


def _joined(parts: Mapping[str, CaptionedScene], random: Random) -> CaptionedScene:
    """Parts in an order and with a punctuation that one might speak or write."""
    manner = MANNERS["caption"]
    figure = [parts[name] for name in ("subject", "companion") if name in parts]
    rest = [parts[name] for name in parts if name not in ("subject", "companion")]
    rest = [rest[i] for i in random.permutation(len(rest))]
    ordered = figure + rest if random.random() < FIGURE_FIRST else rest + figure
    if random.random() < TELEGRAPHIC:
        text = ", ".join(_bare(one.text) for one in ordered)
    else:
        text = pick(random, manner["joints"]).join(one.text for one in ordered)
    if random.random() < OPENED:
        text = f"{pick(random, manner['openings'])} {text}"
    if random.random() < ENDED:
        text += pick(random, manner["endings"])
    return CaptionedScene(text.strip(), {index: strength for one in ordered for index, strength in one.said.items()})


def _bare(text: str) -> str:
    """A part without the small words at its beginning."""
    words = text.split()
    while len(words) > 1 and words[0] in MANNERS["caption"]["dropped"]:
        words = words[1:]
    return " ".join(words)


def _subject(labels: Labels, random: Random) -> CaptionedScene:
    label, manner = labels["subject"], MANNERS["caption"]
    if label == "nobody":
        return _nobody(labels, random)
    said: Said = {place_of("subject", label): 1.0}
    word = _word("subject", label, random)
    several = plural(word) if random.random() < MANY else None
    words = [several or word]
    if random.random() < QUALIFIED:
        alive = label in manner["living"] and random.random() < 0.5
        words.insert(0, pick(random, manner["verbal" if alive else "qualities"]))
    colour = labels["subject_colour"]
    if random.random() < (INKED if colour == "ink" else COLOURED):
        said[place_of("subject_colour", colour)] = 1.0
        words.insert(0, _word("subject_colour", colour, random))
    words, said = _clad(words, said, "subject", labels, random)
    if labels["companion"] == "alone" and random.random() < LONELY:
        said[place_of("companion", "alone")] = 1.0
        words.insert(0, pick(random, manner["lonely"]))
    if several:
        phrase = f"{pick(random, manner['counts'])} {' '.join(words)}".strip()
    elif random.random() < OWNED:
        phrase = f"{pick(random, manner['owners'])} {' '.join(words)}"
    else:
        phrase = _with_article(" ".join(words), random)
    if random.random() < ACTING:
        acts = manner["doing"] + (manner["moving"] if label in manner["living"] else [])
        phrase += f" {pick(random, acts)}"
    return CaptionedScene(phrase, said)


def _nobody(labels: Labels, random: Random) -> CaptionedScene:
    said: Said = {place_of("subject", "nobody"): 1.0}
    if random.random() < 0.5:
        return CaptionedScene(_word("subject", "nobody", random), said)
    said[place_of("terrain", labels["terrain"])] = 1.0
    return CaptionedScene(
        pick(random, MANNERS["parts"]["nobody"]).format(_word("terrain", labels["terrain"], random)), said
    )


def companion_of(labels: Labels, random: Random) -> CaptionedScene:
    """The companion of a scene: with somebody, or far off where there is nobody."""
    label = labels["companion"]
    said: Said = {place_of("companion", label): 1.0}
    noun = _word("companion", label, random)
    if label == "alone":
        return CaptionedScene(noun, said)
    if random.random() < SMALL:
        noun = f"{pick(random, MANNERS['caption']['small'])} {noun}"
    manner = "companion_alone" if labels["subject"] == "nobody" else "companion"
    return CaptionedScene(pick(random, MANNERS["parts"][manner]).format(_with_article(noun, random)), said)


def _terrain(labels: Labels, random: Random) -> CaptionedScene:
    label = labels["terrain"]
    words, said = _clad([_word("terrain", label, random)], {place_of("terrain", label): 1.0}, "terrain", labels, random)
    if labels["subject"] != "nobody" and random.random() < DESERTED:  # of people; the figure is named, and stays
        words.insert(0, pick(random, MANNERS["caption"]["deserted"]))
    word = " ".join(words)
    if random.random() < 0.25:
        text = pick(random, MANNERS["parts"]["terrain"]).format(word)
    else:
        kind = "water" if label in WATERS else "inside" if label in INSIDE else "land"
        text = f"{pick(random, MANNERS['before'][kind])} {pick(random, ('the', 'the', 'a', ''))} {word}"
    return CaptionedScene(" ".join(text.split()), said)


def _clad(words: list[str], said: Said, noun: str, labels: Labels, random: Random) -> tuple[list[str], Said]:
    """A noun, at times with the weather or the sky of its scene as an adjective: a burning ship, the moonlit hills."""
    choices = [(group, worn) for group in ("weather", "sky") if (worn := MANNERS["worn"].get(labels[group]))]
    if not choices or random.random() > WORN[noun]:
        return words, said
    group, worn = pick(random, choices)
    return [pick(random, worn), *words], {**said, place_of(group, labels[group]): 1.0}


def _celestial(labels: Labels, random: Random) -> CaptionedScene:
    label = labels["celestial"]
    manner = "celestial_none" if label == NEUTRAL["celestial"] else "celestial"
    text = pick(random, MANNERS["parts"][manner]).format(_word("celestial", label, random))
    return CaptionedScene(text, {place_of("celestial", label): 1.0})


def _plain(group: str) -> Callable[[Labels, Random], CaptionedScene]:
    def part(labels: Labels, random: Random) -> CaptionedScene:
        text = pick(random, MANNERS["parts"][group]).format(_word(group, labels[group], random))
        return CaptionedScene(text, {place_of(group, labels[group]): 1.0})

    return part


MAKERS: dict[str, Callable[[Labels, Random], CaptionedScene]] = {
    "subject": _subject,
    "companion": companion_of,
    "terrain": _terrain,
    "celestial": _celestial,
}


def _word(group: str, label: str, random: Random) -> str:
    """A word of a class: its label, or any of its words."""
    words = words_of(group, label)
    return words[0] if random.random() < PLAIN else pick(random, words)


def plural(word: str) -> str | None:
    """The regular plural of a single word; None where there is none, or where it is a word that is kept held."""
    if " " in word or word.endswith("s"):
        return None
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        several = f"{word[:-1]}ies"
    else:
        several = f"{word}es" if word.endswith(("x", "z", "ch", "sh")) else f"{word}s"
    return None if several in _held_words() else several


@cache
def _held_words() -> frozenset[str]:
    return frozenset(entry.text for entry in held())


def _with_article(noun: str, random: Random) -> str:
    first = noun.split()[0]
    plural = first.endswith("s") and not first.endswith(("ss", "us"))
    article = pick(random, MANNERS["caption"]["articles"])
    if article in ("a", "one") and plural:
        article = "the"
    if article == "a" and first[0] in "aeiou":
        article = "an"
    return f"{article} {noun}".strip()
