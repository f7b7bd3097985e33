"""A worker in a process of its own, with the test in main's place."""

from __future__ import annotations

import time
from collections.abc import Callable
from multiprocessing import get_context
from types import TracebackType
from typing import Any, Self

from installation.core.worker_status import WorkerStatus

PATIENCE = 60.0  # seconds after which a test gives up: a busy machine may take long for what must happen


class RunningWorker:
    """Starts `target(connection, config)` as main does. Nothing is read from the pipe except by `receive`."""

    def __init__(self, target: Callable[..., None], config: object) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe(duplex=True)
        self.process = context.Process(target=target, args=(theirs, config), daemon=True)
        self.process.start()
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.pipe.close()
        self.process.join(PATIENCE)
        ended = self.process.exitcode is not None
        self.process.kill()
        assert ended, "the worker did not end when its pipe was closed"

    def receive(self, wanted: Callable[[Any], bool]) -> list[Any]:
        """Every message up to the first that is wanted."""
        found: list[Any] = []
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.pipe.poll(0.1):
                found.append(self.pipe.recv())
                if wanted(found[-1]):
                    return found
        raise AssertionError(f"the expected message did not come; the last ones: {found[-5:]}")

    def status(self, **wanted: Any) -> WorkerStatus:
        """Wait for a status whose fields, or the fields of its figures, have these values."""

        def fits(message: Any) -> bool:
            return isinstance(message, WorkerStatus) and all(
                getattr(message, name, getattr(message.figures, name, None)) == value for name, value in wanted.items()
            )

        status = self.receive(fits)[-1]
        assert isinstance(status, WorkerStatus)
        return status
