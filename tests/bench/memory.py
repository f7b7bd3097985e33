"""Memory over ten minutes of prompts every five seconds: MB a minute of each process, after the first minute.

python -m tests.bench.memory [--minutes 10] [--show first_light]
"""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from tests.running import RunningShow, running, until

WORDS = (Path(__file__).parent / "prompts_worth.txt").read_text(encoding="utf-8").splitlines()
EVERY_SECONDS = 5.0


def watch(show: RunningShow, minutes: float) -> dict[str, list[tuple[float, float]]]:
    """(seconds, MB) of each process, every five seconds, with words before each."""
    until(show.drawn, 60, "the first frame")
    began, samples = time.monotonic(), dict[str, list[tuple[float, float]]]()
    for turn in range(round(minutes * 60 / EVERY_SECONDS)):
        show.say(WORDS[turn % len(WORDS)])
        time.sleep(max(0.0, began + (turn + 1) * EVERY_SECONDS - time.monotonic()))
        for name, process in show.workers().items():
            samples.setdefault(name, []).append((time.monotonic() - began, process.memory_info().rss / 1e6))
    return samples


def growth(samples: list[tuple[float, float]]) -> float:
    """MB a minute after the first minute: the slope of a straight line through the samples."""
    later = np.array([sample for sample in samples if sample[0] > 60])
    return float(np.polyfit(later[:, 0] / 60, later[:, 1], 1)[0])


def main(
    minutes: Annotated[float, typer.Option(min=2.0)] = 10.0,
    show: Annotated[str, typer.Option()] = "first_light",
) -> None:
    """Plays, watches and prints the table."""
    folder = Path(mkdtemp(prefix="laterna-bench-"))
    with running(show, folder, ["--record", str(folder / "out.mp4")]) as made:
        samples = watch(made, minutes)
        made.end()
    table = Table("process", "after one minute", "at the end", "growth")
    for name, each in samples.items():
        first = next(memory for seconds, memory in each if seconds > 60)
        table.add_row(name, f"{first:.0f} MB", f"{each[-1][1]:.0f} MB", f"{growth(each):+.2f} MB/min")
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
