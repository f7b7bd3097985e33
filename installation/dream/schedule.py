"""How fast a climb moves, and how that changes over its thousands of steps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

RATE = 0.05  # Adam's, on z; Big Sleep takes .07 and collapses after some 500 steps, its users .03
CLASS_RATE = 0.1  # on class logits, the workshop's
SLOWER = 40.0  # steps after which the rate has fallen to 1/sqrt(2); it goes on falling as 1/sqrt(steps)
LIFE = 0.12  # of the rate that stays for ever, so that a picture never dies
PRIOR = 0.02  # weight of the latent prior at the usual strength
FAST, SLOW, SETTLING = 0.9, 0.98, 200.0  # decay of the average that is shown, at first and after `SETTLING` steps


class StepScalars(NamedTuple):
    """What one step reads besides tensors: Adam's rates, the weight of the prior, the truncation, a decay."""

    rate: float
    class_rate: float
    prior: float
    truncation: float
    decay: float


@dataclass(frozen=True)
class Schedule:
    """How a climb moves: `rate` is a factor, `strength` 0..1 how far words may pull away from what is likely."""

    rate: float = 1.0
    strength: float = 0.7
    truncation: float = 0.8

    @property
    def prior(self) -> float:
        """Weight of the latent prior: PRIOR at the usual strength, nothing at 1, eleven times as much at 0."""
        return PRIOR * ((1.0 - self.strength) / 0.3) ** 2

    def numbers(self, steps: int) -> StepScalars:
        """Those of the step after so many."""
        share = self.rate * max(LIFE, 1.0 / math.sqrt(1.0 + steps / SLOWER))
        return StepScalars(RATE * share, CLASS_RATE * share, self.prior, self.truncation, decay(steps))


def decay(steps: int) -> float:
    """Of the moving average that is shown, a step: quick at first."""
    return SLOW + (FAST - SLOW) * math.exp(-steps / SETTLING)
