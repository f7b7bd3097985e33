"""The embedding space of the perceptor: one fixed unit vector for every class, which both towers are trained towards.

The vectors are spread so that they interfere as little as possible in 128 dimensions. The target of an image is the
normalised sum of its classes' vectors. The target of a text is the sum of the vectors of the classes that it means plus
a bias vector that all texts share and no image has: a text that means no class is far from every image, and a class has
nearly the same weight in a long text as alone. Since the vectors are fixed, the towers are trained independently: a new
generator needs a new image tower only, new words need a new text tower only. The vectors are stored beside the weights,
so that new classes can be added to trained towers: the classes that these know keep their vectors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.interfaces import taught_classes
from installation.models.theatre.vocabulary import GROUPS, NUM_CLASSES
from installation.training.data.lexicon import GROUP_SLICES

DIMENSIONS = 128
IMAGE_GROUP_WEIGHTS = {  # weight of each group in the target of an image
    "sky": 1.0,
    "tint": 0.9,
    "celestial": 0.75,
    "weather": 0.9,
    "terrain": 1.0,
    "subject": 1.25,
    "subject_colour": 0.8,
    "companion": 0.65,
    "detail": 0.6,
}
TEXT_GROUP_WEIGHTS = {"companion": 0.8, "detail": 0.8}  # and of a text; the other groups have 1
TEXT_BIAS_WEIGHT = 1.5
SEED, STEPS, RATE = 184, 200, 0.04  # of the optimisation that spreads the vectors
FILE = "class_embeddings.safetensors"
TEXT_BIAS = "text bias"  # the name of its vector; a class is named GROUP/LABEL


@dataclass(frozen=True)
class ClassEmbeddings:
    """Unit vectors of the classes [classes, d] and of the text bias [d]."""

    classes: Tensor
    text_bias: Tensor

    def image_targets(self, choice: Tensor) -> Tensor:
        """Targets of images: class indices within each group [n, groups] -> unit rows [n, d]."""
        starts = torch.tensor([where.start for where in GROUP_SLICES.values()], device=choice.device)
        weights = torch.tensor([IMAGE_GROUP_WEIGHTS[name] for name in GROUP_SLICES], device=choice.device)
        return F.normalize((self.classes[choice + starts] * weights[:, None]).sum(1), dim=1)

    def text_targets(self, labels: Tensor) -> Tensor:
        """Targets of texts: soft labels [n, classes] in 0..1 -> unit rows [n, d]."""
        weights = torch.ones(NUM_CLASSES, device=labels.device)
        for name, weight in TEXT_GROUP_WEIGHTS.items():
            weights[GROUP_SLICES[name]] = weight
        return F.normalize(labels * weights @ self.classes + TEXT_BIAS_WEIGHT * self.text_bias, dim=1)

    def to(self, device: str) -> ClassEmbeddings:
        """The same vectors on a device."""
        return ClassEmbeddings(self.classes.to(device), self.text_bias.to(device))


def spread_class_embeddings(kept: Mapping[str, Tensor] | None = None) -> ClassEmbeddings:
    """Compute the vectors, which are the same every time; those of `kept` [d], by name, stay as they are.

    The loss is the sum of the fourth powers of the cosines, so that the worst pairs count most. Classes of one group
    never occur together; between them only a positive cosine is penalised. A class that the perceptor is not taught has
    the vector of the class that it is like.
    """
    random = torch.Generator().manual_seed(SEED)
    taught = [*taught_classes(GROUPS).tolist(), NUM_CLASSES]
    rows, places = np.unique(taught, return_inverse=True)
    names = [vector_names()[row] for row in rows]
    fixed = {row: kept[name].double() for row, name in enumerate(names) if name in kept} if kept else {}
    vectors = torch.randn(len(names), DIMENSIONS, generator=random, dtype=torch.float64)
    for row, vector in fixed.items():
        vectors[row] = vector
    vectors.requires_grad_(True)
    same_group = _same_group()[np.ix_(rows, rows)]
    optimizer = torch.optim.Adam([vectors], lr=RATE)
    for _ in range(STEPS):
        cosines = F.normalize(vectors, dim=1) @ F.normalize(vectors, dim=1).T
        pairs = torch.where(same_group, cosines.clamp(min=0.0), cosines).fill_diagonal_(0.0)
        loss = (100.0 * pairs.pow(4)).sum()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        assert vectors.grad is not None
        vectors.grad[list(fixed)] = 0.0
        optimizer.step()
    unit = F.normalize(vectors.detach(), dim=1).float()[torch.from_numpy(places)]
    return ClassEmbeddings(unit[:-1], unit[-1])


def vector_names() -> list[str]:
    """The names of all vectors: those of the classes in the order of the logits, then that of the text bias."""
    return [*(f"{group.name}/{label}" for group in GROUPS for label in group.labels), TEXT_BIAS]


def save_class_embeddings(embeddings: ClassEmbeddings, folder: Path) -> None:
    """Write the vectors by name as float16, for training that goes on from the weights in `folder`."""
    from safetensors.torch import save_file

    vectors = torch.cat((embeddings.classes, embeddings.text_bias[None])).cpu().half()
    save_file({name: vector.clone() for name, vector in zip(vector_names(), vectors, strict=True)}, folder / FILE)


def load_class_vectors(folder: Path) -> dict[str, Tensor]:
    """The vectors [d] stored in a folder, by name; none if it has no such file."""
    from safetensors.torch import load_file

    path = folder / FILE
    return {name: vector.float() for name, vector in load_file(path).items()} if path.is_file() else {}


def _same_group() -> Tensor:
    """Whether two vectors belong to one group, [classes + 1, classes + 1]; the last is the text bias."""
    column = torch.repeat_interleave(torch.arange(len(GROUPS)), torch.tensor([len(one.labels) for one in GROUPS]))
    column = torch.cat((column, torch.tensor([-1])))
    return column[:, None] == column[None]
