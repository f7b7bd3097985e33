"""Tempo and beats of music, from its spectral flux: autocorrelation, and a comb for the phase."""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MEMORY_SECONDS = 8.0  # of flux that the tempo is estimated from
LEAST_SECONDS = 3.0  # before the first estimate
EVERY_SECONDS = 0.5  # between two estimates
SLOWEST, FASTEST = 60.0, 200.0  # beats per minute
USUAL, SPREAD = 120.0, 1.0  # tempo that is expected, and by how many octaves it differs
FASTER_SHARE = 0.75  # of the correlation, at which half the period is the beat
LEAST_CHANGE = 1e-3  # of the flux, without which there is no beat
CLEAR = 0.15  # least autocorrelation of a beat
FORGET_SECONDS = 3.0  # of silence after which there is no tempo
SMOOTHING_HOPS = 5  # of the flux, so that beats that fall between two hops agree


class TempoTracker:
    """Estimates the tempo of the last seconds. `bpm` is 0 while there is none."""

    def __init__(self, hop_seconds: float) -> None:
        self.bpm = 0.0
        self._hop_seconds = hop_seconds
        self._flux: deque[float] = deque(maxlen=round(MEMORY_SECONDS / hop_seconds))  # the latest last
        self._taken = 0
        self._silent_hops = 0  # in a row
        self._beat_hop = 0.0  # when the last known beat was, in hops
        self._least = math.ceil(LEAST_SECONDS / hop_seconds)  # hops
        self._every = round(EVERY_SECONDS / hop_seconds)  # hops
        self._kernel = np.hanning(SMOOTHING_HOPS + 2)[1:-1]

    @property
    def seconds_since_beat(self) -> float:
        """Seconds from the latest beat to the last hop."""
        if not self.bpm:
            return 0.0
        period = 60.0 / self.bpm
        return ((self._taken - self._beat_hop) * self._hop_seconds) % period

    def feed(self, flux: float, silent: bool) -> None:
        """Take the flux of the next hop, 0..1."""
        self._flux.append(flux)
        self._taken += 1
        self._silent_hops = self._silent_hops + 1 if silent else 0
        if self._silent_hops * self._hop_seconds > FORGET_SECONDS:
            self.bpm, self._taken = 0.0, 0
            self._flux.clear()
        elif self._is_due():
            self._estimate()

    def _is_due(self) -> bool:
        return self._taken >= self._least and self._taken % self._every == 0

    def _estimate(self) -> None:
        known = np.array(self._flux)
        if np.ptp(known) < LEAST_CHANGE:  # a test tone, or nothing but a direct current
            self.bpm = 0.0
            return
        envelope = np.convolve(known - known.mean(), self._kernel, mode="same")
        correlation = _autocorrelation(envelope)
        period = self._period(correlation)
        if not period:
            self.bpm = 0.0
            return
        self.bpm = 60.0 / (period * self._hop_seconds)
        self._beat_hop = self._taken - self._age_of_beat(np.maximum(envelope, 0.0), period)

    def _period(self, correlation: Floats) -> float:
        """Return the period of the beat in hops, to a fraction of one; 0 if there is no clear beat."""
        shortest, longest = (60.0 / bpm / self._hop_seconds for bpm in (FASTEST, SLOWEST))
        lags = np.arange(math.ceil(shortest), min(math.floor(longest), len(correlation) // 2) + 1)
        bpm = 60.0 / (lags * self._hop_seconds)
        likely = np.exp(-0.5 * np.square(np.log2(bpm / USUAL) / SPREAD))
        best = int(lags[np.argmax(correlation[lags] * likely)])
        if correlation[best] < CLEAR:
            return 0.0
        half = round(best / 2)
        if half - 1 >= shortest:
            near = half - 1 + int(np.argmax(correlation[half - 1 : half + 2]))
            best = near if correlation[near] > FASTER_SHARE * correlation[best] else best
        return _refined(correlation, best)

    def _age_of_beat(self, envelope: Floats, period: float) -> float:
        """Return how many hops ago the last beat was: the phase at which a comb gathers most, the latest counting more.

        The low end of a rhythm is usually its loudest, so that the beat wins over what lies between.
        """
        ages = np.arange(0.0, period, 0.5)
        beats = np.arange(int(len(envelope) / period) - 1)
        places = len(envelope) - 1 - (ages[:, None] + beats[None, :] * period)  # [ages, beats]
        heights = np.interp(places, np.arange(len(envelope)), envelope)
        return float(ages[np.argmax(heights @ 0.9**beats)])


def _autocorrelation(values: Floats) -> Floats:
    """Return the autocorrelation of each lag, 1 at lag 0, unbiased."""
    spectrum = np.fft.rfft(values, 2 * len(values))
    raw = np.fft.irfft(np.square(np.abs(spectrum)))[: len(values)]
    unbiased: Floats = raw / np.arange(len(values), 0, -1)
    return unbiased / unbiased[0] if unbiased[0] > 0.0 else np.zeros(len(values))


def _refined(correlation: Floats, lag: int) -> float:
    """Return the period near a lag, measured at its greatest multiple that is known: four beats fix it better."""
    period = float(lag)
    for multiple in (1, 2, 4, 8):
        centre = round(period * multiple)
        if centre + 2 >= len(correlation) * 3 // 4:
            break
        reach = 1 if multiple > 1 else 2
        peak = centre - reach + int(np.argmax(correlation[centre - reach : centre + reach + 1]))
        left, here, right = correlation[peak - 1 : peak + 2]
        curvature = left - 2.0 * here + right
        beside = 0.5 * (left - right) / curvature if curvature < 0.0 else 0.0  # of the top of a parabola
        period = (peak + min(max(beside, -1.0), 1.0)) / multiple
    return period
