"""The continuous part of a dream: z climbs towards the words by gradient, a step at a time, for thousands of steps."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from installation.dream.cutouts import cutouts
from installation.dream.guidance import Aim, latent_prior, smooth_entropy
from installation.models.base import Generator, Latents, Perceptor, slices

RATE = 0.05  # Adam's, on z; Big Sleep takes .07 and collapses after some 500 steps, its users .03
CLASS_RATE = 0.1  # on class logits, the workshop's
SLOWER = 40.0  # steps after which the rate has fallen to 1/sqrt(2); it goes on falling as 1/sqrt(steps)
LIFE = 0.12  # of the rate that stays for ever, so that a picture never dies
PRIOR = 0.02  # weight of the latent prior at the usual strength
ENTROPY = 0.01  # of the class regulariser; the workshop's 1e-4, for classes of a thousand
BOUND = 2.0  # z within ±2 truncation
FAST, SLOW, SETTLING = 0.9, 0.98, 200.0  # decay of the average that is shown, at first and after `SETTLING` steps
LOOK_EVERY = 8  # steps between looks at what is shown
BACK = 0.3  # of the way to the best, when it has fallen too far


@dataclass(frozen=True)
class Pace:
    """How a climb moves: `rate` is a factor, `strength` 0..1 how far words may pull away from what is likely."""

    rate: float = 1.0
    strength: float = 0.7
    truncation: float = 0.8

    @property
    def prior(self) -> float:
        """Weight of the latent prior: PRIOR at the usual strength, nothing at 1, eleven times as much at 0."""
        return PRIOR * ((1.0 - self.strength) / 0.3) ** 2


class Climb:
    """z, and class logits where they are optimised, on their way."""

    def __init__(
        self,
        generator: Generator,
        perceptor: Perceptor,
        start: Latents[Tensor],
        size: int,
        optimise_classes: bool,
        seed: int,
        fallen: float,
    ) -> None:
        """`start` is a batch of one; `size`, in pixels, is for generators that are free in size: the side looked at.

        A rating that lies `fallen` under the best is led back.
        """
        self.z = start.z.clone().requires_grad_(True)
        self.logits = start.classes.clone().requires_grad_(optimise_classes)
        self.shown = start.z.clone()
        self.score = 0.0
        self._generator = generator
        self._perceptor = perceptor
        self._size = size if generator.resolution_free else None
        self._random = torch.Generator().manual_seed(seed)
        self._optimiser = torch.optim.Adam([{"params": [self.z]}], lr=RATE, betas=(0.9, 0.99))
        if optimise_classes:
            self._optimiser.add_param_group({"params": [self.logits], "lr": CLASS_RATE})
        self._fallen = fallen
        self._steps = 0
        self._best = (-math.inf, self.shown.clone())

    def restart(self, z: Tensor) -> None:
        """Climb from another z; what is shown approaches it."""
        with torch.no_grad():
            self.z.copy_(z)

    def rescale(self, factor: float, truncation: float) -> None:
        """The truncation has changed by a factor: the same place of a smaller or larger world."""
        with torch.no_grad():
            self.z.mul_(factor).clamp_(-BOUND * truncation, BOUND * truncation)
        self._best = (-math.inf, self.z.detach().clone())

    def approach(self) -> None:
        """What is shown comes nearer to where the climb is."""
        decay = SLOW + (FAST - SLOW) * math.exp(-self._steps / SETTLING)
        self.shown.lerp_(self.z.detach(), 1.0 - decay)

    def settle(self) -> None:
        """What is shown is where the climb is."""
        self.shown.copy_(self.z.detach())

    def step(self, aim: Aim, pace: Pace, views: int) -> None:
        """One step of Adam by `views` cutouts."""
        self._set_rate(pace.rate)
        picture = self._generator.render(Latents(self.z, self.logits), self._size)
        seen = self._perceptor.embed_image(cutouts(picture, views, self._perceptor.input_size, self._random))
        loss = aim.loss(seen) + pace.prior * latent_prior(self.z, pace.truncation)
        if self.logits.requires_grad:
            for where in slices(self._generator.groups):
                loss = loss + ENTROPY * smooth_entropy(self.logits[:, where].softmax(dim=1))
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()
        with torch.no_grad():
            self.z.clamp_(-BOUND * pace.truncation, BOUND * pace.truncation)
        self.approach()
        if self._steps % LOOK_EVERY == 0:
            self._look(aim)
        self._steps += 1

    def _set_rate(self, factor: float) -> None:
        share = max(LIFE, 1.0 / math.sqrt(1.0 + self._steps / SLOWER))
        for group, rate in zip(self._optimiser.param_groups, (RATE, CLASS_RATE), strict=False):
            group["lr"] = rate * factor * share

    def _look(self, aim: Aim) -> None:
        """Score what is shown; keep the best, and lead a climb that has fallen back towards it."""
        with torch.no_grad():
            picture = self._generator.render(Latents(self.shown, self.logits), self._perceptor.input_size)
            seen = self._perceptor.embed_image(picture)
            score, rating = float(aim.score(seen)), float(aim.rating(seen))
            self.score = score if self._steps == 0 else 0.5 * (self.score + score)
            best, where = self._best
            if rating > best:
                self._best = (rating, self.shown.clone())
            elif rating < best - self._fallen:
                self.z.lerp_(where, BACK)
