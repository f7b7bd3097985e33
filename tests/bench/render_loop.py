"""The render loop of a show in processor time: what it generates with a core of its own, whatever else is running.

    python -m tests.bench.render_loop [--seconds 24] [--rate 25] [--cutouts 2] [--steps 20]
    python -m tests.bench.render_loop --against CHECKOUT --rounds 3 ...

The loop's clock is the time that its process has used and the time that it has waited. So two checkouts can be compared
while other programs run, apart from what those do to the caches. Three prompts are said, all models being loaded. The
process is kept on one core, where the loop does the dream's work itself.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field, fields
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median
from tempfile import TemporaryDirectory
from typing import Annotated, Any, cast

import typer
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent.parent
WORDS = ("a red sun over the sea", "a wolf in the snow at night", "the city burns")
VISIBLE_CHANGE = 4.0  # of 255: as in the report of a show
LARGEST_FRAME = 3 << 20  # bytes
STAGED = {"camera": 1.0, "transitions": "scenes"}  # as in a show, where the checkout knows them


class LoopClock:
    """Seconds that this process has used or waited."""

    def __init__(self) -> None:
        self.waited = 0.0

    def now(self) -> float:
        """The time."""
        return time.process_time() + self.waited


@dataclass
class Script:
    """The renderer's end of a pipe: sends words at their times, and keeps the frames."""

    clock: LoopClock
    due: list[tuple[float, Any]]
    closed: bool = False
    frames: list[tuple[float, Any]] = field(default_factory=list)

    def receive(self, timeout: float | None = 0.0) -> list[Any]:
        """What has come, after waiting for it."""
        now = self.clock.now()
        until = now + (timeout or 0.0)
        if self.due and self.due[0][0] <= until:
            at, message = self.due.pop(0)
            self.clock.waited += max(at - now, 0.0)
            return [message]
        self.clock.waited += until - now
        return []

    def send(self, message: Any, key: object = None) -> None:
        """Keep a frame."""
        del key
        if hasattr(message, "steps"):
            self.frames.append((self.clock.now(), message))

    def notice(self, *_told: object) -> None:
        """Nobody reads it."""

    def status(self, *_what: object, **_figures: object) -> None:
        """Nobody reads it."""


def measure(generator: str, seconds: float, rate: float, cutouts: int, steps: float) -> dict[str, float]:
    """Play in this process; all is imported here, because it is that of any checkout."""
    from installation import models
    from installation.core import clock
    from installation.core.frame_ring import FrameRing
    from installation.core.messages import Direction, Prompt
    from installation.render.interfaces import RendererConfig
    from installation.render.loading import load_dream_factory
    from installation.render.worker import RenderLoop
    from installation.show.settings import DreamSettings, ModelSettings

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    chosen = {"cutouts": cutouts} if cutouts else {}
    settings = DreamSettings.model_validate({"steps_per_second": steps, **chosen})
    loop_clock = LoopClock()
    clock.now = loop_clock.now
    with TemporaryDirectory() as folder:
        ring = Path(folder) / "frames"
        FrameRing(ring, 8, LARGEST_FRAME).close()
        known = {each.name for each in fields(RendererConfig)}
        config = cast(Any, RendererConfig)(
            ModelSettings(generator=generator, device="cpu"),
            settings,
            ring,
            (16, 9),
            rate,
            1,
            Direction(take=1),
            place=models.default_place("cpu"),
            **{name: value for name, value in STAGED.items() if name in known},
        )
        script = Script(loop_clock, [])
        loop = RenderLoop(cast(Any, script), config)
        factory = load_dream_factory(loop.config, loop.generator)
        if hasattr(factory, "finish_loading"):
            factory.finish_loading()
        loop.renderer.dream_factory = factory
        gc.freeze()  # as a show does once all is loaded
        began = loop_clock.now() + 1.0
        every = seconds / len(WORDS)
        script.due = [
            (began + every * number, Direction(take=1, prompts=(Prompt(number + 1, text),), number=number + 1))
            for number, text in enumerate(WORDS)
        ]
        times = [at for at, _ in script.due]
        while loop_clock.now() < began + seconds:
            loop.turn()
    return figures(script.frames, times, began, seconds)


def figures(frames: list[tuple[float, Any]], times: list[float], began: float, seconds: float) -> dict[str, float]:
    """Of the frames from the first words on, which were said at `times`."""
    counted = [(at, frame) for at, frame in frames if at >= began]
    delays = []
    for number, said in enumerate(times):
        changed = (at for at, frame in counted if frame.prompt_id == number + 1 and frame.change >= VISIBLE_CHANGE)
        delays += [at - said for at in (next(changed, None),) if at is not None]
    gaps = [after - before for (before, _), (after, _) in pairwise(counted)]
    return {
        "frames/s": len(counted) / seconds,
        "steps/s": sum(frame.steps for _, frame in counted) / seconds,
        "cutouts": fmean(frame.cutouts for _, frame in counted),
        "longest gap, ms": 1000.0 * max(gaps),
        "words to a frame that shows them, ms": 1000.0 * median(delays) if delays else float("nan"),
    }


def measured_in(checkout: Path, arguments: list[object]) -> dict[str, float]:
    """The figures of a checkout, measured in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(checkout), "OMP_NUM_THREADS": "1"}
    code = "import json, runpy, sys; module = runpy.run_path(sys.argv[1]); "
    code += "print(json.dumps(module['measure'](*json.loads(sys.argv[2]))))"
    command = [sys.executable, "-c", code, __file__, json.dumps(arguments)]
    done = subprocess.run(command, cwd=checkout, env=environment, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main(
    generator: Annotated[str, typer.Option()] = "theatre",
    seconds: Annotated[float, typer.Option()] = 24.0,
    rate: Annotated[float, typer.Option(help="Frames a second, at most.")] = 25.0,
    cutouts: Annotated[int, typer.Option(help="Of a step, at most; 0: the default.")] = 0,
    steps: Annotated[float, typer.Option(help="Steps a second, at most; 0: no limit.")] = 0.0,
    against: Annotated[Path | None, typer.Option(help="Another checkout, which is measured in turns.")] = None,
    rounds: Annotated[int, typer.Option()] = 1,
) -> None:
    """Measures, and prints the medians."""
    checkouts = {"here": ROOT} if against is None else {"before": against.absolute(), "here": ROOT}
    found: dict[str, list[dict[str, float]]] = {name: [] for name in checkouts}
    for _ in range(rounds):
        for name, checkout in checkouts.items():
            found[name].append(measured_in(checkout, [generator, seconds, rate, cutouts, steps]))
    table = Table(f"{generator}, {rate:g} frames/s asked", *checkouts)
    for figure in found["here"][0]:
        table.add_row(figure, *(f"{median(run[figure] for run in runs):.1f}" for runs in found.values()))
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
