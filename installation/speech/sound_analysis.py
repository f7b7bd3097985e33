"""What music and voices do, in numbers: loudness, bands, onsets, pitch classes and tempo, hop by hop, in numpy.

A hop of 10 ms costs some 40 µs, 70 beside busy programs; `python -m tests.bench.sound` measures it. The hops of a block
of the device are transformed together, since calls cost more than computing.

Levels follow the room: each is measured against its own maximum of the last seconds, so that a quiet line input moves
the picture as a loud one does. What is quieter than the floor is silence: all values are 0 then, and no onset is found.
"""

from __future__ import annotations

import math
from collections import deque
from statistics import median

import numpy as np
from numpy.typing import NDArray

from installation.core.speech_messages import PITCHES, SoundFeatures
from installation.speech.interfaces import SAMPLE_RATE, Samples
from installation.speech.tempo_tracking import TempoTracker

Floats = NDArray[np.float32]

HOP = SAMPLE_RATE // 100  # samples
HOP_SECONDS = HOP / SAMPLE_RATE
WINDOW = 512  # samples of the spectrum for bands and onsets
PITCH_WINDOW = 4096  # of the spectrum for pitches: 3.9 Hz
PITCH_HOPS = 8  # between two of those: a third of the window
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
MAX_HOPS = PITCH_WINDOW // HOP  # that are taken together; the buffer has room for them

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
        self._bands = slice(bands[0].start, bands[-1].stop)
        self._band_starts = np.array([band.start - self._bands.start for band in bands])
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
        whole = len(waiting) // HOP * HOP
        self._rest = waiting[whole:]
        for start in range(0, whole, MAX_HOPS * HOP):
            self._take_hops(waiting[start : min(start + MAX_HOPS * HOP, whole)])
        return self._features(end_time - len(self._rest) / SAMPLE_RATE) if whole else None

    def _features(self, at: float) -> SoundFeatures:
        loudness, low, mid, high = self._levels
        beat = self._tempo.seconds_since_beat
        return SoundFeatures(
            loudness=_rounded(loudness),
            low=_rounded(low),
            mid=_rounded(mid),
            high=_rounded(high),
            onset=_rounded(self._onset),
            onsets=self._onsets,
            chroma=self._chroma,
            bpm=round(self._tempo.bpm, 2),
            beat_at=at - beat if self._tempo.bpm else 0.0,
            at=at,
        )

    def _take_hops(self, samples: Floats) -> None:
        """Analyse whole hops, at most `MAX_HOPS`."""
        self._keep(samples)
        ends = range(self._end - len(samples) + HOP, self._end + 1, HOP)  # of the hops, in the buffer
        windows = np.ndarray(  # [hops, window], which overlap in the buffer
            (len(ends), WINDOW), np.float32, self._buffer, 4 * (ends[0] - WINDOW), (4 * HOP, 4)
        )
        magnitudes = np.abs(np.fft.rfft(windows * self._window))
        levels = np.sqrt(np.vecdot(windows, windows) / WINDOW).tolist()  # [hops], of all samples
        powers = np.add.reduceat(np.square(magnitudes[:, self._bands]), self._band_starts, axis=1)
        of_bands = np.sqrt(powers).tolist()
        for end, level, bands, growth in zip(ends, levels, of_bands, self._growths(magnitudes), strict=True):
            self._take_hop(end, level, bands, growth)

    def _growths(self, magnitudes: Floats) -> list[float]:
        """How much the spectrum of each hop [hops, bins] has grown (spectral flux; Bello et al. 2005)."""
        compressed = np.empty((len(magnitudes) + 1, magnitudes.shape[1]), np.float32)
        compressed[0], latest = self._spectrum, compressed[1:]
        np.multiply(magnitudes, COMPRESSION, out=latest)
        latest += 1.0
        np.log(latest, out=latest)  # `np.log1p` takes twice as long
        self._spectrum = compressed[-1]
        grown = latest - compressed[:-1]
        growths: list[float] = np.add.reduce(np.maximum(grown, 0.0, out=grown), axis=1).tolist()
        return growths

    def _take_hop(self, end: int, level: float, bands: list[float], growth: float) -> None:
        """Take what was measured of a hop that ends at `end` in the buffer."""
        self._hop += 1
        self._onset = max(0.0, self._onset - HOP_SECONDS / RELEASE_SECONDS)
        self._silent_hops = 0 if level > self._floor else self._silent_hops + 1
        silent = self._silent_hops > 1
        self._relate_levels(level, bands, silent)
        growth = 0.0 if silent else growth
        self._flux.append(growth)
        self._flux_maximum = max(growth, self._flux_maximum * DECAY)
        self._find_onset(silent)
        self._tempo.feed(growth / self._flux_maximum if self._flux_maximum else 0.0, silent)
        if silent:
            self._chroma = SILENT_CHROMA
        elif self._hop % PITCH_HOPS == 0:
            latest = self._buffer[end - PITCH_WINDOW : end]
            self._chroma = tuple((self._pitch_classes(latest) * self._levels[0]).round(3).tolist())

    def _keep(self, samples: Floats) -> None:
        """Append samples to the buffer, whose second half moves to the front when it is full."""
        if self._end + len(samples) > len(self._buffer):
            self._buffer[:PITCH_WINDOW] = self._buffer[self._end - PITCH_WINDOW : self._end]
            self._end = PITCH_WINDOW
        self._buffer[self._end : self._end + len(samples)] = samples
        self._end += len(samples)

    def _relate_levels(self, level: float, bands: list[float], silent: bool) -> None:
        """Relate loudness, in decibels, and the bands to their recent maxima."""
        self._band_sums.append(sum(bands))
        present, floor = (level, *bands), self._floor
        self._maxima = [max(now, before * DECAY, floor) for now, before in zip(present, self._maxima, strict=True)]
        if silent:
            self._levels = [0.0] * 4
            return
        loudest = 20.0 * math.log10(self._maxima[0])
        above = 20.0 * math.log10(max(level, floor)) - self._floor_db
        self._levels = [min(now / most, 1.0) for now, most in zip(present, self._maxima, strict=True)]
        self._levels[0] = above / max(loudest - self._floor_db, 1.0)

    def _find_onset(self, silent: bool) -> None:
        """Find out, one hop later, whether the flux had a peak that stands out.

        The abrupt end of a note widens the spectrum too: it is no onset, because the sound does not grow.
        """
        before, peak, after = self._flux[-3], self._flux[-2], self._flux[-1]
        if silent or not (peak > before and peak >= after):
            return
        grows = self._band_sums[-1] - self._band_sums[0] > ONSET_RISE * self._maxima[0]
        if not grows or (self._hop - self._onset_hop) * HOP_SECONDS <= ONSET_GAP_SECONDS:
            return
        if peak > ONSET_RATIO * median(self._flux) + ONSET_LEAST * self._flux_maximum:
            self._onset_hop, self._onsets = self._hop, self._onsets + 1
            self._onset = min(1.0, 0.3 + 0.7 * peak / self._flux_maximum)

    def _pitch_classes(self, latest: Floats) -> Floats:
        """Return how strong each pitch class is in a window of samples, C first, 0..1 of the strongest. -> [12].

        Only peaks of the spectrum count, at their interpolated frequencies, so that neighbouring semitones stay apart.
        """
        first, last = self._pitch_bins.start, self._pitch_bins.stop
        spectrum = np.fft.rfft(latest * self._pitch_window)
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


def _rounded(value: float) -> float:
    """A value of 0..1 in thousandths, for short journals; `round` takes ten times as long."""
    return int(1000.0 * value + 0.5) / 1000.0


def _window(size: int) -> Floats:
    """A Hann window that gives a tone of amplitude 1 a magnitude of half that."""
    return (np.hanning(size) * (2.0 / size)).astype(np.float32)


def _bins(low: float, high: float, window: int) -> slice:
    """The bins of a spectrum of that window which lie between two frequencies in Hz."""
    step = SAMPLE_RATE / window
    return slice(max(1, math.ceil(low / step)), min(window // 2, math.floor(high / step)))
