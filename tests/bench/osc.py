"""From an OSC value to the presented frame that shows it: at rest, under a flood, and with the renderer stopped.

python -m tests.bench.osc [--generator theatre] [--values 60] [--midi]

The show runs in this process, headless at 1280 x 720 and 30 frames per second, with its workers. A value is sent by
UDP at a random moment of a frame; it counts as shown when a frame has been presented with it. `--midi` adds a MIDI
controller on JACK, one of whose faders moves 30 times a second; it needs jackd2 and JACK-Client.
"""

from __future__ import annotations

import gc
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from itertools import cycle
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated

import numpy as np
import typer
from pythonosc.udp_client import SimpleUDPClient
from rich.console import Console
from rich.table import Table

from installation.core import clock
from installation.runtime.options import RunOptions
from installation.runtime.show_runner import ShowRunner
from installation.show.settings import ModelSettings, OscSettings, RecordSettings, Show, SurfaceSettings, WebSettings
from installation.stage.stage import Stage
from tests.control.midi.jack_desk import BACKEND, JackDesk, jack_desk
from tests.running import free_port, until

FLOOD_HZ = 1000.0
APART_SECONDS = 0.2  # between two values


class MeasuredRunner(ShowRunner):
    """A show that notes when a frame with each value of the master has been presented."""

    presented_with: dict[float, float]

    def _present(self, now: float) -> None:
        super()._present(now)
        if not hasattr(self, "presented_with"):
            self.presented_with = {}
        brightness = round(self.stage._fades.brightness(clock.now()), 4)
        self.presented_with.setdefault(brightness, clock.now())


def midi_surface(folder: Path) -> SurfaceSettings:
    """The controller's fader steers the speed of the walk."""
    keys = {"backend": BACKEND, "controls": {"cc 1/7": "walk/speed"}, "file": str(folder / "midi.json")}
    return SurfaceSettings.model_validate({"kind": "midi", **keys})


def shown_at(runner: MeasuredRunner, value: float) -> float:
    """When the first frame with this value was presented, in seconds of `clock.now`."""
    until(lambda: value in runner.presented_with, 5.0, "a frame with the value")
    return runner.presented_with.pop(value)


def delays(runner: MeasuredRunner, client: SimpleUDPClient, values: int, seed: int) -> list[float]:
    """Milliseconds from each value to its frame. Another seed draws other values."""
    dice = random.Random(seed)
    found = []
    for _ in range(values):
        time.sleep(APART_SECONDS + dice.random() / 30)
        value = round(dice.uniform(0.2, 0.9), 4)
        runner.presented_with.pop(value, None)
        sent = clock.now()
        client.send_message("/laterna/master/opacity", value)
        found.append(1000 * (shown_at(runner, value) - sent))
    return found


@contextmanager
def flooded(port: int) -> Iterator[None]:
    """A thousand fader values a second from another sender."""
    stop = threading.Event()

    def send() -> None:
        client = SimpleUDPClient("127.0.0.1", port)
        number = 0
        while not stop.wait(0.01):
            for _ in range(round(FLOOD_HZ / 100)):
                number += 1
                client.send_message("/laterna/walk/speed", (number % 1000) / 1000)

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    yield
    stop.set()
    thread.join()


@contextmanager
def subscribed(port: int) -> Iterator[list[socket.socket]]:
    """Two subscribers to everything, at 30 frames of feedback a second."""
    with ExitStack() as closing:
        sockets = [closing.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) for _ in range(2)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
            SimpleUDPClient("127.0.0.1", port).send_message("/laterna/subscribe", each.getsockname()[1])
            each.settimeout(5.0)
            each.recv(65536)
        yield sockets


@contextmanager
def fader_moved(desk: JackDesk) -> Iterator[None]:
    """A hand on the controller: its fader goes up and down, 30 positions a second."""
    stop = threading.Event()

    def move() -> None:
        for position in cycle([*range(128), *range(127, -1, -1)]):
            if stop.wait(1 / 30):
                return
            desk.move(0xB0, 7, position)

    thread = threading.Thread(target=move, daemon=True)
    thread.start()
    yield
    stop.set()
    thread.join()


@contextmanager
def stopped(runner: ShowRunner) -> Iterator[None]:
    """The renderer stopped by a signal."""
    process = runner.workers.by_name["renderer"].link.process
    assert process.pid
    os.kill(process.pid, signal.SIGSTOP)
    yield
    os.kill(process.pid, signal.SIGCONT)


def blackouts(runner: MeasuredRunner, client: SimpleUDPClient, count: int) -> list[float]:
    """Milliseconds from a blackout to a black frame."""
    found = []
    for _ in range(count):
        client.send_message("/laterna/blackout", 0)
        until(lambda: runner.stage._fades.brightness(clock.now()) > 0.0, 5.0, "light")
        time.sleep(APART_SECONDS)
        runner.presented_with.pop(0.0, None)
        sent = clock.now()
        client.send_message("/laterna/blackout", 1)
        found.append(1000 * (shown_at(runner, 0.0) - sent))
    client.send_message("/laterna/blackout", 0)
    return found


def measure(
    runner: MeasuredRunner, port: int, values: int, desk: JackDesk | None, report: Callable[[str, list[float]], None]
) -> None:
    """Take all measurements while the show runs."""
    client = SimpleUDPClient("127.0.0.1", port)
    until(lambda: runner.conductor.renderer_ready, 180.0, "a picture")
    client.send_message("/prompt", "a red sun over the sea")
    time.sleep(3.0)
    report("value to frame, at rest", delays(runner, client, values, 1))
    with flooded(port):
        report(f"value to frame, {FLOOD_HZ:g} messages/s", delays(runner, client, values, 2))
    with subscribed(port), fader_moved(desk) if desk else nullcontext():
        everybody = "two subscribers and a moving MIDI fader" if desk else "two subscribers"
        report(f"value to frame, {everybody}", delays(runner, client, values, 3))
    if desk:
        assert desk.received, "the controller's motor did not follow: it has not been connected"
    client.send_message("/laterna/master/opacity", 1.0)
    with stopped(runner):
        report("blackout to frame, renderer stopped", blackouts(runner, client, max(5, values // 6)))


def main(
    generator: Annotated[str, typer.Option()] = "theatre",
    values: Annotated[int, typer.Option()] = 60,
    midi: Annotated[bool, typer.Option("--midi")] = False,
) -> None:
    """Measures and prints the table."""
    with jack_desk() if midi else nullcontext() as desk:
        play(generator, values, desk)


def play(generator: str, values: int, desk: JackDesk | None) -> None:
    """Play a show and measure it."""
    folder, port = Path(mkdtemp(prefix="laterna-bench-")), free_port()
    show = Show(
        models=ModelSettings(generator=generator),
        osc=OscSettings(port=port),
        web=WebSettings(enabled=False),
        record=RecordSettings(folder=str(folder)),
        surface=(midi_surface(folder),) if desk else (),
    )
    gc.disable()
    stage = Stage.open(show.look, "Bench", headless=True)
    runner = MeasuredRunner(RunOptions(show, headless=True, terminal=False), stage, clock.now())
    table = Table("measurement", "p50 ms", "p99 ms", "p50 frames", "p99 frames")

    def report(name: str, found: list[float]) -> None:
        half, most = np.percentile(found, (50, 99))
        frame = 1000 / stage.rate
        table.add_row(name, f"{half:.0f}", f"{most:.0f}", f"{half / frame:.1f}", f"{most / frame:.1f}")

    def work() -> None:
        try:
            measure(runner, port, values, desk, report)
        finally:
            runner.stop()

    threading.Thread(target=work, daemon=True).start()
    runner.run()
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
