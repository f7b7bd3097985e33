"""The speech pipeline: audio chunks in, transcriptions out.

    audio source -> VAD -> endpointing -> decoder thread -> recogniser -> hallucination filter -> local agreement

The pipeline reports transcriptions and rejections. What the words do to the picture is the Conductor's
matter.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from statistics import median

import numpy as np

from installation.core.speech_messages import GateMode, SpeechRejected, Transcription
from installation.speech.audio_source import AudioChunk
from installation.speech.decoder_thread import DecoderThread
from installation.speech.endpointing import (
    Endpointer,
    EndpointingSettings,
    Event,
    SpeechDropped,
    SpeechEnded,
    SpeechPaused,
    SpeechResumed,
    SpeechSegment,
    SpeechStarted,
)
from installation.speech.interfaces import FRAME_SAMPLES, SAMPLE_RATE, Recognizer
from installation.speech.mic_health import peak_dbfs
from installation.speech.transcriber import Hearing, TimedSegment
from installation.speech.vad import VoiceActivityDetector

FIRST_PARTIAL_SECONDS = 0.4  # from the start of an utterance to its first partial
PARTIAL_INTERVAL_SECONDS = 0.5  # between partials
MAX_PARTIAL_LOAD = 0.6  # share of the time that decoding partials may take
LIKELY_SECONDS = 3.0  # length of an utterance, before any was heard
REMEMBERED_UTTERANCES = 8  # whose median length is the likely one later
INCREMENTAL_INTERVAL_SECONDS = 0.3  # between partials of an incremental recogniser
INCREMENTAL_FEED_FRAMES = 3  # between two feeds of an incremental recogniser


class SpeechPipeline:
    """Transcribes a stream of audio. It knows no device and no process, and never waits for the recogniser."""

    def __init__(
        self,
        recognizer: Recognizer,
        settings: EndpointingSettings,
        publish: Callable[[Transcription | SpeechRejected], None],
        hearing: Hearing | None = None,
        partials: bool = True,
    ) -> None:
        """Start the decoder thread, which loads the recogniser.

        Args:
            recognizer: Used by the decoder thread alone from now on.
            settings: The endpointing thresholds.
            publish: Takes the results, on the decoder thread.
            hearing: What is expected.
            partials: Whether to transcribe utterances in progress.

        Raises:
            ShowError: The VAD is not installed.
        """
        self.gate: GateMode = "auto"  # what is listened to
        self._partials = partials
        self._vad = VoiceActivityDetector()
        self._endpointer = Endpointer(settings)
        self.decoder = DecoderThread(recognizer, publish, hearing)
        self._remainder = np.zeros(0, dtype=np.int16)  # samples after the last complete frame
        self._frames = 0  # fed to the endpointer
        self._zero_time = 0.0  # of frame 0, seconds of `clock.now`
        self._next_partial_frame = self._first_frame = 0
        self._lengths = deque([LIKELY_SECONDS], maxlen=REMEMBERED_UTTERANCES)  # seconds of voice
        self._peak, self._max_probability = 0, 0.0

    @property
    def speaking(self) -> bool:
        """Whether an utterance is in progress."""
        return self._endpointer.speaking

    def process(self, chunk: AudioChunk) -> None:
        """Take the next audio. The decoding that follows from it is queued when this returns."""
        if chunk.discontinuous:
            self.flush()
        samples = np.concatenate([self._remainder, chunk.samples])
        complete = len(samples) // FRAME_SAMPLES * FRAME_SAMPLES
        self._zero_time = chunk.end_time - (self._frames * FRAME_SAMPLES + len(samples)) / SAMPLE_RATE
        if len(chunk.samples):
            self._peak = max(self._peak, int(np.abs(chunk.samples.astype(np.int32)).max()))
        for frame in samples[:complete].reshape(-1, FRAME_SAMPLES):
            probability = self._vad.probability(frame)
            self._max_probability = max(self._max_probability, probability)
            self._frames += 1
            self._handle(self._endpointer.feed(frame, probability, self.gate))
        self._remainder = samples[complete:]

    def flush(self) -> None:
        """End the utterance in progress: the audio breaks off here."""
        self._handle(self._endpointer.flush())
        self._remainder = self._remainder[:0]
        self._vad.reset()

    def take_levels(self) -> tuple[float, float]:
        """Return the peak in dBFS and the highest VAD probability since the last call."""
        levels = peak_dbfs(self._peak), round(self._max_probability, 3)
        self._peak, self._max_probability = 0, 0.0
        return levels

    def close(self) -> None:
        """End the decoder thread."""
        self.decoder.close()

    def _handle(self, events: list[Event]) -> None:
        for event in events:
            match event:
                case SpeechStarted():
                    self._first_frame = event.first_frame
                    self._next_partial_frame = event.first_frame + _frame_count(FIRST_PARTIAL_SECONDS)
                case SpeechPaused(segment):
                    self.decoder.speculate(self._timed(segment))
                case SpeechResumed():
                    self.decoder.cancel_speculation()
                case SpeechEnded(segment):
                    self._lengths.append((segment.last_frame + 1 - segment.first_frame) * FRAME_SAMPLES / SAMPLE_RATE)
                    self.decoder.decode_final(self._timed(segment))
                case SpeechDropped(utterance, reason):
                    self.decoder.publish_rejection(SpeechRejected(utterance, "", reason))
        if self._partials and self.speaking:
            self._request_partial()

    def _request_partial(self) -> None:
        """Decode the utterance in progress, if a partial is due or an incremental recogniser is to be fed."""
        incremental = self.decoder.recognizer.incremental
        due = self._frames >= self._next_partial_frame and not self._endpointer.pausing
        if due and not incremental and not self._fits():
            return
        if due:
            interval = INCREMENTAL_INTERVAL_SECONDS if incremental else self._partial_interval()
            self._next_partial_frame = self._frames + _frame_count(interval)
        if due or (incremental and self._frames % INCREMENTAL_FEED_FRAMES == 0):
            self.decoder.decode_partial(self._timed(self._endpointer.segment()), publish=due)

    def _fits(self) -> bool:
        """Whether a decoding that starts now is over before the utterance is likely to end.

        Beyond the likely end there is nothing to be expected, and a decoding may always start.
        """
        elapsed, likely = (self._frames - self._first_frame) * FRAME_SAMPLES / SAMPLE_RATE, median(self._lengths)
        return elapsed + self.decoder.decode_seconds <= likely or elapsed > likely

    def _partial_interval(self) -> float:
        return max(PARTIAL_INTERVAL_SECONDS, self.decoder.decode_seconds / MAX_PARTIAL_LOAD)

    def _timed(self, segment: SpeechSegment) -> TimedSegment:
        return TimedSegment(segment, self._time_at(segment.first_frame), self._time_at(segment.last_frame + 1))

    def _time_at(self, frame: int) -> float:
        return self._zero_time + frame * FRAME_SAMPLES / SAMPLE_RATE


def _frame_count(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE / FRAME_SAMPLES)
