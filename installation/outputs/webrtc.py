"""The output `webrtc`: H.264 for the operator page, in the browser, with less delay than any other way over Wi-Fi.

Browsers connect to the web surface, which passes their offers on to this worker (`core/call_desk.py`). All of them get
the packets of one encoder; it rests without them.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from installation.core.errors import ShowError
from installation.core.paths import pip_install
from installation.core.ring_folder import WEBRTC_DESK
from installation.core.worker_status import OutputFigures
from installation.outputs.interface import FrameFormat, OutputSpec, Picture
from installation.outputs.newest_frame import NewestFrameSink, Pacer
from installation.outputs.stream_settings import EncodedFrame, StreamSettings, stream_size

if TYPE_CHECKING:
    import asyncio

    from installation.core.call_desk import CallDesk
    from installation.outputs.h264_stream import H264Stream
    from installation.outputs.webrtc_peers import Peers

START_SECONDS = 10.0


@dataclass(frozen=True)
class WebRtcSettings:
    """How the preview looks."""

    rate: float = 30.0  # frames per second at most
    megabits: float = 4.0  # per second at most


def check(settings: WebRtcSettings) -> None:
    """Raise ShowError for a value out of range, or if aiortc is missing."""
    where = "[[output]] of kind 'webrtc':"
    if not 1.0 <= settings.rate <= 120.0:
        raise ShowError(f"{where} rate is {settings.rate:g}; it goes from 1 to 120.")
    if not 0.1 <= settings.megabits <= 50.0:
        raise ShowError(f"{where} megabits is {settings.megabits:g}; it goes from 0.1 to 50.")
    if find_spec("aiortc") is None:
        raise ShowError(f"The output 'webrtc' needs aiortc: {pip_install('webrtc')}.")


class WebRtcSink(NewestFrameSink):
    """Encodes the newest frame while somebody looks."""

    kind = "webrtc"

    def __init__(self, settings: WebRtcSettings) -> None:
        super().__init__()
        self._settings, self._pacer = settings, Pacer(settings.rate)
        self._target = "/operator"
        self._joined = threading.Event()
        self._encoder: H264Stream | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._desk: CallDesk | None = None
        self._peers: Peers | None = None

    def open(self, frames: FrameFormat) -> None:
        """Wait for offers. Without a shared folder (outside of a show) nobody can come."""
        import asyncio  # main, which reads the settings, does without it

        from installation.core.call_desk import CallDesk
        from installation.outputs.webrtc_peers import Peers

        self._format = frames
        self._loop = asyncio.new_event_loop()
        self._peers = Peers(self._joined.set)
        self._thread = threading.Thread(target=self._loop.run_forever, name="webrtc", daemon=True)
        self._thread.start()
        if frames.shared:
            self._desk = CallDesk(frames.shared / WEBRTC_DESK, self._answer)
            self._wait(self._desk.open())

    async def _answer(self, offer: str) -> str:
        assert self._peers
        return await self._peers.answer(offer)

    def _wait(self, call: Any) -> None:
        import asyncio

        assert self._loop
        asyncio.run_coroutine_threadsafe(call, self._loop).result(START_SECONDS)

    def write(self, frame: Picture, at: float) -> None:
        """Send a frame to everybody who looks."""
        self._frames += 1
        if not self._peers or not self._peers.count or not self._pacer.due(at):
            return
        if self._encoder is None:
            from installation.outputs.h264_stream import H264Stream

            stream = StreamSettings(rate=self._settings.rate, megabits=self._settings.megabits)
            self._encoder = H264Stream(stream_size(self._format, frame), stream, baseline=True)
        if self._joined.is_set():
            self._joined.clear()
            self._encoder.request_key()
        for encoded in self._encoder.encode(frame, at):
            self._send(encoded, self._peers)

    def _send(self, encoded: EncodedFrame, peers: Peers) -> None:
        assert self._loop
        self._bytes += len(encoded.data)
        self._loop.call_soon_threadsafe(peers.send, encoded)

    def figures(self) -> OutputFigures:
        """What was taken, and who looks."""
        self._viewers = self._peers.count if self._peers else 0
        return super().figures()

    def close(self, now: float) -> None:
        """Say goodbye to everybody."""
        del now
        if self._thread is None or self._loop is None:
            return
        if self._desk:
            self._wait(self._desk.close())
        if self._peers:
            self._wait(self._peers.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._thread = None


SPEC = OutputSpec("webrtc", "the picture on the operator page, at full rate", WebRtcSettings, WebRtcSink, check=check)
