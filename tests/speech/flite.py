"""Speech synthesised by flite, in the format of the pipeline."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import wave
from functools import cache
from pathlib import Path

import numpy as np

from installation.speech.interfaces import SAMPLE_RATE, Samples
from tests.conftest import require_system

VOICES = ("rms", "slt", "awb")


@cache
def synthesize(text: str, voice: str = "slt") -> Samples:
    """Return the text in one of `VOICES`. Skips the test if flite is not installed."""
    require_system(shutil.which("flite"), "flite is not installed")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True, capture_output=True)
        with wave.open(str(path)) as file:
            assert (file.getframerate(), file.getnchannels()) == (SAMPLE_RATE, 1)
            return np.frombuffer(file.readframes(file.getnframes()), np.int16)
