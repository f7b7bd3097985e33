"""The output `rtsp`: H.264 for any number of viewers, from a server of our own; its one encoder rests without them."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installation.core.errors import ShowError
from installation.core.worker_status import OutputFigures
from installation.outputs.interface import FrameFormat, OutputSpec, Picture
from installation.outputs.newest_frame import NewestFrameSink, Pacer
from installation.outputs.stream_settings import StreamSettings, check_stream, stream_size

if TYPE_CHECKING:
    from installation.outputs.h264_stream import H264Stream
    from installation.outputs.rtsp_server import RtspServer

PATH = "laterna"


@dataclass(frozen=True)
class RtspSettings(StreamSettings):
    """Where the stream is."""

    port: int = 8554


def check(settings: RtspSettings) -> None:
    """Raise ShowError for a value that cannot work."""
    check_stream("rtsp", settings)


class RtspSink(NewestFrameSink):
    """Encodes the newest frame while somebody looks."""

    kind = "rtsp"

    def __init__(self, settings: RtspSettings) -> None:
        super().__init__()
        self._settings, self._pacer = settings, Pacer(settings.rate)
        self._target = f"rtsp://{settings.host}:{settings.port}/{PATH}"
        self._joined = threading.Event()
        self._encoder: H264Stream | None = None
        self._server: RtspServer | None = None

    def open(self, frames: FrameFormat) -> None:
        """Open the port. Raises ShowError if another program has it."""
        from installation.outputs.rtsp_server import RtspServer

        self._format = frames
        settings = self._settings
        try:
            self._server = RtspServer(settings.host, settings.port, settings.passcode, PATH, self._joined.set)
        except OSError as error:
            raise ShowError(f"Port {settings.port} cannot be opened for RTSP: {error.strerror or error}.") from None

    def write(self, frame: Picture, at: float) -> None:
        """Send a frame, unless nobody looks; the first one is always encoded, since it describes the stream."""
        assert self._server
        self._frames += 1
        if (self._encoder and not self._server.viewers) or not self._pacer.due(at):
            return
        if self._encoder is None:
            from installation.outputs.h264_stream import H264Stream

            self._encoder = H264Stream(stream_size(self._format, frame), self._settings)
        if self._joined.is_set():
            self._joined.clear()
            self._encoder.request_key()
        for encoded in self._encoder.encode(frame, at):
            self._bytes += len(encoded.data)
            self._server.send(encoded)

    def figures(self) -> OutputFigures:
        """What was taken, and who looks."""
        self._viewers = len(self._server.viewers) if self._server else 0
        return super().figures()

    def close(self, now: float) -> None:
        """End all connections."""
        del now
        if self._server:
            self._server.close()
            self._server = None


SPEC = OutputSpec("rtsp", "H.264 over RTSP, for VLC, OBS and TouchDesigner", RtspSettings, RtspSink, check=check)
