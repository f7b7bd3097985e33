"""OpenAI's Whisper (Radford et al. 2022), loaded from a local file and set up for live use.

A checkpoint is always given by its path: the library downloads when it is given a name. A segment is decoded by one
greedy pass at temperature 0 (see `whisper_torch`); the library's `transcribe` repeats a doubtful decoding up to six
times, which takes too long during a show.

While a text is read aloud, the lines around the reader's place are the model's prompt. If the model then repeats itself
or is unsure, the segment is decoded once more without the prompt, and the more confident text is returned. In a free
show only the operator's own hint is a prompt: a list of the show's words raises the number of errors, since the model
takes what is in its prompt for what has been said.
"""

from __future__ import annotations

import importlib.util
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from installation.core.errors import ShowError
from installation.core.os_support import lower_thread_priority
from installation.core.paths import is_file, pip_install
from installation.speech.hallucination_filter import LIMITS
from installation.speech.interfaces import (
    SAMPLE_RATE,
    RecognizedText,
    Recognizer,
    RecognizerFactory,
    RecognizerRequest,
    Samples,
)
from installation.speech.recognizers.whisper_engine import WhisperEngine
from installation.speech.recognizers.whisper_files import (
    MULTILINGUAL,
    PUBLISHED,
    best_present,
    recommended,
    verify_checkpoint,
)
from installation.text.tokenization import words_of

MAX_PROMPT_TOKENS = 150  # the published models accept 223; each costs a little time
MIN_ECHO_WORDS = 3  # a text of this many words that is found in the operator's hint is an echo of it
MIN_LANGUAGE_PROBABILITY = 0.5  # of another language than the one that was spoken before
MIN_LANGUAGE_RATIO = 2.0  # to the probability of that one: Italian and Spanish sound alike
CLEAR_LANGUAGE_PROBABILITY = 0.8  # from here on, a foreign language is worth a report
MIN_LANGUAGE_SECONDS = 1.5  # of audio that such a report needs, with the pauses around the voice
INT8 = "-int8"  # after the name of a checkpoint: the same in 8-bit integers
LATE_SECONDS = 1.5  # a decoding that takes longer delays the show noticeably
_SENTENCE_ENDS = (".", "!", "?", "\u2026", "\u3002")


def create_from_file(path: Path, request: RecognizerRequest) -> Recognizer:
    """Create a recogniser from a checkpoint in openai-whisper's format. Raises ShowError if there is no such file."""
    if not is_file(path):
        raise ShowError(f"No speech model at {path}.")
    return WhisperRecognizer(path, request.languages, request.prompt, request.device)


def create_published(name: str, request: RecognizerRequest) -> Recognizer:
    """Create a recogniser from a published checkpoint in the models folder.

    Raises:
        ShowError: The file is missing or is not the published one, or it does not know the languages.
    """
    known = PUBLISHED[name.removesuffix(INT8)]
    path = request.models / known.file
    if known.english and request.languages != ("en",):
        raise ShowError(f"'{name}' knows English only: use {MULTILINGUAL}, or set language = \"en\" in [listen].")
    if not is_file(path):
        raise ShowError(f"No model '{name}' at {path}: get it with run_show.py fetch {name.removesuffix(INT8)}.")
    if request.device == "cpu" and known.cpu_seconds > LATE_SECONDS:
        request.report(f"{name} needs about {known.cpu_seconds:.1f} s per sentence without a GPU: text will be late.")
    verify_checkpoint(path, known, request.report)
    create = create_int8 if name.endswith(INT8) else create_from_file
    return create(path, request)


def create_int8(path: Path, request: RecognizerRequest) -> Recognizer:
    """Create an 8-bit recogniser from a checkpoint or a converted folder. Raises ShowError without ctranslate2."""
    if importlib.util.find_spec("ctranslate2") is None:
        raise ShowError(f"8-bit recognition needs the package ctranslate2: {pip_install('int8')}.")
    return Int8WhisperRecognizer(path, request.languages, request.prompt, request.device)


def create_best(request: RecognizerRequest) -> Recognizer:
    """Create a recogniser from the best checkpoint in the models folder. Raises ShowError if there is none."""
    name = best_present(request.models, request.device, request.languages)
    if not name:
        wanted = "speech" if not request.languages else " and ".join(f"'{each}'" for each in request.languages)
        raise ShowError(
            f"No Whisper model for {wanted} in {request.models}: get one with run_show.py fetch "
            f"{recommended(request.languages)}."
        )
    return create_published(name, request)


def is_present(request: RecognizerRequest) -> bool:
    """Return whether the models folder has a checkpoint for the requested device and languages."""
    return bool(best_present(request.models, request.device, request.languages))


PUBLISHED_FACTORIES: dict[str, RecognizerFactory] = {
    name: partial(create_published, name) for each in PUBLISHED for name in (each, f"{each}{INT8}")
}


@dataclass
class _Model:
    """A loaded checkpoint, which several recognisers may share."""

    engine: WhisperEngine
    lock: threading.Lock = field(default_factory=threading.Lock)  # torch's engine attaches a cache to the layers


class WhisperRecognizer(Recognizer):
    """A Whisper model that hears one language, a choice of languages, or any."""

    def __init__(self, path: Path, languages: Sequence[str] = ("en",), prompt: str = "", device: str = "cpu") -> None:
        """Configure the recogniser; `load` does the work.

        Args:
            path: A checkpoint in openai-whisper's format.
            languages: Two letters each; none: any language. Of several, the one that is heard is detected.
            prompt: The operator's hint, the first part of the model's prompt.
            device: cpu or cuda.
        """
        self.name = f"whisper ({path.stem})"
        self._path, self._languages, self._device = path, tuple(languages), device
        self._prompt = prompt
        self._shared: _Model | None = None
        self._loaded: _Model | None = None
        self._main_language = self._languages[0] if self._languages else "en"
        self._spoken = ""  # of several languages, the last one that was clearly heard
        self._utterance: int | None = None
        self._spoken_before, self._lines = "", self.context  # as they were when the utterance began

    def load(self, predecessor: Recognizer | None = None) -> None:
        """Load the checkpoint, or share that of a predecessor with the same file, and decode a second of silence."""
        if isinstance(predecessor, WhisperRecognizer) and predecessor._loaded:
            same = type(predecessor) is type(self) and predecessor._path == self._path
            self._shared = predecessor._loaded if same and predecessor._device == self._device else None
        lower_thread_priority()  # before torch starts threads, which inherit it: the picture comes first
        self.decode(np.zeros(SAMPLE_RATE, np.int16))
        self._spoken = ""  # silence has no language

    def decode(self, samples: Samples) -> RecognizedText:
        """Recognise a segment of up to 30 s."""
        self._begin()
        return self._decode(samples)

    def decode_partial(self, utterance: int, samples: Samples) -> RecognizedText:
        """Recognise the beginning of an utterance, or all of it."""
        if utterance != self._utterance:
            self._utterance = utterance
            self._begin()
        return self._decode(samples)

    decode_final = decode_partial

    def _begin(self) -> None:
        self._spoken_before, self._lines = self._spoken, self.context

    def _decode(self, samples: Samples) -> RecognizedText:
        began = time.perf_counter()
        model = self._ready()
        with model.lock:
            features = model.engine.encode(samples, self.abandoned)
            language, detected = self._hear_language(model.engine, features, len(samples) / SAMPLE_RATE)
            recognized = self._transcribe(model.engine, features, language)
        return replace(recognized, decode_seconds=time.perf_counter() - began, detected=detected)

    def _hear_language(self, engine: WhisperEngine, features: Any, seconds: float) -> tuple[str, str]:
        """Return the language to decode in, and another one that is clearly spoken instead, if any."""
        if len(engine.languages) == 1:
            return "en", ""
        if len(self._languages) == 1:
            best, probability = _most_probable(engine.language_probabilities(features, ()))
            foreign = best != self._main_language and probability >= CLEAR_LANGUAGE_PROBABILITY
            return self._main_language, best if foreign and seconds >= MIN_LANGUAGE_SECONDS else ""
        self._spoken = spoken_language(engine.language_probabilities(features, self._languages), self._spoken_before)
        return self._spoken or self._main_language, ""

    def _transcribe(self, engine: WhisperEngine, features: Any, language: str) -> RecognizedText:
        prompt = reading_prompt(self._prompt, self._lines, MAX_PROMPT_TOKENS, engine.count_tokens)
        recognized = engine.decode(features, language, prompt, self.abandoned)
        if prompt and is_misled(recognized, "" if self._lines else prompt):
            recognized = max(recognized, engine.decode(features, language, "", self.abandoned), key=_confidence)
        return recognized

    def _ready(self) -> _Model:
        if self._loaded is None:
            model = self._shared or _Model(self._load_engine(max(1, (os.cpu_count() or 2) // 2)))
            self._check_languages(model.engine)
            self._loaded = model
        return self._loaded

    def _load_engine(self, threads: int) -> WhisperEngine:
        """Load the model. `threads`: of one operation; the renderer needs the others. Raises ShowError."""
        if not is_file(self._path):
            raise ShowError(f"No speech model at {self._path}.")
        from installation.speech.recognizers.whisper_torch import TorchEngine

        return TorchEngine(self._path, self._device, threads)

    def _check_languages(self, engine: WhisperEngine) -> None:
        """Raise ShowError for a model that knows English only, where another language may be spoken."""
        if self._languages != ("en",) and len(engine.languages) == 1:
            wanted = ", ".join(self._languages) or "auto"
            raise ShowError(f"{self._path} supports English only: use a multilingual model for language = '{wanted}'.")


class Int8WhisperRecognizer(WhisperRecognizer):
    """The same in 8-bit integers (see `whisper_int8`)."""

    def __init__(self, path: Path, languages: Sequence[str] = ("en",), prompt: str = "", device: str = "cpu") -> None:
        """Configure the recogniser. `path`: a checkpoint, or a folder that was converted for faster-whisper."""
        super().__init__(path, languages, prompt, device)
        self.name = f"whisper ({path.stem}, 8 bit)"

    def _load_engine(self, threads: int) -> WhisperEngine:
        from installation.speech.recognizers.whisper_int8 import Int8Engine, convert_if_needed

        folder = self._path if self._path.is_dir() else convert_if_needed(self._path)
        return Int8Engine(folder, self._device, threads)


def reading_prompt(hint: str, lines: Sequence[str], limit: int, count_tokens: Callable[[str], int]) -> str:
    """Compose the model's prompt from the operator's hint and the lines around the reader's place.

    Args:
        hint: The operator's; its end is cut if it is too long.
        lines: They become sentences with full stops: anything else makes the model continue in the same unspoken style.
            The last ones are left out if they are too long.
        limit: The maximum length in tokens.
        count_tokens: Returns the length of a text in tokens.
    """
    parts = hint.split()
    while parts and count_tokens(" ".join(parts)) > limit:
        parts.pop()
    for line in lines:
        sentence = line.strip()
        sentence = sentence[:1].upper() + sentence[1:]
        sentence = sentence if sentence.endswith(_SENTENCE_ENDS) else f"{sentence.rstrip(',;:-')}."
        if count_tokens(" ".join([*parts, sentence])) > limit:
            break
        parts.append(sentence)
    return " ".join(parts)


def spoken_language(probabilities: dict[str, float], before: str) -> str:
    """Return the language that is spoken: `before`, unless another one is clearly more probable."""
    best, probability = _most_probable(probabilities)
    least = max(MIN_LANGUAGE_PROBABILITY, MIN_LANGUAGE_RATIO * probabilities.get(before, 0.0))
    return best if probability >= least else before


def _most_probable(probabilities: dict[str, float]) -> tuple[str, float]:
    return max(probabilities.items(), key=lambda item: item[1])


def is_misled(recognized: RecognizedText, hint: str) -> bool:
    """Return whether the prompt may have led the decoder astray: repetition, low confidence, or an echo of the hint.

    A text that is a part of the lines around the reader's place is no surprise: of those there is no hint.
    """
    said, given = words_of(recognized.text), words_of(hint)
    echo = len(said) >= MIN_ECHO_WORDS and any(given[i : i + len(said)] == said for i in range(len(given)))
    unrepetitive, confidence = _confidence(recognized)
    return echo or not unrepetitive or confidence < LIMITS.min_sentence_logprob


def _confidence(recognized: RecognizedText) -> tuple[bool, float]:
    """Sort key: text without repetition first, then by log-probability."""
    return recognized.compression_ratio <= LIMITS.max_compression_ratio, recognized.avg_logprob
