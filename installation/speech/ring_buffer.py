"""The last seconds of sound: written by the driver's callback, read by one reader, never waiting for each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from installation.speech.interfaces import Samples


class AudioRing:
    """Preallocated, with counters of all samples ever written and read. One thread writes, one reads."""

    def __init__(self, room: int) -> None:
        """`room`: samples that it keeps."""
        self._samples = np.zeros(room, dtype=np.int16)
        self.written = 0
        self.read = 0
        self.lost = 0  # overwritten before they were read

    def write(self, block: NDArray[np.int16]) -> None:
        """Copies a block [n], n at most the room; counted only when it is there."""
        room = len(self._samples)
        start = self.written % room
        first = min(len(block), room - start)
        self._samples[start : start + first] = block[:first]
        self._samples[: len(block) - first] = block[first:]
        self.written += len(block)

    def take(self) -> Samples:
        """What has come since the last call, oldest first; of what was overwritten meanwhile only the count is left."""
        end = self.written
        room = len(self._samples)
        if end - self.read > room // 2:  # the writer may be at work on what is older
            self.lost += end - self.read - room // 2
            self.read = end - room // 2
        start, count = self.read % room, end - self.read
        first = min(count, room - start)
        taken = np.concatenate([self._samples[start : start + first], self._samples[: count - first]])
        self.read = end
        return taken


class SampleClock:
    """When a sample was heard: from the moments at which blocks came, without their jitter."""

    SLACK_SECONDS = 0.25  # a block that is later than this was not late: the sound itself had stopped
    DRIFT = 1e-4  # of the passing time: a device's clock may be slower than ours by so much

    def __init__(self) -> None:
        self._zero: float | None = None  # the moment of sample 0
        self._last = 0.0

    def heard(self, seconds: float, now: float) -> None:
        """The block that ends after so many seconds of sound has come at `now`."""
        zero = now - seconds
        if self._zero is None or zero - self._zero > self.SLACK_SECONDS:
            self._zero = zero
        else:
            self._zero = min(zero, self._zero + self.DRIFT * (now - self._last))
        self._last = now

    def at(self, seconds: float) -> float:
        """The moment, in seconds of clock.now, of the sample after so many seconds of sound."""
        return seconds + (self._zero or 0.0)
