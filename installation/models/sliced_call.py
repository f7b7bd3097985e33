"""A call that is done in slices: in a thread of its own, which runs only while its caller waits for it.

A generator function can pause only in its own frame. This can pause anywhere below the call, for example in the middle
of a gradient, and what the call sets for its thread alone, such as torch's modes, does not concern the caller.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class _ClosedError(Exception):
    """Ends a call at a pause."""


class SlicedCall(Generic[Result]):
    """A call of `function(pause)`, which calls `pause` wherever it may be interrupted."""

    def __init__(self, function: Callable[[Callable[[], None]], Result]) -> None:
        self._function = function
        self._turn, self._done = threading.Semaphore(0), threading.Semaphore(0)
        self._thread: threading.Thread | None = None
        self._closed = self._over = False
        self._result: Result | None = None
        self._error: BaseException | None = None

    def advance(self) -> bool:
        """Let it run until its next pause; return whether it has returned. Raises what it raises."""
        if not self._over:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="sliced call", daemon=True)
                self._thread.start()
            self._turn.release()
            self._done.acquire()
        if self._error is not None:
            raise self._error
        return self._over

    def result(self) -> Result | None:
        """What it has returned; None before."""
        return self._result

    def close(self) -> None:
        """End it where it pauses."""
        self._closed = True
        if self._thread is not None:
            self._turn.release()
            self._thread.join()
            self._thread = None
        self._over = True

    def _run(self) -> None:
        self._turn.acquire()
        try:
            if not self._closed:
                self._result = self._function(self._pause)
        except _ClosedError:
            pass
        except BaseException as error:  # noqa: BLE001 -- raised in the caller's thread
            self._error = error
        del self._function
        self._over = True
        self._done.release()

    def _pause(self) -> None:
        self._done.release()
        self._turn.acquire()
        if self._closed:
            raise _ClosedError
