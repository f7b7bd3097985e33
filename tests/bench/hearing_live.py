"""Lines spoken into a virtual microphone that a listener's process hears: delays, right words, lost sound, returns."""

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
from installation.core.messages import SpeechRejected, Transcription
from installation.speech.interfaces import RATE, Samples
from installation.speech.worker import SpeechConfig
from installation.text.tokenization import words_of
from tests.bench.recognizers import distance
from tests.speech.readings import AUDIBLE
from tests.speech.running import RunningListener
from tests.speech.spoken import spoken
from tests.speech.virtual_microphone import VirtualMicrophone

SETTLE_SECONDS = 0.5
GONE_SECONDS = 1.0


@dataclass
class Live:
    """One voice, one recogniser. Seconds, one for each line: from the voice's beginning, and from its end."""

    recognizer: str = ""
    voice: str = ""
    lines: int = 0
    partials: list[float] = field(default_factory=list)  # from the first sound to the first words
    finals: list[float] = field(default_factory=list)  # from the last sound to the final text
    refused: int = 0
    right: int = 0  # lines to the letter
    word_error: float = 0.0
    cpu_share: float = 0.0  # of one core, the whole process
    lost: int = 0  # samples
    recoveries: list[float] = field(default_factory=list)  # from the microphone's return to sound


@contextmanager
def virtual() -> Iterator[VirtualMicrophone]:
    """The microphone of this bench, and of the processes that it starts."""
    with TemporaryDirectory(prefix="mic") as folder:
        microphone = VirtualMicrophone(Path(folder))
        os.environ.update(microphone.environment)
        try:
            microphone.start()
            yield microphone
        finally:
            microphone.kill()


def audible(voice: Samples) -> tuple[float, float]:
    """Seconds of the first and of the last sound."""
    loud = np.flatnonzero(np.abs(voice.astype(np.int32)) > AUDIBLE)
    return float(loud[0] / RATE), float(loud[-1] / RATE)


def hear(config: SpeechConfig, lines: Sequence[str], voice: str, unplugged: int) -> Live:
    """Says the lines, and unplugs the microphone so many times after them."""
    live, wrong, words = Live(voice=voice, lines=len(lines)), 0, 0
    with virtual() as microphone, RunningListener(config) as listener:
        live.recognizer = str(getattr(listener.status(state="running", health="live").figures, "recognizer", ""))
        process = psutil.Process(listener.process.pid)
        before, began = sum(process.cpu_times()[:2]), time.monotonic()
        for line in lines:
            heard = words_of(_say(listener, microphone, line, live))
            wrong += distance(words_of(line), heard)
            words += len(words_of(line))
            live.right += heard == words_of(line)
            time.sleep(SETTLE_SECONDS)
        live.cpu_share = (sum(process.cpu_times()[:2]) - before) / (time.monotonic() - began)
        live.lost = int(listener.status(state="running").figures["lost"])
        live.recoveries = [_recovery(listener, microphone) for _ in range(unplugged)]
    live.word_error = wrong / max(words, 1)
    return live


def _say(listener: RunningListener, microphone: VirtualMicrophone, line: str, live: Live) -> str:
    """The final text; its delay and that of the first partial go into `live`. Empty: refused."""
    samples = spoken(line, live.voice)
    first, last = audible(samples)
    began = clock.now()
    microphone.play(samples)
    partial: float | None = None
    while True:
        message: Any = listener.receive(lambda each: isinstance(each, (Transcription, SpeechRejected)))[-1]
        now = clock.now() - began
        if isinstance(message, SpeechRejected):
            live.refused += 1
            return ""
        if message.final:
            live.finals.append(now - last)
            live.partials += [] if partial is None else [partial]
            return str(message.text)
        partial = now - first if partial is None else partial


def _recovery(listener: RunningListener, microphone: VirtualMicrophone) -> float:
    microphone.unplug()
    listener.status(state="failed")
    time.sleep(GONE_SECONDS)
    microphone.plug_in()
    back = clock.now()
    listener.status(health="live")
    return clock.now() - back
