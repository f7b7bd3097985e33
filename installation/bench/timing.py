"""Timing calls one by one on any device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from installation.core import clock

WARM_CALLS = 3
LEAST_CALLS = 5


@dataclass(frozen=True)
class Timing:
    """Seconds of many calls of the same work."""

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
    def rate(self) -> float:
        """Calls a second, by the median: a shared machine's hiccups do not count."""
        return 1.0 / self.median

    def row(self) -> dict[str, float]:
        """Ready for JSON: milliseconds, and calls a second."""
        return {
            "median_ms": round(1000 * self.median, 3),
            "p95_ms": round(1000 * self.p95, 3),
            "per_second": round(self.rate, 2),
            "calls": len(self.seconds),
        }


def in_turns(works: dict[str, Callable[[], Any]], device: str, seconds: float) -> dict[str, Timing]:
    """Times several works turn by turn, so that whatever disturbs the machine disturbs all of them alike.

    Each takes about `seconds` in all, and five calls at least, after three that do not count. A call has ended when the
    device has.
    """
    for work in works.values():
        for _ in range(WARM_CALLS):
            work()
    spent: dict[str, list[float]] = {name: [] for name in works}
    while any(sum(times) < seconds or len(times) < LEAST_CALLS for times in spent.values()):
        for name, work in works.items():
            if sum(spent[name]) < seconds or len(spent[name]) < LEAST_CALLS:
                spent[name].append(_timed(work, device))
    return {name: Timing(tuple(times)) for name, times in spent.items()}


def finished(device: str) -> None:
    """Wait until the device has done all that was asked of it."""
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)
    elif device == "mps":
        torch.mps.synchronize()


def _timed(work: Callable[[], Any], device: str) -> float:
    finished(device)
    began = clock.now()
    work()
    finished(device)
    return clock.now() - began
