"""A recogniser that returns given texts, for tests and for rehearsals without a microphone."""

from __future__ import annotations

import time
from collections.abc import Sequence

from installation.speech.interfaces import RecognizedText, Recognizer, Samples


class ScriptedRecognizer(Recognizer):
    """Returns the next text at every decoding, whatever was said; after the last one, an empty text."""

    name = "scripted"

    def __init__(self, texts: Sequence[str | RecognizedText], decode_seconds: float = 0.0) -> None:
        self._remaining = list(texts)
        self._decode_seconds = decode_seconds

    def decode(self, samples: Samples) -> RecognizedText:  # noqa: ARG002 - the text does not depend on the audio
        """Return the next text after `decode_seconds`."""
        if self._decode_seconds:
            time.sleep(self._decode_seconds)
        text = self._remaining.pop(0) if self._remaining else ""
        return text if isinstance(text, RecognizedText) else RecognizedText(text, decode_seconds=self._decode_seconds)
