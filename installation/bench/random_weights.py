"""Random weights of the true shape, in the true formats: as fast as trained ones, and nothing to look at.

They stand in where the weights are not fetched. The library's raw initialisation is no use: its batch statistics do
not fit its weights, so that the last layers overflow.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from installation.dream.latent_bank import LatentBank
from installation.models import bank_file
from installation.models.biggan.architectures import config_of
from installation.models.interfaces import Generator, Perceptor, slices

BATCH = 4  # pictures from which the statistics are taken
BANK = 64


def random_library(seed: int, settings: dict[str, Any], batch: int = BATCH) -> Any:
    """A `pytorch_pretrained_biggan.BigGAN` of that config, whose statistics fit its random weights.

    Its pictures are neither flat nor burnt, and each truncation has statistics of its own, around those of `batch`
    pictures.
    """
    from pytorch_pretrained_biggan import BigGAN, BigGANConfig
    from pytorch_pretrained_biggan.model import BigGANBatchNorm

    random = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    library = BigGAN(BigGANConfig(**settings))

    def fit(norm: Any, inputs: tuple[Any, ...]) -> None:
        rows = norm.running_means.shape
        deviation, mean = torch.std_mean(inputs[0], dim=(0, 2, 3))
        norm.running_means.copy_(mean + 0.3 * deviation * torch.randn(rows, generator=random))
        norm.running_vars.copy_(deviation**2 * torch.empty(rows).uniform_(0.5, 2.0, generator=random) + 1e-3)

    hooks = []
    with torch.no_grad():
        for module in library.modules():
            if isinstance(module, BigGANBatchNorm):
                hooks.append(module.register_forward_pre_hook(fit))
                if not module.conditional:
                    module.weight.uniform_(0.5, 1.5, generator=random)
                    module.bias.normal_(0.0, 0.2, generator=random)
            if hasattr(module, "gamma"):
                module.gamma.fill_(0.5)
        z = torch.randn(batch, library.config.z_dim, generator=random)
        classes = torch.rand(batch, library.config.num_classes, generator=random).softmax(dim=1)
        library.train()(z, classes, 1.0)  # training mode lets the spectral norm's power iteration take its first steps
    for hook in hooks:
        hook.remove()
    return library.eval().requires_grad_(False)


def random_biggan(name: str, folder: Path, seed: int = 1) -> None:
    """One of the published BigGAN-deep networks, as the library's own two files."""
    library = random_library(seed, config_of(name))
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(library.state_dict(), folder / "pytorch_model.bin")
    (folder / "config.json").write_text(library.config.to_json_string(), encoding="utf-8")


def random_perceptor(name: str, folder: Path, seed: int = 1) -> None:
    """An architecture of open_clip, as the file that its hub would give."""
    import open_clip
    from safetensors.torch import save_file

    torch.manual_seed(seed)
    model = open_clip.create_model(name, pretrained=None)
    folder.mkdir(parents=True, exist_ok=True)
    save_file(
        {key: value.contiguous() for key, value in model.state_dict().items()}, folder / "open_clip_model.safetensors"
    )


def random_bank(generator: Generator, perceptor: Perceptor, cache: Path, seed: int = 1) -> None:
    """A Bank whose embeddings are noise: dreams start anywhere."""
    random = np.random.default_rng(seed)
    drawn = generator.sample(BANK, seed)
    classes = np.stack([drawn.classes[:, where].argmax(axis=1) for where in slices(generator.groups)], axis=1)
    rows = random.standard_normal((BANK + drawn.classes.shape[1], perceptor.embedding_size))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)
    bank = LatentBank(
        generator.name, perceptor.name, drawn.z.astype(np.float16), classes.astype(np.int16), rows[:BANK], rows[BANK:]
    )
    path = bank_file(*bank.model_names, cache)
    path.parent.mkdir(parents=True, exist_ok=True)
    bank.save(path)
