"""The clock that all processes share, and pacing as pure functions of state and time."""

from __future__ import annotations

import time


def now() -> float:
    """Return the seconds of a monotonic clock that is the same in every process of this machine."""
    return time.perf_counter()


class Metronome:
    """Ticks at a constant rate. After a stall it continues from the present and never catches up.

    A tick is missed if its frame comes more than half a period late, or not at all. A frame is begun as long before
    its tick as frames usually take to be drawn. If the display makes frames wait for its vertical synchronisation, the
    ticks follow the display instead.
    """

    MIN_SYNC_SECONDS = 0.001  # a frame that waited longer has been synchronised by the display
    LEAD = 0.4  # of a period: how long before the next synchronisation a frame is begun
    MAX_DRAWING = 0.5  # of a period: how long before its tick a frame is begun at most
    LEARNED = 0.1  # of the time that a frame took, after the first ten: one that was held up does not count much
    MIN_GAP = 0.8  # of a period: a synchronisation sooner than this is not one of this display

    def __init__(self, rate: float, start: float) -> None:
        """Tick `rate` times per second from `start` on; all times are seconds of `now`."""
        self.period = 1.0 / rate
        self.due = start
        self.ticks = 0
        self.missed = 0
        self._drawing = 0.0  # seconds that frames usually take to be drawn
        self._drawn = 0  # frames that this was learned from
        self._last = start

    def wait(self, now: float) -> float:
        """Return the seconds until the frame of the next tick is to be begun; 0 if it is due."""
        return max(0.0, self.due - self._drawing - now)

    def presented(self, now: float, waited: float = 0.0, drawing: float = 0.0) -> bool:
        """Move on to the next tick, because the frame of the one that was due has been presented.

        Args:
            now: When it was presented.
            waited: Seconds that the display made it wait for its vertical synchronisation.
            drawing: Seconds since it was begun.

        Returns:
            Whether it was in time.
        """
        gap, self._last = now - self._last, now
        if waited > self.MIN_SYNC_SECONDS and gap > self.MIN_GAP * self.period:
            self._drawing = 0.0
            return self._follow_display(now, gap)
        self._drawn += 1
        learned = max(self.LEARNED, 1 / self._drawn)
        self._drawing += learned * (min(drawing, self.MAX_DRAWING * self.period) - self._drawing)
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
