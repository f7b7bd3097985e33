"""From segments to messages: decodes, filters hallucinations and stabilises partials."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from installation.core.speech_messages import SpeechRejected, Transcription
from installation.speech.endpointing import SpeechSegment
from installation.speech.hallucination_filter import (
    LIMITS,
    AcceptedText,
    FilterLimits,
    SpeechEvidence,
    is_weak,
    rejection_reason,
)
from installation.speech.interfaces import RecognizedText, Recognizer
from installation.speech.local_agreement import LocalAgreement
from installation.speech.mic_health import voice_dbfs
from installation.text.disfluencies import remove_disfluencies

ECHO_MEMORY = 8  # accepted finals that the hallucination filter compares with


def _ignore(_message: str) -> None:
    """Report to nobody."""


@dataclass(frozen=True)
class Hearing:
    """What a Transcriber expects.

    Attributes:
        language: Two letters: of texts whose language the recogniser does not report.
        limits: Of the hallucination filter.
        report: Takes messages for the operator, on the decoder thread.
    """

    language: str = "en"
    limits: FilterLimits = LIMITS
    report: Callable[[str], None] = _ignore


@dataclass(frozen=True)
class TimedSegment:
    """A segment with the times of its voice, seconds of `clock.now`."""

    segment: SpeechSegment
    began: float
    ended: float


class Transcriber:
    """Turns segments into messages with one recogniser. Not thread-safe: the decoder thread owns it."""

    def __init__(self, recognizer: Recognizer, hearing: Hearing | None = None) -> None:
        self.recognizer = recognizer
        self.rejected = 0  # finals that did not pass the hallucination filter
        self.decode_seconds = 0.0  # of the last decoding
        self._hearing = hearing or Hearing()
        self._foreign: set[str] = set()  # languages that have been reported
        self._speculation: tuple[tuple[int, int], RecognizedText] | None = None  # by speech key
        self._agreement, self._agreement_utterance = LocalAgreement(), 0
        self._accepted: deque[AcceptedText] = deque(maxlen=ECHO_MEMORY)

    def final(self, timed: TimedSegment) -> Transcription | SpeechRejected:
        """Transcribe a complete utterance, with the result of `speculate` if its speech is the same."""
        segment = timed.segment
        if self._speculation and self._speculation[0] == segment.speech_key:
            recognized = self._speculation[1]
        else:
            recognized = self._timed(self.recognizer.decode_final(segment.utterance, segment.samples))
        self._report_foreign(recognized.detected)
        reason = self._rejection(recognized, timed, self._accepted)
        if reason:
            self.rejected += 1
            return SpeechRejected(segment.utterance, recognized.text, reason)
        self._accepted.append(AcceptedText(recognized.text, timed.ended))
        text = remove_disfluencies(recognized.text, recognized.language or self._hearing.language)
        weak, name = is_weak(recognized, _evidence(timed)), self.recognizer.name
        times = timed.began, timed.ended
        return Transcription(segment.utterance, text, True, len(text), *times, name, recognized.language, weak)

    def partial(self, timed: TimedSegment) -> Transcription | None:
        """Transcribe the beginning of an utterance; None if it does not pass the hallucination filter."""
        return self._partial(self._decode_partial(timed), timed)

    def speculate(self, timed: TimedSegment) -> Transcription | None:
        """Transcribe an utterance that may be complete, as a partial, and keep the result for `final`.

        An incremental recogniser has nothing to keep: its final costs little anyway.
        """
        recognized = self._decode_partial(timed)
        if not self.recognizer.incremental:
            self._speculation = timed.segment.speech_key, recognized
        return self._partial(recognized, timed)

    def advance(self, timed: TimedSegment) -> None:
        """Feed an incremental recogniser without asking for a partial."""
        self._decode_partial(timed)

    def replace_recognizer(self, recognizer: Recognizer) -> None:
        """Continue with another recogniser, already loaded."""
        self.recognizer, self._speculation = recognizer, None

    def _partial(self, recognized: RecognizedText, timed: TimedSegment) -> Transcription | None:
        utterance = timed.segment.utterance
        if self._rejection(recognized, timed, ()):
            return None
        if self._agreement_utterance != utterance:
            self._agreement, self._agreement_utterance = LocalAgreement(), utterance
        text, stable = self._agreement.update(recognized.text)
        language = recognized.language
        return Transcription(utterance, text, False, stable, timed.began, 0.0, self.recognizer.name, language)

    def _decode_partial(self, timed: TimedSegment) -> RecognizedText:
        return self._timed(self.recognizer.decode_partial(timed.segment.utterance, timed.segment.samples))

    def _timed(self, recognized: RecognizedText) -> RecognizedText:
        self.decode_seconds = recognized.decode_seconds
        return recognized

    def _rejection(self, recognized: RecognizedText, timed: TimedSegment, recent: Sequence[AcceptedText]) -> str:
        hearing = self._hearing
        return rejection_reason(recognized, _evidence(timed), recent, hearing.language, hearing.limits)

    def _report_foreign(self, language: str) -> None:
        """Report, once for each, a language that is spoken but not listened for."""
        if language and language not in self._foreign:
            self._foreign.add(language)
            expected = self._hearing.language
            self._hearing.report(
                f"Somebody speaks '{language}', and the show hears it as '{expected}': "
                f'language = ["{expected}", "{language}"] in [listen] understands both.'
            )


def _evidence(timed: TimedSegment) -> SpeechEvidence:
    segment = timed.segment
    level = voice_dbfs(segment.samples)
    return SpeechEvidence(segment.voice_probability, segment.voice_seconds, timed.ended, level)
