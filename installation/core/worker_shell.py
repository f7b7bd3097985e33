"""The shell around every worker process: one start, one failure protocol, one way to stop.

A worker is a function `body(channel, config)`. Main ends it by closing its end of the pipe: `channel.closed` becomes
true, the body finishes its work and returns.
"""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from installation.core.errors import LaternaError
from installation.core.mailbox import Mailbox
from installation.core.messages import Notice
from installation.core.os_support import end_of_file, ignore_stop_signals, lower_priority, name_process
from installation.core.worker_status import Figures, Handover, WorkerState, WorkerStatus

INBOX_LIMIT = 4096  # messages from main
OUTBOX_LIMIT = 512  # messages to main that each count
OUTBOX_RESERVE = 64  # more of them, for what must never be lost
BATCH_SECONDS = 0.005  # continuous values that follow each other within it reach main as one
DRAIN_SECONDS = 1.0  # for the last messages to main, at the end

Config = TypeVar("Config")


class WorkerChannel:
    """A worker's end of the pipe to main.

    A reader and a writer thread are the only ones that touch the pipe, so that a stopped main blocks nobody. Every
    method may be called from any thread.
    """

    def __init__(self, worker: str, connection: Connection) -> None:
        """Start the two threads."""
        self.worker = worker
        self._pipe = connection
        self._inbox: Mailbox[Any] = Mailbox(INBOX_LIMIT)
        self._outbox: Mailbox[Any] = Mailbox(OUTBOX_LIMIT, OUTBOX_RESERVE)
        self._ended = threading.Event()
        self._wake: Callable[[], None] = lambda: None
        self._writer = threading.Thread(target=self._write, name=f"{worker} writer", daemon=True)
        self._writer.start()
        threading.Thread(target=self._read, name=f"{worker} reader", daemon=True).start()

    @property
    def closed(self) -> bool:
        """Whether main has closed its end or is gone: finish and return."""
        return self._ended.is_set()

    def on_message(self, wake: Callable[[], None]) -> None:
        """Call `wake` from the reader thread for every message and at the end, for bodies that wait elsewhere."""
        self._wake = wake

    def receive(self, timeout: float | None = 0.0) -> list[Any]:
        """All messages from main, in order, after waiting up to `timeout` seconds for one (None: without limit)."""
        return self._inbox.take(timeout)

    def wait(self, seconds: float) -> bool:
        """Sleep, or until main ends; return `closed`."""
        return self._ended.wait(seconds)

    def send(self, message: object, **options: Any) -> bool:
        """Queue a message for main; options and result are those of `Mailbox.put`."""
        return self._outbox.put(message, **options)

    def notice(self, text: str, prompt_id: int = 0) -> None:
        """Send a sentence for the operator; dropped while main takes nothing."""
        self.send(Notice(self.worker, text, prompt_id))

    def status(
        self,
        state: WorkerState,
        reason: str = "",
        figures: Figures | None = None,
        handover: Handover | None = None,
    ) -> None:
        """Send a sign of life; an older one that is still queued in the same state is replaced."""
        self.send(WorkerStatus(self.worker, state, reason, figures, handover), key=("status", state))

    def close(self) -> None:
        """Send what is queued, if main still takes it, then an end of file."""
        self._outbox.close()
        self._writer.join(DRAIN_SECONDS)
        end_of_file(self._pipe)

    def _read(self) -> None:
        try:
            while True:
                self._inbox.put(self._pipe.recv(), wait=True)
                self._wake()
        except (EOFError, OSError):
            self._end()

    def _write(self) -> None:
        try:
            while messages := self._outbox.take():
                for message in messages:
                    self._pipe.send(message)
                self._ended.wait(BATCH_SECONDS)
        except OSError:  # main is gone
            self._end()

    def _end(self) -> None:
        self._ended.set()
        self._inbox.close()
        self._wake()


def run_worker(
    name: str,
    body: Callable[[WorkerChannel, Config], None],
    connection: Connection,
    config: Config,
    background: bool = False,
) -> None:
    """Run a worker: the outermost function of its process, or of its thread when it runs inside main.

    Whatever the body raises is reported as the status "failed" with its reason, and the process exits with status 1.
    A `LaternaError` is one sentence for the operator; anything else also prints its traceback.

    Args:
        name: of the worker, as in `laterna: name` in process lists.
        body: returns when its work is done or the channel is closed.
        connection: the worker's end of the pipe to main.
        config: passed on to the body.
        background: compute-bound: runs at a lower priority than the stage.
    """
    name_process(name)
    ignore_stop_signals()
    if background:
        lower_priority()
    channel = WorkerChannel(name, connection)
    channel.status("starting")
    try:
        body(channel, config)
    except Exception as error:  # noqa: BLE001 -- the one place where any failure becomes a message
        if not isinstance(error, LaternaError):
            traceback.print_exc()
        reason = str(error) if isinstance(error, LaternaError) else f"{type(error).__name__}: {error}"
        channel.status("failed", reason)
        sys.exit(1)
    finally:
        channel.close()
