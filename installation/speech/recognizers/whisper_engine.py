"""What a Whisper recogniser needs of the library that computes the model."""

from __future__ import annotations

import importlib.util
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from installation.core.errors import ShowError, suggest
from installation.speech.interfaces import SAMPLE_RATE, DecodingAbandoned, RecognizedText, Samples

if TYPE_CHECKING:
    from whisper.tokenizer import Tokenizer

MAX_TOKENS = 64  # of a decoding, about 20 s of speech: bounds the time that a repetition loop takes
WINDOW_SECONDS = 10.0  # of the audio that is encoded, at least
MARGIN_SECONDS = 2.0  # of silence after the speech, at least
MAX_WINDOW_SECONDS = 30.0
POSITION_SAMPLES = 320  # of one position of the encoder: 10 ms frames, which its second convolution halves


class WhisperEngine(Protocol):
    """A loaded model. One decoding at a time."""

    languages: frozenset[str]  # two letters each; only "en" for the English models

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in tokens."""
        ...

    def encode(self, samples: Samples, abandoned: Callable[[], bool]) -> Any:
        """Encode a segment of up to 30 s: features for the other methods. May raise DecodingAbandoned."""
        ...

    def language_probabilities(self, features: Any, languages: Sequence[str]) -> dict[str, float]:
        """Return the probability of each language (none given: of all), which sum to 1."""
        ...

    def decode(self, features: Any, language: str, prompt: str, abandoned: Callable[[], bool]) -> RecognizedText:
        """Decode greedily at temperature 0. May raise DecodingAbandoned."""
        ...


def window_samples(samples: int) -> int:
    """Return the length to encode for so many samples of speech, a multiple of `POSITION_SAMPLES`.

    The library always encodes 30 s, whatever the length of the speech. Whisper's encoder uses absolute positions, so
    that the spectrogram and the positional embedding can simply be cut: 10 s cost 38 % of the time, with fewer errors
    on short sentences. Below 10 s the model, which has seen nothing but 30 s, starts to repeat itself; 12 s take a
    seventh more time for as many errors (48 instead of 47 of 638 words).
    """
    seconds = min(max(WINDOW_SECONDS, samples / SAMPLE_RATE + MARGIN_SECONDS), MAX_WINDOW_SECONDS)
    return round(seconds * SAMPLE_RATE) // POSITION_SAMPLES * POSITION_SAMPLES


def padded_audio(samples: Samples) -> NDArray[np.float32]:
    """Return the samples that are encoded, -1..1, with silence after the speech."""
    audio = np.zeros(window_samples(len(samples)), np.float32)
    kept = samples[: len(audio)]
    audio[: len(kept)] = kept / np.float32(32768.0)
    return audio


def load_tokenizer(multilingual: bool, num_languages: int, language: str) -> Tokenizer:
    """Load a tokenizer of the models, which the library caches."""
    with unclosed_vocabulary():
        tokenizer: Tokenizer = _tokenizers().get_tokenizer(multilingual, num_languages=num_languages, language=language)
        return tokenizer


@contextmanager
def unclosed_vocabulary() -> Iterator[None]:
    """Ignore that the library does not close its vocabulary file, which it reads once."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield


def check_languages(languages: Sequence[str]) -> None:
    """Raise ShowError for a language that no model knows; English needs no look."""
    if tuple(languages) == ("en",):
        return
    known: Mapping[str, str] = _tokenizers().LANGUAGES  # names by the letters
    for language in languages:
        if language not in known:
            raise ShowError(f"No recogniser has a language '{language}'; {suggest(language, known)}")


def library_folder() -> Path:
    """The folder of the library, which is not imported."""
    found = importlib.util.find_spec("whisper")
    if found is None or found.origin is None:
        raise ShowError("Whisper needs the Python package openai-whisper: pip install -r requirements.txt.")
    return Path(found.origin).parent


@cache
def _tokenizers() -> ModuleType:
    """The library's module of tokenizers, by itself: the whole library imports torch, which takes 400 MB."""
    spec = importlib.util.spec_from_file_location("whisper_tokenizers", library_folder() / "tokenizer.py")
    if spec is None or spec.loader is None:
        raise ShowError("The package openai-whisper is incomplete: pip install -r requirements.txt.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look for it there
    spec.loader.exec_module(module)
    return module


def check_abandoned(abandoned: Callable[[], bool]) -> None:
    """Raise DecodingAbandoned if the result is not needed any more."""
    if abandoned():
        raise DecodingAbandoned
