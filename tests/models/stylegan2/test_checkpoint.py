from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest
import torch

from installation.core.errors import ShowError
from installation.models.interfaces import ModelPlace
from installation.models.stylegan2.checkpoint import ANY_SIZE, accept_checkpoint, load_network, mean_style
from installation.models.stylegan2.network import Architecture, StyleGAN2Network
from installation.models.stylegan2.spec import FACES, OWN
from tests.models.conftest import write_weights

# keys and shapes of rosinality's Generator(1024, 512, 8), written down from its model.py
PUBLISHED = {
    "style.1.weight": (512, 512),
    "style.8.bias": (512,),
    "input.input": (1, 512, 4, 4),
    "conv1.conv.weight": (1, 512, 512, 3, 3),
    "conv1.conv.modulation.weight": (512, 512),
    "conv1.noise.weight": (1,),
    "conv1.activate.bias": (512,),
    "to_rgb1.bias": (1, 3, 1, 1),
    "to_rgb1.conv.weight": (1, 3, 512, 1, 1),
    "convs.0.conv.blur.kernel": (4, 4),
    "convs.8.conv.weight": (1, 256, 512, 3, 3),
    "convs.15.conv.weight": (1, 32, 32, 3, 3),
    "convs.15.conv.modulation.bias": (32,),
    "to_rgbs.0.upsample.kernel": (4, 4),
    "to_rgbs.7.conv.weight": (1, 3, 32, 1, 1),
    "noises.noise_0": (1, 1, 4, 4),
    "noises.noise_1": (1, 1, 8, 8),
    "noises.noise_16": (1, 1, 1024, 1024),
}


def weights(place: ModelPlace) -> dict[str, Any]:
    write_weights(place, OWN)
    content: dict[str, Any] = torch.load(place.cache / OWN / "stylegan2.pt", weights_only=True)
    return content


def painted(path: Path, z: torch.Tensor) -> torch.Tensor:
    loaded = load_network(OWN, ANY_SIZE, path)
    return loaded.network.paint(loaded.network.styles(z)[:, None].expand(-1, loaded.sizes.layers, -1))


def test_keys_and_shapes_are_those_of_the_published_model() -> None:
    with torch.device("meta"):
        network = StyleGAN2Network(Architecture((512, 512, 512, 512, 512, 256, 128, 64, 32)))
    assert sum(parameter.numel() for parameter in network.parameters()) == 30_370_060  # as NVIDIA's program prints
    state = network.state_dict()
    assert {key: tuple(state[key].shape) for key in PUBLISHED} == PUBLISHED
    assert len(state) == 16 + 1 + 5 + 4 + 8 * (6 + 5 + 5) + 17


def test_a_training_run_is_reduced_to_the_generator_and_gets_its_mean_style(
    tmp_path: Path, random_place: ModelPlace
) -> None:
    state = weights(random_place)["g_ema"]
    run = {
        "g": state,
        "d": {"convs.0.0.weight": torch.zeros(2)},
        "g_ema": state,
        "g_optim": {"state": {0: {"step": 3}}, "param_groups": []},
        "args": Namespace(path="lmdb", iter=800_000),
        "ada_aug_p": 0.1,
    }
    path = tmp_path / "550000.pt"
    torch.save(run, path)
    assert accept_checkpoint(OWN, ANY_SIZE, path, "the file") is True
    assert accept_checkpoint(OWN, ANY_SIZE, path, "the file") is False
    content = torch.load(path, weights_only=True)
    assert content.keys() == {"g_ema", "latent_avg"}
    z = torch.randn(1, 32, generator=torch.Generator().manual_seed(1))
    assert torch.equal(painted(path, z), painted(random_place.cache / OWN / "stylegan2.pt", z))
    loaded = load_network(OWN, ANY_SIZE, path)
    assert torch.equal(loaded.mean, mean_style(loaded.network, loaded.sizes))


def test_half_precision_weights_are_read(tmp_path: Path, random_place: ModelPlace) -> None:
    content = weights(random_place)
    half = {key: value.half() for key, value in content["g_ema"].items()}
    torch.save({"g_ema": half, "latent_avg": content["latent_avg"].half()[None]}, tmp_path / "half.pt")
    z = torch.randn(1, 32, generator=torch.Generator().manual_seed(1))
    whole = painted(random_place.cache / OWN / "stylegan2.pt", z)
    assert float((painted(tmp_path / "half.pt", z) - whole).abs().mean()) < 0.02


def test_files_of_other_kinds_are_refused_in_one_sentence(tmp_path: Path, random_place: ModelPlace) -> None:
    content = weights(random_place)
    state = content["g_ema"]
    cases: list[tuple[Any, str]] = [
        ({"state_dict": state}, "the file has no 'g_ema': "),
        ({"g_ema": {"input.input": state["input.input"]}}, "the file is not a StyleGAN2"),
        ({"g_ema": {**state, "extra": torch.zeros(1)}}, "the file does not have the key 'extra' of stylegan2"),
        ([1, 2], "the file holds no weights"),
    ]
    for wrong, sentence in cases:
        torch.save(wrong, tmp_path / "wrong.pt")
        with pytest.raises(ShowError, match=sentence):
            accept_checkpoint(OWN, ANY_SIZE, tmp_path / "wrong.pt", "the file")
    (tmp_path / "cut.pt").write_bytes(b"PK\x03\x04 cut short")
    with pytest.raises(ShowError, match="the file is not a weights file"):
        accept_checkpoint(OWN, ANY_SIZE, tmp_path / "cut.pt", "the file")
    torch.save(content, tmp_path / "small.pt")
    with pytest.raises(ShowError, match="paints 64 pixels, not the 1024 of stylegan2-ffhq: use the name stylegan2"):
        accept_checkpoint(FACES, 1024, tmp_path / "small.pt", "the file")
