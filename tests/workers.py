"""A worker in a process of its own, and this test in main's place."""

from __future__ import annotations

import time
from collections.abc import Callable
from multiprocessing import get_context
from types import TracebackType
from typing import Any, Self

from installation.core.messages import WorkerStatus

PATIENCE = 15.0  # seconds after which a test gives up; nothing waits that long when all is well


class RunningWorker:
    """Starts `target(connection, config)` as main does. `receive` is main's reader; nothing is read without it."""

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
        assert self.process.exitcode is not None

    def receive(self, wanted: Callable[[Any], bool]) -> list[Any]:
        """All that it sends, up to the first that is wanted."""
        found: list[Any] = []
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.pipe.poll(0.1):
                found.append(self.pipe.recv())
                if wanted(found[-1]):
                    return found
        raise AssertionError(f"what was awaited did not come, but {found[-5:]}")

    def sign(self, **figures: Any) -> WorkerStatus:
        """Waits for a sign of life with these figures; `state` is one of them."""

        def fits(message: Any) -> bool:
            return (
                isinstance(message, WorkerStatus)
                and figures.items() <= {**message.figures, "state": message.state}.items()
            )

        sign = self.receive(fits)[-1]
        assert isinstance(sign, WorkerStatus)
        return sign
