"""What waits for main: bounded, so that a stopped main costs no memory and nothing is dropped in silence."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from itertools import count

from installation.core.errors import Rejected
from installation.core.messages import Bundle, Inbox, Notice, SetParam, Trigger, WorkerStatus
from installation.core.params import PARAMS

MAX_WORDS = 256
RESERVE = 64  # for what must never be lost: go, panic, blackout

ToMain = Inbox | WorkerStatus | Notice


class ControlMailbox:
    """Filled by the socket's thread, emptied by the pipe's. Of a continuous value only the latest waits."""

    def __init__(self, limit: int = MAX_WORDS) -> None:
        self._limit = limit
        self._waiting: dict[Hashable, ToMain] = {}
        self._words = 0
        self._order = count()
        self._ready = threading.Condition()
        self._closed = False

    def put(self, message: ToMain) -> None:
        """Takes a message, never waits. Raises Refusal when too much waits already."""
        with self._ready:
            key = _merges(message)
            if key is not None:
                self._waiting.pop(key, None)  # the latest wins, and comes after all that is older
            elif self._words + _words(message) > self._limit + (RESERVE if _critical(message) else 0):
                raise Rejected("too much waits already; it is not taken.")
            else:
                self._words += _words(message)
            self._waiting[next(self._order) if key is None else key] = message
            self._ready.notify()

    def take(self) -> list[ToMain]:
        """Waits for messages and takes all, in order; an empty list when the box is closed and empty."""
        with self._ready:
            self._ready.wait_for(lambda: self._waiting or self._closed)
            taken, self._waiting, self._words = list(self._waiting.values()), {}, 0
            return taken

    def close(self) -> None:
        """Lets the one who waits in `take` go."""
        with self._ready:
            self._closed = True
            self._ready.notify_all()

    def __len__(self) -> int:
        return len(self._waiting)


def _merges(message: ToMain) -> Hashable | None:
    """What a later message of the same kind replaces; None where each one counts."""
    if isinstance(message, SetParam):
        row = PARAMS[message.name]
        return None if row.kind == "text" or row.critical else message.name
    return (message.worker, message.state) if isinstance(message, WorkerStatus) else None


def _words(message: ToMain) -> int:
    """The room that a message takes: a bundle as much as the words in it."""
    return max(1, sum(_merges(each) is None for each in message.messages)) if isinstance(message, Bundle) else 1


def _critical(message: ToMain) -> bool:
    if isinstance(message, Bundle):
        return any(_critical(each) for each in message.messages)
    return isinstance(message, (SetParam, Trigger)) and PARAMS[message.name].critical
