"""From the readings of weighted texts to what the class search may choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from installation.dream.class_search import WordClasses
from installation.dream.text_reading import UNASKED, Reading
from installation.dream.usual_light import possible_skies, usual_celestial, usual_sky
from installation.models.interfaces import Floats, Group, slices

UNSURE = 0.6  # evidence below which a figure, weather or ornament is not shown if no word names it


def decide_classes(
    groups: Sequence[Group], evidence: Floats, readings: Sequence[Reading], weights: Sequence[float]
) -> tuple[Floats, WordClasses]:
    """Correct the perceptor's evidence by what single words name.

    Args:
        groups: The generator's.
        evidence: [classes], of the whole texts.
        readings: Of each text.
        weights: Of each text; what a text with a negative weight names is not shown.

    Returns:
        The corrected evidence: 1 for what is named, at most 0 beside it; and the classes that are left to choose from.
    """
    evidence = evidence.copy()
    wanted = [reading for _, reading in sorted(zip(weights, readings, strict=True), key=lambda one: -one[0])]
    wanted = wanted[: sum(weight > 0 for weight in weights)]
    literal = any(reading.literal for reading in wanted)
    light = _light(wanted) if literal else _NO_LIGHT
    chosen: dict[int, int] = {}
    allowed = {}
    for column, (group, where) in enumerate(zip(groups, slices(groups), strict=True)):
        label = next((one.classes[group.name] for one in wanted if group.name in one.classes), "")
        label = label or light.named.get(group.name, "")
        unwanted = {one.classes.get(group.name) for one, weight in zip(readings, weights, strict=True) if weight < 0}
        part = evidence[where]
        flags = np.array([name not in unwanted for name in group.labels])
        if group.neutral is not None:
            flags[group.neutral] = True
            if group.name in UNASKED:
                flags &= (part >= UNSURE) | (np.arange(len(part)) == group.neutral)
        if label in group.labels and label not in unwanted:
            chosen[column] = group.labels.index(label)
        elif literal and group.neutral is not None and group.name in UNASKED:
            chosen[column] = group.neutral
        elif literal and group.quiet:
            flags &= np.array([name in group.quiet for name in group.labels])
        if group.name == "sky" and light.skies and column not in chosen:
            flags &= np.array([name in light.skies for name in group.labels])
        if column in chosen:
            evidence[where] = np.minimum(part, 0.0)
            evidence[where.start + chosen[column]] = 1.0
        else:
            evidence[where] = np.where(flags, part, np.minimum(part, 0.0))
            allowed[column] = flags
    return evidence, WordClasses(chosen, allowed)


class _Light(NamedTuple):
    """What is shown of light that no word names, by group; the skies that are possible, () for all."""

    named: Mapping[str, str]
    skies: tuple[str, ...]


_NO_LIGHT = _Light({}, ())


def _light(wanted: Sequence[Reading]) -> _Light:
    """The light of texts, the one with the most weight first."""
    classes = {group: label for reading in reversed(wanted) for group, label in reading.classes.items()}
    named = {"sky": usual_sky(classes), "celestial": usual_celestial(classes)}
    marks = [mark for reading in wanted for mark in reading.marks]
    return _Light({group: label for group, label in named.items() if label}, possible_skies(classes, marks))
