"""Which encoders of FFmpeg work on this machine: those of graphics cards first, since x264 takes processor time."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cache

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext

PROBE_SIZE = (640, 368)  # large enough for every hardware encoder


def first_working(encoders: Iterable[str]) -> str:
    """The first encoder that works; the last one must."""
    names = list(encoders)
    return next((name for name in names if works(name)), names[-1])


@cache
def works(encoder: str) -> bool:
    """Whether this FFmpeg has the encoder, and the machine what it needs: a card, and its driver."""
    try:
        context = av.CodecContext.create(encoder, "w")
        assert isinstance(context, VideoCodecContext)
        context.width, context.height, context.pix_fmt = *PROBE_SIZE, "yuv420p"
        context.framerate, context.time_base = Fraction(30), Fraction(1, 30)
        frame = av.VideoFrame.from_ndarray(np.full((*PROBE_SIZE[::-1], 3), 128, np.uint8)).reformat(format="yuv420p")
        frame.pts, frame.time_base = 0, Fraction(1, 30)
        return bool(context.encode(frame) + context.encode(None))
    except (av.FFmpegError, OSError, ValueError):
        return False
