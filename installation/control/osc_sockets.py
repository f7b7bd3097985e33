"""UDP and TCP sockets on one port, served from one thread, with bounded work per turn."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
from dataclasses import dataclass, field

from installation.control.osc_codec import MAX_BYTES, TcpStream
from installation.control.peers import Peer
from installation.core import clock

MAX_DATAGRAMS = 64  # per turn
MAX_CHUNK = 16_384  # bytes per TCP connection and turn
MAX_CONNECTIONS = 32
CROWDED = 24  # connections, from which on idle ones are closed
IDLE_SECONDS = 60.0
GIVE_WAY_SECONDS = 5.0  # a connection that has been silent for so long makes room for a new one
BURST_BYTES = 1 << 20  # receive buffer of the UDP socket


@dataclass
class Turn:
    """What one turn received."""

    packets: list[tuple[Peer, bytes]] = field(default_factory=list)
    complaints: list[tuple[Peer, str]] = field(default_factory=list)
    gone: list[Peer] = field(default_factory=list)


@dataclass
class _Connection:
    socket: socket.socket
    peer: Peer
    heard: float  # when it last sent anything, seconds of clock.now
    stream: TcpStream = field(default_factory=TcpStream)
    unsent: bytearray = field(default_factory=bytearray)
    spoken: bool = False  # whether it has ever sent a packet


class OscSockets:
    """UDP and TCP on one port. `wake` may be called from any thread, everything else from one.

    `open` may be tried again after it failed.
    """

    def __init__(self) -> None:
        self.port = 0  # 0: not open
        self.unsent = 0  # datagrams that the system did not accept
        self._selector = selectors.DefaultSelector()
        self._woken, self._waker = socket.socketpair()
        for end in (self._woken, self._waker):
            end.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._udp: socket.socket | None = None
        self._tcp: socket.socket | None = None
        self._connections: dict[Peer, _Connection] = {}

    def __len__(self) -> int:
        return len(self._connections)

    def open(self, host: str, port: int) -> None:
        """Open the port for UDP and TCP; 0 picks one that is free for both. Raises OSError."""
        family, address = resolve(host)
        self._udp, self._tcp = _pair(family, address, port)
        self.port = self._udp.getsockname()[1]
        for server in (self._udp, self._tcp):
            server.setblocking(False)
            self._selector.register(server, selectors.EVENT_READ)

    def wake(self) -> None:
        """End the current `turn` early."""
        try:
            self._waker.send(b"\0")
        except OSError:  # already awake, or closed
            return

    def turn(self, seconds: float) -> Turn:
        """Wait up to `seconds` for data, then read up to the limits above."""
        turn = Turn()
        for key, events in self._selector.select(seconds):
            if key.fileobj is self._woken:
                self._woken.recv(4096)
            elif key.fileobj is self._udp:
                self._datagrams(turn)
            elif key.fileobj is self._tcp:
                self._accept(turn, clock.now())
            elif key.data.peer in self._connections:  # not closed in this turn
                self._serve(key.data, events, turn)
        return turn

    def send(self, peer: Peer, data: bytes) -> None:
        """Send a packet without blocking; a TCP reader that lags by more than the limit is disconnected."""
        if peer.transport == "tcp":
            connection = self._connections.get(peer)
            if connection is not None:
                connection.unsent += connection.stream.frame(data)
                self._push(connection)
        elif self._udp is not None:
            try:
                self._udp.sendto(data, (peer.host, peer.port))
            except OSError:  # full buffer or unreachable network: feedback is repeated anyway
                self.unsent += 1

    def close(self) -> None:
        """Close all sockets. May be called twice."""
        for connection in self._connections.values():
            connection.socket.close()
        for each in (self._udp, self._tcp, self._woken, self._waker):
            if each is not None:
                each.close()
        self._selector.close()

    def _datagrams(self, turn: Turn) -> None:
        assert self._udp is not None
        for _ in range(MAX_DATAGRAMS):
            try:
                data, address = self._udp.recvfrom(65_536)
            except BlockingIOError:
                return
            except ConnectionResetError:  # Windows: an earlier reply was not delivered
                continue
            turn.packets.append((Peer(address[0], address[1]), data))

    def _accept(self, turn: Turn, now: float) -> None:
        assert self._tcp is not None
        try:
            client, address = self._tcp.accept()
        except OSError:  # already disconnected
            return
        peer = Peer(address[0], address[1], "tcp")
        self._close_idle(turn, now)
        if len(self._connections) >= MAX_CONNECTIONS:
            turn.complaints.append((peer, "too many connections"))
            client.close()
            return
        client.setblocking(False)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)  # a sleeping tablet never disconnects
        self._connections[peer] = _Connection(client, peer, now)
        self._selector.register(client, selectors.EVENT_READ, self._connections[peer])

    def _close_idle(self, turn: Turn, now: float) -> None:
        """When connections become scarce, close idle ones; at the limit, that which has been silent longest."""
        if len(self._connections) < CROWDED:
            return
        silent = sorted(self._connections.values(), key=lambda each: each.heard)
        idle = [each for each in silent if now > each.heard + IDLE_SECONDS]
        if not idle and len(silent) >= MAX_CONNECTIONS:
            idle = [each for each in silent[:1] if now > each.heard + GIVE_WAY_SECONDS or not each.spoken]
        for connection in idle:
            self._disconnect(connection)
            turn.gone.append(connection.peer)

    def _serve(self, connection: _Connection, events: int, turn: Turn) -> None:
        if events & selectors.EVENT_WRITE:
            self._push(connection)
        if events & selectors.EVENT_READ:
            try:
                data = connection.socket.recv(MAX_CHUNK)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            packets, complaints = connection.stream.feed(data)
            connection.heard = clock.now()
            connection.spoken = connection.spoken or bool(packets)
            turn.packets += [(connection.peer, packet) for packet in packets]
            turn.complaints += [(connection.peer, complaint) for complaint in complaints]
            if not data:
                self._disconnect(connection)
                turn.gone.append(connection.peer)

    def _push(self, connection: _Connection) -> None:
        """Send what the connection accepts now; the rest follows when it is writable."""
        try:
            del connection.unsent[: connection.socket.send(connection.unsent)]
        except BlockingIOError:
            pass
        except OSError:
            connection.unsent.clear()  # the next read reports the disconnection
        if len(connection.unsent) > MAX_BYTES:
            connection.unsent.clear()
            with contextlib.suppress(OSError):  # already disconnected
                connection.socket.shutdown(socket.SHUT_RDWR)
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if connection.unsent else 0)
        self._selector.modify(connection.socket, events, connection)

    def _disconnect(self, connection: _Connection) -> None:
        self._selector.unregister(connection.socket)
        connection.socket.close()
        del self._connections[connection.peer]


def resolve(host: str) -> tuple[socket.AddressFamily, str]:
    """The numeric address of a host, preferring IPv4. Raises OSError."""
    try:
        found = socket.getaddrinfo(host, 0, type=socket.SOCK_DGRAM)
    except ValueError as error:  # a null character, or a part of the name that is too long to be encoded
        raise OSError(0, f"'{host[:40]}' is not the name of a host") from error
    family, _, _, _, address = min(found, key=lambda each: each[0] != socket.AF_INET)
    return family, str(address[0])


def _pair(family: socket.AddressFamily, host: str, port: int) -> tuple[socket.socket, socket.socket]:
    for attempt in range(8):
        udp = socket.socket(family, socket.SOCK_DGRAM)
        tcp = socket.socket(family, socket.SOCK_STREAM)
        try:
            udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BURST_BYTES)
            if os.name == "posix":  # on Windows it would let two programs share the port
                tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            udp.bind((host, port))
            tcp.bind((host, udp.getsockname()[1]))
            tcp.listen(MAX_CONNECTIONS)
        except OSError:
            udp.close()
            tcp.close()
            if port or attempt == 7:
                raise
        else:
            return udp, tcp
    raise AssertionError("not reached")
