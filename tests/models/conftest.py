"""Models loaded once; random weights, in small architectures, for those that cannot be downloaded in a test."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import torch

from installation.models import all_specs, default_place, load_generator, load_perceptor
from installation.models.biggan import checkpoint as biggan_checkpoint
from installation.models.biggan.random_weights import random_library
from installation.models.diffusion import loading as diffusion_loading
from installation.models.diffusion.random_weights import SIZES
from installation.models.interfaces import Generator, ModelPlace, Perceptor
from installation.models.stylegan2 import checkpoint as stylegan2_checkpoint
from installation.models.stylegan2 import spec as stylegan2_spec
from installation.models.stylegan2.network import Architecture
from installation.models.vqgan import checkpoint as vqgan_checkpoint

torch.set_num_threads(1)

SMALL = {
    "output_dim": 64,
    "z_dim": 16,
    "class_embed_dim": 16,
    "channel_width": 8,
    "num_classes": 10,
    "layers": [(True, 16, 8), (False, 8, 8), (True, 8, 4), (True, 4, 2), (True, 2, 1)],
    "attention_layer_position": 3,
    "n_stats": 51,
}


def calibrated_library(seed: int, batch: int = 8, **changes: Any) -> Any:
    """A library BigGAN with random weights whose statistics fit them; each truncation has statistics of its own."""
    if changes:
        return random_library(seed, {**SMALL, **changes}, batch)
    torch.manual_seed(seed)  # as making it does
    return deepcopy(_small_library(seed, batch))


@cache
def _small_library(seed: int, batch: int) -> Any:
    return random_library(seed, SMALL, batch)


@pytest.fixture(scope="session")
def place() -> ModelPlace:
    return default_place()


@cache
def generator_named(name: str) -> Generator:
    """An embedded generator."""
    return load_generator(name, default_place())


@cache
def perceptor_named(name: str) -> Perceptor:
    """An embedded perceptor."""
    return load_perceptor(name, default_place())


@pytest.fixture(scope="session")
def random_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelPlace]:
    """A folder for random weights of models that are not embedded, which `write_weights` writes.

    The architectures have all their parts, but few channels and layers: the true ones take gigabytes.
    """
    cache_folder = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(biggan_checkpoint, "WIDTH", 4)
        _shrink_clip(patch)
        _shrink_vqgan(patch)
        _shrink_stylegan2(patch)
        shrink_diffusion(patch)
        yield default_place(cache=cache_folder)


def write_weights(place: ModelPlace, name: str) -> None:
    """Write the random weights of a model into the cache of `random_place`, once."""
    spec = next(spec for spec in all_specs() if spec.name == name)
    folder = place.cache / spec.files.folder
    if not spec.embedded and not folder.exists():
        assert spec.random_weights is not None, name
        spec.random_weights(folder, 1)


def _shrink_vqgan(patch: pytest.MonkeyPatch) -> None:
    for name, sizes in list(vqgan_checkpoint.ARCHITECTURES.items()):
        small = replace(sizes, codes=sizes.codes // 128, code_size=32, channels=32, blocks=1, picture_side=64)
        patch.setitem(vqgan_checkpoint.ARCHITECTURES, name, replace(small, attention_side=4))


def _shrink_stylegan2(patch: pytest.MonkeyPatch) -> None:
    """Pictures of 64 pixels, with few channels."""
    patch.setitem(stylegan2_spec._SIDES, stylegan2_spec.FACES, 64)
    patch.setattr(stylegan2_checkpoint, "RANDOM_SIDE", 64)
    small = Architecture((16, 16, 16, 16, 8), style=32, mapping=2)
    patch.setattr(Architecture, "config_f", classmethod(lambda _cls, _side: small))


def shrink_diffusion(patch: pytest.MonkeyPatch) -> None:
    """All parts of the true kinds, with few channels and layers; pictures of 64 pixels."""
    for name, sizes in list(SIZES.items()):
        text = [
            {**config, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2} for config in sizes["text"]
        ]
        text = [
            {**config, "intermediate_size": 32, **({"projection_dim": 32} if index else {})}
            for index, config in enumerate(text)
        ]
        blocks = len(sizes["unet"]["block_out_channels"])
        unet = {**sizes["unet"], "sample_size": 16, "block_out_channels": (32,) * blocks, "layers_per_block": 1}
        unet |= {"attention_head_dim": (2,) * blocks, "cross_attention_dim": 32 * len(text)}
        if len(text) > 1:
            unet |= {"transformer_layers_per_block": (1,) * blocks, "addition_time_embed_dim": 8}
            unet |= {"projection_class_embeddings_input_dim": 32 + 6 * 8}
        kinds = {"down_block_types": ("DownEncoderBlock2D",) * 3, "up_block_types": ("UpDecoderBlock2D",) * 3}
        vae = {**sizes["vae"], **kinds, "block_out_channels": (32, 32, 32), "layers_per_block": 1}
        patch.setitem(SIZES, name, {"unet": unet, "vae": vae, "text": text})
    patch.setattr(diffusion_loading, "_SIGNS", {"sd-turbo": 32, "sdxl-turbo": 64})


def _shrink_clip(patch: pytest.MonkeyPatch) -> None:
    from open_clip import factory

    for name, config in list(factory._MODEL_CONFIGS.items()):
        vision = dict(config.get("vision_cfg", {}))
        if any(spec.name == name for spec in all_specs()):
            residual = isinstance(vision["layers"], list)
            vision |= {"layers": [1, 1, 1, 1] if residual else 1, "width": 16 if residual else 64}
            text = {**config["text_cfg"], "width": 64, "heads": 2, "layers": 1}
            small = {**config, "embed_dim": 32, "vision_cfg": vision, "text_cfg": text}
            patch.setitem(factory._MODEL_CONFIGS, name, small)
