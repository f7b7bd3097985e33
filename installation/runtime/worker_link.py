"""Main's end of the pipe to a worker, and the worker's process."""

from __future__ import annotations

import atexit
import signal
import threading
import weakref
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Protocol

from installation.core.message_pipe import MessagePipe
from installation.core.os_support import lower_priority, stop_signals_blocked

LIMIT = 2048  # messages, each way
EXIT_SECONDS = 0.02  # at most, to wait for the exit status of a process that has closed its pipe


class WorkerProcess(Protocol):
    """What runs a worker: a process, or a thread of main for debugging."""

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
    """A worker inside main. It cannot be killed; it ends when its pipe is closed."""

    pid = None
    exitcode = None

    def kill(self) -> None:
        """Do nothing: a thread cannot be killed."""


_processes: weakref.WeakSet[WorkerProcess] = weakref.WeakSet()


@atexit.register
def _kill_remaining() -> None:
    """Kill what main has left behind: workers ignore the SIGTERM of multiprocessing, which would wait for ever."""
    for process in _processes:
        process.kill()


def _receive_config(target: Callable[[Connection, Any], None], connection: Connection) -> None:
    """Run in the worker: receive the configuration, which main sends first, then run `target`."""
    try:
        config = connection.recv()
    except (EOFError, OSError):  # main is gone already
        return
    target(connection, config)


class WorkerLink(MessagePipe):
    """One process of a worker, with the messages to and from it."""

    def __init__(
        self, target: Callable[..., None], config: object, name: str, inline: bool = False, niceness: int = 0
    ) -> None:
        """Start `target(connection, config)` in a process, or in a thread if `inline`. Raises OSError.

        `niceness`: how far the priority of the process is below that of main, from its first moment on.
        """
        context = get_context("spawn")
        ours, theirs = context.Pipe(duplex=True)
        super().__init__(name, ours, LIMIT, LIMIT)
        self.send(config)  # not an argument: starting a process blocks while it does not read a large one
        self.process: WorkerProcess
        if inline:
            self.process = InlineWorker(target=_receive_config, args=(target, theirs), name=name, daemon=True)
            self.process.start()
        else:
            process = context.Process(target=_receive_config, args=(target, theirs), name=name, daemon=True)
            try:
                with stop_signals_blocked():
                    process.start()
                if niceness and process.pid:
                    lower_priority(niceness, process.pid)
            finally:
                theirs.close()  # otherwise reading would never see the end of file
            _processes.add(process)
            self.process = process

    @property
    def how_it_ended(self) -> str:
        """Why the process ended, as far as the system knows: `killed by SIGKILL`, `exit status 1`, `it ended`."""
        self.process.join(EXIT_SECONDS)
        status = self.process.exitcode
        if status and status < 0:
            return f"killed by {signal.Signals(-status).name}"
        return f"exit status {status}" if status else "it ended"

    def kill(self) -> None:
        """Kill the worker, and drop every message to and from it."""
        self.process.kill()
        self.close()
        self.discard()
