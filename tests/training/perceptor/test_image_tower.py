"""Training of the image tower."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from torch import Tensor, nn

from installation.models.interfaces import Generator
from installation.training.data.render_store import render_images, to_tensor
from installation.training.perceptor.class_embeddings import ClassEmbeddings
from installation.training.perceptor.image_tower import ImageTowerTrainer, augment, remove_direction
from installation.training.perceptor.train import build_model


@pytest.mark.slow
def test_training_moves_the_embeddings_of_images_to_their_targets(
    theatre: Generator, embeddings: ClassEmbeddings, tmp_path: Path
) -> None:
    renders = render_images(theatre, 4, 4, tmp_path / "set")
    trainer = ImageTowerTrainer(build_model(0).visual, embeddings, "cpu")
    targets = embeddings.image_targets(torch.from_numpy(np.array(renders.classes)).long())
    images = to_tensor(renders.images)

    def cosine() -> float:
        with torch.inference_mode():
            return float((trainer.embed(images) * targets).sum(1).mean())

    trainer.visual.eval()
    before = cosine()
    trainer.train(renders, 4, 0, tmp_path / "tower", lambda _: None)
    assert cosine() > before + 0.2


def test_augmented_images_resemble_their_originals_more_than_other_images() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (6, 8, 8, 3), np.uint8)
    images = to_tensor(noise.repeat(8, 1).repeat(8, 2))
    augmented = augment(images, np.random.default_rng(1))
    assert augmented.shape == images.shape
    assert not torch.equal(augmented, images)

    def distance(one: Tensor, other: Tensor) -> Tensor:
        return (one - other).abs().mean((1, 2, 3))

    own = torch.minimum(distance(augmented, images), distance(augmented.flip(3), images))
    assert bool((own < distance(images.roll(1, 0), images)).all())


def test_a_removed_direction_has_no_component_in_the_output_of_a_layer(embeddings: ClassEmbeddings) -> None:
    layer = nn.Linear(12, 128).double().requires_grad_(False)
    direction = embeddings.text_bias.double() / embeddings.text_bias.double().norm()
    inputs = torch.randn(5, 12, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    assert float((layer(inputs) @ direction).abs().max()) > 1e-3
    remove_direction(layer, direction)
    assert_allclose(layer(inputs) @ direction, np.zeros(5), atol=1e-12)
