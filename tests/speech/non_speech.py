"""Sounds without speech, synthesised from seeds: float waves, mono, 16 kHz."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from installation.speech.interfaces import SAMPLE_RATE, Samples

Wave = NDArray[np.float64]

LEVELS = (0.003, 0.03, 0.3)  # of full scale: faint, clear, loud


def silence(seconds: float, seed: int) -> Wave:
    """Digital silence."""
    del seed
    return np.zeros(round(seconds * SAMPLE_RATE))


def noise(seconds: float, seed: int) -> Wave:
    """White noise, as of rain or a fan."""
    return np.random.default_rng(seed).normal(size=round(seconds * SAMPLE_RATE)) / 3


def hum(seconds: float, seed: int) -> Wave:
    """Mains hum: 50 Hz and its harmonics."""
    phases = np.random.default_rng(seed).uniform(0, 2 * np.pi, size=8)
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return sum((np.sin(2 * np.pi * 50 * k * t + phases[k - 1]) / k for k in range(1, 9)), np.zeros(len(t))) / 2


def drums(seconds: float, seed: int) -> Wave:
    """A bass drum and a snare at 120 beats a minute."""
    hit = np.arange(SAMPLE_RATE // 4) / SAMPLE_RATE
    bass = np.sin(2 * np.pi * (60 * hit + 8 * (1 - np.exp(-30 * hit)))) * np.exp(-18 * hit)
    snare = np.random.default_rng(seed).normal(size=len(hit)) / 3 * np.exp(-25 * hit)
    return _repeated(np.concatenate([bass, snare]), seconds)


def chords(seconds: float, seed: int) -> Wave:
    """Four sustained organ chords, one a second."""
    notes = [(220, 277, 330), (196, 247, 294), (175, 220, 262), (165, 208, 247)]
    t = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    swell = np.minimum(1.0, np.minimum(t, 1 - t) / 0.05)
    start = seed % len(notes)
    return _repeated(np.concatenate([_chord(c, t) * swell for c in notes[start:] + notes[:start]]), seconds)


def claps(seconds: float, seed: int) -> Wave:
    """Uneven clapping, about three claps a second."""
    generator = np.random.default_rng(seed)
    sound = silence(seconds, seed)
    hit = np.exp(-np.arange(SAMPLE_RATE // 20) / (0.006 * SAMPLE_RATE))
    for start in generator.integers(0, max(1, len(sound) - len(hit)), size=max(1, round(3 * seconds))):
        sound[start : start + len(hit)] += generator.normal(size=len(hit)) / 3 * hit
    return sound


def applause(seconds: float, seed: int) -> Wave:
    """The applause of a small hall: thirty people, each clapping three or four times a second."""
    return (
        sum((claps(seconds, 1000 * seed + person) for person in range(30)), np.zeros(round(seconds * SAMPLE_RATE))) / 8
    )


def breathing(seconds: float, seed: int) -> Wave:
    """Somebody who breathes into a microphone, fifteen times a minute: noise below 2 kHz, in and out."""
    count = round(seconds * SAMPLE_RATE)
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=count))
    spectrum[np.fft.rfftfreq(count, 1 / SAMPLE_RATE) > 2000] = 0
    t = np.arange(count) / SAMPLE_RATE
    envelope = np.maximum(np.sin(2 * np.pi * t / 2), 0) ** 2 * np.where(t % 4 < 2, 1.0, 0.6)
    return np.asarray(np.fft.irfft(spectrum, count) * envelope)


NON_SPEECH: dict[str, Callable[[float, int], Wave]] = {
    "silence": silence,
    "noise": noise,
    "hum": hum,
    "drums": drums,
    "chords": chords,
    "claps": claps,
}


def to_samples(wave: Wave, level: float) -> Samples:
    """Convert a wave to samples at a level of full scale, 0..1."""
    return np.clip(wave * level * 32767 * 2, -32768, 32767).astype(np.int16)


def _chord(hertz: tuple[int, ...], t: Wave) -> Wave:
    return sum((np.sin(2 * np.pi * f * k * t) / k for f in hertz for k in (1, 2, 3)), np.zeros(len(t))) / 6


def _repeated(pattern: Wave, seconds: float) -> Wave:
    count = round(seconds * SAMPLE_RATE)
    return np.tile(pattern, -(-count // len(pattern)))[:count]
