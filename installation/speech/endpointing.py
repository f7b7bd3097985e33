"""Endpointing: finds the beginning and the end of utterances from VAD probabilities.

A pure state machine: frames and probabilities in, events out. Speech starts after `start_seconds` above the start
threshold and ends after `end_seconds` below the lower end threshold (hysteresis).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, fields, replace
from itertools import pairwise

import numpy as np

from installation.core.speech_messages import GateMode
from installation.show.settings import ListenSettings
from installation.speech.interfaces import FRAME_SAMPLES, SAMPLE_RATE, Samples


@dataclass(frozen=True)
class EndpointingSettings:
    """Thresholds and durations; the probabilities are Silero VAD's. The names are those of `[listen]`."""

    start_probability: float = 0.5  # speech starts above this
    start_seconds: float = 0.064  # for this long
    end_probability: float = 0.35  # speech pauses below this
    end_seconds: float = 0.4  # and ends after a pause of this length
    speculate_seconds: float = 0.064  # a pause of this length, rare inside a sentence, is reported as a possible end
    preroll_seconds: float = 0.5  # audio kept from before the start
    least_seconds: float = 0.25  # of voice; a shorter utterance is dropped
    most_seconds: float = 12.0  # a longer utterance is split at its least probable frame


VENUES = {
    "quiet": EndpointingSettings(),
    "stage": EndpointingSettings(start_probability=0.6, start_seconds=0.096, end_probability=0.4, end_seconds=0.5),
    "crowd": EndpointingSettings(
        start_probability=0.75, start_seconds=0.128, end_probability=0.55, end_seconds=0.3, least_seconds=0.4
    ),
}


def endpointing_settings(listening: ListenSettings) -> EndpointingSettings:
    """Return the settings of the venue, overridden by those that the show file sets."""
    own = {field.name: getattr(listening, field.name, None) for field in fields(EndpointingSettings)}
    return replace(VENUES[listening.venue], **{name: value for name, value in own.items() if value is not None})


@dataclass(frozen=True)
class SpeechSegment:
    """The audio of an utterance, or of its beginning. Frames are numbered from the first one ever fed."""

    utterance: int
    samples: Samples  # [n]: pre-roll, speech, and the pause so far
    first_frame: int  # the first frame with voice
    last_frame: int  # the last frame with voice
    voice_probability: float  # mean from the first to the last frame with voice, long pauses excluded
    voice_seconds: float  # of frames above the start threshold

    @property
    def speech_key(self) -> tuple[int, int]:
        """Identifies the speech in the segment, whatever the length of the pause after it."""
        return self.utterance, self.last_frame


@dataclass(frozen=True)
class SpeechStarted:
    """An utterance has begun."""

    utterance: int
    first_frame: int


@dataclass(frozen=True)
class SpeechPaused:
    """The utterance may have ended: its segment is worth decoding speculatively."""

    segment: SpeechSegment


@dataclass(frozen=True)
class SpeechResumed:
    """The utterance goes on after a SpeechPaused."""

    utterance: int


@dataclass(frozen=True)
class SpeechEnded:
    """A complete utterance."""

    segment: SpeechSegment


@dataclass(frozen=True)
class SpeechDropped:
    """The utterance has ended with too little voice in it."""

    utterance: int
    reason: str


Event = SpeechStarted | SpeechPaused | SpeechResumed | SpeechEnded | SpeechDropped


@dataclass(frozen=True)
class _Frame:
    samples: Samples
    probability: float


class Endpointer:
    """Takes frames in order and returns the events that follow. Memory is bounded by `most_seconds`."""

    def __init__(self, settings: EndpointingSettings) -> None:
        self.settings = settings
        self.utterance = 0  # the number of the current or latest utterance
        self.speaking = False
        self._next_frame = 0
        self._preroll: deque[_Frame] = deque(maxlen=_frame_count(settings.preroll_seconds + settings.start_seconds))
        self._rising_frames = 0  # consecutive frames above the start threshold
        self._frames: list[_Frame] = []  # of the current utterance
        self._preroll_frames = 0  # of these, before the first voice
        self._pause_frames = 0  # since the last voice
        self._pause_reported = False

    def feed(self, samples: Samples, probability: float, gate: GateMode = "auto") -> list[Event]:
        """Take the next frame [512] with its probability of speech."""
        frame = _Frame(samples, probability)
        self._next_frame += 1
        if self.speaking:
            return [*self._extend(frame), *self._end(gate)]
        self._preroll.append(frame)
        self._rising_frames = self._rising_frames + 1 if probability > self.settings.start_probability else 0
        if gate == "shut":
            self._rising_frames = 0
        elif gate == "talk" or self._rising_frames >= _frame_count(self.settings.start_seconds):
            return [self._start(max(self._rising_frames, 1))]
        return []

    def flush(self) -> list[Event]:
        """End the current utterance at a discontinuity of the audio; the next frame follows nothing."""
        events = self._finish() if self.speaking else []
        self._preroll.clear()
        self._rising_frames = 0
        return events

    def segment(self) -> SpeechSegment:
        """Return the current utterance so far."""
        return self._segment(self._frames, self._next_frame - len(self._frames))

    @property
    def pausing(self) -> bool:
        """Whether the last frame was below the end threshold."""
        return self._pause_frames > 0

    def _start(self, voiced_frames: int) -> SpeechStarted:
        self.speaking, self._pause_reported, self._pause_frames, self._rising_frames = True, False, 0, 0
        self.utterance += 1
        self._frames = list(self._preroll)
        self._preroll_frames = len(self._frames) - voiced_frames
        self._preroll.clear()
        return SpeechStarted(self.utterance, self._next_frame - voiced_frames)

    def _extend(self, frame: _Frame) -> list[Event]:
        self._frames.append(frame)
        if frame.probability < self.settings.end_probability:
            self._pause_frames += 1
            if self._pause_reported or self._pause_frames < _frame_count(self.settings.speculate_seconds):
                return []
            self._pause_reported = True
            return [SpeechPaused(self.segment())]
        self._pause_frames = 0
        if not self._pause_reported:
            return []
        self._pause_reported = False
        return [SpeechResumed(self.utterance)]

    def _end(self, gate: GateMode) -> list[Event]:
        settings = self.settings
        if gate == "shut" or (gate == "auto" and self._pause_frames >= _frame_count(settings.end_seconds)):
            return self._finish()
        if len(self._frames) - self._preroll_frames >= _frame_count(settings.most_seconds):
            return self._split()
        return []

    def _finish(self) -> list[Event]:
        segment = self.segment()
        self.speaking = False
        pause = self._frames[len(self._frames) - self._pause_frames :]
        self._preroll.extend(pause)  # the next pre-roll must not repeat words of this utterance
        self._frames = []
        return [self._end_event(segment)]

    def _end_event(self, segment: SpeechSegment) -> Event:
        if segment.voice_seconds < self.settings.least_seconds:
            return SpeechDropped(segment.utterance, f"Only {segment.voice_seconds * 1000:.0f} ms of voice.")
        return SpeechEnded(segment)

    def _split(self) -> list[Event]:
        """End the utterance at the least probable frame of its second half; the rest starts another utterance."""
        middle = self._preroll_frames + (len(self._frames) - self._preroll_frames) // 2
        cut = middle + int(np.argmin([frame.probability for frame in self._frames[middle:]])) + 1
        first_frame = self._next_frame - len(self._frames)
        head = self._segment(self._frames[:cut], first_frame)
        self._frames, self._preroll_frames = self._frames[cut:], 0
        self._pause_reported, self._pause_frames = False, min(self._pause_frames, len(self._frames))
        self.utterance += 1
        return [self._end_event(head), SpeechStarted(self.utterance, first_frame + cut)]

    def _segment(self, frames: list[_Frame], first_frame: int) -> SpeechSegment:
        settings, lead = self.settings, self._preroll_frames
        probabilities = [frame.probability for frame in frames]
        voiced = [i for i in range(lead, len(frames)) if probabilities[i] >= settings.end_probability] or [lead]
        clearly_voiced = sum(probability > settings.start_probability for probability in probabilities[lead:])
        return SpeechSegment(
            utterance=self.utterance,
            samples=np.concatenate([frame.samples for frame in frames] or [np.zeros(0, np.int16)]),
            first_frame=first_frame + voiced[0],
            last_frame=first_frame + voiced[-1],
            voice_probability=_mean_probability(probabilities, voiced, _frame_count(settings.end_seconds)),
            voice_seconds=clearly_voiced * FRAME_SAMPLES / SAMPLE_RATE,
        )


def _mean_probability(probabilities: list[float], voiced: list[int], max_pause_frames: int) -> float:
    """Average over the voiced frames and the short pauses between them.

    Pauses longer than `max_pause_frames` exist only under push to talk and say nothing about the voice.
    """
    counted = list(voiced)
    for before, after in pairwise(voiced):
        if after - before <= max_pause_frames:
            counted += range(before + 1, after)
    return float(np.mean([probabilities[i] for i in counted if i < len(probabilities)] or [0.0]))


def _frame_count(seconds: float) -> int:
    """Convert a duration to the nearest number of frames, 1 or more."""
    return max(1, round(seconds * SAMPLE_RATE / FRAME_SAMPLES))
