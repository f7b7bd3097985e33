"""openai-whisper from a local file, with the settings of a live show.

Always by path: the library downloads at once when it is given a name. A decode is one window of 30 s, a single greedy
pass at temperature 0: the library's `transcribe` repeats a doubtful one up to six times, while people wait. The words
of the show are told to the model as if it had heard them just before (its "initial prompt"); where it then repeats
itself, or them, or is unsure, the same sound is decoded once more without, and the surer text counts.
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from installation.core.errors import ShowError, suggest
from installation.speech.interfaces import RATE, RecognizedText, Recognizer, Samples
from installation.text.tokenization import words_of

if TYPE_CHECKING:
    from whisper import Whisper
    from whisper.decoding import DecodingOptions, DecodingResult
    from whisper.tokenizer import Tokenizer

SAMPLE_LEN = 64  # tokens of a decode, at most: about 20 s of speech, and an end to a model that runs in circles
PROMPT_TOKENS = 150  # the published models take 223 before they forget the first; each costs a little time
COMPRESSION = 2.4  # above which a text repeats itself, and
LOGPROB = -1.0  # below which it is doubtful: the library's own limits
SHORTEST = 4  # letters of a word that is worth a hint
ECHO_WORDS = 3  # of the prompt, in a row and nothing else: nobody has said them
_DAMAGED = (RuntimeError, UnpicklingError, BadZipFile, EOFError, KeyError, TypeError, AttributeError, ValueError)


class WhisperRecognizer:
    """A Recognizer. `path`: a file in openai-whisper's own format.

    `prompt`: what the operator tells the model in advance. `words`: lines of the show, of which the rare words are told
    as well; only for models that were trained with prompts, as the published ones were.
    """

    def __init__(
        self,
        path: Path,
        language: str = "en",
        prompt: str = "",
        words: Sequence[str] = (),
        device: str = "cpu",
    ) -> None:
        self.name = f"whisper ({path.stem})"
        self._path = path
        self._language = language
        self._prompt, self._words = prompt, tuple(words)
        self._device = device
        self._model: Whisper | None = None
        self._loaded: tuple[Whisper, DecodingOptions] | None = None

    def warm(self) -> None:
        """Loads the file and decodes a second of silence. Raises ShowError for a file or a language that is none."""
        self.decode(np.zeros(RATE, np.int16))

    def decode(self, samples: Samples) -> RecognizedText:
        """The words of a piece of speech, as the model writes them, and what it thinks of them."""
        began = time.perf_counter()
        model, options = self._ready()
        from whisper import log_mel_spectrogram, pad_or_trim

        sound = pad_or_trim(samples.astype(np.float32) / 32768.0)
        mel = log_mel_spectrogram(sound, model.dims.n_mels, device=self._device)[None]
        encoded = model.embed_audio(mel.half() if options.fp16 else mel)
        (result,) = model.decode(encoded, options)
        if options.prompt and _doubtful(result, str(options.prompt)):
            result = max(result, *model.decode(encoded, replace(options, prompt=None)), key=_belief)
        return RecognizedText(
            result.text.strip(),
            no_speech=float(result.no_speech_prob),
            logprob=float(result.avg_logprob),
            seconds=time.perf_counter() - began,
            compression=float(result.compression_ratio) if result.text else 1.0,
        )

    def inherit(self, predecessor: Recognizer) -> None:
        """A model of the same file is there once: only what it is told differs."""
        if isinstance(predecessor, WhisperRecognizer) and predecessor._loaded:
            same = (predecessor._path, predecessor._device) == (self._path, self._device)
            self._model = predecessor._loaded[0] if same else None

    def _ready(self) -> tuple[Whisper, DecodingOptions]:
        if self._loaded is None:
            import torch

            torch.set_num_threads(max(1, (os.cpu_count() or 2) // 2))  # the pictures need the other half
            model = self._model or _model_of(self._path, self._device)
            tokenizer = _tokenizer(model, self._language)
            limit = min(PROMPT_TOKENS, model.dims.n_text_ctx // 2 - 1)
            told = initial_prompt(self._prompt, self._words, limit, lambda text: len(tokenizer.encode(f" {text}")))
            self._loaded = model, _options(model, self._language, told, self._path)
        return self._loaded


def initial_prompt(prompt: str, words: Sequence[str], limit: int, count: Callable[[str], int]) -> str:
    """What the model is told that it has heard before: the operator's own words, then the rare ones of the show.

    `count` gives the length of a text, of which `limit` is the most. The longest words of the show are taken first, and
    put into the show's order: short ones are common and need no hint. Too long a text of the operator's loses its end.
    """
    told = prompt.split()
    while told and count(" ".join(told)) > limit:
        told.pop()
    own = " ".join(told)
    in_order = list(dict.fromkeys(word for line in words for word in words_of(line)))
    kept: set[str] = set()
    room = limit - (count(own) if own else 0)
    for word in sorted((word for word in in_order if len(word) >= SHORTEST), key=len, reverse=True):
        room -= count(f"{word},")
        if room < 0:
            break
        kept.add(word)
    hint = ", ".join(word for word in in_order if word in kept)
    return " ".join(part for part in (own, hint) if part)


def _doubtful(result: DecodingResult, prompt: str) -> bool:
    """Whether the prompt may have led the model astray."""
    said, told = words_of(result.text), words_of(prompt)
    echo = len(said) >= ECHO_WORDS and any(told[i : i + len(said)] == said for i in range(len(told)))
    return echo or result.compression_ratio > COMPRESSION or result.avg_logprob < LOGPROB


def _belief(result: DecodingResult) -> tuple[bool, float]:
    """A text that does not repeat itself before one that does; then the surer one."""
    return result.compression_ratio <= COMPRESSION, result.avg_logprob


def _model_of(path: Path, device: str) -> Whisper:
    if not path.is_file():
        raise ShowError(f"No speech model at {path}.")
    import torch
    from whisper import load_model

    if device == "cuda" and not torch.cuda.is_available():
        raise ShowError('torch finds no CUDA card for Whisper here: [listen] compute = "cpu" needs none.')
    try:
        return load_model(str(path), device=device)
    except _DAMAGED as error:
        raise ShowError(f"{path} is no model of openai-whisper, or it is damaged ({type(error).__name__}).") from error


def _tokenizer(model: Whisper, language: str) -> Tokenizer:
    """The library's, which caches it: here and not in the first words, since it leaves a file to the collector."""
    from whisper.tokenizer import LANGUAGES, get_tokenizer

    if language not in LANGUAGES:
        raise ShowError(f"Whisper has no language '{language}'; {suggest(language, LANGUAGES)}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        return get_tokenizer(model.is_multilingual, num_languages=model.num_languages, language=language)


def _options(model: Whisper, language: str, prompt: str, path: Path) -> DecodingOptions:
    from whisper.decoding import DecodingOptions

    if language != "en" and not model.is_multilingual:
        raise ShowError(f"{path} hears English only: take a multilingual model for language = '{language}'.")
    return DecodingOptions(
        language=language,
        temperature=0.0,
        sample_len=SAMPLE_LEN,
        prompt=prompt or None,
        without_timestamps=True,
        fp16=model.device.type == "cuda",
    )
