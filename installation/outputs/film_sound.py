"""The sound of a film, in step with its pictures: gaps are filled with silence, drift is corrected."""

from __future__ import annotations

from collections import deque

import numpy as np

from installation.core.sound_ring import SOUND_RATE, Samples, Sound, SoundReader

TOLERANCE_SECONDS = 0.04  # between sound and picture, before samples are left out or silence is put in
MAX_LAG_SECONDS = 1.0  # that sound may come after its picture


class FilmSound:
    """The samples of one part of a film after the other. All times are seconds of `clock.now`."""

    def __init__(self, reader: SoundReader) -> None:
        self._reader = reader
        self._waiting: deque[Sound] = deque()
        self._start, self._position = 0.0, 0

    def begin(self, start: float) -> None:
        """Begin a part whose first picture is of `start`."""
        self._start, self._position = start, 0

    def until(self, end: float, final: bool = False) -> Samples:
        """The next samples of the part, up to a time at most.

        Args:
            end: of the pictures written so far.
            final: the part ends there: what has not come by now is silence.
        """
        if sound := self._reader.take():
            self._waiting.append(sound)
        taken: list[Samples] = []
        while self._waiting and (cut := round((end - self._waiting[0].at) * SOUND_RATE)) > 0:
            samples, at = self._waiting.popleft()
            if cut < len(samples):
                self._waiting.appendleft(Sound(samples[cut:], at + cut / SOUND_RATE))
            taken.append(self._aligned(samples[:cut], at))
        due = round((end - self._start - (0.0 if final else MAX_LAG_SECONDS)) * SOUND_RATE)
        taken.append(self._silence(due - self._position))
        return np.concatenate(taken)

    def _aligned(self, samples: Samples, at: float) -> Samples:
        """Samples at their place in the part."""
        gap = round((at - self._start) * SOUND_RATE) - self._position
        if self._position and abs(gap) <= TOLERANCE_SECONDS * SOUND_RATE:
            gap = 0
        silence, samples = self._silence(gap), samples[max(0, -gap) :]
        self._position += len(samples)
        return np.concatenate([silence, samples])

    def _silence(self, count: int) -> Samples:
        self._position += max(0, count)
        return np.zeros(max(0, count), np.int16)
