"""A virtual microphone: a private PulseAudio server whose source is a named pipe that the test feeds."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import numpy as np

from installation.speech.interfaces import SAMPLE_RATE, Samples

TIMEOUT_SECONDS = 60.0  # of `until`; generous, since nothing takes that long unless it fails
BLOCK_SECONDS = 0.01
PIPE_BYTES = 1 << 18  # eight seconds, in which a busy machine may not come to read
ROOM_NOISE = (np.random.default_rng(7).normal(size=SAMPLE_RATE) * 3).astype(np.int16)  # a second


def until(condition: Callable[[], object], what: str = "the condition") -> None:
    """Wait for a condition and fail if it does not become true."""
    end = time.monotonic() + TIMEOUT_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"timed out waiting for {what}")
        time.sleep(0.005)


class VirtualMicrophone:
    """PortAudio's device `pulse`. It delivers room noise and what is played to it, in real time."""

    NAME = "pulse"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fifo = folder / "sound"
        self._server: subprocess.Popen[bytes] | None = None
        self._module = ""
        self._feeder: threading.Thread | None = None
        self._plugged_in = threading.Event()
        self._playing: deque[Samples] = deque()
        self._hushed = threading.Event()
        self.muted = False
        self.environment = {
            "PULSE_SERVER": f"unix:{folder}/native",
            "PULSE_SOURCE": "virtual",
            "PULSE_RUNTIME_PATH": str(folder),
            "PULSE_STATE_PATH": str(folder / "state"),
            "PULSE_CONFIG_PATH": str(folder / "config"),
        }

    def start(self) -> None:
        """Start the server and plug the source in."""
        options = "--daemonize=no --use-pid-file=no --exit-idle-time=-1 --disable-shm=yes --realtime=no"
        command = ["pulseaudio", "-n", *options.split(), "--high-priority=no"]
        command += ["-L", f"module-native-protocol-unix socket={self._folder}/native auth-anonymous=1"]
        command += ["-L", "module-null-sink"]  # without any sink or source the server adds its own
        environment = {**os.environ, **self.environment}
        self._server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        until(lambda: self._answers(environment), "the server")
        self.plug_in()

    def plug_in(self) -> None:
        """Add the source to the server and feed it."""
        source = ["source_name=virtual", f"file={self._fifo}", "format=s16le", f"rate={SAMPLE_RATE}", "channels=1"]
        self._module = self._control("load-module", "module-pipe-source", *source)
        self._plugged_in.set()
        self._feeder = threading.Thread(target=self._feed, daemon=True)
        self._feeder.start()

    def add(self, name: str) -> str:
        """Add a second, silent source to the server; return its description."""
        source = [f"source_name={name}", f"file={self._folder / name}", "format=s16le", f"rate={SAMPLE_RATE}"]
        self._control("load-module", "module-pipe-source", *source, "channels=1")
        return f"Unix FIFO source {self._folder / name}"

    def unplug(self) -> None:
        """Remove the source from the server."""
        self._stop_feeding()
        self._control("unload-module", self._module)

    def suspend(self, suspended: bool) -> None:
        """Suspend the source, so that it delivers nothing, or resume it."""
        self._control("suspend-source", "virtual", str(int(suspended)))

    def kill(self) -> None:
        """Kill the server."""
        self._stop_feeding()
        if self._server:
            self._server.kill()
            self._server.wait()
        self._server = None
        for left in ("native", "sound"):
            (self._folder / left).unlink(missing_ok=True)

    def play(self, samples: Samples) -> None:
        """Queue samples for the microphone and return at once."""
        self._playing.append(samples)

    def hush(self) -> None:
        """Drop what is still to be played."""
        self._hushed.set()

    def _stop_feeding(self) -> None:
        self._plugged_in.clear()
        if self._feeder:
            self._feeder.join(TIMEOUT_SECONDS)
        self._feeder = None

    @staticmethod
    def _answers(environment: dict[str, str]) -> bool:
        return subprocess.run(["pactl", "info"], env=environment, capture_output=True, check=False).returncode == 0

    def _control(self, *arguments: str) -> str:
        environment = {**os.environ, **self.environment}
        done = subprocess.run(["pactl", *arguments], env=environment, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def _feed(self) -> None:
        """Write in real time, catching up after delays; what the pipe has no room for is dropped."""
        pipe = os.open(self._fifo, os.O_RDWR | os.O_NONBLOCK)
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        start, fed = time.perf_counter(), 0
        while self._plugged_in.is_set():
            due = int((time.perf_counter() - start) * SAMPLE_RATE)
            with contextlib.suppress(BlockingIOError):
                os.write(pipe, self._next(due - fed).tobytes())
            fed = due
            time.sleep(BLOCK_SECONDS)
        os.close(pipe)

    def _next(self, count: int) -> Samples:
        sound = np.zeros(count, np.int16) if self.muted else np.resize(ROOM_NOISE, count)
        if self._hushed.is_set():  # here, so that only this thread takes samples away
            self._hushed.clear()
            self._playing.clear()
        position = 0
        while self._playing and position < count:
            piece = self._playing[0][: count - position]
            sound[position : position + len(piece)] = piece
            position += len(piece)
            if len(piece) < len(self._playing[0]):
                self._playing[0] = self._playing[0][len(piece) :]
            else:
                self._playing.popleft()
        return sound
