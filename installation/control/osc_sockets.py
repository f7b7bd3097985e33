"""The desk's sockets: UDP and TCP on one port, in one thread, a bounded amount of work a turn."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
from dataclasses import dataclass, field

from pythonosc import slip

from installation.control.osc_codec import MAX_BYTES, SlipStream
from installation.control.peers import Peer

MAX_DATAGRAMS = 64  # of a turn
MAX_CHUNK = 16_384  # bytes of a TCP connection in a turn
MAX_CONNECTIONS = 32
BURST_BYTES = 1 << 20  # that the system keeps for us while we are busy


@dataclass
class Turn:
    """What a turn has brought."""

    packets: list[tuple[Peer, bytes]] = field(default_factory=list)
    complaints: list[tuple[Peer, str]] = field(default_factory=list)
    gone: list[Peer] = field(default_factory=list)


@dataclass
class _Connection:
    socket: socket.socket
    peer: Peer
    stream: SlipStream = field(default_factory=SlipStream)
    unsent: bytearray = field(default_factory=bytearray)


class OscSockets:
    """Opened by `open`, which may be tried again; `wake` may be called by any thread, all else by one."""

    def __init__(self) -> None:
        self.port = 0  # 0: not open
        self.unsent = 0  # datagrams that the system would not take
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
        """Takes the port for UDP and TCP; 0 takes one that is free for both. Raises OSError."""
        family, address = resolve(host)
        self._udp, self._tcp = _pair(family, address, port)
        self.port = self._udp.getsockname()[1]
        for server in (self._udp, self._tcp):
            server.setblocking(False)
            self._selector.register(server, selectors.EVENT_READ)

    def wake(self) -> None:
        """Ends the present `turn` early."""
        try:
            self._waker.send(b"\0")
        except OSError:  # it is awake already, or closed
            return

    def turn(self, seconds: float) -> Turn:
        """Waits for at most so long, then takes what has come, up to the bounds above; the rest waits."""
        turn = Turn()
        for key, events in self._selector.select(seconds):
            if key.fileobj is self._woken:
                self._woken.recv(4096)
            elif key.fileobj is self._udp:
                self._datagrams(turn)
            elif key.fileobj is self._tcp:
                self._accept(turn)
            else:
                self._serve(key.data, events, turn)
        return turn

    def send(self, peer: Peer, data: bytes) -> None:
        """Sends a packet, never waits: what a slow TCP reader leaves is kept up to a bound, then it is hung up on."""
        if peer.transport == "tcp":
            connection = self._connections.get(peer)
            if connection is not None:
                connection.unsent += slip.encode(data)
                self._push(connection)
        elif self._udp is not None:
            try:
                self._udp.sendto(data, (peer.host, peer.port))
            except OSError:  # a full buffer, an unreachable net: feedback is told anew, and nobody waits for it
                self.unsent += 1

    def close(self) -> None:
        """Gives everything back. May be called twice."""
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
            except ConnectionResetError:  # Windows tells so that a reply of ours found nobody
                continue
            turn.packets.append((Peer(address[0], address[1]), data))

    def _accept(self, turn: Turn) -> None:
        assert self._tcp is not None
        try:
            client, address = self._tcp.accept()
        except OSError:  # it has hung up again
            return
        peer = Peer(address[0], address[1], "tcp")
        if len(self._connections) >= MAX_CONNECTIONS:
            turn.complaints.append((peer, "too many connections"))
            client.close()
            return
        client.setblocking(False)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)  # a tablet that went to sleep never hangs up
        self._connections[peer] = _Connection(client, peer)
        self._selector.register(client, selectors.EVENT_READ, self._connections[peer])

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
            turn.packets += [(connection.peer, packet) for packet in packets]
            turn.complaints += [(connection.peer, complaint) for complaint in complaints]
            if not data:
                self._hang_up(connection)
                turn.gone.append(connection.peer)

    def _push(self, connection: _Connection) -> None:
        """Sends what the connection takes now; what is left is sent when it is ready for more."""
        try:
            del connection.unsent[: connection.socket.send(connection.unsent)]
        except BlockingIOError:
            pass
        except OSError:
            connection.unsent.clear()  # reading will tell that it is gone
        if len(connection.unsent) > MAX_BYTES:
            connection.unsent.clear()
            with contextlib.suppress(OSError):  # it has hung up just now
                connection.socket.shutdown(socket.SHUT_RDWR)
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if connection.unsent else 0)
        self._selector.modify(connection.socket, events, connection)

    def _hang_up(self, connection: _Connection) -> None:
        self._selector.unregister(connection.socket)
        connection.socket.close()
        del self._connections[connection.peer]


def resolve(host: str) -> tuple[socket.AddressFamily, str]:
    """The numeric address of a host, IPv4 where there is a choice. Raises OSError."""
    found = socket.getaddrinfo(host, 0, type=socket.SOCK_DGRAM)
    family, _, _, _, address = min(found, key=lambda each: each[0] != socket.AF_INET)
    return family, str(address[0])


def _pair(family: socket.AddressFamily, host: str, port: int) -> tuple[socket.socket, socket.socket]:
    for attempt in range(8):
        udp = socket.socket(family, socket.SOCK_DGRAM)
        tcp = socket.socket(family, socket.SOCK_STREAM)
        try:
            udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BURST_BYTES)
            if os.name == "posix":  # elsewhere this would let two programs have one port
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
