"""What every registered generator and perceptor promises; those that must be downloaded run with random weights."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from installation.core.errors import ShowError
from installation.models import GENERATORS, PERCEPTORS, all_specs
from installation.models.capabilities import FreeLatents, PictureEncoder, z_shapes
from installation.models.cuda_graphs import fast_precision
from installation.models.interfaces import Generator, Latents, ModelPlace, Perceptor, Point, slices
from installation.models.spec import GeneratorSpec, PerceptorSpec
from tests.conftest import require_system
from tests.models.conftest import write_weights
from tests.models.toy_generator import TOY

SPECS = [*all_specs(), TOY]
VARIANTS = (  # of networks that another one stands for among the fast tests
    *("biggan-deep-128", "biggan-deep-256", "sd-turbo-4", "sdxl-turbo-4", "vqgan-imagenet-16384", "stylegan2-ffhq"),
    *("ViT-B-32", "ViT-B-16", "ViT-L-14", "RN101-quickgelu", "RN50x4-quickgelu", "ViT-B-16-quickgelu"),
)


def fast_first(specs: Iterable[GeneratorSpec | PerceptorSpec]) -> list[Any]:
    """Parameters, of which the variants are slow tests."""
    return [pytest.param(spec, marks=[pytest.mark.slow] if spec.name in VARIANTS else []) for spec in specs]


@pytest.fixture(scope="module", params=fast_first([*GENERATORS.values(), TOY]), ids=lambda spec: spec.name)
def generator_spec(request: pytest.FixtureRequest) -> GeneratorSpec:
    assert isinstance(request.param, GeneratorSpec)
    return request.param


@pytest.fixture(scope="module")
def generator(generator_spec: GeneratorSpec, random_place: ModelPlace) -> Generator:
    require_system(not generator_spec.missing_packages, f"the extra '{generator_spec.extra}' is not installed.")
    if generator_spec is not TOY:
        write_weights(random_place, generator_spec.name)
    return generator_spec.load(random_place)


@pytest.fixture(scope="module", params=fast_first(PERCEPTORS.values()), ids=lambda spec: spec.name)
def perceptor_spec(request: pytest.FixtureRequest) -> PerceptorSpec:
    assert isinstance(request.param, PerceptorSpec)
    return request.param


@pytest.fixture(scope="module")
def perceptor(perceptor_spec: PerceptorSpec, random_place: ModelPlace) -> Perceptor:
    require_system(not perceptor_spec.missing_packages, f"the extra '{perceptor_spec.extra}' is not installed.")
    write_weights(random_place, perceptor_spec.name)
    return perceptor_spec.load(random_place)


def tensors(point: Point) -> Latents[torch.Tensor]:
    return Latents(torch.tensor(point.z, requires_grad=True), torch.tensor(point.classes, requires_grad=True))


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.files.kind.value}-{spec.name}")
def test_the_files_are_described_completely(spec: GeneratorSpec | PerceptorSpec) -> None:
    files = spec.files
    assert files.licence
    if spec.embedded:
        return
    assert files.size > 10_000_000
    assert all(source.url.startswith("https://") for source in files.sources)
    assert files.check is not None
    assert spec.random_weights is not None


@pytest.mark.slow
@pytest.mark.parametrize("spec", [spec for spec in SPECS if not spec.embedded], ids=lambda spec: spec.name)
def test_the_check_accepts_weights_of_the_model_and_refuses_others(
    spec: GeneratorSpec | PerceptorSpec, random_place: ModelPlace
) -> None:
    require_system(not spec.missing_packages, f"the extra '{spec.extra}' is not installed.")
    others = [other for other in SPECS if type(other) is not type(spec) and not other.embedded]
    for each in (spec, others[0]):
        write_weights(random_place, each.name)
    path = spec.files.weights(random_place.cache)
    assert path is not None
    assert spec.files.check is not None
    assert spec.files.check(path, "the file", path) is False  # nothing to convert
    other_path = others[0].files.weights(random_place.cache)
    assert other_path is not None
    with pytest.raises(ShowError, match=r"^the file "):
        spec.files.check(other_path, "the file", other_path)


def test_a_generator_keeps_the_protocol_and_its_name(generator: Generator, generator_spec: GeneratorSpec) -> None:
    assert isinstance(generator, Generator)
    assert generator.name == generator_spec.name


def test_pictures_have_the_native_shape_and_lie_in_0_to_1(generator: Generator) -> None:
    with torch.no_grad():
        pictures = generator.render(tensors(generator.sample(2, seed=1)))
    assert pictures.shape == (2, 3, generator.native_size, generator.native_size)
    assert 0.0 <= float(pictures.min()) < float(pictures.max()) <= 1.0


def test_a_size_is_kept_if_resolution_free_and_else_made_square(generator: Generator) -> None:
    point = generator.sample(1, seed=2)
    assert generator.paint(point, 48).shape == (48, 48, 3)
    assert generator.paint(point, (48, 80)).shape == (48, 80 if generator.resolution_free else 48, 3)


def test_the_middle_of_a_wide_picture_is_the_square_picture(generator: Generator) -> None:
    if not generator.resolution_free:
        pytest.skip("pictures of this generator are square")
    point = generator.sample(1, seed=3)
    wide, square = generator.paint(point, (64, 112)), generator.paint(point, 64)
    difference = np.abs(wide[:, 24:88].astype(int) - square.astype(int))
    assert np.median(difference[:, 16:48]) < 3.0  # a figure may stand farther out
    assert np.median(difference) < 8.0  # a vignette may darken the edges of the whole picture


def test_the_gradient_reaches_noise_and_classes(generator: Generator) -> None:
    point = generator.sample(1, seed=4)
    latents = tensors(Latents(point.z, 0.3 * point.classes))  # so that every class has some weight
    generator.render(latents, 64).square().mean().backward()  # type: ignore[no-untyped-call]
    for gradient in (latents.z.grad, *([latents.classes.grad] if generator.groups else [])):
        assert gradient is not None
        assert bool(gradient.isfinite().all())
        assert float(gradient.abs().max()) > 0.0


@pytest.mark.slow
def test_the_same_seed_gives_the_same_picture_and_another_seed_another(generator: Generator) -> None:
    first, again, other = (generator.paint(generator.sample(1, seed), 64) for seed in (5, 5, 6))
    assert_array_equal(first, again)
    assert np.abs(first.astype(int) - other.astype(int)).mean() > 4.0


def test_paint_is_render_rounded_to_bytes(generator: Generator) -> None:
    point = generator.sample(1, seed=7)
    with torch.no_grad():
        rendered = generator.render(tensors(point), 64, 1.5)[0].permute(1, 2, 0).numpy()
    assert_allclose(generator.paint(point, 64, 1.5), rendered * 255.0, atol=1.01)  # the theatre dithers by one byte


@pytest.mark.slow
def test_a_batch_is_rendered_like_its_pictures_one_by_one(generator: Generator) -> None:
    points = generator.sample(3, seed=8)
    with torch.no_grad():
        together = generator.render(tensors(points), 64)
        alone = torch.cat([generator.render(tensors(points[i : i + 1]), 64) for i in range(3)])
    # the order of sums depends on the batch size: a fortieth of a byte is invisible; bfloat16 is coarser
    half = generator.name.startswith("sd") and fast_precision(torch.device("cpu")) != torch.float32
    assert_allclose(together, alone, atol=2e-2 if half else 1e-4)


@pytest.mark.slow
def test_a_sample_has_one_dominant_class_in_each_group(generator: Generator) -> None:
    point = generator.sample(16, seed=9)
    assert point.z.dtype == point.classes.dtype == np.float32
    z_shape = z_shapes(generator)[0]
    assert point.z.shape == (16, *z_shape)
    assert z_shape[-1] == generator.z_dim
    for where in slices(generator.groups):
        weights = np.exp(point.classes[:, where])
        assert ((weights / weights.sum(axis=1, keepdims=True)).max(axis=1) > 0.6).all()


def test_free_latents_of_samples_are_within_bounds_and_stay_pictures_when_they_drift(generator: Generator) -> None:
    if not isinstance(generator, FreeLatents):
        pytest.skip("z of this generator are normal noise")
    point = generator.sample(1, seed=10)
    z = torch.tensor(point.z)
    assert_allclose(generator.bounded(z), z, atol=1e-5)
    assert float(generator.prior(10.0 * torch.randn(z.shape, generator=torch.Generator().manual_seed(1)))) > 0.0
    directions = generator.drift_directions(3, seed=1)
    assert directions.shape == (3, *generator.z_shape)
    before = generator.paint(point, 64).astype(int)
    drifted = [generator.paint(Latents(point.z + each, point.classes), 64).astype(int) for each in directions]
    differences = [np.abs(picture - before).mean() for picture in drifted]
    assert 0.5 < max(differences) < 90.0


def test_an_encoded_picture_is_painted_again(generator: Generator, generator_spec: GeneratorSpec) -> None:
    if not (isinstance(generator, PictureEncoder) and isinstance(generator, FreeLatents)):
        pytest.skip("this generator does not encode pictures")
    height, width = generator.encoded_size
    picture = torch.full((1, 3, height, width), 0.2)
    picture[:, 0, :, : width // 2] = 0.8  # a red half
    z = generator.encode(picture)
    assert z.shape == (1, *generator.z_shape)
    assert_allclose(generator.bounded(z), z, atol=1e-5)
    painted = generator.paint(Latents(z.numpy(), np.zeros((1, 0), np.float32)), generator.encoded_size)
    if not generator_spec.embedded:
        return  # random weights
    red = painted[..., 0].astype(int) - painted[..., 1]
    assert red[:, : width // 2].mean() > 100 > 40 > abs(red[:, width // 2 :].mean())


def test_labels_name_every_class_and_neutral_classes_exist(generator: Generator) -> None:
    for group in generator.groups:
        assert all(group.labels)
        assert len(set(group.labels)) >= 0.99 * len(group.labels)  # ImageNet has two pairs of equal names
        assert group.neutral is None or 0 <= group.neutral < len(group.labels)


def test_a_perceptor_keeps_the_protocol_and_its_name(perceptor: Perceptor, perceptor_spec: PerceptorSpec) -> None:
    assert isinstance(perceptor, Perceptor)
    assert perceptor.name == perceptor_spec.name


@pytest.mark.slow
def test_texts_give_unit_rows_that_differ(perceptor: Perceptor) -> None:
    rows = perceptor.embed_text(["a red sun over the sea", "a wolf in the snow", ""])
    assert rows.shape == (3, perceptor.embedding_size)
    assert rows.dtype == np.float32
    assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    assert rows[0] @ rows[1] < 0.99


@pytest.mark.slow
def test_pictures_of_any_size_give_unit_rows(perceptor: Perceptor) -> None:
    random = torch.Generator().manual_seed(1)
    for height, width in ((64, 64), (128, 128), (90, 90), (72, 128), (48, 48)):
        rows = perceptor.embed_image(torch.rand(2, 3, height, width, generator=random))
        assert rows.shape == (2, perceptor.embedding_size)
        assert_allclose(rows.norm(dim=1), 1.0, atol=1e-5)


@pytest.mark.slow
def test_following_the_gradient_raises_the_score(perceptor: Perceptor) -> None:
    words = torch.tensor(perceptor.embed_text(["a red sun over the sea"]))[0]
    picture = 0.5 + 0.1 * torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(3))
    before = float(perceptor.embed_image(picture)[0] @ words)
    for _ in range(5):
        picture = picture.detach().requires_grad_(True)
        (gradient,) = torch.autograd.grad(perceptor.embed_image(picture)[0] @ words, picture)
        picture = (picture + 0.004 * gradient.sign()).clamp(0.0, 1.0)
    assert (
        float((perceptor.embed_image(picture)[0] @ words).detach()) > before + 1e-4
    )  # a hundred times what float32 rounds


def test_a_text_that_fits_is_kept_and_a_longer_one_is_cut_between_words(perceptor: Perceptor) -> None:
    assert perceptor.fit("two lovers in the rain") == "two lovers in the rain"
    words = [f"word{chr(97 + i % 26)}" for i in range(200)]
    cut = perceptor.fit(" ".join(words))
    count = len(cut.split())
    assert 2 <= count < perceptor.context_length
    assert cut == " ".join(words[:count])
    assert_array_equal(perceptor.embed_text([cut]), perceptor.embed_text([" ".join(words)]))


def test_unusual_texts_are_accepted(perceptor: Perceptor) -> None:
    for text in ("", " \n ", "\x00", "🦊" * 500, "قمر فوق البحر", "月" * 3000, "x" * 100_000, "a " * 50_000):
        assert text.strip().startswith(perceptor.fit(text).strip())
        assert np.isfinite(perceptor.embed_text([text])).all()
