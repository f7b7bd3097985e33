"""`/stream.mjpg`: the JPEGs of the output `mjpeg` for any number of viewers; a slow one loses pictures.

One task looks for the next JPEG; each viewer takes the newest whenever its connection has room.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.responses import PlainTextResponse, Response, StreamingResponse

from installation.core import clock
from installation.core.packet_ring import PacketRing
from installation.core.ring_folder import JPEG_RING

MAX_VIEWERS = 100
LOOK_SECONDS = 0.005  # between two looks for a new picture
CHECK_SECONDS = 1.0  # between two checks whether the output has been restarted
BOUNDARY = "laterna"
ABSENT = "This show has no stream: start it with --output mjpeg."


class JpegStream:
    """The stream of a show; used in the thread of the event loop."""

    def __init__(self, stage_ring: Path | None) -> None:
        """`stage_ring`: the file of the stage ring; the JPEGs are in the same folder."""
        self._path = stage_ring.with_name(JPEG_RING) if stage_ring else None
        self._ring: PacketRing | None = None
        self._looking: asyncio.Task[None] | None = None
        self._news = asyncio.Condition()
        self._count, self._jpeg = 0, b""  # of pictures seen, and the newest
        self.viewers = 0

    def response(self) -> Response:
        """A response that goes on until the viewer leaves."""
        if self._path is None or not self._path.exists():
            return PlainTextResponse(ABSENT, 404)
        if self.viewers >= MAX_VIEWERS:
            return PlainTextResponse(f"{MAX_VIEWERS} viewers look already.", 503)
        media = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
        return StreamingResponse(self._pictures(), media_type=media, headers={"Cache-Control": "no-store"})

    async def _pictures(self) -> AsyncIterator[bytes]:
        self.viewers += 1
        if self._looking is None or self._looking.done():
            self._jpeg = b""  # the newest of earlier viewers is old
            self._looking = asyncio.ensure_future(self._look())
        seen = self._count if not self._jpeg else self._count - 1
        try:
            while True:
                async with self._news:
                    while self._count <= seen:
                        await self._news.wait()
                    seen, jpeg = self._count, self._jpeg
                head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                yield head.encode() + jpeg + b"\r\n"
        finally:
            self.viewers -= 1

    async def _look(self) -> None:
        """Take each new JPEG, until nobody looks any more."""
        sequence, check_at = 0, 0.0
        while self.viewers:
            if clock.now() >= check_at:
                check_at = clock.now() + CHECK_SECONDS
                sequence = self._renew(sequence)
            newest = self._ring.newest(sequence) if self._ring else None
            if newest:
                sequence, self._jpeg = newest
                self._count += 1
                async with self._news:
                    self._news.notify_all()
            await asyncio.sleep(LOOK_SECONDS)

    def _renew(self, sequence: int) -> int:
        """Open the ring, again after the output was restarted; note the viewers. Returns the sequence seen."""
        if self._ring is None or self._ring.lost:
            self.close()
            sequence = 0
            with contextlib.suppress(FileNotFoundError):  # the output is being restarted
                self._ring = PacketRing(self._path) if self._path else None
            if self._ring:
                newest = self._ring.newest()
                sequence = newest[0] if newest else 0  # it may be of a viewer who left long ago
        if self._ring:
            self._ring.note_viewers(self.viewers, clock.now())
        return sequence

    def close(self) -> None:
        """Release the ring."""
        if self._ring:
            self._ring.close()
            self._ring = None
