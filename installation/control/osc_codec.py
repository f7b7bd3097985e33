"""OSC packets: bytes <-> messages, bounded against hostile input, and TCP streams of both versions of OSC.

Messages are read here rather than by python-osc, which takes UTF-8 only and knows neither all type tags nor limits.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from pythonosc import slip
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.parsing import osc_types

from installation.core.errors import Rejected
from installation.core.messages import Value

MAX_BYTES = 262_144  # of a packet; a UDP packet is at most 64 KiB, a TCP packet is unlimited
MAX_MESSAGES = 256  # of a bundle
MAX_ARGUMENTS = 256
MAX_DEPTH = 8  # of nested bundles

BROKEN_SLIP = "the TCP stream is not SLIP-encoded (OSC 1.1)."
BROKEN_LENGTH = "the TCP stream is broken: a packet's length prefix is impossible. Connect again."

_BUNDLE = b"#bundle\x00"
_NUMBERS = {"i": struct.Struct(">i"), "f": struct.Struct(">f"), "d": struct.Struct(">d"), "h": struct.Struct(">q")}


class Malformed(Rejected):
    """The bytes are not an OSC packet, or exceed the limits above. `address`: of the message, as far as known."""

    def __init__(self, reason: str, address: str = "") -> None:
        super().__init__(reason)
        self.address = address


@dataclass(frozen=True)
class Message:
    """An address and its arguments."""

    address: str
    args: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Packet:
    """The messages of one packet. `time`: Unix time (s) of a bundle's time tag; None: immediately.

    `malformed` are the messages of a bundle that could not be read; the others are not affected.
    """

    messages: tuple[Message, ...]
    bundled: bool = False
    time: float | None = None
    malformed: tuple[Malformed, ...] = ()


def read(data: bytes) -> Packet:
    """Bytes -> Packet; nested bundles are flattened and get the outermost time tag.

    Raises:
        Malformed: a single message, or the structure of a bundle, cannot be read.
    """
    if len(data) > MAX_BYTES:
        raise Malformed(f"a packet may have at most {MAX_BYTES} bytes.")
    if not data.startswith(_BUNDLE):
        return Packet((_message(data),))
    try:
        tag, _ = osc_types.get_date(data, len(_BUNDLE))
    except osc_types.ParseError:
        raise Malformed("the bundle ends before its time tag.") from None
    messages: list[Message] = []
    malformed: list[Malformed] = []
    for element in _walk(data, 0):
        if len(messages) + len(malformed) == MAX_MESSAGES:
            raise Malformed(f"a bundle may have at most {MAX_MESSAGES} messages.")
        try:
            messages.append(_message(element))
        except Malformed as error:
            malformed.append(error)
    time = None if tag == osc_types.IMMEDIATELY else float(tag)
    return Packet(tuple(messages), True, time, tuple(malformed))


def write(address: str, *values: Value) -> bytes:
    """Encode a message: booleans as 0 and 1, because TouchDesigner's channels take only numbers."""
    builder = OscMessageBuilder(address)
    for value in values:
        if isinstance(value, str):
            builder.add_arg(value.replace("\0", "").encode("utf-8", "replace").decode(), builder.ARG_TYPE_STRING)
        elif isinstance(value, float):
            builder.add_arg(value, builder.ARG_TYPE_FLOAT)
        else:
            builder.add_arg(min(max(int(value), -(2**31)), 2**31 - 1), builder.ARG_TYPE_INT)
    return bytes(builder.build().dgram)


def _walk(data: bytes, depth: int) -> Iterator[bytes]:
    """The messages of a packet, in order, as bytes. python-osc's own OscBundle loops for ever on a negative size."""
    if not data.startswith(_BUNDLE):
        yield data
        return
    if depth == MAX_DEPTH:
        raise Malformed(f"bundles may be nested at most {MAX_DEPTH} deep.")
    position = len(_BUNDLE) + 8
    while position < len(data):
        size = int.from_bytes(data[position : position + 4], "big", signed=True)
        position += 4
        if size <= 0 or position + size > len(data):
            raise Malformed("an element of the bundle has an invalid size.")
        yield from _walk(data[position : position + size], depth + 1)
        position += size


def _message(data: bytes) -> Message:
    if not data.startswith(b"/") or b"\0" not in data:
        raise Malformed("a message must begin with an address, '/laterna/…'.")
    address, start = _string(data, 0)
    if start >= len(data):
        return Message(address)  # old senders omit the type tags of a message without arguments
    if data[start : start + 1] != b"," or b"\0" not in data[start:]:
        raise Malformed("the type tags are missing.", address)
    tags, position = _string(data, start)
    if len(tags) - 1 > MAX_ARGUMENTS:
        raise Malformed(f"a message may have at most {MAX_ARGUMENTS} arguments.", address)
    args: list[Value] = []
    for tag in tags[1:]:
        value, position = _argument(tag, data, position, address)
        args.append(value)
    return Message(address, tuple(args))


def _argument(tag: str, data: bytes, position: int, address: str) -> tuple[Value, int]:
    """One argument, and where the next begins. An impulse (I) is read as true, a symbol (S) as a string."""
    if tag in "TIF":
        return tag != "F", position
    if tag in "sS":
        if data.find(b"\0", position) < 0:
            raise Malformed("the message ends before its arguments.", address)
        return _string(data, position)
    if tag not in _NUMBERS:
        raise Malformed(f"type tag '{tag}' is not supported; use i f d h T F s.", address)
    number = _NUMBERS[tag]
    if position + number.size > len(data):
        raise Malformed("the message ends before its arguments.", address)
    value: Value = number.unpack_from(data, position)[0]
    return value, position + number.size


def _string(data: bytes, start: int) -> tuple[str, int]:
    """A string that ends with a zero, and the next multiple of four. UTF-8, or Latin-1 where it is not UTF-8."""
    end = data.index(b"\0", start)
    text = data[start:end]
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError:
        decoded = text.decode("latin-1")
    return decoded, (end // 4 + 1) * 4


class TcpStream:
    """Splits a TCP stream into packets, and frames the answers in the same way.

    OSC 1.1 uses SLIP, OSC 1.0 a length before each packet. The first byte tells them apart: a length below 16 MiB
    begins with a zero.
    """

    def __init__(self) -> None:
        self._framing: SlipStream | LengthStream | None = None

    def feed(self, data: bytes) -> tuple[list[bytes], list[str]]:
        """Return the complete packets, and one sentence for each that is broken."""
        if self._framing is None and data:
            self._framing = LengthStream() if data.startswith(b"\0") else SlipStream()
        return self._framing.feed(data) if self._framing else ([], [])

    def frame(self, packet: bytes) -> bytes:
        """The bytes that send a packet."""
        if isinstance(self._framing, LengthStream):
            return len(packet).to_bytes(4, "big") + packet
        framed: bytes = slip.encode(packet)
        return framed


class LengthStream:
    """OSC 1.0: the length of each packet, in four bytes, comes before it. Buffers at most one packet."""

    def __init__(self, limit: int = MAX_BYTES) -> None:
        self._limit = limit
        self._rest = b""
        self._broken = False

    def feed(self, data: bytes) -> tuple[list[bytes], list[str]]:
        """Return the complete packets; a sentence if a length is impossible: nothing can be read after it."""
        packets: list[bytes] = []
        if self._broken:
            return packets, []
        self._rest += data
        while len(self._rest) >= 4:
            size = int.from_bytes(self._rest[:4], "big")
            if not 0 < size <= self._limit:
                self._broken, self._rest = True, b""
                return packets, [BROKEN_LENGTH]
            if len(self._rest) < 4 + size:
                break
            packets.append(self._rest[4 : 4 + size])
            self._rest = self._rest[4 + size :]
        return packets, []


class SlipStream:
    """Splits a TCP stream into packets (SLIP, RFC 1055, as OSC 1.1 requires); buffers at most one packet."""

    def __init__(self, limit: int = MAX_BYTES) -> None:
        self._limit = 2 * limit  # escaping at most doubles a packet
        self._rest = b""
        self._skipping = False

    def feed(self, data: bytes) -> tuple[list[bytes], list[str]]:
        """Return the complete packets, and one sentence for each that is broken."""
        *whole, self._rest = (self._rest + data).split(slip.END)
        packets: list[bytes] = []
        complaints: list[str] = []
        for frame in whole:
            if not self._skipping and frame:
                try:
                    packets.append(slip.decode(frame))
                except slip.ProtocolError:
                    complaints.append(BROKEN_SLIP)
            self._skipping = False
        if not self._skipping and len(self._rest) > self._limit:
            complaints.append(f"a packet may have at most {self._limit // 2} bytes.")
            self._skipping = True
        if self._skipping:
            self._rest = b""
        return packets, complaints
