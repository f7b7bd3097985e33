"""Time budgets and progress messages of the training tasks."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

from installation.core.errors import ShowError

UNIT_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}


def parse_duration(text: str) -> float:
    """Parse a duration such as "90s", "60m" or "1.5h" into seconds.

    Raises:
        ShowError: The text is not a positive number with one of these units.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smh])", text.strip())
    if match is None or float(match[1]) == 0:
        raise ShowError(f"'{text}' is not a time budget: write seconds, minutes or hours, such as 90s, 60m or 2h.")
    return float(match[1]) * UNIT_SECONDS[match[2]]


@dataclass(frozen=True)
class TimeBudget:
    """A budget of wall-clock seconds that starts when it is created."""

    seconds: float
    started: float = field(default_factory=time.monotonic)

    def used(self) -> float:
        """The share that is used: 0 at the start, 1 or more when the budget is exhausted."""
        return (time.monotonic() - self.started) / self.seconds


class Interval:
    """A timer that is due once every `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.restart()

    def restart(self) -> None:
        """Count from now on."""
        self._started = time.monotonic()

    def due(self) -> bool:
        """Whether the interval is over; if so, the next one starts."""
        if time.monotonic() - self._started < self._seconds:
            return False
        self.restart()
        return True


def log_progress(task: str, message: str) -> None:
    """Print a message with the time and the task, unbuffered."""
    print(f"{time.strftime('%H:%M:%S')} {task}: {message}", flush=True)
