"""Random BigGAN weights of the true shape in the true format: as fast as trained ones, for benchmarks and tests.

The library's own initialisation cannot be used: its batch statistics do not fit its weights, so that the last layers
overflow.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from installation.models.biggan import CONFIG, WEIGHTS
from installation.models.biggan.checkpoint import config_of

CALIBRATION_BATCH = 4  # images from which the statistics are taken


def random_library(seed: int, settings: dict[str, Any], batch: int = CALIBRATION_BATCH) -> Any:
    """A `pytorch_pretrained_biggan.BigGAN` of that config, with statistics that fit its random weights.

    Its images are neither flat nor saturated. The statistics of each truncation differ; they scatter around those of
    `batch` images.
    """
    from pytorch_pretrained_biggan import BigGAN, BigGANConfig

    random = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    library = BigGAN(BigGANConfig(**settings))
    with torch.no_grad():
        hooks = _calibrate_on_next_pass(library, random)
        z = torch.randn(batch, library.config.z_dim, generator=random)
        classes = torch.rand(batch, library.config.num_classes, generator=random).softmax(dim=1)
        library.train()(z, classes, 1.0)  # in training mode the spectral norms take their first power iterations
    for hook in hooks:
        hook.remove()
    return library.eval().requires_grad_(False)


def _calibrate_on_next_pass(library: Any, random: torch.Generator) -> list[Any]:
    """Randomise what is initialised as constant, and hook the normalisations; returns the hooks."""
    from pytorch_pretrained_biggan.model import BigGANBatchNorm

    def calibrate(norm: Any, inputs: tuple[Any, ...]) -> None:
        rows = norm.running_means.shape
        deviation, mean = torch.std_mean(inputs[0], dim=(0, 2, 3))
        norm.running_means.copy_(mean + 0.3 * deviation * torch.randn(rows, generator=random))
        norm.running_vars.copy_(deviation**2 * torch.empty(rows).uniform_(0.5, 2.0, generator=random) + 1e-3)

    hooks = []
    for module in library.modules():
        if isinstance(module, BigGANBatchNorm):
            hooks.append(module.register_forward_pre_hook(calibrate))
            if not module.conditional:
                module.weight.uniform_(0.5, 1.5, generator=random)
                module.bias.normal_(0.0, 0.2, generator=random)
        if hasattr(module, "gamma"):
            module.gamma.fill_(0.5)
    return hooks


def write_random_biggan(name: str, folder: Path, seed: int) -> None:
    """Write one of the published architectures with random weights, as the library's two files."""
    library = random_library(seed, config_of(name))
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(library.state_dict(), folder / WEIGHTS)
    (folder / CONFIG).write_text(library.config.to_json_string(), encoding="utf-8")
