"""Classes are named in words; a wrong word is reported with the closest right one."""

from __future__ import annotations

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.models.theatre.vocabulary import (
    COMPANIONS,
    DEFAULT_LABELS,
    GROUP_SLICES,
    GROUPS,
    NUM_CLASSES,
    SUBJECTS,
    SWAY_RADIANS,
    Z,
    scene_classes,
)


def present(logits: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> dict[str, str]:
    return {group.name: group.labels[int(logits[0, GROUP_SLICES[group.name]].argmax())] for group in GROUPS}


def test_a_scene_has_the_named_classes_and_the_neutral_ones() -> None:
    logits = scene_classes(sky="night", subject="wolf")
    assert logits.shape == (1, NUM_CLASSES)
    assert (logits == 0.0).sum() == len(GROUPS)
    neutral = {group.name: group.labels[group.neutral] for group in GROUPS if group.neutral is not None}
    assert present(logits) == neutral | DEFAULT_LABELS | {"sky": "night", "subject": "wolf"}


def test_an_unknown_class_or_group_is_reported_with_the_closest_one() -> None:
    with pytest.raises(ShowError, match="no terrain 'citty': did you mean 'city'"):
        scene_classes(terrain="citty")
    with pytest.raises(ShowError, match="no group of classes 'terain': did you mean 'terrain'"):
        scene_classes(terain="city")


def test_companions_and_swaying_figures_are_subjects() -> None:
    assert set(COMPANIONS) - {"alone"} < set(SUBJECTS)
    assert SWAY_RADIANS.keys() < set(SUBJECTS)


def test_every_dimension_of_z_has_one_meaning() -> None:
    def indices(value: object) -> list[int]:
        return [value] if isinstance(value, int) else [i for part in value for i in indices(part)]  # type: ignore[attr-defined]

    used = sorted(i for name, value in vars(Z).items() if name.isupper() for i in indices(value))
    assert used == list(range(52))
