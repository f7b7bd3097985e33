"""Step sizes and weights of the optimisation, as functions of the live parameters and the step count."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from installation.core.messages import Value
from installation.core.params import PARAMS

if TYPE_CHECKING:  # so that a dream runs without the show file's library
    from installation.show.settings import DreamSettings

Z_RATE = 0.05  # Adam's learning rate for z; Big Sleep's 0.07 collapses after about 500 steps
CLASS_RATE = 0.1  # Adam's learning rate for class logits, from the CLIP+BigGAN workshop notebooks
RATE_DECAY_STEPS = 40.0  # steps until the rate is down to 1/sqrt(2) of its start; then it falls as 1/sqrt(step)
MIN_RATE = 0.12  # share of the initial learning rate that always remains, so that the picture keeps moving
PRIOR_WEIGHT = 0.02  # weight of the latent prior at the default strength
EARLY_DECAY, LATE_DECAY = 0.9, 0.98  # of the moving average that is shown: at step 0 and in the long run
DECAY_STEPS = 200.0  # time constant of the change from one decay to the other

DEFAULT_TRUNCATION = float(PARAMS["latent/truncation"].default)
LEAST_TRUNCATION = 0.05


class StepScalars(NamedTuple):
    """The scalars that one step reads: Adam's rates, prior weight, truncation, decay of the moving average."""

    rate: float
    class_rate: float
    prior: float
    truncation: float
    decay: float


@dataclass(frozen=True)
class Schedule:
    """How fast and how freely a dream moves.

    Attributes:
        rate: Factor on both learning rates, 0 or more.
        strength: 0..1, how far the prompt may pull z away from the generator's own distribution.
        truncation: Above 0 and up to 1; bounds z (see `latent_optimizer.z_bound`).
        z_rate: Learning rate of z at rate 1.
        class_rate: Learning rate of optimised classes at rate 1.
        average: Decay of the moving average that is shown; None: it rises (see `average_decay`).
    """

    rate: float = 1.0
    strength: float = 0.7
    truncation: float = DEFAULT_TRUNCATION
    z_rate: float = Z_RATE
    class_rate: float = CLASS_RATE
    average: float | None = None

    @classmethod
    def from_params(cls, params: Mapping[str, Value], settings: DreamSettings | None = None) -> Schedule:
        """Return the schedule that settings and live parameters ask for; missing ones have their defaults."""

        def value(name: str) -> float:
            return float(params.get(name, PARAMS[name].default))

        truncation = max(value("latent/truncation"), LEAST_TRUNCATION)
        schedule = cls(2.0 * value("dream/rate"), value("dream/strength"), truncation)
        if settings is None:
            return schedule
        rates = settings.learning_rate, settings.class_learning_rate
        return replace(schedule, z_rate=rates[0], class_rate=rates[1], average=settings.average)

    @property
    def prior(self) -> float:
        """Weight of the latent prior: 0 at strength 1, `PRIOR_WEIGHT` at 0.7, eleven times as much at 0."""
        return PRIOR_WEIGHT * ((1.0 - self.strength) / 0.3) ** 2

    def at(self, step: int) -> StepScalars:
        """Return the scalars of step `step`, counted from 0."""
        factor = self.rate * max(MIN_RATE, 1.0 / math.sqrt(1.0 + step / RATE_DECAY_STEPS))
        rates = self.z_rate * factor, self.class_rate * factor
        return StepScalars(*rates, self.prior, self.truncation, self.decay(step))

    def decay(self, step: int) -> float:
        """Return the decay of the moving average at a step."""
        return average_decay(step) if self.average is None else self.average


def average_decay(step: int) -> float:
    """Return the decay of the moving average at a step; it follows z quickly at first, then smooths more."""
    return LATE_DECAY + (EARLY_DECAY - LATE_DECAY) * math.exp(-step / DECAY_STEPS)
