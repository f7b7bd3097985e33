"""Scores the shown latents from time to time, remembers the best, and pulls z back towards them after a drop."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from installation.dream.prompt_target import PromptTarget

PULL = 0.3  # share of the way from z to the best latents that is taken back after a drop
SCORE_SMOOTHING = 0.5  # weight of a new score in the smoothed score


class BestTracker:
    """Keeps the best-rated latents of a dream.

    All decisions are taken on the device with `torch.where`: the host never waits for one, and a CUDA graph can replay
    them.

    Attributes:
        score: The smoothed score of the shown latents, a scalar on the device.
    """

    def __init__(self, shown: Tensor, max_drop: float) -> None:
        """Start with no best.

        Args:
            shown: Gives shape and device of z.
            max_drop: z is pulled back once the rating is this much below the best one.
        """
        self.score = shown.new_zeros(())
        self._max_drop = max_drop
        self._best = shown.clone()
        self._best_rating = shown.new_full((), -math.inf)
        self._new_weight = shown.new_ones(())  # of the next score in the smoothed score; 1 for the first one

    def reset(self, z: Tensor, score: float) -> None:
        """Start over from `z`, whose score is known."""
        self.score.fill_(score)
        self._new_weight.fill_(1.0)
        self.forget_best(z)

    def forget_best(self, z: Tensor) -> None:
        """Drop the best latents, because ratings before and after are not comparable."""
        self._best.copy_(z)
        self._best_rating.fill_(-math.inf)

    def update(self, embedding: Tensor, target: PromptTarget, z: Tensor, shown: Tensor) -> None:
        """Rate the shown latents and, after a drop, move `z` towards the best ones in place.

        Args:
            embedding: [1, d], of the picture of `shown`.
            target: What the picture is rated against.
            z: The latents being optimised.
            shown: Their moving average.
        """
        score, rating = target.score(embedding)[0], target.rating(embedding)[0]
        self.score.lerp_(score, self._new_weight)
        self._new_weight.fill_(SCORE_SMOOTHING)
        improved, dropped = rating > self._best_rating, rating < self._best_rating - self._max_drop
        z.copy_(torch.where(dropped, z.lerp(self._best, PULL), z))
        self._best.copy_(torch.where(improved, shown, self._best))
        self._best_rating.copy_(torch.where(improved, rating, self._best_rating))
