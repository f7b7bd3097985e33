"""Audio sources: the common interface of the microphone and of recordings, and the recordings themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from installation.core.errors import ShowError
from installation.core.speech_messages import AudioStarted
from installation.speech.interfaces import SAMPLE_RATE, Samples
from installation.speech.mic_health import Health


class AudioChunk(NamedTuple):
    """The audio that has arrived since the previous read."""

    samples: Samples  # [n], 16 kHz
    end_time: float  # of the last sample, seconds of `clock.now`
    discontinuous: bool = False  # it does not follow the chunk before


class AudioSource(Protocol):
    """A sequence of samples for one reader. No call blocks."""

    name: str  # of the device or the file
    reason: str  # why there is no audio, one sentence; "" if there is

    @property
    def lost(self) -> int:
        """Samples dropped since the start, as far as it is known."""
        ...

    def read(self, now: float) -> AudioChunk:
        """Return what has arrived since the last call."""
        ...

    def health(self, now: float) -> Health:
        """Return the state of the source at `now`."""
        ...

    def close(self) -> None:
        """Release the device."""
        ...


class RecordingSource:
    """An audio file, played at a multiple of real time or as fast as it is read; decoded as it is played."""

    MAX_READ_SAMPLES = SAMPLE_RATE // 10  # per read at full speed
    TAIL_SECONDS = 1.0  # of silence appended, so that the last utterance ends too

    def __init__(self, path: Path, speed: float = 1.0) -> None:
        """Open the file and check its first minute.

        Args:
            path: An audio file.
            speed: 1 plays in real time, 0 as fast as it is read.

        Raises:
            ShowError: The file cannot be read as audio.
        """
        from installation.speech.audio_file import check_audio_file, decode_audio_file  # imports PyAV

        check_audio_file(path)
        self.name, self.reason, self.lost = path.name, "", 0
        self.ended = False  # whether all samples have been read
        self._blocks = self._decode(decode_audio_file(path))
        self._decoded = np.zeros(0, np.int16)  # not read yet
        self._speed, self._position = speed, 0
        self._start_time: float | None = None
        self._announced = False

    def started(self) -> AudioStarted | None:
        """When the file has begun to play, once."""
        if self._announced or self._start_time is None:
            return None
        self._announced = True
        return AudioStarted(self.name, self._start_time)

    def _decode(self, blocks: Iterator[Samples]) -> Iterator[Samples]:
        """Pass the blocks on until the file is over or damaged, then the tail."""
        try:
            yield from blocks
        except ShowError as error:
            self.reason = str(error)
        yield np.zeros(round(self.TAIL_SECONDS * SAMPLE_RATE), np.int16)

    def read(self, now: float) -> AudioChunk:
        """Return the samples due at `now`. Times are those of the recording, counted from the first read."""
        if self._start_time is None:
            self._start_time = now
        elapsed = now - self._start_time
        due = int(elapsed * self._speed * SAMPLE_RATE) - self._position if self._speed else self.MAX_READ_SAMPLES
        samples = self._take(max(due, 0))
        self._position += len(samples)
        return AudioChunk(samples, self._start_time + self._position / SAMPLE_RATE)

    def _take(self, count: int) -> Samples:
        """Decode until `count` samples are there, or the file is over, and return them."""
        parts, available = [self._decoded], len(self._decoded)
        while available < count and not self.ended:
            block = next(self._blocks, None)
            self.ended = block is None
            if block is not None:
                parts.append(block)
                available += len(block)
        decoded = np.concatenate(parts)
        self._decoded = decoded[count:]
        return decoded[:count]

    def health(self, now: float) -> Health:  # noqa: ARG002 - a file does not change with time
        """Return "live" until the end."""
        return "ended" if self.ended else "live"

    def close(self) -> None:
        """Do nothing: the file is already closed."""


class UnavailableSource:
    """A source without audio."""

    def __init__(self, name: str, reason: str = "") -> None:
        self.name, self.reason, self.lost = name, reason, 0

    def read(self, now: float) -> AudioChunk:
        """Return an empty chunk."""
        return AudioChunk(np.zeros(0, np.int16), now)

    def health(self, now: float) -> Health:  # noqa: ARG002 - it never changes
        """Return "reopening"."""
        return "reopening"

    def close(self) -> None:
        """Do nothing."""
