"""Speech recognition without a show: to find the microphone, to set up a room, to transcribe a recording."""

from __future__ import annotations

import math
import sys
import time
from pathlib import Path

import numpy as np

from installation.core import clock
from installation.core.errors import ShowError
from installation.core.messages import Notice
from installation.core.speech_messages import RecognizerHints, SpeechRejected, Transcription
from installation.core.worker_status import SpeechFigures, WorkerStatus
from installation.runtime.terminal import StatusLine
from installation.runtime.worker_link import WorkerLink
from installation.show.settings import ListenSettings
from installation.speech.audio_devices import input_devices, silence_libraries
from installation.speech.interfaces import SpeechConfig
from installation.speech.microphone import Microphone
from installation.speech.worker import run_speech

METER = 30  # characters
QUIETEST = -60.0  # decibels of full scale, the meter's left end
LOOK_SECONDS = 0.05


def list_devices(seconds: float) -> None:
    """Print the microphones, each with its peak level over `seconds`. Raises ShowError if there is none."""
    silence_libraries()
    found = input_devices()
    if not found:
        raise ShowError("No microphone found: plug one in, or allow this program to use it.")
    for device in found:
        mark = "*" if device.default else " "
        print(f"{mark} {_level(device.name, seconds)}  {device.name} ({device.driver}, {device.rate} Hz)")


def _level(name: str, seconds: float) -> str:
    microphone = Microphone(name)
    end, loudest = clock.now() + seconds, QUIETEST
    while clock.now() < end:
        time.sleep(LOOK_SECONDS)
        samples = microphone.read(clock.now()).samples
        if len(samples):
            rms = float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))
            loudest = max(loudest, 20 * np.log10(max(rms, 1.0) / 32768))
    microphone.close()
    return meter(loudest)


def meter(level: float) -> str:
    """A level in decibels of full scale as a bar."""
    filled = round(METER * min(max(1.0 - level / QUIETEST, 0.0), 1.0))
    return "█" * filled + "·" * (METER - filled)


def transcribe(listening: ListenSettings, cache: Path, recording: Path) -> None:
    """Print what is said in a recording; what the operator should know goes to stderr.

    Args:
        listening: the settings of the show file.
        cache: the models folder.
        recording: an audio file.

    Raises:
        ShowError: if there is no recogniser, or the recording is damaged.
    """
    from installation.speech.audio_file import check_audio_file  # imports PyAV

    check_audio_file(recording)
    link = WorkerLink(run_speech, SpeechConfig(listening, cache, audio=recording, speed=0.0), "speech")
    try:
        while not _print_transcript(link):
            time.sleep(LOOK_SECONDS)
    finally:
        _end(link)


def _print_transcript(link: WorkerLink) -> bool:
    """Print what is new; return True at the end of the recording."""
    if link.exhausted:
        raise ShowError(f"The speech worker ended without a result ({link.how_it_ended}).")
    for message in link.receive():
        match message:
            case Transcription(text=text, final=True):
                print(text)
            case Notice(text=text):
                print(text, file=sys.stderr)
            case WorkerStatus(state="failed", reason=reason):
                raise ShowError(reason or "the speech worker failed.")
            case WorkerStatus(state="done"):
                return True
    return False


def listen(
    listening: ListenSettings, cache: Path, seconds: float | None = None, hints: RecognizerHints | None = None
) -> None:
    """Print what a microphone hears, until the time is over or somebody presses Ctrl-C.

    Args:
        listening: the settings of the show file.
        cache: the models folder.
        seconds: how long; None: without end.
        hints: what a show would tell its recogniser.

    Raises:
        ShowError: if there is no recogniser or no microphone.
    """
    listener = _Listener(SpeechConfig(listening, cache, hints or RecognizerHints()))
    end = math.inf if seconds is None else clock.now() + seconds
    try:
        while clock.now() < end:
            listener.turn()
            time.sleep(LOOK_SECONDS)
    except KeyboardInterrupt:
        return
    finally:
        listener.close()


class _Listener:
    """A speech worker whose reports are printed. Once its microphone was open, what fails is waited for or replaced."""

    def __init__(self, config: SpeechConfig) -> None:
        self._config, self._link = config, WorkerLink(run_speech, config, "speech")
        self._status = StatusLine()
        self._opened = False  # by this worker
        self._failure = ""  # the last one that was printed

    def turn(self) -> None:
        """Print what is new. Raises ShowError if the worker has failed before it heard anything."""
        if self._link.exhausted:
            self._replace()
        for message in self._link.receive():
            match message:
                case Transcription(text=text, final=True, ended=ended):
                    self._status.print(f"{clock.now() - ended:5.2f} s  {text}")
                case Transcription(text=text):
                    self._status.print(f"      …  {text}")
                case SpeechRejected(text=text, reason=reason):
                    self._status.print(f"rejected {text or '(sound)'}: {reason}")
                case Notice(text=text):
                    self._status.print(text)
                case WorkerStatus():
                    self._take_status(message)

    def _take_status(self, status: WorkerStatus) -> None:
        figures = status.figures
        if isinstance(figures, SpeechFigures):
            self._opened = self._opened or figures.health in ("live", "muted", "clipping")
        if status.state == "failed":
            self._take_failure(status.reason or "the speech worker failed.")
        elif isinstance(figures, SpeechFigures) and figures.health != "reopening":
            row = f"voice {figures.voice:.2f} {figures.health} {figures.device} {figures.recognizer}"
            self._status.show(f"{meter(figures.level)} {row}", clock.now())

    def _take_failure(self, reason: str) -> None:
        if not self._opened:
            raise ShowError(reason)
        if reason != self._failure:
            self._status.print(reason)
        self._failure = reason

    def _replace(self) -> None:
        how = self._link.how_it_ended
        if not self._opened:
            raise ShowError(f"The speech worker ended without a result ({how}).")
        self._status.print(f"The speech worker failed ({how}) and is restarted.")
        self._link.close()
        self._link, self._opened = WorkerLink(run_speech, self._config, "speech"), False

    def close(self) -> None:
        """Restore the terminal and end the worker."""
        self._status.close()
        _end(self._link)


def _end(link: WorkerLink) -> None:
    link.close()
    link.process.join(1.0)
    link.process.kill()
