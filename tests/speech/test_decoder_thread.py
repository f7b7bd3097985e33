"""The decoder thread: order, priorities, failures and the replacement of the recogniser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.core.speech_messages import SpeechRejected, Transcription
from installation.speech.decoder_thread import MAX_PENDING_FINALS, DecoderThread
from installation.speech.endpointing import SpeechSegment
from installation.speech.interfaces import DecodingAbandoned, RecognizedText, Recognizer, Samples
from installation.speech.recognizers.scripted import ScriptedRecognizer
from installation.speech.transcriber import TimedSegment
from tests.speech.fake_recognizers import FailingRecognizer
from tests.speech.virtual_microphone import TIMEOUT_SECONDS, until

Result = Transcription | SpeechRejected


def timed(utterance: int) -> TimedSegment:
    """An utterance whose samples are its number."""
    samples = np.full(16_000, utterance, np.int16)
    return TimedSegment(SpeechSegment(utterance, samples, 10, 40, 0.9, 1.5), 10.0 * utterance, 10.0 * utterance + 1.5)


@dataclass
class GatedRecognizer(Recognizer):
    """Returns the number in the samples, once `gate` is open."""

    gate: threading.Event = field(default_factory=threading.Event)
    started: threading.Event = field(default_factory=threading.Event)
    name: str = "gated"

    def decode(self, samples: Samples) -> RecognizedText:
        self.started.set()
        assert self.gate.wait(TIMEOUT_SECONDS)
        return RecognizedText(f"number {samples[0]}")


class MissingRecognizer(ScriptedRecognizer):
    """A recogniser whose model is missing."""

    name = "missing"

    def load(self, predecessor: Recognizer | None = None) -> None:  # noqa: ARG002 - the same for all
        raise ShowError("the model is missing.")


@contextmanager
def running(recognizer: Recognizer) -> Iterator[tuple[DecoderThread, list[Result]]]:
    """A decoder thread and the list of what it publishes."""
    published: list[Result] = []
    decoder = DecoderThread(recognizer, published.append)
    try:
        yield decoder, published
    finally:
        decoder.close()


def summary(published: list[Result]) -> list[tuple[str, int]]:
    return [
        ("rejected" if isinstance(each, SpeechRejected) else "final" if each.final else "partial", each.utterance)
        for each in published
    ]


def test_finals_and_rejections_are_published_in_order() -> None:
    with running(GatedRecognizer()) as (decoder, published):
        assert isinstance(decoder.recognizer, GatedRecognizer)
        decoder.decode_final(timed(1))
        decoder.publish_rejection(SpeechRejected(2, "", "Only 64 ms of voice."))
        decoder.decode_final(timed(3))
        assert decoder.pending_finals == 3
        decoder.recognizer.gate.set()
        until(lambda: decoder.idle)
        assert summary(published) == [("final", 1), ("rejected", 2), ("final", 3)]
        assert decoder.pending_finals == 0


def test_of_pending_partials_only_the_latest_is_decoded_and_a_final_discards_it() -> None:
    recognizer = GatedRecognizer()
    with running(recognizer) as (decoder, published):
        decoder.decode_partial(timed(1))
        assert recognizer.started.wait(TIMEOUT_SECONDS)
        for utterance in (2, 3):
            decoder.decode_partial(timed(utterance))
        recognizer.gate.set()
        until(lambda: decoder.idle)
        assert summary(published) == [("partial", 1), ("partial", 3)]
        recognizer.gate.clear()
        recognizer.started.clear()
        decoder.decode_partial(timed(4))
        assert recognizer.started.wait(TIMEOUT_SECONDS)
        decoder.decode_partial(timed(5))
        decoder.decode_final(timed(6))
        recognizer.gate.set()
        until(lambda: decoder.idle)
        assert summary(published)[2:] == [("partial", 4), ("final", 6)]


@dataclass
class PatientRecognizer(Recognizer):
    """Decodes until it is told to stop, or until `gate` is open."""

    gate: threading.Event = field(default_factory=threading.Event)
    started: threading.Event = field(default_factory=threading.Event)
    name: str = "patient"
    seconds: float = 0.0  # that it says a decoding took
    abandons: int = 0

    def decode(self, samples: Samples) -> RecognizedText:
        self.started.set()
        while not self.gate.wait(0.002):
            if self.abandoned():
                self.abandons += 1
                raise DecodingAbandoned
        return RecognizedText(f"number {samples[0]}", decode_seconds=self.seconds)


@pytest.mark.parametrize("later", ["final", "pause"])
def test_neither_a_final_nor_a_pause_waits_for_a_partial(later: str) -> None:
    recognizer = PatientRecognizer()
    with running(recognizer) as (decoder, published):
        decoder.decode_partial(timed(1))
        assert recognizer.started.wait(TIMEOUT_SECONDS)
        decoder.decode_final(timed(1)) if later == "final" else decoder.speculate(timed(1))
        until(lambda: recognizer.abandons, "the abandoned partial")
        recognizer.gate.set()
        until(lambda: decoder.idle)
        assert summary(published) == [("final" if later == "final" else "partial", 1)]


def test_a_pause_lets_a_decoding_that_is_almost_done_finish_but_a_final_does_not() -> None:
    recognizer = PatientRecognizer(seconds=1e-6)  # so that any decoding is almost done
    with running(recognizer) as (decoder, published):
        recognizer.gate.set()
        decoder.decode_final(timed(1))
        until(lambda: decoder.idle)
        recognizer.gate.clear()
        recognizer.started.clear()
        decoder.decode_partial(timed(2))
        assert recognizer.started.wait(TIMEOUT_SECONDS)
        decoder.speculate(timed(2))
        assert not recognizer.abandoned()
        decoder.decode_final(timed(2))
        until(lambda: recognizer.abandons, "the abandoned partial")
        recognizer.gate.set()
        until(lambda: decoder.idle)
        assert summary(published) == [("final", 1), ("final", 2)]


def test_a_final_waits_for_the_decoding_of_the_same_speech() -> None:
    recognizer = PatientRecognizer()
    with running(recognizer) as (decoder, published):
        decoder.speculate(timed(1))
        assert recognizer.started.wait(TIMEOUT_SECONDS)
        decoder.decode_final(timed(1))
        assert not recognizer.abandoned()
        decoder.decode_final(timed(2))
        assert not recognizer.abandoned()  # the first final still needs it
        recognizer.gate.set()
        until(lambda: decoder.idle)
        assert [each for each in summary(published) if each[0] == "final"] == [("final", 1), ("final", 2)]


def test_a_cancelled_speculation_is_not_decoded() -> None:
    recognizer = GatedRecognizer()
    with running(recognizer) as (decoder, published):
        decoder.decode_final(timed(1))
        assert recognizer.started.wait(TIMEOUT_SECONDS)
        decoder.speculate(timed(2))
        decoder.cancel_speculation()
        recognizer.gate.set()
        until(lambda: decoder.idle)
        assert summary(published) == [("final", 1)]


def test_finals_that_exceed_the_queue_are_dropped_and_counted() -> None:
    recognizer = GatedRecognizer()
    with running(recognizer) as (decoder, published):
        for utterance in range(1, MAX_PENDING_FINALS + 7):
            decoder.decode_final(timed(utterance))
        assert (decoder.pending_finals, decoder.dropped_finals) == (MAX_PENDING_FINALS, 6)
        recognizer.gate.set()
        until(lambda: decoder.idle)
        assert summary(published) == [("final", utterance) for utterance in range(1, MAX_PENDING_FINALS + 1)]


def test_a_recogniser_that_does_not_load_fails_the_thread_with_the_reason() -> None:
    with running(MissingRecognizer([])) as (decoder, _):
        until(lambda: decoder.reason)
        assert (decoder.state, decoder.reason) == ("failed", "the model is missing.")


@dataclass
class SlowRecognizer(GatedRecognizer):
    """Tries its model out when it is loaded, and gives that up as soon as it may."""

    left: threading.Event = field(default_factory=threading.Event)

    def load(self, predecessor: Recognizer | None = None) -> None:  # noqa: ARG002 - the same for all
        self.started.set()
        until(self.abandoned)
        self.left.set()
        raise DecodingAbandoned


@pytest.mark.filterwarnings("error")  # an exception that ends a thread is one
def test_a_thread_that_is_closed_while_its_model_is_loaded_ends_quietly() -> None:
    recognizer = SlowRecognizer()
    with running(recognizer) as (decoder, published):
        assert recognizer.started.wait(TIMEOUT_SECONDS)
    assert recognizer.left.is_set()
    decoder.raise_failure()
    assert published == []


def test_an_exception_of_the_recogniser_is_raised_to_the_owner() -> None:
    with running(FailingRecognizer()) as (decoder, published):
        decoder.raise_failure()
        decoder.decode_final(timed(1))

        def failure() -> str:
            try:
                decoder.raise_failure()
            except RuntimeError as error:
                return str(error)
            return ""

        until(failure)
        with pytest.raises(RuntimeError, match="cannot decode 16000 samples"):
            decoder.raise_failure()
        assert published == []


def test_another_recogniser_takes_over_between_utterances_or_reports_why_it_cannot() -> None:
    failures: list[str] = []
    with running(ScriptedRecognizer(["first", "second"])) as (decoder, published):
        decoder.decode_final(timed(1))
        decoder.replace_recognizer(MissingRecognizer([]), failures.append)
        decoder.decode_final(timed(2))
        other = ScriptedRecognizer(["third"])
        other.name = "other"
        decoder.replace_recognizer(other, failures.append)
        decoder.decode_final(timed(3))
        until(lambda: decoder.idle)
        finals = [(each.text, each.recognizer) for each in published if isinstance(each, Transcription)]
        assert finals == [("First", "scripted"), ("Second", "scripted"), ("Third", "other")]
        assert failures == ["the model is missing."]
