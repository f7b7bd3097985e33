"""The ring buffer between the audio callback and the reader, and the clock that dates its samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from installation.speech.interfaces import Samples


class AudioRingBuffer:
    """A preallocated, lock-free buffer for one writing and one reading thread.

    The counters `written`, `read` and `lost` count samples since the start.
    """

    def __init__(self, capacity: int) -> None:
        """Allocate room for `capacity` samples; half of them may wait for the reader."""
        self._samples = np.zeros(capacity, dtype=np.int16)
        self.written = 0
        self.read = 0
        self.lost = 0  # overwritten before they were read

    def write(self, block: NDArray[np.int16]) -> None:
        """Copy a block, [n] with n up to the capacity."""
        capacity = len(self._samples)
        start = self.written % capacity
        first = min(len(block), capacity - start)
        self._samples[start : start + first] = block[:first]
        self._samples[: len(block) - first] = block[first:]
        self.written += len(block)  # last: the reader relies on counted samples being there

    def take(self) -> Samples:
        """Return what was written since the last call, oldest first; what was overwritten is counted as lost."""
        end, capacity = self.written, len(self._samples)
        if end - self.read > capacity // 2:  # the writer may be overwriting anything older
            self.lost += end - self.read - capacity // 2
            self.read = end - capacity // 2
        start, count = self.read % capacity, end - self.read
        first = min(count, capacity - start)
        taken = np.concatenate([self._samples[start : start + first], self._samples[: count - first]])
        self.read = end
        return taken


class SampleClock:
    """Maps a position in the audio to the time when it was recorded, without the jitter of the callbacks.

    A block can arrive late, never early, so the earliest arrivals define the mapping.
    """

    MAX_DELAY_SECONDS = 0.25  # a block later than this was not delayed: the stream had stopped
    MAX_DRIFT = 1e-4  # relative: by how much the device's clock may be slower than ours

    def __init__(self) -> None:
        self._zero: float | None = None  # the time of sample 0
        self._last = 0.0

    def update(self, position_seconds: float, now: float) -> None:
        """Record that the block which ends at this position has arrived at `now`."""
        zero = now - position_seconds
        if self._zero is None or zero - self._zero > self.MAX_DELAY_SECONDS:
            self._zero = zero
        else:
            self._zero = min(zero, self._zero + self.MAX_DRIFT * (now - self._last))
        self._last = now

    def time_at(self, position_seconds: float) -> float:
        """Return the time of the sample at this position, in seconds of `clock.now`."""
        return position_seconds + (self._zero or 0.0)
