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

WORKERS = ("renderer", "control", "recorder")
SETTLE_SECONDS = 2.0


def pictured(show: RunningShow, text: str) -> bool:
    """Whether these words are on the stage and a picture of them has been drawn."""
    ids = [
        record["prompts"][0]["id"]
        for record in show.journal()
        if record["is"] == "Direction" and record["prompts"] and record["prompts"][0]["text"] == text
    ]
    return bool(ids) and any(frame["prompt_id"] == ids[-1] for frame in show.drawn())


def strike(show: RunningShow, worker: str, stop: bool, number: int) -> tuple[float, float]:
    """Kills or stops a worker while words are on their way.

    Returns the seconds until a picture moves again (of a renderer; else until a successor is there), and until the
    words said meanwhile are pictured.
    """
    process, drawn, began = show.workers()[worker], len(show.drawn()), time.monotonic()
    words = f"a wolf in the snow at night {number}"
    show.type(f"a red sun over the sea {number}")
    process.suspend() if stop else process.kill()
    show.type(words)
    until(lambda: worker in (now := show.workers()) and now[worker].pid != process.pid, 30, f"a new {worker}")
    if worker == "renderer":
        until(lambda: len(show.drawn()) > drawn + 1, 30, "a new picture")
    moves = time.monotonic() - began
    until(lambda: pictured(show, words), 30, f"a picture of '{words}'")
    answers = time.monotonic() - began
    time.sleep(SETTLE_SECONDS)
    return moves, answers


def main(
    kills: Annotated[int, typer.Option()] = 10,
    stops: Annotated[int, typer.Option()] = 3,
    show: Annotated[str, typer.Option()] = "first_light",
) -> None:
    """Strikes each worker in turn and prints the table."""
    folder = Path(mkdtemp(prefix="laterna-bench-"))
    table = Table("worker", "killed", "back, words pictured", "stopped", "back, words pictured")
    with running(show, folder, ["--record", str(folder / "out.mp4")]) as made:
        until(made.drawn, 60, "the first frame")
        time.sleep(SETTLE_SECONDS)
        number = 0
        for worker in WORKERS:
            times: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
            for stop in [False] * kills + [True] * stops:
                number += 1
                times[stop].append(strike(made, worker, stop, number))
            worst = [" / ".join(f"{max(each):.1f} s" for each in zip(*times[stop], strict=True)) for stop in times]
            table.add_row(worker, str(kills), worst[0], str(stops), worst[1])
        time.sleep(10)
        report = made.end()
    played = sum(row["score_best"] is not None for row in report["prompts"])
    Console().print(table)
    print(f"longest gap of presented frames: {report['longest_gap_ms']:.0f} ms")
    print(f"words: {2 * number} said, {len(report['prompts'])} on the stage, {played} seen as pictures")


if __name__ == "__main__":
    typer.run(main)
