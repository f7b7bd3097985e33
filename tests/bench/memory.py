"""Measures the memory growth of each process over minutes of prompts, one every five seconds.

python -m tests.bench.memory [--minutes 10] [--show first_light]

Caches fill in the first minutes, so that the growth of the second half is what a show of months would see:
`--minutes 60` settles it. The samples are kept as CSV.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from tests.running import RunningShow, running, until

PROMPTS = (Path(__file__).parent / "prompts.txt").read_text(encoding="utf-8").splitlines()
PERIOD_SECONDS = 5.0
WARM_UP_SECONDS = 60.0  # left out of the growth
FIRST_FRAME_SECONDS = 60.0


@dataclass(frozen=True)
class Sample:
    """The resident memory of a process at a time."""

    seconds: float
    megabytes: float


def watch(show: RunningShow, minutes: float) -> dict[str, list[Sample]]:
    """Sample the memory of each process every five seconds, with a new prompt before each sample."""
    until(show.drawn, FIRST_FRAME_SECONDS, "the first frame")
    began = time.monotonic()
    samples: dict[str, list[Sample]] = {}
    for turn in range(round(minutes * 60 / PERIOD_SECONDS)):
        show.say(PROMPTS[turn % len(PROMPTS)])
        time.sleep(max(0.0, began + (turn + 1) * PERIOD_SECONDS - time.monotonic()))
        for name, process in show.workers().items():
            sample = Sample(time.monotonic() - began, process.memory_info().rss / 1e6)
            samples.setdefault(name, []).append(sample)
    return samples


def after_warm_up(samples: list[Sample]) -> list[Sample]:
    """The samples that count."""
    return [sample for sample in samples if sample.seconds > WARM_UP_SECONDS]


def growth(samples: list[Sample]) -> float:
    """Megabytes per minute: the slope of a line fitted to the samples."""
    minutes = [sample.seconds / 60 for sample in samples]
    return float(np.polyfit(minutes, [sample.megabytes for sample in samples], 1)[0])


def second_half(samples: list[Sample]) -> list[Sample]:
    """The samples of the second half."""
    return [sample for sample in samples if sample.seconds > samples[-1].seconds / 2]


def write_samples(path: Path, samples: dict[str, list[Sample]]) -> None:
    """Write all samples as CSV."""
    rows = [f"{name},{each.seconds:.1f},{each.megabytes:.2f}" for name, one in samples.items() for each in one]
    path.write_text("\n".join(["process,seconds,megabytes", *rows]) + "\n", encoding="utf-8")


def main(
    minutes: Annotated[float, typer.Option(min=2.0)] = 10.0,
    show: Annotated[str, typer.Option()] = "first_light",
) -> None:
    """Play a show, measure, and print a table."""
    folder = Path(mkdtemp(prefix="laterna-bench-"))
    with running(show, folder, ["--record", str(folder / "out.mp4")]) as performance:
        samples = watch(performance, minutes)
        performance.end()
    write_samples(folder / "memory.csv", samples)
    table = Table("process", "after one minute", "at the end", "growth", "of the second half")
    for name, each in samples.items():
        counted = after_warm_up(each)
        first, last = counted[0].megabytes, counted[-1].megabytes
        table.add_row(
            name,
            f"{first:.0f} MB",
            f"{last:.0f} MB",
            f"{growth(counted):+.2f} MB/min",
            f"{60 * growth(second_half(counted)):+.1f} MB/h",
        )
    Console().print(table)
    print(f"samples: {folder / 'memory.csv'}")


if __name__ == "__main__":
    typer.run(main)
