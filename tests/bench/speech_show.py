"""A real show with a virtual microphone: sentences become pictures, and a poem is followed, in real time.

The times come from the show's own journal and report, so that measuring costs the show nothing.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from installation.core import clock
from installation.core.messages import Direction, Notice
from installation.core.speech_messages import Transcription
from installation.runtime.report import VISIBLE_CHANGE
from installation.show.loader import load_show
from installation.show.script_file import Script
from tests.bench.speech_worker import audible_span, cpu_seconds, virtual_microphone
from tests.running import RunningShow, running, until
from tests.speech.flite import synthesize
from tests.speech.simulated_reading import READERS, simulated_reading
from tests.speech.virtual_microphone import VirtualMicrophone

START_SECONDS = 60.0  # at most, until the show has started
END_SECONDS = 30.0  # at most, until it has ended
SETTLE_SECONDS = 3.0  # after a sentence, until the next
GREETING = "The moon climbs out of a well."  # repeated until there is a picture of it: then everything is loaded
GREETING_SECONDS = 5.0  # between two of them


@dataclass
class SentenceResult:
    """Sentences that became pictures. The delays are in seconds from the end of each voice.

    A negative delay means that the first words of the sentence had already changed the picture.
    """

    sentences: int = 0
    final_text: list[float] = field(default_factory=list)
    first_change: list[float] = field(default_factory=list)  # of the picture, by any words of the sentence
    whole_change: list[float] = field(default_factory=list)  # by the complete sentence
    rejected: int = 0
    cpu_share: float | None = None  # of one core, the speech worker; None: it was replaced meanwhile
    restarts: int = 0  # of the speech worker
    lost: int = 0  # samples
    presented_fps: float = 0.0
    generated_fps: float = 0.0
    missed_frames: int = 0


@dataclass
class PoemResult:
    """A poem that was read to a show with a script."""

    read: int = 0  # lines
    shown: int = 0  # of these
    repeated: int = 0
    out_of_order: int = 0
    wrong: int = 0  # lines shown that were not read
    delays: list[float] = field(default_factory=list)  # seconds from the onset of a line's voice
    restarts: int = 0  # of the speech worker
    lost: int = 0  # samples


@contextmanager
def busy_processes(count: int) -> Iterator[None]:
    """Run this many processes that want a core each."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def measure_sentences(
    lines: Sequence[str], folder: Path, show: str, others: int = 0, model: str = ""
) -> SentenceResult:
    """Speak the lines to a show while `others` processes keep the machine busy. `model`: a Whisper checkpoint."""
    voices: list[tuple[float, float]] = []  # onset and end of each, seconds of `clock.now`
    chosen = ["--set", f"listen.model={model}"] if model else []
    with virtual_microphone() as microphone, running(show, folder, ["--mic", microphone.NAME, *chosen]) as played:
        _greet(played, microphone)
        process = played.workers()["speech"]
        with busy_processes(others):
            before, began = cpu_seconds(process), time.monotonic()
            for number, line in enumerate(lines):
                samples = synthesize(line, READERS[number % len(READERS)])
                onset, end = audible_span(samples)
                now = clock.now()
                microphone.play(samples)
                voices.append((now + onset, now + end))
                time.sleep(end + SETTLE_SECONDS)
            elapsed = time.monotonic() - began
            share = (cpu_seconds(process) - before) / elapsed if process.is_running() else None
        report = played.end(END_SECONDS)
        records = played.journal()  # after its end: the journal is complete
    result = _sentence_result(records, report, voices)
    result.cpu_share = share
    return result


def measure_typed(lines: Sequence[str], folder: Path, show: str) -> SentenceResult:
    """Show the same lines as prompts to a show that does not listen: its rates, to compare with."""
    with running(show, folder) as played:
        until(played.drawn, START_SECONDS, "the first frame")
        for line in lines:
            played.say(line)
            time.sleep(audible_span(synthesize(line))[1] + SETTLE_SECONDS)
        report = played.end(END_SECONDS)
    return SentenceResult(len(lines), presented_fps=report["presented_fps"], generated_fps=report["generated_fps"])


def measure_poem(show: str, folder: Path, lines: int) -> PoemResult:
    """Read the first `lines` lines of a show's script to it."""
    text = [line.text for line in Script.parse(load_show(show).script.text).lines]
    reading = simulated_reading(text[:lines])
    with virtual_microphone() as microphone, running(show, folder, ["--mic", microphone.NAME]) as played:
        until(played.drawn, START_SECONDS, "the first frame")
        until(lambda: "pulse is open." in notices(played.journal()), START_SECONDS, "the microphone")
        time.sleep(SETTLE_SECONDS)
        began = clock.now()
        microphone.play(reading.samples)
        time.sleep(reading.seconds + SETTLE_SECONDS)
        report, records = played.end(), played.journal()
    shown = _shown_lines(records, text, began)
    numbers = [line for line, _ in shown]
    return PoemResult(
        read=len(reading.begins),
        shown=len(set(numbers) & set(reading.begins)),
        repeated=len(numbers) - len(set(numbers)),
        out_of_order=sum(after < before for before, after in pairwise(numbers)),
        wrong=len(set(numbers) - set(reading.begins)),
        delays=reading.delays(shown),
        restarts=report["processes"]["speech"]["restarts"],
        lost=report["speech"]["lost"],
    )


def notices(records: Sequence[dict[str, Any]]) -> list[str]:
    return [record["text"] for record in records if record["is"] == Notice.__name__]


def _greet(played: RunningShow, microphone: VirtualMicrophone) -> None:
    """Wait until the whole path from the microphone to the picture works."""
    until(played.drawn, START_SECONDS, "the first frame")

    def greeted() -> bool:
        microphone.play(synthesize(GREETING))
        time.sleep(GREETING_SECONDS)
        return any(record["prompt_id"] and record["change"] >= VISIBLE_CHANGE for record in played.drawn())

    until(greeted, START_SECONDS, "a picture of the greeting")
    time.sleep(SETTLE_SECONDS)


def _directions(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [record for record in records if record["is"] == Direction.__name__ and record["prompts"]]


def _prompts(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the prompts in the order in which they became active, as the report lists them."""
    prompts = {prompt["id"]: prompt for record in _directions(records) for prompt in record["prompts"]}
    return list(prompts.values())


def _sentence_result(
    records: Sequence[dict[str, Any]], report: dict[str, Any], voices: Sequence[tuple[float, float]]
) -> SentenceResult:
    result = SentenceResult(
        sentences=len(voices),
        rejected=report["speech"]["rejected"],
        restarts=report["processes"]["speech"]["restarts"],
        lost=report["speech"]["lost"],
        presented_fps=report["presented_fps"],
        generated_fps=report["generated_fps"],
        missed_frames=report["missed_frames"],
    )
    changes = [
        (prompt["at"], prompt["at"] + (row["queued_ms"] + row["first_change_ms"]) / 1000)
        for prompt, row in zip(_prompts(records), report["prompts"], strict=True)
        if row["first_change_ms"] is not None
    ]
    finals = _final_times(records)
    next_onsets = [*(onset for onset, _ in voices[1:]), float("inf")]
    for (onset, end), next_onset in zip(voices, next_onsets, strict=True):
        result.final_text += [at - end for at in finals if onset <= at < next_onset][:1]
        own = [changed - end for at, changed in changes if onset <= at < next_onset]
        result.first_change += own[:1]
        result.whole_change += own[-1:]
    return result


def _final_times(records: Sequence[dict[str, Any]]) -> list[float]:
    """Return when main received each final, in seconds of `clock.now`.

    The journal counts from its own start. A prompt that became active at once has the same time on both clocks.
    """
    zero = max(record["prompts"][0]["at"] - record["t"] for record in _directions(records))
    return [zero + record["t"] for record in records if record["is"] == Transcription.__name__ and record["final"]]


def _shown_lines(records: Sequence[dict[str, Any]], text: Sequence[str], began: float) -> list[tuple[int, float]]:
    """Return the lines that became active, with the seconds since `began`; of equal lines, the next one."""
    shown: list[tuple[int, float]] = []
    for prompt in _prompts(records):
        if prompt["origin"] == "script":
            after = shown[-1][0] + 1 if shown else 0
            candidates = [number for number, line in enumerate(text) if line == prompt["caption"]]
            line = next((each for each in candidates if each >= after), candidates[-1])
            shown.append((line, prompt["at"] - began))
    return shown
