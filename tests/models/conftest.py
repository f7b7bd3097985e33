"""Models loaded once, and a BigGAN of the library's own class that is small enough to be made in a test."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import torch

from installation.models import default_place, load_generator, load_perceptor
from installation.models.base import Generator, ModelPlace, Perceptor

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def place() -> ModelPlace:
    return default_place()


@cache
def generator_named(name: str) -> Generator:
    return load_generator(name, default_place())


@cache
def perceptor_named(name: str) -> Perceptor:
    return load_perceptor(name, default_place())


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
    """A library BigGAN with random weights whose statistics fit them, so that its pictures are neither flat nor burnt.

    Each truncation has statistics of its own. They are taken from `batch` pictures.
    """
    from pytorch_pretrained_biggan import BigGAN, BigGANConfig
    from pytorch_pretrained_biggan.model import BigGANBatchNorm

    random = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    library = BigGAN(BigGANConfig(**{**SMALL, **changes}))

    def fit(norm: Any, inputs: tuple[Any, ...]) -> None:
        rows = norm.running_means.shape
        deviation, mean = torch.std_mean(inputs[0], dim=(0, 2, 3))
        norm.running_means.copy_(mean + 0.3 * deviation * torch.randn(rows, generator=random))
        norm.running_vars.copy_(deviation**2 * torch.empty(rows).uniform_(0.5, 2.0, generator=random) + 1e-3)

    with torch.no_grad():
        for module in library.modules():
            if isinstance(module, BigGANBatchNorm):
                module.register_forward_pre_hook(fit)
                if not module.conditional:
                    module.weight.uniform_(0.5, 1.5, generator=random)
                    module.bias.normal_(0.0, 0.2, generator=random)
            if hasattr(module, "gamma"):
                module.gamma.fill_(0.5)
        z = torch.randn(batch, library.config.z_dim, generator=random)
        classes = torch.rand(batch, library.config.num_classes, generator=random).softmax(dim=1)
        library.train()(z, classes, 1.0)  # training mode lets the spectral norm's power iteration take its first steps
    for module in library.modules():
        module._forward_pre_hooks = type(module._forward_pre_hooks)(
            (key, hook) for key, hook in module._forward_pre_hooks.items() if hook is not fit
        )
    return library.eval().requires_grad_(False)
