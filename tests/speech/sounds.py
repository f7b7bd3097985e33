"""What is heard in a room when nobody speaks: made from seeds, mono, 16 kHz."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from installation.speech.interfaces import RATE, Samples

Wave = NDArray[np.float64]

LEVELS = (0.003, 0.03, 0.3)  # of full scale: faint, clear, loud


def silence(seconds: float, seed: int) -> Wave:
    """Nothing but zeros."""
    del seed
    return np.zeros(round(seconds * RATE))


def noise(seconds: float, seed: int) -> Wave:
    """White: rain, applause, a ventilator."""
    return np.random.default_rng(seed).normal(size=round(seconds * RATE)) / 3


def hum(seconds: float, seed: int) -> Wave:
    """Mains at 50 Hz with its harmonics."""
    phases = np.random.default_rng(seed).uniform(0, 2 * np.pi, size=8)
    t = np.arange(round(seconds * RATE)) / RATE
    return sum((np.sin(2 * np.pi * 50 * k * t + phases[k - 1]) / k for k in range(1, 9)), np.zeros(len(t))) / 2


def drums(seconds: float, seed: int) -> Wave:
    """A bass drum on the beat and a snare of noise after it, 120 to the minute."""
    hit = np.arange(RATE // 4) / RATE
    bass = np.sin(2 * np.pi * (60 * hit + 8 * (1 - np.exp(-30 * hit)))) * np.exp(-18 * hit)
    snare = np.random.default_rng(seed).normal(size=len(hit)) / 3 * np.exp(-25 * hit)
    return _repeated(np.concatenate([bass, snare]), seconds)


def chords(seconds: float, seed: int) -> Wave:
    """Four sustained chords of an organ, one a second."""
    notes = [(220, 277, 330), (196, 247, 294), (175, 220, 262), (165, 208, 247)]
    t = np.arange(RATE) / RATE
    swell = np.minimum(1.0, np.minimum(t, 1 - t) / 0.05)
    start = seed % len(notes)
    return _repeated(np.concatenate([_chord(c, t) * swell for c in notes[start:] + notes[:start]]), seconds)


def claps(seconds: float, seed: int) -> Wave:
    """Hands, unevenly, a few a second."""
    generator = np.random.default_rng(seed)
    sound = silence(seconds, seed)
    hit = np.exp(-np.arange(RATE // 20) / (0.006 * RATE))
    for place in generator.integers(0, max(1, len(sound) - len(hit)), size=max(1, round(3 * seconds))):
        sound[place : place + len(hit)] += generator.normal(size=len(hit)) / 3 * hit
    return sound


NOBODY: dict[str, Callable[[float, int], Wave]] = {
    "silence": silence,
    "noise": noise,
    "hum": hum,
    "drums": drums,
    "chords": chords,
    "claps": claps,
}


def sampled(wave: Wave, level: float) -> Samples:
    """At a level of full scale 0..1, clipped there."""
    return np.clip(wave * level * 32767 * 2, -32768, 32767).astype(np.int16)


def _chord(hertz: tuple[int, ...], t: Wave) -> Wave:
    return sum((np.sin(2 * np.pi * f * k * t) / k for f in hertz for k in (1, 2, 3)), np.zeros(len(t))) / 6


def _repeated(bar: Wave, seconds: float) -> Wave:
    count = round(seconds * RATE)
    return np.tile(bar, -(-count // len(bar)))[:count]
