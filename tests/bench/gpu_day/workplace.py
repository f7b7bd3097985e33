"""The models of the day, with random weights of their true shape (quick: fewer channels), and optimisers over them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor

from installation import models
from installation.bench.model_pair import DREAM_SIZE, ModelPair
from installation.dream.latent_optimizer import LatentOptimizer
from installation.dream.objective import OptimizerOptions
from installation.dream.prompt_target import PromptTarget
from installation.dream.schedule import Schedule
from installation.models.biggan import checkpoint
from installation.models.biggan.generator import BigGAN
from installation.models.biggan.loading import load_library, read_groups
from installation.models.interfaces import Latents, ModelPlace, Perceptor, Point
from tests.bench.gpu_day.stages import Day

SEED = 1
QUICK_WIDTH = 16  # of the generator's 128 channels


def place_of(day: Day, device: str = "") -> ModelPlace:
    """Where the models are; their random weights are written if they are not there yet."""
    for spec in (models.generator_spec(day.generator), models.perceptor_spec(day.perceptor)):
        folder = day.weights / spec.files.folder
        if not spec.embedded and not folder.exists():
            with patch.object(checkpoint, "WIDTH", QUICK_WIDTH if day.quick else checkpoint.WIDTH):
                write_random(spec, folder)
    return models.default_place(device or day.device, cache=day.weights)


def write_random(spec: Any, folder: Path) -> None:
    """Write random weights; a process that is ended meanwhile leaves no folder of that name."""
    part = folder.with_name(f"{folder.name}.part")
    spec.random_weights(part, SEED)
    part.rename(folder)


def pair_of(day: Day) -> ModelPair:
    """Generator and perceptor on the device."""
    return ModelPair(day.generator, day.perceptor, place_of(day), SEED)


def perceptor_on_cpu(day: Day) -> Perceptor:
    """The perceptor in float32: on a CPU no image tower is rounded."""
    return models.load_perceptor(day.perceptor, place_of(day, "cpu"))


def library_of(day: Day) -> Any:
    """The library's own generator, in float32 on the CPU."""
    return load_library(place_of(day).cache / day.generator)


def folded(day: Day, library: Any, precision: torch.dtype) -> BigGAN:
    """The folded generator in that precision, at truncation 1, without graphs."""
    groups, priors = read_groups(day.weights / day.generator, int(library.config.num_classes))
    return BigGAN(day.generator, library, groups, priors=priors, truncation=1.0, device=day.device, precision=precision)


def tensors(point: Point, device: str, dtype: torch.dtype = torch.float32) -> Latents[Tensor]:
    """Latents on a device."""
    return Latents(*(torch.from_numpy(part).to(device, dtype) for part in (point.z, point.classes)))


def optimizer_of(pair: ModelPair) -> LatentOptimizer:
    """An optimiser of z and classes from the start of the pair, without captured steps."""
    options = OptimizerOptions(DREAM_SIZE, max_drop=1.0, optimise_classes=True)
    start = tensors(pair.start, pair.place.device)
    return LatentOptimizer(pair.generator, pair.perceptor, start, options, seed=SEED)


def target_of(pair: ModelPair, texts: int) -> PromptTarget:
    """A prompt of so many random texts of equal weight."""
    device = pair.place.device
    random = torch.Generator().manual_seed(texts)
    rows = torch.nn.functional.normalize(torch.randn(texts, pair.perceptor.embedding_size, generator=random), dim=1)
    return PromptTarget(rows.to(device), torch.ones(texts, device=device), torch.ones(texts, device=device))


def whole_step(optimizer: LatentOptimizer, target: PromptTarget, cutouts: int) -> None:
    """Do all slices of a step, or the step at once."""
    while not optimizer.step(target, Schedule(), cutouts):
        pass
