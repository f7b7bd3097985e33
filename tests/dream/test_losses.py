from __future__ import annotations

import math

import pytest
import torch

from installation.dream.losses import PromptTarget, latent_prior, smooth_entropy, spherical

EAST, NORTH = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 1.0]])


def aim(*weights: float) -> PromptTarget:
    return PromptTarget(
        torch.cat((EAST, NORTH))[: len(weights)], torch.tensor(weights), torch.tensor([0.1] * len(weights))
    )


def test_the_spherical_distance_is_half_the_square_of_the_angle() -> None:
    assert spherical(EAST, NORTH).item() == pytest.approx((math.pi / 2) ** 2 / 2, abs=1e-3)
    assert spherical(EAST, EAST).item() == pytest.approx(0.0, abs=1e-6)


def test_the_spherical_gradient_stays_finite_at_the_goal_and_opposite_to_it() -> None:
    for start in (EAST, -EAST):
        point = start.clone().requires_grad_(True)
        spherical(point, EAST).sum().backward()
        assert point.grad is not None
        assert point.grad.isfinite().all()


def test_short_latents_cost_nothing_and_long_ones_do() -> None:
    assert latent_prior(torch.full((1, 8), 0.5), 0.8).item() == 0.0
    assert latent_prior(torch.full((1, 8), 1.5), 0.8).item() > 1.0


def test_a_choice_that_is_certain_but_for_the_smoothing_costs_nothing() -> None:
    certain = torch.tensor([[0.9, 0.05, 0.05]])
    assert smooth_entropy(certain).item() == pytest.approx(0.0, abs=1e-5)
    assert smooth_entropy(torch.full((1, 3), 1 / 3)).item() > 0.5


def test_the_score_is_the_weighted_mean_of_the_wanted() -> None:
    assert aim(3.0, 1.0).score(EAST).item() == pytest.approx(0.75)
    assert aim(1.0, -1.0).score(EAST).item() == pytest.approx(1.0)


def test_what_is_unwanted_lowers_the_rating_and_raises_the_loss_down_to_the_average_picture_only() -> None:
    between = torch.tensor([[math.sqrt(0.5), math.sqrt(0.5)]])
    wanting, avoiding = aim(1.0), aim(1.0, -1.0)
    assert avoiding.rating(between) < wanting.rating(between)
    assert avoiding.loss(between) > wanting.loss(between)
    assert avoiding.rating(EAST) == wanting.rating(EAST)
