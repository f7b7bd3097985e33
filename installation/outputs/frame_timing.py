"""Constant rate with true timing: which picture belongs to which frame of the file. Pure; the times come in."""

from __future__ import annotations

import math


class FrameTiming:
    """Frame k of a recording, at `start + k / rate`, shows the newest picture presented by then plus half a period.

    Where the stage stalls frames repeat, where it is faster pictures are left out; since k comes from the clock
    alone, the recording cannot drift against it.
    """

    def __init__(self, rate: float, grace: float = 0.25) -> None:
        """`grace`: seconds that news of a picture may take, before its predecessor is repeated in its stead."""
        self.period = 1.0 / rate
        self.grace = grace
        self.start: float | None = None
        self.written = 0  # frames of the file, so far

    def first_frame(self, at: float) -> int:
        """The first frame to show a picture that was presented at `at`; the first of all pictures sets the start."""
        if self.start is None:
            self.start = at
        return max(self.written, math.ceil((at - self.start) / self.period - 0.5 - 1e-6))

    def settled(self, now: float) -> int:
        """How many frames there are at `now` whose picture is certain, as no news of another can be on its way."""
        if self.start is None:
            return 0
        return max(self.written, math.floor((now - self.grace - self.start) / self.period + 0.5))

    def advance(self, until: int) -> int:
        """Counts the frames up to `until` (not included) as written; returns how many that are."""
        count = max(0, until - self.written)
        self.written += count
        return count
