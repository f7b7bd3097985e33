"""A listener in a process of its own, and whoever uses this in main's place."""

from __future__ import annotations

import time
from collections.abc import Callable
from multiprocessing import get_context
from types import TracebackType
from typing import Any

from installation.listen.process import ListenConfig, run_listener
from installation.messages import Heard, Sign
from tests.listen.virtual_microphone import PATIENCE


class RunningListener:
    """Starts a listener as main does."""

    def __init__(self, config: ListenConfig) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe(duplex=True)
        self.process = context.Process(target=run_listener, args=(theirs, config), daemon=True)
        self.process.start()
        theirs.close()

    def __enter__(self) -> RunningListener:
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
        raise AssertionError(f"the listener did not send what was awaited, but {found[-5:]}")

    def sign(self, **figures: Any) -> Sign:
        """Waits for a sign with these figures."""

        def fits(message: Any) -> bool:
            return isinstance(message, Sign) and figures.items() <= {**message.figures, "state": message.state}.items()

        sign = self.receive(fits)[-1]
        assert isinstance(sign, Sign)
        return sign

    def finals(self, count: int) -> list[Heard]:
        """Waits for so many finals."""
        found: list[Heard] = []
        while len(found) < count:
            found += [self.receive(lambda message: isinstance(message, Heard) and message.final)[-1]]
        return found
