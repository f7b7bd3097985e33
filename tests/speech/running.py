"""A listener in a process of its own, and whoever uses this in main's place."""

from __future__ import annotations

from installation.core.messages import Transcription
from installation.speech.worker import SpeechConfig, run_speech
from tests.workers import RunningWorker


class RunningListener(RunningWorker):
    """Starts a listener as main does."""

    def __init__(self, config: SpeechConfig) -> None:
        super().__init__(run_speech, config)

    def finals(self, count: int) -> list[Transcription]:
        """Waits for so many finals."""
        found: list[Transcription] = []
        while len(found) < count:
            found += [self.receive(lambda message: isinstance(message, Transcription) and message.final)[-1]]
        return found
