"""The live picture: presented frames from the stage ring as JPEG, for the sockets of the operator page."""

from __future__ import annotations

import io
import math
from pathlib import Path

from PIL import Image

from installation.core.frame_ring import FrameRing

WIDTH = 640  # pixels, at most
QUALITY = 72  # of JPEG
KEPT_SECONDS = 0.02  # viewers that ask within it share a picture


class LivePicture:
    """Encodes the newest frame once, however many look at it."""

    def __init__(self, ring: Path | None) -> None:
        """`ring`: the file of the stage ring; None: there are no pictures."""
        self._ring = FrameRing(ring) if ring else None
        self._sequence, self._jpeg = 0, b""
        self._looked_at = -math.inf

    def newest(self, now: float) -> tuple[int, bytes]:
        """The sequence of the newest frame and its JPEG; 0 and nothing before the first. `now` in seconds."""
        if self._ring and now >= self._looked_at + KEPT_SECONDS:
            self._looked_at = now
            found = self._ring.newest()
            if found and found[1].sequence != self._sequence:
                frame = self._ring.read(found[0], found[1].sequence, check=False)
                if frame is not None:
                    self._sequence, self._jpeg = found[1].sequence, encode(Image.fromarray(frame))
        return self._sequence, self._jpeg

    def close(self) -> None:
        """Release the ring."""
        if self._ring:
            self._ring.close()


def encode(picture: Image.Image) -> bytes:
    """A JPEG of at most `WIDTH` pixels."""
    smaller = picture.reduce(math.ceil(picture.width / WIDTH)) if picture.width > WIDTH else picture
    file = io.BytesIO()
    smaller.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()
