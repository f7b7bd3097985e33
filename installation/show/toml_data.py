"""Parse TOML that anybody may have written: whatever is not plain data of a show is refused in one sentence."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from installation.core.errors import ShowError
from installation.show.error_messages import Location, at_line, toml_message

MAX_DEPTH = 8  # tables and arrays in each other; a show needs four
MAX_INTEGER = 2**63 - 1  # of TOML 1.0

_LONG_NUMBER = re.compile(r"[0-9_]{1000,}")
_CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def parse_toml(text: str, where: str) -> dict[str, Any]:
    """Parse a TOML text. `where` names the file in messages.

    Raises:
        ShowError: The text is not valid TOML, is nested too deeply, or contains an infinite number, NaN, an integer
            of more than 64 bits or a control character.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ShowError(toml_message(error, text, where)) from None
    except RecursionError:
        raise ShowError(f"{where}: the values are nested too deeply.") from None
    except ValueError:  # Python converts no decimal number of more than 4,300 digits
        long = _LONG_NUMBER.search(text)
        line = text.count("\n", 0, long.start()) + 1 if long else 1
        raise ShowError(f"{where}, line {line}: the number is too long.") from None
    return _checked(data, text, where)


def parse_value(name: str, text: str, where: str) -> object:
    """Parse one value of TOML, of the key `name`; text that is not TOML is returned as it is.

    Raises:
        ShowError: As `parse_toml`.
    """
    try:
        data = tomllib.loads(f'"{name}" = {text}')
    except tomllib.TOMLDecodeError:
        return text
    except (RecursionError, ValueError):
        raise ShowError(f"{where}: {name} is nested too deeply, or too long a number.") from None
    return _checked(data, "", where)[name]


def _checked(data: dict[str, Any], text: str, where: str) -> dict[str, Any]:
    for location, value in _nodes(data, where):
        problem = _problem(value)
        if problem:
            key = ".".join(str(part + 1) if isinstance(part, int) else part for part in location)
            raise ShowError(f"{where}{at_line(text, location)}: {key} {problem}.")
    return data


def _nodes(data: dict[str, Any], where: str) -> Iterator[tuple[Location, object]]:
    """Every key and every value that is not a table or an array, with its location, in the order of the text.

    Raises:
        ShowError: The data is nested too deeply.
    """
    waiting: list[tuple[Location, object]] = [((), data)]
    while waiting:
        location, value = waiting.pop()
        if len(location) > MAX_DEPTH:
            raise ShowError(f"{where}: '{location[0]}' is nested too deeply.")
        match value:
            case dict():
                yield from (((*location, key), key) for key in value)
                waiting.extend(((*location, key), each) for key, each in reversed(value.items()))
            case list():
                waiting.extend(((*location, index), each) for index, each in reversed(list(enumerate(value))))
            case _:
                yield location, value


def _problem(value: object) -> str:
    """What is wrong with a key or a value; "" if nothing is."""
    match value:
        case float() if not math.isfinite(value):
            return f"cannot be {value}: use a finite number"
        case int() if abs(value) > MAX_INTEGER:
            return "is too large a number"
        case str() if found := _CONTROL_CHARACTER.search(value):
            return f"contains the control character U+{ord(found[0]):04X}"
    return ""
