"""Watching a worker: started, given up when it is silent, started again; what it had to do is sent to it anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from installation.core.messages import WorkerStatus
from installation.runtime.worker_link import WorkerLink

STALLED_SECONDS = 1.0  # main did not look for so long: it was stopped or asleep, and heard nobody
STARTING_SECONDS = 60.0  # a worker that is starting has that long
SILENT_SECONDS = 5.0  # a running one that gives no sign for that long is replaced
DELAYS = (0.0, 0.5, 1.0, 2.0, 3.0)  # before a restart, by how many lives in a row produced nothing


@dataclass
class WorkerLife:
    """What the supervisor knows of the present life of a worker."""

    began: float
    last_sign: float
    running: bool = False
    produced: bool = False  # it did something useful: a life that did is restarted at once


class SupervisedWorker:
    """One replaceable worker. `start` makes the link of a new life; `now` is seconds of clock.now."""

    def __init__(self, name: str, start: Callable[[], WorkerLink], now: float) -> None:
        self.name = name
        self.restarts = 0
        self.state = "starting"
        self.reason = ""  # why it failed, one sentence
        self.figures: dict[str, Any] = {}
        self._start = start
        self._barren = 0  # lives in a row that produced nothing
        self._restart_at: float | None = None
        self._looked = now
        self._live(now)

    def _live(self, now: float) -> None:
        self.link = self._start()
        self.life = WorkerLife(now, now)
        self.figures = {}
        self._restart_at = None
        self.state = "starting"

    def produced(self) -> None:
        """The present life did something useful."""
        self.life.produced = True

    def sign(self, sign: WorkerStatus, now: float) -> bool:
        """Takes a sign of life; True if the worker's state changed by it."""
        self.life.last_sign = now
        before = (self.state, self.reason)
        self.figures.update(sign.figures)
        self.state = sign.state
        self.reason = str(sign.figures.get("reason", "")) if sign.state == "failed" else ""
        if sign.state == "running":
            self.life.running = True
        return (self.state, self.reason) != before

    def watch(self, now: float) -> str:
        """Replaces a worker that is dead or silent. Returns what happened: "", "lost" or "restarted".

        To be called after `sign` was given all that has come.
        """
        self._excuse(now)
        if self._restart_at is not None:
            return self._restart(now) if now >= self._restart_at else ""
        patience = SILENT_SECONDS if self.life.running else STARTING_SECONDS
        silent = now - self.life.last_sign > patience
        if not silent and not self.link.ended:
            return ""
        if silent:
            self.reason = f"no sign of life for {patience:.0f} s"
        self.state = "lost"
        self._barren = 0 if self.life.produced else self._barren + 1
        self._restart_later(now)
        self.link.body.kill()
        self.link.hang_up()
        return "lost"

    def _excuse(self, now: float) -> None:
        """Whom main did not listen to has not been silent: a laptop slept, a window was dragged, a display hung."""
        if now - self._looked > STALLED_SECONDS:
            self.life.last_sign = now
        self._looked = now

    def _restart(self, now: float) -> str:
        """A machine that has no room for another process at the moment is asked again: the show goes on meanwhile."""
        try:
            self._live(now)
        except OSError as error:
            self.reason = f"it cannot be started: {error.strerror or error}"
            self._barren += 1
            self._restart_later(now)
            return ""
        self.restarts += 1
        return "restarted"

    def _restart_later(self, now: float) -> None:
        self._restart_at = now + DELAYS[min(self._barren, len(DELAYS) - 1)]

    def stop(self, seconds: float) -> None:
        """Lets the worker finish, for so long; then ends it."""
        self.link.body.join(seconds)
        if self.link.body.is_alive():
            self.link.body.kill()
            self.link.body.join(1.0)
