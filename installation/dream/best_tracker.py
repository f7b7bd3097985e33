"""Looks at what a climb shows now and then: scores it, keeps the best, and leads a climb that has fallen back to it.

All decisions are taken on the device, so that nobody waits for them.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from installation.dream.losses import PromptTarget

BACK = 0.3  # of the way to the best, when it has fallen too far
FRESH = 0.5  # share of a new score in the one that is told


class BestTracker:
    """`score` is that of what is shown, smoothed; a scalar on the device, as the best rating is."""

    def __init__(self, shown: Tensor, fallen: float) -> None:
        """`shown` gives the shape of z; a rating that lies `fallen` under the best is led back."""
        self.score = shown.new_zeros(())
        self._fallen = fallen
        self._best = shown.clone()
        self._best_rating = shown.new_full((), -math.inf)
        self._share = shown.new_ones(())  # of the next score in the one that is told: all of the first

    def begin(self, z: Tensor, score: float) -> None:
        """Another climb, from z, of whose start the score is known."""
        self.score.fill_(score)
        self._share.fill_(1.0)
        self.forget(z)

    def forget(self, z: Tensor) -> None:
        """What was best is of another world."""
        self._best.copy_(z)
        self._best_rating.fill_(-math.inf)

    def look(self, seen: Tensor, aim: PromptTarget, z: Tensor, shown: Tensor) -> None:
        """`seen` [1, d] is the embedding of what `shown` gives; leads z where it has fallen."""
        score, rating = aim.score(seen)[0], aim.rating(seen)[0]
        self.score.lerp_(score, self._share)
        self._share.fill_(FRESH)
        better, fell = rating > self._best_rating, rating < self._best_rating - self._fallen
        z.copy_(torch.where(fell, z.lerp(self._best, BACK), z))
        self._best.copy_(torch.where(better, shown, self._best))
        self._best_rating.copy_(torch.where(better, rating, self._best_rating))
