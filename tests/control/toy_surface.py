"""A toy control surface in one file: lines of text over UDP.

`prompt a fox` fires the trigger, `walk/speed=0.5` sets the value; changes and rejections come back as text.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass

from installation.control.interface import SurfaceContext, SurfaceSpec
from installation.core.errors import Rejected
from installation.core.messages import Changed, Feedback, MessageRejected, Origin, SetParam, Trigger
from installation.core.worker_status import SurfaceFigures

KIND = "lines"
ORIGIN = Origin(KIND)


@dataclass(frozen=True)
class LinesSettings:
    """The keys of the `[[surface]]` table."""

    port: int
    reply_port: int


class LinesSurface:
    """Reads datagrams in a thread; writes feedback to the reply port."""

    def __init__(self, settings: LinesSettings, context: SurfaceContext) -> None:
        self._settings, self._context = settings, context
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(0.05)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._messages = 0

    def start(self) -> None:
        self._socket.bind(("127.0.0.1", self._settings.port))
        self._thread.start()

    def feedback(self, message: Feedback) -> None:
        if isinstance(message, Changed):
            self._reply(f"{message.name}={message.value}")
        elif isinstance(message, MessageRejected) and message.origin == ORIGIN:
            self._reply(f"rejected: {message.reason}")

    def figures(self) -> SurfaceFigures:
        return SurfaceFigures(KIND, port=self._settings.port, messages=self._messages)

    def handover(self) -> None:
        return None

    def stop(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()

    def _read(self) -> None:
        while not self._stopped.is_set():
            with contextlib.suppress(TimeoutError):
                self._take(self._socket.recv(4096).decode())

    def _take(self, line: str) -> None:
        self._messages += 1
        name, equals, value = line.partition("=")
        trigger, _, words = line.partition(" ")
        try:
            if equals:
                self._context.send(SetParam(name, value, ORIGIN))
            else:
                self._context.send(Trigger(trigger, (words,) if words else (), ORIGIN))
        except Rejected as error:
            self._reply(f"rejected: {error}")

    def _reply(self, text: str) -> None:
        self._socket.sendto(text.encode(), ("127.0.0.1", self._settings.reply_port))


SPEC = SurfaceSpec(KIND, "lines of text over UDP", LinesSettings, LinesSurface)
