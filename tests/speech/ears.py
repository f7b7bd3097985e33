"""Recognisers for tests of the listener: what they say depends on what they are given alone."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from installation.speech.interfaces import RecognizedText, Samples

NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


@dataclass
class Counter:
    """A Recognizer that names the tone in a segment's loudest part; each decode takes `seconds`."""

    seconds: float = 0.0
    name: str = "counter"
    decoded: int = 0

    def warm(self) -> None:
        """There is nothing to load."""

    def decode(self, samples: Samples) -> RecognizedText:
        """The length of the loud part, in quarters of a second, as words."""
        time.sleep(self.seconds)
        self.decoded += 1
        loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 1000)
        quarters = round((loud[-1] - loud[0]) / 4000) if len(loud) else 0
        return RecognizedText(f"heard number {NUMBERS[min(quarters, 11)]}", seconds=self.seconds)


@dataclass
class Late(Counter):
    """A Counter that is loaded when somebody has made the file."""

    loaded: Path = Path()

    def warm(self) -> None:
        """Waits for it."""
        while not self.loaded.exists():
            time.sleep(0.01)


@dataclass
class Broken:
    """A Recognizer whose library fails in the middle of a show."""

    name: str = "broken"

    def warm(self) -> None:
        """Loads well."""

    def decode(self, samples: Samples) -> RecognizedText:
        """Fails."""
        raise RuntimeError(f"cannot decode {len(samples)} samples")
