"""H.264 for streams: one encoder without delay, by the graphics card where FFmpeg has one, else x264."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from installation.outputs.conversion import FrameConverter
from installation.outputs.encoders import first_working
from installation.outputs.interface import Picture
from installation.outputs.stream_settings import TIME_BASE, EncodedFrame, StreamSettings

# Options that make each encoder give a packet for a frame at once. The cards come first: x264 takes the processor time
# that the renderer needs.
STREAM_ENCODERS: Mapping[str, Mapping[str, str]] = {
    "h264_nvenc": {"preset": "p2", "tune": "ull", "zerolatency": "1", "rc": "vbr", "forced-idr": "1"},
    "h264_videotoolbox": {"realtime": "1", "prio_speed": "1"},
    "h264_qsv": {"preset": "veryfast", "async_depth": "1", "forced_idr": "1"},
    "h264_amf": {"usage": "ultralowlatency", "forced_idr": "1"},
    "libx264": {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "crf": "20",
        "forced-idr": "1",
        "x264-params": "deblock=1:cabac=1:8x8dct=1",
    },
}


BASELINE = {"h264_amf": "constrained_baseline"}  # what an encoder calls that profile, unless "baseline"


class H264Stream:
    """Encodes frames as they come; a key frame every second, and whenever somebody joins."""

    def __init__(self, size: tuple[int, int], settings: StreamSettings, baseline: bool = False) -> None:
        """`size`: of the picture; odd sizes get one pixel more. `baseline`: the profile that every browser plays."""
        self.size = (size[0] + size[0] % 2, size[1] + size[1] % 2)
        self._converter = FrameConverter(self.size)
        self._context = _context(self.size, settings, baseline)
        self._start: float | None = None
        self._last = -1
        self._join = False

    def request_key(self) -> None:
        """Make the next frame a key frame: somebody has joined."""
        self._join = True

    def encode(self, picture: Picture, at: float) -> list[EncodedFrame]:
        """Encode a picture presented at `at` (s)."""
        if self._start is None:
            self._start = at
        frame = self._converter.convert(picture)
        frame.time_base = TIME_BASE
        self._last = frame.pts = max(self._last + 1, round((at - self._start) / float(TIME_BASE)))
        frame.pict_type = PictureType.I if self._join else PictureType.NONE
        self._join = False
        return [
            EncodedFrame(bytes(packet), packet.pts or 0, packet.is_keyframe) for packet in self._context.encode(frame)
        ]


def _context(size: tuple[int, int], settings: StreamSettings, baseline: bool) -> VideoCodecContext:
    encoder = first_working(STREAM_ENCODERS)
    context = av.CodecContext.create(encoder, "w")
    assert isinstance(context, VideoCodecContext)
    context.width, context.height, context.pix_fmt = *size, "yuv420p"
    context.framerate, context.time_base = Fraction(settings.rate).limit_denominator(1001), TIME_BASE
    context.gop_size, context.max_b_frames, context.thread_count = max(1, round(settings.rate)), 0, 1
    context.color_range, context.colorspace = ColorRange.MPEG, Colorspace.ITU709
    context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
    bits = round(settings.megabits * 1e6)
    limits = {"maxrate": str(bits), "bufsize": str(bits // 2)}
    if encoder != "libx264":  # x264 keeps a quality, below that limit
        context.bit_rate = bits
    options = {**STREAM_ENCODERS[encoder], **limits}
    if baseline:
        options |= {"profile": BASELINE.get(encoder, "baseline")}
        options.pop("x264-params", None)  # tools of the better profiles
    context.options = options
    return context
