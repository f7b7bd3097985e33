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
from typing import TypeVar

from installation.core.errors import LaternaError
from installation.core.message_pipe import MessagePipe
from installation.core.messages import Notice
from installation.core.os_support import ignore_stop_signals, is_worker_process, name_process
from installation.core.worker_status import Figures, Handover, WorkerState, WorkerStatus

INBOX_LIMIT = 4096  # messages from main
OUTBOX_LIMIT = 512  # messages to main without a key
OUTBOX_RESERVE = 64  # more of them, for critical messages
BATCH_SECONDS = 0.005  # continuous values that follow each other within it reach main as one
DRAIN_SECONDS = 1.0  # at the end, for the last messages to main

Config = TypeVar("Config")


class WorkerChannel(MessagePipe):
    """A worker's end of the pipe to main, which is `closed` when the worker has to end."""

    def __init__(self, worker: str, connection: Connection) -> None:
        super().__init__(worker, connection, INBOX_LIMIT, OUTBOX_LIMIT, OUTBOX_RESERVE, BATCH_SECONDS)
        self.worker = worker
        self.failed = False

    def notice(self, text: str, prompt_id: int = 0) -> None:
        """Send a sentence for the operator; it is dropped if too many messages are waiting."""
        self.send(Notice(self.worker, text, prompt_id))

    def status(
        self,
        state: WorkerState,
        reason: str = "",
        figures: Figures | None = None,
        handover: Handover | None = None,
    ) -> None:
        """Send a status. It replaces a queued one of the same state, and is ignored after `fail`."""
        if not self.failed:
            self.send(WorkerStatus(self.worker, state, reason, figures, handover), key=("status", state))

    def fail(self, error: BaseException) -> None:
        """Report the status "failed" with the error as its reason, and make `closed` true.

        A `LaternaError` is one sentence for the operator; anything else also prints its traceback.
        """
        if isinstance(error, LaternaError):
            reason = str(error)
        else:
            traceback.print_exception(error)
            reason = f"{type(error).__name__}: {error}"
        self.status("failed", reason)
        self.failed = True
        self.end()


def run_worker(
    name: str,
    body: Callable[[WorkerChannel, Config], None],
    connection: Connection,
    config: Config,
) -> None:
    """Run a worker: the outermost function of its process, or of its thread when it runs inside main.

    Whatever the body or a thread of the process raises is reported as the status "failed" with its reason, and the
    process exits with status 1.

    Args:
        name: of the worker, as in `laterna: name` in process lists.
        body: returns when its work is done or the channel is closed.
        connection: the worker's end of the pipe to main.
        config: passed on to the body.
    """
    name_process(name)
    ignore_stop_signals()
    channel = WorkerChannel(name, connection)
    if is_worker_process():
        threading.excepthook = lambda crash: channel.fail(crash.exc_value) if crash.exc_value else None
    channel.status("starting")
    try:
        body(channel, config)
    except Exception as error:  # noqa: BLE001 -- the one place where any failure becomes a message
        channel.fail(error)
    finally:
        channel.close(DRAIN_SECONDS)
    if channel.failed:
        sys.exit(1)
