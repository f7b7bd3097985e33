from __future__ import annotations

import math

import pytest
import torch

from installation.dream.losses import (
    cosine,
    few_classes,
    finite,
    latent_prior,
    smooth_entropy,
    spherical_distance,
)

EAST, NORTH = torch.tensor([[1.0, 0.0]], dtype=torch.float64), torch.tensor([[0.0, 1.0]], dtype=torch.float64)


def test_the_spherical_distance_is_half_the_squared_angle() -> None:
    assert spherical_distance(cosine(EAST, NORTH)).item() == pytest.approx((math.pi / 2) ** 2 / 2, rel=1e-6)
    assert spherical_distance(cosine(EAST, EAST)).item() == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("start", [EAST, -EAST], ids=["at the target", "opposite to it"])
def test_the_gradient_of_the_spherical_distance_is_finite(start: torch.Tensor) -> None:
    point = start.clone().requires_grad_(True)
    (gradient,) = torch.autograd.grad(spherical_distance(cosine(point, EAST)).sum(), point)
    assert gradient.isfinite().all()


def test_the_latent_prior_costs_only_latents_that_are_longer_than_the_generators_noise() -> None:
    assert latent_prior(torch.full((1, 8), 0.5), 0.8).item() == 0.0
    assert latent_prior(torch.full((1, 8), 1.5), 0.8).item() == pytest.approx(1.5**2 - 0.8 * 0.8**2)


def test_the_smooth_entropy_is_lowest_at_the_smoothed_one_hot_distribution() -> None:
    certain = torch.tensor([[0.9, 0.05, 0.05]], dtype=torch.float64)
    assert smooth_entropy(certain).item() == pytest.approx(0.0, abs=1e-9)
    assert smooth_entropy(torch.full((1, 3), 1 / 3)).item() > 0.5


def test_the_class_loss_of_big_sleep_leaves_the_largest_class_out() -> None:
    assert few_classes(torch.tensor([[0.9, 0.0, 0.0]])).item() == pytest.approx(0.0, abs=1e-4)
    assert few_classes(torch.tensor([[0.9, 0.2, 0.0]])).item() == pytest.approx((50 * 0.2) ** 2 / 2, rel=1e-3)


def test_values_of_a_gradient_that_are_not_finite_move_nothing() -> None:
    gradient = torch.tensor([2.0, math.nan, math.inf, -math.inf])
    assert finite(gradient).tolist() == [2.0, 0.0, 0.0, 0.0]
