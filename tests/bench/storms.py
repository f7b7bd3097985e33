"""A storm: every worker is killed or stopped in random order while words are said, and accounts are kept of them.

python -m tests.bench.storms [--minutes 8] [--seed 1] [--show first_light]

Words are queued one by one, each once the one before has been on the stage, so that none is replaced on purpose. The
journal says what was accepted and what was shown; the film says whether anything was black, and what restarts cost.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated, Any

import av
import psutil
import typer
from rich.console import Console
from rich.table import Table

from tests.running import RunningShow, resume, running, until

WORKERS = ("renderer", "control", "recorder")
STOP_SHARE = 0.25  # of the strikes: stopped instead of killed
STOP_SECONDS = (0.2, 8.0)
PAUSE_SECONDS = (0.5, 5.0)  # between two strikes
BLACK = 4.0  # mean level, 0..255, under which a picture counts as black
LAST_WORDS_SECONDS = 60.0  # at the end, until everything accepted has been shown
FIRST_FRAME_SECONDS = 60.0
STRIKE_SECONDS = 1.0  # between a strike and the last frame that the film kept before it, at most


@dataclass
class Accounts:
    """What was done to the show, and what it took."""

    said: list[str] = field(default_factory=list)
    strikes: Counter[str] = field(default_factory=Counter)
    stopped: list[tuple[float, psutil.Process]] = field(default_factory=list)  # when each goes on
    recorder: list[tuple[float, str]] = field(default_factory=list)  # when it was "killed" or "stopped"


def shown(records: list[dict[str, Any]]) -> list[str]:
    """The words that took the stage, in order; what a renderer's restart repeats counts once."""
    texts: list[str] = []
    for record in records:
        if record.get("is") == "Direction" and record["prompts"]:
            text = record["prompts"][-1]["text"]
            if not texts or texts[-1] != text:
                texts.append(text)
    return texts


class StageWatch:
    """Reads the growing journal, each line once: which words have been on the stage."""

    def __init__(self, journal: Path) -> None:
        self._file = journal.open(encoding="utf-8")
        self._part = ""  # of a line that is not complete yet
        self._texts: set[str] = set()

    def has_shown(self, text: str) -> bool:
        """Whether these words have been on the stage."""
        *lines, self._part = (self._part + self._file.read()).split("\n")
        for line in lines:
            if '"is":"Direction"' in line and (record := json.loads(line))["is"] == "Direction":
                self._texts.update(prompt["text"] for prompt in record["prompts"])
        return text in self._texts

    def close(self) -> None:
        """Close the journal."""
        self._file.close()


def strike(show: RunningShow, accounts: Accounts, dice: random.Random, now: float) -> None:
    """Kill or stop one worker that is there."""
    name = dice.choice(WORKERS)
    process = show.workers().get(name)
    if process is None:
        return
    try:
        if dice.random() < STOP_SHARE:
            process.suspend()
            accounts.stopped.append((now + dice.uniform(*STOP_SECONDS), process))
            done = "stopped"
        else:
            process.kill()
            done = "killed"
    except psutil.NoSuchProcess:  # replaced meanwhile
        return
    accounts.strikes[f"{name} {done}"] += 1
    if name == "recorder":
        accounts.recorder.append((now, done))


def rage(show: RunningShow, watch: StageWatch, seconds: float, dice: random.Random) -> Accounts:
    """Strike at random and keep saying words, for so long."""
    accounts, end, next_strike = Accounts(), time.monotonic() + seconds, 0.0
    while (now := time.monotonic()) < end:
        if now >= next_strike:
            strike(show, accounts, dice, now)
            next_strike = now + dice.uniform(*PAUSE_SECONDS)
        for at, process in accounts.stopped:
            if now >= at:
                resume(process)
        accounts.stopped = [each for each in accounts.stopped if now < each[0]]
        if not accounts.said or watch.has_shown(accounts.said[-1]):
            accounts.said.append(f"a red fox number {len(accounts.said)} in the snow")
            show.type(accounts.said[-1])
        time.sleep(0.2)
    for _, process in accounts.stopped:
        resume(process)
    return accounts


def read_film(path: Path) -> tuple[list[float], int]:
    """The times of the film's frames in seconds, and how many of them are black."""
    times, black = [], 0
    with av.open(str(path)) as film:
        for frame in film.decode(video=0):
            times.append(float(frame.time or 0.0))
            black += float(frame.to_ndarray(format="gray")[::8, ::8].mean()) < BLACK
    return times, black


def lost_film(times: list[float], strikes: list[tuple[float, str]]) -> dict[str, list[float]]:
    """Seconds without a frame around each strike at the recorder, the longest last, by what was done to it.

    `strikes` are in the film's time. A gap with a stop in it counts as the stop's, which is long by intention; a
    recorder that is killed again before it records is one that fails, and is restarted after a delay.
    """
    lost: dict[str, list[float]] = {"killed": [], "killed again at once": [], "stopped": []}
    for before, after in pairwise(times):
        near = [done for at, done in strikes if before - STRIKE_SECONDS <= at <= after]
        if near:
            kind = "stopped" if "stopped" in near else "killed" if len(near) == 1 else "killed again at once"
            lost[kind].append(after - before)
    return {done: sorted(gaps) for done, gaps in lost.items()}


def main(
    minutes: Annotated[float, typer.Option(min=0.2)] = 8.0,
    seed: Annotated[int, typer.Option()] = 1,
    show: Annotated[str, typer.Option()] = "first_light",
) -> None:
    """Play, strike, count, and print."""
    folder = Path(mkdtemp(prefix="laterna-bench-"))
    film = folder / "out.mp4"
    with running(show, folder, ["--record", str(film)]) as performance:
        until(performance.drawn, FIRST_FRAME_SECONDS, "the first frame")
        began = time.monotonic()
        watch = StageWatch(performance.journal_path)
        accounts = rage(performance, watch, minutes * 60, random.Random(seed))
        until(lambda: watch.has_shown(accounts.said[-1]), LAST_WORDS_SECONDS, "the last words")
        watch.close()
        played = time.monotonic() - began
        records = performance.journal()
        ended = time.monotonic()
        report = performance.end(90.0)
    counts = Counter(shown(records))
    times, black = read_film(film)
    lost = lost_film(times, [(times[-1] - (ended - at), done) for at, done in accounts.recorder])
    table = Table("figure", "value")
    for name, number in sorted(accounts.strikes.items()):
        table.add_row(name, str(number))
    table.add_row("prompts accepted", str(len(accounts.said)))
    table.add_row(
        "of them lost / shown twice",
        f"{sum(not counts[text] for text in accounts.said)} / {sum(counts[text] > 1 for text in accounts.said)}",
    )
    table.add_row("in order", str(shown(records) == accounts.said))
    table.add_row("longest gap of presented frames", f"{report['longest_gap_ms']:.0f} ms")
    table.add_row("film / played", f"{times[-1]:.1f} / {played:.1f} s")
    for done, gaps in lost.items():
        table.add_row(f"longest gap in the film, recorder {done}", f"{gaps[-1]:.2f} s" if gaps else "-")
    table.add_row("black frames in the film", str(black))
    table.add_row("last line", performance.log().splitlines()[-1])
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
