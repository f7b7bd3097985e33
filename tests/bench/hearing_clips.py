"""Clips of speech with their texts, and how far what is heard differs from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
from platformdirs import user_cache_path

from installation.speech.audio_file import decode_audio_file
from installation.speech.interfaces import Recognizer, Samples
from installation.speech.recognizers.whisper import WhisperRecognizer
from installation.text.tokenization import tokens
from installation.text.word_similarity import edit_distance
from tests.speech import flite, pico
from tests.speech.real_whisper import real_whisper

QUICK_CLIPS = 3
SPELLINGS = {"harbor": "harbour", "gray": "grey", "color": "colour", "theater": "theatre"}
HUMAN = user_cache_path("laterna-tests") / "human"

Clip = tuple[str, Samples]
T = TypeVar("T")


class Row(NamedTuple):
    """A figure, and whether it reaches its target; None: it has none."""

    what: str
    figure: str
    target: str = ""
    holds: bool | None = None


@dataclass(frozen=True)
class Options:
    """The command line."""

    recognizer: type[WhisperRecognizer]
    quick: bool

    def load(self, *languages: str) -> WhisperRecognizer:
        """A loaded recogniser of these languages."""
        recognizer = self.recognizer(real_whisper(), languages)
        recognizer.load()
        return recognizer

    def some(self, of: Sequence[T], count: int = QUICK_CLIPS) -> Sequence[T]:
        """All of them, or the first ones where it has to be quick."""
        return of[:count] if self.quick else of


def spoken(texts: Sequence[str], voices: Iterable[str] = ("rms", "slt", "pico")) -> Iterator[tuple[str, list[Clip]]]:
    """The texts by each voice."""
    for voice in voices:
        if voice == "pico":
            yield voice, [(text, pico.synthesize(text, "en")) for text in texts]
        else:
            yield f"flite {voice}", [(text, flite.synthesize(text, voice)) for text in texts]


def human_clips() -> list[Clip]:
    """Recordings of people with their transcripts; none if there is no such folder."""
    return [
        (path.with_suffix(".txt").read_text().strip(), np.concatenate([*decode_audio_file(path)]))
        for path in sorted(HUMAN.glob("*.wav"))
    ]


def words(text: str) -> list[str]:
    """The words of a text, in one spelling."""
    return [SPELLINGS.get(word, word) for word in tokens(text)]


def word_error(pairs: Iterable[tuple[str, str]]) -> float:
    """The word error rate over pairs of what was said and what was heard."""
    split = [(words(said), words(heard)) for said, heard in pairs]
    return sum(edit_distance(said, heard) for said, heard in split) / sum(len(said) for said, _ in split)


def word_error_of(recognizer: Recognizer, clips: Sequence[Clip]) -> float:
    """The word error rate of a recogniser over clips."""
    return word_error((text, recognizer.decode(samples).text) for text, samples in clips)


def noisy(samples: Samples, decibels: float) -> Samples:
    """Add pink noise at a signal-to-noise ratio."""
    return mixed(samples, pink_noise(len(samples)), decibels)


def pink_noise(count: int, seed: int = 1) -> np.ndarray:
    """So many samples of noise whose power falls with the frequency."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=count))
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1)), count)


def mixed(samples: Samples, other: np.ndarray, decibels: float) -> Samples:
    """Add another sound, so many decibels quieter."""
    other = np.resize(other.astype(np.float64), len(samples))
    voice = samples.astype(np.float64)
    scale = np.sqrt((voice**2).mean() / (other**2).mean()) * 10 ** (-decibels / 20)
    both: Samples = np.clip(voice + scale * other, -32768, 32767).astype(np.int16)
    return both
