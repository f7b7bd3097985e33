"""Synthetic music: a kick on every beat, a chord on every bar, a hi-hat between."""

from __future__ import annotations

import numpy as np

from installation.speech.interfaces import SAMPLE_RATE, Samples

CHORDS = ((0, 4, 7), (9, 0, 4), (5, 9, 0), (7, 11, 2))  # pitch classes of C, A minor, F, G
NOTE_A = 440.0


def music(bpm: float, seconds: float, hats: bool = False) -> Samples:
    """Four chords, a bar of four beats each, again and again."""
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    mixed = np.zeros(len(t))
    beat = 60.0 / bpm
    random = np.random.default_rng(1)
    for number, at in enumerate(beat_times(bpm, seconds)):
        _add(mixed, at, _kick())
        if hats:
            _add(mixed, at + beat / 2, 0.05 * random.normal(size=800) * np.exp(-np.arange(800) / 150))
        if number % 4 == 0:
            _add(mixed, at, _chord(CHORDS[number // 4 % len(CHORDS)], 4 * beat))
    return np.asarray(np.clip(mixed, -1.0, 1.0) * 20_000, np.int16)


def beat_times(bpm: float, seconds: float) -> list[float]:
    return [0.5 + number * 60.0 / bpm for number in range(int((seconds - 0.5) * bpm / 60.0))]


def _kick() -> np.ndarray:
    t = np.arange(round(0.12 * SAMPLE_RATE)) / SAMPLE_RATE
    return np.asarray(0.6 * np.sin(2 * np.pi * 60.0 * t) * np.exp(-t / 0.03))


def _chord(pitches: tuple[int, ...], seconds: float) -> np.ndarray:
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    notes = (NOTE_A * 2.0 ** ((pitch - 9) / 12.0) for pitch in pitches)
    tones = sum(np.sin(2 * np.pi * note * t) + 0.3 * np.sin(4 * np.pi * note * t) for note in notes)
    return np.asarray(0.08 * tones * np.minimum(1.0, (seconds - t) / 0.02))


def _add(mixed: np.ndarray, at: float, sound: np.ndarray) -> None:
    start = round(at * SAMPLE_RATE)
    piece = mixed[start : start + len(sound)]
    piece += sound[: len(piece)]
