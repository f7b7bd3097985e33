"""Streaming sample rate conversion from a device's rate to 16 kHz."""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.typing import NDArray

from installation.speech.interfaces import SAMPLE_RATE, Samples

HALF_WIDTH = 16  # zero crossings of the sinc on either side
KAISER_BETA = 8.0
PASSBAND = 0.94  # of the lower Nyquist frequency; the rest is the transition band


class Resampler:
    """A polyphase FIR filter (Kaiser-windowed sinc) with one millisecond of delay.

    It keeps its state between blocks: the output does not depend on how the input is divided.
    """

    def __init__(self, rate: int) -> None:
        """Design the filter for an input of `rate` Hz."""
        divisor = gcd(rate, SAMPLE_RATE)
        self._up, self._down = SAMPLE_RATE // divisor, rate // divisor
        self._phases = _polyphase_filter(self._up, self._down)  # [up, taps]
        self._history = np.zeros(self._phases.shape[1] - 1)  # the last inputs, oldest first
        self._next = 0  # position of the next output on the upsampled grid, from the end of the history

    def feed(self, samples: Samples) -> Samples:
        """Take the next samples, [n], and return those that are ready at 16 kHz, [about n * 16000 / rate]."""
        if self._up == self._down:
            return samples
        available = np.concatenate([self._history, samples])
        positions = np.arange(self._next, len(samples) * self._up, self._down)
        self._next = self._next + len(positions) * self._down - len(samples) * self._up
        self._history = available[len(samples) :]
        if not len(positions):
            return np.zeros(0, dtype=np.int16)
        windows = np.lib.stride_tricks.sliding_window_view(available, self._phases.shape[1])
        filtered = np.einsum("ij,ij->i", windows[positions // self._up], self._phases[positions % self._up])
        ready: Samples = np.clip(np.rint(filtered), -32768, 32767).astype(np.int16)
        return ready


def _polyphase_filter(up: int, down: int) -> NDArray[np.float64]:
    """Return the taps of each phase for a window of inputs, oldest first, [up, taps]."""
    wider = max(up, down)
    half = HALF_WIDTH * wider
    taps = -(-(2 * half + 1) // up)
    n = np.arange(taps * up) - half
    cutoff = PASSBAND / wider
    prototype = np.sinc(n * cutoff) * np.where(np.abs(n) <= half, _kaiser(n / half), 0.0)
    phases = prototype.reshape(taps, up).T[:, ::-1]
    return np.ascontiguousarray(phases / phases.sum(axis=1, keepdims=True))


def _kaiser(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The Kaiser window at x, -1..1."""
    return np.asarray(np.i0(KAISER_BETA * np.sqrt(np.clip(1.0 - x * x, 0.0, 1.0))) / np.i0(KAISER_BETA))
