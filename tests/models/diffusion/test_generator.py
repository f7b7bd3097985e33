from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from installation.core.errors import ShowError
from installation.models import generator_spec, load_generator
from installation.models.capabilities import WordPainter
from installation.models.diffusion import loading
from installation.models.diffusion.generator import TurboDiffusion
from installation.models.diffusion.loading import load_parts
from installation.models.interfaces import Latents, ModelPlace, Point
from installation.render.latent_walk import geometry_of, interpolate
from tests.conftest import require_package

NONE = np.zeros((1, 0), np.float32)


@pytest.fixture(scope="module", params=["sd-turbo", "sdxl-turbo-4"])
def painter(request: pytest.FixtureRequest, diffusion_place: ModelPlace) -> TurboDiffusion:
    generator = load_generator(request.param, diffusion_place)
    assert isinstance(generator, TurboDiffusion)
    return generator


def composed(painter: TurboDiffusion, *texts: str, weights: tuple[float, ...] = (1.0,), seed: int = 1) -> Point:
    return Latents(painter.compose(texts, weights, seed), NONE)


@pytest.mark.slow
def test_words_and_seed_make_the_picture(painter: TurboDiffusion) -> None:
    assert isinstance(painter, WordPainter)
    fox = composed(painter, "a red fox in the snow")
    assert fox.z.shape == (1, *painter.z_shape)
    assert_array_equal(painter.paint(fox), painter.paint(composed(painter, "a red fox in the snow")))
    words, noise = fox.z[:, painter.noise_rows :], fox.z[:, : painter.noise_rows]
    ship, again = composed(painter, "a ship at night"), composed(painter, "a red fox in the snow", seed=2)
    assert_array_equal(ship.z[:, : painter.noise_rows], noise)
    assert_array_equal(again.z[:, painter.noise_rows :], words)
    for other in (ship, again):  # random weights heed words little
        assert np.abs(painter.paint(other).astype(int) - painter.paint(fox)).mean() > 0.01


@pytest.mark.slow
def test_the_picture_is_that_of_diffusers_own_pipeline(
    diffusion_place: ModelPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One step, and four steps of an ancestral sampler with the same noise between them."""
    monkeypatch.setattr(loading, "fast_precision", lambda _device: torch.float32)  # their pipeline mixes no precisions
    diffusers = require_package("diffusers")
    for name, steps, kind in (("sd-turbo", 1, "StableDiffusion"), ("sdxl-turbo", 4, "StableDiffusionXL")):
        parts = load_parts(diffusion_place.cache / name, "cpu")
        painter = TurboDiffusion(name, parts, steps, "cpu")
        point = composed(painter, "a red fox in the snow", seed=3)
        noise = point.z[0, : painter.noise_rows].ravel()[: 4 * 16 * 16].reshape(1, 4, 16, 16)
        painted = painter.paint(point)
        pipeline = parts.pipeline
        assert type(pipeline).__name__ == f"{kind}Pipeline"
        assert isinstance(pipeline, diffusers.DiffusionPipeline)
        pipeline.set_progress_bar_config(disable=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # diffusers' own
            expected = pipeline(
                "a red fox in the snow",
                latents=torch.from_numpy(noise),
                num_inference_steps=steps,
                guidance_scale=0.0,
                generator=torch.Generator().manual_seed(1),
                output_type="np",
            ).images[0]
        assert_allclose(painted / 255.0, expected, atol=0.01)


def test_weights_mix_embeddings_and_unwanted_words_push_away(painter: TurboDiffusion) -> None:
    rows = slice(painter.noise_rows, None)
    fox, fog = (composed(painter, text).z[0, rows] for text in ("a fox", "fog"))
    mixed = composed(painter, "a fox", "fog", weights=(3.0, 1.0)).z[0, rows]
    assert_allclose(mixed, 0.75 * fox + 0.25 * fog, atol=1e-5)
    empty = composed(painter, weights=()).z[0, rows]
    away = composed(painter, "a fox", "fog", weights=(1.0, -1.0)).z[0, rows]
    assert_allclose(away, fox + 0.6 * (empty - fog), atol=1e-5)


def test_a_walk_is_a_slerp_of_every_row_and_a_drift_moves_only_noise(painter: TurboDiffusion) -> None:
    geometry = geometry_of(painter)
    a, b = composed(painter, "a fox"), composed(painter, "a ship", seed=2)
    middle = interpolate(a, b, 0.5, (), geometry)
    noise = slice(0, painter.noise_rows)
    lengths = [np.linalg.norm(point.z[0, noise], axis=1) for point in (a, b, middle)]
    assert_allclose(lengths[2], (lengths[0] + lengths[1]) / 2, rtol=1e-3)
    moved = geometry.displace(a.z, geometry.directions(painter.z_shape, 1, 7)[0], 0.3)
    assert_allclose(moved[0, painter.noise_rows :], a.z[0, painter.noise_rows :], atol=1e-6)
    assert np.abs(moved - a.z)[0, noise].mean() > 1e-3


def test_a_long_text_is_cut_between_words(painter: TurboDiffusion) -> None:
    assert painter.fit("two lovers in the rain") == "two lovers in the rain"
    words = [f"word{index}" for index in range(200)]
    cut = painter.fit(" ".join(words))
    assert 5 < len(cut.split()) < 75
    assert cut == " ".join(words[: len(cut.split())])


def damaged(folder: Path, change: str) -> None:
    if change == "scheduler":
        path = folder / "scheduler" / "scheduler_config.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), "_class_name": "SomebodysScheduler"}))
    elif change == "cut":
        path = folder / "vae" / "diffusion_pytorch_model.safetensors"
        path.write_bytes(path.read_bytes()[:1000])
    else:  # weights as a pickle beside the safetensors that are gone
        path = folder / "unet" / "diffusion_pytorch_model.safetensors"
        state: dict[str, Any] = {"conv_in.weight": torch.zeros(1)}
        torch.save(state, path.with_suffix(".bin"))
        path.unlink()


@pytest.mark.parametrize("change", ["scheduler", "cut", "pickle"])
def test_a_folder_that_is_damaged_or_wants_other_code_is_refused(
    change: str, tmp_path: Path, diffusion_place: ModelPlace
) -> None:
    folder = tmp_path / "sd-turbo"
    shutil.copytree(diffusion_place.cache / "sd-turbo", folder)
    damaged(folder, change)
    with pytest.raises(ShowError) as refused:
        load_parts(folder, "cpu")
    assert "SomebodysScheduler" in str(refused.value) if change == "scheduler" else str(folder) in str(refused.value)


def test_without_the_extra_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, diffusion_place: ModelPlace
) -> None:
    spec = generator_spec("sd-turbo")
    monkeypatch.setattr(type(spec), "missing_packages", property(lambda _spec: ("diffusers",)))
    with pytest.raises(ShowError, match=r"pip install '.*\[diffusion\]'"):
        load_generator("sd-turbo", diffusion_place)
