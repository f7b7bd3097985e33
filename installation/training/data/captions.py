"""Generates labelled captions of theatre scenes from a grammar.

A caption joins one phrase for each group that it mentions, in one of several styles: full or telegraphic, figure first
or place first (`caption_grammar.toml` holds the phrases). Every phrase is generated from a class, so the labels of a
caption are exact.
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
from installation.training.data.lexicon import (
    ALONE,
    COLOUR_GROUP,
    SoftLabels,
    class_index,
    class_words,
    held_out_entries,
)

T = TypeVar("T")
Random = np.random.Generator
SceneLabels = Mapping[str, str]  # group name -> label of the class that the scene shows

GRAMMAR: dict[str, dict[str, list[str]]] = tomllib.loads(
    (Path(__file__).parent / "caption_grammar.toml").read_text(encoding="utf-8")
)
PHRASES, WORDS = GRAMMAR["parts"], GRAMMAR["caption"]

# All numbers are probabilities.
MENTION = {  # that a caption mentions a group whose class is not the neutral one
    "subject": 0.92,
    "companion": 0.7,
    "terrain": 0.8,
    "sky": 0.7,
    "celestial": 0.65,
    "weather": 0.8,
    "tint": 0.75,
    "detail": 0.55,
}
MENTION_NEUTRAL = {"subject": 0.4, "companion": 0.12, "celestial": 0.1, "weather": 0.1, "tint": 0.03, "detail": 0.03}
COLOUR, COLOUR_INK = 0.85, 0.12  # that the subject's colour is mentioned; ink is the neutral colour
SHORT = 0.4  # that a caption mentions one to three groups only
LABEL = 0.35  # that a class is called by its label instead of a random word
FIGURE_FIRST = 0.7  # that subject and companion come first
TELEGRAPHIC = 0.12  # that a caption is a comma-separated list
OPENING, ENDING = 0.15, 0.15  # of a leading and of a closing phrase
ACTION = 0.3  # of a verb phrase after the subject
PLURAL, QUALITY, OWNER = 0.1, 0.15, 0.06  # of the subject's noun
ALONE_ADJECTIVE = 0.06  # of "lonely" and the like, where there is no companion
SMALL = 0.4  # that a companion is called small
DESERTED = 0.12  # that a terrain is called deserted
ADJECTIVE = {"terrain": 0.3, "subject": 0.15}  # that weather or sky is an adjective of the noun, where there is one

WATERS = frozenset(("sea", "lake", "river", "waterfall", "swamp"))
INTERIORS = frozenset(("cave", "room", "deep sea", "jungle", "forest"))
NEUTRAL = {group.name: group.labels[group.neutral] for group in GROUPS if group.neutral is not None}


@dataclass(frozen=True)
class LabelledText:
    """A text with its soft labels, which are empty if the text means no class."""

    text: str
    labels: SoftLabels


def caption(scene: SceneLabels, random: Random, short: float = SHORT) -> LabelledText:
    """A caption of one scene. It may omit classes but never mentions one that the scene does not show.

    `short` is the probability that it mentions one to three groups only.
    """
    phrases = {name: phrase for name in MENTION if (phrase := _maybe_phrase(name, scene, random))}
    if not phrases:
        phrases["terrain"] = _terrain(scene, random)
    return _joined({name: phrases[name] for name in _subset(tuple(phrases), random, short)}, random)


def pick(random: Random, choices: Sequence[T]) -> T:
    """One element, drawn uniformly."""
    return choices[int(random.integers(len(choices)))]


def plural(word: str) -> str | None:
    """The regular plural of a single word; None if there is none or if it is a held-out word."""
    if " " in word or word.endswith("s"):
        return None
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        result = f"{word[:-1]}ies"
    else:
        result = f"{word}es" if word.endswith(("x", "z", "ch", "sh")) else f"{word}s"
    return None if result in _held_out_texts() else result


def companion_phrase(scene: SceneLabels, random: Random) -> LabelledText:
    """A phrase for the companion of a scene, which depends on whether there is a subject. Other groups are not read."""
    label = scene["companion"]
    labels: SoftLabels = {class_index("companion", label): 1.0}
    noun = _word("companion", label, random)
    if label == ALONE:
        return LabelledText(noun, labels)
    if random.random() < SMALL:
        noun = f"{pick(random, WORDS['small'])} {noun}"
    phrases = PHRASES["companion_alone" if scene["subject"] == NEUTRAL["subject"] else "companion"]
    return LabelledText(pick(random, phrases).format(_with_article(noun, random)), labels)


def _maybe_phrase(name: str, scene: SceneLabels, random: Random) -> LabelledText | None:
    label = scene[name]
    probability = MENTION_NEUTRAL.get(name, 0.0) if label == NEUTRAL.get(name) else MENTION[name]
    if random.random() >= probability:
        return None
    return GENERATORS[name](scene, random) if name in GENERATORS else _plain_phrase(name, name, scene, random)


def _subset(names: Sequence[str], random: Random, short: float) -> tuple[str, ...]:
    """All names, or with probability `short` one to three of them, in their order."""
    if random.random() > short:
        return tuple(names)
    count = min(len(names), int(random.choice([1, 2, 3], p=[0.3, 0.4, 0.3])))
    kept = set(random.permutation(len(names))[:count].tolist())
    return tuple(name for i, name in enumerate(names) if i in kept)


def _joined(phrases: Mapping[str, LabelledText], random: Random) -> LabelledText:
    figures = [phrases[name] for name in ("subject", "companion") if name in phrases]
    rest = [phrases[name] for name in phrases if name not in ("subject", "companion")]
    rest = [rest[i] for i in random.permutation(len(rest))]
    ordered = figures + rest if random.random() < FIGURE_FIRST else rest + figures
    if random.random() < TELEGRAPHIC:
        text = ", ".join(_without_function_words(one.text) for one in ordered)
    else:
        text = pick(random, WORDS["joints"]).join(one.text for one in ordered)
    if random.random() < OPENING:
        text = f"{pick(random, WORDS['openings'])} {text}"
    if random.random() < ENDING:
        text += pick(random, WORDS["endings"])
    return LabelledText(text.strip(), {index: strength for one in ordered for index, strength in one.labels.items()})


def _without_function_words(text: str) -> str:
    """A phrase without its leading articles and prepositions."""
    words = text.split()
    while len(words) > 1 and words[0] in WORDS["dropped"]:
        words = words[1:]
    return " ".join(words)


def _subject(scene: SceneLabels, random: Random) -> LabelledText:
    label = scene["subject"]
    if label == NEUTRAL["subject"]:
        return _no_subject(scene, random)
    labels: SoftLabels = {class_index("subject", label): 1.0}
    noun = _word("subject", label, random)
    plural_noun = plural(noun) if random.random() < PLURAL else None
    words = [*_quality(label, random), plural_noun or noun]
    colour = scene[COLOUR_GROUP]
    if random.random() < (COLOUR_INK if colour == NEUTRAL[COLOUR_GROUP] else COLOUR):
        labels[class_index(COLOUR_GROUP, colour)] = 1.0
        words.insert(0, _word(COLOUR_GROUP, colour, random))
    words, labels = _with_adjective(words, labels, "subject", scene, random)
    if scene["companion"] == ALONE and random.random() < ALONE_ADJECTIVE:
        labels[class_index("companion", ALONE)] = 1.0
        words.insert(0, pick(random, WORDS["lonely"]))
    phrase = _with_determiner(" ".join(words), plural_noun is not None, random)
    if random.random() < ACTION:
        phrase += f" {pick(random, WORDS['doing'] + (WORDS['moving'] if label in WORDS['living'] else []))}"
    return LabelledText(phrase, labels)


def _quality(label: str, random: Random) -> list[str]:
    """At times an adjective that means no class."""
    if random.random() >= QUALITY:
        return []
    participle = label in WORDS["living"] and random.random() < 0.5
    return [pick(random, WORDS["verbal" if participle else "qualities"])]


def _with_determiner(noun: str, is_plural: bool, random: Random) -> str:
    if is_plural:
        return f"{pick(random, WORDS['counts'])} {noun}".strip()
    if random.random() < OWNER:
        return f"{pick(random, WORDS['owners'])} {noun}"
    return _with_article(noun, random)


def _no_subject(scene: SceneLabels, random: Random) -> LabelledText:
    """A phrase that says that nobody is there, with or without the terrain."""
    label = NEUTRAL["subject"]
    labels: SoftLabels = {class_index("subject", label): 1.0}
    if random.random() < 0.5:
        return LabelledText(_word("subject", label, random), labels)
    labels[class_index("terrain", scene["terrain"])] = 1.0
    phrase = pick(random, PHRASES["nobody"])
    return LabelledText(phrase.format(_word("terrain", scene["terrain"], random)), labels)


def _terrain(scene: SceneLabels, random: Random) -> LabelledText:
    label = scene["terrain"]
    noun, labels = [_word("terrain", label, random)], {class_index("terrain", label): 1.0}
    words, labels = _with_adjective(noun, labels, "terrain", scene, random)
    if scene["subject"] != NEUTRAL["subject"] and random.random() < DESERTED:  # of people: the subject may be mentioned
        words.insert(0, pick(random, WORDS["deserted"]))
    noun_phrase = " ".join(words)
    if random.random() < 0.25:
        text = pick(random, PHRASES["terrain"]).format(noun_phrase)
    else:
        kind = "water" if label in WATERS else "inside" if label in INTERIORS else "land"
        text = f"{pick(random, GRAMMAR['before'][kind])} {pick(random, ('the', 'the', 'a', ''))} {noun_phrase}"
    return LabelledText(" ".join(text.split()), labels)


def _with_adjective(
    words: list[str], labels: SoftLabels, noun_group: str, scene: SceneLabels, random: Random
) -> tuple[list[str], SoftLabels]:
    """At times the weather or the sky of the scene as an adjective: "burning ship", "moonlit hills"."""
    adjectives = GRAMMAR["worn"]
    choices = [(group, adjectives[scene[group]]) for group in ("weather", "sky") if scene[group] in adjectives]
    if not choices or random.random() > ADJECTIVE[noun_group]:
        return words, labels
    group, adjectives_of_class = pick(random, choices)
    return [pick(random, adjectives_of_class), *words], {**labels, class_index(group, scene[group]): 1.0}


def _celestial(scene: SceneLabels, random: Random) -> LabelledText:
    is_neutral = scene["celestial"] == NEUTRAL["celestial"]
    return _plain_phrase("celestial", "celestial_none" if is_neutral else "celestial", scene, random)


def _plain_phrase(group: str, phrases: str, scene: SceneLabels, random: Random) -> LabelledText:
    label = scene[group]
    phrase = pick(random, PHRASES[phrases])
    return LabelledText(phrase.format(_word(group, label, random)), {class_index(group, label): 1.0})


GENERATORS: dict[str, Callable[[SceneLabels, Random], LabelledText]] = {
    "subject": _subject,
    "companion": companion_phrase,
    "terrain": _terrain,
    "celestial": _celestial,
}


def _word(group: str, label: str, random: Random) -> str:
    """A word of a class: its label, or any of its training words."""
    words = class_words(group, label)
    return words[0] if random.random() < LABEL else pick(random, words)


@cache
def _held_out_texts() -> frozenset[str]:
    return frozenset(entry.text for entry in held_out_entries())


def _with_article(noun: str, random: Random) -> str:
    first = noun.split()[0]
    looks_plural = first.endswith("s") and not first.endswith(("ss", "us"))
    article = pick(random, WORDS["articles"])
    if article in ("a", "one") and looks_plural:
        article = "the"
    if article == "a" and first[0] in "aeiou":
        article = "an"
    return f"{article} {noun}".strip()
