"""Sound in, words out. Knows no process and no device, and never waits for the recogniser."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from installation.core.messages import SpeechRejected, Transcription
from installation.speech.audio_source import AudioChunk
from installation.speech.decoder_thread import DecoderThread, Spoken
from installation.speech.endpointing import (
    Endpointer,
    Endpointing,
    Event,
    Gate,
    Segment,
    SpeechDropped,
    SpeechEnded,
    SpeechMayHaveEnded,
    SpeechResumed,
    SpeechStarted,
)
from installation.speech.interfaces import FRAME, RATE, Recognizer
from installation.speech.mic_health import decibels
from installation.speech.vad import VoiceActivityDetector

FIRST_PARTIAL_SECONDS = 0.4  # of speech, until the first partial
PARTIAL_SECONDS = 0.5  # from one partial to the next,
PARTIAL_SHARE = 0.5  # but no more than this share of the time is spent on them
FOLLOWED_SECONDS = 0.3  # from one partial to the next of a recogniser that follows: they cost it nothing
FEED_FRAMES = 3  # after which it gets what is new


class SpeechPipeline:
    """Hears, finds speech, has it decoded. `tell` gets what was heard, and what was not, on the decoder's thread."""

    def __init__(
        self,
        recognizer: Recognizer,
        settings: Endpointing,
        tell: Callable[[Transcription | SpeechRejected], None],
        language: str = "en",
    ) -> None:
        """`language`: two letters, of what is said. Raises ShowError where voice activity is not available."""
        self.enabled = True
        self.push_to_talk = False  # hears only while `talking`
        self.talking = False  # the key is held: everything is speech
        self.gated = False  # the show itself sounds
        self.partials = True  # whether what is being said is told before it is whole
        self.broken = 0  # times that the sound has broken off
        self._voice = VoiceActivityDetector()
        self._endpointer = Endpointer(settings)
        self.decoder = DecoderThread(recognizer, tell, language)
        self._rest = np.zeros(0, dtype=np.int16)  # of a frame that is not complete
        self._heard = 0  # frames
        self._zero = 0.0  # the moment of frame 0, seconds of clock.now
        self._partial_at = 0  # the frame that makes the next partial worth while
        self._peak, self._likely = 0, 0.0

    @property
    def gate(self) -> Gate:
        """Whether it hears at all. A held key counts more than the show's own sound."""
        if not self.enabled:
            return "shut"
        if self.talking:
            return "talk"
        return "shut" if self.gated or self.push_to_talk else "auto"

    @property
    def speaking(self) -> bool:
        """Whether somebody is speaking."""
        return self._endpointer.speaking

    def hear(self, sound: AudioChunk) -> None:
        """The next sound; what follows from it is under way when this returns."""
        if sound.broken:
            self.cut()
        samples = np.concatenate([self._rest, sound.samples])
        whole = len(samples) // FRAME
        self._zero = sound.ends - (self._heard * FRAME + len(samples)) / RATE
        if len(sound.samples):
            self._peak = max(self._peak, int(np.abs(sound.samples.astype(np.int32)).max()))
        for frame in samples[: whole * FRAME].reshape(-1, FRAME):
            probability = self._voice.probability(frame)
            self._likely = max(self._likely, probability)
            self._heard += 1
            self._follow(self._endpointer.feed(frame, probability, self.gate))
        self._rest = samples[whole * FRAME :]

    def cut(self) -> None:
        """The sound has broken off: what was said until then is all there is of it."""
        self.broken += self._heard > 0
        self._follow(self._endpointer.cut())
        self._rest = self._rest[:0]
        self._voice.reset()

    def levels(self) -> tuple[float, float]:
        """The peak, in decibels of full scale, and the highest probability of voice, since the last call."""
        level, likely = decibels(self._peak), round(self._likely, 3)
        self._peak, self._likely = 0, 0.0
        return level, likely

    def close(self) -> None:
        """Ends the decoder."""
        self.decoder.close()

    def _follow(self, events: list[Event]) -> None:
        for event in events:
            match event:
                case SpeechStarted():
                    self._partial_at = event.first + round(FIRST_PARTIAL_SECONDS * RATE / FRAME)
                case SpeechMayHaveEnded(segment):
                    self.decoder.maybe(self._spoken(segment))
                case SpeechResumed():
                    self.decoder.resumed()
                case SpeechEnded(segment):
                    self.decoder.final(self._spoken(segment))
                case SpeechDropped(utterance, reason):
                    self.decoder.nothing(SpeechRejected(utterance, "", reason))
        if self.partials and self.speaking:
            self._go_on()

    def _go_on(self) -> None:
        """What is being said, for the decoder: now and then aloud, and to one that follows it in between as well."""
        follows = self.decoder.follows
        aloud = self._heard >= self._partial_at and not self._endpointer.pausing
        if aloud:
            pace = FOLLOWED_SECONDS if follows else max(PARTIAL_SECONDS, self.decoder.seconds / PARTIAL_SHARE)
            self._partial_at = self._heard + round(pace * RATE / FRAME)
        if aloud or (follows and self._heard % FEED_FRAMES == 0):
            self.decoder.growing(self._spoken(self._endpointer.segment()), aloud)

    def _spoken(self, segment: Segment) -> Spoken:
        return Spoken(segment, self._moment(segment.first), self._moment(segment.last + 1))

    def _moment(self, frame: int) -> float:
        return self._zero + frame * FRAME / RATE
