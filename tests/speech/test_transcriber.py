"""From segments to messages: cleaning, rejection, speculation and stable prefixes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from installation.core.speech_messages import SpeechRejected, Transcription
from installation.speech.endpointing import SpeechSegment
from installation.speech.interfaces import RecognizedText, Recognizer, Samples
from installation.speech.recognizers.scripted import ScriptedRecognizer
from installation.speech.transcriber import Hearing, TimedSegment, Transcriber


def timed(utterance: int = 1, last_frame: int = 40, ended: float = 12.0, voice_seconds: float = 1.5) -> TimedSegment:
    segment = SpeechSegment(utterance, np.zeros(16_000, np.int16), 10, last_frame, 0.9, voice_seconds)
    return TimedSegment(segment, began=10.0, ended=ended)


def transcriber(*texts: str | RecognizedText, language: str = "en") -> Transcriber:
    return Transcriber(ScriptedRecognizer(texts), Hearing(language))


@dataclass
class IncrementalRecognizer(Recognizer):
    """Returns what it was asked for."""

    name: str = "incremental"
    incremental: bool = True

    def decode(self, samples: Samples) -> RecognizedText:
        raise AssertionError(f"an incremental recogniser is not asked to decode {len(samples)} samples")

    def decode_partial(self, utterance: int, samples: Samples) -> RecognizedText:
        del samples
        return RecognizedText(f"the beginning of number {utterance}")

    def decode_final(self, utterance: int, samples: Samples) -> RecognizedText:
        del samples
        return RecognizedText(f"the end of number {utterance}")


def test_a_final_has_the_times_of_its_voice_and_no_disfluencies() -> None:
    made = transcriber("um, a red sun, uh, over the sea.")
    text = "A red sun over the sea"
    assert made.final(timed()) == Transcription(1, text, True, len(text), 10.0, 12.0, "scripted")


@pytest.mark.parametrize(
    ("language", "recognized", "text"),
    [("de", "ähm, er geht.", "Er geht"), ("de", "Um.", "Um")],
)
def test_the_language_decides_which_sounds_are_words(language: str, recognized: str, text: str) -> None:
    final = transcriber(recognized, language=language).final(timed())
    assert isinstance(final, Transcription)
    assert final.text == text


def test_a_hallucination_is_rejected_with_its_text_and_reason_and_counted() -> None:
    made = transcriber("er, um.")
    assert made.final(timed()) == SpeechRejected(1, "er, um.", "Sounds, no words.")
    assert made.rejected == 1


def test_the_same_words_soon_after_are_an_echo_and_later_a_repetition() -> None:
    made = transcriber("snow", "snow", "snow")
    kinds = [type(made.final(timed(number, ended=ended))) for number, ended in ((1, 12.0), (2, 13.0), (3, 15.5))]
    assert kinds == [Transcription, SpeechRejected, Transcription]


def test_a_final_with_the_same_speech_as_a_speculation_is_not_decoded_again() -> None:
    made = transcriber("a red sun", "a red sun over the sea")
    assert made.speculate(timed(last_frame=30)) == Transcription(1, "a red sun", False, 0, 10.0, 0.0, "scripted")
    final = made.final(timed(last_frame=30, ended=12.2))
    assert isinstance(final, Transcription)
    assert final.text == "A red sun"


def test_a_final_with_more_speech_than_the_speculation_is_decoded() -> None:
    made = transcriber("a red sun", "a red sun over the sea")
    made.speculate(timed(last_frame=30))
    final = made.final(timed(last_frame=60))
    assert isinstance(final, Transcription)
    assert final.text == "A red sun over the sea"


def test_an_incremental_recogniser_finishes_its_search_after_a_speculation() -> None:
    made = Transcriber(IncrementalRecognizer())
    made.advance(timed(7))
    partial, final = made.speculate(timed(7)), made.final(timed(7))
    assert partial is not None
    assert isinstance(final, Transcription)
    assert (partial.text, final.text) == ("the beginning of number 7", "The end of number 7")


def test_partials_have_the_stable_prefix_of_their_own_utterance() -> None:
    made = transcriber("a red", "a red sun", "a red moon")
    partials = [made.partial(timed(utterance)) for utterance in (1, 1, 2)]
    assert [(each.text, each.stable) for each in partials if each] == [
        ("a red", 0),
        ("a red sun", 5),
        ("a red moon", 0),
    ]


def test_a_partial_that_looks_like_a_hallucination_is_not_reported_nor_counted() -> None:
    made = transcriber(RecognizedText("a red sun", no_speech_prob=0.9))
    assert made.partial(timed()) is None
    assert made.rejected == 0


def test_a_replaced_recogniser_does_not_answer_with_the_speculation_of_the_one_before() -> None:
    made = transcriber("a red sun")
    made.speculate(timed())
    made.replace_recognizer(ScriptedRecognizer(["a blue moon"]))
    final = made.final(timed())
    assert isinstance(final, Transcription)
    assert final.text == "A blue moon"
