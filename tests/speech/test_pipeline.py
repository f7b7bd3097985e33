"""The speech pipeline without a device or a process: audio in, messages out."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import pytest

from installation.core.speech_messages import SpeechRejected, Transcription
from installation.speech.audio_source import AudioChunk
from installation.speech.endpointing import VENUES
from installation.speech.interfaces import SAMPLE_RATE, RecognizedText, Recognizer, Samples
from installation.speech.pipeline import SpeechPipeline
from tests.speech.fake_recognizers import DurationRecognizer
from tests.speech.flite import synthesize
from tests.speech.recordings import silence
from tests.speech.virtual_microphone import TIMEOUT_SECONDS, until

LINES = ("a red sun over the sea", "the night is full of birds and of the smell of rain")
BLOCK_SAMPLES = SAMPLE_RATE // 50


class DrivenPipeline:
    """A pipeline with what it published, and a clock that advances with the audio."""

    def __init__(self, recognizer: Recognizer) -> None:
        self.published: list[Transcription | SpeechRejected] = []
        self.pipeline = SpeechPipeline(recognizer, VENUES["quiet"], self.published.append)
        self.now = 1000.0

    def play(self, *pieces: Samples) -> None:
        """Process audio in blocks of 20 ms."""
        samples = np.concatenate(pieces)
        for start in range(0, len(samples), BLOCK_SAMPLES):
            block = samples[start : start + BLOCK_SAMPLES]
            self.now += len(block) / SAMPLE_RATE
            self.pipeline.process(AudioChunk(block, self.now))

    def settle(self) -> None:
        """Wait until the decoder has nothing to do."""
        until(lambda: self.pipeline.decoder.idle)

    @property
    def finals(self) -> list[Transcription]:
        return [each for each in self.published if isinstance(each, Transcription) and each.final]

    @property
    def partials(self) -> list[Transcription]:
        return [each for each in self.published if isinstance(each, Transcription) and not each.final]


@contextmanager
def driven(recognizer: Recognizer | None = None) -> Iterator[DrivenPipeline]:
    made = DrivenPipeline(recognizer or DurationRecognizer())
    try:
        yield made
    finally:
        made.pipeline.close()


def test_utterances_become_finals_in_order_with_the_times_of_their_voices() -> None:
    with driven() as made:
        made.play(silence(1.0))
        spans = []
        for line in LINES:
            began = made.now
            made.play(synthesize(line, "rms"))
            spans.append((began, made.now))
            made.play(silence(1.5))
        made.settle()
        assert [(each.utterance, each.recognizer) for each in made.finals] == [(1, "duration"), (2, "duration")]
        for final, (began, ended) in zip(made.finals, spans, strict=True):
            assert began - 0.1 < final.began < began + 0.4
            assert ended - 0.5 < final.ended < ended + 0.2


def test_partials_are_published_while_somebody_speaks_and_never_after_the_final() -> None:
    with driven() as made:
        made.play(silence(0.5))
        speech = synthesize(LINES[1], "rms")
        for half_second in np.split(speech, range(SAMPLE_RATE // 2, len(speech), SAMPLE_RATE // 2)):
            made.play(half_second)
            made.settle()
        assert len(made.partials) >= 3
        made.play(silence(1.0))
        made.settle()
        kinds = [isinstance(each, Transcription) and each.final for each in made.published]
        assert kinds == [False] * (len(kinds) - 1) + [True]
        assert {each.utterance for each in made.published} == {1}


def test_a_pipeline_without_partials_publishes_the_decoding_of_a_pause_and_the_final_only() -> None:
    published: list[Transcription | SpeechRejected] = []
    pipeline = SpeechPipeline(DurationRecognizer(), VENUES["quiet"], published.append, partials=False)
    samples = np.concatenate([silence(0.5), synthesize(LINES[0], "rms"), silence(0.8)])
    for start in range(0, len(samples), BLOCK_SAMPLES):
        pipeline.process(AudioChunk(samples[start : start + BLOCK_SAMPLES], start / SAMPLE_RATE))
        until(lambda: pipeline.decoder.idle)
    pipeline.close()
    assert [isinstance(each, Transcription) and each.final for each in published] == [False, True]


def test_the_decoding_of_a_pause_is_reused_when_the_utterance_ends() -> None:
    recognizer = DurationRecognizer()
    with driven(recognizer) as made:
        made.play(silence(0.5), synthesize(LINES[0], "rms"))
        decodings = [0]
        while made.pipeline.speaking:
            decodings.append(recognizer.decodings)
            made.play(silence(0.02))
            made.settle()
        assert len(made.finals) == 1
        assert recognizer.decodings == decodings[-1] > 0


@dataclass
class BlockingRecognizer(DurationRecognizer):
    """A DurationRecognizer that decodes nothing until it is released."""

    released: threading.Event = field(default_factory=threading.Event)

    def decode(self, samples: Samples) -> RecognizedText:
        assert self.released.wait(TIMEOUT_SECONDS)
        return super().decode(samples)


@pytest.mark.slow
def test_a_blocked_recogniser_delays_no_audio_and_loses_no_final() -> None:
    recognizer = BlockingRecognizer()
    with driven(recognizer) as made:
        lines: Sequence[str] = LINES * 3
        made.play(silence(0.5), *(piece for line in lines for piece in (synthesize(line, "rms"), silence(2.5))))
        assert (made.published, made.pipeline.decoder.pending_finals) == ([], 6)
        recognizer.released.set()
        made.settle()
        assert [each.utterance for each in made.finals] == [1, 2, 3, 4, 5, 6]
        assert made.pipeline.decoder.pending_finals == 0
        assert recognizer.decodings <= 7  # at most one partial was under way


def test_a_shut_gate_lets_nothing_through_and_an_open_talk_gate_everything() -> None:
    with driven() as made:
        line = synthesize(LINES[0], "rms")
        made.pipeline.gate = "shut"
        made.play(line, silence(1.0))
        made.settle()
        assert made.published == []
        made.pipeline.gate = "talk"
        made.play(line)
        made.pipeline.gate = "shut"
        made.play(silence(0.1))
        made.settle()
        assert len(made.finals) == 1


def test_a_discontinuity_ends_the_utterance_before_it() -> None:
    with driven() as made:
        made.play(silence(0.5), synthesize(LINES[1], "rms")[: 2 * SAMPLE_RATE])
        assert made.pipeline.speaking
        made.pipeline.process(AudioChunk(silence(0.02), made.now + 5.0, discontinuous=True))
        made.settle()
        assert [each.utterance for each in made.finals] == [1]
        assert made.finals[0].ended < made.now + 0.1


def test_silence_while_the_talk_key_is_held_is_rejected_with_a_reason() -> None:
    with driven() as made:
        made.pipeline.gate = "talk"
        made.play(silence(1.0))
        made.pipeline.gate = "shut"
        made.play(silence(0.1))
        made.settle()
        assert made.published == [SpeechRejected(1, "", "Only 0 ms of voice.")]


def test_levels_are_those_since_the_last_call() -> None:
    with driven() as made:
        made.play(np.full(SAMPLE_RATE // 10, 16_384, np.int16))
        assert made.pipeline.take_levels()[0] == pytest.approx(-6.0, abs=0.1)
        made.play(silence(0.1))
        assert made.pipeline.take_levels()[0] == -96.0
