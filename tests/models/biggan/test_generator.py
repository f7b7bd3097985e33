"""BigGAN as a Generator: truncation, layers, precision, batches."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from numpy.testing import assert_array_equal

from installation.core.errors import ShowError
from installation.models.biggan.generator import BigGAN
from installation.models.biggan.loading import load_library, read_groups
from installation.models.capabilities import (
    GraphCapturable,
    IndependentClasses,
    LayeredLatents,
    MixedPrecision,
    Truncatable,
)
from installation.models.interfaces import Generator, Group, Latents, ModelPlace, slices
from tests.models.conftest import calibrated_library

PAIR = (Group("kind", tuple("abcdef")), Group("colour", tuple("wxyz"), neutral=0))
EXACT = 1e-6  # relative, in float64; see test_folded.py


def latents_of(generator: BigGAN, n: int, seed: int, dtype: torch.dtype = torch.float64) -> Latents[torch.Tensor]:
    random = torch.Generator().manual_seed(seed)
    classes = sum(len(group.labels) for group in generator.groups)
    z = torch.randn(n, generator.z_dim, generator=random).to(dtype)
    logits = 2 * torch.randn(n, classes, generator=random).to(dtype)
    return Latents(z.requires_grad_(True), logits.requires_grad_(True))


def library_pictures(library: Any, generator: BigGAN, latents: Latents[torch.Tensor]) -> torch.Tensor:
    parts = [latents.classes[:, where].softmax(dim=1) for where in slices(generator.groups)]
    bound = 2 * generator.truncation
    pictures: torch.Tensor = library(latents.z.clamp(-bound, bound), torch.cat(parts, dim=1), generator.truncation)
    return (pictures + 1) / 2


def relative(mine: torch.Tensor, reference: torch.Tensor) -> float:
    return float(((mine - reference).norm() / reference.norm()).detach())


def assert_equal_with_gradient(library: Any, generator: BigGAN, seed: int) -> None:
    """`library` is in float64."""
    latents = latents_of(generator, 2, seed)
    ours, reference = generator.render(latents), library_pictures(library, generator, latents)
    assert float(reference.detach().std()) > 0.03  # a flat picture would prove nothing
    assert relative(ours, reference) < EXACT
    direction = torch.randn(ours.shape, generator=torch.Generator().manual_seed(seed))
    gradients = [
        torch.autograd.grad((pictures * direction).sum(), [latents.z, latents.classes])
        for pictures in (ours, reference)
    ]
    for mine, theirs in zip(*gradients, strict=True):
        assert relative(mine, theirs) < EXACT


@pytest.fixture(scope="module")
def library() -> Any:
    return calibrated_library(1)


@pytest.fixture(scope="module")
def double(library: Any) -> Any:
    return copy.deepcopy(library).double()


@pytest.mark.parametrize("truncation", [0.3, 0.5, 1.0])
def test_pictures_and_gradients_equal_the_librarys_at_any_truncation(double: Any, truncation: float) -> None:
    assert_equal_with_gradient(double, BigGAN("small", double, PAIR, truncation=truncation), seed=2)


def test_attention_with_gamma_0_is_left_out_without_a_difference(double: Any) -> None:
    without = copy.deepcopy(double)
    next(layer for layer in without.generator.layers if hasattr(layer, "gamma")).gamma.zero_()
    assert_equal_with_gradient(without, BigGAN("small", without, PAIR, truncation=0.5), seed=2)


@pytest.mark.slow
def test_the_embedded_weights_render_what_the_library_renders(place: ModelPlace) -> None:
    folder = place.assets / "biggan-embedded"
    double = load_library(folder).double()
    groups, _ = read_groups(folder, int(double.config.num_classes))
    assert_equal_with_gradient(double, BigGAN("biggan-embedded", double, groups, truncation=0.8), seed=3)


def test_it_has_every_optional_capability(library: Any) -> None:
    generator = BigGAN("small", library, PAIR)
    for protocol in (Generator, GraphCapturable, MixedPrecision, Truncatable, LayeredLatents, IndependentClasses):
        assert isinstance(generator, protocol)


def test_truncation_can_be_changed_and_changed_back(double: Any) -> None:
    generator = BigGAN("small", double, PAIR, truncation=0.4)
    latents = latents_of(generator, 1, seed=4)
    before = generator.render(latents)
    generator.set_truncation(0.8)
    assert relative(generator.render(latents), library_pictures(double, generator, latents)) < EXACT
    assert relative(generator.render(latents), before) > 1e-2
    generator.set_truncation(0.4)
    assert_array_equal(generator.render(latents).detach(), before.detach())


@pytest.mark.parametrize("truncation", [0.14, 0.28, 0.56, 0.58, 0.94])
def test_each_truncation_has_its_own_statistics_where_the_library_takes_a_neighbours(truncation: float) -> None:
    library = calibrated_library(5).double()
    generator = BigGAN("small", library, PAIR, truncation=truncation)
    ours = generator.render(latents := latents_of(generator, 1, seed=6))
    assert relative(library_pictures(library, generator, latents), ours) > 1e-2
    for name, rows in library.named_buffers():
        if "running" in name:
            rows[:] = rows[round(truncation * 50)].clone()
    assert relative(library_pictures(library, generator, latents), ours) < EXACT


def test_truncation_can_be_changed_in_inference_mode(double: Any) -> None:
    generator = BigGAN("small", double, PAIR, truncation=0.4)
    with torch.inference_mode():
        generator.set_truncation(0.8)
    assert_equal_with_gradient(double, generator, seed=10)


def test_noise_beyond_twice_the_truncation_is_clamped(library: Any) -> None:
    generator = BigGAN("small", library, PAIR, truncation=0.5)
    latents = latents_of(generator, 1, 7, torch.float32)
    far, edge = (Latents(torch.full_like(latents.z, value), latents.classes) for value in (9.0, 1.0))
    assert_array_equal(generator.render(far).detach(), generator.render(edge).detach())


@pytest.mark.parametrize("truncation", [0.0, 1.5])
def test_a_truncation_out_of_range_is_refused(library: Any, truncation: float) -> None:
    with pytest.raises(ShowError, match="above 0 and at most 1"):
        BigGAN("small", library, PAIR, truncation=truncation)


def test_a_layered_z_with_equal_layers_gives_the_picture_of_the_plain_one(double: Any) -> None:
    generator = BigGAN("small", double, PAIR)
    latents = latents_of(generator, 2, seed=8)
    layered = Latents(latents.z.unsqueeze(1).repeat(1, generator.layers, 1), latents.classes)
    assert relative(generator.render(layered), generator.render(latents)) < EXACT
    layered.z.data[:, -1] += 0.5
    assert relative(generator.render(layered), generator.render(latents)) > 1e-4


@pytest.mark.parametrize(("precision", "bound"), [(torch.bfloat16, 0.02), (torch.float16, 0.004)])
def test_half_precision_stays_near_full_precision(library: Any, precision: torch.dtype, bound: float) -> None:
    """`bound` is some 5 roundings of a value of about 1: bfloat16 keeps 8 bits of it, float16 keeps 11."""
    half, full = (BigGAN("small", library, PAIR, truncation=0.5, precision=each) for each in (precision, torch.float32))
    latents = latents_of(full, 2, 11, torch.float32)
    assert 1e-5 < relative(half.render(latents), full.render(latents)) < bound
    assert (half.precision, half.notice()) == (str(precision).removeprefix("torch."), "")


def test_a_frame_that_overflows_is_painted_again_in_full_precision_with_a_notice(library: Any) -> None:
    overflowing = copy.deepcopy(library)
    overflowing.generator.layers[0].conv_0.bias += 1e6  # more than float16 can hold
    overflowing.generator.layers[0].bn_1.running_means += 1e6  # and subtracted again, which float32 can
    half, full = (BigGAN("small", overflowing, PAIR, precision=each) for each in (torch.float16, torch.float32))
    point = half.sample(1, seed=1)
    assert not half.render(Latents(torch.tensor(point.z), torch.tensor(point.classes))).isfinite().all()
    assert_array_equal(half.paint(point), full.paint(point))
    assert half.precision == "float32"
    assert half.notice() == "small overflowed in float16: from now on it computes in float32."
    assert half.notice() == ""


def test_a_black_frame_raises_the_precision(library: Any) -> None:
    dark = copy.deepcopy(library)
    dark.generator.conv_to_rgb.bias.fill_(-1e4)
    generator = BigGAN("small", dark, PAIR, precision=torch.bfloat16)
    assert generator.paint(generator.sample(1, seed=1)).max() == 0  # in float32 it is black as well
    assert generator.precision == "float32"


def test_nan_in_full_precision_never_becomes_a_frame(library: Any) -> None:
    broken = copy.deepcopy(library)
    broken.generator.bn.bias.fill_(torch.nan)
    generator = BigGAN("small", broken, PAIR)
    with pytest.raises(ValueError, match="small produced NaN"):
        generator.paint(generator.sample(1, seed=1))


def test_a_batch_is_painted_like_its_pictures_one_by_one(library: Any) -> None:
    generator = BigGAN("small", library, PAIR)
    generator.prepare(generator.sample(1, 0), generator.sample(3, 0))
    points = generator.sample(3, seed=12)
    together = generator.paint_batch(points)
    alone = [generator.paint(points[i : i + 1]) for i in range(3)]
    assert together.shape == (3, 64, 64, 3)
    # bytes may be rounded differently: the order of sums depends on the batch size
    assert max(int(abs(a.astype(int) - b).max()) for a, b in zip(together, alone, strict=True)) <= 1


def test_a_frame_is_not_overwritten_by_the_next_one(library: Any) -> None:
    generator = BigGAN("small", library, PAIR)
    first = generator.paint(generator.sample(1, seed=1))
    kept = first.copy()
    generator.paint(generator.sample(1, seed=2))
    assert_array_equal(first, kept)
