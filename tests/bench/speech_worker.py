"""Lines spoken into a virtual microphone: delays, word errors, lost samples and recovery of a speech worker."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import psutil

from installation.core import clock
from installation.core.speech_messages import SpeechRejected, Transcription
from installation.core.worker_status import SpeechFigures
from installation.speech.interfaces import SAMPLE_RATE, Samples, SpeechConfig
from installation.text.tokenization import words_of
from installation.text.word_similarity import edit_distance
from tests.speech.flite import synthesize
from tests.speech.simulated_reading import AUDIBLE
from tests.speech.speech_worker import RunningSpeechWorker
from tests.speech.virtual_microphone import VirtualMicrophone

SETTLE_SECONDS = 0.5  # between lines
UNPLUGGED_SECONDS = 1.0


@dataclass
class WorkerResult:
    """One recogniser with one voice. The delays are in seconds, one for each line."""

    recognizer: str = ""
    voice: str = ""
    lines: int = 0
    partials: list[float] = field(default_factory=list)  # from the onset of the voice to the first partial
    finals: list[float] = field(default_factory=list)  # from the end of the voice to the final
    rejected: int = 0
    exact: int = 0  # lines without a word error
    word_error: float = 0.0
    cpu_share: float = 0.0  # of one core, the whole process
    lost: int = 0  # samples
    recoveries: list[float] = field(default_factory=list)  # from plugging the microphone in to a live stream


@contextmanager
def virtual_microphone() -> Iterator[VirtualMicrophone]:
    """A virtual microphone for this process and those that it starts."""
    with TemporaryDirectory(prefix="mic") as folder:
        microphone = VirtualMicrophone(Path(folder))
        os.environ.update(microphone.environment)
        try:
            microphone.start()
            yield microphone
        finally:
            microphone.kill()


def audible_span(voice: Samples) -> tuple[float, float]:
    """Return the seconds of the first and the last audible sample."""
    audible = np.flatnonzero(np.abs(voice.astype(np.int32)) > AUDIBLE)
    return float(audible[0] / SAMPLE_RATE), float(audible[-1] / SAMPLE_RATE)


def cpu_seconds(process: psutil.Process) -> float:
    return float(sum(process.cpu_times()[:2]))


def measure_worker(config: SpeechConfig, lines: Sequence[str], voice: str, unplug_count: int) -> WorkerResult:
    """Speak the lines, then unplug the microphone `unplug_count` times."""
    result, errors, words = WorkerResult(voice=voice, lines=len(lines)), 0, 0
    with virtual_microphone() as microphone, RunningSpeechWorker(config) as worker:
        result.recognizer = _figures(worker, state="running", health="live").recognizer
        process = psutil.Process(worker.process.pid)
        before, began = cpu_seconds(process), time.monotonic()
        for line in lines:
            recognized = words_of(_speak(worker, microphone, line, result))
            errors += edit_distance(words_of(line), recognized)
            words += len(words_of(line))
            result.exact += recognized == words_of(line)
            time.sleep(SETTLE_SECONDS)
        result.cpu_share = (cpu_seconds(process) - before) / (time.monotonic() - began)
        result.lost = _figures(worker, state="running").lost
        result.recoveries = [_recover(worker, microphone) for _ in range(unplug_count)]
    result.word_error = errors / max(words, 1)
    return result


def _figures(worker: RunningSpeechWorker, **wanted: Any) -> SpeechFigures:
    figures = worker.status(**wanted).figures
    assert isinstance(figures, SpeechFigures)
    return figures


def _speak(worker: RunningSpeechWorker, microphone: VirtualMicrophone, line: str, result: WorkerResult) -> str:
    """Speak a line, record its delays and return its final text; "" if it was rejected."""
    samples = synthesize(line, result.voice)
    onset, end = audible_span(samples)
    began = clock.now()
    microphone.play(samples)
    partial: float | None = None
    while True:
        message: Any = worker.receive(lambda each: isinstance(each, (Transcription, SpeechRejected)))[-1]
        elapsed = clock.now() - began
        if isinstance(message, SpeechRejected):
            result.rejected += 1
            return ""
        if message.final:
            result.finals.append(elapsed - end)
            result.partials += [] if partial is None else [partial]
            return str(message.text)
        partial = elapsed - onset if partial is None else partial


def _recover(worker: RunningSpeechWorker, microphone: VirtualMicrophone) -> float:
    microphone.unplug()
    worker.status(state="failed")
    time.sleep(UNPLUGGED_SECONDS)
    microphone.plug_in()
    plugged_in = clock.now()
    worker.status(health="live")
    return clock.now() - plugged_in
