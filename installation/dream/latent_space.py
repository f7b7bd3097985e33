"""What z of a generator may be: where a dream starts, how it is bounded, and what makes it typical.

Most generators take noise of a normal distribution, bounded by the truncation. z of `FreeLatents` describe a picture.
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
from torch import Tensor

from installation.dream.losses import latent_prior
from installation.dream.schedule import DEFAULT_TRUNCATION
from installation.models.capabilities import FreeLatents
from installation.models.interfaces import Floats, Generator
from installation.models.latent_sampling import BOUND

START_ANGLE = 0.5  # radians by which z is turned away from its bank entry
START_WIDTH = 0.5  # of a drift at full width, by which z that describe a picture are moved away from theirs


class LatentSpace(Protocol):
    """The rules for z of one generator.

    Attributes:
        rate: The optimiser's learning rate, relative to that for normal noise.
        aspect: Width to height of the pictures to optimise.
    """

    rate: float
    aspect: float

    def start(self, z: Floats, truncation: float) -> Floats:
        """Return z of a bank entry at a truncation."""
        ...

    def varied(self, z: Floats, truncation: float, seed: int) -> Floats:
        """Return a start moved away from its bank entry, so that dreams of one entry differ."""
        ...

    def rescaled(self, z: Tensor, factor: float, truncation: float) -> Tensor:
        """Return z at its relative place after a change of the truncation by `factor`."""
        ...

    def bounded(self, z: Tensor, truncation: Tensor) -> Tensor:
        """Return the nearest z that the generator takes."""
        ...

    def prior(self, z: Tensor, truncation: Tensor) -> Tensor:
        """Return how untypical z are: a differentiable scalar of 0 or more."""
        ...


class NoiseSpace:
    """Noise of a normal distribution, bounded by ±2·truncation."""

    rate = 1.0
    aspect = 1.0

    def start(self, z: Floats, truncation: float) -> Floats:
        """See `LatentSpace.start`."""
        bound = BOUND * truncation
        return (z * (truncation / DEFAULT_TRUNCATION)).clip(-bound, bound)

    def varied(self, z: Floats, truncation: float, seed: int) -> Floats:
        """See `LatentSpace.varied`: z is turned by `START_ANGLE` towards noise."""
        noise = np.random.default_rng(seed).standard_normal(z.shape).astype(np.float32)
        turned: Floats = math.cos(START_ANGLE) * z + math.sin(START_ANGLE) * truncation * noise
        return turned.clip(-BOUND * truncation, BOUND * truncation)

    def rescaled(self, z: Tensor, factor: float, truncation: float) -> Tensor:
        """See `LatentSpace.rescaled`."""
        return (z * factor).clamp(-BOUND * truncation, BOUND * truncation)

    def bounded(self, z: Tensor, truncation: Tensor) -> Tensor:
        """See `LatentSpace.bounded`."""
        bound = BOUND * truncation
        return z.clamp(-bound, bound)

    def prior(self, z: Tensor, truncation: Tensor) -> Tensor:
        """See `LatentSpace.prior`."""
        return latent_prior(z, truncation)


class PictureSpace:
    """z that describe a picture; the generator has the rules, and truncation means nothing."""

    def __init__(self, generator: FreeLatents) -> None:
        self.rate = generator.z_rate
        self.aspect = generator.aspect
        self._generator = generator

    def start(self, z: Floats, truncation: float) -> Floats:
        """See `LatentSpace.start`."""
        del truncation
        return z

    def varied(self, z: Floats, truncation: float, seed: int) -> Floats:
        """See `LatentSpace.varied`."""
        del truncation
        return z + np.float32(START_WIDTH) * self._generator.drift_directions(1, seed)

    def rescaled(self, z: Tensor, factor: float, truncation: float) -> Tensor:
        """See `LatentSpace.rescaled`."""
        del factor, truncation
        return z

    def bounded(self, z: Tensor, truncation: Tensor) -> Tensor:
        """See `LatentSpace.bounded`."""
        del truncation
        return self._generator.bounded(z)

    def prior(self, z: Tensor, truncation: Tensor) -> Tensor:
        """See `LatentSpace.prior`."""
        del truncation
        return self._generator.prior(z)


def latent_space(generator: Generator) -> LatentSpace:
    """Return the rules for z of a generator."""
    return PictureSpace(generator) if isinstance(generator, FreeLatents) else NoiseSpace()
