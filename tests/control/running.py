"""A desk in a process of its own, and this test in main's place."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pythonosc.tcp_client import SimpleTCPClient
from pythonosc.udp_client import SimpleUDPClient

from installation.control.osc_codec import Message, read
from installation.control.osc_server import ControlState
from installation.control.worker import ControlConfig, run_control
from installation.core.messages import Value, WorkerStatus
from installation.show.settings import OscSettings
from tests.workers import PATIENCE, RunningWorker


class RunningDesk(RunningWorker):
    """Starts a desk as main does."""

    def __init__(
        self,
        osc: OscSettings | None = None,
        values: dict[str, Value] | None = None,
        retry: float = 5.0,
        memory: ControlState | None = None,
    ) -> None:
        super().__init__(run_control, ControlConfig(osc or OscSettings(port=0), values or {}, retry, memory))
        self.port = 0

    def receive(self, wanted: Callable[[Any], bool]) -> list[Any]:
        """All that the desk sends, signs of plain running left out, up to the first that is wanted."""
        found = super().receive(wanted)
        return [message for message in found[:-1] if not isinstance(message, WorkerStatus)] + found[-1:]

    def ready(self) -> RunningDesk:
        """Waits until the ports are open."""
        self.port = self.sign(state="running").figures["port"]
        return self

    def tool(self) -> Tool:
        """A tool that speaks to this desk by UDP."""
        return Tool(self.port)


class Tool(SimpleUDPClient):
    """python-osc's own client, on a socket of which the port is known, with our way to wait for answers."""

    def __init__(self, port: int) -> None:
        super().__init__("127.0.0.1", port, timeout=PATIENCE)
        self._sock.bind(("127.0.0.1", 0))
        self.source = f"osc:127.0.0.1:{self._sock.getsockname()[1]}"

    def __enter__(self) -> Tool:
        return self

    def raw(self, data: bytes) -> None:
        """Sends bytes that need not be OSC."""
        self._sock.sendto(data, (self._address, self._port))

    def hear(self) -> Message:
        """The next message that comes back."""
        return read(self._sock.recv(65_536)).messages[0]


@contextmanager
def listener() -> Iterator[socket.socket]:
    """A UDP socket on a free port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ears:
        ears.bind(("127.0.0.1", 0))
        ears.settimeout(PATIENCE)
        yield ears


@contextmanager
def wired(port: int) -> Iterator[SimpleTCPClient]:
    """python-osc's own TCP client, which speaks SLIP unless told otherwise."""
    client = SimpleTCPClient("127.0.0.1", port)  # type: ignore[no-untyped-call]
    yield client
    client.socket.close()
