"""Constant frame rate with true timing: which picture belongs to which frame of a file. Pure; times come in."""

from __future__ import annotations

import math


class FrameTiming:
    """Frame k shows the newest picture presented before `start + (k + 0.5) / rate`, in seconds of `clock.now`.

    Pictures repeat where the stage stalls and are left out where it is faster. Since k follows from the clock alone,
    a recording cannot drift against it.
    """

    def __init__(self, rate: float, grace: float = 0.25) -> None:
        """Args are the frames per second, and how late (s) a picture may arrive before its predecessor is repeated."""
        self.period = 1.0 / rate
        self.grace = grace
        self.start: float | None = None
        self.written = 0  # frames written so far

    def first_frame(self, at: float) -> int:
        """The first frame that shows a picture presented at `at`; the first picture of all sets the start."""
        if self.start is None:
            self.start = at
        return max(self.written, math.ceil((at - self.start) / self.period - 0.5 - 1e-6))

    def settled(self, now: float) -> int:
        """The number of frames whose picture is certain at `now`, because no earlier picture can still arrive."""
        if self.start is None:
            return 0
        return max(self.written, math.floor((now - self.grace - self.start) / self.period + 0.5))

    def advance(self, until: int) -> int:
        """Count the frames up to `until` (not included) as written; return how many that are."""
        count = max(0, until - self.written)
        self.written += count
        return count
