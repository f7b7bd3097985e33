"""Turns a rendered MP4 into one for the web and for editing: index in front (faststart), and a sound track."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet

from installation.core.errors import ShowError

AUDIO_RATE = 48_000
AUDIO_BITRATE = 192_000


def check_sound(path: Path) -> None:
    """Raise ShowError if `path` is no file with sound."""
    with _open_sound(path):
        pass


def finish_mp4(source: Path, target: Path, audio: Path | None = None, audio_at: float = 0.0) -> None:
    """Copy the video of `source` to `target` with its index in front, and add a sound track.

    The sound is encoded as AAC, begins `audio_at` seconds into the video, and is cut at its end.

    Raises:
        ShowError: The sound cannot be read.
        OSError: The target cannot be written.
    """
    try:
        _copy(source, target, audio, audio_at)
    except av.FFmpegError as error:
        raise OSError(error.errno, error.strerror) from error


def _copy(source: Path, target: Path, audio: Path | None, audio_at: float) -> None:
    with (
        av.open(str(source)) as video,
        av.open(str(target), "w", format="mp4", options={"movflags": "faststart"}) as out,
    ):
        stream = out.add_stream_from_template(video.streams.video[0])
        seconds = float((video.duration or 0) / av.time_base)
        sound = out.add_stream("aac", rate=AUDIO_RATE) if audio else None
        if audio and isinstance(sound, AudioStream):
            sound.codec_context.bit_rate = AUDIO_BITRATE
            sound.codec_context.layout = "stereo"
            for packet in _sound_packets(audio, sound, seconds, audio_at):
                out.mux(packet)
        for copied in video.demux(video.streams.video[0]):
            if copied.dts is not None:
                copied.stream = stream
                out.mux(copied)


def _sound_packets(path: Path, stream: AudioStream, seconds: float, at: float) -> Iterator[Packet[AudioStream]]:
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=AUDIO_RATE)
    silent = round(min(max(at, 0.0), seconds) * AUDIO_RATE)
    remaining = round(seconds * AUDIO_RATE) - silent
    for first in range(0, silent, AUDIO_RATE):
        yield from stream.encode(_silence(min(AUDIO_RATE, silent - first)))
    with _open_sound(path) as source:
        try:
            for frame in source.decode(audio=0):
                for part in resampler.resample(frame):
                    if remaining <= 0:
                        break
                    remaining -= part.samples
                    part.pts = None
                    yield from stream.encode(part)
                if remaining <= 0:
                    break
        except av.FFmpegError as error:
            raise ShowError(f"The sound {path} is damaged: {error.strerror}.") from None
    yield from stream.encode(None)


def _silence(samples: int) -> AudioFrame:
    frame = AudioFrame.from_ndarray(np.zeros((2, samples), np.float32), "fltp", "stereo")
    frame.sample_rate = AUDIO_RATE
    return frame


def _open_sound(path: Path) -> InputContainer:
    try:
        container = av.open(str(path))
    except (OSError, av.FFmpegError) as error:
        raise ShowError(f"The sound {path} cannot be read: {error.strerror}.") from None
    if not isinstance(container, (InputContainer, OutputContainer)) or not container.streams.audio:
        container.close()
        raise ShowError(f"{path} holds no sound: name a WAV, FLAC, MP3 or similar file.")
    assert isinstance(container, InputContainer)
    return container
