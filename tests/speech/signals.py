"""Test signals."""

from __future__ import annotations

import numpy as np

from installation.speech.interfaces import Samples


def tone(hertz: float, rate: int, seconds: float = 1.0, amplitude: float = 10_000.0) -> Samples:
    return np.asarray(amplitude * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate), np.int16)


def in_blocks(samples: Samples, seed: int = 0) -> list[Samples]:
    """Divide samples into blocks of random lengths up to 700."""
    ends = np.cumsum(np.random.default_rng(seed).integers(1, 700, size=len(samples)))
    return np.split(samples, ends[ends < len(samples)])
