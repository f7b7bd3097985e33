"""Whisper in 8-bit integers: its spectrogram, its conversion, and what it does not import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.speech.interfaces import RecognizerRequest
from installation.speech.recognizers.registry import create_recognizer
from installation.speech.recognizers.whisper_int8 import MODEL_FILE, convert_if_needed, log_mel_spectrogram
from tests.speech.flite import synthesize

FOREIGN_IMPORTS = """
import sys
from installation.speech.recognizers import whisper, whisper_int8
from installation.speech.recognizers.whisper_engine import check_languages, load_tokenizer
check_languages(("de",))
assert load_tokenizer(True, 99, "de").encode(" ja")
print("torch" in sys.modules)
"""


def test_the_spectrogram_is_that_of_the_library() -> None:
    from whisper.audio import log_mel_spectrogram as reference

    audio = synthesize("A red sun over the sea.").astype(np.float32) / 32768.0
    for n_mels in (80, 128):
        np.testing.assert_allclose(log_mel_spectrogram(audio, n_mels), reference(audio, n_mels).numpy(), atol=1e-4)


@pytest.mark.slow
def test_tokenizers_are_loaded_without_torch() -> None:
    done = subprocess.run([sys.executable, "-c", FOREIGN_IMPORTS], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.slow
def test_a_damaged_checkpoint_and_a_damaged_folder_are_one_sentence(tmp_path: Path) -> None:
    checkpoint = tmp_path / "own.pt"
    checkpoint.write_bytes(b"not a model" * 1000)
    with pytest.raises(ShowError, match=r"own\.pt is damaged or not a Whisper checkpoint \(\w+\)\.$"):
        convert_if_needed(checkpoint)
    assert not (tmp_path / "own-int8").exists()
    (tmp_path / MODEL_FILE).write_bytes(b"half a download")
    recognizer = create_recognizer(str(tmp_path), RecognizerRequest(tmp_path))
    with pytest.raises(ShowError, match="is damaged or not a converted Whisper model"):
        recognizer.load()
