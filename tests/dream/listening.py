"""A listener that tells low sounds from high ones, and sounds for it."""

from __future__ import annotations

import threading
import wave
from pathlib import Path

import numpy as np

from installation.models.interfaces import Floats

RATE = 16_000
BELLS, SEA = 3000.0, 100.0  # Hz


class PitchListener:
    """High sounds are bells and some rain, low ones the sea; it listens once `allowed` is set."""

    sample_rate = RATE

    def __init__(self) -> None:
        self.allowed = threading.Event()
        self.allowed.set()
        self.heard = 0

    def names(self, samples: Floats) -> tuple[tuple[str, float], ...]:
        assert self.allowed.wait(10.0)
        self.heard += 1
        pitch = float((np.diff(np.signbit(samples)) != 0).sum()) * RATE / 2 / len(samples)
        high = (("a church", 0.6), ("rain", 0.2), ("a wolf", 0.1))
        low = (("the sea", 0.9), ("a ship", 0.05))
        return high if pitch > 1000.0 else low


def write_tone(path: Path, pitch: float, seconds: float = 0.5, rate: int = RATE) -> Path:
    """Write a sine wave; return its file."""
    samples = np.sin(2 * np.pi * pitch * np.arange(round(seconds * rate)) / rate)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((20_000 * samples).astype(np.int16).tobytes())
    return path
