"""A control worker with OSC in a process of its own, with the test in main's place, and clients for it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pythonosc.tcp_client import SimpleTCPClient
from pythonosc.udp_client import SimpleUDPClient

from installation.control.interface import ControlConfig, SurfaceConfig, SurfaceContext, SurfaceHandovers, SurfaceSpec
from installation.control.osc_codec import Message, read
from installation.control.osc_surface import SPEC, OscSurface
from installation.control.worker import run_control
from installation.core.messages import Answer, Origin, Query, Value
from installation.core.worker_status import ControlFigures, SurfaceFigures, WorkerStatus
from installation.show.settings import OscSettings
from tests.workers import PATIENCE, RunningWorker


def impatient_osc(osc: OscSettings, context: SurfaceContext) -> OscSurface:
    """OSC that retries its port five times a second."""
    return OscSurface(osc, context, retry_seconds=0.2)


IMPATIENT = SurfaceSpec(SPEC.kind, SPEC.help, SPEC.settings, impatient_osc)


class RunningControl(RunningWorker):
    """Starts a control worker as main does."""

    def __init__(
        self,
        osc: OscSettings | None = None,
        values: dict[str, Value] | None = None,
        spec: SurfaceSpec = SPEC,
        handover: SurfaceHandovers | None = None,
        more: tuple[SurfaceConfig, ...] = (),
    ) -> None:
        surface = SurfaceConfig(spec, osc or OscSettings(port=0))
        super().__init__(run_control, ControlConfig((surface, *more), values or {}, handover))
        self.port = 0
        self.last: Any = None  # the status that `osc` waited for

    def receive(self, wanted: Callable[[Any], bool]) -> list[Any]:
        """Every message up to the first that is wanted, without the statuses before it."""
        found = super().receive(wanted)
        return [message for message in found[:-1] if not isinstance(message, WorkerStatus)] + found[-1:]

    def ready(self) -> RunningControl:
        """Wait until the port is open."""
        self.port = self.osc(lambda osc: osc.port > 0).port
        return self

    def osc(self, wanted: Callable[[SurfaceFigures], bool]) -> SurfaceFigures:
        """Wait for a status with such figures of OSC; return them."""
        return self.figures(0, wanted)

    def figures(self, place: int, wanted: Callable[[SurfaceFigures], bool]) -> SurfaceFigures:
        """Wait for a status with such figures of the surface at this place; return them."""

        def fits(message: Any) -> bool:
            figures = message.figures if isinstance(message, WorkerStatus) else None
            return isinstance(figures, ControlFigures) and wanted(figures.surfaces[place])

        self.last = self.receive(fits)[-1]
        figures = self.last.figures.surfaces[place]
        assert isinstance(figures, SurfaceFigures)
        return figures

    def answer(self, value: Value) -> None:
        """Answer the next query, as the Conductor does."""
        query = self.receive(lambda message: isinstance(message, Query))[-1]
        self.pipe.send(Answer(query.name, value, query.origin, query.address))

    def tool(self) -> Tool:
        """An OSC client that sends to this worker by UDP."""
        return Tool(self.port)


class Tool(SimpleUDPClient):
    """python-osc's client on a socket with a known port, and a way to wait for replies."""

    def __init__(self, port: int) -> None:
        super().__init__("127.0.0.1", port, timeout=PATIENCE)
        self._sock.bind(("127.0.0.1", 0))
        self.origin = Origin("osc", f"127.0.0.1:{self._sock.getsockname()[1]}")

    def __enter__(self) -> Tool:
        return self

    def raw(self, data: bytes) -> None:
        """Send bytes that need not be OSC."""
        self._sock.sendto(data, (self._address, self._port))

    def hear_pong(self) -> None:
        """Wait until a ping is answered."""
        while self.hear() != Message("/laterna/pong"):
            pass

    def hear(self) -> Message:
        """The next reply."""
        return read(self._sock.recv(65_536)).messages[0]


@contextmanager
def listener() -> Iterator[socket.socket]:
    """A UDP socket on a free port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(PATIENCE)
        yield receiver


@contextmanager
def wired(port: int) -> Iterator[SimpleTCPClient]:
    """python-osc's TCP client, which uses SLIP by default."""
    client = SimpleTCPClient("127.0.0.1", port)  # type: ignore[no-untyped-call]
    yield client
    client.socket.close()
