"""OpenAI's Whisper (Radford et al. 2022), loaded from a local file and set up for live use.

A checkpoint is always given by its path: the library downloads when it is given a name. A segment is decoded in one
30 s window by one greedy pass at temperature 0; the library's `transcribe` repeats a doubtful decoding up to six times,
which takes too long during a show. The show's words are given to the model as its initial prompt. If the model then
repeats itself or the prompt, or is unsure, the segment is decoded once more without the prompt, and the more confident
text is returned.
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from installation.core.errors import ShowError, suggest
from installation.core.paths import is_file
from installation.speech.interfaces import (
    SAMPLE_RATE,
    RecognizedText,
    Recognizer,
    RecognizerFactory,
    RecognizerRequest,
    Samples,
)
from installation.speech.recognizers.whisper_files import PREFERRED, PUBLISHED, best_present, verify_checkpoint
from installation.text.tokenization import words_of

if TYPE_CHECKING:
    from whisper import Whisper
    from whisper.decoding import DecodingOptions, DecodingResult
    from whisper.tokenizer import Tokenizer

MAX_TOKENS = 64  # of a decoding, about 20 s of speech: bounds the time that a repetition loop takes
MAX_PROMPT_TOKENS = 150  # the published models accept 223; each costs a little time
MAX_COMPRESSION_RATIO = 2.4  # a higher ratio means repetitive text; the library's threshold
MIN_AVG_LOGPROB = -1.0  # a lower value means an unsure decoding; the library's threshold
MIN_HINT_LETTERS = 4  # shorter words are common and need no hint
MIN_ECHO_WORDS = 3  # a text of this many words that is found in the prompt is an echo of it
LATE_SECONDS = 1.5  # a decoding that takes longer delays the show noticeably
MULTILINGUAL_MODEL = "turbo"
_LOAD_ERRORS = (
    RuntimeError,
    UnpicklingError,
    BadZipFile,
    EOFError,
    KeyError,
    TypeError,
    AttributeError,
    ValueError,
)  # what torch and the library raise for files that are damaged or no checkpoints


def create_from_file(path: Path, request: RecognizerRequest) -> Recognizer:
    """Create a recogniser from a checkpoint in openai-whisper's format. Raises ShowError if there is no such file."""
    if not is_file(path):
        raise ShowError(f"No speech model at {path}.")
    published = path.name in {model.file for model in PUBLISHED.values()}
    words = request.hints.words if published else ()  # another model may not have been trained with prompts
    return WhisperRecognizer(path, request.language, request.prompt, words, request.device)


def create_published(name: str, request: RecognizerRequest) -> Recognizer:
    """Create a recogniser from a published checkpoint in the models folder.

    Raises:
        ShowError: The file is missing or is not the published one.
    """
    known = PUBLISHED[name]
    path = request.models / known.file
    if not is_file(path):
        raise ShowError(f"No model '{name}' at {path}: get it with run_show.py fetch {name}.")
    if request.device == "cpu" and known.cpu_seconds > LATE_SECONDS:
        request.report(f"{name} needs about {known.cpu_seconds:.1f} s per sentence without a GPU: text will be late.")
    verify_checkpoint(path, known, request.report)
    return create_from_file(path, request)


def create_best(request: RecognizerRequest) -> Recognizer:
    """Create a recogniser from the best checkpoint in the models folder. Raises ShowError if there is none."""
    name = best_present(request.models, request.device, request.language)
    if not name:
        best = PREFERRED["cpu"][0] if request.language == "en" else MULTILINGUAL_MODEL
        raise ShowError(
            f"No Whisper model for '{request.language}' in {request.models}: get one with run_show.py fetch {best}."
        )
    return create_published(name, request)


def is_present(request: RecognizerRequest) -> bool:
    """Return whether the models folder has a checkpoint for the requested device and language."""
    return bool(best_present(request.models, request.device, request.language))


PUBLISHED_FACTORIES: dict[str, RecognizerFactory] = {name: partial(create_published, name) for name in PUBLISHED}


class WhisperRecognizer(Recognizer):
    """A Whisper model with an initial prompt."""

    def __init__(
        self,
        path: Path,
        language: str = "en",
        prompt: str = "",
        words: Sequence[str] = (),
        device: str = "cpu",
    ) -> None:
        """Configure the recogniser; `load` does the work.

        Args:
            path: A checkpoint in openai-whisper's format.
            language: Two letters.
            prompt: The operator's hint, the first part of the initial prompt.
            words: Lines of the show, whose longer words follow it. Only for models trained with prompts.
            device: cpu or cuda.
        """
        self.name = f"whisper ({path.stem})"
        self._path, self._language, self._device = path, language, device
        self._prompt, self._words = prompt, tuple(words)
        self._shared_model: Whisper | None = None
        self._loaded: tuple[Whisper, DecodingOptions] | None = None

    def load(self, predecessor: Recognizer | None = None) -> None:
        """Load the checkpoint, or share that of a predecessor with the same file, and decode a second of silence."""
        if isinstance(predecessor, WhisperRecognizer) and predecessor._loaded:
            same = (predecessor._path, predecessor._device) == (self._path, self._device)
            self._shared_model = predecessor._loaded[0] if same else None
        self.decode(np.zeros(SAMPLE_RATE, np.int16))

    def decode(self, samples: Samples) -> RecognizedText:
        """Recognise a segment of up to 30 s."""
        began = time.perf_counter()
        model, options = self._ready()
        from whisper import log_mel_spectrogram, pad_or_trim

        audio = pad_or_trim(samples.astype(np.float32) / 32768.0)
        mel = log_mel_spectrogram(audio, model.dims.n_mels, device=self._device)[None]  # [1, mels, frames]
        features = model.embed_audio(mel.half() if options.fp16 else mel)
        (result,) = model.decode(features, options)
        if options.prompt and _misled(result, str(options.prompt)):
            result = max(result, *model.decode(features, replace(options, prompt=None)), key=_confidence)
        return RecognizedText(
            result.text.strip(),
            no_speech_prob=float(result.no_speech_prob),
            avg_logprob=float(result.avg_logprob),
            compression_ratio=float(result.compression_ratio) if result.text else 1.0,
            decode_seconds=time.perf_counter() - began,
        )

    def _ready(self) -> tuple[Whisper, DecodingOptions]:
        if self._loaded is None:
            import torch

            torch.set_num_threads(max(1, (os.cpu_count() or 2) // 2))  # the renderer needs the other half
            model = self._shared_model or _load_model(self._path, self._device)
            tokenizer = _load_tokenizer(model, self._language)
            limit = min(MAX_PROMPT_TOKENS, model.dims.n_text_ctx // 2 - 1)
            prompt = initial_prompt(self._prompt, self._words, limit, lambda text: len(tokenizer.encode(f" {text}")))
            self._loaded = model, _decoding_options(model, self._language, prompt, self._path)
        return self._loaded


def initial_prompt(prompt: str, lines: Sequence[str], limit: int, count_tokens: Callable[[str], int]) -> str:
    """Compose the initial prompt from the operator's hint and the long words of the show.

    Args:
        prompt: The operator's hint; its end is cut if it is too long.
        lines: The show's text. Its longest words are taken first, as short ones are common, and listed in their order.
        limit: The maximum length in tokens.
        count_tokens: Returns the length of a text in tokens.
    """
    hint_words = prompt.split()
    while hint_words and count_tokens(" ".join(hint_words)) > limit:
        hint_words.pop()
    hint = " ".join(hint_words)
    in_order = list(dict.fromkeys(word for line in lines for word in words_of(line)))
    kept: set[str] = set()
    room = limit - (count_tokens(hint) if hint else 0)
    for word in sorted((word for word in in_order if len(word) >= MIN_HINT_LETTERS), key=len, reverse=True):
        room -= count_tokens(f"{word},")
        if room < 0:
            break
        kept.add(word)
    vocabulary = ", ".join(word for word in in_order if word in kept)
    return " ".join(part for part in (hint, vocabulary) if part)


def _misled(result: DecodingResult, prompt: str) -> bool:
    """Whether the prompt may have led the decoder astray: an echo of it, repetition, or low confidence."""
    said, given = words_of(result.text), words_of(prompt)
    echo = len(said) >= MIN_ECHO_WORDS and any(given[i : i + len(said)] == said for i in range(len(given)))
    return echo or result.compression_ratio > MAX_COMPRESSION_RATIO or result.avg_logprob < MIN_AVG_LOGPROB


def _confidence(result: DecodingResult) -> tuple[bool, float]:
    """Sort key: text without repetition first, then by log-probability."""
    return result.compression_ratio <= MAX_COMPRESSION_RATIO, result.avg_logprob


def _load_model(path: Path, device: str) -> Whisper:
    if not is_file(path):
        raise ShowError(f"No speech model at {path}.")
    import torch
    from whisper import load_model

    if device == "cuda" and not torch.cuda.is_available():
        raise ShowError('there is no CUDA device for Whisper: set compute = "cpu" in [listen].')
    try:
        return load_model(str(path), device=device)
    except _LOAD_ERRORS as error:
        raise ShowError(f"{path} is damaged or not a Whisper checkpoint ({type(error).__name__}).") from error


def _load_tokenizer(model: Whisper, language: str) -> Tokenizer:
    """Load the tokenizer, which the library caches, so that the first decoding does not."""
    from whisper.tokenizer import LANGUAGES, get_tokenizer

    if language not in LANGUAGES:
        raise ShowError(f"Whisper has no language '{language}'; {suggest(language, LANGUAGES)}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the library does not close its vocabulary file
        return get_tokenizer(model.is_multilingual, num_languages=model.num_languages, language=language)


def _decoding_options(model: Whisper, language: str, prompt: str, path: Path) -> DecodingOptions:
    from whisper.decoding import DecodingOptions

    if language != "en" and not model.is_multilingual:
        raise ShowError(f"{path} supports English only: use a multilingual model for language = '{language}'.")
    return DecodingOptions(
        language=language,
        temperature=0.0,
        sample_len=MAX_TOKENS,
        prompt=prompt or None,
        without_timestamps=True,
        fp16=model.device.type == "cuda",
    )
