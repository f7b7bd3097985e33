"""Which classes of the theatre go together: the sampling prior over scenes (`class_priors.toml`: relative weights).

Each class is drawn with a weight that is the product of its base weight and of factors for the classes already drawn
in other groups (see `latent_sampling`). A pair that a table of habitats does not list is not impossible, but as rare
as RARE. The distilled generator, `biggan-embedded`, has a copy of these weights in its `groups.json`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from installation.models.interfaces import Floats, Group
from installation.models.latent_sampling import ConditionalPriors
from installation.models.theatre.further_figures import FURTHER
from installation.models.theatre.vocabulary import GROUPS, TERRAINS

RARE = 0.002  # factor of a pair that is not listed
ANYWHERE = "anywhere"  # all terrains, in a row of habitats


def class_priors(groups: Sequence[Group] = GROUPS) -> dict[str, ConditionalPriors]:
    """The tables of `class_priors.toml` for the sampler, by group; those of some groups alone depend on these only.

    Raises:
        ValueError: A table lists a class that its group does not have.
    """
    given = {
        "sky": {"subject": _factors("subject", "sky", _by_subject(_weights("sky_of_subject")), 1.0)},
        "celestial": {"sky": _factors("sky", "celestial", _weights("celestial_of_sky"), RARE)},
        "weather": {"sky": _factors("sky", "weather", _weights("weather_of_sky"), RARE)},
        "terrain": {
            "subject": _factors("subject", "terrain", _subject_habitats(), RARE),
            "sky": _factors("sky", "terrain", _weights("terrain_of_sky"), 1.0),
            "weather": _factors("weather", "terrain", _weights("terrain_of_weather"), 1.0),
        },
        "subject_colour": {
            "subject": _factors("subject", "subject_colour", _by_subject(_weights("subject_colour_factors")), 1.0)
        },
        "companion": {
            "terrain": _factors("terrain", "companion", _companions_by_terrain(), RARE),
            "subject": _factors("subject", "companion", _companions_by_subject(), 1.0),
        },
        "detail": {
            "sky": _factors("sky", "detail", _weights("detail_of_sky"), 1.0),
            "terrain": _factors("terrain", "detail", _weights("detail_of_terrain"), 1.0),
        },
    }
    base = _weights("base_weights")
    base["subject"] |= dict.fromkeys(FURTHER, 0.0)
    names = {group.name for group in groups}
    return {
        group.name: ConditionalPriors(
            _row(group, base.get(group.name, {}), 1.0),
            {name: table for name, table in given.get(group.name, {}).items() if name in names},
        )
        for group in groups
    }


@cache
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _weights(table: str) -> dict[str, dict[str, float]]:
    """Weights by label, of each row."""
    return {name: dict(row) for name, row in _tables()[table].items()}


def _lists(table: str) -> dict[str, str]:
    """Labels in one string, of each row."""
    anywhere = " ".join(label.replace(" ", "_") for label in TERRAINS)
    return {name: anywhere if row == ANYWHERE else row for name, row in _tables()[table].items()}


def _labels(words: str) -> dict[str, float]:
    """Labels in one string (underscores for spaces) -> a weight of 1 for each."""
    return {word.replace("_", " "): 1.0 for word in words.split()}


def _subject_habitats() -> dict[str, dict[str, float]]:
    rows = {subject.replace("_", " "): _labels(terrains) for subject, terrains in _lists("subject_habitats").items()}
    return _with_further(rows)


def _companions_by_terrain() -> dict[str, dict[str, float]]:
    rows: dict[str, dict[str, float]] = {}
    for companion, terrains in _lists("companion_habitats").items():
        for terrain in _labels(terrains):
            rows.setdefault(terrain, {})[companion] = 1.0
    return rows


def _companions_by_subject() -> dict[str, dict[str, float]]:
    excluded = {
        subjects: dict.fromkeys(_labels(others), 0.0) for subjects, others in _lists("excluded_companions").items()
    }
    return _by_subject(excluded) | {"nobody": {"alone": 2.5}}


def _by_subject(table: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Split rows that list several subjects; a subject that is in several rows gets them all."""
    rows: dict[str, dict[str, float]] = {}
    for subjects, row in table.items():
        for subject in _labels(subjects):
            rows.setdefault(subject, {}).update(row)
    return _with_further(rows)


def _with_further(rows: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """The rows of subjects with those of the further figures: their own, or that of the figure that each is like."""
    found = dict(rows)
    for name, further in FURTHER.items():  # in the order of the tables: what one is like stands before it
        if further.like in found:
            found.setdefault(name, found[further.like])
    return found


def _row(group: Group, weights: Mapping[str, float], default: float) -> Floats:
    """Weights of all classes of a group, [labels]."""
    unknown = set(weights) - set(group.labels)
    if unknown:
        raise ValueError(f"the theatre has no {group.name} {sorted(unknown)}")
    return np.array([weights.get(label, default) for label in group.labels], np.float32)


def _factors(given: str, wanted: str, table: Mapping[str, Mapping[str, float]], default: float) -> Floats:
    """Factors of one group's classes for each class of another, [labels of `given`, labels of `wanted`]."""
    groups = {group.name: group for group in GROUPS}
    _row(groups[given], dict.fromkeys(table, 1.0), 1.0)  # reports unknown labels
    return np.stack([_row(groups[wanted], table.get(label, {}), default) for label in groups[given].labels])
