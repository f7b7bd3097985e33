"""The limits of the sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from installation.control.osc_codec import write
from installation.control.osc_sockets import MAX_CONNECTIONS, MAX_DATAGRAMS, OscSockets, Turn, resolve
from installation.control.peers import Peer

PATIENCE = 5.0


@pytest.fixture
def sockets() -> Iterator[OscSockets]:
    opened = OscSockets()
    opened.open("127.0.0.1", 0)
    yield opened
    opened.close()


def connected(sockets: OscSockets) -> tuple[socket.socket, Peer]:
    client = socket.create_connection(("127.0.0.1", sockets.port))
    client.settimeout(PATIENCE)
    sockets.turn(PATIENCE)
    return client, Peer("127.0.0.1", client.getsockname()[1], "tcp")


def test_a_turn_reads_a_bounded_number_of_datagrams(sockets: OscSockets) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tool:
        for number in range(MAX_DATAGRAMS + 5):
            tool.sendto(str(number).encode(), ("127.0.0.1", sockets.port))
        packets = [[data for _, data in sockets.turn(0.0).packets] for _ in range(3)]
    assert [len(each) for each in packets] == [MAX_DATAGRAMS, 5, 0]
    assert sum(packets, []) == [str(number).encode() for number in range(MAX_DATAGRAMS + 5)]  # noqa: RUF017


def test_a_tcp_client_that_never_reads_is_disconnected_without_blocking(sockets: OscSockets) -> None:
    client, peer = connected(sockets)
    with client:
        packet = write("/laterna/mode", "x" * 60_000)
        for _ in range(1000):
            sockets.send(peer, packet)
        turns = [sockets.turn(0.1) for _ in range(3)]
    assert [gone for turn in turns for gone in turn.gone] == [peer]
    assert len(sockets) == 0


def test_a_slow_tcp_client_gets_everything_up_to_the_limit(sockets: OscSockets) -> None:
    client, peer = connected(sockets)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    packet = write("/laterna/mode", "x" * 1000)
    heard = b""
    with client:
        for _ in range(100):
            sockets.send(peer, packet)
        while heard.count(b"/laterna/mode") < 100 or not heard.endswith(b"\xc0"):
            sockets.turn(0.0)
            heard += client.recv(65_536)
    assert heard.count(b"/laterna/mode") == 100


def speaking(sockets: OscSockets) -> socket.socket:
    client, _ = connected(sockets)
    client.sendall(b"\xc0/go\0\xc0")
    sockets.turn(PATIENCE)
    return client


def test_idle_connections_make_room_for_another(sockets: OscSockets) -> None:
    clients = [connected(sockets)[0] for _ in range(MAX_CONNECTIONS + 1)]
    assert clients[0].recv(1) == b""
    assert len(sockets) == MAX_CONNECTIONS
    clients[-1].sendall(b"\0\0\0\x04/go\0")
    assert [data for _, data in sockets.turn(PATIENCE).packets] == [b"/go\0"]
    for client in clients:
        client.close()


def test_a_connection_beyond_the_limit_is_closed_if_all_others_are_in_use(sockets: OscSockets) -> None:
    clients = [*(speaking(sockets) for _ in range(MAX_CONNECTIONS)), connected(sockets)[0]]
    assert clients[-1].recv(1) == b""
    assert len(sockets) == MAX_CONNECTIONS
    for client in clients:
        client.close()
    gone = [peer for _ in range(MAX_CONNECTIONS) for peer in sockets.turn(0.0).gone]
    assert len(gone) == MAX_CONNECTIONS


def test_wake_ends_a_turn_early_and_is_harmless_after_closing(sockets: OscSockets) -> None:
    for _ in range(100_000):
        sockets.wake()
    assert sockets.turn(3600.0) == Turn()
    sockets.close()
    sockets.wake()


def test_unsent_datagrams_are_counted(sockets: OscSockets) -> None:
    sockets.send(Peer("127.0.0.1", 9), b"x" * 100_000)
    sockets.send(Peer("127.0.0.1", 9, "tcp"), b"nobody")
    assert sockets.unsent == 1


@pytest.mark.parametrize("host", ["a" * 64 + ".org", "a\0b", ".".join(["x"] * 200) + "." + "y" * 70, "ü" * 60])
def test_a_name_that_no_host_can_have_is_an_os_error(host: str) -> None:
    with pytest.raises(OSError):
        resolve(host)
