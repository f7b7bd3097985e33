"""The clock that all processes share, and pacing as pure functions of state and time."""

from __future__ import annotations

import time


def now() -> float:
    """Return the seconds of a monotonic clock that is the same in every process of this machine."""
    return time.perf_counter()


class Metronome:
    """Ticks at a constant rate. After a stall it continues from the present and never catches up.

    A tick is missed if its frame comes more than half a period late, or not at all. If the display makes frames wait
    for its vertical synchronisation, the ticks follow the display.
    """

    MIN_SYNC_SECONDS = 0.001  # a frame that waited longer has been synchronised by the display
    LEAD = 0.4  # of a period: how long before the next synchronisation a frame is begun
    MIN_GAP = 0.8  # of a period: a synchronisation sooner than this is not one of this display

    def __init__(self, rate: float, start: float) -> None:
        """Tick `rate` times per second from `start` on; all times are seconds of `now`."""
        self.period = 1.0 / rate
        self.due = start
        self.ticks = 0
        self.missed = 0
        self._last = start

    def wait(self, now: float) -> float:
        """Return the seconds until the next tick; 0 if it is due."""
        return max(0.0, self.due - now)

    def presented(self, now: float, waited: float = 0.0) -> bool:
        """Move on to the next tick, because the frame of the one that was due has been presented.

        Args:
            now: When it was presented.
            waited: Seconds that the display made it wait for its vertical synchronisation.

        Returns:
            Whether it was in time.
        """
        gap, self._last = now - self._last, now
        if waited > self.MIN_SYNC_SECONDS and gap > self.MIN_GAP * self.period:
            return self._follow_display(now, gap)
        late = now - self.due
        in_time = late <= self.period / 2
        skipped = 0 if in_time else int(late / self.period)
        self.ticks += 1 + skipped
        self.missed += (0 if in_time else 1) + skipped
        self.due += (1 + skipped) * self.period
        return in_time

    def _follow_display(self, now: float, gap: float) -> bool:
        skipped = max(round(gap / self.period) - 1, 0)
        self.ticks += 1 + skipped
        self.missed += skipped
        self.due = now + (1.0 - self.LEAD) * self.period
        return not skipped


def ease_out(t: float) -> float:
    """Cubic ease-out, 0..1 -> 0..1: starts fast and ends gently. `t` is clipped."""
    t = min(max(t, 0.0), 1.0)
    return 1.0 - (1.0 - t) ** 3
