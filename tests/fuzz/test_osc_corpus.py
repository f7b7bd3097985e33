"""Tens of thousands of malformed OSC packets: none is raised, none stalls the server, and its memory stays flat."""

from __future__ import annotations

import random
import resource
import struct
from collections.abc import Iterator

import pytest
from pythonosc import slip
from pythonosc.parsing.osc_types import write_date

from installation.control.osc_codec import MAX_BYTES, TcpStream, write
from installation.control.osc_server import OscServer
from installation.control.peers import Peer
from installation.core.messages import Changed, Inbox, SetParam
from installation.core.params import PARAMS, TEMPLATES, find_param
from installation.show.settings import OscSettings
from tests.control.test_osc_codec import bundle

WALL = 1_700_000_000.0
MAX_GROWTH_MEGABYTES = 8.0  # of the process, over the last four fifths of the packets

TAGS = (b"\0" * 8, b"\0" * 7 + b"\1", b"\xff" * 8, *map(write_date, (WALL, WALL + 3, WALL - 1e6, WALL + 1e8)))
NESTED = bundle(bundle(bundle(write("/laterna/go"))))
DEEP = NESTED
for _ in range(40):
    DEEP = bundle(DEEP)

CORPUS = (
    b"",
    b"\0",
    b"/",
    b"#bundle\0",
    b"#bundle\0" + b"\0" * 7,
    b"hello\0\0\0",
    b"/no/end",
    b"/laterna/go",
    b"/laterna/go\0,",
    b"/laterna/walk/speed\0,f\0\0",  # truncated
    b"/laterna/walk/speed\0,f\0\0\x7f\xc0\0\0",  # NaN
    b"/laterna/walk/speed\0,f\0\0\x7f\x80\0\0",  # infinity
    b"/laterna/walk/speed\0,d\0\0" + struct.pack(">d", float("nan")),
    b"/laterna/walk/speed\0,b\0\0\xff\xff\xff\xff",  # a blob of minus one byte
    b"/laterna/walk/speed\0,[f]\0\0\0\0\0\0\0\0",
    b"/laterna/walk/speed\0,N\0\0",
    b"/laterna/walk/speed\0" + b"," + b"f" * 300 + b"\0" * 4,
    b"/prompt\0,s\0\0\xff\xfe\xfd\0",  # not UTF-8
    b"/prompt\0,s\0\0" + b"x" * 60_000 + b"\0\0\0\0",
    b"/prompt\0,s\0\0\xed\xa0\x80\0",  # half of a surrogate pair
    b"/" * (MAX_BYTES + 1),
    b"#bundle\0" + b"\0" * 8 + struct.pack(">i", -4),
    b"#bundle\0" + b"\0" * 8 + struct.pack(">i", 0x7FFFFFFF),
    DEEP,
    *(bundle(write("/laterna/walk/speed", 0.5), write("/laterna/walk/speed", "?"), tag=tag) for tag in TAGS),
    bundle(*[write("/laterna/*/*", "?")] * 100),
    bundle(*[write("/laterna/walk/speed", 0.1)] * 300),
    write("/laterna/" + "{a,b}" * 40, 1),
    write("/laterna/[", 1),
    write("/laterna/subscribe", -1, float("inf"), "[", "*", "*"),
    write("/laterna/connect", *range(200)),
    write("/laterna/queue/999999999/move", 2**31 - 1),
    write("/laterna/cue/0/start"),
    write("/laterna/snapshot/morph", 1, 2),
)


def packets(dice: random.Random) -> Iterator[bytes]:
    """The corpus, then mutations of it and of messages to every address."""
    yield from CORPUS
    names = [
        *PARAMS,
        *(name.replace("{n}", "3").replace("{id}", "7") for name in TEMPLATES),
        "subscribe",
        "why",
        "ping",
    ]
    while True:
        if dice.random() < 0.5:
            yield write(f"/laterna/{dice.choice(names)}", *random_arguments(dice))
        else:
            yield mutated(dice.choice(CORPUS)[:2000] or b"/", dice)


def random_arguments(dice: random.Random) -> list[float | int | str | bool]:
    choices = (
        0,
        1,
        -1,
        2**31 - 1,
        0.5,
        -0.0,
        1e38,
        float("nan"),
        float("inf"),
        True,
        "",
        "?",
        "bang",
        "é\0\u202e",
        "0,5",
    )
    return [dice.choice(choices) for _ in range(dice.randrange(4))]


def mutated(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.randrange(1, 6)):
        at = dice.randrange(len(changed)) if changed else 0
        match dice.randrange(3):
            case 0:
                changed[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                del changed[at : at + dice.randrange(1, 9)]
            case _:
                changed[at:at] = dice.randbytes(dice.randrange(1, 9))
    return bytes(changed)


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.slow
@pytest.mark.parametrize(("passcode", "count"), [("", 24_000), ("abend", 6_000)])
def test_tens_of_thousands_of_malformed_packets_do_no_harm(passcode: str, count: int) -> None:
    dice = random.Random(5)
    received: list[Inbox] = []
    server = OscServer(OscSettings(passcode=passcode), {}, received.append, 0.0)
    peers = [Peer(f"10.0.0.{n % 50}", 1000 + n, "tcp" if n % 5 == 0 else "udp") for n in range(200)]
    source = packets(dice)
    settled = 0.0
    for number in range(count // 2):
        now = number / 2000
        data, peer = next(source), dice.choice(peers)
        server.receive(peer, data, now, WALL + now)
        stream = TcpStream()
        framed = slip.encode(data) if number % 2 else len(data).to_bytes(4, "big") + data
        for packet in (*stream.feed(framed)[0], *TcpStream().feed(data)[0]):
            server.receive(peer, packet, now, WALL + now)
        if number % 50 == 0:
            server.feedback(Changed("walk/speed", dice.random()), now)
            server.tick(now)
        for _, reply in server.replies():
            assert len(reply) < 65_536
        for message in received:
            if isinstance(message, SetParam) and not isinstance(message.value, str):
                row = find_param(message.name)
                assert row.low <= message.value <= row.high
        received.clear()
        if number == count // 10:
            settled = megabytes()
    assert server.counts["packets"] >= count - 1000
    assert server.counts["malformed"] > count // 10
    assert megabytes() < settled + MAX_GROWTH_MEGABYTES
