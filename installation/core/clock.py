"""Time: one monotonic clock for all processes, and pacing as pure functions of state and time."""

from __future__ import annotations

import time


def now() -> float:
    """Seconds of a monotonic clock that every process of this machine shares."""
    return time.perf_counter()


class Metronome:
    """Ticks at a rate, in seconds of `now`. After a stall it goes on from the present and never plays catch-up.

    A tick is missed when its frame comes later than half a period after it, or not at all. A display that makes its
    frames wait for its own beat leads: then the ticks follow it.
    """

    BEAT_SECONDS = 0.001  # a frame that waited longer has met the display's own beat
    LEAD = 0.4  # of a period: how long before the next beat its frame is begun

    def __init__(self, rate: float, start: float) -> None:
        self.period = 1.0 / rate
        self.due = start
        self._last = start
        self.ticks = 0
        self.missed = 0

    def wait(self, now: float) -> float:
        """Seconds until the next tick is due; 0 if it is due already."""
        return max(0.0, self.due - now)

    def presented(self, now: float, waited: float = 0.0) -> bool:
        """The frame of the tick that is due was presented at `now`; moves on to the next. True if it came in time.

        `waited`: seconds that the display made it wait for its vertical synchronisation.
        """
        gap, self._last = now - self._last, now
        if waited > self.BEAT_SECONDS and gap > 0.8 * self.period:  # sooner than a period is no beat of this display
            skipped = max(round(gap / self.period) - 1, 0)
            self.ticks += 1 + skipped
            self.missed += skipped
            self.due = now + (1.0 - self.LEAD) * self.period
            return not skipped
        late = now - self.due
        on_time = late <= self.period / 2
        skipped = int(late / self.period) if not on_time else 0
        self.ticks += 1 + skipped
        self.missed += (0 if on_time else 1) + skipped
        self.due += (1 + skipped) * self.period
        return on_time


def ease_out(t: float) -> float:
    """0..1 -> 0..1, begins to move at once and comes to rest softly (cubic)."""
    t = min(max(t, 0.0), 1.0)
    return 1.0 - (1.0 - t) ** 3
