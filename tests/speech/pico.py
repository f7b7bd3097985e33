"""Speech in five languages, synthesised by SVOX Pico, in the format of the pipeline."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

import numpy as np

from installation.speech.interfaces import Samples
from tests.conftest import require_system

VOICES = {"en": "en-GB", "de": "de-DE", "fr": "fr-FR", "es": "es-ES", "it": "it-IT"}  # by language


@cache
def synthesize(text: str, language: str, speed: float = 1.0) -> Samples:
    """Return the text in one of `VOICES`. Skips the test if py-nanotts is not installed."""
    require_system(find_spec("py_nanotts"), "py-nanotts is not installed")
    from py_nanotts import NanoTTS

    return np.frombuffer(NanoTTS().speak(text, voice=VOICES[language], speed=speed), np.int16)
