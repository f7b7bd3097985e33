"""The live parameters by name. OSC addresses, show files, `--set` and the OSC reference are derived from the table.

A row is a value (settable, fed back), a trigger (an event) or a reading (reported, not settable). Numbers run from 0 to
1 unless the row says otherwise. A number outside its range is clipped; a value of the wrong type is rejected.

A name with `{n}` or `{id}` stands for many: `cue/{n}/start` for `cue/1/start`, `cue/2/start` and so on. `find_param`
returns its row for each of them.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import lru_cache

from installation.core.errors import Rejected, suggest
from installation.core.messages import Value
from installation.core.param_table import ROWS, Owner, Param
from installation.core.prompt_text import clean

PARAMS: dict[str, Param] = {row.name: row for row in ROWS if "{" not in row.name}
TEMPLATES: dict[str, Param] = {row.name: row for row in ROWS if "{" in row.name}
OUTPUT_SWITCH = "output/{n}/active"
MODES = ("attract", "live", "paused", "panic")

_NUMBER = re.compile(r"\{(?:n|id)\}")
_DIGITS = re.compile(r"(?<=/)(?:0|[1-9][0-9]{0,8})(?=/|$)")  # a part of a name: a number without leading zeros
_TEMPLATES_BY_SHAPE = {_NUMBER.sub("#", name): row for name, row in TEMPLATES.items()}


@lru_cache(maxsize=4096)
def resolve(name: str) -> tuple[Param, int] | None:
    """The row of a name and the number in it: `queue/7/approve` is that of `queue/{id}/approve`, and 7.

    The number is 0 for a row without one; None if there is no such row.
    """
    if name in PARAMS:
        return PARAMS[name], 0
    numbers = _DIGITS.findall(name)
    row = _TEMPLATES_BY_SHAPE.get(_DIGITS.sub("#", name)) if len(numbers) == 1 else None
    return None if row is None else (row, int(numbers[0]))


def output_values(count: int) -> dict[str, Value]:
    """The values and readings of so many outputs."""
    rows = [row for row in TEMPLATES.values() if row.name.startswith("output/{n}/")]
    return {row.name.replace("{n}", str(number)): row.default for number in range(1, count + 1) for row in rows}


def switched_output(name: str) -> int | None:
    """The number of the output that this name switches on and off; None: it does something else."""
    found = resolve(name)
    return found[1] if found and found[0].name == OUTPUT_SWITCH else None


def find_param(name: str) -> Param:
    """Return the row of this name. Raises Rejected, with the closest name, if there is none."""
    found = resolve(name)
    if found is None:
        raise Rejected(f"there is no parameter '{name}'; {suggest(name, [*PARAMS, *TEMPLATES])}")
    return replace(found[0], name=name)


def find_value(name: str) -> Param:
    """Return the row of this name. Raises Rejected if there is none, or if it is a trigger or a reading."""
    row = find_param(name)
    if row.access != "value":
        values = (other.name for other in ROWS if other.access == "value")
        raise Rejected(f"'{name}' is a {row.access} and cannot be set; {suggest(name, values)}")
    return row


def default_values(owner: Owner) -> dict[str, Value]:
    """Return the default of every value that this owner applies, by name."""
    return {row.name: row.default for row in PARAMS.values() if row.access == "value" and row.owner == owner}


def coerce(row: Param, value: object) -> Value:
    """Convert a value to the type of its row; clip numbers, clean text, and parse numbers given as text.

    Raises:
        Rejected: it is NaN or infinite, text where a number is expected, or a number where text is expected.
    """
    if row.kind == "text":
        if not isinstance(value, str):
            raise Rejected(f"'{row.name}' takes text.")
        if row.choices and value not in row.choices:
            raise Rejected(f"'{row.name}' takes {', '.join(row.choices)}; {suggest(value, row.choices)}")
        return clean(value, row.max_characters)
    if isinstance(value, str):
        value = _parse_number(row, value)
    if not isinstance(value, (bool, int, float)) or not _is_finite(value):
        raise Rejected(f"'{row.name}' takes a number{_bounds(row)}.")
    if row.kind == "bool":
        return value >= 0.5
    clipped = min(max(value, row.low), row.high)
    return round(clipped) if row.kind == "int" else float(clipped)


def checked(row: Param, value: object) -> Value:
    """Convert a value like `coerce`, but never clip: for files and command lines, where a number is a decision.

    Raises:
        Rejected: as `coerce`; or a number is out of the row's range.
    """
    converted = coerce(row, value)
    if row.kind not in ("int", "float"):
        return converted
    number = _parse_number(row, value) if isinstance(value, str) else value
    if isinstance(number, (int, float)) and not row.low <= number <= row.high:
        raise Rejected(f"'{row.name}' takes a number{_bounds(row)}, not {number:g}.")
    return converted


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer that no float can hold, as a show file may contain
        return False


def _parse_number(row: Param, text: str) -> float:
    words = {"true": 1.0, "yes": 1.0, "on": 1.0, "false": 0.0, "no": 0.0, "off": 0.0}
    try:
        return words[text.strip().lower()] if text.strip().lower() in words else float(text)
    except ValueError:
        raise Rejected(f"'{row.name}' takes a number{_bounds(row)}, not '{text[:40]}'.") from None


def _bounds(row: Param) -> str:
    return "" if row.kind == "bool" else f" from {row.low:g} to {row.high:g}{' ' + row.unit if row.unit else ''}"


def reference_rows() -> list[tuple[str, str, str, str]]:
    """Return the table for the reference, as Markdown cells: address, type and range, default, description."""
    return [(f"`/laterna/{row.name}`", _signature(row), _default(row), row.help) for row in ROWS]


def _signature(row: Param) -> str:
    if row.access == "trigger":
        return "trigger" + (f" `{row.arguments}`" if row.arguments else "")
    kind = f"`{row.arguments}`" if row.arguments else "0 or 1" if row.kind == "bool" else row.kind
    bounds = f" {row.low:.12g} to {row.high:.12g}" if math.isfinite(row.low) and row.kind in ("float", "int") else ""
    return ("reading, " if row.access == "reading" else "") + kind + bounds + (f" {row.unit}" if row.unit else "")


def _default(row: Param) -> str:
    if row.access != "value" or row.default == "":
        return ""
    return f"{float(row.default):g}" if not isinstance(row.default, str) else row.default
