"""A speech worker in its own process; the test takes the place of main."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from installation.core.speech_messages import Transcription
from installation.core.worker_status import WorkerStatus
from installation.show.settings import ListenSettings
from installation.speech.interfaces import Recognizer, SpeechConfig
from installation.speech.worker import run_speech
from tests.speech.fake_recognizers import DurationRecognizer
from tests.speech.virtual_microphone import VirtualMicrophone
from tests.workers import RunningWorker


class RunningSpeechWorker(RunningWorker):
    """Starts a speech worker as main does."""

    def __init__(self, config: SpeechConfig) -> None:
        super().__init__(run_speech, config)

    def finals(self, count: int) -> list[Transcription]:
        """Wait for this many finals."""
        found: list[Transcription] = []
        while len(found) < count:
            found += [self.receive(lambda message: isinstance(message, Transcription) and message.final)[-1]]
        return found


def config(folder: Path, recognizer: Recognizer | None = None, **others: Any) -> SpeechConfig:
    """A worker with the virtual microphone and a DurationRecognizer; `others` are fields of SpeechConfig."""
    listening = others.pop("listening", ListenSettings(device=VirtualMicrophone.NAME))
    return SpeechConfig(listening, folder, recognizer=recognizer or DurationRecognizer(), **others)


def is_done(message: object) -> bool:
    """Whether this is the status of a worker whose recording is over."""
    return isinstance(message, WorkerStatus) and message.state == "done"
