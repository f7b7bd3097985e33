"""Messages as JSON and back, exactly: for the journal.

A message is an object with its type's name under "is". Arrays of the notation are tuples, float32 arrays are base64,
and whatever has no exact form is refused, so that what is read equals what was written.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
import math
import typing
from functools import cache
from typing import Any

import numpy as np

from installation.core import messages

TYPES: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        messages.Prompt,
        messages.Direction,
        messages.SetParam,
        messages.Trigger,
        messages.Bundle,
        messages.FrameReady,
        messages.Notice,
        messages.Changed,
        messages.MessageRejected,
        messages.Transcription,
        messages.SpeechRejected,
    )
}
RESERVED = ("is", "float32", "float")


def register(kind: type) -> type:
    """Makes another frozen dataclass one that can be encoded; usable as a decorator."""
    TYPES[kind.__name__] = kind
    return kind


def encode(value: Any) -> Any:
    """What `json.dumps` takes, for a message or a part of one. Raises TypeError or ValueError for what has no form."""
    if dataclasses.is_dataclass(value) and TYPES.get(type(value).__name__) is type(value):
        fields = {field.name: encode(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {"is": type(value).__name__, **fields}
    if isinstance(value, np.ndarray) and value.dtype == np.float32:
        flat = base64.b64encode(np.ascontiguousarray(value).astype("<f4").tobytes()).decode()
        return {"float32": flat, "shape": list(value.shape)}
    if isinstance(value, np.generic):
        return encode(value.item())
    if isinstance(value, tuple):
        return [encode(each) for each in value]
    if isinstance(value, dict):
        return _encode_dict(value)
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": repr(value)}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"a {type(value).__name__} has no place in a journal.")


def _encode_dict(value: dict[Any, Any]) -> dict[str, Any]:
    if any(not isinstance(key, str) or key in RESERVED for key in value):
        raise ValueError(f"keys must be texts other than {', '.join(RESERVED)}: {list(value)}")
    return {key: encode(each) for key, each in value.items()}


def decode(value: Any) -> Any:
    """What `encode` was given. Raises ValueError for what it never gives."""
    if isinstance(value, list):
        return tuple(decode(each) for each in value)
    if not isinstance(value, dict):
        return value
    if "is" in value:
        return _decode_message(value)
    if "float32" in value:
        return _decode_array(value)
    if "float" in value:
        return float(value["float"])
    return {key: decode(each) for key, each in value.items()}


def _decode_message(value: dict[str, Any]) -> Any:
    kind = TYPES.get(value["is"]) if isinstance(value["is"], str) else None
    if kind is None:
        raise ValueError(f"there is no message '{value['is']}'")
    fields = {key: decode(each) for key, each in value.items() if key != "is"}
    for name, allowed in _scalars(kind).items():
        if name in fields and type(fields[name]) not in allowed:
            raise ValueError(f"{kind.__name__}.{name} cannot be {fields[name]!r}")
    try:
        return kind(**fields)
    except TypeError as error:
        raise ValueError(str(error)) from None


@cache
def _scalars(kind: type) -> dict[str, tuple[type, ...]]:
    """The fields of one plain type, and the types that their values may have."""
    allowed: dict[Any, tuple[type, ...]] = {bool: (bool,), int: (int,), float: (float, int), str: (str,)}
    hints = typing.get_type_hints(kind)
    return {name: allowed[hint] for name, hint in hints.items() if hint in allowed}


def _decode_array(value: dict[str, Any]) -> messages.Array:
    try:
        flat = np.frombuffer(base64.b64decode(value["float32"], validate=True), "<f4").astype(np.float32)
        return flat.reshape([int(side) for side in value["shape"]])
    except (binascii.Error, KeyError, TypeError) as error:
        raise ValueError(f"an array is damaged: {error}") from None


def to_line(value: dict[str, Any]) -> bytes:
    """An encoded object as one line of UTF-8, with its line feed; lone surrogates, which UTF-8 lacks, are escaped."""
    try:
        return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
    except UnicodeEncodeError:
        return (json.dumps(value, separators=(",", ":")) + "\n").encode()
