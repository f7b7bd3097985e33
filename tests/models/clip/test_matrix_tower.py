"""The tower of matrix products gives the features and gradients of the modules."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from installation.models.clip.matrix_tower import MOST_PICTURES, MatrixTower, matrix_tower
from installation.models.clip.perceptor import fold_batch_norms


@pytest.fixture(scope="module")
def visual() -> torch.nn.Module:
    """A tower of every kind of block, with normalisations that do something, folded."""
    from open_clip.modified_resnet import ModifiedResNet

    torch.manual_seed(1)
    tower: torch.nn.Module = ModifiedResNet(layers=[1, 1, 2, 1], output_dim=16, heads=4, image_size=64, width=8)
    for module in tower.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.normal_(module.bias)
    tower.eval().requires_grad_(False)
    fold_batch_norms(tower)
    return tower


def tower_of(visual: torch.nn.Module) -> MatrixTower:
    tower = matrix_tower(visual)
    assert tower is not None
    return tower


def pictures(count: int, seed: int = 2) -> Tensor:
    return torch.randn(count, 3, 64, 64, generator=torch.Generator().manual_seed(seed)).requires_grad_(True)


def assert_close(a: Tensor, b: Tensor) -> None:
    torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-4 * float(b.detach().abs().max()))


@pytest.mark.parametrize("count", [1, 3, MOST_PICTURES + 1])
def test_features_and_gradients_are_those_of_the_modules(visual: torch.nn.Module, count: int) -> None:
    tower = tower_of(visual)
    for seed in (2, 3):  # a second run in the same memory
        given = pictures(count, seed)
        features, expected = tower(given), visual(given)
        weights = torch.linspace(-1, 1, features.numel()).view_as(features)
        assert_close(features, expected)
        assert_close(*(torch.autograd.grad(each, given, weights)[0] for each in (features, expected)))


def test_a_gradient_is_that_of_its_own_run_even_after_another(visual: torch.nn.Module) -> None:
    tower, first, second = tower_of(visual), pictures(2, 4), pictures(2, 5)
    features = [tower(each) for each in (first, second)]
    for given, own in zip((first, second), features, strict=True):
        expected = torch.autograd.grad(visual(given).sum(), given)[0]
        assert_close(torch.autograd.grad(own.sum(), given)[0], expected)


def test_a_gradient_can_follow_features_that_were_computed_without_one(visual: torch.nn.Module) -> None:
    tower, given = tower_of(visual), pictures(2)
    with torch.inference_mode():
        expected = tower(given.detach()).clone()
    features = tower(given)
    torch.testing.assert_close(features.detach(), expected.clone())
    assert_close(torch.autograd.grad(features.sum(), given)[0], torch.autograd.grad(visual(given).sum(), given)[0])


def test_what_is_no_gain_or_not_possible_keeps_its_modules() -> None:
    from open_clip.modified_resnet import ModifiedResNet

    unfolded = ModifiedResNet(layers=[1, 1, 1, 1], output_dim=16, heads=4, image_size=64, width=8).eval()
    large = ModifiedResNet(layers=[1, 1, 1, 1], output_dim=16, heads=4, image_size=224, width=8).eval()
    fold_batch_norms(large)
    assert matrix_tower(unfolded) is None
    assert matrix_tower(large) is None
    assert matrix_tower(torch.nn.Linear(2, 2)) is None
