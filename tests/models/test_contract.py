"""What every generator and every perceptor promises, checked on all of them that need no fetching."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from installation.models import FULL_SIZE, GENERATORS, OPEN_CLIP, PERCEPTORS
from installation.models.interfaces import Generator, Latents, Perceptor, Point, slices
from tests.models.conftest import generator_named, perceptor_named

generators = pytest.mark.parametrize("name", [name for name in GENERATORS if name not in FULL_SIZE])
perceptors = pytest.mark.parametrize("name", [name for name in PERCEPTORS if name not in OPEN_CLIP])


def tensors(point: Point) -> Latents[torch.Tensor]:
    return Latents(torch.tensor(point.z, requires_grad=True), torch.tensor(point.classes, requires_grad=True))


@generators
def test_a_generator_keeps_the_protocol_and_its_name(name: str) -> None:
    generator = generator_named(name)
    assert isinstance(generator, Generator)
    assert generator.name == name


@generators
def test_pictures_have_the_native_shape_and_lie_in_0_to_1(name: str) -> None:
    generator = generator_named(name)
    with torch.no_grad():
        pictures = generator.render(tensors(generator.sample(3, seed=1)))
    assert pictures.shape == (3, 3, generator.native_size, generator.native_size)
    assert 0.0 <= float(pictures.min()) < float(pictures.max()) <= 1.0


@generators
def test_a_size_is_kept_by_the_free_and_squared_by_the_others(name: str) -> None:
    generator = generator_named(name)
    point = generator.sample(1, seed=2)
    assert generator.paint(point, 48).shape == (48, 48, 3)
    assert generator.paint(point, (48, 80)).shape == (48, 80 if generator.resolution_free else 48, 3)


@generators
def test_the_middle_of_a_wide_picture_is_the_square_picture(name: str) -> None:
    generator = generator_named(name)
    if not generator.resolution_free:
        pytest.skip("pictures of this generator are square")
    point = generator.sample(1, seed=3)
    wide, square = generator.paint(point, (64, 112)), generator.paint(point, 64)
    difference = np.abs(wide[:, 24:88].astype(int) - square.astype(int))
    assert difference[:, 16:48].mean() < 2.0
    assert difference.mean() < 8.0  # light may fall off towards the edges of the whole picture


@generators
def test_the_gradient_reaches_noise_and_classes(name: str) -> None:
    generator = generator_named(name)
    point = generator.sample(1, seed=4)
    latents = tensors(Latents(point.z, 0.3 * point.classes))  # softened: a class without weight need not be felt
    generator.render(latents, 64).square().mean().backward()  # type: ignore[no-untyped-call]
    for gradient in (latents.z.grad, latents.classes.grad):
        assert gradient is not None
        assert bool(gradient.isfinite().all())
        assert float(gradient.abs().max()) > 0.0


@generators
def test_the_same_seed_gives_the_same_picture_and_another_seed_another(name: str) -> None:
    generator = generator_named(name)
    first, again, other = (generator.paint(generator.sample(1, seed), 64) for seed in (5, 5, 6))
    assert_array_equal(first, again)
    assert np.abs(first.astype(int) - other.astype(int)).mean() > 4.0


@generators
def test_paint_is_render_rounded(name: str) -> None:
    generator = generator_named(name)
    point = generator.sample(1, seed=7)
    with torch.no_grad():
        rendered = generator.render(tensors(point), 64, 1.5)[0].permute(1, 2, 0).numpy()
    assert_allclose(generator.paint(point, 64, 1.5), rendered * 255.0, atol=1.01)  # within a byte: it may be dithered


@generators
def test_a_batch_is_its_pictures_one_by_one(name: str) -> None:
    generator = generator_named(name)
    points = generator.sample(3, seed=8)
    with torch.no_grad():
        together = generator.render(tensors(points), 64)
        alone = torch.cat([generator.render(tensors(points[i : i + 1]), 64) for i in range(3)])
    assert_allclose(together, alone, atol=1e-4)


@generators
def test_samples_have_one_class_strongly_on_in_each_group(name: str) -> None:
    generator = generator_named(name)
    point = generator.sample(16, seed=9)
    assert point.z.dtype == point.classes.dtype == np.float32
    assert point.z.shape == (16, generator.z_dim)
    for where in slices(generator.groups):
        weights = np.exp(point.classes[:, where])
        assert ((weights / weights.sum(axis=1, keepdims=True)).max(axis=1) > 0.6).all()


@generators
def test_neutral_classes_and_labels_are_well_formed(name: str) -> None:
    for group in generator_named(name).groups:
        assert len(set(group.labels)) == len(group.labels)
        assert group.neutral is None or 0 <= group.neutral < len(group.labels)


@perceptors
def test_a_perceptor_keeps_the_protocol_and_its_name(name: str) -> None:
    perceptor = perceptor_named(name)
    assert isinstance(perceptor, Perceptor)
    assert perceptor.name == name


@perceptors
def test_embeddings_of_texts_are_unit_rows_that_tell_words_apart(name: str) -> None:
    perceptor = perceptor_named(name)
    rows = perceptor.embed_text(["a red sun over the sea", "a wolf in the snow", ""])
    assert rows.shape == (3, perceptor.embedding_size)
    assert rows.dtype == np.float32
    assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    assert rows[0] @ rows[1] < 0.95


@perceptors
def test_embeddings_of_pictures_of_any_size_are_unit_rows(name: str) -> None:
    perceptor = perceptor_named(name)
    random = torch.Generator().manual_seed(1)
    for height, width in ((64, 64), (128, 128), (90, 90), (72, 128), (48, 48)):
        rows = perceptor.embed_image(torch.rand(2, 3, height, width, generator=random))
        assert rows.shape == (2, perceptor.embedding_size)
        assert_allclose(rows.norm(dim=1), 1.0, atol=1e-5)


@perceptors
def test_the_gradient_reaches_the_pixels(name: str) -> None:
    perceptor = perceptor_named(name)
    pictures = torch.rand(1, 3, 128, 128, generator=torch.Generator().manual_seed(2), requires_grad=True)
    words = torch.tensor(perceptor.embed_text(["a wolf"]))
    (perceptor.embed_image(pictures) @ words.T).sum().backward()  # type: ignore[no-untyped-call]
    assert pictures.grad is not None
    assert float(pictures.grad.abs().max()) > 0.0


@perceptors
def test_climbing_the_gradient_raises_the_score(name: str) -> None:
    perceptor = perceptor_named(name)
    words = torch.tensor(perceptor.embed_text(["a red sun over the sea"]))[0]
    picture = 0.5 + 0.1 * torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(3))
    before = float(perceptor.embed_image(picture)[0] @ words)
    for _ in range(5):
        picture = picture.detach().requires_grad_(True)
        (gradient,) = torch.autograd.grad(perceptor.embed_image(picture)[0] @ words, picture)
        picture = (picture + 0.02 * gradient.sign()).clamp(0.0, 1.0)
    assert float((perceptor.embed_image(picture)[0] @ words).detach()) > before + 0.05


@perceptors
def test_a_text_that_fits_stays_and_a_longer_one_is_cut_between_words(name: str) -> None:
    perceptor = perceptor_named(name)
    assert perceptor.fit("two lovers in the rain") == "two lovers in the rain"
    words = [f"word{chr(97 + i % 26)}" for i in range(200)]
    cut = perceptor.fit(" ".join(words))
    count = len(cut.split())
    assert 2 <= count < perceptor.context_length
    assert cut == " ".join(words[:count])
    assert_array_equal(perceptor.embed_text([cut]), perceptor.embed_text([" ".join(words)]))


@perceptors
def test_strange_texts_are_taken(name: str) -> None:
    perceptor = perceptor_named(name)
    for text in ("", " \n ", "\x00", "🦊" * 500, "قمر فوق البحر", "月" * 3000, "x" * 100_000, "a " * 50_000):
        assert text.strip().startswith(perceptor.fit(text).strip())
        assert np.isfinite(perceptor.embed_text([text])).all()
