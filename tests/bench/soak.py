"""A soak: thousands of words in a whole show, while the memory, files and threads of its processes are watched.

python -m tests.bench.soak [--words 10000] [--minutes 480] [--show rehearsal] [--inject-leak renderer]

The words go into the queue, so that each is dreamed and shown; `--pace` is how many a second are tried. A leak of each
word shows in any pace, one of each frame needs hours: `--pace .2 --minutes 600`. The exit status is 1 if anything
grows by more than 1 KiB a word (see `leaks.py`). `--inject-leak` makes a process keep 4 KiB of every word, which the
soak must find. The samples are kept as CSV.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated, Literal

import psutil
import typer
from rich.console import Console
from rich.table import Table

from tests.bench.leaks import (
    MAX_KIB_A_WORD,
    Sample,
    card_memory,
    growth,
    leaks,
    megabytes_an_hour,
    sample,
    shared_bytes,
    theil_sen,
    write_samples,
)
from tests.running import ROOT, RunningShow, running, until

PROMPTS = (Path(__file__).parent / "prompts.txt").read_text(encoding="utf-8").splitlines()
SAMPLES = 240  # in all
MAX_WAITING = 40  # words in the queue
FIRST_FRAME_SECONDS = 60.0
LEAKS = {  # a method that is called once for each word, by process
    "renderer": ("installation.render.renderer", "Renderer", "_start_dream"),
    "stage": ("installation.conductor.active_prompt", "ActivePrompt", "show"),
}
LEAK = """
import functools, importlib, os
kept = []
owner = getattr(importlib.import_module({module!r}), {owner!r})
original = getattr(owner, {method!r})

@functools.wraps(original)
def leaking(*args, **kwargs):
    kept.append(os.urandom({size}))
    return original(*args, **kwargs)

setattr(owner, {method!r}, leaking)
"""


class ShownWords:
    """Counts the words that have been on the stage, from the growing journal, each line read once."""

    def __init__(self, journal: Path) -> None:
        self._file = journal.open(encoding="utf-8")
        self._part = ""  # of a line that is not complete yet
        self._latest = 0  # prompt id
        self.count = 0

    def update(self) -> int:
        """Read on; return the words shown so far."""
        *lines, self._part = (self._part + self._file.read()).split("\n")
        for line in lines:
            if '"is":"Direction"' in line and (prompts := json.loads(line).get("prompts")):
                self.count += prompts[-1]["id"] > self._latest
                self._latest = max(self._latest, prompts[-1]["id"])
        return self.count

    def close(self) -> None:
        """Close the journal."""
        self._file.close()


@contextmanager
def leaking(process: str | None, folder: Path, kib: float) -> Iterator[dict[str, str]]:
    """The environment of a show whose `process` keeps so much of every word; None: of none.

    Python imports `sitecustomize` at the start of every process.
    """
    if process is None:
        yield {}
        return
    module, owner, method = LEAKS[process]
    (folder / "leak").mkdir(parents=True)
    text = LEAK.format(module=module, owner=owner, method=method, size=round(kib * 1024))
    (folder / "leak" / "sitecustomize.py").write_text(text)
    yield {"PYTHONPATH": os.pathsep.join([str(folder / "leak"), str(ROOT)])}


class Soak:
    """Feeds a show and samples it."""

    def __init__(self, show: RunningShow, words: int, pace: float) -> None:
        self._show, self._words, self._pace = show, words, pace
        self._shown = ShownWords(show.journal_path)
        self._said = 0
        self.samples: dict[str, list[Sample]] = {}
        self.shared: list[tuple[float, float]] = []  # words, bytes

    def run(self, seconds: float) -> int:
        """Go on until all words have been shown, or the time is over; return how many were shown."""
        began, sampled = time.monotonic(), 0
        while (now := time.monotonic() - began) < seconds and (shown := self._shown.update()) < self._words:
            while self._said < min(self._words, shown + MAX_WAITING, 1 + now * self._pace):
                self._show.say(f"{PROMPTS[self._said % len(PROMPTS)]} {self._said}", "/laterna/queue/add")
                self._said += 1
            if shown >= sampled + self._words / SAMPLES or now / seconds >= (len(self.shared) + 1) / SAMPLES:
                sampled = shown
                self._sample(shown, now)
            time.sleep(0.05)
        self._shown.close()
        return self._shown.count

    @property
    def lasting(self) -> dict[str, list[Sample]]:
        """The samples of the processes that were there at the end; housekeeping does its work and goes."""
        end = max(samples[-1].words for samples in self.samples.values())
        return {name: samples for name, samples in self.samples.items() if samples[-1].words == end}

    def _sample(self, words: int, seconds: float) -> None:
        processes, card = self._show.workers(), card_memory()
        for name, process in processes.items():
            try:
                self.samples.setdefault(name, []).append(sample(process, words, seconds, card))
            except psutil.Error:  # it has ended this moment
                continue
        self.shared.append((words, shared_bytes([process.pid for process in processes.values()])))


def soak(
    show: str,
    words: int,
    minutes: float,
    pace: float,
    folder: Path,
    settings: Sequence[str] = (),
    leak: str | None = None,
    kib: float = 4.0,
) -> Soak:
    """Play a show through so many words. Raises AssertionError if it does not run."""
    arguments = ["--record", str(folder / "out.mp4")]
    for each in (f"queue/seconds={min(0.01, 0.5 / pace)}", *settings):
        arguments += ["--set", each]
    with leaking(leak, folder, kib) as environment, running(show, folder, arguments, environment=environment) as played:
        until(played.drawn, FIRST_FRAME_SECONDS, "the first frame")
        made = Soak(played, words, pace)
        made.run(minutes * 60)
        played.end(120.0)
    return made


def main(
    words: Annotated[int, typer.Option(min=100)] = 10_000,
    minutes: Annotated[float, typer.Option(min=0.2)] = 480.0,
    show: Annotated[str, typer.Option()] = "rehearsal",
    pace: Annotated[float, typer.Option(min=0.01, help="Words a second, at most.")] = 30.0,
    settings: Annotated[list[str] | None, typer.Option("--set", help="As of `play`.")] = None,
    inject_leak: Annotated[Literal["renderer", "stage"] | None, typer.Option()] = None,
) -> None:
    """Soak a show, print a table, and judge."""
    folder = Path(mkdtemp(prefix="laterna-bench-"))
    made = soak(show, words, minutes, pace, folder, settings or (), inject_leak)
    write_samples(folder / "soak.csv", made.samples)
    table = Table("process", "words", "private at first / at last", "a word", "an hour", "files", "threads", "leaks")
    for name, samples in made.lasting.items():
        first, last = samples[0], samples[-1]
        table.add_row(
            name,
            str(last.words),
            f"{first.private / 1024:.0f} / {last.private / 1024:.0f} MiB",
            f"{growth(samples, 'private'):+.3f} KiB",
            f"{megabytes_an_hour(samples):+.1f} MB",
            f"{first.descriptors} / {last.descriptors}",
            f"{first.threads} / {last.threads}",
            ", ".join(leaks(samples)) or "none",
        )
    Console(width=120).print(table)
    shared = theil_sen(*zip(*made.shared, strict=True)) / 1024
    print(f"shared memory: {made.shared[-1][1] / 1e6:.1f} MB, {shared:+.3f} KiB a word. Samples: {folder / 'soak.csv'}")
    if shared > MAX_KIB_A_WORD or any(leaks(samples) for samples in made.lasting.values()):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
