"""Speech recognition without a show: to find the microphone, to set up a room, to transcribe a recording."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from installation.core import clock
from installation.core.errors import ShowError
from installation.core.messages import Notice, RecognizerHints, SpeechRejected, Transcription
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
EMBEDDED_NOTE = (
    "This is the embedded recogniser, which is poor at unknown text; `run_show.py fetch base.en` installs a better one."
)


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


def listen(
    listening: ListenSettings,
    cache: Path,
    audio: Path | None,
    seconds: float | None,
    hints: RecognizerHints | None = None,
) -> None:
    """Print what is recognised, until the recording or the time is over or somebody presses Ctrl-C.

    Args:
        listening: the settings of the show file.
        cache: the models folder.
        audio: a recording; None: the microphone.
        seconds: how long; None: without end.
        hints: what a show would tell its recogniser.

    Raises:
        ShowError: if there is no recogniser or no microphone, or the recording is damaged.
    """
    if audio:
        from installation.speech.audio_file import check_audio_file  # imports PyAV

        check_audio_file(audio)
    config = SpeechConfig(listening, cache, hints or RecognizerHints(), audio=audio, speed=0.0)
    link = WorkerLink(run_speech, config, "speech")
    status = None if audio else StatusLine()
    end = None if seconds is None else clock.now() + seconds
    recovers, failure = False, ""  # once a microphone was open, what fails is waited for or restarted, as in a show
    try:
        while end is None or clock.now() < end:
            if link.exhausted:
                if not recovers or not status:
                    raise ShowError(f"The speech worker ended without a result ({link.how_it_ended}).")
                status.print(f"The speech worker failed ({link.how_it_ended}) and is restarted.")
                link.close()
                link, recovers = WorkerLink(run_speech, config, "speech"), False
            for message in link.receive():
                recovers = recovers or _is_open(message)
                if recovers and isinstance(message, WorkerStatus) and message.state == "failed" and status:
                    if message.reason != failure:
                        status.print(message.reason)
                    failure = message.reason
                elif _print(message, status, audio is not None):
                    return
            time.sleep(LOOK_SECONDS)
    except KeyboardInterrupt:
        return
    finally:
        if status:
            status.close()
        link.close()
        link.process.join(1.0)
        link.process.kill()


def _is_open(message: object) -> bool:
    """Whether this is the status of a worker that gets sound from its microphone."""
    if not isinstance(message, WorkerStatus) or not isinstance(message.figures, SpeechFigures):
        return False
    return message.figures.health in ("live", "muted", "clipping")


def _print(message: object, status: StatusLine | None, plain: bool) -> bool:
    """Print one message; return True after the last. Raises ShowError if the worker has failed."""
    show = status.print if status else print
    match message:
        case Transcription(text=text, final=True) if plain:
            print(text)
        case Transcription(text=text, final=True):
            show(f"{clock.now() - message.ended:5.2f} s  {text}")
        case Transcription(text=text) if not plain:
            show(f"      …  {text}")
        case SpeechRejected(text=text, reason=reason) if not plain:
            show(f"rejected {text or '(sound)'}: {reason}")
        case Notice(text=text):
            show(text)
        case WorkerStatus(state="failed", reason=reason):
            raise ShowError(reason or "the speech worker failed.")
        case WorkerStatus(state="done", figures=SpeechFigures(quality=quality)):
            if plain and quality == 1:
                print(EMBEDDED_NOTE, file=sys.stderr)
            return True
        case WorkerStatus(figures=SpeechFigures() as figures) if status and figures.health != "reopening":
            status.show(
                f"{meter(figures.level)} voice {figures.voice:.2f} {figures.health} "
                f"{figures.device} {figures.recognizer}",
                clock.now(),
            )
    return False
