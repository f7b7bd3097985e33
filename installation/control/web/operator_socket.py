"""The WebSockets of the operator page: commands in, values and log out, and the live picture.

From the page, JSON: `{"set": name, "value": …, "seconds": …}`, `{"fire": name, "args": […]}`, `{"ping": …}`.
To the page: `{"hello": …}` first, then `{"values": {…}}`, `{"log": […]}`, `{"refused": …}`, `{"pong": …}`.
"""

from __future__ import annotations

import asyncio
import json
import math
from dataclasses import asdict
from typing import Any

from starlette.websockets import WebSocket

from installation.control.rate_limit import RateLimit
from installation.control.web.config import KIND
from installation.control.web.hub import Hub, Listener, LogEntry
from installation.control.web.picture import LivePicture
from installation.control.web.sockets import first_of, receive, take_each
from installation.core import clock
from installation.core.errors import Rejected
from installation.core.messages import (
    Changed,
    CuesChanged,
    Listing,
    MessageRejected,
    Origin,
    QueueChanged,
    QueueEntry,
    SetParam,
    SnapshotsChanged,
    Trigger,
    Value,
)
from installation.core.params import PARAMS

SEND_SECONDS = 0.04  # between two messages to a page
MAX_PENDING_LOG = 100
COMMANDS_PER_SECOND = 240.0  # of one page: two faders at the display's rate
MAX_SECONDS = 600.0
MAX_ARGUMENTS = 8
MAX_TEXT = 1000  # characters of a value or argument
LOOK_SECONDS = 0.02  # between two looks for a new picture
PARAMETERS = [  # the table, for the page to build its controls from
    {
        key: getattr(row, key)
        for key in ("name", "kind", "owner", "help", "default", "unit", "access", "critical", "arguments", "choices")
    }
    | {key: value for key in ("low", "high") if math.isfinite(value := getattr(row, key))}
    for row in PARAMS.values()
]


class OperatorPage(Listener):
    """One operator page at the other end of a socket."""

    def __init__(self, socket: WebSocket, hub: Hub, about: dict[str, Any]) -> None:
        """`about`: what the page has to know besides values: the title, the kinds of surfaces."""
        self._socket, self._hub, self._about = socket, hub, about
        host, port = socket.client or ("", 0)
        self._origin = Origin(KIND, f"{host}:{port}")
        self._values: dict[str, Value] = {}  # changed, not sent yet
        self._listings: dict[str, Any] = {}
        self._log: list[LogEntry] = []
        self._refused: list[dict[str, str]] = []
        self._pong: Any = None
        self._news = asyncio.Event()
        self._commands = RateLimit(COMMANDS_PER_SECOND, COMMANDS_PER_SECOND, clock.now())

    async def run(self) -> None:
        """Serve the page until it leaves."""
        await self._socket.accept()
        await self._send({"hello": self._hello()})
        for listing in self._hub.listings.values():
            self.listed(listing)
        self._hub.listeners.add(self)
        try:
            await first_of(take_each(self._socket, self._take, self._refuse), self._write())
        finally:
            self._hub.listeners.discard(self)

    def _hello(self) -> dict[str, Any]:
        log = [_log_row(entry) for entry in self._hub.log]
        return {**self._about, "parameters": PARAMETERS, "values": self._hub.values, "log": log}

    # -- from the show ----------------------------------------------------------------------------------------------

    def changed(self, message: Changed) -> None:
        """Send a value with the next message."""
        self._values[message.name] = message.value
        self._news.set()

    def logged(self, entry: LogEntry) -> None:
        """Send a line of the log with the next message."""
        self._log = [*self._log, entry][-MAX_PENDING_LOG:]
        self._news.set()

    def listed(self, message: Listing) -> None:
        """Send the queue, the cues or the snapshots with the next message."""
        self._listings |= listing_rows(message)
        self._news.set()

    def rejected(self, message: MessageRejected) -> None:
        """Tell the page that it was its own message."""
        if message.origin == self._origin:
            self._refuse(message.name, message.reason)

    def _refuse(self, name: str, reason: str) -> None:
        self._refused = [*self._refused, {"name": name, "reason": reason}][-MAX_PENDING_LOG:]
        self._news.set()

    async def _write(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            values, self._values = self._values, {}
            log, self._log = [_log_row(entry) for entry in self._log], []
            refused, self._refused = self._refused, []
            pong, self._pong = self._pong, None
            listings, self._listings = self._listings, {}
            parts = {**listings, "values": values, "log": log, "refused": refused, "pong": pong}
            await self._send({key: part for key, part in parts.items() if part or key in listings})
            await asyncio.sleep(SEND_SECONDS)

    async def _send(self, message: dict[str, Any]) -> None:
        await self._socket.send_text(json.dumps(message, ensure_ascii=False, separators=(",", ":")))

    # -- from the page ----------------------------------------------------------------------------------------------

    def _take(self, text: str | bytes) -> None:
        try:
            command = json.loads(text)
        except (ValueError, RecursionError):  # also text that is not UTF-8
            raise Rejected("a command must be JSON.") from None
        if not isinstance(command, dict):
            raise Rejected("a command must be a JSON object.")
        if "ping" in command:
            self._pong = command["ping"] if isinstance(command["ping"], (int, float)) else 0
            self._news.set()
            return
        message = read_command(command, self._origin)
        row = PARAMS.get(message.name)
        if not (row and row.critical) and not self._commands.take("page", clock.now()):
            raise Rejected("too many commands per second.")
        self._hub.send(message, lambda error: self._refuse(message.name, str(error)))


def read_command(command: dict[str, Any], origin: Origin) -> SetParam | Trigger:
    """The message of a command from a page. Raises Rejected; whether the value fits, the show decides."""
    match command:
        case {"set": str(name), "value": value}:
            return SetParam(_name(name), _scalar(value), origin, _seconds(command.get("seconds", 0.0)))
        case {"fire": str(name)}:
            arguments = command.get("args", [])
            if not isinstance(arguments, list) or len(arguments) > MAX_ARGUMENTS:
                raise Rejected(f"a trigger takes at most {MAX_ARGUMENTS} arguments.")
            return Trigger(_name(name), tuple(map(_scalar, arguments)), origin)
    raise Rejected('a command is {"set": name, "value": value} or {"fire": name, "args": [...]}.')


def _name(name: str) -> str:
    if len(name) > 255:
        raise Rejected("a name has at most 255 characters.")
    return name


def _scalar(value: object) -> Value:
    if isinstance(value, str) and len(value) <= MAX_TEXT:
        return value
    if isinstance(value, (bool, int)) and abs(value) < 2**53:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise Rejected(f"a value is a finite number, true or false, or a text of at most {MAX_TEXT} characters.")


def _seconds(value: object) -> float:
    seconds = _scalar(value)
    if isinstance(seconds, str):
        raise Rejected("seconds must be a number.")
    return min(max(float(seconds), 0.0), MAX_SECONDS)


def listing_rows(listing: Listing) -> dict[str, Any]:
    """A listing as the page draws it."""
    match listing:
        case QueueChanged():
            parts = {"waiting": listing.waiting, "history": listing.history}
            return {"queue": {name: list(map(_queue_row, entries)) for name, entries in parts.items()}}
        case CuesChanged():
            return {"cues": [asdict(cue) for cue in listing.cues]}
        case SnapshotsChanged():
            return {"snapshots": [asdict(each) for each in listing.snapshots]}


def _queue_row(entry: QueueEntry) -> dict[str, Any]:
    return {"id": entry.id, "text": entry.text, "origin": str(entry.origin), "state": entry.state}


def _log_row(entry: LogEntry) -> dict[str, Any]:
    row = asdict(entry)
    row["ago"] = round(clock.now() - row.pop("at"), 1)  # the page has another clock
    return row


async def stream_picture(socket: WebSocket, hub: Hub, picture: LivePicture) -> None:
    """Send the newest picture each time the page asks for one: a slow network gets fewer, never old ones."""
    await socket.accept()
    wanted = asyncio.Event()

    async def read() -> None:
        while True:
            await receive(socket)
            wanted.set()

    async def write() -> None:
        sent = 0
        while True:
            await wanted.wait()
            wanted.clear()
            while (newest := picture.newest(clock.now()))[0] == sent:
                await asyncio.sleep(LOOK_SECONDS)
            sent = newest[0]
            await socket.send_bytes(newest[1])

    hub.viewers += 1
    try:
        await first_of(read(), write())
    finally:
        hub.viewers -= 1
