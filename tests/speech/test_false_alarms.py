"""VAD and endpointing together: sounds without speech start no utterance at any venue."""

from __future__ import annotations

import numpy as np
import pytest

from installation.speech.endpointing import VENUES, Endpointer, SpeechEnded
from installation.speech.interfaces import FRAME_SAMPLES, Samples
from installation.speech.vad import VoiceActivityDetector
from tests.speech.flite import synthesize
from tests.speech.non_speech import LEVELS, NON_SPEECH, to_samples
from tests.speech.recordings import silence

COMBINATIONS = len(NON_SPEECH) * len(LEVELS)


def count_utterances(samples: Samples) -> dict[str, int]:
    """Count the utterances that each venue's settings find."""
    vad = VoiceActivityDetector()
    endpointers = {name: Endpointer(settings) for name, settings in VENUES.items()}
    found = dict.fromkeys(VENUES, 0)
    for frame in samples[: len(samples) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES):
        probability = vad.probability(frame)
        for name, endpointer in endpointers.items():
            found[name] += sum(isinstance(event, SpeechEnded) for event in endpointer.feed(frame, probability))
    for name, endpointer in endpointers.items():
        found[name] += sum(isinstance(event, SpeechEnded) for event in endpointer.flush())
    return found


@pytest.mark.parametrize("seconds", [30, pytest.param(240, marks=pytest.mark.slow)])
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("sound", NON_SPEECH)
def test_a_sound_without_speech_starts_no_utterance(sound: str, level: float, seconds: int) -> None:
    """`seconds`: of all combinations of sounds and levels together."""
    wave = NON_SPEECH[sound](seconds / COMBINATIONS, 5)
    assert count_utterances(to_samples(wave, level)) == dict.fromkeys(VENUES, 0)


@pytest.mark.parametrize("voice", ["rms", "slt"])
def test_a_spoken_line_is_one_utterance_at_every_venue(voice: str) -> None:
    line = synthesize("a red sun over the sea", voice)
    assert count_utterances(np.concatenate([silence(1.0), line, silence(1.0)])) == dict.fromkeys(VENUES, 1)
