"""A MIDI controller on a JACK server of its own: real drivers and real MIDI bytes, without hardware.

Needs Debian's jackd2 and the package JACK-Client, which loads its library. JACK finds its server by the environment.
"""

from __future__ import annotations

import os
import subprocess
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.running import until

BACKEND = "mido.backends.rtmidi/UNIX_JACK"
SERVER = f"laterna-test-{os.getpid()}"
PATIENCE = 20.0  # seconds for the server to start


class JackDesk:
    """The client `desk` with one port in each direction, named as JACK names those of hardware."""

    def __init__(self) -> None:
        import jack

        self.received: deque[bytes] = deque()  # from the show
        self._moves: deque[tuple[int, ...]] = deque()
        self._client = jack.Client("desk", servername=SERVER, no_start_server=True)
        self._faders: Any = self._client.midi_outports.register("midi_capture_1")
        self._motors: Any = self._client.midi_inports.register("midi_playback_1")
        self._client.set_process_callback(self._process)
        self._client.activate()

    def move(self, *message: int) -> None:
        """Send the bytes of a MIDI message to the show."""
        self._moves.append(message)

    def close(self) -> None:
        """Unplug the controller."""
        self._client.close()

    def _process(self, _frames: int) -> None:
        """Runs on JACK's thread, once a period."""
        self._faders.clear_buffer()
        while self._moves:
            self._faders.write_midi_event(0, self._moves.popleft())
        self.received.extend(bytes(data) for _, data in self._motors.incoming_midi_events())


@contextmanager
def jack_desk() -> Iterator[JackDesk]:
    """A controller on a server that lives as long; its name is in the environment for the processes of a show."""
    before = os.environ.get("JACK_DEFAULT_SERVER")
    os.environ["JACK_DEFAULT_SERVER"] = SERVER
    command = ["jackd", "--name", SERVER, "--no-realtime", "-d", "dummy", "--period", "256"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            until(_answers, PATIENCE, "the JACK server")
            desk = JackDesk()
            try:
                yield desk
            finally:
                desk.close()
        finally:
            server.terminate()
            if before is None:
                del os.environ["JACK_DEFAULT_SERVER"]
            else:
                os.environ["JACK_DEFAULT_SERVER"] = before


def _answers() -> bool:
    import jack

    try:
        jack.Client("probe", servername=SERVER, no_start_server=True).close()
    except jack.JackError:
        return False
    return True
