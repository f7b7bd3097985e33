"""Finds classes of a generator by number, by name, by spelling, and, for ImageNet, by what they are a kind of."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from typing import NamedTuple

import numpy as np

from installation.core.errors import ShowError
from installation.core.paths import ASSETS
from installation.dream.latent_bank import Choice, strongest_choice
from installation.models.interfaces import Group, Point, slices

IMAGENET_CLASSES = 1000
NAMES_FILE = ASSETS / "imagenet" / "names.txt"
MIN_SIMILARITY = 0.72  # difflib's ratio, from which another spelling is the same word


class ClassMatch(NamedTuple):
    """Classes of one group that a name means: one, or all kinds of something."""

    column: int
    indices: tuple[int, ...]


def find_classes(names: Sequence[str], groups: Sequence[Group]) -> list[ClassMatch]:
    """Return what each name means.

    Raises:
        ShowError: A name is unknown; the message has the closest ones.
    """
    return [_find(" ".join(name.split()).casefold(), groups) for name in names]


def find_class(name: str, groups: Sequence[Group]) -> ClassMatch | None:
    """Return the classes whose number, label or WordNet name is exactly `name`; None if there is none."""
    key = " ".join(name.split()).casefold()
    return _by_number(key, groups) if key.isdigit() else _by_label(key, groups) or _by_kind(key, groups)


def named_choice(names: Sequence[str], groups: Sequence[Group], choice: Choice, seed: int) -> Choice:
    """Return `choice` with the named classes in it; of several kinds of something one is drawn. -> [groups].

    Raises:
        ShowError: A name is unknown.
    """
    random = np.random.default_rng(seed)
    named = choice.copy()
    for match in find_classes(names, groups):
        named[match.column] = random.choice(match.indices)
    return named


def class_labels(point: Point, groups: Sequence[Group]) -> tuple[str, ...]:
    """The strongest class of each group of one point, without neutral ones."""
    pairs = zip(groups, strongest_classes(point, groups)[0], strict=True)
    return tuple(group.labels[index] for group, index in pairs if index != group.neutral)


def strongest_classes(point: Point, groups: Sequence[Group]) -> Choice:
    """Return the strongest class of each group. -> [n, groups]."""
    return strongest_choice(point.classes, tuple(groups))


def _find(key: str, groups: Sequence[Group]) -> ClassMatch:
    if key.isdigit():
        return _by_number(key, groups)
    match = _by_label(key, groups) or _by_kind(key, groups)
    if match is None:
        close = get_close_matches(key, _all_names(groups), n=5, cutoff=MIN_SIMILARITY)
        match = (_by_label(close[0], groups) or _by_kind(close[0], groups)) if close else None
    if match is None:
        raise ShowError(_unknown(key, groups))
    return match


def _by_number(key: str, groups: Sequence[Group]) -> ClassMatch:
    total = sum(len(group.labels) for group in groups)
    if len(key) > 9 or int(key) >= total:
        raise ShowError(f"There is no class {key}: their numbers run from 0 to {total - 1}.")
    number = int(key)
    column = next(column for column, where in enumerate(slices(groups)) if number < where.stop)
    return ClassMatch(column, (number - slices(groups)[column].start,))


def _by_label(key: str, groups: Sequence[Group]) -> ClassMatch | None:
    for column, group in enumerate(groups):
        labels = [label.casefold() for label in group.labels]
        if key in labels:
            return ClassMatch(column, (labels.index(key),))
    return None


def _by_kind(key: str, groups: Sequence[Group]) -> ClassMatch | None:
    if not _is_imagenet(groups):
        return None
    indices = _imagenet_names().get(key)
    return ClassMatch(0, indices) if indices else None


def _is_imagenet(groups: Sequence[Group]) -> bool:
    return len(groups) == 1 and len(groups[0].labels) == IMAGENET_CLASSES


@cache
def _imagenet_names() -> dict[str, tuple[int, ...]]:
    """The classes of every name in WordNet of an ImageNet class or of what it is a kind of."""
    names = {}
    for row in NAMES_FILE.read_text(encoding="utf-8").splitlines():
        if not row.startswith("#"):
            name, _, ranges = row.partition("\t")
            names[name] = tuple(index for each in ranges.split(",") for index in _range(each))
    return names


def _range(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def _all_names(groups: Sequence[Group]) -> list[str]:
    labels = [label.casefold() for group in groups for label in group.labels]
    return labels + (list(_imagenet_names()) if _is_imagenet(groups) else [])


def _unknown(key: str, groups: Sequence[Group]) -> str:
    close = get_close_matches(key, _all_names(groups), n=5, cutoff=0.5)
    advice = f"did you mean {', '.join(close)}?" if close else "`run_show.py words` lists what it can show."
    return f"The generator has no class '{key}': {advice}"
