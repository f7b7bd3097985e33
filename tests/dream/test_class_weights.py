from __future__ import annotations

import pytest
import torch

from installation.dream.class_weights import ClassWeighting, top_weights
from installation.dream.losses import few_classes
from installation.models.biggan.generator import BigGAN
from installation.models.interfaces import Group, Latents, logits_of, weights_of
from tests.models.conftest import calibrated_library

GROUPS = (Group("sky", ("day", "night", "dusk")), Group("who", ("fox", "crow")))
FREE = tuple(group._replace(simplex=False) for group in GROUPS)


def test_the_top_few_have_their_share_among_those_that_are_not_larger() -> None:
    numbers = torch.tensor([[2.0, 0.0, 1.0, -4.0]])
    first, second = torch.softmax(numbers, 1)[0, 0], torch.softmax(numbers[:, 1:], 1)[0, 1]
    torch.testing.assert_close(top_weights(numbers, 2, 1.0), torch.tensor([[first, 0.0, second, 0.0]]))


def test_the_top_few_are_differentiable_and_no_more_than_there_are() -> None:
    numbers = torch.randn(2, 5, generator=torch.Generator().manual_seed(1)).requires_grad_(True)
    weights = top_weights(numbers, 9, 2.0)
    assert (weights > 0).all()
    (gradient,) = torch.autograd.grad(weights.gather(1, numbers.argmax(dim=1, keepdim=True)).sum(), numbers)
    assert gradient.abs().min() > 0.0


@pytest.mark.parametrize("how", ["softmax", "sigmoid"])
def test_an_optimiser_begins_at_the_weights_that_are_there(how: str) -> None:
    weighing = ClassWeighting(how)  # type: ignore[arg-type]
    logits = torch.tensor([[0.7, 0.2, 0.1, 0.6, 0.4]]).log()
    torch.testing.assert_close(weighing.logits(weighing.numbers(logits), GROUPS), logits)


def test_weights_without_a_simplex_are_each_their_own() -> None:
    weights = torch.tensor([[0.9, 0.8, 0.0, 0.3, 1.0]]).numpy()
    torch.testing.assert_close(weights_of(logits_of(weights), FREE), weights, atol=2e-6, rtol=0.0)
    chosen = torch.tensor([[0.0, -14.0, -14.0, -14.0, 0.0]]).numpy()
    torch.testing.assert_close(weights_of(chosen, FREE), weights_of(chosen, GROUPS), atol=1e-5, rtol=0.0)


def test_a_biggan_with_free_classes_takes_weights_as_big_sleep_gives_them() -> None:
    library = calibrated_library(1)
    generator = BigGAN("small", library, (Group("class", tuple("abcdefghij")),), truncation=1.0)
    generator.free_classes()
    random = torch.Generator().manual_seed(1)
    z, numbers = torch.randn(1, 16, generator=random), torch.randn(1, 10, generator=random)
    ours = generator.render(Latents(z, ClassWeighting("sigmoid").logits(numbers, generator.groups)))
    theirs = (library(z.clamp(-2, 2), numbers.sigmoid(), 1.0) + 1) / 2
    torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=0.0)


def test_the_loss_of_few_classes_asks_nothing_of_the_largest() -> None:
    assert float(few_classes(torch.tensor([[0.9, 0.0, 0.0]]))) == pytest.approx(0.0, abs=1e-4)
    assert float(few_classes(torch.tensor([[0.9, 0.2, 0.0]]))) == pytest.approx((50 * 0.2) ** 2 / 2, rel=1e-3)
