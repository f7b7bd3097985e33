"""What a leader and its followers send each other: signed OSC messages in UDP datagrams.

`/laterna/walls/frame` has the latents of a frame and when it is shown, `/laterna/walls/state` what else walls share,
once a second and whenever it changes; `/laterna/walls/ping` and `/laterna/walls/pong` compare clocks. The last argument
of each is an HMAC-SHA256 of the rest. Times are seconds of the system clock of the sender.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import math
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from pythonosc.osc_message import OscMessage, ParseError
from pythonosc.osc_message_builder import BuildError, OscMessageBuilder

from installation.core.messages import Array, Direction, FrameLatents, Prompt, Value, parse_origin

ROOT = "/laterna/walls/"
SIGNATURE_BYTES = 16
MAX_BYTES = 60_000  # of a datagram


class BadDatagram(ValueError):
    """A datagram that is not of a leader or a follower with the same passcode, or is damaged."""


@dataclass(frozen=True, eq=False)
class Frame:
    """The latents of a frame; `latents.show_at` is a time of the sender's system clock."""

    session: int  # of the leader's process; another one counts from the beginning
    number: int  # counts up
    latents: FrameLatents


@dataclass(frozen=True)
class State:
    """What the walls share besides frames."""

    session: int
    number: int  # counts up
    take: int = 0
    prompts: tuple[Prompt, ...] = ()
    fade_seconds: float = 0.0
    paused: bool = False
    panic: bool = False
    values: dict[str, Value] = field(default_factory=dict)

    @property
    def direction(self) -> Direction:
        """The part that the renderer and the captions need."""
        return Direction(self.take, self.prompts, self.fade_seconds, paused=self.paused)


@dataclass(frozen=True)
class Ping:
    """A follower's question for the time; `sent` is that of its clock."""

    number: int
    sent: float


@dataclass(frozen=True)
class Pong:
    """The answer: the question's time, and that of the leader's clock."""

    number: int
    sent: float
    answered: float


Datagram = Frame | State | Ping | Pong


class Seal:
    """Writes and reads datagrams that are signed with a passcode."""

    def __init__(self, passcode: str) -> None:
        self._key = hashlib.sha256(f"laterna walls {passcode}".encode()).digest()

    def write(self, message: Datagram) -> bytes:
        """Encode and sign a message. Raises ValueError if it is too large for a datagram."""
        builder = OscMessageBuilder(ROOT + type(message).__name__.lower())
        try:
            for kind, value in _arguments(message):
                builder.add_arg(value, kind)
            builder.add_arg(bytes(SIGNATURE_BYTES), builder.ARG_TYPE_BLOB)
            content = builder.build().dgram[:-SIGNATURE_BYTES]
        except BuildError as error:
            raise ValueError(str(error)) from None
        if len(content) > MAX_BYTES:
            raise ValueError(f"a frame of {len(content)} bytes is too large")
        return content + self._sign(content)

    def read(self, data: bytes) -> Datagram:
        """Decode a message. Raises BadDatagram if it is not signed with the same passcode, or damaged."""
        content, signature = data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._sign(content)):
            raise BadDatagram("another passcode")
        try:
            message = OscMessage(data)
            return _message(message.address.removeprefix(ROOT), list(message)[:-1])
        except (ParseError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
            raise BadDatagram(str(error)) from None

    def _sign(self, content: bytes) -> bytes:
        return hmac.new(self._key, content, hashlib.sha256).digest()[:SIGNATURE_BYTES]


def _arguments(message: Datagram) -> list[tuple[str, Any]]:
    """The arguments with their OSC types."""
    match message:
        case Frame(session, number, latents):
            shapes = json.dumps([list(latents.z.shape), list(latents.classes.shape)])
            return [
                *(("h", session), ("h", number), ("d", latents.show_at), ("d", latents.phase)),
                *(("d", latents.truncation), ("i", latents.take), ("s", latents.generator), ("s", shapes)),
                *(("b", _to_bytes(latents.z)), ("b", _to_bytes(latents.classes))),
            ]
        case State():
            fields = asdict(message) | {"prompts": [_to_row(prompt) for prompt in message.prompts]}
            return [("b", json.dumps(fields, ensure_ascii=False).encode())]
        case Ping(number, sent):
            return [("h", number), ("d", sent)]
        case Pong(number, sent, answered):
            return [("h", number), ("d", sent), ("d", answered)]


def _message(kind: str, arguments: list[Any]) -> Datagram:
    match kind, arguments:
        case "frame", [session, number, show_at, phase, truncation, take, generator, shapes, z, classes]:
            _check_finite(show_at, phase, truncation)
            z_shape, classes_shape = json.loads(shapes)
            latents = FrameLatents(
                *(_to_array(z, z_shape), _to_array(classes, classes_shape)),
                *(phase, truncation, take, show_at, generator),
            )
            return Frame(session, number, latents)
        case "state", [content]:
            fields = json.loads(content)
            _check_finite(fields["fade_seconds"])
            return State(**fields | {"prompts": tuple(_to_prompt(row) for row in fields["prompts"])})
        case "ping", [number, sent]:
            _check_finite(sent)
            return Ping(number, sent)
        case "pong", [number, sent, answered]:
            _check_finite(sent, answered)
            return Pong(number, sent, answered)
    raise ValueError(f"there is no message '{kind}' with {len(arguments)} arguments")


def _check_finite(*numbers: float) -> None:
    if not all(math.isfinite(number) for number in numbers):
        raise ValueError(f"numbers are not finite: {numbers}")


def _to_row(prompt: Prompt) -> dict[str, Any]:
    return asdict(prompt) | {"origin": str(prompt.origin), "picture": ""}  # the followers get the frames


def _to_prompt(row: dict[str, Any]) -> Prompt:
    return Prompt(**row | {"origin": parse_origin(row["origin"])})


def _to_bytes(array: Array) -> bytes:
    return np.ascontiguousarray(array, dtype="<f4").tobytes()


def _to_array(content: bytes, shape: list[int]) -> Array:
    array = np.frombuffer(content, dtype="<f4").reshape(shape).astype(np.float32)
    if not np.isfinite(array).all():
        raise ValueError("latents are not finite")
    return array
