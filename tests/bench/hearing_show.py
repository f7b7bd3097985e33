"""A real show that hears a virtual microphone: sentences become pictures, a poem is followed; in real time.

A show's own journal and report say when what happened; nobody looks on while it plays, for that would cost time.
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

import psutil

from installation.core import clock
from installation.core.messages import Transcription
from installation.runtime.report import VISIBLE
from installation.show.loader import load_show
from installation.show.script_file import Script
from tests.bench.hearing_live import audible, virtual
from tests.running import RunningShow, running, until
from tests.speech.readings import VOICES, reading
from tests.speech.spoken import spoken
from tests.speech.virtual_microphone import VirtualMicrophone

WAKING_SECONDS = 60.0
SETTLE_SECONDS = 3.0  # after a sentence, until the next
GREETING = "The moon climbs out of a well."  # is said until there is a picture of it: all are awake then


@dataclass
class Seen:
    """Sentences that became pictures. Seconds from the end of each voice; below 0: its first words were enough."""

    sentences: int = 0
    final_text: list[float] = field(default_factory=list)
    first_change: list[float] = field(default_factory=list)  # of the picture, by any words of the sentence
    whole_change: list[float] = field(default_factory=list)  # by the whole sentence's own words
    refused: int = 0
    cpu_share: float | None = None  # of one core, the listener's process; None: it was started anew meanwhile
    restarts: int = 0  # of the listener
    lost: int = 0  # samples
    presented_fps: float = 0.0
    missed_frames: int = 0


@dataclass
class Followed:
    """A poem that was read."""

    read: int = 0
    fired: int = 0
    twice: int = 0
    out_of_order: int = 0
    strangers: int = 0  # lines that were not read
    delays: list[float] = field(default_factory=list)  # seconds from the beginning of a line's voice
    restarts: int = 0  # of the listener
    lost: int = 0  # samples


@contextmanager
def busy(count: int) -> Iterator[None]:
    """So many other processes want a core each."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def sentences(lines: Sequence[str], folder: Path, show: str, others: int) -> Seen:
    """Says the lines into a show, while `others` processes keep the machine busy."""
    said: list[tuple[float, float]] = []  # when each voice began and ended, seconds of clock.now
    with virtual() as microphone, running(show, folder, ["--mic", microphone.NAME]) as played:
        _greet(played, microphone)
        process = played.workers()["speech"]
        with busy(others):
            before, began = _seconds(process), time.monotonic()
            for number, line in enumerate(lines):
                voice = spoken(line, VOICES[number % len(VOICES)])
                first, last = audible(voice)
                now = clock.now()
                microphone.play(voice)
                said.append((now + first, now + last))
                time.sleep(last + SETTLE_SECONDS)
            share = (_seconds(process) - before) / (time.monotonic() - began) if process.is_running() else None
        time.sleep(0.5)
        records, report = played.journal(), played.end()
    seen = _seen(records, report, said)
    seen.cpu_share = share
    return seen


def poem(show: str, folder: Path, lines: int) -> Followed:
    """Reads the first `lines` lines of a show's script to it."""
    text = [line.text for line in Script.parse(load_show(show).script.text).lines]
    read = reading(text[:lines])
    with virtual() as microphone, running(show, folder, ["--mic", microphone.NAME]) as played:
        until(played.drawn, WAKING_SECONDS, "the first frame")
        until(lambda: "pulse is open." in notices(played.journal()), WAKING_SECONDS, "the microphone")
        time.sleep(SETTLE_SECONDS)
        began = clock.now()
        microphone.play(read.sound)
        time.sleep(read.seconds + SETTLE_SECONDS)
        records, report = played.journal(), played.end()
    fired = _fired(records, text, began)
    numbers = [line for line, _ in fired]
    return Followed(
        read=len(read.begins),
        fired=len(set(numbers) & set(read.begins)),
        twice=len(numbers) - len(set(numbers)),
        out_of_order=sum(after < before for before, after in pairwise(numbers)),
        strangers=len(set(numbers) - set(read.begins)),
        delays=read.delays(fired),
        restarts=report["processes"]["speech"]["restarts"],
        lost=report["hearing"]["lost"],
    )


def notices(records: Sequence[dict[str, Any]]) -> list[str]:
    """What the operator was told."""
    return [record["text"] for record in records if record["is"] == "Notice"]


def _seconds(process: psutil.Process) -> float:
    return float(sum(process.cpu_times()[:2]))


def _greet(played: RunningShow, microphone: VirtualMicrophone) -> None:
    until(played.drawn, WAKING_SECONDS, "the first frame")

    def greeted() -> bool:
        microphone.play(spoken(GREETING))
        time.sleep(5.0)
        return any(record["prompt_id"] and record["change"] >= VISIBLE for record in played.drawn())

    until(greeted, WAKING_SECONDS, "a picture of the greeting")
    time.sleep(SETTLE_SECONDS)


def _prompts(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Words in the order in which they took the stage, as the report has them."""
    found = {prompt["id"]: prompt for each in records if each["is"] == "Direction" for prompt in each["prompts"]}
    return list(found.values())


def _seen(records: Sequence[dict[str, Any]], report: dict[str, Any], said: Sequence[tuple[float, float]]) -> Seen:
    seen = Seen(
        sentences=len(said),
        refused=report["hearing"]["refused"],
        restarts=report["processes"]["speech"]["restarts"],
        lost=report["hearing"]["lost"],
        presented_fps=report["presented_fps"],
        missed_frames=report["missed_frames"],
    )
    changes = [
        (prompt["at"], prompt["at"] + (row["queued_ms"] + row["first_change_ms"]) / 1000)
        for prompt, row in zip(_prompts(records), report["prompts"], strict=True)
        if row["first_change_ms"] is not None
    ]
    finals = _finals(records)
    for (began, ended), until_then in zip(said, [*(next_one for next_one, _ in said[1:]), float("inf")], strict=True):
        seen.final_text += [at - ended for at in finals if began <= at < until_then][:1]
        own = [change - ended for at, change in changes if began <= at < until_then]
        seen.first_change += own[:1]
        seen.whole_change += own[-1:]
    return seen


def _finals(records: Sequence[dict[str, Any]]) -> list[float]:
    """When main had each final text, seconds of clock.now: a prompt's time stands on both clocks."""
    directions = [each for each in records if each["is"] == "Direction" and each["prompts"]]
    zero = max(each["prompts"][0]["at"] - each["t"] for each in directions)  # of words that took the stage at once
    return [zero + each["t"] for each in records if each["is"] == Transcription.__name__ and each["final"]]


def _fired(records: Sequence[dict[str, Any]], text: Sequence[str], began: float) -> list[tuple[int, float]]:
    """Lines that took the stage, with seconds since `began`; of lines alike, the one that comes next."""
    fired: list[tuple[int, float]] = []
    for prompt in _prompts(records):
        if prompt["source"] == "script":
            after = fired[-1][0] + 1 if fired else 0
            places = [number for number, line in enumerate(text) if line == prompt["caption"]]
            fired.append((next((each for each in places if each >= after), places[-1]), prompt["at"] - began))
    return fired
