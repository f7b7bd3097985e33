"""Random weights that stand in for trained ones."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from installation.models.biggan.generator import BigGAN
from installation.models.biggan.random_weights import random_library
from installation.models.interfaces import Group

SHALLOW = {
    "output_dim": 32,
    "channel_width": 8,
    "num_classes": 7,
    "layers": [(True, 16, 8), (True, 8, 4), (True, 4, 2), (False, 2, 1)],
    "attention_layer_position": 2,
}


@pytest.mark.parametrize("truncation", [0.2, 1.0])
def test_their_pictures_are_neither_flat_nor_saturated(truncation: float) -> None:
    library = random_library(3, SHALLOW)
    generator = BigGAN("small", library, (Group("class", tuple("abcdefg")),), truncation=truncation)
    pictures = np.stack([generator.paint(generator.sample(1, seed)) for seed in range(6)])
    assert pictures.std(axis=(1, 2, 3)).min() > 8.0
    assert ((pictures == 0) | (pictures == 255)).mean() < 0.2


def test_the_same_seed_gives_the_same_weights() -> None:
    first, second = (random_library(3, SHALLOW).state_dict() for _ in range(2))
    assert all(torch.equal(first[key], second[key]) for key in first)
