"""Whisper computed by torch, from a checkpoint in openai-whisper's format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from zipfile import BadZipFile

import torch
import torch.nn.functional as F
from torch import Tensor
from whisper import Whisper, load_model
from whisper.audio import log_mel_spectrogram
from whisper.decoding import DecodingOptions, DecodingTask, LogitFilter
from whisper.tokenizer import get_tokenizer

from installation.core.errors import ShowError
from installation.speech.interfaces import RecognizedText, Samples
from installation.speech.recognizers.whisper_engine import (
    MAX_TOKENS,
    check_abandoned,
    padded_audio,
    unclosed_vocabulary,
)

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


def load_checkpoint(path: Path, device: str) -> Whisper:
    """Load a checkpoint. Raises ShowError if it is damaged or of another kind, or if there is no such device."""
    if device == "cuda" and not torch.cuda.is_available():
        raise ShowError('there is no CUDA device for Whisper: set compute = "cpu" in [listen].')
    try:
        return load_model(str(path), device=device)
    except _LOAD_ERRORS as error:
        raise ShowError(f"{path} is damaged or not a Whisper checkpoint ({type(error).__name__}).") from error


class TorchEngine:
    """A WhisperEngine in single precision, or in half precision on a GPU."""

    def __init__(self, path: Path, device: str, threads: int) -> None:
        """Load the checkpoint. `threads`: of one operation on a CPU. Raises ShowError."""
        torch.set_num_threads(threads)
        self._model = load_checkpoint(path, device)
        multilingual, count = self._model.is_multilingual, self._model.num_languages
        with unclosed_vocabulary():
            self._tokenizer = get_tokenizer(multilingual, num_languages=count, language="en")
        self.languages = frozenset(self._tokenizer.all_language_codes if multilingual else ("en",))

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in tokens."""
        return len(self._tokenizer.encode(f" {text}"))

    @torch.no_grad()
    def encode(self, samples: Samples, abandoned: Callable[[], bool]) -> Tensor:
        """Encode a segment of up to 30 s. Returns features, [1, positions, width]. May raise DecodingAbandoned."""
        model, encoder = self._model, self._model.encoder
        dtype = torch.float16 if model.device.type == "cuda" else torch.float32
        mel = log_mel_spectrogram(padded_audio(samples), model.dims.n_mels, device=model.device)
        x = F.gelu(encoder.conv1(mel[None].to(dtype)))  # [1, width, frames]
        x = F.gelu(encoder.conv2(x)).permute(0, 2, 1)  # [1, positions, width]
        x = (x + encoder.positional_embedding[: x.shape[1]]).to(dtype)
        for block in encoder.blocks:
            check_abandoned(abandoned)
            x = block(x)
        features: Tensor = encoder.ln_post(x)
        return features

    @torch.no_grad()
    def language_probabilities(self, features: Tensor, languages: Sequence[str]) -> dict[str, float]:
        """Return the probability of each language (none given: of all); one pass of the decoder."""
        tokenizer = self._tokenizer
        tokens = dict(zip(tokenizer.all_language_codes, tokenizer.all_language_tokens, strict=True))
        codes = list(languages or tokens)
        logits = self._model.logits(torch.tensor([[tokenizer.sot]], device=features.device), features)[0, 0]
        probabilities = logits[[tokens[code] for code in codes]].float().softmax(dim=-1).tolist()
        return dict(zip(codes, probabilities, strict=True))

    def decode(self, features: Tensor, language: str, prompt: str, abandoned: Callable[[], bool]) -> RecognizedText:
        """Decode greedily at temperature 0. May raise DecodingAbandoned."""
        options = DecodingOptions(
            language=language,
            temperature=0.0,
            sample_len=MAX_TOKENS,
            prompt=prompt or None,
            without_timestamps=True,
            fp16=features.dtype == torch.float16,
        )
        task = _Task(self._model, options)
        task.logit_filters.append(_AbandonFilter(abandoned))
        (result,) = task.run(features)
        return RecognizedText(
            result.text.strip(),
            no_speech_prob=float(result.no_speech_prob),
            avg_logprob=float(result.avg_logprob),
            compression_ratio=float(result.compression_ratio) if result.text else 1.0,
            language=language,
        )


@dataclass
class _AbandonFilter(LogitFilter):  # type: ignore[misc]  # the library has no types
    """Called by the library before each token."""

    abandoned: Callable[[], bool]

    def apply(self, logits: Tensor, tokens: Tensor) -> None:  # noqa: ARG002
        """Change nothing. Raises DecodingAbandoned."""
        check_abandoned(self.abandoned)


class _Task(DecodingTask):  # type: ignore[misc]  # the library has no types
    """Decodes features of any length."""

    def _get_audio_features(self, mel: Tensor) -> Tensor:
        return mel
