"""Sentences spoken by flite, as the recognisers get them."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import wave
from functools import cache
from pathlib import Path

import numpy as np

from installation.speech.interfaces import RATE, Samples
from tests.conftest import require_system


@cache
def spoken(text: str, voice: str = "slt") -> Samples:
    """The text in a synthetic voice (rms, slt, awb), mono, 16 kHz. Skips the test where flite is missing."""
    require_system(shutil.which("flite"), "flite is not installed")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spoken.wav"
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True, capture_output=True)
        with wave.open(str(path)) as file:
            assert (file.getframerate(), file.getnchannels()) == (RATE, 1)
            return np.frombuffer(file.readframes(file.getnframes()), np.int16)
