"""Recognisers for tests. What they return depends only on the audio, and they can be sent to a worker process."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from installation.speech.interfaces import SAMPLE_RATE, RecognizedText, Recognizer, Samples

NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
LOUD = 1000  # absolute sample value of speech


@dataclass
class DurationRecognizer(Recognizer):
    """Names the duration of the speech in quarters of a second; each decoding takes `seconds`."""

    seconds: float = 0.0
    name: str = "duration"
    decodings: int = 0

    def decode(self, samples: Samples) -> RecognizedText:
        time.sleep(self.seconds)
        self.decodings += 1
        loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > LOUD)
        quarters = round((loud[-1] - loud[0]) / (SAMPLE_RATE // 4)) if len(loud) else 0
        return RecognizedText(f"heard number {NUMBERS[min(quarters, 11)]}", decode_seconds=self.seconds)


@dataclass
class BlockedRecognizer(DurationRecognizer):
    """A DurationRecognizer whose model is loaded once `ready` exists."""

    ready: Path = Path()

    def load(self, predecessor: Recognizer | None = None) -> None:
        while not self.ready.exists():
            time.sleep(0.01)
        super().load(predecessor)


@dataclass
class FailingRecognizer(Recognizer):
    """Loads, but fails at the first decoding, as a library with a bug would."""

    name: str = "failing"

    def decode(self, samples: Samples) -> RecognizedText:
        raise RuntimeError(f"cannot decode {len(samples)} samples")
