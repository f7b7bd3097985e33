"""A poem read aloud as it happens on a stage: lines left out and read again, a cough, talk in between; as sound."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from installation.speech.interfaces import RATE, Samples
from tests.speech.spoken import spoken

SKIPPED = (8, 19, 27)
REPEATED = (5, 22, 36)
COUGHS = (14, 33)  # after these lines
ASIDES = {
    11: "Thank you my friends, there is a chair for everybody over there.",
    30: "Excuse me, could somebody please shut that window, it is cold in here.",
}
VOICES = ("rms", "slt")
PAUSES = (0.15, 0.5, 0.7, 0.7, 0.9, 1.3)  # seconds between lines; in the first nobody hears an end
AUDIBLE = 500  # amplitude from which on a voice has begun


@dataclass(frozen=True)
class Reading:
    """What is heard, and at which second of it each line begins to be read, in order."""

    sound: Samples
    begins: dict[int, float]

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.sound) / RATE

    def delays(self, fired: Sequence[tuple[int, float]]) -> list[float]:
        """Seconds from the beginning of each fired line's voice; `fired` holds lines with seconds of the sound."""
        return [at - self.begins[line] for line, at in fired if line in self.begins]


def reading(lines: Sequence[str], seed: int = 3) -> Reading:
    """The lines read by two voices in turn. The seed decides on the pauses."""
    dice = random.Random(seed)
    pieces, begins = [pause(1.0)], dict[int, float]()
    for number, line in enumerate(lines):
        if number in SKIPPED:
            continue
        voice = spoken(line, VOICES[number % 2])
        begins[number] = (sum(map(len, pieces)) + onset(voice)) / RATE
        pieces += [voice, pause(dice.choice(PAUSES))]
        if number in REPEATED:
            pieces += [voice, pause(0.7)]
        if number in COUGHS:
            pieces += [cough(number), pause(0.6)]
        if number in ASIDES:
            pieces += [spoken(ASIDES[number], VOICES[number % 2]), pause(0.8)]
    sound = np.concatenate([*pieces, pause(1.0)])
    room = np.random.default_rng(seed).normal(size=len(sound)) * 3
    return Reading(np.clip(sound + room, -32768, 32767).astype(np.int16), begins)


def onset(voice: Samples) -> int:
    """The sample at which a voice begins to be heard."""
    return int(np.flatnonzero(np.abs(voice.astype(np.int32)) > AUDIBLE)[0])


def pause(seconds: float) -> Samples:
    """Nobody speaks."""
    return np.zeros(round(seconds * RATE), np.int16)


def cough(seed: int) -> Samples:
    """Two bursts of noise."""
    t = np.arange(round(0.25 * RATE)) / RATE
    burst = np.random.default_rng(seed).normal(size=len(t)) * np.exp(-12 * t) * 8000
    return np.concatenate([burst, 0.6 * burst]).clip(-32768, 32767).astype(np.int16)
