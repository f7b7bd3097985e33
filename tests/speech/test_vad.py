"""Voice activity detection."""

from __future__ import annotations

import os

import numpy as np
import psutil
import pytest

from installation.speech.interfaces import FRAME_SAMPLES, Samples
from installation.speech.vad import VoiceActivityDetector
from tests.speech.flite import synthesize


def probabilities(vad: VoiceActivityDetector, samples: Samples) -> list[float]:
    return [
        vad.probability(frame)
        for frame in samples[: len(samples) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    ]


def test_speech_has_a_high_probability_and_silence_a_low_one() -> None:
    vad = VoiceActivityDetector()
    assert max(probabilities(vad, np.zeros(8000, np.int16))) < 0.1
    assert np.mean(probabilities(vad, synthesize("a red sun over the sea", "rms"))) > 0.7


def test_a_reset_detector_behaves_like_a_new_one() -> None:
    line = synthesize("a red sun over the sea", "rms")
    vad = VoiceActivityDetector()
    first = probabilities(vad, line)
    vad.reset()
    assert probabilities(vad, line) == first


def test_a_frame_of_another_length_is_an_error() -> None:
    with pytest.raises(ValueError, match="512 samples, not 320"):
        VoiceActivityDetector().probability(np.zeros(320, np.int16))


def test_inference_starts_no_threads_and_the_thread_limit_is_restored() -> None:
    vad = VoiceActivityDetector()
    before = psutil.Process().num_threads()
    probabilities(vad, np.zeros(20 * FRAME_SAMPLES, np.int16))
    assert psutil.Process().num_threads() <= before
    assert "OMP_THREAD_LIMIT" not in os.environ
