"""The output `mjpeg`: every presented frame as a JPEG, once, for all viewers of `/stream.mjpg` on the web port.

The JPEGs are in a ring beside the frame rings; the web surface sends them. Nothing is encoded while nobody looks.
"""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass

from installation.core.clock import now as clock_now
from installation.core.errors import ShowError
from installation.core.packet_ring import PacketRing
from installation.core.ring_folder import JPEG_RING
from installation.core.worker_status import OutputFigures
from installation.outputs.interface import FrameFormat, OutputSpec, Picture
from installation.outputs.newest_frame import NewestFrameSink, Pacer

SLOTS = 4
MAX_BYTES = 16_000_000  # of a JPEG; the file is sparse


@dataclass(frozen=True)
class MjpegSettings:
    """How the JPEGs look."""

    quality: int = 80  # 1 to 95
    rate: float = 30.0  # pictures per second at most


def check(settings: MjpegSettings) -> None:
    """Raise ShowError for a value out of range."""
    if not 1 <= settings.quality <= 95:
        raise ShowError(f"[[output]] of kind 'mjpeg': quality is {settings.quality}; it goes from 1 to 95.")
    if not 0.0 < settings.rate <= 240.0:
        raise ShowError(f"[[output]] of kind 'mjpeg': rate is {settings.rate:g}; it goes from above 0 to 240.")


class MjpegSink(NewestFrameSink):
    """Encodes the newest frame while somebody looks."""

    kind = "mjpeg"

    def __init__(self, settings: MjpegSettings) -> None:
        super().__init__()
        self._target = "/stream.mjpg"
        self._quality, self._pacer = settings.quality, Pacer(settings.rate)
        self._ring: PacketRing | None = None

    def open(self, frames: FrameFormat) -> None:
        """Create the ring. Without a shared folder (outside of a show) frames are only counted."""
        if frames.shared:
            self._ring = PacketRing(frames.shared / JPEG_RING, SLOTS, MAX_BYTES)

    def write(self, frame: Picture, at: float) -> None:
        """Encode a frame, unless nobody looks or the last one was just before."""
        self._frames += 1
        if self._ring is None or not self._ring.viewers(clock_now()) or not self._pacer.due(at):
            return
        jpeg = encode(frame, self._quality)
        self._bytes += len(jpeg)
        self._lost += not self._ring.write(jpeg)

    def figures(self) -> OutputFigures:
        """What was taken, and who looks."""
        self._viewers = self._ring.viewers(clock_now()) if self._ring else 0
        return super().figures()

    def close(self, now: float) -> None:
        """Remove the ring."""
        del now
        if self._ring:
            with contextlib.suppress(FileNotFoundError):
                self._ring.path.unlink()
            self._ring.close()
            self._ring = None


def encode(picture: Picture, quality: int) -> bytes:
    """The JPEG of an RGB picture [height, width, 3]."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=quality)
    return file.getvalue()


SPEC = OutputSpec(
    "mjpeg",
    "the picture as /stream.mjpg on the web port, for browsers, OBS and VLC",
    MjpegSettings,
    MjpegSink,
    check=check,
)
