"""From a device's own rate to 16 kHz, block by block, without a seam."""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.typing import NDArray

from installation.speech.interfaces import RATE, Samples

HALF_WIDTH = 16  # zero crossings of the sinc on either side
PASS = 0.94  # of the new Nyquist frequency: the rest of the band is for the filter to fall


class Resampler:
    """A polyphase filter (windowed sinc, Kaiser 8) that keeps what it needs from one block for the next.

    It delays by one millisecond, and is the same for any division of the sound into blocks.
    """

    def __init__(self, rate: int) -> None:
        """`rate`: samples a second of what comes."""
        common = gcd(rate, RATE)
        self._up, self._down = RATE // common, rate // common
        self._phases = _phases(self._up, self._down)  # [up, taps]
        self._kept = np.zeros(self._phases.shape[1] - 1)  # the last inputs, oldest first
        self._next = 0  # of the next output: its place in inputs * up, counted from the end of what is kept

    def feed(self, samples: Samples) -> Samples:
        """The next sound [n] at the device's rate -> what of it is ready at 16 kHz, [about n * 16000 / rate]."""
        if self._up == self._down:
            return samples
        there = np.concatenate([self._kept, samples])
        places = np.arange(self._next, len(samples) * self._up, self._down)
        self._next = self._next + len(places) * self._down - len(samples) * self._up
        self._kept = there[len(samples) :]
        if not len(places):
            return np.zeros(0, dtype=np.int16)
        windows = np.lib.stride_tricks.sliding_window_view(there, self._phases.shape[1])
        sums = np.einsum("ij,ij->i", windows[places // self._up], self._phases[places % self._up])
        ready: Samples = np.clip(np.rint(sums), -32768, 32767).astype(np.int16)
        return ready


def _phases(up: int, down: int) -> NDArray[np.float64]:
    """The filter's taps, sorted by phase, each row for a window of inputs, oldest first, [up, taps]."""
    widest = max(up, down)
    half = HALF_WIDTH * widest
    taps = -(-(2 * half + 1) // up)
    n = np.arange(taps * up) - half
    cutoff = PASS / widest
    prototype = np.sinc(n * cutoff) * np.where(np.abs(n) <= half, _kaiser(n / half, 8.0), 0.0)
    phases = prototype.reshape(taps, up).T[:, ::-1]
    return np.ascontiguousarray(phases / phases.sum(axis=1, keepdims=True))


def _kaiser(x: NDArray[np.float64], beta: float) -> NDArray[np.float64]:
    window: NDArray[np.float64] = np.i0(beta * np.sqrt(np.clip(1.0 - x * x, 0.0, 1.0))) / np.i0(beta)
    return window
