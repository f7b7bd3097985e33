"""A recogniser for tests and rehearsals without a microphone: it gives the texts that it was told, one by one."""

from __future__ import annotations

import time
from collections.abc import Sequence

from installation.speech.interfaces import RecognizedText, Samples


class ScriptedRecognizer:
    """A Recognizer. Each decode takes `seconds` and gives the next of the texts; after the last, nothing."""

    name = "scripted"

    def __init__(self, texts: Sequence[str | RecognizedText], seconds: float = 0.0) -> None:
        self._left = list(texts)
        self._seconds = seconds

    def warm(self) -> None:
        """There is nothing to load."""

    def decode(self, samples: Samples) -> RecognizedText:  # noqa: ARG002 - it listens to nothing
        """The next text, whatever was said."""
        if self._seconds:
            time.sleep(self._seconds)
        told = self._left.pop(0) if self._left else ""
        return told if isinstance(told, RecognizedText) else RecognizedText(told, seconds=self._seconds)
