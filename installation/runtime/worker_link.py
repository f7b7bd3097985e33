"""Main's side of a pipe to a worker. A reader and a writer thread touch the pipe, main's loop never does.

A send to a stopped worker blocks after some hundred messages, a receive blocks on half a message: so each link has
bounded buffers and is given up whole when its worker is.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable
from multiprocessing import get_context
from typing import Any, Protocol

from installation.core.os_support import end_of_file

ROOM = 2048  # messages, each way


class WorkerBody(Protocol):
    """What runs at the other end: a process, or a thread of main (for the debugger)."""

    @property
    def pid(self) -> int | None: ...

    def is_alive(self) -> bool: ...

    def kill(self) -> None: ...

    def join(self, timeout: float | None = None) -> None: ...


class InlineWorker(threading.Thread):
    """A worker inside main. It cannot be killed; it ends when its pipe does."""

    pid = None

    def kill(self) -> None:
        """Nothing: a thread ends by itself."""


class WorkerLink:
    """One life of a worker: its body, and messages to and from it."""

    def __init__(self, target: Callable[..., None], config: object, name: str, inline: bool = False) -> None:
        """Starts `target(connection, config)`."""
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe(duplex=True)
        self._incoming: deque[Any] = deque()
        self._outgoing: dict[Hashable, object] = {}  # in order; a key that waits is overwritten in its place
        self._unkeyed = 0
        self._awake = threading.Condition()
        self._closed = False
        self._read_out = False  # the other end is gone, and nothing of it is left in the pipe
        self.body: WorkerBody
        if inline:
            self.body = InlineWorker(target=target, args=(theirs, config), name=name, daemon=True)
        else:
            self.body = context.Process(target=target, args=(theirs, config), name=name, daemon=True)
        self.body.start()
        if not inline:
            theirs.close()  # else its end would never read as closed
        for work in (self._read, self._write):
            threading.Thread(target=work, name=f"{name} {work.__name__}", daemon=True).start()

    @property
    def ended(self) -> bool:
        """Whether the other end is gone, and all that it said has been received."""
        return self._read_out and not self._incoming

    def send(self, message: object, key: Hashable = None) -> bool:
        """Queues a message. Of those with the same key only the latest is kept. False if there is no more room."""
        with self._awake:
            if self._closed or (len(self._outgoing) >= ROOM and key not in self._outgoing):
                return False
            if key is None:
                self._unkeyed += 1
                key = self._unkeyed
            self._outgoing[key] = message
            self._awake.notify_all()
            return True

    def receive(self) -> list[Any]:
        """All that has come since the last call, in order."""
        taken = []
        while self._incoming:
            taken.append(self._incoming.popleft())
        if taken:
            with self._awake:
                self._awake.notify_all()
        return taken

    def hang_up(self) -> None:
        """Once what waits is sent, the worker reads end of file, finishes its work and leaves; we still listen."""
        with self._awake:
            self._closed = True
            self._awake.notify_all()

    def _read(self) -> None:
        try:
            while True:
                message = self._pipe.recv()
                with self._awake:
                    self._awake.wait_for(lambda: len(self._incoming) < ROOM or self._closed)
                self._incoming.append(message)
        except (EOFError, OSError):
            self._read_out = True

    def _write(self) -> None:
        try:
            while True:
                with self._awake:
                    self._awake.wait_for(lambda: self._outgoing or self._closed)
                    if not self._outgoing:
                        break
                    message = self._outgoing.pop(next(iter(self._outgoing)))
                self._pipe.send(message)
            end_of_file(self._pipe)
        except OSError:  # it is gone: reading will tell
            return
