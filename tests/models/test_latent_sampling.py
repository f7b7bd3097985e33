"""Draws of latents."""

from __future__ import annotations

import numpy as np
import pytest

from installation.models.interfaces import Group, weights_of
from installation.models.latent_sampling import ConditionalPriors, drawn_together, few_classes, truncated_normal

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


def test_classes_are_drawn_with_the_company_that_the_customs_give_them() -> None:
    groups = (Group("where", ("sea", "land", "air")), Group("who", ("ship", "camel")))
    homes = np.array([[1, 0, 0], [0, 3, 1]], np.float32)
    customs = {
        "where": ConditionalPriors(np.ones(3, np.float32), {"who": homes}),
        "who": ConditionalPriors(np.array([3, 1.0]), {}),
    }
    where, who = drawn_together(np.random.default_rng(4), 4000, groups, customs).T
    assert (who == 0).mean() == pytest.approx(0.75, abs=0.03)
    assert set(where[who == 0]) == {0}
    assert (where[who == 1] == 1).mean() == pytest.approx(0.75, abs=0.05)


def test_customs_that_depend_on_each_other_in_a_circle_are_refused() -> None:
    groups = (Group("a", ("x",)), Group("b", ("y",)))
    one = np.ones(1, np.float32)
    customs = {"a": ConditionalPriors(one, {"b": one[None]}), "b": ConditionalPriors(one, {"a": one[None]})}
    with pytest.raises(ValueError, match="in a circle"):
        drawn_together(np.random.default_rng(1), 3, groups, customs)
