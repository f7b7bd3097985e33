"""From segments to messages: decodes, filters hallucinations and stabilises partials."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from installation.core.messages import SpeechRejected, Transcription
from installation.speech.endpointing import SpeechSegment
from installation.speech.hallucination_filter import AcceptedText, SpeechEvidence, rejection_reason
from installation.speech.interfaces import RecognizedText, Recognizer
from installation.speech.local_agreement import LocalAgreement
from installation.text.disfluencies import remove_disfluencies

ECHO_MEMORY = 8  # accepted finals that the hallucination filter compares with


@dataclass(frozen=True)
class TimedSegment:
    """A segment with the times of its voice, seconds of `clock.now`."""

    segment: SpeechSegment
    began: float
    ended: float


class Transcriber:
    """Turns segments into messages with one recogniser. Not thread-safe: the decoder thread owns it."""

    def __init__(self, recognizer: Recognizer, language: str = "en") -> None:
        """`language` has two letters and selects filled pauses and hallucinated phrases."""
        self.recognizer = recognizer
        self.rejected = 0  # finals that did not pass the hallucination filter
        self.decode_seconds = 0.0  # of the last decoding
        self._language = language
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
        reason = self._rejection(recognized, timed, self._accepted)
        if reason:
            self.rejected += 1
            return SpeechRejected(segment.utterance, recognized.text, reason)
        self._accepted.append(AcceptedText(recognized.text, timed.ended))
        text, name = remove_disfluencies(recognized.text, self._language), self.recognizer.name
        return Transcription(segment.utterance, text, True, len(text), timed.began, timed.ended, name)

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
        return Transcription(utterance, text, False, stable, timed.began, 0.0, self.recognizer.name)

    def _decode_partial(self, timed: TimedSegment) -> RecognizedText:
        return self._timed(self.recognizer.decode_partial(timed.segment.utterance, timed.segment.samples))

    def _timed(self, recognized: RecognizedText) -> RecognizedText:
        self.decode_seconds = recognized.decode_seconds
        return recognized

    def _rejection(self, recognized: RecognizedText, timed: TimedSegment, recent: Sequence[AcceptedText]) -> str:
        segment = timed.segment
        evidence = SpeechEvidence(segment.voice_probability, segment.voice_seconds, timed.ended)
        return rejection_reason(recognized, evidence, recent, self._language)
