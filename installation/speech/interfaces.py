"""Interfaces of the speech pipeline: the audio format, the recogniser and what it returns."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from installation.core.speech_messages import GateMode, ReadingPosition, RecognizerHints
from installation.show.settings import ListenSettings
from installation.show.sound_settings import SoundSettings

SAMPLE_RATE = 16_000  # Hz, of all audio after the audio source
FRAME_SAMPLES = 512  # of one VAD frame: 32 ms

Samples = NDArray[np.int16]  # mono, 16 kHz, [n]
Quality = Literal[1, 2]  # 1: reliable for known text only; 2: reliable for any text


@dataclass(frozen=True)
class RecognizedText:
    """A recogniser's hypothesis. The defaults mean that the recogniser does not report the value.

    The confidence values are those of Whisper's decoder (Radford et al. 2022, section 4.5).
    """

    text: str
    no_speech_prob: float = 0.0  # 0..1
    avg_logprob: float = 0.0  # mean log-probability of the tokens
    compression_ratio: float = 1.0  # length of the text over its compressed length; high for repetitive text
    decode_seconds: float = 0.0
    language: str = ""  # two letters; of the text
    detected: str = ""  # two letters; a language that was clearly heard and is not that of the text


class DecodingAbandoned(Exception):
    """A decoding was given up, since `Recognizer.abandoned` returned True: its result is not needed any more."""


def never() -> bool:
    """Return False: nothing is given up."""
    return False


class Recognizer(ABC):
    """Speech to text. All calls come from one thread, one at a time.

    A subclass implements `decode`. One that can continue its search while the utterance grows sets `incremental` and
    overrides `decode_partial` and `decode_final` as well: both get all samples of the utterance so far, which begin
    with those of the previous call. Another utterance, or fewer samples than before, starts a new search.

    A decoding that takes long asks `abandoned` now and then, and raises DecodingAbandoned once that returns True.
    """

    name: str  # shown to the operator
    quality: Quality = 2
    incremental: bool = False  # cheap to feed often: partials are requested at a higher rate
    abandoned: Callable[[], bool] = staticmethod(never)  # may be asked from the thread that decodes
    context: tuple[
        str, ...
    ] = ()  # the lines of a text that are likely to be read next; holds from the next utterance on

    def load(self, predecessor: Recognizer | None = None) -> None:
        """Load the model and run it once, so that the first utterance is not delayed.

        Args:
            predecessor: The recogniser that this one replaces during a show. What it has loaded may be shared.

        Raises:
            ShowError: The model is missing, damaged or unsuitable.
        """
        del predecessor

    @abstractmethod
    def decode(self, samples: Samples) -> RecognizedText:
        """Recognise a complete segment of 30 s or less.

        The recogniser may adapt to the voice, but an unfinished utterance does not continue in this segment.
        """

    def decode_partial(self, utterance: int, samples: Samples) -> RecognizedText:
        """Recognise an utterance that may continue."""
        del utterance
        return self.decode(samples)

    def decode_final(self, utterance: int, samples: Samples) -> RecognizedText:
        """Recognise an utterance that has ended."""
        del utterance
        return self.decode(samples)


@dataclass(frozen=True)
class RecognizerRequest:
    """What a show asks of its recogniser."""

    models: Path  # folder of the downloaded models
    languages: tuple[str, ...] = ("en",)  # two letters each; empty: any language
    prompt: str = ""  # the operator's hint for the decoder
    hints: RecognizerHints = field(default_factory=RecognizerHints)
    device: str = "cpu"  # cpu or cuda
    report: Callable[[str], None] = lambda _message: None  # takes messages for the operator


RecognizerFactory = Callable[[RecognizerRequest], Recognizer]
"""Creates a recogniser without loading its model. Raises ShowError for a request that it cannot fulfil."""


@dataclass(frozen=True)
class SoundConfig:
    """What a sound worker starts with."""

    settings: SoundSettings
    audio: Path | None = None  # a recording instead of the device
    film_sound: Path | None = None  # the ring that films take their sound from


@dataclass(frozen=True)
class SpeechConfig:
    """What a speech worker starts with."""

    listening: ListenSettings
    models: Path  # the folder of fetched models
    hints: RecognizerHints = field(default_factory=RecognizerHints)
    position: ReadingPosition = field(default_factory=ReadingPosition)
    gate: GateMode = "auto"  # what is listened to at the start
    microphone: str = ""  # of several, the name of this one; its messages bear it
    audio: Path | None = None  # a recording instead of the microphone
    speed: float = 1.0  # of the recording; 0: as fast as it can be decoded
    film_sound: Path | None = None  # the ring that films take their sound from
    recognizer: Recognizer | None = None  # instead of the one that `listening` names
    sound: SoundSettings | None = None  # how the sound of the microphone is analysed as well; None: it is not

    @property
    def device(self) -> str:
        """Part of the microphone's name; empty: the default one."""
        return self.listening.devices[0]
