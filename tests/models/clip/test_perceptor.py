"""CLIP: what the embedded perceptor knows, and other architectures from local files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from installation.core.errors import ShowError
from installation.models import load_perceptor
from installation.models.clip.perceptor import Clip, load_open_clip
from installation.models.interfaces import ABSENT, Latents, ModelPlace, slices
from tests.models.conftest import generator_named, perceptor_named

TINY: dict[str, Any] = {
    "embed_dim": 16,
    "vision_cfg": {"image_size": 32, "layers": 1, "width": 32, "head_width": 16, "patch_size": 16},
    "text_cfg": {"context_length": 12, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
}

SCENES = {  # words, and the classes of the picture that they belong to
    "a forest all in green": {"terrain": "forest", "tint": "green"},
    "the sea at night": {"terrain": "sea", "sky": "night"},
    "a desert at sunset": {"terrain": "desert", "sky": "sunset"},
    "a blizzard in the mountains": {"terrain": "mountains", "weather": "snow", "sky": "grey"},
    "the city burns": {"terrain": "city", "weather": "fire", "sky": "blood red"},
    "northern lights over the ice": {"terrain": "ice", "sky": "aurora"},
    "inside a pink cave": {"terrain": "cave", "tint": "pink"},
    "a white heart under a bright blue sky": {"subject": "heart", "subject_colour": "white", "sky": "noon"},
}


def picture_of(**classes: str) -> torch.Tensor:
    generator = generator_named("biggan-embedded")
    logits = torch.full((1, sum(len(group.labels) for group in generator.groups)), ABSENT)
    for group, where in zip(generator.groups, slices(generator.groups), strict=True):
        usual = group.labels[group.neutral or 0]
        logits[0, where.start + group.labels.index(classes.get(group.name, usual))] = 0.0
    with torch.inference_mode():
        return generator.render(Latents(torch.zeros(1, generator.z_dim), logits))


def test_words_choose_their_own_picture() -> None:
    perceptor = perceptor_named("clip-embedded")
    with torch.inference_mode():
        seen = perceptor.embed_image(torch.cat([picture_of(**classes) for classes in SCENES.values()])).numpy()
    chosen = (perceptor.embed_text(list(SCENES)) @ seen.T).argmax(axis=1)
    assert (chosen == np.arange(len(SCENES))).sum() >= 7


def test_a_bigger_picture_is_seen_as_the_same() -> None:
    perceptor = perceptor_named("clip-embedded")
    small = torch.nn.functional.avg_pool2d(picture_of(sky="dusk", terrain="hills"), 2)
    large = small.repeat_interleave(3, dim=2).repeat_interleave(3, dim=3)
    assert_allclose(perceptor.embed_image(large), perceptor.embed_image(small), atol=1e-5)


@pytest.fixture
def tiny(tmp_path: Path, place: ModelPlace) -> ModelPlace:
    """A place whose cache holds a checkpoint of an architecture that open_clip has been told of."""
    (tmp_path / "laterna-tiny.json").write_text(json.dumps(TINY), encoding="utf-8")
    open_clip.add_model_config(tmp_path / "laterna-tiny.json")
    (tmp_path / "laterna-tiny").mkdir()
    torch.manual_seed(1)
    torch.save(open_clip.CLIP(**TINY).state_dict(), tmp_path / "laterna-tiny" / "open_clip_pytorch_model.bin")
    return place._replace(cache=tmp_path)


def test_any_architecture_of_open_clip_loads_from_a_local_checkpoint(tiny: ModelPlace) -> None:
    perceptor = load_open_clip("laterna-tiny", tiny)
    assert (perceptor.context_length, perceptor.input_size, perceptor.embedding_size) == (12, 32, 16)
    torch.manual_seed(1)
    model = open_clip.CLIP(**TINY).eval()
    picture = torch.rand(1, 3, 32, 32)
    constants = (open_clip.OPENAI_DATASET_MEAN, open_clip.OPENAI_DATASET_STD)
    mean, std = (torch.tensor(row).view(3, 1, 1) for row in constants)
    wanted = model.encode_image((picture - mean) / std, normalize=True).detach()
    assert_allclose(perceptor.embed_image(picture), wanted, atol=1e-5)


@pytest.mark.parametrize(("precision", "bound"), [(torch.bfloat16, 0.02), (torch.float16, 0.003)])
def test_in_half_precision_it_sees_much_the_same_and_reads_the_same(precision: torch.dtype, bound: float) -> None:
    torch.manual_seed(1)
    constants = (open_clip.OPENAI_DATASET_MEAN, open_clip.OPENAI_DATASET_STD)
    exact = Clip("laterna-tiny", open_clip.CLIP(**TINY), *constants)
    torch.manual_seed(1)
    half = Clip("laterna-tiny", open_clip.CLIP(**TINY), *constants, precision=precision)
    pictures = torch.rand(3, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    seen = half.embed_image(pictures)
    assert seen.dtype == torch.float32
    assert 1e-6 < float((seen - exact.embed_image(pictures)).abs().max()) < bound
    assert_array_equal(half.embed_text(["a wolf"]), exact.embed_text(["a wolf"]))


def test_a_checkpoint_of_another_architecture_is_refused(tiny: ModelPlace) -> None:
    path = tiny.cache / "laterna-tiny" / "open_clip_pytorch_model.bin"
    state = torch.load(path)
    del state["ln_final.weight"]
    torch.save(state, path)
    with pytest.raises(ShowError, match="not a checkpoint of 'laterna-tiny'"):
        load_open_clip("laterna-tiny", tiny)


def test_a_perceptor_that_is_not_here_says_what_brings_it(tmp_path: Path, place: ModelPlace) -> None:
    with pytest.raises(ShowError) as error:
        load_perceptor("ViT-B-32", place._replace(cache=tmp_path))
    assert str(error.value) == f"'ViT-B-32' is not in {tmp_path}: install it with `run_show.py fetch ViT-B-32`."


def test_an_architecture_that_open_clip_does_not_know_names_the_nearest(place: ModelPlace) -> None:
    with pytest.raises(ShowError, match="did you mean 'ViT-B-32'"):
        load_open_clip("ViT-B-32x", place)
