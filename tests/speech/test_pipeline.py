"""The listener without a process: sound in, words out, and the thread that decodes never holds up the sound."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.core.messages import SpeechRejected, Transcription
from installation.speech.audio_source import AudioChunk
from installation.speech.endpointing import VENUES
from installation.speech.interfaces import RATE, RecognizedText, Samples
from installation.speech.pipeline import SpeechPipeline
from tests.speech.ears import Counter
from tests.speech.spoken import spoken
from tests.speech.virtual_microphone import until

LINES = ("a red sun over the sea", "the night is full of birds and of the smell of rain", "snow", "a lonely house")


def pause(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.int16)


class Ears:
    """A listener, what it has told, and a virtual clock that is the sound's own."""

    def __init__(self, recognizer: Counter, language: str = "en") -> None:
        self.told: list[Transcription | SpeechRejected] = []
        self.recognizer = recognizer
        self.listener = SpeechPipeline(recognizer, VENUES["quiet"], self.told.append, language)
        self.now = 1000.0

    def hear(self, *pieces: Samples) -> None:
        """In blocks of 20 ms."""
        sound = np.concatenate(pieces)
        for start in range(0, len(sound), RATE // 50):
            block = sound[start : start + RATE // 50]
            self.now += len(block) / RATE
            self.listener.hear(AudioChunk(block, self.now))

    def settle(self) -> None:
        """Lets the decoder finish what it has to do."""
        until(lambda: self.listener.decoder.idle, "the decoder's end")

    @property
    def finals(self) -> list[Transcription]:
        return [each for each in self.told if isinstance(each, Transcription) and each.final]

    @property
    def partials(self) -> list[Transcription]:
        return [each for each in self.told if isinstance(each, Transcription) and not each.final]


@contextmanager
def ears(seconds: float = 0.0) -> Iterator[Ears]:
    them = Ears(Counter(seconds))
    try:
        yield them
    finally:
        them.listener.close()


def test_sentences_become_finals_in_order_with_the_moments_of_their_voices() -> None:
    with ears() as them:
        them.hear(pause(1.0))
        spans = []
        for line in LINES[:2]:
            began = them.now
            them.hear(spoken(line, "rms"))
            spans.append((began, them.now))
            them.hear(pause(1.5))
        them.settle()
        assert [(each.utterance, each.recognizer) for each in them.finals] == [(1, "counter"), (2, "counter")]
        for heard, (began, ended) in zip(them.finals, spans, strict=True):
            assert began - 0.1 < heard.began < began + 0.4
            assert ended - 0.5 < heard.ended < ended + 0.2


def test_partials_come_while_somebody_speaks_and_never_after_the_final() -> None:
    with ears() as them:
        them.hear(pause(0.5))
        for half_second in np.split(spoken(LINES[1], "rms"), range(8000, len(spoken(LINES[1], "rms")), 8000)):
            them.hear(half_second)
            them.settle()
        assert len(them.partials) >= 3
        them.hear(pause(1.0))
        them.settle()
        assert [each.final for each in them.told] == [False] * (len(them.told) - 1) + [True]
        assert {each.utterance for each in them.told} == {1}


def test_what_was_decoded_in_the_pause_is_not_decoded_again_at_the_end() -> None:
    with ears() as them:
        them.hear(pause(0.5), spoken(LINES[0], "rms"))
        while len(them.partials) == 0 or not them.listener._endpointer._maybe:
            them.hear(pause(0.02))
            them.settle()
        before = them.recognizer.decoded
        assert them.finals == []
        them.hear(pause(0.5))
        them.settle()
        assert (len(them.finals), them.recognizer.decoded) == (1, before)


def test_a_recogniser_that_takes_long_holds_up_no_sound_and_loses_no_final() -> None:
    with ears(seconds=0.3) as them:
        began = time.process_time()
        them.hear(pause(0.5), *(piece for line in LINES[:2] * 3 for piece in (spoken(line, "rms"), pause(2.5))))
        handed_over = len(them.finals)
        them.settle()
        assert time.process_time() - began < 20.0
        assert handed_over < 6
        assert [each.utterance for each in them.finals] == [1, 2, 3, 4, 5, 6]
        assert them.listener.decoder.waiting == 0
        assert them.recognizer.decoded < 15  # partials of old sentences are not decoded after the fact


def test_a_shut_gate_and_a_held_key_are_obeyed() -> None:
    with ears() as them:
        line = spoken(LINES[0], "rms")
        for gate in ("gated", "push_to_talk"):
            setattr(them.listener, gate, True)
            them.hear(line, pause(1.0))
            them.settle()
            assert them.told == []
        them.listener.talking = True
        them.hear(line)
        them.listener.talking = False
        them.hear(pause(0.1))
        them.settle()
        assert len(them.finals) == 1
        them.listener.enabled, them.listener.talking = False, True
        them.hear(line, pause(1.0))
        them.settle()
        assert len(them.finals) == 1


def test_sound_that_breaks_off_gives_what_was_said_until_then() -> None:
    with ears() as them:
        them.hear(pause(0.5), spoken(LINES[1], "rms")[: 2 * RATE])
        assert them.listener.speaking
        them.listener.hear(AudioChunk(pause(0.02), them.now + 5.0, broken=True))
        them.settle()
        assert [each.utterance for each in them.finals] == [1]
        assert them.finals[0].ended < them.now + 0.1


def test_what_was_too_short_or_not_believed_is_told_with_its_reason() -> None:
    with ears() as them:
        them.listener.talking = True
        them.hear(pause(1.0))
        them.listener.talking = False
        them.listener.push_to_talk = True
        them.hear(pause(0.1))
        them.settle()
        assert them.told == [SpeechRejected(1, "", "only 0 ms of voice")]


def test_the_same_words_within_two_seconds_are_refused_aloud() -> None:
    with ears() as them:
        line = spoken("snow", "rms")
        them.hear(pause(0.5), line, pause(0.45), line, pause(1.0))
        them.settle()
        finals = [each for each in them.told if isinstance(each, SpeechRejected) or each.final]
        assert [type(each) for each in finals] == [Transcription, SpeechRejected]
        assert finals[1].text == finals[0].text.lower()
        assert them.listener.decoder.refused == 1


def test_levels_are_those_since_the_last_look() -> None:
    with ears() as them:
        them.hear(np.full(RATE // 10, 16_384, np.int16))
        assert them.listener.levels()[0] == pytest.approx(-6.0, abs=0.1)
        them.hear(pause(0.1))
        assert them.listener.levels()[0] == -96.0


def test_a_recogniser_that_cannot_be_loaded_says_why() -> None:
    class Absent(Counter):
        def warm(self) -> None:
            raise ShowError("the model is not there.")

    with ears() as unused:
        unused.settle()
    listener = SpeechPipeline(Absent(), VENUES["quiet"], lambda _: None)
    until(lambda: listener.decoder.reason)
    assert (listener.decoder.state, listener.decoder.reason) == ("failed", "the model is not there.")
    listener.close()


def test_more_speech_than_a_stuck_recogniser_can_ever_take_is_counted() -> None:
    released = threading.Event()

    class Stuck(Counter):
        def decode(self, samples: Samples) -> RecognizedText:
            released.wait(30.0)
            return super().decode(samples)

    them = Ears(Stuck())
    them.listener.talking = True
    them.hear(spoken("snow", "rms"))
    for _ in range(70):
        them.listener.cut()
        them.hear(pause(0.04))
    assert (them.listener.decoder.waiting, them.listener.decoder.overflowed) == (64, 6)
    released.set()
    them.settle()
    assert [each.utterance for each in them.told if isinstance(each, SpeechRejected) or each.final] == list(
        range(1, 65)
    )
    them.listener.close()


def test_the_language_decides_what_is_a_word() -> None:
    @dataclass
    class Saying(Counter):
        text: str = ""

        def decode(self, samples: Samples) -> RecognizedText:  # noqa: ARG002 - it says the same of any
            return RecognizedText(self.text)

    for language, text, wanted in (("de", "ähm, er geht.", "Er geht"), ("en", "er, um.", ""), ("de", "Um.", "Um")):
        them = Ears(Saying(text=text), language)
        them.hear(pause(0.5), spoken(LINES[0], "rms"), pause(1.0))
        them.settle()
        ends = [each for each in them.told if isinstance(each, SpeechRejected) or each.final]
        assert [each.text if isinstance(each, Transcription) else "" for each in ends] == [wanted]
        them.listener.close()


def test_another_recogniser_takes_over_between_sentences_or_says_why_it_cannot() -> None:
    class Absent(Counter):
        def warm(self) -> None:
            raise ShowError("the model is not there.")

    with ears() as them:
        complaints: list[str] = []
        line = (spoken(LINES[0], "rms"), pause(1.0))
        them.hear(pause(0.5), *line)
        them.listener.decoder.exchange(Absent(name="absent"), complaints.append)
        them.settle()
        assert (them.listener.decoder.name, complaints) == ("counter", ["the model is not there."])
        them.listener.decoder.exchange(Counter(name="another"), complaints.append)
        them.hear(pause(2.0), *line)
        them.settle()
        assert [each.recognizer for each in them.finals] == ["counter", "another"]
