"""Receives an NDI source with ndi-python: `python -m tests.outputs.ndi_receiver NAME FRAMES`.

It prints a line for each frame: its number, when it arrived (seconds of `clock.now`), its shape, and the colour of the
square at the bottom right. It ends after so many.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import NDIlib as ndi
import numpy as np

from installation.core.clock import now
from tests.outputs.stream_pictures import BLOCK, number_of

LIMIT = 60.0


def source_named(name: str) -> Any:
    """The source of that name on this machine, which no mDNS announces."""
    settings = ndi.FindCreate()
    settings.extra_ips = "127.0.0.1"
    finder = ndi.find_create_v2(settings)
    until = time.monotonic() + LIMIT
    while time.monotonic() < until:
        for source in ndi.find_get_current_sources(finder):
            if f"({name})" in source.ndi_name:
                return source
        ndi.find_wait_for_sources(finder, 200)
    sys.exit(f"there is no NDI source {name}")


def main(name: str, frames: int) -> None:
    """Receive so many frames."""
    settings = ndi.RecvCreateV3()
    settings.color_format = ndi.RECV_COLOR_FORMAT_RGBX_RGBA
    receiver = ndi.recv_create_v3(settings)
    ndi.recv_connect(receiver, source_named(name))
    until = time.monotonic() + LIMIT
    while frames and time.monotonic() < until:
        kind, video, audio, _ = ndi.recv_capture_v2(receiver, 200)
        if kind == ndi.FRAME_TYPE_VIDEO:
            picture = np.asarray(video.data)
            orange = picture[-BLOCK // 2, -BLOCK // 2, :3]
            print(number_of(picture[..., :3]), now(), *picture.shape, *orange, flush=True)
            ndi.recv_free_video_v2(receiver, video)
            frames -= 1
        elif kind == ndi.FRAME_TYPE_AUDIO:
            ndi.recv_free_audio_v2(receiver, audio)


if __name__ == "__main__":
    ndi.initialize()
    main(sys.argv[1], int(sys.argv[2]))
