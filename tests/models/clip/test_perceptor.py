"""CLIP: what the embedded perceptor recognises, other architectures from local files, emoji."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from installation.core.errors import ShowError
from installation.models import load_perceptor
from installation.models.clip.perceptor import (
    CONFIG,
    WEIGHTS,
    Clip,
    fold_batch_norms,
    load_embedded,
    load_open_clip,
    spell_emoji,
)
from installation.models.interfaces import ABSENT, Latents, ModelPlace, slices
from tests.models.conftest import generator_named, perceptor_named

TINY: dict[str, Any] = {
    "embed_dim": 16,
    "vision_cfg": {"image_size": 32, "layers": 1, "width": 32, "head_width": 16, "patch_size": 16},
    "text_cfg": {"context_length": 12, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
}

TINY_RESNET: dict[str, Any] = TINY | {
    "vision_cfg": {"image_size": 64, "layers": [1, 1, 2, 1], "width": 16, "head_width": 16}
}

SCENES = {  # texts, and the classes of the picture that they describe
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
        default = group.labels[group.neutral or 0]
        logits[0, where.start + group.labels.index(classes.get(group.name, default))] = 0.0
    with torch.inference_mode():
        return generator.render(Latents(torch.zeros(1, generator.z_dim), logits))


def test_texts_match_their_own_pictures() -> None:
    perceptor = perceptor_named("clip-embedded")
    with torch.inference_mode():
        images = perceptor.embed_image(torch.cat([picture_of(**classes) for classes in SCENES.values()])).numpy()
    best = (perceptor.embed_text(list(SCENES)) @ images.T).argmax(axis=1)
    assert (best == np.arange(len(SCENES))).sum() >= 7


def test_an_enlarged_picture_has_the_same_embedding() -> None:
    perceptor = perceptor_named("clip-embedded")
    small = torch.nn.functional.avg_pool2d(picture_of(sky="dusk", terrain="hills"), 2)
    large = small.repeat_interleave(3, dim=2).repeat_interleave(3, dim=3)
    assert_allclose(perceptor.embed_image(large), perceptor.embed_image(small), atol=1e-5)


@pytest.fixture
def tiny(tmp_path: Path, place: ModelPlace) -> ModelPlace:
    """A place with a checkpoint of a small architecture that is registered with open_clip."""
    (tmp_path / "laterna-tiny.json").write_text(json.dumps(TINY), encoding="utf-8")
    open_clip.add_model_config(tmp_path / "laterna-tiny.json")
    (tmp_path / "laterna-tiny").mkdir()
    torch.manual_seed(1)
    torch.save(open_clip.CLIP(**TINY).state_dict(), tmp_path / "laterna-tiny" / "open_clip_pytorch_model.bin")
    return place._replace(cache=tmp_path)


def test_an_architecture_of_open_clip_loads_from_a_local_checkpoint(tiny: ModelPlace) -> None:
    perceptor = load_open_clip("laterna-tiny", tiny)
    assert (perceptor.context_length, perceptor.input_size, perceptor.embedding_size) == (12, 32, 16)
    torch.manual_seed(1)
    model = open_clip.CLIP(**TINY).eval()
    picture = torch.rand(1, 3, 32, 32)
    constants = (open_clip.OPENAI_DATASET_MEAN, open_clip.OPENAI_DATASET_STD)
    mean, std = (torch.tensor(row).view(3, 1, 1) for row in constants)
    expected = model.encode_image((picture - mean) / std, normalize=True).detach()
    assert_allclose(perceptor.embed_image(picture), expected, atol=1e-5)


def test_folded_batch_normalisations_change_no_embedding() -> None:
    torch.manual_seed(1)
    visual = open_clip.CLIP(**TINY_RESNET).visual.double().eval()
    norms = [module for module in visual.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        state = norm.state_dict()
        for name in ("running_mean", "bias"):
            state[name].normal_()
        for name in ("running_var", "weight"):
            state[name].uniform_(0.5, 2.0)
    pictures = torch.rand(2, 3, 64, 64, dtype=torch.float64)
    with torch.no_grad():
        expected = visual(pictures)
        fold_batch_norms(visual)
        assert_allclose(visual(pictures), expected, rtol=1e-9)
    assert len(norms) == 22
    assert not [module for module in visual.modules() if isinstance(module, torch.nn.BatchNorm2d)]


@pytest.mark.parametrize(("precision", "bound"), [(torch.bfloat16, 0.02), (torch.float16, 0.003)])
def test_half_precision_barely_changes_image_embeddings_and_no_text_embedding(
    precision: torch.dtype, bound: float
) -> None:
    torch.manual_seed(1)
    constants = (open_clip.OPENAI_DATASET_MEAN, open_clip.OPENAI_DATASET_STD)
    exact = Clip("laterna-tiny", open_clip.CLIP(**TINY), *constants)
    torch.manual_seed(1)
    half = Clip("laterna-tiny", open_clip.CLIP(**TINY), *constants, precision=precision)
    pictures = torch.rand(3, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    rows = half.embed_image(pictures)
    assert rows.dtype == torch.float32
    assert 1e-6 < float((rows - exact.embed_image(pictures)).abs().max()) < bound
    assert_array_equal(half.embed_text(["a wolf"]), exact.embed_text(["a wolf"]))


def test_a_checkpoint_of_another_architecture_is_refused(tiny: ModelPlace) -> None:
    path = tiny.cache / "laterna-tiny" / "open_clip_pytorch_model.bin"
    state = torch.load(path)
    del state["ln_final.weight"]
    torch.save(state, path)
    with pytest.raises(ShowError, match="not a checkpoint of 'laterna-tiny'"):
        load_open_clip("laterna-tiny", tiny)


def test_a_perceptor_that_is_not_installed_is_refused_with_the_command(tmp_path: Path, place: ModelPlace) -> None:
    with pytest.raises(ShowError) as error:
        load_perceptor("ViT-B-32", place._replace(cache=tmp_path))
    assert str(error.value) == f"'ViT-B-32' is not in {tmp_path}: install it with `run_show.py fetch ViT-B-32`."


@pytest.mark.parametrize(
    "text", ["", "[]", "7", "{}", '{"open_clip": 5, "mean": 1, "std": 1}', '{"open_clip": {}}', "[" * 100_000]
)
def test_a_damaged_config_is_one_sentence(tmp_path: Path, place: ModelPlace, text: str) -> None:
    folder = tmp_path / "clip-embedded"
    shutil.copytree(place.assets / "clip-embedded", folder)
    (folder / CONFIG).write_text(text, encoding="utf-8")
    with pytest.raises(ShowError, match=r"perceptor\.json (is not JSON|does not describe a CLIP)"):
        load_embedded("clip-embedded", folder, place)


@pytest.mark.slow
@pytest.mark.parametrize("kept", [0, 100, 20_000, 5_000_000])
def test_weights_that_are_cut_short_are_one_sentence(tmp_path: Path, place: ModelPlace, kept: int) -> None:
    folder = tmp_path / "clip-embedded"
    shutil.copytree(place.assets / "clip-embedded", folder)
    (folder / WEIGHTS).write_bytes((folder / WEIGHTS).read_bytes()[:kept])
    with pytest.raises(ShowError, match="cut short"):
        load_embedded("clip-embedded", folder, place)


def test_an_unknown_architecture_is_answered_with_the_nearest_one(place: ModelPlace) -> None:
    with pytest.raises(ShowError, match="did you mean 'ViT-B-32'"):
        load_open_clip("ViT-B-32x", place)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("a wolf in the snow", "a wolf in the snow"),
        ("\N{WOLF FACE}\N{CRESCENT MOON}\N{SNOWFLAKE}\ufe0f", "wolf crescent moon snowflake"),
        ("the sea\N{SAILBOAT}!", "the sea sailboat !"),
        ("\N{HEAVY BLACK HEART}\ufe0f", "heart"),
        ("\N{DANCER}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}", "dancer"),
        ("3 + 4 = 7 \u20ac", "3 + 4 = 7 \u20ac"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
    ],
)
def test_only_emoji_are_spelled(text: str, spelled: str) -> None:
    assert spell_emoji(text) == spelled


def test_an_emoji_is_embedded_like_its_name() -> None:
    emoji, word, other = perceptor_named("clip-embedded").embed_text(["\N{WOLF FACE}", "wolf", "a castle"])
    assert_allclose(emoji, word, atol=1e-5)
    assert float(emoji @ other) < 0.9
