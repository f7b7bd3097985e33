"""What a plan for many walls, phones and GPUs is calculated from, as far as one machine can tell.

python -m tests.bench.scale_costs

CPU of a core, except for results, whose time is mostly that of the disk. `tests.bench.crowd --part cost` has the costs
of the gateways and the broker.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from rich.console import Console
from rich.table import Table

from installation.control.walls.datagrams import Frame, Seal
from installation.core.messages import FrameLatents, Origin, Trigger
from installation.show.settings import AudienceSettings, QueueSettings
from installation.studio.job_work import Result
from installation.studio.jobs import Job
from installation.studio.render_folder import RenderFolder
from tests.conductor.harness import make_conductor

LATENTS = {"theatre": (96, 250), "biggan": (128, 1000)}  # sizes of z and of the classes
RESULT_BYTES = {".png": 400_000}  # of a prompt at 512 x 512
REPEATS = 400


def cost(call: Callable[[int], object], repeats: int, clock: Callable[[], float] = time.process_time) -> float:
    """Seconds of one call."""
    began = clock()
    for number in range(repeats):
        call(number)
    return (clock() - began) / repeats


def word(waiting: int) -> float:
    """Seconds that a word of a visitor costs the show while so many wait."""
    conductor = make_conductor(queue=QueueSettings(limit=10_000), audience=AudienceSettings(hold=False))

    def add(number: int) -> None:
        conductor.receive(
            Trigger("queue/add", ("a red fox",), Origin("audience", f"10.0.0.{number % 250}:a-{number}")), 0.0
        )

    for number in range(waiting):
        add(-1 - number)
    return cost(add, 50)


def frame(generator: str) -> tuple[int, float, float]:
    """Bytes of a frame for other walls, and the seconds to write and to read it."""
    z, classes = (np.zeros((1, size), np.float32) for size in LATENTS[generator])
    seal, latents = Seal("abend"), FrameLatents(z, classes, 1.0, 0.8, 3, 1.7e9, generator)
    data = seal.write(Frame(1, 1, latents))
    write = cost(lambda number: seal.write(Frame(1, number, latents)), REPEATS)
    return len(data), write, cost(lambda _: seal.read(data), REPEATS)


def result() -> float:
    """Seconds that the head of a cluster takes to write the result of a prompt."""
    files = {suffix: os.urandom(size) for suffix, size in RESULT_BYTES.items()}
    with TemporaryDirectory() as folder:
        results = RenderFolder(Path(folder), {})
        jobs = [Job(number, f"the sea, number {number}", 1, 1) for number in range(100)]
        return cost(lambda n: results.publish(f"{n:04}", Result(jobs[n], files)), len(jobs), time.perf_counter)


def main() -> None:
    """Measure, and print."""
    table = Table("figure", "value")
    for waiting in (100, 1000):
        table.add_row(f"a word in the show, {waiting} waiting", f"{1e3 * word(waiting):.1f} ms")
    for generator in LATENTS:
        size, write, read = frame(generator)
        table.add_row(
            f"a frame of {generator} for other walls", f"{size} bytes, {1e6 * write:.0f} + {1e6 * read:.0f} us"
        )
    table.add_row("a result of a batch, 400 kB, on this disk", f"{1e3 * result():.1f} ms")
    Console().print(table)


if __name__ == "__main__":
    main()
