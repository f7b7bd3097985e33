from __future__ import annotations

import pytest
import torch

from installation.dream.class_weights import ClassWeighting, Mode, top_weights
from installation.models.interfaces import Group, Latents, logits_of, weights_of
from tests.dream.conftest import small_biggan
from tests.models.conftest import calibrated_library

GROUPS = (Group("sky", ("day", "night", "dusk")), Group("guest", ("fox", "crow")))
HALF_A_LEVEL = 0.5 / 255.0  # of an 8-bit picture: a smaller difference is not visible
FREE_GROUPS = tuple(group._replace(simplex=False) for group in GROUPS)


def test_top_weights_are_softmax_shares_among_the_remaining_parameters() -> None:
    parameters = torch.tensor([[2.0, 0.0, 1.0, -4.0]], dtype=torch.float64)
    first, second = torch.softmax(parameters, 1)[0, 0], torch.softmax(parameters[:, 1:], 1)[0, 1]
    expected = torch.tensor([[first, 0.0, second, 0.0]], dtype=torch.float64)
    torch.testing.assert_close(top_weights(parameters, 2, 1.0), expected)


def test_top_weights_have_a_gradient_in_every_parameter() -> None:
    parameters = torch.randn(2, 5, generator=torch.Generator().manual_seed(1)).requires_grad_(True)
    largest = top_weights(parameters, 9, 2.0).gather(1, parameters.argmax(dim=1, keepdim=True))
    (gradient,) = torch.autograd.grad(largest.sum(), parameters)
    assert gradient.abs().min() > 0.0


def test_top_weights_of_more_classes_than_there_are_leave_none_out() -> None:
    assert (top_weights(torch.zeros(1, 3), 9, 2.0) > 0).all()


@pytest.mark.parametrize("mode", ["softmax", "sigmoid"])
def test_parameters_from_logits_give_the_same_logits_again(mode: Mode) -> None:
    weighting = ClassWeighting(mode)
    logits = torch.tensor([[0.7, 0.2, 0.1, 0.6, 0.4]], dtype=torch.float64).log()
    torch.testing.assert_close(weighting.to_logits(weighting.from_logits(logits), GROUPS), logits)


def test_top_keeps_a_few_classes_of_each_group() -> None:
    logits = ClassWeighting("top", max_classes=2).to_logits(torch.tensor([[3.0, 2.0, 1.0, 0.5, 0.4]]), GROUPS)
    assert (logits > -13.9).tolist() == [[True, True, False, True, True]]


def test_weights_of_a_group_that_is_no_simplex_are_independent() -> None:
    weights = torch.tensor([[0.9, 0.8, 0.0, 0.3, 1.0]]).numpy()
    torch.testing.assert_close(weights_of(logits_of(weights), FREE_GROUPS), weights, atol=2e-6, rtol=0.0)


def test_a_biggan_with_independent_classes_takes_sigmoid_weights_as_big_sleep_does() -> None:
    library, generator = calibrated_library(1), small_biggan()
    generator.set_truncation(1.0)
    generator.use_independent_classes()
    random = torch.Generator().manual_seed(1)
    z, parameters = torch.randn(1, 16, generator=random), torch.randn(1, 10, generator=random)
    logits = ClassWeighting("sigmoid").to_logits(parameters, generator.groups)
    expected = (library(z.clamp(-2, 2), parameters.sigmoid(), 1.0) + 1) / 2
    torch.testing.assert_close(generator.render(Latents(z, logits)), expected, atol=HALF_A_LEVEL, rtol=0.0)
