"""The MIDI clock: 24 ticks a beat, and a start message before the first tick of a bar. Pure: time is an argument."""

from __future__ import annotations

from collections import deque

from installation.core.messages import BeatClock

TICKS = 24  # of a beat
WINDOW = 4 * TICKS + 1  # ticks that the tempo is measured over: single ones jitter by a millisecond
LEAST = TICKS + 1  # before the tempo is known
GAP_SECONDS = 0.5  # without a tick, after which they begin anew
EVERY = 6  # ticks between two reports


class MidiClock:
    """Follows the ticks of one clock. Times are seconds of `clock.now`."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=WINDOW)
        self._tick = -1  # the number of the last one, from the beginning of a bar

    def start(self) -> None:
        """Let the next tick be the beginning of a bar."""
        self._tick = -1

    def tick(self, now: float) -> BeatClock | None:
        """Take a tick; now and then, return the tempo and the beat."""
        if self._times and now - self._times[-1] > GAP_SECONDS:
            self._times.clear()
        self._times.append(now)
        self._tick += 1
        count = len(self._times)
        if count < LEAST or self._tick % EVERY:
            return None
        period = (self._times[-1] - self._times[0]) / (count - 1)
        if period <= 0.0:
            return None
        smooth = sum(self._times) / count + (count - 1) / 2 * period  # of the last tick, without its jitter
        return BeatClock("midi", 60.0 / (TICKS * period), self._tick / TICKS, smooth)
