"""BigGAN: the folded forward against the library's own, and what is said about files that are not right."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import torch
from numpy.testing import assert_array_equal

from installation.core.errors import ShowError
from installation.models import load_generator
from installation.models.biggan.generator import BigGAN, load_biggan, load_library
from installation.models.interfaces import Group, Latents, ModelPlace, slices
from tests.models.conftest import SMALL, calibrated_library, generator_named

PAIR = (Group("kind", tuple("abcdef")), Group("colour", tuple("wxyz"), neutral=0))


def latents_of(generator: BigGAN, n: int, seed: int) -> Latents[torch.Tensor]:
    random = torch.Generator().manual_seed(seed)
    classes = sum(len(group.labels) for group in generator.groups)
    z = torch.randn(n, generator.z_dim, generator=random)
    return Latents(z.requires_grad_(True), (2 * torch.randn(n, classes, generator=random)).requires_grad_(True))


def by_the_library(library: Any, generator: BigGAN, latents: Latents[torch.Tensor]) -> torch.Tensor:
    parts = [latents.classes[:, where].softmax(dim=1) for where in slices(generator.groups)]
    bound = 2 * generator.truncation
    pictures: torch.Tensor = library(latents.z.clamp(-bound, bound), torch.cat(parts, dim=1), generator.truncation)
    return (pictures + 1) / 2


def assert_equal_with_gradient(library: Any, generator: BigGAN, seed: int) -> None:
    latents = latents_of(generator, 2, seed)
    ours, theirs = generator.render(latents), by_the_library(library, generator, latents)
    assert float(theirs.detach().std()) > 0.03  # a flat picture would prove nothing
    assert relative(ours, theirs) < 1e-4
    direction = torch.randn(ours.shape, generator=torch.Generator().manual_seed(seed))
    wanted = [torch.autograd.grad((p * direction).sum(), [latents.z, latents.classes]) for p in (ours, theirs)]
    for mine, reference in zip(*wanted, strict=True):
        assert relative(mine, reference) < 5e-4  # rounding moves a few values over the kink of a relu


def relative(mine: torch.Tensor, reference: torch.Tensor) -> float:
    return float(((mine - reference).norm() / reference.norm()).detach())


@pytest.fixture(scope="module")
def library() -> Any:
    return calibrated_library(1)


@pytest.mark.parametrize("truncation", [0.3, 0.5, 1.0])
def test_the_folded_forward_equals_the_librarys_at_any_truncation(library: Any, truncation: float) -> None:
    generator = BigGAN("small", library, PAIR, truncation=truncation)
    assert_equal_with_gradient(library, generator, seed=2)


def test_attention_that_adds_nothing_is_left_out_without_a_difference() -> None:
    silent = calibrated_library(1)
    next(layer for layer in silent.generator.layers if hasattr(layer, "gamma")).gamma.zero_()
    assert_equal_with_gradient(silent, BigGAN("small", silent, PAIR, truncation=0.5), seed=2)


def test_the_embedded_weights_paint_what_the_library_paints(place: ModelPlace) -> None:
    generator = generator_named("biggan-embedded")
    assert isinstance(generator, BigGAN)
    assert_equal_with_gradient(load_library(place.assets / "biggan-embedded"), generator, seed=3)


def test_truncation_can_be_changed_and_changed_back(library: Any) -> None:
    generator = BigGAN("small", library, PAIR, truncation=0.4)
    latents = latents_of(generator, 1, seed=4)
    before = generator.render(latents)
    generator.set_truncation(0.8)
    assert relative(generator.render(latents), by_the_library(library, generator, latents)) < 1e-4
    assert relative(generator.render(latents), before) > 1e-2
    generator.set_truncation(0.4)
    assert_array_equal(generator.render(latents).detach(), before.detach())


@pytest.mark.parametrize("truncation", [0.14, 0.28, 0.56, 0.58, 0.94])
def test_each_truncation_has_its_own_statistics_where_the_library_takes_a_neighbours(truncation: float) -> None:
    library = calibrated_library(5)
    generator = BigGAN("small", library, PAIR, truncation=truncation)
    ours = generator.render(latents := latents_of(generator, 1, seed=6))
    assert relative(by_the_library(library, generator, latents), ours) > 1e-2
    for name, rows in library.named_buffers():
        if "running" in name:
            rows[:] = rows[round(truncation * 50)].clone()
    assert relative(by_the_library(library, generator, latents), ours) < 1e-4


def test_truncation_may_be_changed_while_painting_without_gradients(library: Any) -> None:
    generator = BigGAN("small", library, PAIR, truncation=0.4)
    with torch.inference_mode():
        generator.set_truncation(0.8)
    assert_equal_with_gradient(library, generator, seed=10)


def test_noise_beyond_twice_the_truncation_is_clamped(library: Any) -> None:
    generator = BigGAN("small", library, PAIR, truncation=0.5)
    latents = latents_of(generator, 1, seed=7)
    far, edge = (Latents(torch.full_like(latents.z, value), latents.classes) for value in (9.0, 1.0))
    assert_array_equal(generator.render(far).detach(), generator.render(edge).detach())


def test_a_layered_z_whose_layers_agree_is_the_plain_one(library: Any) -> None:
    generator = BigGAN("small", library, PAIR)
    latents = latents_of(generator, 2, seed=8)
    layered = Latents(latents.z.unsqueeze(1).repeat(1, generator.layers, 1), latents.classes)
    assert relative(generator.render(layered), generator.render(latents)) < 1e-5
    layered.z.data[:, -1] += 0.5
    assert relative(generator.render(layered), generator.render(latents)) > 1e-4


@pytest.mark.parametrize(("precision", "bound"), [(torch.bfloat16, 0.02), (torch.float16, 0.004)])
def test_half_precision_stays_near_full(library: Any, precision: torch.dtype, bound: float) -> None:
    generator = BigGAN("small", library, PAIR, truncation=0.5, precision=precision)
    latents = latents_of(generator, 2, seed=11)
    assert 1e-5 < relative(generator.render(latents), by_the_library(library, generator, latents)) < bound
    assert (generator.precision, generator.notice()) == (str(precision).removeprefix("torch."), "")


def test_a_frame_that_loses_its_numbers_is_painted_anew_in_full_precision_and_that_is_said(library: Any) -> None:
    burnt = copy.deepcopy(library)
    burnt.generator.layers[0].conv_0.bias += 1e6  # beyond float16
    burnt.generator.layers[0].bn_1.running_means += 1e6  # and taken back where that can be told
    half, exact = (BigGAN("small", burnt, PAIR, precision=each) for each in (torch.float16, torch.float32))
    point = half.sample(1, seed=1)
    assert not half.render(Latents(torch.tensor(point.z), torch.tensor(point.classes))).isfinite().all()
    assert_array_equal(half.paint(point), exact.paint(point))
    assert half.precision == "float32"
    assert half.notice() == "small lost its numbers in float16: from now on it computes in float32."
    assert half.notice() == ""


def test_a_black_frame_raises_the_precision_too(library: Any) -> None:
    dark = copy.deepcopy(library)
    dark.generator.conv_to_rgb.bias.fill_(-1e4)
    generator = BigGAN("small", dark, PAIR, precision=torch.bfloat16)
    assert generator.paint(generator.sample(1, seed=1)).max() == 0  # which is what it truly shows
    assert generator.precision == "float32"


def test_numbers_that_are_lost_in_full_precision_too_never_become_a_frame(library: Any) -> None:
    lost = copy.deepcopy(library)
    lost.generator.bn.bias.fill_(torch.nan)
    generator = BigGAN("small", lost, PAIR)
    with pytest.raises(ValueError, match="small has lost its numbers"):
        generator.paint(generator.sample(1, seed=1))


def test_a_batch_is_painted_at_once_and_its_pictures_are_those_of_one_by_one(library: Any) -> None:
    generator = BigGAN("small", library, PAIR)
    generator.prepare(generator.sample(1, 0), generator.sample(3, 0))
    points = generator.sample(3, seed=12)
    together = generator.paint_all(points)
    alone = [generator.paint(points[i : i + 1]) for i in range(3)]
    assert together.shape == (3, 64, 64, 3)
    assert max(int(abs(a.astype(int) - b).max()) for a, b in zip(together, alone, strict=True)) <= 1


def test_a_frame_stays_what_it_is_while_the_next_is_painted(library: Any) -> None:
    generator = BigGAN("small", library, PAIR)
    first = generator.paint(generator.sample(1, seed=1))
    kept = first.copy()
    generator.paint(generator.sample(1, seed=2))
    assert_array_equal(first, kept)


def test_a_truncation_out_of_range_is_refused(library: Any) -> None:
    for truncation in (0.0, 1.5):
        with pytest.raises(ShowError, match="above 0 and up to 1"):
            BigGAN("small", library, PAIR, truncation=truncation)


def test_a_full_size_model_is_found_in_the_cache_with_imagenets_labels(tmp_path: Path, place: ModelPlace) -> None:
    true_layout = {"output_dim": 128, "num_classes": 1000, "layers": LAYERS_128, "attention_layer_position": 8}
    save(tmp_path / "biggan-deep-128", calibrated_library(9, **true_layout), true_layout)
    generator = load_generator("biggan-deep-128", place._replace(cache=tmp_path))
    assert [group.labels[1] for group in generator.groups] == ["goldfish"]
    assert generator.paint(generator.sample(1, 1)).shape == (128, 128, 3)


def test_a_model_that_is_not_here_says_where_to_put_it(tmp_path: Path, place: ModelPlace) -> None:
    with pytest.raises(ShowError) as error:
        load_biggan("biggan-deep-256", tmp_path / "biggan-deep-256", place)
    assert str(error.value) == (
        "The model 'biggan-deep-256' is not here: "
        f"put its config.json and pytorch_model.bin into {tmp_path / 'biggan-deep-256'}."
    )


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("generator.gen_z.bias", None, "lacks key 'generator.gen_z.bias'"),
        ("generator.spare", torch.zeros(1), "has the unknown key 'generator.spare'"),
        ("generator.bn.bias", torch.zeros(3), "does not fit config.json in key 'generator.bn.bias'"),
    ],
)
def test_a_file_of_another_model_is_refused_by_the_name_of_a_key(
    tmp_path: Path, library: Any, key: str, value: torch.Tensor | None, message: str
) -> None:
    state = dict(library.state_dict())
    if value is None:
        del state[key]
    else:
        state[key] = value
    save(tmp_path, library, {}, state)
    with pytest.raises(ShowError, match=message):
        load_library(tmp_path)


def test_a_file_that_is_cut_short_is_refused(tmp_path: Path, library: Any) -> None:
    save(tmp_path, library, {})
    path = tmp_path / "pytorch_model.bin"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(ShowError, match="cut short"):
        load_library(tmp_path)


LAYERS_128 = [
    *[(False, 16, 16), (True, 16, 16), (False, 16, 16), (True, 16, 8), (False, 8, 8)],
    *[(True, 8, 4), (False, 4, 4), (True, 4, 2), (False, 2, 2), (True, 2, 1)],
]


def save(folder: Path, library: Any, changes: dict[str, Any], state: dict[str, torch.Tensor] | None = None) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps({**SMALL, "eps": 1e-4, **changes}), encoding="utf-8")
    torch.save(state or library.state_dict(), folder / "pytorch_model.bin")
