"""Random latents."""

from __future__ import annotations

import numpy as np
import pytest

from installation.models.interfaces import Group, weights_of
from installation.models.latent_sampling import (
    ConditionalPriors,
    sample_class_logits,
    sample_joint_classes,
    truncated_normal,
)

GROUPS = (Group("sky", ("dawn", "noon", "dusk")), Group("tint", ("none", "red", "blue", "gold"), neutral=0))


def test_truncated_noise_is_normal_and_ends_at_two_standard_deviations() -> None:
    noise = truncated_normal(np.random.default_rng(1), (400, 100))
    assert noise.dtype == np.float32
    assert 1.98 < np.abs(noise).max() <= 2.0
    assert noise.mean() == pytest.approx(0.0, abs=0.02)
    assert noise.var() == pytest.approx(0.774, abs=0.02)  # of a normal distribution that is cut there


def test_neutral_classes_are_drawn_as_often_as_asked() -> None:
    logits = sample_class_logits(np.random.default_rng(2), 2000, GROUPS, [0.0, 0.8])
    strongest = weights_of(logits, GROUPS)[:, 3:].argmax(axis=1)
    assert (strongest == 0).mean() == pytest.approx(0.8, abs=0.04)
    assert (strongest == 3).mean() == pytest.approx(0.2 / 3, abs=0.03)


def test_at_most_two_classes_of_a_group_have_weight() -> None:
    weights = weights_of(sample_class_logits(np.random.default_rng(3), 500, GROUPS), GROUPS)
    assert (weights[:, :3].max(axis=1) >= 0.849).all()
    assert ((weights[:, :3] > 1e-3).sum(axis=1) <= 2).all()


def test_classes_of_different_groups_are_drawn_together_by_the_priors() -> None:
    groups = (Group("where", ("sea", "land", "air")), Group("who", ("ship", "camel")))
    places = np.array([[1, 0, 0], [0, 3, 1]], np.float32)
    priors = {
        "where": ConditionalPriors(np.ones(3, np.float32), {"who": places}),
        "who": ConditionalPriors(np.array([3, 1], np.float32), {}),
    }
    where, who = sample_joint_classes(np.random.default_rng(4), 4000, groups, priors).T
    assert (who == 0).mean() == pytest.approx(0.75, abs=0.03)
    assert set(where[who == 0]) == {0}
    assert (where[who == 1] == 1).mean() == pytest.approx(0.75, abs=0.05)


def test_priors_that_depend_on_each_other_in_a_circle_are_refused() -> None:
    groups = (Group("a", ("x",)), Group("b", ("y",)))
    one = np.ones(1, np.float32)
    priors = {"a": ConditionalPriors(one, {"b": one[None]}), "b": ConditionalPriors(one, {"a": one[None]})}
    with pytest.raises(ValueError, match="in a circle"):
        sample_joint_classes(np.random.default_rng(1), 3, groups, priors)
