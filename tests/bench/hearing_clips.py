"""Clips of speech with their texts, how far what is heard differs from them, and what a measurement is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
from platformdirs import user_cache_path

from installation.speech.audio_file import decode_audio_file
from installation.speech.interfaces import Samples
from installation.speech.recognizers.whisper import WhisperRecognizer
from installation.text.tokenization import tokens
from installation.text.word_similarity import edit_distance
from tests.speech import flite, pico
from tests.speech.real_whisper import real_whisper

QUICK_CLIPS = 2
SPELLINGS = {"harbor": "harbour", "gray": "grey", "color": "colour", "theater": "theatre"}
HUMAN = user_cache_path("laterna-tests") / "human"
VOICES = ("rms", "slt", "pico")  # the first two are flite's

Clip = tuple[str, Samples]
Result = dict[str, Any]  # of a part, as JSON holds it
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

    def some(self, of: Sequence[T]) -> Sequence[T]:
        """All of them, or the first ones where it has to be quick."""
        return of[:QUICK_CLIPS] if self.quick else of


@dataclass(frozen=True)
class Measurement:
    """Parts that are measured one by one, and what they say together."""

    parts: Mapping[str, Callable[[Options], Result]]
    rows: Callable[[Mapping[str, Result]], Iterator[Row]]  # of the parts that have been measured, by name


def synthesized(text: str, voice: str) -> Samples:
    """The text by one of `VOICES`."""
    return pico.synthesize(text, "en") if voice == "pico" else flite.synthesize(text, voice)


def human_clips() -> list[Clip]:
    """Recordings of people with their transcripts; none if there is no such folder."""
    return [
        (path.with_suffix(".txt").read_text().strip(), np.concatenate([*decode_audio_file(path)]))
        for path in sorted(HUMAN.glob("*.wav"))
    ]


def words(text: str) -> list[str]:
    """The words of a text, in one spelling."""
    return [SPELLINGS.get(word, word) for word in tokens(text)]


def word_errors(pairs: Iterable[tuple[str, str]]) -> Result:
    """The number of word errors, and of words, over pairs of what was said and what was heard."""
    split = [(words(said), words(heard)) for said, heard in pairs]
    errors = sum(edit_distance(said, heard) for said, heard in split)
    return {"errors": errors, "words": sum(len(said) for said, _ in split)}


def rate(result: Result) -> str:
    """The word error rate."""
    return f"{result['errors'] / result['words']:.1%}" if result["words"] else "no clips"


def quantiles(values: Sequence[float], unit: str = "") -> str:
    """Median and 95th percentile."""
    return " / ".join(f"{value:.2f}{unit}" for value in np.percentile(values, [50, 95])) if values else "none"


def total(results: Mapping[str, Result], key: str) -> Any:
    """The sum of a figure, or the lists in a row, over the parts."""
    found = [result[key] for result in results.values()]
    return [each for listed in found for each in listed] if isinstance(found[0], list) else sum(found)


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
