"""Where speech begins and ends: frames and probabilities in, events out. No clock, no device, no recogniser."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Literal

import numpy as np

from installation.show.settings import ListenSettings
from installation.speech.interfaces import FRAME, RATE, Samples

Gate = Literal["auto", "talk", "shut"]  # by the voice; the key is held; nothing is heard


@dataclass(frozen=True)
class Endpointing:
    """What counts as speech. Probabilities are Silero's."""

    start_probability: float = 0.5  # speech begins when it was above this
    start_seconds: float = 0.064  # for so long
    end_probability: float = 0.35  # and pauses while it is below this
    end_seconds: float = 0.4  # a pause of that length is the end
    speculate_seconds: float = 0.2  # a pause of that length may become the end
    preroll_seconds: float = 0.5  # kept from before the beginning
    least_seconds: float = 0.25  # of voice
    most_seconds: float = 12.0  # then it is cut at its least likely moment


VENUES = {
    "quiet": Endpointing(),
    "stage": Endpointing(start_probability=0.6, start_seconds=0.096, end_probability=0.4, end_seconds=0.5),
    "crowd": Endpointing(
        start_probability=0.75, start_seconds=0.128, end_probability=0.55, end_seconds=0.3, least_seconds=0.4
    ),
}


def endpointing(listening: ListenSettings) -> Endpointing:
    """The venue's values, and those that the show file sets itself."""
    own = {field.name: getattr(listening, field.name, None) for field in fields(Endpointing)}
    return replace(VENUES[listening.venue], **{name: value for name, value in own.items() if value is not None})


@dataclass(frozen=True)
class Segment:
    """A piece of sound with speech in it."""

    utterance: int
    samples: Samples  # pre-roll, speech, and the pause so far
    first: int  # number of the voice's first frame, counted from the first frame ever fed
    last: int  # of its last one
    voice: float  # mean probability of voice from first to last, long pauses left out
    voice_seconds: float  # of frames that are surely voice

    @property
    def key(self) -> tuple[int, int]:
        """The same for two segments with the same speech, however long the pause after it."""
        return self.utterance, self.last


@dataclass(frozen=True)
class SpeechStarted:
    """Somebody speaks."""

    utterance: int
    first: int  # number of the voice's first frame


@dataclass(frozen=True)
class SpeechMayHaveEnded:
    """A pause that may become the end: worth decoding now."""

    segment: Segment


@dataclass(frozen=True)
class SpeechResumed:
    """It was not the end."""

    utterance: int


@dataclass(frozen=True)
class SpeechEnded:
    """A whole piece of speech."""

    segment: Segment


@dataclass(frozen=True)
class SpeechDropped:
    """It was nothing."""

    utterance: int
    reason: str


Event = SpeechStarted | SpeechMayHaveEnded | SpeechResumed | SpeechEnded | SpeechDropped


@dataclass(frozen=True)
class _Frame:
    samples: Samples
    probability: float


class Endpointer:
    """Fed with frames of 512 samples in order; tells what they mean. Bounded by `most_seconds`."""

    def __init__(self, settings: Endpointing) -> None:
        self.settings = settings
        self.utterance = 0  # the latest that began
        self.speaking = False
        self._number = 0  # of the next frame
        self._recent: deque[_Frame] = deque(maxlen=_frames(settings.preroll_seconds + settings.start_seconds))
        self._rising = 0  # frames above the start's probability, in a row
        self._frames: list[_Frame] = []  # of the present utterance
        self._lead = 0  # how many of them come before its first voice
        self._pause = 0  # frames since the last voice
        self._maybe = False

    def feed(self, samples: Samples, probability: float, gate: Gate = "auto") -> list[Event]:
        """The next frame [512] and its probability of voice; what follows from it, in order."""
        frame = _Frame(samples, probability)
        self._number += 1
        if self.speaking:
            return [*self._go_on(frame), *self._after(gate)]
        self._recent.append(frame)
        self._rising = self._rising + 1 if probability > self.settings.start_probability else 0
        if gate == "shut":
            self._rising = 0
        elif gate == "talk" or self._rising >= _frames(self.settings.start_seconds):
            return [self._begin(max(self._rising, 1))]
        return []

    def cut(self) -> list[Event]:
        """The sound breaks off: what is there is all there will be, and the next frame follows nothing."""
        events = self._finish() if self.speaking else []
        self._recent.clear()
        self._rising = 0
        return events

    def segment(self) -> Segment:
        """What the present utterance consists of so far."""
        return self._segment(self._frames, self._number - len(self._frames))

    @property
    def pausing(self) -> bool:
        """Whether the speaker is silent just now."""
        return self._pause > 0

    def _begin(self, voiced: int) -> SpeechStarted:
        self.speaking, self._maybe, self._pause, self._rising = True, False, 0, 0
        self.utterance += 1
        self._frames = list(self._recent)
        self._lead = len(self._frames) - voiced
        self._recent.clear()
        return SpeechStarted(self.utterance, self._number - voiced)

    def _go_on(self, frame: _Frame) -> list[Event]:
        self._frames.append(frame)
        if frame.probability < self.settings.end_probability:
            self._pause += 1
            if self._maybe or self._pause < _frames(self.settings.speculate_seconds):
                return []
            self._maybe = True
            return [SpeechMayHaveEnded(self.segment())]
        self._pause = 0
        if not self._maybe:
            return []
        self._maybe = False
        return [SpeechResumed(self.utterance)]

    def _after(self, gate: Gate) -> list[Event]:
        if gate == "shut" or (gate == "auto" and self._pause >= _frames(self.settings.end_seconds)):
            return self._finish()
        if len(self._frames) - self._lead >= _frames(self.settings.most_seconds):
            return self._split()
        return []

    def _finish(self) -> list[Event]:
        segment = self.segment()
        self.speaking = False
        self._recent.extend(self._frames[len(self._frames) - self._pause :])  # a pre-roll never repeats spoken words
        self._frames = []
        return [self._judge(segment)]

    def _judge(self, segment: Segment) -> Event:
        if segment.voice_seconds < self.settings.least_seconds:
            return SpeechDropped(segment.utterance, f"only {segment.voice_seconds * 1000:.0f} ms of voice")
        return SpeechEnded(segment)

    def _split(self) -> list[Event]:
        """Cuts at the least likely frame of the second half; what follows is an utterance of its own."""
        middle = self._lead + (len(self._frames) - self._lead) // 2
        at = middle + int(np.argmin([frame.probability for frame in self._frames[middle:]])) + 1
        begins = self._number - len(self._frames)
        done = self._segment(self._frames[:at], begins)
        self._frames, self._lead = self._frames[at:], 0
        self._maybe, self._pause = False, min(self._pause, len(self._frames))
        self.utterance += 1
        return [self._judge(done), SpeechStarted(self.utterance, begins + at)]

    def _segment(self, frames: list[_Frame], begins: int) -> Segment:
        spoken = [frame.probability for frame in frames]
        settings = self.settings
        voiced = [i for i in range(self._lead, len(spoken)) if spoken[i] >= settings.end_probability] or [self._lead]
        return Segment(
            utterance=self.utterance,
            samples=np.concatenate([frame.samples for frame in frames] or [np.zeros(0, np.int16)]),
            first=begins + voiced[0],
            last=begins + voiced[-1],
            voice=_mean_voice(spoken, voiced, _frames(settings.end_seconds)),
            voice_seconds=sum(p > settings.start_probability for p in spoken[self._lead :]) * FRAME / RATE,
        )


def _mean_voice(spoken: list[float], voiced: list[int], longest_pause: int) -> float:
    """Over the voice and its short pauses; those that a held key alone has kept from being an end do not count."""
    counted = list(voiced)
    for before, after in pairwise(voiced):
        if after - before <= longest_pause:
            counted += range(before + 1, after)
    return float(np.mean([spoken[i] for i in counted if i < len(spoken)] or [0.0]))


def _frames(seconds: float) -> int:
    """The number of frames that come nearest, one at least."""
    return max(1, round(seconds * RATE / FRAME))
