"""Nobody speaks, and nothing is heard: through the real voice activity and every venue's endpoints."""

from __future__ import annotations

import numpy as np
import pytest

from installation.speech.endpointing import VENUES, Endpointer, SpeechEnded
from installation.speech.interfaces import FRAME, Samples
from installation.speech.vad import VoiceActivityDetector
from tests.speech.sounds import LEVELS, NOBODY, sampled
from tests.speech.spoken import spoken

SECONDS = 600 / (len(NOBODY) * len(LEVELS))  # ten minutes, all together


def segments(samples: Samples) -> dict[str, int]:
    """How many pieces of speech each venue finds."""
    voice = VoiceActivityDetector()
    endpointers = {name: Endpointer(settings) for name, settings in VENUES.items()}
    found = dict.fromkeys(VENUES, 0)
    for frame in samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME):
        probability = voice.probability(frame)
        for name, endpointer in endpointers.items():
            found[name] += sum(isinstance(event, SpeechEnded) for event in endpointer.feed(frame, probability))
    for name, endpointer in endpointers.items():
        found[name] += sum(isinstance(event, SpeechEnded) for event in endpointer.cut())
    return found


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("sound", NOBODY)
def test_no_sound_of_a_room_is_taken_for_speech(sound: str, level: float) -> None:
    assert segments(sampled(NOBODY[sound](SECONDS, 5), level)) == dict.fromkeys(VENUES, 0)


@pytest.mark.parametrize("voice", ["rms", "slt"])
def test_a_voice_is_taken_for_speech_in_every_venue_once(voice: str) -> None:
    said = sampled(NOBODY["silence"](1.0, 0), 1.0)
    line = spoken("a red sun over the sea", voice)
    assert segments(np.concatenate([said, line, said])) == dict.fromkeys(VENUES, 1)
