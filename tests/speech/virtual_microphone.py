"""A microphone on a machine without a sound card: a private PulseAudio whose source is a pipe that the test feeds."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import numpy as np

from installation.speech.interfaces import RATE, Samples

PATIENCE = 15.0  # seconds after which a test gives up; nothing waits that long when all is well
BLOCK_SECONDS = 0.01
ROOM = (np.random.default_rng(7).normal(size=RATE) * 3).astype(np.int16)  # a second of a still room


def until(condition: Callable[[], object], what: str = "what was awaited") -> None:
    """Waits for a condition, and fails if it does not come."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come")
        time.sleep(0.005)


class VirtualMicrophone:
    """`pulse` to PortAudio. It hears the room, and what is played to it, at real-time pace."""

    NAME = "pulse"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fifo = folder / "sound"
        self._server: subprocess.Popen[bytes] | None = None
        self._module = ""
        self._feeder: threading.Thread | None = None
        self._present = threading.Event()
        self._playing: deque[Samples] = deque()
        self.muted = False
        self.environment = {
            "PULSE_SERVER": f"unix:{folder}/native",
            "PULSE_SOURCE": "virtual",
            "PULSE_RUNTIME_PATH": str(folder),
            "PULSE_STATE_PATH": str(folder / "state"),
            "PULSE_CONFIG_PATH": str(folder / "config"),
        }

    def start(self) -> None:
        """The server and its source."""
        options = "--daemonize=no --use-pid-file=no --exit-idle-time=-1 --disable-shm=yes --realtime=no"
        command = ["pulseaudio", "-n", *options.split(), "--high-priority=no"]
        command += ["-L", f"module-native-protocol-unix socket={self._folder}/native auth-anonymous=1"]
        command += ["-L", "module-null-sink"]  # a server with neither sinks nor sources invents one
        environment = {**os.environ, **self.environment}
        self._server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        until(lambda: self._answers(environment), "the server")
        self.plug_in()

    def plug_in(self) -> None:
        """The source is there, and the room sounds."""
        source = ["source_name=virtual", f"file={self._fifo}", "format=s16le", f"rate={RATE}", "channels=1"]
        self._module = self._control("load-module", "module-pipe-source", *source)
        self._present.set()
        self._feeder = threading.Thread(target=self._feed, daemon=True)
        self._feeder.start()

    def unplug(self) -> None:
        """The source is gone."""
        self._silence()
        self._control("unload-module", self._module)

    def suspend(self, suspended: bool) -> None:
        """The source brings nothing, or brings sound again."""
        self._control("suspend-source", "virtual", str(int(suspended)))

    def kill(self) -> None:
        """The server is gone, without a word."""
        self._silence()
        if self._server:
            self._server.kill()
            self._server.wait()
        self._server = None
        for left in ("native", "sound"):
            (self._folder / left).unlink(missing_ok=True)

    def play(self, samples: Samples) -> None:
        """Says something into the microphone; returns at once."""
        self._playing.append(samples)

    def _silence(self) -> None:
        self._present.clear()
        if self._feeder:
            self._feeder.join(PATIENCE)
        self._feeder = None

    @staticmethod
    def _answers(environment: dict[str, str]) -> bool:
        return subprocess.run(["pactl", "info"], env=environment, capture_output=True, check=False).returncode == 0

    def _control(self, *arguments: str) -> str:
        environment = {**os.environ, **self.environment}
        done = subprocess.run(["pactl", *arguments], env=environment, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def _feed(self) -> None:
        """Keeps to real time, whatever holds it up; a pipe that nobody empties is left alone."""
        pipe = os.open(self._fifo, os.O_RDWR | os.O_NONBLOCK)
        began, fed = time.perf_counter(), 0
        while self._present.is_set():
            due = int((time.perf_counter() - began) * RATE)
            with contextlib.suppress(BlockingIOError):
                os.write(pipe, self._next(due - fed).tobytes())
            fed = due
            time.sleep(BLOCK_SECONDS)
        os.close(pipe)

    def _next(self, count: int) -> Samples:
        sound = np.zeros(count, np.int16) if self.muted else np.resize(ROOM, count)
        place = 0
        while self._playing and place < count:
            piece = self._playing[0][: count - place]
            sound[place : place + len(piece)] = piece
            place += len(piece)
            if len(piece) < len(self._playing[0]):
                self._playing[0] = self._playing[0][len(piece) :]
            else:
                self._playing.popleft()
        return sound
