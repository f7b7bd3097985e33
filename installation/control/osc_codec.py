"""OSC packets: bytes <-> messages, on python-osc's parser and builder, bounded against hostile input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pythonosc import osc_message, slip
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.parsing import osc_types

from installation.core.errors import Rejected
from installation.core.messages import Value

MAX_BYTES = 262_144  # of a packet; a UDP packet is at most 64 KiB, a TCP packet is unlimited
MAX_MESSAGES = 256  # of a bundle
MAX_ARGUMENTS = 256
MAX_DEPTH = 8  # of nested bundles

NO_SLIP = "the TCP stream is not SLIP-encoded (OSC 1.1); length prefixes (OSC 1.0) are not supported."

_BUNDLE = b"#bundle\x00"
_TYPES = frozenset(b"ifdhsTF")
_SAME = bytes.maketrans(b"IS", b"Ts")  # an impulse is read as true, a symbol as a string


class Malformed(Rejected):
    """The bytes are not an OSC packet, or exceed the limits above."""


@dataclass(frozen=True)
class Message:
    """An address and its arguments."""

    address: str
    args: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Packet:
    """The messages of one packet. `time`: Unix time (s) of a bundle's time tag; None: immediately."""

    messages: tuple[Message, ...]
    bundled: bool = False
    time: float | None = None


def read(data: bytes) -> Packet:
    """Bytes -> Packet; nested bundles are flattened and get the outermost time tag. Raises Malformed."""
    if len(data) > MAX_BYTES:
        raise Malformed(f"a packet may have at most {MAX_BYTES} bytes.")
    if not data.startswith(_BUNDLE):
        return Packet((_message(data),))
    try:
        tag, _ = osc_types.get_date(data, len(_BUNDLE))
    except osc_types.ParseError:
        raise Malformed("the bundle ends before its time tag.") from None
    messages: list[Message] = []
    for message in _walk(data, 0):
        if len(messages) == MAX_MESSAGES:
            raise Malformed(f"a bundle may have at most {MAX_MESSAGES} messages.")
        messages.append(message)
    return Packet(tuple(messages), bundled=True, time=None if tag == osc_types.IMMEDIATELY else float(tag))


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


def _walk(data: bytes, depth: int) -> Iterator[Message]:
    """The messages of a packet, in order. python-osc's own OscBundle loops for ever on a negative size."""
    if not data.startswith(_BUNDLE):
        yield _message(data)
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
    try:
        message = osc_message.OscMessage(_plain(data))
        return Message(message.address, tuple(message.params))
    except osc_message.ParseError:
        raise Malformed("the message ends before its arguments.") from None
    except UnicodeDecodeError:
        raise Malformed("a string is not valid UTF-8.") from None


def _plain(data: bytes) -> bytes:
    """The message with its type tags checked and mapped to those that python-osc reads without a warning."""
    end = data.find(b"\0")
    if not data.startswith(b"/") or end < 0:
        raise Malformed("a message must begin with an address, '/laterna/…'.")
    start = (end // 4 + 1) * 4
    if start >= len(data):
        return data  # old senders omit the type tags of a message without arguments
    stop = data.find(b"\0", start)
    tags = data[start + 1 : stop].translate(_SAME)
    if data[start : start + 1] != b"," or stop < 0:
        raise Malformed("the type tags are missing.")
    if len(tags) > MAX_ARGUMENTS:
        raise Malformed(f"a message may have at most {MAX_ARGUMENTS} arguments.")
    unsupported = sorted(set(tags) - _TYPES)
    if unsupported:
        raise Malformed(f"type tag '{chr(unsupported[0])}' is not supported; use i f d h T F s.")
    return data[: start + 1] + tags + data[stop:]


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
                    complaints.append(NO_SLIP)
            self._skipping = False
        if not self._skipping and len(self._rest) > self._limit:
            complaints.append(f"a packet may have at most {self._limit // 2} bytes.")
            self._skipping = True
        if not self._skipping and self._rest.startswith(
            b"\0"
        ):  # a length prefix: it would wait for ever for an END byte
            complaints.append(NO_SLIP)
            self._skipping = True
        if self._skipping:
            self._rest = b""
        return packets, complaints
