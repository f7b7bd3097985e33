"""Where sound comes from: a microphone or a recording, alike for those who listen."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from installation.core.errors import ShowError
from installation.speech.interfaces import RATE, Samples
from installation.speech.mic_health import Health
from installation.speech.resampler import Resampler


class AudioChunk(NamedTuple):
    """What has come since the last time."""

    samples: Samples  # [n], 16 kHz
    ends: float  # the moment of its last sample, seconds of clock.now
    broken: bool = False  # it does not follow what came before


class AudioSource(Protocol):
    """Sound in order. One reader, who never waits."""

    name: str  # of the device or the file
    reason: str  # why there is no sound at all, one sentence
    lost: int  # samples that are missing, as far as it is known

    def read(self, now: float) -> AudioChunk:
        """What has come since the last call."""
        ...

    def health(self, now: float) -> Health:
        """How the source is."""
        ...

    def close(self) -> None:
        """Gives the device back."""
        ...


class RecordingSource:
    """A WAV file, played at a multiple of real-time pace, or as fast as it is read."""

    BLOCK = RATE // 10  # samples of one read at most, where there is no pace to keep
    TAIL_SECONDS = 1.0  # of silence after the end, so that the last words end as well

    def __init__(self, path: Path, speed: float = 1.0) -> None:
        """`speed`: 1 is real time, 0 as fast as possible. Raises ShowError for what is no WAV file."""
        self.name, self.reason, self.lost = path.name, "", 0
        self._samples = np.concatenate([read_wav(path), np.zeros(round(self.TAIL_SECONDS * RATE), np.int16)])
        self._speed, self._place = speed, 0
        self._began: float | None = None

    @property
    def ended(self) -> bool:
        """Whether all of it has been read."""
        return self._place >= len(self._samples)

    def read(self, now: float) -> AudioChunk:
        """What the pace has brought by `now`. Moments are those of the recording itself, from the first read on."""
        if self._began is None:
            self._began = now
        due = int((now - self._began) * self._speed * RATE) if self._speed else self._place + self.BLOCK
        samples = self._samples[self._place : due]
        self._place += len(samples)
        return AudioChunk(samples, self._began + self._place / RATE)

    def health(self, now: float) -> Health:  # noqa: ARG002 - a file does not change by itself
        """Live until its end."""
        return "ended" if self.ended else "live"

    def close(self) -> None:
        """Nothing: the file was read whole."""


class AudioSourceError:
    """There is no sound, and this is why."""

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason, self.lost = name, reason, 0

    def read(self, now: float) -> AudioChunk:
        """Nothing."""
        return AudioChunk(np.zeros(0, np.int16), now)

    def health(self, now: float) -> Health:  # noqa: ARG002 - it stays as it is
        """It is not there."""
        return "reopening"

    def close(self) -> None:
        """Nothing."""


def check_wav(path: Path) -> None:
    """Looks at the head of a recording only. Raises ShowError for what is no WAV file."""
    with _opened(path):
        pass


def read_wav(path: Path) -> Samples:
    """All of a WAV file (8 to 32 bits, any rate, channels mixed) as mono [n] at 16 kHz. Raises ShowError."""
    with _opened(path) as file:
        data, width = file.readframes(file.getnframes()), file.getsampwidth()
        channels, rate = file.getnchannels(), file.getframerate()
    mono = _amplitudes(data, width).reshape(-1, channels).mean(axis=1).round().astype(np.int16)
    resampler = Resampler(rate)
    return np.concatenate([resampler.feed(mono), resampler.feed(np.zeros(rate // 20, np.int16))])


@contextmanager
def _opened(path: Path) -> Iterator[wave.Wave_read]:
    try:
        with wave.open(str(path), "rb") as file:
            yield file
    except (wave.Error, EOFError) as error:
        raise ShowError(
            f"{path} is no WAV file that can be played ({error}): convert it, for example by ffmpeg."
        ) from None
    except OSError as error:
        raise ShowError(f"the recording {path} cannot be read: {error.strerror}.") from None


def _amplitudes(data: bytes, width: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """-32768..32767, from little-endian samples of so many bytes; 8 bits are unsigned."""
    if width == 1:
        return (np.frombuffer(data, np.uint8).astype(np.float64) - 128.0) * 256.0
    whole = np.frombuffer(data[: len(data) // width * width], np.uint8).reshape(-1, width)
    return np.ascontiguousarray(whole[:, -2:]).view("<i2")[:, 0].astype(np.float64)
