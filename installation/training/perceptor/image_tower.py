"""Training of the perceptor's image tower: image embeddings move to the sum of their classes' vectors.

The loss has three terms: the cosine to the target; in each group, the cross-entropy of the right class; and InfoNCE
(van den Oord et al., 2018) between images and captions that name some of their classes, as in CLIP.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from installation.training.data.lexicon import GROUP_SLICES
from installation.training.data.render_store import RenderStore, to_tensor
from installation.training.loop import Log, ParameterGroup, TrainingLoop
from installation.training.perceptor.class_embeddings import ClassEmbeddings
from installation.training.precision import mixed_precision

BATCH = 128
PARAMETER_GROUPS = (ParameterGroup("sharpness", 5e-3, 0.0), ParameterGroup("", 2e-3, 0.02))
MEAN, STD = (0.48, 0.45, 0.41), (0.27, 0.26, 0.27)  # of the images, for r, g, b
INITIAL_SHARPNESS, MAX_SHARPNESS = 20.0, 60.0  # inverse temperature of the softmax over classes or captions
CLASSIFICATION_WEIGHT, ALIGNMENT_WEIGHT = 0.5, 1.0  # in the loss, beside 1 for the contrastive term
GROUP_WEIGHTS = {  # in the classification loss; the other groups have 1
    "subject": 1.6,
    "celestial": 1.2,
    "subject_colour": 1.1,
    "tint": 0.8,
    "companion": 0.8,
    "detail": 0.6,
}
LABEL_SMOOTHING = 0.02
CAPTION_GROUPS = 0.6  # share of the groups that a caption names
ZOOM = (0.82, 1.05)  # visible part of the image's side, for half of the images
SHIFT = 0.06  # of the side: the largest translation of these images
BLURRED = 0.2  # share of the images at half resolution, which resemble the output of a neural generator


class ImageTowerTrainer:
    """An open_clip image tower in training. Images have the tower's own size."""

    def __init__(self, visual: Any, embeddings: ClassEmbeddings, device: str) -> None:
        """`visual` is the tower, trained in place; `embeddings` are on `device`."""
        self.visual = visual.to(device).to(memory_format=torch.channels_last)
        self._embeddings, self._device = embeddings, device
        self._mean = torch.tensor(MEAN, device=device).view(1, 3, 1, 1)
        self._std = torch.tensor(STD, device=device).view(1, 3, 1, 1)
        self._log_sharpness = torch.full(
            (len(GROUP_SLICES) + 1,), math.log(INITIAL_SHARPNESS), device=device, requires_grad=True
        )

    def train(self, renders: RenderStore, steps: int, seed: int, folder: Path, log: Log) -> None:
        """Train from the last checkpoint in `folder` to `steps`."""
        classes = torch.from_numpy(np.array(renders.classes)).long().to(self._device)

        def step(index: int) -> tuple[Tensor, Mapping[str, float]]:
            random = np.random.default_rng([seed, index])
            rows = np.sort(random.choice(len(renders), min(BATCH, len(renders)), replace=False))
            images = augment(to_tensor(renders.images[rows]), random).to(self._device)
            return self._loss(self.embed(images), classes[torch.from_numpy(rows)], random)

        tensors = {f"visual.{key}": value for key, value in _parameters_and_buffers(self.visual).items()}
        tensors["sharpness"] = self._log_sharpness
        self.visual.train()
        TrainingLoop("image tower", tensors, PARAMETER_GROUPS, folder).run(steps, step, log)
        self.visual.eval()
        remove_direction(self.visual.attnpool.c_proj, self._embeddings.text_bias)

    def embed(self, images: Tensor) -> Tensor:
        """Embed images [n, 3, side, side] in 0..1 as unit rows [n, d]; in mixed precision while training."""
        normalised = ((images - self._mean) / self._std).contiguous(memory_format=torch.channels_last)
        with mixed_precision(self._device) if self.visual.training else nullcontext():
            embedded: Tensor = self.visual(normalised)
        return F.normalize(embedded.float(), dim=1)

    def _loss(
        self, embedded: Tensor, choice: Tensor, random: np.random.Generator
    ) -> tuple[Tensor, Mapping[str, float]]:
        """The loss, and the metrics to log: the contrastive term and the accuracy in each group."""
        sharpness = self._log_sharpness.exp().clamp(max=MAX_SHARPNESS)
        classification, accuracy = self._classification_loss(embedded, choice, sharpness)
        alignment = 1.0 - (embedded * self._embeddings.image_targets(choice)).sum(1).mean()
        contrastive = self._contrastive_loss(embedded, choice, sharpness[-1], random)
        loss = contrastive + CLASSIFICATION_WEIGHT * classification + ALIGNMENT_WEIGHT * alignment
        return loss, {"contrastive": float(contrastive.detach()), **accuracy}

    def _classification_loss(
        self, embedded: Tensor, choice: Tensor, sharpness: Tensor
    ) -> tuple[Tensor, dict[str, float]]:
        loss, accuracy = embedded.new_zeros(()), {}
        for column, (name, where) in enumerate(GROUP_SLICES.items()):
            scores = sharpness[column] * embedded @ self._embeddings.classes[where].T
            group_loss = F.cross_entropy(scores, choice[:, column], label_smoothing=LABEL_SMOOTHING)
            loss = loss + GROUP_WEIGHTS.get(name, 1.0) * group_loss
            accuracy[name] = float((scores.argmax(1) == choice[:, column]).float().mean())
        return loss, accuracy

    def _contrastive_loss(
        self, embedded: Tensor, choice: Tensor, sharpness: Tensor, random: np.random.Generator
    ) -> Tensor:
        """InfoNCE. Another image that a caption describes as well is masked instead of counted as a negative."""
        named = torch.from_numpy(random.random(choice.shape) < CAPTION_GROUPS).to(self._device)
        named[:, 0] |= ~named.any(dim=1)
        starts = torch.tensor([where.start for where in GROUP_SLICES.values()], device=self._device)
        labels = torch.zeros(len(choice), len(self._embeddings.classes), device=self._device)
        labels.scatter_(1, choice + starts, named.float())
        scores = sharpness * self._embeddings.text_targets(labels) @ embedded.T  # [captions, images]
        also_described = ((choice[:, None] == choice[None]) | ~named[:, None]).all(dim=2)
        own = torch.arange(len(choice), device=self._device)
        also_described[own, own] = False
        scores = scores.masked_fill(also_described, -1e4)
        return 0.5 * (F.cross_entropy(scores, own) + F.cross_entropy(scores.T, own))


def remove_direction(layer: Any, direction: Tensor) -> None:
    """Project a unit vector [d] out of the output of a linear layer [d, ...], in place."""
    with torch.no_grad():
        layer.weight -= torch.outer(direction, direction @ layer.weight)
        layer.bias -= direction * (direction @ layer.bias)


def augment(images: Tensor, random: np.random.Generator) -> Tensor:
    """Randomly mirror, zoom, shift and blur images [n, 3, h, w], and vary brightness, colour cast and noise."""
    n = len(images)
    scale = np.where(random.random(n) < 0.5, random.uniform(*ZOOM, n), 1.0)
    shift = random.uniform(-SHIFT, SHIFT, (n, 2)) * (scale != 1.0)[:, None]
    mirror = np.where(random.random(n) < 0.5, -1.0, 1.0)
    affine = np.zeros((n, 2, 3), np.float32)
    affine[:, 0, 0], affine[:, 1, 1], affine[:, :, 2] = scale * mirror, scale, 2.0 * shift
    grid = F.affine_grid(torch.from_numpy(affine), list(images.shape), align_corners=False)
    result = F.grid_sample(images, grid, padding_mode="reflection", align_corners=False)
    blurred = torch.from_numpy(random.random(n) < BLURRED)
    if blurred.any():
        result[blurred] = F.interpolate(F.avg_pool2d(result[blurred], 2), scale_factor=2.0, mode="bilinear")
    brightness = 1.0 + 0.08 * random.standard_normal((n, 1, 1, 1))
    cast = 0.03 * random.standard_normal((n, 3, 1, 1))
    noise = 0.02 * random.random((n, 1, 1, 1), np.float32) * random.standard_normal(result.shape, np.float32)
    return result * _float32(brightness) + _float32(cast) + _float32(noise)


def _float32(values: NDArray[np.floating[Any]]) -> Tensor:
    return torch.from_numpy(np.asarray(values, np.float32))


def _parameters_and_buffers(module: Any) -> dict[str, Tensor]:
    return {**dict(module.named_parameters()), **dict(module.named_buffers())}
