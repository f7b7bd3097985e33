"""Scenes with balanced classes."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from installation.models.interfaces import Generator
from installation.models.theatre.vocabulary import GROUPS
from installation.training.data.scene_sampler import NEUTRAL_SHARES, class_shares, draw_classes, draw_scenes

COLUMNS = {group.name: column for column, group in enumerate(GROUPS)}


@pytest.mark.slow
def test_every_class_is_drawn_about_as_often_as_any_other_of_its_group() -> None:
    shares = class_shares(draw_classes(np.random.default_rng(7), 180_000))
    for group in GROUPS:
        others = np.delete(shares[group.name], group.neutral) if group.neutral is not None else shares[group.name]
        assert others.min() > 0.5 * others.mean(), group.name
        assert others.max() < 1.6 * others.mean(), group.name


def test_one_scene_in_five_has_no_subject_and_then_the_neutral_colour() -> None:
    choice = draw_classes(np.random.default_rng(8), 20_000)
    subject, colour = GROUPS[COLUMNS["subject"]], GROUPS[COLUMNS["subject_colour"]]
    nobody = choice[:, COLUMNS["subject"]] == subject.neutral
    assert_allclose(nobody.mean(), NEUTRAL_SHARES["subject"], atol=0.02)
    assert (choice[nobody, COLUMNS["subject_colour"]] == colour.neutral).all()


def test_the_same_seed_draws_the_same_scenes(theatre: Generator) -> None:
    first, again, other = (draw_scenes(theatre, 9, seed) for seed in (3, 3, 4))
    assert_array_equal(first.z, again.z)
    assert_array_equal(first.classes, again.classes)
    assert not np.array_equal(first.z, other.z)
