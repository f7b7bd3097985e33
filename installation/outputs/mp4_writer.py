"""An MP4 or QuickTime file that plays even if the process is killed while writing it.

Fragments of a quarter of a second are written in one piece each. A file that is closed properly is turned into an
ordinary file in place (FFmpeg's `hybrid_fragmented`), which editing programs handle better.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from av.video.stream import VideoStream
from numpy.typing import NDArray

from installation.outputs.conversion import FrameConverter
from installation.outputs.encoders import first_working

# Measured on soft gradients at 1280 x 720: with these two of its tools back, x264's cheapest preset costs half of
# "superfast" (4.4 ms a frame), for a third of its bytes and the same look. No B-frames, so that a frame is never late.
ENCODER = {
    "preset": "ultrafast",
    "tune": "zerolatency",
    "crf": "18",
    "maxrate": "25M",  # bounds the disk that noise can take: 190 MB a minute
    "bufsize": "25M",
    "x264-params": "deblock=1:cabac=1:8x8dct=1",
}

# The same for graphics cards; none of these could be tried.
CARDS: Mapping[str, Mapping[str, str]] = {
    "h264_nvenc": {"preset": "p4", "rc": "vbr", "cq": "19", "maxrate": "25M", "bufsize": "25M"},
    "h264_videotoolbox": {"b": "15M", "maxrate": "25M"},
    "h264_qsv": {"global_quality": "20", "maxrate": "25M"},
    "h264_amf": {"rc": "vbr_peak", "b": "15M", "maxrate": "25M"},
}


@dataclass(frozen=True)
class Codec:
    """How a film is encoded: options by encoder, the first that works is taken."""

    encoders: Mapping[str, Mapping[str, str]]
    pixels: str = "yuv420p"
    container: str = "mp4"  # FFmpeg's name
    key_frames_only: bool = False
    sound: str = "aac"  # its encoder


X264 = Codec({"libx264": ENCODER})
CODECS = {
    "h264": Codec({**CARDS, **X264.encoders}),
    "prores": Codec({"prores_aw": {"profile": "2", "vendor": "apl0"}}, "yuv422p10le", "mov", True, "pcm_s16le"),
    "dnxhr": Codec({"dnxhd": {"profile": "dnxhr_hq"}}, "yuv422p", "mov", True, "pcm_s16le"),
}

TRACK_RATE = 48_000  # Hz, of the sound
AAC_BITS = 128_000  # per second
FRAGMENT_MICROSECONDS = 250_000  # what a kill costs


class Mp4Writer:
    """A film (BT.709) at a constant rate. Pictures are 8-bit RGB, [height, width, 3], of any size.

    Raises FileExistsError if the path is taken, OSError when the disk refuses; after an error, `abandon` it.
    """

    def __init__(
        self, path: Path, size: tuple[int, int], rate: float, codec: Codec = X264, sound_rate: int = 0
    ) -> None:
        """`size`: width and height, both even; `sound_rate` (Hz): of the sound; 0: without."""
        self.path = path
        self.size = size
        self.frames = 0  # written or skipped
        self.safe_frames = 0  # of these, in whole fragments on disk
        self._sink = _Sink(path)
        self._converter = FrameConverter(size, codec.pixels)
        self._container = av.open(
            self._sink,
            "w",
            format=codec.container,
            options={
                "movflags": f"hybrid_fragmented+default_base_moof{'' if codec.key_frames_only else '+frag_keyframe'}",
                "frag_duration": str(FRAGMENT_MICROSECONDS),
                "flush_packets": "1",
            },
        )
        self._stream = self._open_stream(Fraction(rate).limit_denominator(1001), codec)
        self._sound = _SoundTrack(self._container, codec.sound, sound_rate) if sound_rate else None
        self._unsafe = round(2 * rate) if sound_rate else 0  # frames that wait for their sound in the muxer
        self._picture: av.VideoFrame | None = None

    def _open_stream(self, rate: Fraction, codec: Codec) -> VideoStream:
        encoder = first_working(codec.encoders)
        stream = self._container.add_stream(encoder, rate=rate, options=dict(codec.encoders[encoder]))
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = *self.size, codec.pixels
        context = stream.codec_context
        context.max_b_frames = 0
        context.thread_count = 1  # the other core is the renderer's
        context.gop_size = max(1, round(rate))
        context.color_range = ColorRange.MPEG
        context.colorspace = Colorspace.ITU709
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        return stream

    @property
    def bytes(self) -> int:
        """Bytes in the file."""
        return self._sink.whole

    def show(self, picture: NDArray[np.uint8]) -> None:
        """Set the picture of the frames to come. A picture of another size is fitted in, with black bars."""
        self._picture = self._converter.convert(picture)

    def write(self, count: int) -> None:
        """Encode the present picture for `count` frames."""
        for _ in range(count):
            if self._picture is None:
                return
            self._picture.pts = self.frames
            self._picture.time_base = Fraction(1, 1) / self._stream.codec_context.framerate
            self._container.mux(self._stream.encode(self._picture))
            if self._sink.commit():
                self.safe_frames = max(0, self.frames - self._unsafe)  # a fragment is written when the next one begins
            self.frames += 1

    def add_sound(self, samples: NDArray[np.int16]) -> None:
        """Append mono samples to the sound."""
        if self._sound:
            self._container.mux(self._sound.encode(samples))

    def skip(self, count: int) -> None:
        """Skip `count` frames: the frame before them lasts longer. For a recorder that has fallen behind."""
        self.frames += count

    def close(self) -> None:
        """Finish the file as an ordinary MP4."""
        self._container.mux(self._stream.encode(None))
        if self._sound:
            self._container.mux(self._sound.finish())
        self._container.close()
        self._sink.commit()
        self._sink.close()
        self.safe_frames = self.frames

    def abandon(self) -> None:
        """Cut the file after its last whole fragment, because the disk has refused to take more.

        `frames` is then what the file holds; a file without frames is deleted.
        """
        self._sink.refuse()
        with contextlib.suppress(OSError, av.FFmpegError):  # it repeats the error that is known already
            self._container.close()
        self._sink.close()
        self.frames = self.safe_frames
        if not self.frames:
            self.path.unlink(missing_ok=True)


class _SoundTrack:
    """Mono sound, as programs for editing expect it: 48 kHz."""

    def __init__(self, container: OutputContainer, encoder: str, rate: int) -> None:
        stream = container.add_stream(encoder, rate=TRACK_RATE)
        assert isinstance(stream, AudioStream)
        stream.codec_context.layout = "mono"
        if encoder == "aac":
            stream.codec_context.bit_rate = AAC_BITS
        self._stream, self._rate, self._samples = stream, rate, 0
        self._resampler = av.AudioResampler("fltp" if encoder == "aac" else "s16", "mono", TRACK_RATE)

    def encode(self, samples: NDArray[np.int16]) -> list[Packet[AudioStream]]:
        if not len(samples):
            return []
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = self._rate, self._samples, Fraction(1, self._rate)
        self._samples += len(samples)
        return self._packets(self._resampler.resample(frame))

    def finish(self) -> list[Packet[AudioStream]]:
        return self._packets([*(self._resampler.resample(None) if self._samples else []), None])

    def _packets(self, frames: Iterable[av.AudioFrame | None]) -> list[Packet[AudioStream]]:
        """The packets of these frames. AAC begins with one before 0, for which the muxer would delay the picture."""
        packets = [packet for frame in frames for packet in self._stream.encode(frame)]
        return [packet for packet in packets if packet.pts is None or packet.pts >= 0]


class _Sink:
    """The file under the muxer. Each fragment is written in one piece, so that a kill rarely tears it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("x+b", buffering=0)
        self._pending = bytearray()
        self._refused = False
        self.whole = 0  # bytes up to the last whole fragment

    def write(self, data: bytes) -> int:
        if not self._refused:
            self._pending += data
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._drain()
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell() + len(self._pending)

    def _drain(self) -> None:
        data = memoryview(bytes(self._pending))
        self._pending.clear()
        while data:
            data = data[self._file.write(data) :]

    def commit(self) -> bool:
        """Write the pending bytes; return False if there are none. Raises OSError."""
        if not self._pending:
            return False
        self._drain()
        self.whole = self._file.seek(0, os.SEEK_END)
        return True

    def refuse(self) -> None:
        """Write nothing from now on, and cut off a half-written fragment."""
        self._refused = True
        self._pending.clear()
        self._file.truncate(self.whole)

    def close(self) -> None:
        self._file.close()
