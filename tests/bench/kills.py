"""Every worker killed ten times and stopped three times: the longest gap of the stage, and how soon pictures are back.

python -m tests.bench.kills [--kills 10] [--stops 3] [--show first_light]
"""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from tests.running import RunningShow, running, until

WORKERS = ("renderer", "desk", "recorder")
SETTLE_SECONDS = 2.0


def back(show: RunningShow, worker: str, old: int, seconds: float) -> float:
    """Seconds until a successor runs; of a renderer, until it has drawn."""
    began, drawn = time.monotonic(), len(show.drawn())
    until(lambda: worker in (now := show.workers()) and now[worker].pid != old, seconds, f"a new {worker}")
    if worker == "renderer":
        until(lambda: len(show.drawn()) > drawn, seconds, "a new picture")
    return time.monotonic() - began


def strike(show: RunningShow, worker: str, stop: bool, number: int) -> float:
    """Kills or stops a worker while words are on their way; returns the seconds until all is well again."""
    process = show.workers()[worker]
    show.type(f"a red sun over the sea {number}")
    process.suspend() if stop else process.kill()
    show.type(f"a wolf in the snow at night {number}")
    seconds = back(show, worker, process.pid, 30)
    time.sleep(SETTLE_SECONDS)
    return seconds


def main(
    kills: Annotated[int, typer.Option()] = 10,
    stops: Annotated[int, typer.Option()] = 3,
    show: Annotated[str, typer.Option()] = "first_light",
) -> None:
    """Strikes each worker in turn and prints the table."""
    folder = Path(mkdtemp(prefix="laterna-bench-"))
    table = Table("worker", "killed", "back at most", "stopped", "back at most")
    with running(show, folder, ["--record", str(folder / "out.mp4")]) as made:
        until(made.drawn, 60, "the first frame")
        time.sleep(SETTLE_SECONDS)
        number = 0
        for worker in WORKERS:
            times: dict[bool, list[float]] = {False: [], True: []}
            for stop in [False] * kills + [True] * stops:
                number += 1
                times[stop].append(strike(made, worker, stop, number))
            worst = [f"{max(times[stop], default=0):.1f} s" for stop in (False, True)]
            table.add_row(worker, str(kills), worst[0], str(stops), worst[1])
        time.sleep(10)
        report = made.end()
    played = sum(row["score_best"] is not None for row in report["prompts"])
    Console().print(table)
    print(f"longest gap of presented frames: {report['longest_gap_ms']:.0f} ms")
    print(f"words: {2 * number} said, {len(report['prompts'])} on the stage, {played} seen as pictures")


if __name__ == "__main__":
    typer.run(main)
