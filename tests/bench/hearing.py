"""Hearing in figures: rooms where nobody speaks, and lines spoken into a virtual microphone.

python -m tests.bench.hearing nobody [--minutes 10]
python -m tests.bench.hearing live [--recognizer auto] [--model FILE] [--lines 12] [--voice rms]
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import numpy as np
import psutil
import typer
from rich.console import Console
from rich.table import Table

from installation import clock
from installation.listen.base import RATE
from installation.listen.process import ListenConfig
from installation.messages import Heard, Unheard
from installation.show import Listening
from tests.listen.running import RunningListener
from tests.listen.sounds import LEVELS, NOBODY, sampled
from tests.listen.spoken import spoken
from tests.listen.test_nobody import segments
from tests.listen.virtual_microphone import VirtualMicrophone

app = typer.Typer(add_completion=False)
LINES = (
    "A red sun over the sea",
    "A forest of glass trees in the rain",
    "Slow golden waves at night",
    "A dragon flying above a burning city",
    "Blue smoke and silver stars",
    "An old ship in a storm",
)


@app.command()
def nobody(minutes: Annotated[float, typer.Option(help="of sound, all together")] = 10.0) -> None:
    """Pieces of speech found where there is none, by venue; 0 is the only good figure."""
    table = Table("sound", "level", "quiet", "stage", "crowd", title=f"{minutes:g} minutes without a voice")
    seconds = minutes * 60 / (len(NOBODY) * len(LEVELS))
    total = 0
    for name, sound in NOBODY.items():
        for number, level in enumerate(LEVELS):
            found = segments(sampled(sound(seconds, 100 + number), level))
            total += sum(found.values())
            table.add_row(name, f"{20 * np.log10(level):.0f} dB", *map(str, found.values()))
    Console().print(table)
    raise typer.Exit(bool(total))


@contextmanager
def virtual() -> Iterator[VirtualMicrophone]:
    """The microphone of this bench, and of the processes that it starts."""
    with TemporaryDirectory(prefix="mic") as folder:
        microphone = VirtualMicrophone(Path(folder))
        os.environ.update(microphone.environment)
        try:
            microphone.start()
            yield microphone
        finally:
            microphone.kill()


def say(listener: RunningListener, microphone: VirtualMicrophone, line: str, voice: str) -> dict[str, float | None]:
    """Seconds from the voice's beginning to the first partial, and from its end to the final; lost: none came."""
    samples = spoken(line, voice)
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 500)
    began = clock.now()
    microphone.play(samples)

    def whole(message: Any) -> bool:
        return isinstance(message, Unheard) or (isinstance(message, Heard) and message.final)

    partial: float | None = None
    while True:
        message = listener.receive(lambda each: isinstance(each, (Heard, Unheard)))[-1]
        now = clock.now()
        if whole(message):
            ended = now - began - loud[-1] / RATE
            right = isinstance(message, Heard) and message.text.lower() == line.lower()
            return {"partial": partial, "final": ended if isinstance(message, Heard) else None, "right": float(right)}
        if partial is None:
            partial = now - began - loud[0] / RATE


def recovery(listener: RunningListener, microphone: VirtualMicrophone) -> float:
    """Seconds from the return of an unplugged microphone to sound."""
    microphone.unplug()
    listener.sign(state="failed")
    time.sleep(1.0)
    microphone.plug_in()
    back = clock.now()
    listener.sign(health="live")
    return clock.now() - back


@app.command()
def live(recognizer: str = "auto", model: str = "", lines: int = 12, voice: str = "rms") -> None:
    """Delays through the microphone, recovery, CPU and lost samples."""
    words = () if model else LINES  # a file of one's own may know nothing of prompts
    config = ListenConfig(Listening(device="pulse", recognizer=recognizer, model=model), Path("models"), words)
    with virtual() as microphone, RunningListener(config) as listener:
        name = listener.sign(state="running", health="live").figures["recognizer"]
        process = psutil.Process(listener.process.pid)
        before, began = sum(process.cpu_times()[:2]), time.monotonic()
        rows = []
        for number in range(lines):
            rows.append(say(listener, microphone, LINES[number % len(LINES)], voice))
            time.sleep(0.5)
        share = (sum(process.cpu_times()[:2]) - before) / (time.monotonic() - began)
        lost = listener.sign(state="running").figures["lost"]
        returned = recovery(listener, microphone)
    table = Table("", "median", "95 %", "of", title=f"{name}, {voice}")
    for what in ("partial", "final"):
        times = [row[what] for row in rows if row[what] is not None]
        table.add_row(what, *(f"{np.percentile(times, q):.2f} s" for q in (50, 95)), f"{len(times)}/{lines}")
    Console().print(table, f"recovery {returned:.2f} s, {share:.0%} of a core, {lost} samples lost")
    Console().print(f"{sum(row['right'] or 0.0 for row in rows):.0f} of {lines} right to the letter")


if __name__ == "__main__":
    app()
