"""The weights of the classes of a batch, and what painters ask of them again and again.

Weights are counted from a threshold on, so that a layer fades in from nothing when its class appears. Where a scene is
painted frame after frame with the same classes, they are decoded once (see `painted_classes`).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from installation.models.theatre.raster import kept_while_painting
from installation.models.theatre.vocabulary import GROUP_SLICES, GROUPS, scene_classes

WEIGHT_THRESHOLD = 1e-3  # a class with less weight is absent
COLUMNS = {
    (group.name, label): GROUP_SLICES[group.name].start + i for group in GROUPS for i, label in enumerate(group.labels)
}
LABELS = {group.name: group.labels for group in GROUPS}
RECENT = 6  # sets of classes that are kept: of the frame, of the picture that it is compared with, and the last ones


def class_weights(logits: Tensor) -> Tensor:
    """A softmax within each group, with weights below WEIGHT_THRESHOLD removed continuously.

    [batch, NUM_CLASSES] -> the same; each group sums to 1.
    """
    parts = []
    for columns in GROUP_SLICES.values():
        kept = (torch.softmax(logits[:, columns], 1) - WEIGHT_THRESHOLD).clamp(min=0)
        parts.append(kept / kept.sum(1, keepdim=True))
    return torch.cat(parts, 1)


def with_neutral_figures(logits: Tensor) -> Tensor:
    """The logits of BACKDROP_GROUPS, completed by those of a scene without figures and details.

    [batch, classes of the backdrop] -> [batch, NUM_CLASSES].
    """
    rest = scene_classes()[:, logits.shape[1] :]
    return torch.cat((logits, torch.from_numpy(rest).to(logits).expand(len(logits), -1)), 1)


class ClassWeights:
    """Weights of classes, [batch, NUM_CLASSES], and what has been asked of them.

    Attributes:
        values: The weights.
    """

    def __init__(self, values: Tensor) -> None:
        self.values = values
        self._there: list[bool] = (values.detach().amax(0) > 0).tolist()
        self._groups: dict[str, Tensor] = {}
        self._sums: dict[tuple[str, ...], Tensor] = {}
        self._any: dict[tuple[str, ...], bool] = {}
        self._present: dict[str, list[str]] = {}

    def group(self, name: str) -> Tensor:
        """Weights of a group's classes, [batch, classes]."""
        known = self._groups.get(name)
        if known is None:
            known = self._groups[name] = self.values[:, GROUP_SLICES[name]]
        return known

    def has(self, *group_and_labels: str) -> bool:
        """Whether any of a group's classes has weight anywhere in the batch."""
        known = self._any.get(group_and_labels)
        if known is None:
            group, *labels = group_and_labels
            known = any(self._there[COLUMNS[group, label]] for label in labels)
            self._any[group_and_labels] = known
        return known

    def present(self, group: str) -> list[str]:
        """The labels of a group that have weight anywhere in the batch."""
        known = self._present.get(group)
        if known is None:
            there = self._there[GROUP_SLICES[group]]
            known = [label for label, seen in zip(LABELS[group], there, strict=True) if seen]
            self._present[group] = known
        return known

    def weight(self, *group_and_labels: str) -> Tensor:
        """The weight of a class, or the sum of several of a group, [batch, 1, 1, 1]."""
        known = self._sums.get(group_and_labels)
        if known is None:
            group, *labels = group_and_labels
            columns = [self.values[:, COLUMNS[group, label]] for label in labels]
            known = self._sums[group_and_labels] = sum(columns[1:], columns[0]).view(-1, 1, 1, 1)
        return known


@kept_while_painting
def decoded_classes(values: Tensor) -> ClassWeights:
    """The weights of classes, [batch, NUM_CLASSES], to be asked."""
    return ClassWeights(values)


@lru_cache(maxsize=RECENT)
def painted_classes(logits: bytes, device: torch.device) -> ClassWeights:
    """The weights of one scene that is painted without gradients: float32 logits of all classes, as bytes."""
    values = torch.from_numpy(np.frombuffer(logits, np.float32).copy())
    return decoded_classes(class_weights(values[None].to(device)))
