"""Messages as JSON and back without loss, for the journal.

A message is an object with the name of its class under "is". Tuples are arrays, origins are text, float32 arrays are
base64, and numbers that JSON lacks (NaN, infinity) are objects. Whatever has no exact form is refused, so that what is
read equals what was written.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
import math
import types
import typing
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import numpy as np

from installation.core.messages import (
    Array,
    Bundle,
    Changed,
    Direction,
    FrameReady,
    MessageRejected,
    Modulation,
    Notice,
    Origin,
    Prompt,
    Query,
    SetParam,
    StoredPicture,
    Trigger,
    parse_origin,
)
from installation.core.speech_messages import AudioStarted, SpeechRejected, Transcription


@dataclass(frozen=True)
class RendererStarted:
    """A renderer was started or restarted with these latents (z, class logits) and this Direction."""

    latents: tuple[Array, Array] | None
    direction: Direction | None = None


@dataclass(frozen=True)
class JournalGap:
    """This many messages are missing here, because the disk was full or too slow."""

    dropped: int


@dataclass(frozen=True)
class StageCommand:
    """A command that the stage was given, whatever caused it. A replay gives the stage the same commands."""

    message: SetParam | Trigger | Modulation


@dataclass(frozen=True)
class JournalState:
    """What a replay needs to start here.

    Attributes:
        latents: z and class logits on screen, at most half a second old.
        directions: The Direction that the renderer follows, and those that it was sent since.
        stage: The last command of each kind, in the order in which the stage was given them.
    """

    latents: tuple[Array, Array] | None
    directions: tuple[Direction, ...]
    stage: tuple[StageCommand, ...]


Message = (
    Prompt
    | Direction
    | SetParam
    | Trigger
    | Bundle
    | Query
    | StoredPicture
    | FrameReady
    | Notice
    | Changed
    | MessageRejected
    | Transcription
    | SpeechRejected
    | RendererStarted
    | JournalGap
    | StageCommand
    | Modulation
    | AudioStarted
    | JournalState
)

MESSAGE_TYPES: dict[str, type] = {kind.__name__: kind for kind in typing.get_args(Message)}
VERSION_2_NAMES = {  # names of version 2 of the journal, and their present ones
    "Drawn": "FrameReady",
    "Refused": "MessageRejected",
    "Heard": "Transcription",
    "Unheard": "SpeechRejected",
    "RendererBegan": "RendererStarted",
    "Gap": "JournalGap",
    "ToStage": "StageCommand",
}
RESERVED_KEYS = ("is", "float32", "float")


def encode(message: Message) -> dict[str, object]:
    """Convert a message to an object that `json.dumps` accepts.

    Raises:
        TypeError: it contains something that has no place in a journal.
        ValueError: it contains a dictionary with a key that is not text, or is reserved.
    """
    if MESSAGE_TYPES.get(type(message).__name__) is not type(message):
        raise TypeError(f"a {type(message).__name__} has no place in a journal.")
    fields = {field.name: _encode_value(getattr(message, field.name)) for field in dataclasses.fields(message)}
    return {"is": type(message).__name__, **fields}


def decode(value: dict[str, Any]) -> Message:
    """Convert an object that `encode` returned back to its message. Raises ValueError for anything else."""
    if "is" not in value:
        raise ValueError("it is not a message")
    return _decode_message(value)


def to_line(value: object) -> bytes:
    """Serialise an object or array as one line of JSON in UTF-8, which has no lone surrogates: those are escaped."""
    try:
        return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
    except UnicodeEncodeError:
        return (json.dumps(value, separators=(",", ":")) + "\n").encode()


# -- encoding --------------------------------------------------------------------------------------------------------


def _encode_value(value: object) -> object:
    if isinstance(value, Message):
        return encode(value)
    match value:
        case Origin():
            return str(value)
        case np.ndarray(dtype=np.float32):
            flat = np.ascontiguousarray(value).astype("<f4").tobytes()
            return {"float32": base64.b64encode(flat).decode(), "shape": list(value.shape)}
        case np.generic():
            return _encode_value(value.item())
        case tuple():
            return [_encode_value(each) for each in value]
        case dict():
            return _encode_dict(value)
        case float() if not math.isfinite(value):
            return {"float": repr(value)}
        case None | bool() | int() | float() | str():
            return value
    raise TypeError(f"a {type(value).__name__} has no place in a journal.")


def _encode_dict(value: dict[object, object]) -> dict[str, object]:
    encoded: dict[str, object] = {}
    for key, each in value.items():
        if not isinstance(key, str) or key in RESERVED_KEYS:
            raise ValueError(f"{key!r} cannot be a key: use text other than {', '.join(RESERVED_KEYS)}.")
        encoded[key] = _encode_value(each)
    return encoded


# -- decoding --------------------------------------------------------------------------------------------------------


def _decode_value(value: object) -> object:
    if isinstance(value, list):
        return tuple(_decode_value(each) for each in value)
    if not isinstance(value, dict):
        return value
    if "is" in value:
        return _decode_message(value)
    if "float32" in value:
        return _decode_array(value)
    if "float" in value:
        return float(value["float"])
    return {key: _decode_value(each) for key, each in value.items()}


def _decode_message(value: dict[str, Any]) -> Message:
    name = str(value["is"])
    kind = MESSAGE_TYPES.get(VERSION_2_NAMES.get(name, name))
    if kind is None:
        raise ValueError(f"there is no message '{name}'")
    fields = {key: _decode_value(each) for key, each in value.items() if key != "is"}
    if "source" in fields:  # version 2
        fields["origin"] = fields.pop("source")
    for key, hint in _field_types(kind).items():
        if key in fields and not _fits(fields[key], hint):
            raise ValueError(f"{kind.__name__}.{key} cannot be {fields[key]!r}")
    if "origin" in fields:
        fields["origin"] = parse_origin(str(fields["origin"]))
    try:
        return cast(Message, kind(**fields))
    except TypeError as error:
        raise ValueError(str(error)) from None


@cache
def _field_types(kind: type) -> dict[str, Any]:
    """The types of a message's fields, once they are decoded; an origin is still text then."""
    return {name: str if hint is Origin else hint for name, hint in typing.get_type_hints(kind).items()}


def _fits(value: object, hint: Any) -> bool:
    """Whether a decoded value has a type that occurs in messages: scalars, arrays, messages, tuples, dictionaries."""
    arguments = typing.get_args(hint)
    match typing.get_origin(hint):
        case types.UnionType:
            return any(_fits(value, each) for each in arguments)
        case kind if kind is tuple:
            expected = arguments[:1] * len(value) if isinstance(value, tuple) and ... in arguments else arguments
            return isinstance(value, tuple) and len(value) == len(expected) and all(map(_fits, value, expected))
        case kind if kind is dict:
            return isinstance(value, dict) and all(_fits(each, arguments[1]) for each in value.values())
        case kind if kind is np.ndarray:
            return isinstance(value, np.ndarray)
    return type(value) in ((float, int) if hint is float else (hint,))


def _decode_array(value: dict[str, Any]) -> Array:
    try:
        flat = np.frombuffer(base64.b64decode(value["float32"], validate=True), "<f4").astype(np.float32)
        return flat.reshape([int(side) for side in value["shape"]])
    except (binascii.Error, KeyError, TypeError, OverflowError) as error:
        raise ValueError(f"an array is damaged: {error}") from None
