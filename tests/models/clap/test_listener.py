from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from safetensors.numpy import save_file

from installation.core.errors import ShowError
from installation.models import LISTENER, default_place, load_listener
from installation.models.clap import random_weights
from installation.models.clap.listener import ClapListener, check_weights, load_clap, load_sounds
from installation.models.interfaces import Floats, ModelPlace, SoundNamer
from tests.conftest import require_package

SMALL: dict[str, dict[str, Any]] = {
    "text": {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32},
    "audio": {"patch_embeds_hidden_size": 16, "depths": [1, 1], "num_attention_heads": [2, 2], "hidden_size": 32},
}


@pytest.fixture(scope="module")
def clap_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelPlace]:
    """All parts of the true kinds, with few channels and layers."""
    require_package("transformers")
    cache = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(random_weights.SIZES, "text", {**SMALL["text"], "vocab_size": 300, "projection_dim": 16})
        patch.setitem(random_weights.SIZES, "audio", {**SMALL["audio"], "num_hidden_layers": 2, "projection_dim": 16})
        patch.setitem(random_weights.SIZES, "all", {"projection_dim": 16})
        assert LISTENER.random_weights is not None
        LISTENER.random_weights(cache / "clap", 1)
        yield default_place(cache=cache)


def noise(seconds: float) -> Floats:
    drawn: Floats = 0.2 * np.random.default_rng(1).standard_normal(round(48_000 * seconds)).astype(np.float32)
    return drawn


def test_a_sound_gets_words_for_what_its_picture_shows(clap_place: ModelPlace) -> None:
    listener = load_listener(clap_place)
    assert isinstance(listener, SoundNamer)
    found = listener.names(noise(3.0))
    assert {words for words, _ in found} == set(load_sounds().values())
    shares = [share for _, share in found]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1.0, abs=1e-4)
    assert listener.names(noise(3.0)) == found


def test_the_nearest_description_is_that_of_transformers_own_model(clap_place: ModelPlace) -> None:
    """`ClapModel` itself, asked with the same descriptions."""
    listener = load_listener(clap_place)
    assert isinstance(listener, ClapListener)
    sounds = load_sounds()
    sound = noise(2.0)
    tokens = listener._tokenizer([f"This is a sound of {each}." for each in sounds], padding=True, return_tensors="pt")
    features = listener._extractor(sound, sampling_rate=48_000, return_tensors="pt")
    logits = listener._model(
        input_ids=tokens["input_ids"],
        attention_mask=tokens["attention_mask"],
        input_features=features["input_features"],
    ).logits_per_audio[0]
    shares = logits.softmax(dim=0).detach().numpy()
    total: dict[str, float] = {}
    for words, share in zip(sounds.values(), shares, strict=True):
        total[words] = total.get(words, 0.0) + float(share)
    found = dict(listener.names(sound))
    assert_allclose([found[words] for words in total], list(total.values()), atol=1e-4)


def test_a_long_sound_is_heard_in_windows(clap_place: ModelPlace) -> None:
    listener = load_listener(clap_place)
    quiet_end = np.concatenate([noise(12.0), np.zeros(48_000 * 60, np.float32)])
    assert listener.names(quiet_end) != listener.names(noise(12.0))


def test_other_files_are_refused(tmp_path: Path, clap_place: ModelPlace) -> None:
    weights = clap_place.cache / "clap" / "model.safetensors"
    check_weights(weights, "the file")
    save_file({"logit_scale_a": np.zeros(1, np.float32)}, tmp_path / "other.safetensors")
    with pytest.raises(ShowError, match="the file does not have the key"):
        check_weights(tmp_path / "other.safetensors", "the file")
    (tmp_path / "clap").mkdir()
    for path in (clap_place.cache / "clap").iterdir():
        (tmp_path / "clap" / path.name).write_bytes(path.read_bytes()[: 500 if path == weights else None])
    with pytest.raises(ShowError, match="cannot be loaded"):
        load_clap(tmp_path / "clap")


def test_every_sound_is_pictured_in_few_words() -> None:
    assert len(load_sounds()) > 100
    assert all(0 < len(words.split()) <= 6 for words in load_sounds().values())
