"""Draws of latents."""

from __future__ import annotations

import numpy as np
import pytest

from installation.models.base import Group, weights_of
from installation.models.sampling import few_classes, truncated_normal

GROUPS = (Group("sky", ("dawn", "noon", "dusk")), Group("tint", ("none", "red", "blue", "gold"), neutral=0))


def test_noise_is_normal_and_ends_at_two() -> None:
    noise = truncated_normal(np.random.default_rng(1), (400, 100))
    assert noise.dtype == np.float32
    assert 1.98 < np.abs(noise).max() <= 2.0
    assert noise.mean() == pytest.approx(0.0, abs=0.02)
    assert noise.var() == pytest.approx(0.774, abs=0.02)  # of a normal distribution cut at two deviations


def test_neutral_classes_come_as_often_as_they_should() -> None:
    logits = few_classes(np.random.default_rng(2), 2000, GROUPS, [0.0, 0.8])
    strongest = weights_of(logits, GROUPS)[:, 3:].argmax(axis=1)
    assert (strongest == 0).mean() == pytest.approx(0.8, abs=0.04)
    assert (strongest == 3).mean() == pytest.approx(0.2 / 3, abs=0.03)


def test_at_most_two_classes_of_a_group_have_weight() -> None:
    weights = weights_of(few_classes(np.random.default_rng(3), 500, GROUPS), GROUPS)
    assert (weights[:, :3].max(axis=1) >= 0.849).all()
    assert ((weights[:, :3] > 1e-3).sum(axis=1) <= 2).all()
