"""Supervision: a worker that dies or hangs is replaced, with back-off.

What the successor needs is in its configuration, which is made anew for each process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from installation.core.os_support import cpu_seconds
from installation.core.worker_status import Figures, Handover, WorkerStatus
from installation.runtime.worker_link import WorkerLink

MAIN_STALL_SECONDS = 1.0  # main did not run for that long (suspended, window dragged): silence meanwhile does not count
STARTING_SECONDS = 60.0  # of silence allowed while a worker is starting
SILENT_SECONDS = 5.0  # of silence allowed once it is running
MIN_CPU_SHARE = 0.02  # of a core: a silent process that uses more is slow, not hung
MAX_BUSY_FACTOR = 12.0  # times the allowed silence, after which even a computing process is given up
BACK_OFF_SECONDS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # before a restart, by unproductive processes in a row


@dataclass
class ProcessState:
    """One process of a worker."""

    began: float
    last_status: float
    cpu_checked: float  # when `cpu_seconds` was read
    cpu_seconds: float = 0.0  # processor time used until then
    running: bool = False  # it has reported that it runs
    productive: bool = False  # it did what it was started for


class SupervisedWorker:
    """A replaceable worker. All times are seconds of `clock.now`."""

    def __init__(self, name: str, start: Callable[[], WorkerLink], now: float) -> None:
        """Start the first process. `start` makes the link of a new one. Raises OSError."""
        self.name = name
        self.restarts = 0
        self.state = "starting"
        self.reason = ""  # why it failed, one sentence
        self.figures: Figures | None = None
        self.handover: Handover | None = None  # the latest, of any of its processes
        self.timed_out = False  # it was killed at the end
        self._start = start
        self._unproductive = 0  # processes in a row
        self._restart_at: float | None = None
        self._watched_at = now
        self._begin(now)

    def _begin(self, now: float) -> None:
        self.link = self._start()
        self.process = ProcessState(now, now, now)
        self.figures = None
        self._restart_at = None
        self.state, self.reason = "starting", ""

    def mark_productive(self) -> None:
        """Note that the present process does what it was started for: its successor starts without delay."""
        self.process.productive = True

    def take_status(self, status: WorkerStatus, now: float) -> bool:
        """Take a status; return whether the state or its reason changed."""
        self.process.last_status = self.process.cpu_checked = now
        self.process.cpu_seconds = cpu_seconds(self.link.process.pid)
        before = (self.state, self.reason)
        self.figures = status.figures or self.figures
        self.handover = status.handover or self.handover
        self.state = status.state
        self.reason = status.reason if status.state == "failed" else ""
        self.process.running |= status.state == "running"
        return (self.state, self.reason) != before

    def watch(self, now: float) -> str:
        """Replace the process if it is dead or hung. Returns what happened: "", "lost" or "restarted".

        To be called after `take_status` got everything that has arrived.
        """
        self._excuse_main_stall(now)
        if self._restart_at is not None:
            return self._restart(now) if now >= self._restart_at else ""
        hung = self._hung(now)
        if not hung and not self.link.exhausted:
            return ""
        if hung:
            self.reason = f"no response for {now - self.process.last_status:.0f} s"
        elif not self.reason:
            self.reason = self.link.how_it_ended
        self.state = "lost"
        self._unproductive = 0 if self.process.productive else self._unproductive + 1
        self._schedule_restart(now)
        self.link.kill()
        return "lost"

    def _hung(self, now: float) -> bool:
        """Whether the process is silent, and not merely slow: computing excuses silence, but not for ever."""
        process = self.process
        allowed = self._allowed_silence
        silent = now - process.last_status
        if silent <= allowed or now - process.cpu_checked <= allowed:
            return silent > MAX_BUSY_FACTOR * allowed
        used = cpu_seconds(self.link.process.pid)
        computing = used - process.cpu_seconds >= MIN_CPU_SHARE * (now - process.cpu_checked)
        process.cpu_seconds, process.cpu_checked = used, now
        return not computing or silent > MAX_BUSY_FACTOR * allowed

    @property
    def _allowed_silence(self) -> float:
        return SILENT_SECONDS if self.process.running else STARTING_SECONDS

    def _excuse_main_stall(self, now: float) -> None:
        if now - self._watched_at > MAIN_STALL_SECONDS:
            self.process.last_status = self.process.cpu_checked = now
        self._watched_at = now

    def _restart(self, now: float) -> str:
        try:
            self._begin(now)
        except OSError as error:  # the machine has no room for another process at the moment
            self.reason = f"it cannot be started: {error.strerror or error}"
            self._unproductive += 1
            self._schedule_restart(now)
            return ""
        self.restarts += 1
        return "restarted"

    def give_up(self, reason: str) -> None:
        """Kill the process; it is replaced, and the operator sees `reason`."""
        self.reason = reason
        self.link.process.kill()

    def begin_last(self, now: float) -> bool:
        """Start a process that is told to end at once: it finishes what the one before has left.

        Returns whether it could be started.
        """
        try:
            self._begin(now)
        except OSError:  # the machine has no room for another process; what is left is finished at the next start
            return False
        self.link.close()
        return True

    def _schedule_restart(self, now: float) -> None:
        self._restart_at = now + BACK_OFF_SECONDS[min(self._unproductive, len(BACK_OFF_SECONDS) - 1)]

    def stop(self, seconds: float) -> None:
        """Wait up to `seconds` for the process to end, then kill it."""
        self.link.process.join(seconds)
        self.timed_out = self.link.process.is_alive()
        if self.timed_out:
            self.link.process.kill()
            self.link.process.join(1.0)
