"""A small RTSP server (RFC 2326) for one live picture: RTP inside the TCP connection, so that it passes firewalls.

A viewer that does not keep up loses frames until the next key frame; nobody waits for it.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from installation.outputs.rtp import describe, nal_units, rtp_packets
from installation.outputs.stream_settings import EncodedFrame

MAX_VIEWERS = 50
MAX_QUEUED_BYTES = 1_000_000  # of a viewer; above it, frames are dropped until there is room for a key frame
MAX_REQUEST_BYTES = 8192
MAX_UNREAD_BYTES = 4 * MAX_QUEUED_BYTES  # of one who asks and does not read the answers
MAX_CONNECTIONS = 3 * MAX_VIEWERS
MAX_CONNECTIONS_OF_HOST = MAX_VIEWERS  # so that one host that says nothing does not keep the others out
WRONG_PASSCODE_SECONDS = 1.0  # that a guess takes
IDLE_SECONDS = 30.0  # for a connection that does not play
START_SECONDS = 10.0
METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN"
REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    453: "Not Enough Bandwidth",
    455: "Method Not Valid in This State",
    461: "Unsupported Transport",
    501: "Not Implemented",
}
PARAMETER_SETS = (7, 8)  # types of the units that describe the stream: SPS, PPS


@dataclass(frozen=True)
class _Request:
    method: str
    url: str
    headers: dict[str, str]  # names in lower case


@dataclass
class _Reply:
    code: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


class RtspServer:
    """Serves `rtsp://HOST:PORT/PATH` from a thread of its own; `send` may be called from any thread."""

    def __init__(self, host: str, port: int, passcode: str, path: str, joined: Callable[[], None]) -> None:
        """`joined` is called, in the server's thread, when a viewer begins to play. Raises OSError."""
        self.viewers: set[_Viewer] = set()
        self.host, self.path, self.joined = host, path, joined
        self.parameter_sets: list[bytes] = []
        self.dropped = 0  # frames, of all viewers
        self._passcode = passcode
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="rtsp", daemon=True)
        self._thread.start()
        self._connections: dict[asyncio.Task[None], str] = {}  # with the host of each
        try:
            self._server = asyncio.run_coroutine_threadsafe(
                asyncio.start_server(self._serve, host, port, limit=MAX_REQUEST_BYTES), self._loop
            ).result(START_SECONDS)
        except OSError:
            self._stop_loop()
            raise
        self.port = int(self._server.sockets[0].getsockname()[1])

    def send(self, frame: EncodedFrame) -> None:
        """Send a frame to everybody who plays."""
        units = nal_units(frame.data)
        if frame.key:
            self.parameter_sets = [unit for unit in units if unit[0] & 0x1F in PARAMETER_SETS]
        self._loop.call_soon_threadsafe(self._send, frame, units)

    def _send(self, frame: EncodedFrame, units: list[bytes]) -> None:
        for viewer in self.viewers:
            self.dropped += not viewer.send(frame, units)

    def close(self) -> None:
        """End all connections."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(START_SECONDS)
        self._stop_loop()

    async def _close(self) -> None:
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _stop_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        host = self._connections[task] = str((writer.get_extra_info("peername") or ("",))[0])
        viewer = _Viewer(writer)
        try:
            of_host = list(self._connections.values()).count(host)
            if len(self._connections) <= MAX_CONNECTIONS and of_host <= MAX_CONNECTIONS_OF_HOST:
                await self._answer_all(reader, viewer)
        except (OSError, EOFError, ValueError, TimeoutError, asyncio.CancelledError):  # gone, idle, or not RTSP
            pass
        finally:
            self.viewers.discard(viewer)
            del self._connections[task]
            writer.transport.abort()  # what a slow viewer has not read is of no use

    async def _answer_all(self, reader: asyncio.StreamReader, viewer: _Viewer) -> None:
        while True:
            wait = None if viewer in self.viewers else IDLE_SECONDS
            request = await asyncio.wait_for(_read(reader), wait)
            reply = self._answer(request, viewer)
            if reply.code == 401 and "authorization" in request.headers:
                await asyncio.sleep(WRONG_PASSCODE_SECONDS)
            if not viewer.reply(request, reply):
                return
            if request.method == "TEARDOWN":
                return
            if request.method == "PLAY" and reply.code == 200:
                self.viewers.add(viewer)
                self.joined()

    def _answer(self, request: _Request, viewer: _Viewer) -> _Reply:
        if request.method == "OPTIONS":
            return _Reply(headers={"Public": METHODS})
        if not self._allowed(request):
            return _Reply(401, {"WWW-Authenticate": 'Basic realm="Laterna"'})
        if f"/{self.path}" not in request.url:
            return _Reply(404)
        match request.method:
            case "DESCRIBE":
                headers = {"Content-Type": "application/sdp", "Content-Base": f"{request.url.rstrip('/')}/"}
                return _Reply(200, headers, describe("Laterna", self.host, self.parameter_sets))
            case "SETUP":
                return self._set_up(request, viewer)
            case "PLAY":
                return _Reply(200, {"Range": "npt=now-"}) if viewer.channel is not None else _Reply(455)
            case "GET_PARAMETER" | "TEARDOWN":
                return _Reply()
        return _Reply(501)

    def _set_up(self, request: _Request, viewer: _Viewer) -> _Reply:
        """Only RTP inside the connection is offered; a client that asks for UDP first tries again."""
        transport = request.headers.get("transport", "")
        if "RTP/AVP/TCP" not in transport:
            return _Reply(461)
        if len(self.viewers) >= MAX_VIEWERS:
            return _Reply(453)
        _, _, channels = transport.partition("interleaved=")
        first = channels.partition("-")[0].partition(";")[0]
        viewer.channel = int(first) if first.isdecimal() and int(first) < 255 else 0
        interleaved = f"interleaved={viewer.channel}-{viewer.channel + 1}"
        return _Reply(headers={"Transport": f"RTP/AVP/TCP;unicast;{interleaved};ssrc={viewer.source:08X}"})

    def _allowed(self, request: _Request) -> bool:
        """Whether a request brings the passcode, as the password of basic authentication."""
        if not self._passcode:
            return True
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        try:
            password = base64.b64decode(given, validate=True).partition(b":")[2]
        except ValueError:
            return False
        return kind == "Basic" and hmac.compare_digest(password, self._passcode.encode())


class _Viewer:
    """One connection."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.channel: int | None = None  # of RTP inside the connection, after SETUP
        self.source = secrets.randbits(32)
        self._session = secrets.token_hex(8)
        self._writer = writer
        self._sequence = secrets.randbits(16)
        self._waits_for_key = True

    def reply(self, request: _Request, reply: _Reply) -> bool:
        """Queue an answer; return False if those before are not read."""
        if self._writer.transport.get_write_buffer_size() > MAX_UNREAD_BYTES:
            return False
        headers = {"CSeq": request.headers.get("cseq", "0"), "Server": "Laterna", **reply.headers}
        if self.channel is not None:
            headers["Session"] = f"{self._session};timeout=60"
        if reply.body:
            headers["Content-Length"] = str(len(reply.body.encode()))
        lines = [f"RTSP/1.0 {reply.code} {REASONS[reply.code]}", *(f"{name}: {headers[name]}" for name in headers)]
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n" + reply.body).encode())
        return True

    def send(self, frame: EncodedFrame, units: list[bytes]) -> bool:
        """Queue a frame; return False if it is dropped, because the viewer has not read those before."""
        queued = self._writer.transport.get_write_buffer_size()
        if self._waits_for_key:
            self._waits_for_key = not frame.key or queued > MAX_QUEUED_BYTES // 2
        else:
            self._waits_for_key = queued > MAX_QUEUED_BYTES
        if self._waits_for_key:
            return False
        packets = list(rtp_packets(units, frame.time, self._sequence, self.source))
        self._sequence += len(packets)
        head = bytes((0x24, self.channel or 0))
        self._writer.write(b"".join(head + len(packet).to_bytes(2, "big") + packet for packet in packets))
        return True


async def _read(reader: asyncio.StreamReader) -> _Request:
    """The next request; the reports of the receiver (RTCP) between them are skipped. Raises ValueError, EOFError."""
    while (first := await reader.readexactly(1)) == b"$":
        _, high, low = await reader.readexactly(3)
        await reader.readexactly(high << 8 | low)
    try:
        head = (first + await reader.readuntil(b"\r\n\r\n")).decode()
    except asyncio.LimitOverrunError:
        raise ValueError("the request is too long") from None
    line, *lines = head.strip().split("\r\n")
    method, url, _ = line.split(" ", 2)
    pairs = (each.partition(":") for each in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > MAX_REQUEST_BYTES:
        raise ValueError("the body is too long")
    await reader.readexactly(int(length))
    return _Request(method, url, headers)
