"""The seams of hearing: what a recogniser is given and gives, and what the listener tells main."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

RATE = 16_000  # samples a second of everything after the capture
FRAME = 512  # samples of one frame of voice activity: 32 ms

Samples = NDArray[np.int16]  # mono, 16 kHz


@dataclass(frozen=True)
class RecognizedText:
    """What a recogniser made of a piece of speech."""

    text: str
    no_speech: float = 0.0  # probability that nobody spoke, 0..1; 0 where the recogniser does not say
    logprob: float = 0.0  # mean log probability of the tokens; 0 where the recogniser does not say
    seconds: float = 0.0  # that the decoding took
    compression: float = 1.0  # length of the text over its compressed length: high for a text that repeats itself


@runtime_checkable
class Recognizer(Protocol):
    """Speech in, words out. One call at a time."""

    name: str

    def warm(self) -> None:
        """Loads and tries everything, so that the first words do not wait. Raises ShowError for a bad model file."""
        ...

    def decode(self, samples: Samples) -> RecognizedText:
        """The words of a whole piece of speech, 30 s at most."""
        ...


@runtime_checkable
class HintedRecognizer(Recognizer, Protocol):
    """A Recognizer that searches an utterance while it is spoken, every sample once.

    `samples` begin with those that it was given of this utterance before: it goes on after them. Of another utterance,
    and where there are fewer, since it was cut, it begins anew.
    """

    def follow(self, utterance: int, samples: Samples) -> RecognizedText:
        """The words so far of an utterance that may go on."""
        ...

    def finish(self, utterance: int, samples: Samples) -> RecognizedText:
        """The words of an utterance that is whole."""
        ...


@runtime_checkable
class SuccessorRecognizer(Protocol):
    """A Recognizer that may follow another one in the middle of a show."""

    def inherit(self, predecessor: Recognizer) -> None:
        """Takes over what that one has loaded, where it would load the same."""
        ...
