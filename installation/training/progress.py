"""Time budgets, and lines that tell how far something is."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

from installation.core.errors import ShowError

SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}


def seconds_of(text: str) -> float:
    """Seconds of "90s", "60m", "2h" or "1.5h". Raises ShowError if it is none of these."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smh])", text.strip())
    if match is None or float(match[1]) == 0:
        raise ShowError(f"'{text}' is no time budget: say seconds, minutes or hours, as 90s, 60m or 2h.")
    return float(match[1]) * SECONDS[match[2]]


@dataclass(frozen=True)
class TimeBudget:
    """Seconds of the clock, from its making on."""

    seconds: float
    began: float = field(default_factory=time.monotonic)

    def spent(self) -> float:
        """The share that is spent: 0 at first, 1 and more when it is all gone."""
        return (time.monotonic() - self.began) / self.seconds


def say(task: str, line: str) -> None:
    """A line of progress, seen at once even in a file."""
    print(f"{time.strftime('%H:%M:%S')} {task}: {line}", flush=True)
