"""Times calls one by one on any device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from installation.core import clock

WARM_UP_CALLS = 3
MIN_CALLS = 5

Work = Callable[[], Any]


@dataclass(frozen=True)
class Timing:
    """The durations of many calls of the same work."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """Seconds."""
        return float(np.median(self.seconds))

    @property
    def p95(self) -> float:
        """Seconds."""
        return float(np.percentile(self.seconds, 95))

    @property
    def per_second(self) -> float:
        """Calls per second by the median, which ignores hiccups of a shared machine."""
        return 1.0 / self.median

    def row(self) -> dict[str, float]:
        """Milliseconds and calls per second, for the JSON report."""
        return {
            "median_ms": round(1000 * self.median, 3),
            "p95_ms": round(1000 * self.p95, 3),
            "per_second": round(self.per_second, 2),
            "calls": len(self.seconds),
        }


def time_alternately(works: dict[str, Work], device: str, seconds: float) -> dict[str, Timing]:
    """Time several works in turns, so that other load on the machine affects all of them equally.

    Each work runs for about `seconds` in total and MIN_CALLS times or more, after WARM_UP_CALLS. A call ends when the
    device has finished.
    """
    for work in works.values():
        for _ in range(WARM_UP_CALLS):
            work()
    durations: dict[str, list[float]] = {name: [] for name in works}

    def unfinished(name: str) -> bool:
        return sum(durations[name]) < seconds or len(durations[name]) < MIN_CALLS

    while any(unfinished(name) for name in works):
        for name, work in works.items():
            if unfinished(name):
                durations[name].append(_duration(work, device))
    return {name: Timing(tuple(times)) for name, times in durations.items()}


def synchronise(device: str) -> None:
    """Wait until the device has finished all queued work."""
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)
    elif device == "mps":
        torch.mps.synchronize()


def _duration(work: Work, device: str) -> float:
    synchronise(device)
    start = clock.now()
    work()
    synchronise(device)
    return clock.now() - start
