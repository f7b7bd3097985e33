"""Models loaded once, and a BigGAN of the library's own class that is small enough to be made in a test."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import torch

from installation.bench.random_weights import random_library
from installation.models import default_place, load_generator, load_perceptor
from installation.models.interfaces import Generator, ModelPlace, Perceptor

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
    """A library BigGAN with random weights whose statistics fit them; each truncation has statistics of its own."""
    return random_library(seed, {**SMALL, **changes}, batch)
