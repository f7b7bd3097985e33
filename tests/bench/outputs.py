"""What outputs cost: CPU and latency of each alone, and late frames of a show with several of them and slow viewers.

    python -m tests.bench.outputs [--only ndi] [--seconds 15] [--show-seconds 30] [--viewers 20] [--rounds 2]

Each output alone gets 1280 x 720 pictures at 30 frames a second that carry a number, in a process of its own; a viewer
in another one reads the number. Then shows play in a window of Xvfb, drawn without a graphics card: one alone; one with
four corners moved, MJPEG and NDI with a viewer each, and a recorder; one with five outputs; and one with five and
viewers that do not read. `--rounds` plays them in turn, so that a busy machine is fair to all.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import numpy as np
import typer
from PIL import Image
from rich.console import Console
from rich.table import Table

from installation.core.clock import now
from installation.core.packet_ring import PacketRing
from installation.core.ring_folder import JPEG_RING
from installation.outputs.interface import FrameFormat
from installation.outputs.readers.laterna_reader import LaternaReader
from installation.outputs.registry import output_spec
from tests.outputs.stream_pictures import Source, ffmpeg_viewer, number_of
from tests.running import ROOT, running
from tests.stage.framebuffer import framebuffer

SIZE, RATE = (1280, 720), 30.0
NAME = "laterna-bench"
PORTS = {"srt": 9781, "rtsp": 8581}
KINDS = ("none", "recorder", "mjpeg", "shared-memory", "ndi", "srt", "rtsp")
SETTLING = 30  # frames of a viewer that are not counted
START_SECONDS = 8.0  # of a show, after which viewers come
KEYSTONE = [[0.04, 0.03], [0.97, 0.0], [1.0, 0.96], [0.0, 0.98]]
MJPEG_REQUEST = b"GET /stream.mjpg HTTP/1.1\r\nHost: localhost\r\n\r\n"
FIVE = ("mjpeg", "recorder", "ndi", "rtsp", "shared-memory")


def settings_of(kind: str, folder: Path) -> dict[str, Any]:
    """The keys of an output in this bench."""
    keys: dict[str, dict[str, Any]] = {
        "recorder": {"path": folder / "film.mp4"},
        "shared-memory": {"name": NAME},
        "ndi": {"name": NAME},
        "srt": {"port": PORTS["srt"]},
        "rtsp": {"port": PORTS["rtsp"]},
    }
    return keys.get(kind, {})


class Nothing:
    """A sink that takes frames and does nothing: what drawing the pictures costs."""

    def write(self, frame: Any, at: float) -> None:
        """Do nothing."""

    def close(self, at: float) -> None:
        """Do nothing."""


def send(kind: str, folder: Path, seconds: float, pipe: Connection) -> None:
    """Run in a process: write pictures to an output; report their times and the CPU that was used."""
    sink: Any = Nothing()
    if kind != "none":
        spec = output_spec(kind)
        sink = spec.make(spec.settings(**settings_of(kind, folder)))
        sink.open(FrameFormat(*SIZE, RATE, folder))
    pipe.send("open")
    with Source(sink, RATE, SIZE) as source:
        time.sleep(seconds)
        used = os.times()
    sink.close(now())
    after = os.times()
    children = after.children_user + after.children_system
    pipe.send((source.sent, (used.user + used.system + children) / seconds, source.error))


def viewed(kind: str, folder: Path, frames: int) -> Iterator[tuple[int, float]]:
    """The numbers of the pictures as a viewer sees them, and when."""
    match kind:
        case "mjpeg":
            yield from _jpegs(folder)
        case "shared-memory":
            reader = LaternaReader(NAME)
            while True:
                picture = reader.newest()
                if picture is not None:
                    yield number_of(picture), now()
                time.sleep(0.001)
        case "ndi":
            command = [sys.executable, "-m", "tests.outputs.ndi_receiver", NAME, str(frames)]
            with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as receiver:
                assert receiver.stdout
                for line in receiver.stdout:
                    yield int(line.split()[0]), float(line.split()[1])
        case "srt" | "rtsp":
            path = "/laterna" if kind == "rtsp" else ""
            with ffmpeg_viewer(f"{kind}://127.0.0.1:{PORTS[kind]}{path}", size=SIZE) as numbers:
                for number in numbers:
                    yield number, now()


def _jpegs(folder: Path) -> Iterator[tuple[int, float]]:
    """As the web surface takes them; the last step, to the browser, is not in it."""
    ring, sequence = PacketRing(folder / JPEG_RING), 0
    while True:
        ring.note_viewers(1, now())
        if newest := ring.newest(sequence):
            sequence = newest[0]
            yield number_of(np.asarray(Image.open(BytesIO(newest[1])))), now()
        time.sleep(0.001)


def alone(kind: str, seconds: float) -> tuple[float, list[float]]:
    """CPU of an output with one viewer, as a share of a core, and the latencies (s) of its frames."""
    context = multiprocessing.get_context("spawn")
    with TemporaryDirectory() as name:
        folder = Path(name)
        ours, theirs = context.Pipe()
        process = context.Process(target=send, args=(kind, folder, seconds, theirs))
        process.start()
        assert ours.recv() == "open"
        seen: list[tuple[int, float]] = []
        wanted = int((seconds - 6.0) * RATE)  # joining takes its time
        thread = threading.Thread(
            target=lambda: seen.extend(itertools.islice(viewed(kind, folder, wanted), wanted)), daemon=True
        )
        thread.start()
        sent, cpu, error = ours.recv()
        assert not error, error
        process.join()
        thread.join(1.0)
        return cpu, [at - sent[number] for number, at in seen[SETTLING:] if number < len(sent)]


@dataclass(frozen=True)
class Plan:
    """What a show has besides its window."""

    name: str
    outputs: tuple[str, ...] = ()
    projected: bool = False
    watched: bool = False  # MJPEG and NDI by a viewer each
    slow: int = 0  # viewers of MJPEG and RTSP that do not read


def show_file(plan: Plan) -> str:
    """The TOML of a show."""
    tables = ['title = "Bench"\n[models]\ngenerator = "fake"\nperceptor = "fake"\n[look]\nopengl = false\n']
    if plan.projected:
        tables.append(f"[projection]\ncorners = {KEYSTONE}\n")
    for kind in plan.outputs:
        keys = {"kind": kind, **settings_of(kind, Path("recordings"))}
        lines = (f"{key} = {json.dumps(str(each) if isinstance(each, Path) else each)}\n" for key, each in keys.items())
        tables.append("[[output]]\n" + "".join(lines))
    return "".join(tables)


def show(folder: Path, seconds: float, plan: Plan) -> dict[str, Any]:
    """Play a show; return its report."""
    web = _free_port()
    (folder / "bench.toml").write_text(show_file(plan), encoding="utf-8")
    arguments = ["--seconds", str(seconds), "--set", "web.enabled=true", "--set", f"web.port={web}"]
    with framebuffer(folder, SIZE) as screen, ExitStack() as viewers:
        window = {"DISPLAY": screen.display, "SDL_VIDEODRIVER": "x11"}
        made = viewers.enter_context(running("bench.toml", folder, arguments, headless=False, environment=window))
        time.sleep(START_SECONDS)
        if plan.watched:
            connection = viewers.enter_context(socket.create_connection(("127.0.0.1", web), 10.0))
            connection.sendall(MJPEG_REQUEST)
            threading.Thread(target=_read_all, args=(connection,), daemon=True).start()
            receive = [sys.executable, "-m", "tests.outputs.ndi_receiver", NAME, str(round(seconds * RATE))]
            command = ["nice", "-n", "19", *receive]  # it would run on another machine
            receiver = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
            viewers.callback(receiver.wait)
            viewers.callback(receiver.kill)
        for _ in range(plan.slow):
            for request, port in ((MJPEG_REQUEST, web), (_play(), PORTS["rtsp"])):
                connection = viewers.enter_context(socket.create_connection(("127.0.0.1", port), 10.0))
                connection.sendall(request)
        made.process.wait(seconds + 120.0)
        return dict(json.loads(made.report_path.read_text(encoding="utf-8")))


def _read_all(connection: socket.socket) -> None:
    with suppress(OSError):  # it is closed at the end
        while connection.recv(1 << 16):
            pass


def _play() -> bytes:
    url = f"rtsp://127.0.0.1:{PORTS['rtsp']}/laterna"
    transport = "Transport: RTP/AVP/TCP;interleaved=0-1"
    return f"SETUP {url} RTSP/1.0\r\n{transport}\r\n\r\nPLAY {url} RTSP/1.0\r\n\r\n".encode()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def late(reports: Sequence[dict[str, Any]]) -> list[str]:
    """Presented frames a second, late ones, those after the workers have loaded, and the longest gap, of all rounds."""
    presented = max(sum(each["presented_frames"] for each in reports), 1)
    missed, later = (sum(each[name] for each in reports) for name in ("missed_frames", "missed_after_start"))
    rate = float(np.mean([each["presented_fps"] for each in reports]))
    gap = max(each["longest_gap_ms"] for each in reports)
    return [f"{rate:.2f}", f"{100 * missed / presented:.2f} %", f"{100 * later / presented:.2f} %", f"{gap:.0f} ms"]


def main(
    only: Annotated[list[str] | None, typer.Option(help="Of the outputs; 'show' for the show.")] = None,
    seconds: Annotated[float, typer.Option()] = 15.0,
    show_seconds: Annotated[float, typer.Option()] = 30.0,
    viewers: Annotated[int, typer.Option()] = 20,
    rounds: Annotated[int, typer.Option(min=1)] = 1,
) -> None:
    """Measure and print two tables."""
    table = Table("output", "of a core", "frames seen", "p50", "p95")
    drawing = 0.0
    for kind in [each for each in KINDS if not only or each in (*only, "none")]:
        cpu, delays = alone(kind, seconds)
        drawing = cpu if kind == "none" else drawing
        times = [f"{1000 * float(np.percentile(delays, each)):.0f} ms" for each in (50, 95)] if delays else ["", ""]
        table.add_row(kind, f"{100 * (cpu - drawing):.1f} %", str(len(delays)), *times)
    Console().print(table)
    if only and "show" not in only:
        return
    plans = (
        Plan("alone"),
        Plan("projection, MJPEG, recorder, NDI", ("mjpeg", "recorder", "ndi"), projected=True, watched=True),
        Plan("five outputs", FIVE),
        Plan(f"five outputs, {viewers} slow viewers", FIVE, slow=viewers),
    )
    reports: dict[str, list[dict[str, Any]]] = {plan.name: [] for plan in plans}
    for plan in plans * rounds:
        with TemporaryDirectory() as folder:
            reports[plan.name].append(show(Path(folder), show_seconds, plan))
    shows = Table("show", "frames/s", "late", "after 5 s", "longest gap")
    for name, found in reports.items():
        shows.add_row(name, *late(found))
    Console().print(shows)


if __name__ == "__main__":
    typer.run(main)
