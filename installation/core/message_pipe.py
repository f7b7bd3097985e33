"""One end of the pipe between main and a worker.

A reader and a writer thread are the only ones that touch the pipe: a send to a stopped process blocks once the pipe is
full, and a receive blocks on half a message. Whoever sends or receives never waits for the other process.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any

from installation.core.mailbox import Mailbox
from installation.core.os_support import end_of_file


class MessagePipe:
    """Pickled messages in both directions, in bounded mailboxes. Every method may be called from any thread."""

    def __init__(
        self,
        name: str,
        connection: Connection,
        inbox_limit: int,
        outbox_limit: int,
        outbox_reserve: int = 0,
        batch_seconds: float = 0.0,
    ) -> None:
        """Start the two threads.

        Args:
            name: of the worker, for the names of the threads.
            connection: this end of the pipe.
            inbox_limit: received messages that wait to be taken; beyond it the other end has to wait.
            outbox_limit: messages without a key that wait to be sent.
            outbox_reserve: more of them, for critical messages.
            batch_seconds: pause after each write, in which messages with the same key replace each other.
        """
        self._connection = connection
        self._batch_seconds = batch_seconds
        self._inbox: Mailbox[Any] = Mailbox(inbox_limit)
        self._outbox: Mailbox[memoryview] = Mailbox(outbox_limit, outbox_reserve)
        self._ended = threading.Event()
        self._reader = threading.Thread(target=self._read, name=f"{name} reader", daemon=True)
        self._writer = threading.Thread(target=self._write, name=f"{name} writer", daemon=True)
        self._reader.start()
        self._writer.start()

    @property
    def closed(self) -> bool:
        """Whether the other end is closed or gone; messages that it sent before may still be in the inbox."""
        return self._ended.is_set()

    @property
    def exhausted(self) -> bool:
        """Whether the other end is closed and every message from it has been received."""
        return self._ended.is_set() and not self._inbox

    def wait(self, seconds: float) -> bool:
        """Sleep, or until the other end is closed; return `closed`."""
        return self._ended.wait(seconds)

    def receive(self, timeout: float | None = 0.0) -> list[Any]:
        """All messages, in order, after waiting up to `timeout` seconds for one (None: until the other end closes)."""
        return self._inbox.take(timeout)

    def send(
        self,
        message: object,
        *,
        key: Hashable = None,
        supersedes: Hashable = None,
        size: int = 1,
        critical: bool = False,
        wait: bool = False,
    ) -> bool:
        """Queue a message; options and result are those of `Mailbox.put`.

        Raises:
            TypeError, AttributeError, pickle.PicklingError: the message cannot be pickled.
        """
        data = ForkingPickler.dumps(message)  # here, where a mistake has a traceback that leads to it
        return self._outbox.put(data, key=key, supersedes=supersedes, size=size, critical=critical, wait=wait)

    def close(self, timeout: float = 0.0) -> None:
        """Send what is queued, then an end of file. The other end may still send.

        `timeout`: seconds to wait for that; afterwards the writer thread continues alone.
        """
        self._outbox.close()
        self._writer.join(timeout)

    def end(self) -> None:
        """Receive no more, as if the other end were closed; received messages can still be taken."""
        self._ended.set()
        self._inbox.close()

    def discard(self) -> None:
        """Drop everything that the other end has sent or will send."""
        self._inbox.close()
        self._inbox.take(0.0)

    def _read(self) -> None:
        try:
            while True:
                self._inbox.put(self._connection.recv(), wait=True)
        except (EOFError, OSError):
            return
        finally:
            self.end()

    def _write(self) -> None:
        try:
            while batch := self._outbox.take():
                for data in batch:
                    self._connection.send_bytes(data)
                self._ended.wait(self._batch_seconds)
        except OSError:
            self._outbox.close()  # the other end is gone: release senders that wait for room
        else:
            end_of_file(self._connection)
