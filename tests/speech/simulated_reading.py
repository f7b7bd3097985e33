"""A synthesised reading of a poem with lines skipped and repeated, coughs, and talk in between."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from installation.speech.interfaces import SAMPLE_RATE, Samples
from tests.speech.flite import synthesize
from tests.speech.recordings import silence

SKIPPED = (8, 19, 27)
REPEATED = (5, 22, 36)
COUGHS = (14, 33)  # after these lines
ASIDES = {
    11: "Thank you my friends, there is a chair for everybody over there.",
    30: "Excuse me, could somebody please shut that window, it is cold in here.",
}
READERS = ("rms", "slt")  # flite voices, in turn
PAUSE_SECONDS = (0.15, 0.5, 0.7, 0.7, 0.9, 1.3)  # between lines; the first is too short to end an utterance
AUDIBLE = 500  # absolute sample value at the onset of a voice


@dataclass(frozen=True)
class SimulatedReading:
    """The audio of a reading, and the second at which each line that is read begins."""

    samples: Samples
    begins: dict[int, float]

    @property
    def seconds(self) -> float:
        """The duration."""
        return len(self.samples) / SAMPLE_RATE

    def delays(self, reported: Sequence[tuple[int, float]]) -> list[float]:
        """Return the seconds from the beginning of each line to its report; `reported` holds lines and seconds."""
        return [at - self.begins[line] for line, at in reported if line in self.begins]


def simulated_reading(lines: Sequence[str], seed: int = 3) -> SimulatedReading:
    """Read the lines with two voices in turn; the seed determines the pauses and the room noise."""
    generator = random.Random(seed)
    pieces, begins = [silence(1.0)], dict[int, float]()
    for number, line in enumerate(lines):
        if number in SKIPPED:
            continue
        reader = READERS[number % 2]
        voice = synthesize(line, reader)
        begins[number] = (sum(map(len, pieces)) + onset(voice)) / SAMPLE_RATE
        pieces += [voice, silence(generator.choice(PAUSE_SECONDS))]
        if number in REPEATED:
            pieces += [voice, silence(0.7)]
        if number in COUGHS:
            pieces += [cough(number), silence(0.6)]
        if number in ASIDES:
            pieces += [synthesize(ASIDES[number], reader), silence(0.8)]
    samples = np.concatenate([*pieces, silence(1.0)])
    noise = np.random.default_rng(seed).normal(size=len(samples)) * 3
    return SimulatedReading(np.clip(samples + noise, -32768, 32767).astype(np.int16), begins)


def onset(voice: Samples) -> int:
    """Return the first audible sample."""
    return int(np.flatnonzero(np.abs(voice.astype(np.int32)) > AUDIBLE)[0])


def cough(seed: int) -> Samples:
    """Two bursts of noise."""
    t = np.arange(round(0.25 * SAMPLE_RATE)) / SAMPLE_RATE
    burst = np.random.default_rng(seed).normal(size=len(t)) * np.exp(-12 * t) * 8000
    return np.concatenate([burst, 0.6 * burst]).clip(-32768, 32767).astype(np.int16)
