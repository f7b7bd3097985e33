"""Between the show and the sockets of the web surface: values, the log of refusals, and who is connected.

Messages from the show arrive in the worker's thread; everything else happens in the thread of the event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from installation.control.interface import SurfaceContext
from installation.core import clock
from installation.core.errors import Rejected
from installation.core.mailbox import Mailbox
from installation.core.messages import (
    Changed,
    CuesChanged,
    Feedback,
    Inbox,
    Listing,
    MessageRejected,
    Notice,
    Origin,
    QueueChanged,
    SnapshotsChanged,
    Value,
    feedback_key,
)

LOG_ENTRIES = 100
MAX_WAITING = 1024  # rejections and notices for the event loop; of a changed value only the latest waits


@dataclass(frozen=True)
class LogEntry:
    """A line of the operator's log."""

    at: float  # seconds of `clock.now`
    kind: str  # refused or notice
    text: str
    sender: str = ""
    name: str = ""  # of the parameter or trigger


class Listener:
    """Follows the show: a connected client, for example. Does nothing unless it overrides a method."""

    def changed(self, message: Changed) -> None:
        """A value has changed."""

    def logged(self, entry: LogEntry) -> None:
        """Something was refused, or the operator has to know something."""

    def rejected(self, message: MessageRejected) -> None:
        """The show has rejected a message, of whatever origin."""

    def listed(self, message: Listing) -> None:
        """The queue, the cues or the snapshots have changed."""


@dataclass
class Hub:
    """Keeps what a new client needs, and passes on what is new."""

    context: SurfaceContext
    values: dict[str, Value] = field(init=False)
    listings: dict[type[Listing], Listing] = field(init=False)  # the latest of each kind
    log: deque[LogEntry] = field(init=False, default_factory=lambda: deque(maxlen=LOG_ENTRIES))
    listeners: set[Listener] = field(init=False, default_factory=set)
    viewers: int = 0  # sockets that show the picture
    received: int = 0
    rejected: int = 0

    def __post_init__(self) -> None:
        """Start with the values of the moment."""
        self.values = dict(self.context.values)
        self.listings = {type(each): each for each in self.context.listings}
        self._box: Mailbox[Feedback] = Mailbox(MAX_WAITING)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._scheduled = False

    # -- from the show, in the worker's thread ----------------------------------------------------------------------

    def feedback(self, message: Feedback) -> None:
        """Take a message from the show, to be passed on in the event loop."""
        self._box.put(message, key=feedback_key(message))
        if self._loop and not self._scheduled:
            self._scheduled = True
            with contextlib.suppress(RuntimeError):  # the loop ends with the surface
                self._loop.call_soon_threadsafe(self._drain)

    # -- in the event loop ------------------------------------------------------------------------------------------

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Deliver to this event loop from now on; called inside it."""
        self._loop = loop
        self._drain()

    def send(self, message: Inbox, answer: Callable[[Rejected], None]) -> None:
        """Pass a message to the show; `answer` takes the reason if it cannot be taken."""
        self.received += 1
        try:
            self.context.send(message)
        except Rejected as error:
            self.rejected += 1
            answer(error)

    def note(self, kind: str, text: str, origin: Origin | None = None, name: str = "") -> None:
        """Write a line into the operators' log."""
        entry = LogEntry(clock.now(), kind, text, str(origin) if origin else "", name)
        self.log.append(entry)
        for listener in list(self.listeners):
            listener.logged(entry)

    def _drain(self) -> None:
        self._scheduled = False
        for message in self._box.take(0.0):
            self._deliver(message)

    def _deliver(self, message: Feedback) -> None:
        match message:
            case Changed():
                self.values[message.name] = message.value
                for listener in list(self.listeners):
                    listener.changed(message)
            case QueueChanged() | CuesChanged() | SnapshotsChanged():
                self.listings[type(message)] = message
                for listener in list(self.listeners):
                    listener.listed(message)
            case MessageRejected():
                self.rejected += 1
                for listener in list(self.listeners):
                    listener.rejected(message)
                self.note("refused", message.reason, message.origin, message.name)
            case Notice():
                self.note("notice", message.text)
