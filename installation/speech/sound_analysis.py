"""What music and voices do, in numbers: loudness, bands, onsets, pitch classes and tempo, hop by hop, in numpy.

A hop of 10 ms costs about 0.1 ms; `python -m tests.bench.sound` measures it. Levels follow the room: each is measured
against its own maximum of the last seconds, so that a quiet line input moves the picture as a loud one does. What is
quieter than the floor is silence: all values are 0 then, and no onset is found.
"""

from __future__ import annotations

import math
from collections import deque
from statistics import median

import numpy as np
from numpy.typing import NDArray

from installation.core.messages import PITCHES, SoundFeatures
from installation.speech.interfaces import SAMPLE_RATE, Samples
from installation.speech.tempo_tracking import TempoTracker

Floats = NDArray[np.float32]

HOP = SAMPLE_RATE // 100  # samples
HOP_SECONDS = HOP / SAMPLE_RATE
WINDOW = 512  # samples of the spectrum for bands and onsets
PITCH_WINDOW = 4096  # of the spectrum for pitches: 3.9 Hz
PITCH_HOPS = 5  # between two of those
BANDS_HZ = ((20.0, 200.0), (200.0, 2000.0), (2000.0, 8000.0))  # low, mid, high
PITCH_HZ = (120.0, 2000.0)  # below are drums
PITCH_PEAKS = 24  # partials that are looked at, the strongest
DECAY_SECONDS = 10.0  # of the maxima that levels are measured against
DECAY = math.exp(-HOP_SECONDS / DECAY_SECONDS)  # of them, in a hop
COMPRESSION = np.float32(1000.0)  # of magnitudes before the spectral flux: log(1 + 1000 m)
ONSET_HOPS = 100  # of flux that an onset has to stand out from
ONSET_RATIO = 2.0  # to their median
ONSET_LEAST = 0.1  # of the largest flux of the last seconds, above that
ONSET_RISE = 0.02  # of the loudest level of the last seconds, by which the bands together grow
RISE_HOPS = 5  # over which they do: longer than the window of the spectrum
ONSET_GAP_SECONDS = 0.08  # between two onsets
RELEASE_SECONDS = 0.15  # in which an onset's value fades


SILENT_CHROMA = (0.0,) * PITCHES


class SoundAnalysis:
    """Analyses one stream of samples. Times are those that `feed` is given."""

    def __init__(self, floor_db: float = -50.0) -> None:
        """`floor_db`: level in decibels of full scale below which there is silence."""
        self._floor = 10.0 ** (floor_db / 20.0)
        self._floor_db = floor_db
        self._buffer = np.zeros(2 * PITCH_WINDOW, np.float32)  # the latest samples end at `_end`
        self._end = PITCH_WINDOW
        self._rest = np.zeros(0, np.float32)  # samples that do not fill a hop yet
        self._window, self._pitch_window = (_window(size) for size in (WINDOW, PITCH_WINDOW))
        bands = [_bins(low, high, WINDOW) for low, high in BANDS_HZ]
        self._band_edges = np.array([*(band.start for band in bands), bands[-1].stop])
        self._pitch_bins = _bins(*PITCH_HZ, PITCH_WINDOW)
        self._spectrum = np.zeros(WINDOW // 2 + 1, np.float32)  # compressed magnitudes of the hop before
        self._maxima = [self._floor] * 4  # of loudness and the bands
        self._flux: deque[float] = deque([0.0] * ONSET_HOPS, ONSET_HOPS)  # the latest last
        self._flux_maximum = 0.0
        self._band_sums: deque[float] = deque([0.0] * (RISE_HOPS + 1), RISE_HOPS + 1)  # the latest last
        self._silent_hops = ONSET_HOPS  # in a row
        self._hop = self._onsets = 0
        self._onset_hop = -ONSET_HOPS
        self._onset = 0.0
        self._levels = [0.0] * 4
        self._chroma = SILENT_CHROMA
        self._tempo = TempoTracker(HOP_SECONDS)

    def feed(self, samples: Samples, end_time: float) -> SoundFeatures | None:
        """Take the next samples, [n] at 16 kHz, of which the last was at `end_time`.

        Returns the features of the last complete hop; None if there is none among them.
        """
        waiting = np.concatenate([self._rest, samples.astype(np.float32) / np.float32(32768.0)])
        hops = len(waiting) // HOP
        self._rest = waiting[hops * HOP :]
        for index in range(hops):
            self._take_hop(waiting[index * HOP : (index + 1) * HOP])
        return self._features(end_time - len(self._rest) / SAMPLE_RATE) if hops else None

    def _features(self, at: float) -> SoundFeatures:
        loudness, low, mid, high = (round(level, 3) for level in self._levels)
        beat = self._tempo.seconds_since_beat
        return SoundFeatures(
            loudness=loudness,
            low=low,
            mid=mid,
            high=high,
            onset=round(self._onset, 3),
            onsets=self._onsets,
            chroma=self._chroma,
            bpm=round(self._tempo.bpm, 2),
            beat_at=at - beat if self._tempo.bpm else 0.0,
            at=at,
        )

    def _take_hop(self, hop: Floats) -> None:
        self._keep(hop)
        self._hop += 1
        self._onset = max(0.0, self._onset - HOP_SECONDS / RELEASE_SECONDS)
        window = self._latest(WINDOW)
        level = math.sqrt(float(window @ window) / WINDOW)
        self._silent_hops = 0 if level > self._floor else self._silent_hops + 1
        silent = self._silent_hops > 1
        magnitudes = np.abs(np.fft.rfft(window * self._window))
        self._measure_levels(level, magnitudes, silent)
        flux = self._measure_flux(magnitudes, silent)
        self._find_onset(silent)
        self._tempo.feed(flux, silent)
        if silent:
            self._chroma = SILENT_CHROMA
        elif self._hop % PITCH_HOPS == 0:
            self._chroma = tuple((self._pitch_classes() * self._levels[0]).round(3).tolist())

    def _keep(self, hop: Floats) -> None:
        """Append a hop to the buffer, whose second half moves to the front when it is full."""
        if self._end + HOP > len(self._buffer):
            self._buffer[:PITCH_WINDOW] = self._latest(PITCH_WINDOW)
            self._end = PITCH_WINDOW
        self._buffer[self._end : self._end + HOP] = hop
        self._end += HOP

    def _latest(self, count: int) -> Floats:
        return self._buffer[self._end - count : self._end]

    def _measure_levels(self, level: float, magnitudes: Floats, silent: bool) -> None:
        """Relate loudness, in decibels, and the bands to their recent maxima."""
        first, *_, last = self._band_edges
        powers = np.add.reduceat(np.square(magnitudes[first:last]), self._band_edges[:-1] - first)
        present = [level, *np.sqrt(powers).tolist()]
        self._band_sums.append(sum(present[1:]))
        self._maxima = [
            max(now, before * DECAY, self._floor) for now, before in zip(present, self._maxima, strict=True)
        ]
        if silent:
            self._levels = [0.0] * 4
            return
        loudest = 20.0 * math.log10(self._maxima[0])
        above = 20.0 * math.log10(max(level, self._floor)) - self._floor_db
        bands = [min(now / most, 1.0) for now, most in zip(present[1:], self._maxima[1:], strict=True)]
        self._levels = [above / max(loudest - self._floor_db, 1.0), *bands]

    def _measure_flux(self, magnitudes: Floats, silent: bool) -> float:
        """Return how much the spectrum has grown (spectral flux; Bello et al. 2005), 0..1 of the recent maximum."""
        compressed = np.log1p(COMPRESSION * magnitudes)
        growth = 0.0 if silent else float(np.maximum(compressed - self._spectrum, 0.0).sum())
        self._spectrum = compressed
        self._flux.append(growth)
        self._flux_maximum = max(growth, self._flux_maximum * DECAY)
        return growth / self._flux_maximum if self._flux_maximum else 0.0

    def _find_onset(self, silent: bool) -> None:
        """Find out, one hop later, whether the flux had a peak that stands out.

        The abrupt end of a note widens the spectrum too: it is no onset, because the sound does not grow.
        """
        before, peak, after = self._flux[-3], self._flux[-2], self._flux[-1]
        if silent or not (peak > before and peak >= after):
            return
        threshold = ONSET_RATIO * median(self._flux) + ONSET_LEAST * self._flux_maximum
        grows = self._band_sums[-1] - self._band_sums[0] > ONSET_RISE * self._maxima[0]
        if peak > threshold and grows and (self._hop - self._onset_hop) * HOP_SECONDS > ONSET_GAP_SECONDS:
            self._onset_hop, self._onsets = self._hop, self._onsets + 1
            self._onset = min(1.0, 0.3 + 0.7 * peak / self._flux_maximum)

    def _pitch_classes(self) -> Floats:
        """Return how strong each pitch class is, C first, 0..1 of the strongest. -> [12].

        Only peaks of the spectrum count, at their interpolated frequencies, so that neighbouring semitones stay apart.
        """
        first, last = self._pitch_bins.start, self._pitch_bins.stop
        spectrum = np.fft.rfft(self._latest(PITCH_WINDOW) * self._pitch_window)
        magnitudes = np.abs(spectrum[first - 1 : last + 1])
        left, here, right = magnitudes[:-2], magnitudes[1:-1], magnitudes[2:]
        peaks = np.flatnonzero((here > left) & (here >= right) & (here > 0.1 * self._floor))
        if not len(peaks):
            return np.zeros(PITCHES, np.float32)
        peaks = peaks[np.argsort(-here[peaks])[:PITCH_PEAKS]]
        a, b, c = left[peaks], here[peaks], right[peaks]
        hertz = (first + peaks + 0.5 * (a - c) / (a - 2.0 * b + c)) * (SAMPLE_RATE / PITCH_WINDOW)
        pitches = np.rint(12.0 * np.log2(hertz / 440.0) + 9.0).astype(np.intp) % PITCHES
        weights = b / (1.0 + hertz / 440.0)  # overtones count less
        chroma = np.bincount(pitches, weights, PITCHES)
        strongest: Floats = (chroma / chroma.max()).astype(np.float32)
        return strongest


def _window(size: int) -> Floats:
    """A Hann window that gives a tone of amplitude 1 a magnitude of half that."""
    return (np.hanning(size) * (2.0 / size)).astype(np.float32)


def _bins(low: float, high: float, window: int) -> slice:
    """The bins of a spectrum of that window which lie between two frequencies in Hz."""
    step = SAMPLE_RATE / window
    return slice(max(1, math.ceil(low / step)), min(window // 2, math.floor(high / step)))
