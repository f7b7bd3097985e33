"""The turbo models in the registry: each with one step and with four, from one folder of files."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from installation.core.model_files import ModelFiles, ModelKind
from installation.models.diffusion import UNET
from installation.models.interfaces import Generator, ModelPlace
from installation.models.spec import GeneratorSpec

_GIB = 1 << 30
_BASE = (
    UNET,
    "unet/config.json",
    "vae/diffusion_pytorch_model.safetensors",
    "vae/config.json",
    "scheduler/scheduler_config.json",
    "text_encoder/model.safetensors",
    "text_encoder/config.json",
    "tokenizer/vocab.json",
    "tokenizer/merges.txt",
    "tokenizer/tokenizer_config.json",
    "tokenizer/special_tokens_map.json",
)
_LARGE = (
    "text_encoder_2/model.safetensors",
    "text_encoder_2/config.json",
    "tokenizer_2/vocab.json",
    "tokenizer_2/merges.txt",
    "tokenizer_2/tokenizer_config.json",
    "tokenizer_2/special_tokens_map.json",
)
_ADVICE = (
    "bring the folder of the model in the layout of diffusers, as by `hf download stabilityai/{folder} "
    "--local-dir {folder} --exclude '*fp16*' --exclude '*.onnx*' --exclude '{single}*'`"
)


def _turbo(folder: str, steps: int, size: int, memory: int, files: tuple[str, ...], licence: str) -> GeneratorSpec:
    name = folder if steps == 1 else f"{folder}-{steps}"
    described = ModelFiles(
        name=name,
        kind=ModelKind.GENERATOR,
        licence=licence,
        size=size,
        own=files,
        advice=_ADVICE.format(folder=folder, single=folder.replace("-", "_")),
        folder=folder,
        check=partial(_check, folder),
    )
    return GeneratorSpec(
        family="diffusion",
        files=described,
        load=partial(_load, name, folder, steps),
        memory_bytes=memory,
        packages=("diffusers", "transformers"),
        extra="diffusion",
        reads_words=True,
        random_weights=partial(_random_weights, folder),
    )


def _load(name: str, folder: str, steps: int, place: ModelPlace) -> Generator:
    from installation.models.diffusion.generator import TurboDiffusion
    from installation.models.diffusion.loading import load_parts

    return TurboDiffusion(name, load_parts(place.cache / folder, place.device), steps, place.device)


def _check(folder: str, path: Path, description: str, target: Path) -> bool:
    del target
    from installation.models.diffusion.loading import check_unet

    check_unet(path, folder, description)
    return False


def _random_weights(name: str, folder: Path, seed: int) -> None:
    from installation.models.diffusion.random_weights import write_random_diffusion

    write_random_diffusion(name, folder, seed)


_SMALL_LICENCE = "Stability AI Community"
SPECS = (
    _turbo("sd-turbo", 1, 5_200_000_000, 4 * _GIB, _BASE, _SMALL_LICENCE),
    _turbo("sd-turbo", 4, 5_200_000_000, 4 * _GIB, _BASE, _SMALL_LICENCE),
    _turbo("sdxl-turbo", 1, 13_900_000_000, 10 * _GIB, (*_BASE, *_LARGE), "Stability AI, non-commercial"),
    _turbo("sdxl-turbo", 4, 13_900_000_000, 10 * _GIB, (*_BASE, *_LARGE), "Stability AI, non-commercial"),
)
