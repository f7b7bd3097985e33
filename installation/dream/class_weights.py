"""How the numbers that an optimiser moves become weights of classes: softmax, Big Sleep's sigmoid, or its top few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from installation.dream.losses import few_classes, smooth_entropy
from installation.models.interfaces import ABSENT, Group, slices

How = Literal["softmax", "sigmoid", "top"]
MOST = 1.0 - 1e-4  # a weight of 1 has no finite logit


@dataclass(frozen=True)
class ClassWeighting:
    """`most` classes at a time and `temperature` are the top few's. Only softmax shares out a weight of 1."""

    how: How = "softmax"
    most: int = 3
    temperature: float = 2.0

    def logits(self, numbers: Tensor, groups: Sequence[Group]) -> Tensor:
        """What a generator takes: logarithms of weights, differentiable. [batch, classes] -> the same."""
        if self.how == "softmax":
            return numbers
        if self.how == "sigmoid":
            return F.logsigmoid(numbers)
        tops = [top_weights(numbers[:, where], self.most, self.temperature) for where in slices(groups)]
        return torch.cat(tops, dim=1).clamp(min=float(torch.tensor(ABSENT).exp())).log()

    def numbers(self, logits: Tensor) -> Tensor:
        """Where an optimiser begins, so that these logits come out again."""
        if self.how == "softmax":
            return logits
        if self.how == "sigmoid":
            return logits.exp().clamp(max=MOST).logit()
        return self.temperature * logits

    def unlikeliness(self, logits: Tensor, groups: Sequence[Group]) -> Tensor:
        """What keeps classes few, of logits as a generator takes them. -> scalar"""
        total = logits.new_zeros(())
        for where in slices(groups):
            part = logits[:, where]
            total = total + (smooth_entropy(part.softmax(dim=1)) if self.how == "softmax" else few_classes(part.exp()))
        return total


def top_weights(numbers: Tensor, most: int, temperature: float) -> Tensor:
    """The `most` largest, each by its share among those that are not larger; nothing for the others. [batch, k]

    Big Sleep's differentiable top-k: the first softmax gives the first its weight, a softmax without it the second.
    """
    left = numbers / temperature
    weights = torch.zeros_like(left)
    for _ in range(min(most, numbers.shape[1])):
        share, index = left.softmax(dim=1).max(dim=1, keepdim=True)
        weights = weights.scatter(1, index, share)
        left = left.scatter(1, index, -torch.inf)
    return weights
