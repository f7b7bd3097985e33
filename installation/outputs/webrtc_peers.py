"""The browsers that look by WebRTC: a connection for each, the packets of one encoder for all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from fractions import Fraction

from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from av.packet import Packet
from av.stream import Stream

from installation.core.errors import Rejected
from installation.outputs.stream_settings import TIME_BASE, EncodedFrame

MAX_PEERS = 12
MAX_QUEUED = 5  # frames of a browser that does not keep up; then it waits for a key frame
CONNECT_SECONDS = 20.0


class Peers:
    """All connections; used in the thread of the event loop, but for `count`."""

    def __init__(self, joined: Callable[[], None]) -> None:
        """`joined` is called when a browser begins to look."""
        self._joined = joined
        self._tracks: dict[RTCPeerConnection, _Track] = {}
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def count(self) -> int:
        """How many look, or are about to."""
        return len(self._tracks)

    async def answer(self, offer: str) -> str:
        """The answer to the offer (SDP) of a browser.

        Raises:
            Rejected: It does not play H.264, or too many look already.
        """
        if len(self._tracks) >= MAX_PEERS:
            raise Rejected(f"{MAX_PEERS} pages look already.")
        if "H264/90000" not in offer:
            raise Rejected("This browser plays no H.264.")
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))  # a show may have no internet
        track = _Track()
        self._tracks[connection] = track
        asyncio.get_running_loop().call_later(CONNECT_SECONDS, self._give_up, connection)
        connection.add_listener("connectionstatechange", lambda: self._changed(connection))
        try:
            transceiver = connection.addTransceiver(track, direction="sendonly")
            codecs = RTCRtpSender.getCapabilities("video").codecs
            transceiver.setCodecPreferences([each for each in codecs if each.mimeType == "video/H264"])
            await connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
            await connection.setLocalDescription(await connection.createAnswer())
        except Exception as error:  # of a foreign library, and of any kind: the viewer reads it
            self._drop(connection)
            raise Rejected(f"The offer cannot be answered: {error}.") from error
        return str(connection.localDescription.sdp)

    def send(self, frame: EncodedFrame) -> None:
        """Queue a frame for everybody."""
        for track in self._tracks.values():
            track.put(frame)

    def _changed(self, connection: RTCPeerConnection) -> None:
        if connection.connectionState == "connected":
            self._joined()
        elif connection.connectionState in ("failed", "closed", "disconnected"):
            self._drop(connection)

    def _give_up(self, connection: RTCPeerConnection) -> None:
        if connection in self._tracks and connection.connectionState != "connected":
            self._drop(connection)

    def _drop(self, connection: RTCPeerConnection) -> None:
        if track := self._tracks.pop(connection, None):
            track.stop()
            task = asyncio.ensure_future(connection.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Close all connections."""
        for connection in list(self._tracks):
            self._drop(connection)
        await asyncio.gather(*self._closing, return_exceptions=True)


class _Track(MediaStreamTrack):
    """The picture for one browser, encoded already."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self._frames: asyncio.Queue[EncodedFrame] = asyncio.Queue(MAX_QUEUED)
        self._waits_for_key = True

    def put(self, frame: EncodedFrame) -> None:
        """Queue a frame, or drop it until the next key frame there is room for."""
        full = self._frames.full()
        self._waits_for_key = full or (self._waits_for_key and not frame.key)
        if not self._waits_for_key:
            self._frames.put_nowait(frame)

    async def recv(self) -> Packet[Stream]:
        """The next frame; called by aiortc, which sends packets as they are."""
        frame = await self._frames.get()
        packet = Packet(frame.data)
        packet.pts = packet.dts = frame.time
        packet.time_base = Fraction(TIME_BASE)
        return packet
