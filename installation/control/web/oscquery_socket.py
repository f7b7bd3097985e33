"""The WebSocket of OSCQuery: LISTEN and IGNORE in, changed values as binary OSC out, and OSC packets in."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.websockets import WebSocket

from installation.control.osc_codec import Message, read, write
from installation.control.osc_dispatch import ROOT, VERBS, address_of, interpret
from installation.control.rate_limit import RateLimit
from installation.control.web.config import KIND
from installation.control.web.hub import Hub, Listener
from installation.control.web.oscquery import AddressSpace
from installation.control.web.sockets import first_of, take_each
from installation.core import clock
from installation.core.errors import Rejected
from installation.core.messages import Bundle, Changed, MessageRejected, Origin, SetParam, Trigger, Value
from installation.core.params import PARAMS

SEND_SECONDS = 1.0 / 30.0  # between two rounds of changed values
PACKETS_PER_SECOND = 1000.0
MAX_LISTENED = 1000  # addresses of one client
ERROR = address_of("error")


class OscQuerySocket(Listener):
    """One OSCQuery client."""

    def __init__(self, socket: WebSocket, hub: Hub, space: AddressSpace) -> None:
        self._socket, self._hub, self._space = socket, hub, space
        host, port = socket.client or ("", 0)
        self._origin = Origin(KIND, f"{host}:{port}")
        self._listened: set[str] = set()  # names of values
        self._values: dict[str, Value] = {}  # changed, not sent yet
        self._errors: list[tuple[str, str]] = []  # (address, reason)
        self._paths: list[str] = []  # whose contents have changed
        self._news = asyncio.Event()
        self._packets = RateLimit(PACKETS_PER_SECOND, PACKETS_PER_SECOND, clock.now())

    async def run(self) -> None:
        """Serve the client until it leaves."""
        await self._socket.accept()
        self._hub.listeners.add(self)
        try:
            await first_of(take_each(self._socket, self._take, self._refuse), self._write())
        finally:
            self._hub.listeners.discard(self)

    # -- from the show ----------------------------------------------------------------------------------------------

    def changed(self, message: Changed) -> None:
        """Send a value that the client listens to."""
        if message.name in self._listened:
            self._values[message.name] = message.value
            self._news.set()

    def rejected(self, message: MessageRejected) -> None:
        """Answer a message of this client."""
        if message.origin == self._origin:
            self._refuse(address_of(message.name), message.reason)

    def paths_changed(self, paths: list[str]) -> None:
        """Say that the contents of these paths have changed."""
        self._paths += paths
        self._news.set()

    def _refuse(self, address: str, reason: str) -> None:
        self._errors = [*self._errors, (address, reason)][-10:]
        self._news.set()

    async def _write(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            values, self._values = self._values, {}
            errors, self._errors = self._errors, []
            paths, self._paths = self._paths, []
            for path in paths:
                await self._socket.send_text(json.dumps({"COMMAND": "PATH_CHANGED", "DATA": path}))
            for name, value in values.items():
                await self._socket.send_bytes(_packet(name, value))
            for error in errors:
                await self._socket.send_bytes(write(ERROR, *error))
            await asyncio.sleep(SEND_SECONDS)

    # -- from the client --------------------------------------------------------------------------------------------

    def _take(self, message: str | bytes) -> None:
        if not self._packets.take("client", clock.now()):
            raise Rejected("too many packets per second.")
        if isinstance(message, str):
            self._command(message)
        else:
            self._packet(message)

    def _command(self, text: str) -> None:
        """Carry out LISTEN and IGNORE; other commands of the proposal are for clients."""
        try:
            message: Any = json.loads(text)
        except (ValueError, RecursionError):
            raise Rejected("a command must be JSON.") from None
        if not isinstance(message, dict) or not isinstance(path := message.get("DATA"), str):
            raise Rejected('a command is {"COMMAND": "LISTEN", "DATA": address}.')
        name = path.removeprefix(ROOT)
        row = self._space.rows.get(path)
        match message.get("COMMAND"):
            case "LISTEN":
                if row is None or row.access == "trigger":
                    raise Rejected(f"{path[:255]} has no value to listen to.")
                if len(self._listened) >= MAX_LISTENED:
                    raise Rejected(f"a client listens to at most {MAX_LISTENED} addresses.")
                self._listened.add(name)
            case "IGNORE":
                self._listened.discard(name)
            case command:
                raise Rejected(f"unknown command {str(command)[:40]!r}; known: LISTEN, IGNORE.")

    def _packet(self, data: bytes) -> None:
        """Pass a binary OSC packet on, as if it had come by UDP."""
        packet = read(data)
        messages: list[SetParam | Trigger] = []
        for message in packet.messages:
            try:
                messages += self._interpret(message)
            except Rejected as error:
                self._refuse(message.address, str(error))
        for each in [Bundle(tuple(messages))] if packet.bundled and messages else messages:
            self._hub.send(each, lambda error: self._refuse("", str(error)))

    def _interpret(self, message: Message) -> list[SetParam | Trigger]:
        """The messages for the show; queries are answered. Raises Rejected."""
        if message.address.removeprefix(ROOT) in VERBS:
            raise Rejected("this command is for OSC over UDP or TCP.")
        actions = interpret(message.address, message.args, self._origin)
        for action in actions:
            if not isinstance(action, (SetParam, Trigger)):
                self._values[action.name] = self._hub.values[action.name]
                self._news.set()
        return [each for each in actions if isinstance(each, (SetParam, Trigger))]


def _packet(name: str, value: Value) -> bytes:
    row = PARAMS.get(name)
    return write(address_of(name), float(value) if row and row.kind == "float" else value)
