"""Main's end of the pipe to a worker.

A reader and a writer thread touch the pipe, main's loop never does: a send to a stopped worker blocks once the pipe is
full, and a receive blocks on half a message. Buffers are bounded; a link is dropped together with its worker.
"""

from __future__ import annotations

import atexit
import signal
import threading
import weakref
from collections.abc import Callable, Hashable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Protocol

from installation.core.mailbox import Mailbox
from installation.core.os_support import end_of_file

LIMIT = 2048  # messages, each way
EXIT_SECONDS = 0.02  # at most, to wait for the exit status of a process that has closed its pipe


class WorkerBody(Protocol):
    """What runs at the other end: a process, or a thread of main for debugging."""

    @property
    def pid(self) -> int | None:
        """The process id; None for a thread."""
        ...

    @property
    def exitcode(self) -> int | None:
        """The exit status; the negative number of the signal that killed it; None while it runs, and of a thread."""
        ...

    def is_alive(self) -> bool:
        """Whether it still runs."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...

    def join(self, timeout: float | None = None) -> None:
        """Wait until it has ended, `timeout` seconds at most."""
        ...


class InlineWorker(threading.Thread):
    """A worker inside main. It cannot be killed; it ends when its pipe does."""

    pid = None
    exitcode = None

    def kill(self) -> None:
        """Do nothing: a thread cannot be killed."""


_bodies: weakref.WeakSet[WorkerBody] = weakref.WeakSet()


@atexit.register
def _kill_remaining() -> None:
    """Workers ignore the SIGTERM that multiprocessing sends at exit, and it would wait for them for ever."""
    for body in _bodies:
        body.kill()


def _receive_config(target: Callable[[Connection, Any], None], connection: Connection) -> None:
    """Run in the worker: receive the configuration, which main sends first, then run `target`."""
    try:
        config = connection.recv()
    except (EOFError, OSError):  # main is gone already
        return
    target(connection, config)


class WorkerLink:
    """One process of a worker, with the messages to and from it."""

    def __init__(self, target: Callable[..., None], config: object, name: str, inline: bool = False) -> None:
        """Start `target(connection, config)` in a process, or in a thread if `inline`. Raises OSError."""
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe(duplex=True)
        self._incoming: Mailbox[Any] = Mailbox(LIMIT)
        self._outgoing: Mailbox[object] = Mailbox(LIMIT)
        self._read_out = False  # the other end is closed and the pipe is empty
        self.body: WorkerBody
        self._outgoing.put(config)  # not an argument: starting a process blocks while it does not read a large one
        if inline:
            self.body = InlineWorker(target=_receive_config, args=(target, theirs), name=name, daemon=True)
        else:
            self.body = context.Process(target=_receive_config, args=(target, theirs), name=name, daemon=True)
            _bodies.add(self.body)
        self.body.start()
        if not inline:
            theirs.close()  # otherwise reading would never see the end of file
        for work in (self._read, self._write):
            threading.Thread(target=work, name=f"{name} {work.__name__}", daemon=True).start()

    @property
    def ended(self) -> bool:
        """Whether the other end is closed and every message from it has been received."""
        return self._read_out and not self._incoming

    @property
    def how_it_ended(self) -> str:
        """Why the process ended, as far as the system knows: `killed by SIGKILL`, `exit status 1`, `it ended`."""
        self.body.join(EXIT_SECONDS)
        status = self.body.exitcode
        if status and status < 0:
            return f"killed by {signal.Signals(-status).name}"
        return f"exit status {status}" if status else "it ended"

    def send(self, message: object, key: Hashable = None) -> bool:
        """Queue a message; return False if there is no room. Messages with the same key replace each other."""
        return self._outgoing.put(message, key=key)

    def receive(self) -> list[Any]:
        """All messages since the last call, in order."""
        return self._incoming.take(0.0)

    def hang_up(self) -> None:
        """Send what is queued, then an end of file: the worker finishes its work and ends. It can still send."""
        self._outgoing.close()

    def drop(self) -> None:
        """Kill the worker and forget what it sends."""
        self.body.kill()
        self._outgoing.close()
        self._incoming.close()

    def _read(self) -> None:
        try:
            while True:
                self._incoming.put(self._pipe.recv(), wait=True)
        except (EOFError, OSError):
            self._read_out = True

    def _write(self) -> None:
        try:
            while messages := self._outgoing.take():
                for message in messages:
                    self._pipe.send(message)
            end_of_file(self._pipe)
        except OSError:  # the worker is gone: reading sees the end
            return
