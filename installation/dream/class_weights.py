"""How the class parameters that an optimiser moves become class weights: softmax, sigmoid, or differentiable top-k."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from installation.dream.losses import few_classes, smooth_entropy
from installation.models.interfaces import ABSENT, Group, slices

Mode = Literal["softmax", "sigmoid", "top"]
MAX_WEIGHT = 1.0 - 1e-4  # a weight of 1 has no finite sigmoid parameter


@dataclass(frozen=True)
class ClassWeighting:
    """A parametrisation of class weights.

    Attributes:
        mode: "softmax" (each group sums to 1), or Big Sleep's "sigmoid" (independent weights) or "top" (few at a time).
        max_classes: How many classes of a group "top" keeps.
        temperature: Of the softmax in "top"; higher values make the kept weights more alike.
    """

    mode: Mode = "softmax"
    max_classes: int = 3
    temperature: float = 2.0

    def to_logits(self, parameters: Tensor, groups: Sequence[Group]) -> Tensor:
        """Return the generator's logits (logarithms of weights), differentiable. [batch, classes] -> the same."""
        if self.mode == "softmax":
            return parameters
        if self.mode == "sigmoid":
            return F.logsigmoid(parameters)
        weights = [top_weights(parameters[:, group], self.max_classes, self.temperature) for group in slices(groups)]
        return torch.cat(weights, dim=1).clamp(min=float(torch.tensor(ABSENT).exp())).log()

    def from_logits(self, logits: Tensor) -> Tensor:
        """Return parameters whose logits are `logits`. [batch, classes] -> the same."""
        if self.mode == "softmax":
            return logits
        if self.mode == "sigmoid":
            return logits.exp().clamp(max=MAX_WEIGHT).logit()
        return self.temperature * logits

    def regulariser(self, logits: Tensor, groups: Sequence[Group]) -> Tensor:
        """Return the loss term that keeps the number of active classes small. [batch, classes] -> scalar."""
        total = logits.new_zeros(())
        for group in slices(groups):
            part = logits[:, group]
            term = smooth_entropy(part.softmax(dim=1)) if self.mode == "softmax" else few_classes(part.exp())
            total = total + term
        return total


def top_weights(parameters: Tensor, count: int, temperature: float) -> Tensor:
    """Return weights of the `count` largest parameters and 0 for all others. [batch, k] -> the same.

    Big Sleep's differentiable top-k: a softmax gives the largest its weight, a softmax over the rest the second, and
    so on.
    """
    remaining = parameters / temperature
    weights = torch.zeros_like(remaining)
    for _ in range(min(count, parameters.shape[1])):
        weight, index = remaining.softmax(dim=1).max(dim=1, keepdim=True)  # [batch, 1] each
        weights = weights.scatter(1, index, weight)
        remaining = remaining.scatter(1, index, -torch.inf)
    return weights
