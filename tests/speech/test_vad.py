"""Voice activity: what it says of a voice, and what it costs."""

from __future__ import annotations

import os

import numpy as np
import psutil
import pytest

from installation.speech.interfaces import FRAME, Samples
from installation.speech.vad import VoiceActivityDetector
from tests.speech.spoken import spoken


def probabilities(voice: VoiceActivityDetector, samples: Samples) -> list[float]:
    return [voice.probability(frame) for frame in samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)]


def test_a_voice_is_likely_and_silence_is_not() -> None:
    voice = VoiceActivityDetector()
    assert max(probabilities(voice, np.zeros(8000, np.int16))) < 0.1
    assert np.mean(probabilities(voice, spoken("a red sun over the sea", "rms"))) > 0.7


def test_after_a_reset_it_says_what_a_new_one_says() -> None:
    line = spoken("a red sun over the sea", "rms")
    voice = VoiceActivityDetector()
    first = probabilities(voice, line)
    voice.reset()
    assert probabilities(voice, line) == first


def test_a_frame_of_another_length_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="512 samples, not 320"):
        VoiceActivityDetector().probability(np.zeros(320, np.int16))


def test_it_starts_no_threads_and_leaves_those_of_others_alone() -> None:
    voice = VoiceActivityDetector()
    before = psutil.Process().num_threads()
    probabilities(voice, np.zeros(20 * FRAME, np.int16))
    assert psutil.Process().num_threads() <= before
    assert "OMP_THREAD_LIMIT" not in os.environ
