"""Whisper in 8-bit integers, computed by CTranslate2, the engine of faster-whisper: an optional extra.

It needs a quarter of torch's memory and half of its time. The checkpoints are the same: each is converted
once, in a process of its own, to a folder beside it. A folder that was converted for faster-whisper works as well.
"""

from __future__ import annotations

import subprocess
import sys
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from installation.core.errors import ShowError
from installation.core.paths import pip_install
from installation.speech.interfaces import RecognizedText, Samples
from installation.speech.recognizers.whisper_engine import (
    MAX_TOKENS,
    check_abandoned,
    library_folder,
    load_tokenizer,
    padded_audio,
)

if TYPE_CHECKING:
    from ctranslate2 import StorageView

SUFFIX = "-int8"  # of the folder of a converted checkpoint
FFT_SAMPLES, HOP_SAMPLES = 400, 160  # of the spectrogram
MODEL_FILE = "model.bin"  # of a converted folder
CONVERSION_SECONDS = 600.0


def converted_folder(checkpoint: Path) -> Path:
    """The folder of a checkpoint's conversion."""
    return checkpoint.with_name(f"{checkpoint.stem}{SUFFIX}")


def convert_if_needed(checkpoint: Path) -> Path:
    """Convert a checkpoint unless that has been done since it was written; return the folder. Raises ShowError."""
    folder = converted_folder(checkpoint)
    model = folder / MODEL_FILE
    if not model.is_file() or model.stat().st_mtime_ns < checkpoint.stat().st_mtime_ns:
        command = [
            sys.executable,
            "-m",
            "installation.speech.recognizers.whisper_conversion",
            str(checkpoint),
            str(folder),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=CONVERSION_SECONDS, check=False)
        if done.returncode:
            reason = done.stderr.strip().splitlines()
            raise ShowError(reason[-1] if reason else f"{checkpoint} cannot be converted to 8 bits.")
    return folder


class Int8Engine:
    """A WhisperEngine of 8-bit integers on a CPU, or of 8-bit integers and half precision on a GPU."""

    def __init__(self, folder: Path, device: str, threads: int) -> None:
        """Load a converted folder. `threads`: of one operation on a CPU. Raises ShowError."""
        try:
            import ctranslate2
        except ImportError:
            raise ShowError(f"8-bit recognition needs the package ctranslate2: {pip_install('int8')}.") from None
        compute = "int8_float16" if device == "cuda" else "int8"
        try:
            self._model: Any = ctranslate2.models.Whisper(
                str(folder), device=device, compute_type=compute, intra_threads=threads
            )
        except (RuntimeError, ValueError) as error:
            detail = str(error).splitlines()[0].rstrip(".")
            raise ShowError(f"{folder} is damaged or not a converted Whisper model ({detail}).") from None
        multilingual: bool = self._model.is_multilingual
        self._count = 100 if self._model.n_mels == 128 else 99
        self._multilingual = multilingual
        self._tokenizer = load_tokenizer(multilingual, self._count, "en")
        self.languages = frozenset(self._tokenizer.all_language_codes if multilingual else ("en",))

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in tokens."""
        return len(self._tokenizer.encode(f" {text}"))

    def encode(self, samples: Samples, abandoned: Callable[[], bool]) -> StorageView:
        """Encode a segment of up to 30 s. May raise DecodingAbandoned, before the encoding."""
        import ctranslate2

        check_abandoned(abandoned)
        mel = log_mel_spectrogram(padded_audio(samples), self._model.n_mels)[None]  # [1, mels, frames]
        features = self._model.encode(ctranslate2.StorageView.from_array(np.ascontiguousarray(mel)))
        check_abandoned(abandoned)
        return features

    def language_probabilities(self, features: StorageView, languages: Sequence[str]) -> dict[str, float]:
        """Return the probability of each language (none given: of all), which sum to 1."""
        (found,) = self._model.detect_language(features)
        probabilities = {token.strip("<|>"): float(probability) for token, probability in found}
        codes = languages or tuple(probabilities)
        total = sum(probabilities[code] for code in codes) or 1.0
        return {code: probabilities[code] / total for code in codes}

    def decode(
        self, features: StorageView, language: str, prompt: str, abandoned: Callable[[], bool]
    ) -> RecognizedText:
        """Decode greedily at temperature 0. May raise DecodingAbandoned, before the decoding."""
        check_abandoned(abandoned)
        tokenizer = load_tokenizer(self._multilingual, self._count, language)
        before = [tokenizer.sot_prev, *tokenizer.encode(f" {prompt}")] if prompt else []
        start = [*before, *tokenizer.sot_sequence_including_notimestamps]
        (result,) = self._model.generate(
            features,
            [start],
            beam_size=1,
            max_length=len(start) + MAX_TOKENS,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=_suppressed(tokenizer),
        )
        tokens = [token for token in result.sequences_ids[0] if token < tokenizer.eot]
        text = tokenizer.decode(tokens).strip()
        data = text.encode()
        return RecognizedText(
            text,
            no_speech_prob=float(result.no_speech_prob),
            avg_logprob=float(result.scores[0]) * len(tokens) / (len(tokens) + 1),
            compression_ratio=len(data) / len(zlib.compress(data)) if text else 1.0,
            language=language,
        )


def log_mel_spectrogram(audio: NDArray[np.float32], n_mels: int) -> NDArray[np.float32]:
    """Compute the input of the models as the library's function of this name does, without torch.

    Args:
        audio: -1..1 at 16 kHz, [n].
        n_mels: 80 or 128.

    Returns:
        [n_mels, n / 160].
    """
    padded = np.pad(audio, FFT_SAMPLES // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, FFT_SAMPLES)[::HOP_SAMPLES][:-1]
    window = np.hanning(FFT_SAMPLES + 1)[:-1]
    power = np.abs(np.fft.rfft(frames * window)) ** 2  # [frames, 201]
    levels = np.log10(np.maximum(_mel_filters(n_mels) @ power.T, 1e-10))
    scaled: NDArray[np.float32] = ((np.maximum(levels, levels.max() - 8.0) + 4.0) / 4.0).astype(np.float32)
    return scaled


@cache
def _mel_filters(n_mels: int) -> NDArray[np.float32]:
    """The library's filter bank, [n_mels, 201]."""
    with np.load(library_folder() / "assets" / "mel_filters.npz", allow_pickle=False) as filters:
        found: NDArray[np.float32] = filters[f"mel_{n_mels}"]
    return found


def _suppressed(tokenizer: Any) -> list[int]:
    """The tokens that are no speech, as openai-whisper suppresses them."""
    special = (tokenizer.transcribe, tokenizer.translate, tokenizer.sot, tokenizer.sot_prev, tokenizer.sot_lm)
    return sorted({*tokenizer.non_speech_tokens, *special, tokenizer.no_speech})
