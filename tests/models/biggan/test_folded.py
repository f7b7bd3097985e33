"""The folded forward pass against the library's own, in the three published architectures.

Equality is checked in float64: in float32 a unit whose input is within rounding error of 0 may be on in one
implementation and off in the other, which moves a gradient of a deep network by per cents. What float32 adds is
compared with what it adds to the library's own gradient.
"""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import pytest
import torch

from installation.models.biggan.checkpoint import config_of
from installation.models.biggan.generator import BigGAN
from installation.models.interfaces import Group, Latents
from tests.models.conftest import calibrated_library

SIZES = (128, 256, 512)
CLASSES = (Group("class", tuple(map(str, range(1000)))),)
NARROW = 4  # channels of the last block, instead of 128
EXACT = 1e-6  # relative, in float64


@cache
def library_of(size: int, width: int = NARROW) -> Any:
    """A published architecture with random weights and fitting statistics; width 128 is the published one."""
    return calibrated_library(size, batch=2, **{**config_of(f"biggan-deep-{size}"), "channel_width": width})


def generator_of(library: Any, truncation: float = 0.5, precision: torch.dtype = torch.float32) -> BigGAN:
    return BigGAN("biggan", library, CLASSES, truncation=truncation, precision=precision)


def latents_of(generator: BigGAN, seed: int, dtype: torch.dtype) -> Latents[torch.Tensor]:
    point = generator.sample(1, seed)
    z, logits = (torch.from_numpy(part).to(dtype).requires_grad_(True) for part in (point.z, 0.3 * point.classes))
    return Latents(z, logits)


def library_picture(library: Any, generator: BigGAN, latents: Latents[torch.Tensor]) -> torch.Tensor:
    bound = 2 * generator.truncation
    weights = latents.classes.softmax(dim=1)
    picture: torch.Tensor = (library(latents.z.clamp(-bound, bound), weights, generator.truncation) + 1) / 2
    return picture


def with_gradients(picture: torch.Tensor, latents: Latents[torch.Tensor]) -> list[torch.Tensor]:
    """The picture, and the gradients towards a coarse pattern, since a perceptor's gradient is coarse as well."""
    pattern = torch.randn(1, 3, 8, 8, generator=torch.Generator().manual_seed(1)).to(picture.dtype)
    direction = torch.nn.functional.interpolate(pattern, size=picture.shape[-1], mode="bilinear")
    gradients = torch.autograd.grad((picture * direction).sum(), [latents.z, latents.classes])
    return [picture.detach(), *gradients]


def relative_errors(mine: list[torch.Tensor], reference: list[torch.Tensor]) -> list[float]:
    return [float((a - b).norm() / b.norm()) for a, b in zip(mine, reference, strict=True)]


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_picture_and_gradient_equal_the_librarys_in_float64(size: int) -> None:
    library = copy.deepcopy(library_of(size)).double()
    generator = generator_of(library, truncation=0.4)
    latents = latents_of(generator, seed=7, dtype=torch.float64)
    reference = with_gradients(library_picture(library, generator, latents), latents)
    assert reference[0].shape == (1, 3, size, size)
    assert float(reference[0].std()) > 0.03  # a flat picture would prove nothing
    assert max(relative_errors(with_gradients(generator.render(latents), latents), reference)) < EXACT


def errors_in_float32(library: Any, seed: int) -> tuple[list[float], list[float]]:
    """Errors of the folded pass and of the library, both in float32, against the library in float64."""
    double = copy.deepcopy(library).double()
    exact = latents_of(generator_of(library), seed, torch.float64)
    single = latents_of(generator_of(library), seed, torch.float32)
    generator = generator_of(library)
    reference = with_gradients(library_picture(double, generator, exact), exact)
    folded = with_gradients(generator.render(single), single)
    own = with_gradients(library_picture(library, generator, single), single)
    return relative_errors(folded, reference), relative_errors(own, reference)


@pytest.mark.slow
def test_float32_costs_no_more_accuracy_than_in_the_library() -> None:
    errors = [errors_in_float32(library_of(128), seed) for seed in range(3)]
    folded, own = (torch.tensor(rows).mean(dim=0) for rows in zip(*errors, strict=True))
    assert float(folded[0]) < 1e-4  # the picture
    assert (folded < 5 * own + 1e-5).all()


@pytest.mark.slow
def test_at_the_published_width_float32_costs_no_more_accuracy_than_in_the_library() -> None:
    folded, own = (torch.tensor(errors) for errors in errors_in_float32(library_of.__wrapped__(128, 128), seed=7))
    assert float(folded[0]) < 1e-4
    assert (folded < 10 * own + 1e-5).all()  # one sample, so that either may be lucky


@pytest.mark.parametrize("precision", [torch.bfloat16, torch.float16])
def test_half_precision_keeps_the_picture_and_the_direction_of_the_gradient(precision: torch.dtype) -> None:
    library = library_of(128)
    exact, half = generator_of(library), generator_of(library, precision=precision)
    latents = latents_of(exact, seed=8, dtype=torch.float32)
    full, rough = (with_gradients(each.render(latents), latents) for each in (exact, half))
    (picture_error,) = relative_errors(rough[:1], full[:1])
    assert 1e-5 < picture_error < 0.02
    for mine, reference in zip(rough[1:], full[1:], strict=True):
        assert float(torch.cosine_similarity(mine.flatten(), reference.flatten(), dim=0)) > 0.8
