"""OSC packets: decoding, encoding, and that hostile bytes raise nothing but Malformed."""

from __future__ import annotations

import random
import struct
import time
from collections.abc import Callable

import pytest
from pythonosc import slip
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.parsing.osc_types import write_date

from installation.control.osc_codec import (
    MAX_BYTES,
    MAX_MESSAGES,
    Malformed,
    Message,
    Packet,
    SlipStream,
    TcpStream,
    read,
    write,
)


def bundle(*contents: bytes, tag: bytes = b"\0\0\0\0\0\0\0\1") -> bytes:
    return b"#bundle\0" + tag + b"".join(struct.pack(">i", len(each)) + each for each in contents)


def test_every_number_and_text_type_is_read() -> None:
    builder = OscMessageBuilder("/a")
    for value, kind in ((1, "i"), (2, "h"), (0.5, "f"), (0.25, "d"), (True, "T"), (False, "F"), ("é", "s")):
        builder.add_arg(value, kind)
    assert read(builder.build().dgram) == Packet((Message("/a", (1, 2, 0.5, 0.25, True, False, "é")),))


def test_an_impulse_is_read_as_true_and_a_symbol_as_text() -> None:
    assert read(b"/a\0\0,IS\0red\0").messages == (Message("/a", (True, "red")),)


def test_a_message_without_type_tags_is_read() -> None:
    assert read(b"/go\0").messages == (Message("/go"),)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "address"),
        (b"hello\0\0\0", "address"),
        (b"/no/end", "address"),
        (b"/a\0\0abc\0", "type tags"),
        (b"/a\0\0,i\0\0", "before its arguments"),
        (b"/a\0\0,b\0\0\0\0\0\0", "'b'"),
        (b"/a\0\0,s\0\0abcd", "before its arguments"),
        (b"/a\0\0," + b"T" * 300 + b"\0" * 3, "256 arguments"),
        (b"/" * (MAX_BYTES + 1), f"{MAX_BYTES} bytes"),
        (b"#bundle\0\0\0", "time tag"),
        (b"#bundle\0" + b"\0" * 8 + struct.pack(">i", -4), "invalid size"),
        (b"#bundle\0" + b"\0" * 8 + struct.pack(">i", 0), "invalid size"),
        (b"#bundle\0" + b"\0" * 8 + struct.pack(">i", 999), "invalid size"),
        (bundle(*[b"/a\0\0"] * (MAX_MESSAGES + 1)), "256 messages"),
    ],
)
def test_malformed_packets_are_rejected_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        read(data)


def test_nested_bundles_are_flattened_up_to_a_depth() -> None:
    assert read(bundle(b"/a\0\0", bundle(b"/b\0\0"))).messages == (Message("/a"), Message("/b"))
    nested = b"/a\0\0"
    for _ in range(2000):
        nested = bundle(nested)
    with pytest.raises(Malformed, match="8 deep"):
        read(nested)


def test_a_time_tag_is_read_as_unix_time() -> None:
    later = time.time() + 3.0
    assert read(bundle(tag=write_date(later))).time == pytest.approx(later, abs=1e-3)
    assert read(bundle()) == Packet((), bundled=True, time=None)


def test_written_messages_are_read_back_with_booleans_as_numbers() -> None:
    data = write("/a", True, 3, 0.5, "ü\0", 2**40)
    assert read(data).messages == (Message("/a", (1, 3, 0.5, "ü", 2**31 - 1)),)


def test_random_bytes_raise_nothing_but_malformed() -> None:
    rng = random.Random(1)
    seeds = [write("/laterna/walk/speed", 0.5), write("/prompt", "a fox", 3), bundle(write("/a", 1), write("/b", "x"))]
    refused = 0
    for turn in range(4000):
        if turn % 2:
            data = bytearray(rng.choice(seeds))
            for _ in range(rng.randint(1, 6)):
                data[rng.randrange(len(data))] = rng.choice((0, 1, 255, rng.randrange(256)))
        else:
            data = bytearray(rng.choice((b"", b"/", b"#bundle\0")) + rng.randbytes(rng.randint(0, 80)))
        try:
            read(bytes(data))
        except Malformed:
            refused += 1
    assert 2000 < refused < 4000


def test_a_stream_in_pieces_gives_complete_packets() -> None:
    packets = [write("/a", 1), b"\xc0\xdb\xdc\xdd" * 3, write("/b", "é")]
    wire = b"".join(slip.encode(packet) for packet in packets)
    stream = SlipStream()
    found = [packet for at in range(0, len(wire), 3) for packet in stream.feed(wire[at : at + 3])[0]]
    assert found == packets


def test_a_stream_drops_an_oversized_packet_reports_it_once_and_continues() -> None:
    stream = SlipStream(limit=16)
    heard = [stream.feed(b"x" * 30), stream.feed(b"x" * 30), stream.feed(b"x" * 30), stream.feed(b"\xc0/go\0\xc0")]
    assert [len(complaints) for _, complaints in heard] == [0, 1, 0, 0]
    assert [packets for packets, _ in heard] == [[], [], [], [b"/go\0"]]


def test_a_broken_slip_packet_is_reported_and_the_next_is_read() -> None:
    stream = SlipStream()
    assert stream.feed(b"\xc0\xdb\x01\xc0") == ([], ["the TCP stream is not SLIP-encoded (OSC 1.1)."])
    assert stream.feed(b"\xc0/go\0\xc0") == ([b"/go\0"], [])


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("framed", [slip.encode, lambda packet: struct.pack(">I", len(packet)) + packet])
def test_both_framings_of_tcp_are_read_and_answered_alike(size: int, framed: Callable[[bytes], bytes]) -> None:
    packets = [write("/laterna/go"), write("/prompt", "é" * 100)]
    wire = b"".join(map(framed, packets))
    stream = TcpStream()
    found = [packet for at in range(0, len(wire), size) for packet in stream.feed(wire[at : at + size])[0]]
    assert found == packets
    assert stream.frame(packets[0]) == framed(packets[0])


@pytest.mark.parametrize("prefix", [b"\0\0\0\0", b"\0\xff\xff\xff"])
def test_an_impossible_length_is_reported_once(prefix: bytes) -> None:
    stream = TcpStream()
    heard = [stream.feed(prefix), stream.feed(b"x" * 100)]
    assert [len(complaints) for _, complaints in heard] == [1, 0]


def test_latin_1_is_read_where_a_text_is_not_utf_8() -> None:
    assert read(b"/a\0\0,s\0\0f\xfcr\0").messages == (Message("/a", ("für",)),)


def test_a_bad_message_in_a_bundle_is_named_and_costs_none_of_the_others() -> None:
    packet = read(bundle(write("/laterna/go"), b"/laterna/x\0\0,b\0\0\0\0\0\0", write("/laterna/mode", 1)))
    assert [message.address for message in packet.messages] == ["/laterna/go", "/laterna/mode"]
    assert [(each.address, str(each)) for each in packet.malformed] == [
        ("/laterna/x", "type tag 'b' is not supported; use i f d h T F s.")
    ]
