"""What a dream wants, as small functions of unit embeddings and latents: closeness to words, and staying likely."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


def cosine(a: Tensor, b: Tensor) -> Tensor:
    """Cosine of unit vectors. [n, d] and [k, d] -> [n, k], -1..1."""
    return a @ b.T


def spherical(a: Tensor, b: Tensor) -> Tensor:
    """Half the squared great-circle distance: 2 arcsin(|a - b| / 2)², of VQGAN+CLIP. [n, d], [k, d] -> [n, k].

    It pulls harder on what is far away than the cosine does, so that the weaker of two prompts is not forgotten.
    """
    half_chord = (0.5 - 0.5 * cosine(a, b)).clamp(min=1e-8, max=1.0).sqrt()
    return 2.0 * half_chord.clamp(max=1.0 - 1e-6).asin() ** 2


def latent_prior(z: Tensor, truncation: float | Tensor) -> Tensor:
    """How much longer z is than the generator's own noise at that truncation; 0 while it is no longer. -> scalar.

    The one-sided half of Big Sleep's latent loss: short latents make typical pictures and are welcome.
    """
    usual = 0.8 * truncation**2  # the variance of a normal distribution cut at two deviations is .77
    return (z.square().mean() - usual).clamp(min=0.0)


def smooth_entropy(weights: Tensor, smoothing: float = 0.1) -> Tensor:
    """|H(classes) - H(smoothed certainty)|, the class regulariser of the workshop notebooks. [batch, k] -> scalar.

    `smoothing` (0..1) is the share that a certain choice gives to all the other classes together.
    """
    count = weights.shape[1]
    entropy = -(weights * weights.clamp(min=1e-8).log()).sum(dim=1).mean()
    others = smoothing / max(count - 1, 1)
    certain = -(1.0 - smoothing) * math.log(1.0 - smoothing) - (count - 1) * others * math.log(max(others, 1e-8))
    return (entropy - certain).abs()


def few_classes(weights: Tensor) -> Tensor:
    """Mean of (50 weight)² over all but the largest, Big Sleep's class loss. [batch, k] -> scalar"""
    rest = weights.square().sum(dim=1) - weights.amax(dim=1).square()
    return 2500.0 * rest.mean() / max(weights.shape[1] - 1, 1)


@dataclass(frozen=True)
class PromptTarget:
    """Where a dream goes: embedded texts with their weights, and how near the average picture is to each anyway.

    `texts` [k, d] unit rows; `weights` [k], negative ones push away (Big Sleep's `text_min`); `floors` [k], cosines.
    Pushing goes no further than to the average picture: beyond it there is nothing to be seen that was not wanted.
    """

    texts: Tensor
    weights: Tensor
    floors: Tensor

    def padded(self, step: int) -> PromptTarget:
        """The same with texts without weight added, up to a multiple of `step`; a copy."""
        missing = -len(self.weights) % step or step * (len(self.weights) == 0)
        return PromptTarget(
            F.pad(self.texts, (0, 0, 0, missing)), F.pad(self.weights, (0, missing)), F.pad(self.floors, (0, missing))
        )

    def take(self, other: PromptTarget) -> bool:
        """Become `other` where it is, in the same tensors. False if its shape is not the same."""
        if other.texts.shape != self.texts.shape:
            return False
        self.texts.copy_(other.texts)
        self.weights.copy_(other.weights)
        self.floors.copy_(other.floors)
        return True

    def score(self, embeddings: Tensor) -> Tensor:
        """Mean cosine of each picture and the wanted words, by weight. [n, d] -> [n]; 0 without wanted words."""
        wanted = self.weights.clamp(min=0.0)
        return cosine(embeddings, self.texts) @ wanted / self._total

    def rating(self, embeddings: Tensor) -> Tensor:
        """The score less what is unwanted: what is compared between pictures. [n, d] -> [n]"""
        return self.score(embeddings) - self._unwanted(embeddings)

    def loss(self, embeddings: Tensor) -> Tensor:
        """What a step lowers: spherical distance to the wanted, and nearness to the unwanted. -> scalar"""
        wanted = self.weights.clamp(min=0.0)
        far = spherical(embeddings, self.texts) @ wanted / self._total
        return (far + self._unwanted(embeddings)).mean()

    def _unwanted(self, embeddings: Tensor) -> Tensor:
        near = (cosine(embeddings, self.texts) - self.floors).clamp(min=0.0)
        return near @ self.weights.clamp(max=0.0).neg() / self._total

    @property
    def _total(self) -> Tensor:
        wanted = self.weights.clamp(min=0.0).sum()
        return torch.where(wanted > 0.0, wanted, self.weights.abs().sum()).clamp(min=1e-6)
