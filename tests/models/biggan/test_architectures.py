"""BigGAN-deep in its three true shapes: the folded forward against the library's own, half precision against full."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import pytest
import torch

from installation.models.biggan.architectures import config_of
from installation.models.biggan.generator import BigGAN
from installation.models.interfaces import Group, Latents
from tests.models.conftest import calibrated_library

CLASSES = (Group("class", tuple(map(str, range(1000)))),)


# Each is rounded in its own way, and a relu that lies within the rounding error of its threshold opens in one and not
# in the other: in a share e of all units, whence a gradient's error of about the root of e. In float64 nothing of it is
# left.
FORWARD, GRADIENT, GRADIENT_DOUBLE = 1e-4, 5e-3, 1e-5


@cache
def library_of(size: int) -> Any:
    """Random weights of the true shape, with statistics that fit them: the raw ones overflow."""
    return calibrated_library(size, batch=2, **config_of(f"biggan-deep-{size}"))


def latents_of(generator: BigGAN, seed: int, dtype: torch.dtype = torch.float32) -> Latents[torch.Tensor]:
    point = generator.sample(1, seed)
    z, logits = (torch.from_numpy(part).to(dtype).requires_grad_(True) for part in (point.z, 0.3 * point.classes))
    return Latents(z, logits)


def by_the_library(library: Any, generator: BigGAN, latents: Latents[torch.Tensor]) -> torch.Tensor:
    bound = 2 * generator.truncation
    weights = latents.classes.softmax(dim=1)
    picture: torch.Tensor = (library(latents.z.clamp(-bound, bound), weights, generator.truncation) + 1) / 2
    return picture


def gradients(picture: torch.Tensor, latents: Latents[torch.Tensor]) -> tuple[torch.Tensor, ...]:
    """Towards a coarse pattern, as what a perceptor wants is coarse."""
    pattern = torch.randn(1, 3, 8, 8, generator=torch.Generator().manual_seed(1))
    direction = torch.nn.functional.interpolate(pattern, size=picture.shape[-1], mode="bilinear").to(picture.dtype)
    return torch.autograd.grad((picture * direction).sum(), [latents.z, latents.classes])


def assert_near(
    mine: torch.Tensor, reference: torch.Tensor, latents: Latents[torch.Tensor], gradient_within: float
) -> None:
    assert relative(mine, reference) < FORWARD
    for ours, theirs in zip(gradients(mine, latents), gradients(reference, latents), strict=True):
        assert relative(ours, theirs) < gradient_within


def relative(mine: torch.Tensor, reference: torch.Tensor) -> float:
    return float(((mine - reference).norm() / reference.norm()).detach())


def test_at_128_it_is_the_librarys_at_any_truncation() -> None:
    library = library_of(128)
    generator = BigGAN("biggan-deep-128", library, CLASSES)
    for truncation in (0.2, 0.5, 1.0):
        generator.set_truncation(truncation)
        latents = latents_of(generator, seed=7)
        reference = by_the_library(library, generator, latents)
        assert float(reference.detach().std()) > 0.03  # a flat picture would prove nothing
        assert_near(generator.render(latents), reference, latents, GRADIENT)


def test_at_128_its_gradient_is_the_librarys() -> None:
    library = copy.deepcopy(library_of(128)).double()
    generator = BigGAN("biggan-deep-128", library, CLASSES)
    latents = latents_of(generator, 9, torch.float64)
    assert_near(generator.render(latents), by_the_library(library, generator, latents), latents, GRADIENT_DOUBLE)


@pytest.mark.parametrize("size", [256, 512])
def test_at_larger_sizes_it_is_the_librarys_with_its_gradient(size: int) -> None:
    library = library_of.__wrapped__(size)  # not kept: a quarter of a gigabyte
    generator = BigGAN(f"biggan-deep-{size}", library, CLASSES, truncation=0.4)
    latents = latents_of(generator, seed=7)
    reference = by_the_library(library, generator, latents)
    assert reference.shape == (1, 3, size, size)
    assert float(reference.detach().std()) > 0.03
    assert_near(generator.render(latents), reference, latents, GRADIENT)


def test_bfloat16_stays_near_full_precision() -> None:
    library = library_of(128)
    exact, half = (
        BigGAN("biggan-deep-128", library, CLASSES, precision=each) for each in (torch.float32, torch.bfloat16)
    )
    latents = latents_of(exact, seed=8)
    ours, rough = exact.render(latents), half.render(latents)
    assert 1e-5 < relative(rough, ours) < 0.02
    for mine, reference in zip(gradients(rough, latents), gradients(ours, latents), strict=True):
        assert float(torch.cosine_similarity(mine.flatten(), reference.flatten(), dim=0)) > 0.85
