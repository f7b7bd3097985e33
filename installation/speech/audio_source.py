"""Audio sources: the common interface of the microphone and of recordings, and the recordings themselves."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from installation.core.errors import ShowError
from installation.speech.interfaces import SAMPLE_RATE, Samples
from installation.speech.mic_health import Health
from installation.speech.resampler import Resampler


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
    """A WAV file, played at a multiple of real time or as fast as it is read."""

    MAX_READ_SAMPLES = SAMPLE_RATE // 10  # per read at full speed
    TAIL_SECONDS = 1.0  # of silence appended, so that the last utterance ends too

    def __init__(self, path: Path, speed: float = 1.0) -> None:
        """Read the whole file.

        Args:
            path: A WAV file.
            speed: 1 plays in real time, 0 as fast as it is read.

        Raises:
            ShowError: The file cannot be read as WAV.
        """
        self.name, self.reason, self.lost = path.name, "", 0
        silence = np.zeros(round(self.TAIL_SECONDS * SAMPLE_RATE), np.int16)
        self._samples = np.concatenate([read_wav(path), silence])
        self._speed, self._position = speed, 0
        self._start_time: float | None = None

    @property
    def ended(self) -> bool:
        """Whether all samples have been read."""
        return self._position >= len(self._samples)

    def read(self, now: float) -> AudioChunk:
        """Return the samples due at `now`. Times are those of the recording, counted from the first read."""
        if self._start_time is None:
            self._start_time = now
        elapsed = now - self._start_time
        due = int(elapsed * self._speed * SAMPLE_RATE) if self._speed else self._position + self.MAX_READ_SAMPLES
        samples = self._samples[self._position : due]
        self._position += len(samples)
        return AudioChunk(samples, self._start_time + self._position / SAMPLE_RATE)

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


def check_wav(path: Path) -> None:
    """Check the header of a recording.

    Raises:
        ShowError: The file cannot be read as WAV.
    """
    with _open_wav(path):
        pass


def read_wav(path: Path) -> Samples:
    """Read a WAV file of 8 to 32 bits, any rate and any number of channels as mono at 16 kHz, [n].

    Raises:
        ShowError: The file cannot be read as WAV.
    """
    with _open_wav(path) as file:
        data, width = file.readframes(file.getnframes()), file.getsampwidth()
        channels, rate = file.getnchannels(), file.getframerate()
    mono = _pcm_to_float(data, width).reshape(-1, channels).mean(axis=1).round().astype(np.int16)
    resampler = Resampler(rate)
    return np.concatenate([resampler.feed(mono), resampler.feed(np.zeros(rate // 20, np.int16))])


@contextmanager
def _open_wav(path: Path) -> Iterator[wave.Wave_read]:
    try:
        with wave.open(str(path), "rb") as file:
            yield file
    except (wave.Error, EOFError) as error:
        raise ShowError(f"{path} is not a playable WAV file ({error}): convert it, for example with ffmpeg.") from None
    except OSError as error:
        raise ShowError(f"the recording {path} cannot be read: {error.strerror}.") from None


def _pcm_to_float(data: bytes, width: int) -> NDArray[np.float64]:
    """Convert little-endian PCM of `width` bytes (8 bits: unsigned) to -32768..32767."""
    if width == 1:
        return (np.frombuffer(data, np.uint8).astype(np.float64) - 128.0) * 256.0
    whole = np.frombuffer(data[: len(data) // width * width], np.uint8).reshape(-1, width)
    return np.ascontiguousarray(whole[:, -2:]).view("<i2")[:, 0].astype(np.float64)
