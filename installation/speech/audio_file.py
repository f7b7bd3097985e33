"""Audio files of any common format, sample width, rate and number of channels, decoded with PyAV to mono at 16 kHz.

Importing this imports PyAV, which takes 0.1 s and 20 MB: import it only where a file is played.
"""

from __future__ import annotations

import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from installation.core.errors import ShowError
from installation.speech.interfaces import SAMPLE_RATE, Samples
from installation.speech.resampler import Resampler

# Demuxers of FFmpeg that read nothing but the file itself; playlists, which open other files and addresses, are not.
FORMATS = "wav,w64,aiff,caf,flac,mp3,mov,aac,ogg,matroska"
CHECKED_SECONDS = 60.0  # decoded before a show: a fraction of a second of work
MIN_RATE, MAX_RATE = 2_000, 768_000  # Hz
RATE_STEP = 25  # Hz, to which odd rates are rounded, so that the resampler stays small
FLUSH_SECONDS = 0.05  # of silence, which push the last samples through the resampler

_RIFF_HEADER, _CHUNK_HEADER = struct.Struct("<4sI4s"), struct.Struct("<4sI")
_UNKNOWN_SIZE = 0x7FFFFFFF  # from here on, and 0: a recorder that could not complete its header


def check_audio_file(path: Path) -> None:
    """Decode the first minute of an audio file.

    Raises:
        ShowError: The file cannot be read, is damaged in its first minute, or is a WAV file that is cut short.
    """
    decoded = 0
    for samples in decode_audio_file(path):
        decoded += len(samples)
        if decoded >= CHECKED_SECONDS * SAMPLE_RATE:
            return


def decode_audio_file(path: Path) -> Iterator[Samples]:
    """Decode an audio file block by block; the mean of all channels, resampled to 16 kHz.

    Raises:
        ShowError: The file cannot be read or is damaged, after the samples before the damage.
    """
    rate, resampler = 0, Resampler(SAMPLE_RATE)
    with _open(path) as container:
        for frame in _interleaved(container.decode(audio=0)):
            if frame.sample_rate != rate:
                rate = _checked_rate(frame.sample_rate, path)
                resampler = Resampler(round(rate / RATE_STEP) * RATE_STEP)
            yield resampler.feed(_mono(frame.to_ndarray().reshape(frame.samples, -1)))
    if not rate:
        raise ShowError(f"{path} contains no sound.")
    yield resampler.feed(np.zeros(round(rate * FLUSH_SECONDS), np.int16))


def read_sound(path: Path, rate: int, seconds: float) -> NDArray[np.float32]:
    """Decode the first `seconds` of an audio file to mono at `rate` Hz, -1..1. -> [samples].

    Raises:
        ShowError: The file cannot be read or is damaged, or it contains no sound.
    """
    resampler = av.AudioResampler(format="flt", layout="mono", rate=rate)
    parts: list[NDArray[np.float32]] = []
    missing = round(seconds * rate)
    with _open(path) as container:
        for frame in _interleaved(container.decode(audio=0)):
            _checked_rate(frame.sample_rate, path)
            parts += [each.to_ndarray()[0] for each in resampler.resample(frame)]
            missing -= len(parts[-1]) if parts else 0
            if missing <= 0:
                break
        parts += [each.to_ndarray()[0] for each in resampler.resample(None)]
    if not sum(map(len, parts)):
        raise ShowError(f"{path} contains no sound.")
    samples = np.nan_to_num(np.concatenate(parts)[: round(seconds * rate)])
    clipped: NDArray[np.float32] = np.clip(samples, -1.0, 1.0).astype(np.float32)
    return clipped


@contextmanager
def _open(path: Path) -> Iterator[InputContainer]:
    """Open a file that has sound; errors while it is open are those of the file."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would never end
            raise ShowError(f"the recording {path} is not a regular file.")
        with path.open("rb") as file:
            _check_complete(file, path)
            options = {"format_whitelist": FORMATS}
            with av.open(file, "r", options=options, metadata_errors="replace") as container:
                if not container.streams.audio:
                    raise ShowError(f"{path} contains no sound.")
                yield container
    except av.FFmpegError:
        raise ShowError(
            f"{path} is damaged or not an audio file (WAV, FLAC, MP3, M4A): copy it again, or convert it with ffmpeg."
        ) from None
    except (OSError, ValueError) as error:  # ValueError: the name contains a null character
        reason = error.strerror if isinstance(error, OSError) else error
        raise ShowError(f"the recording {path} cannot be read: {reason}.") from None


def _check_complete(file: BinaryIO, path: Path) -> None:
    """Raise ShowError for a WAV file that ends before the size that its header states; FFmpeg plays such a file."""
    head = file.read(_RIFF_HEADER.size)
    if len(head) == _RIFF_HEADER.size and head[:4] == b"RIFF" and head[8:] == b"WAVE":
        present = file.seek(0, 2)
        stated = _data_size(file)
        missing = stated - (present - file.tell())
        if missing > 0 and stated < _UNKNOWN_SIZE:
            raise ShowError(f"{path} is cut short, {missing} bytes are missing: copy it again.")
    file.seek(0)


def _data_size(file: BinaryIO) -> int:
    """The size that the `data` chunk of a WAV file states, in bytes, and seek to its first byte; 0 without a chunk."""
    file.seek(_RIFF_HEADER.size)
    while len(head := file.read(_CHUNK_HEADER.size)) == _CHUNK_HEADER.size:
        name, size = _CHUNK_HEADER.unpack(head)
        if name == b"data":
            return int(size)
        file.seek(size + size % 2, 1)
    return 0


def _checked_rate(rate: int, path: Path) -> int:
    if not MIN_RATE <= rate <= MAX_RATE:
        raise ShowError(f"{path} has {rate} samples a second: convert it to {SAMPLE_RATE}, for example with ffmpeg.")
    return rate


def _interleaved(frames: Iterator[av.AudioFrame]) -> Iterator[av.AudioFrame]:
    """Convert planar frames: PyAV reads beyond the last channel of a planar frame that has eight."""
    converter, before = av.AudioResampler(), None
    for frame in frames:
        now = frame.format.name, frame.layout.name, frame.sample_rate
        if now != before:
            converter, before = av.AudioResampler(frame.format.packed), now
        yield from converter.resample(frame) if frame.format.is_planar else [frame]


def _mono(samples: NDArray[Any]) -> Samples:
    """Average the channels of decoded samples, [n, channels], to 16 bits, [n]."""
    if np.issubdtype(samples.dtype, np.floating):
        with np.errstate(invalid="ignore", over="ignore"):  # signalling NaN, and products beyond float64
            scaled = np.clip(np.nan_to_num(samples.astype(np.float64) * 32768.0), -32768, 32767)
    elif samples.dtype == np.uint8:
        scaled = (samples.astype(np.float64) - 128.0) * 256.0
    else:
        scaled = (samples >> (8 * samples.dtype.itemsize - 16)).astype(np.float64)
    mono: Samples = scaled.mean(axis=1).round().astype(np.int16)
    return mono
