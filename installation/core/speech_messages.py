"""What processes tell each other about what is heard and said: speech, microphones, sound, lines that are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PITCHES = 12  # pitch classes: C, C sharp, D and so on
GateMode = Literal["auto", "talk", "shut"]  # voice activity decides; everything is speech; nothing is


@dataclass(frozen=True)
class SoundFeatures:
    """What the sound does at a moment; levels are 0..1 of what has been usual lately, and 0 in silence."""

    loudness: float = 0.0
    low: float = 0.0  # below 200 Hz
    mid: float = 0.0
    high: float = 0.0  # above 2 kHz
    onset: float = 0.0  # strength of the last onset, which fades
    onsets: int = 0  # since the start, so that none is missed
    chroma: tuple[float, ...] = (0.0,) * PITCHES  # of each pitch class, C first
    bpm: float = 0.0  # beats per minute; 0: no beat is heard
    beat_at: float = 0.0  # time of a recent beat, seconds of clock.now
    at: float = 0.0  # of the sound, seconds of clock.now


@dataclass(frozen=True)
class WriteLine:
    """Main asks the writer for a line that follows `lines`."""

    number: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class LineWritten:
    """The answer to the `WriteLine` of that number; "" if nothing usable was written."""

    number: int
    text: str


@dataclass(frozen=True)
class Transcription:
    """Recognised speech. A partial is replaced by the next one; finals come in order, each once."""

    utterance: int  # counts up; a final has the same number as its partials
    text: str
    final: bool
    stable: int = 0  # of a partial: how many leading characters will not change any more
    began: float = 0.0  # first frame with voice, seconds of clock.now
    ended: float = 0.0  # last frame with voice; 0 while it continues
    recognizer: str = ""
    language: str = ""  # two letters; empty: that of the show
    weak: bool = False  # of a final: there is reason to doubt the words
    microphone: str = ""  # its name in the show file, where there are several


@dataclass(frozen=True)
class SpeechRejected:
    """Sound that was rejected as speech, and why."""

    utterance: int
    text: str  # what the recogniser returned, if it ran
    reason: str  # one short sentence
    microphone: str = ""


@dataclass(frozen=True)
class LiveCaption:
    """Words that are being said, for the audience; without text the caption of the prompt is shown."""

    text: str = ""
    stable: int = 0  # how many leading characters are certain; the others are dimmed


@dataclass(frozen=True)
class MicrophoneGate:
    """What the speech worker listens to from now on."""

    mode: GateMode


@dataclass(frozen=True)
class RecognizerHints:
    """What the recogniser should expect from now on."""

    words: tuple[str, ...] = ()  # lines of the show
    known: bool = False  # a text is read aloud: little else will be said
    commands: tuple[str, ...] = ()  # voice commands


@dataclass(frozen=True)
class ReadingPosition:
    """The lines around the place that a reader has reached; none while no text is followed."""

    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class AudioStarted:
    """An audio file has begun to play in the place of a microphone or a line input."""

    name: str  # of the file, without its folder
    at: float  # seconds of `clock.now`


@dataclass(frozen=True)
class SentenceSpoken:
    """A sentence was recognised: recordings have it as a subtitle. The times of its voice are seconds of clock.now."""

    text: str
    began: float
    ended: float
