"""OSC messages -> values to set, triggers to fire, queries to answer.

All addresses come from the parameter table. Pure: no sockets, no clock, no state of the show.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from installation.control.osc_patterns import compiled, is_pattern
from installation.core.errors import Rejected, suggest
from installation.core.messages import Origin, SetParam, Trigger, Value
from installation.core.param_table import Param
from installation.core.params import PARAMS, TEMPLATES, coerce, find_param, resolve
from installation.core.prompt_text import MAX_CHARACTERS, clean

ROOT = "/laterna/"
ALIASES = {"/prompt": "prompt"}  # the address that other live image generators use
VERBS = frozenset({"subscribe", "unsubscribe", "renew", "ping", "connect", "why"})  # answered by the server itself
BANGS: tuple[tuple[Value, ...], ...] = ((), ("",), ("bang",))  # python-osc's TCP client sends "" for no argument
MAX_ADDRESS = 255
MAX_FADE_SECONDS = 600.0


@dataclass(frozen=True)
class ValueQuery:
    """A query for the current value of `name`, to be answered on `address`."""

    name: str
    address: str


Action = SetParam | Trigger | ValueQuery


class UnknownAddress(Rejected):
    """The address does not exist. The closest match is searched only when the text is used: the search is slow."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address

    def __str__(self) -> str:
        return _unknown(self.address)


@lru_cache(maxsize=1024)
def _unknown(address: str) -> str:
    rooted = address if address.startswith(ROOT) else address_of(address.lstrip("/"))
    return f"unknown address; {suggest(rooted, map(address_of, (*PARAMS, *TEMPLATES, *VERBS)))}"


def address_of(name: str) -> str:
    """`walk/speed` -> `/laterna/walk/speed`."""
    return ROOT + name


def name_of(address: str) -> str:
    """`/laterna/walk/speed` -> `walk/speed`; empty for an address that is not one of the show."""
    return ALIASES.get(address, address.removeprefix(ROOT) if address.startswith(ROOT) else "")


def interpret(address: str, args: tuple[Value, ...], origin: Origin) -> list[Action]:
    """The actions of one message; none for the release of a button. Raises Rejected."""
    if len(address) > MAX_ADDRESS:
        raise Rejected(f"an address may have at most {MAX_ADDRESS} characters.")
    if is_pattern(address):
        return _matching(address, args, origin)
    name = name_of(address)
    if resolve(name) is None:
        raise UnknownAddress(address)
    row = find_param(name)
    if args == ("?",):
        return [ValueQuery(_readable(row), address)]
    if row.access == "value":
        return [_set(row, args, origin)]
    if row.access == "trigger":
        return list(_fire(row, args, origin))
    raise Rejected("this is a reading and cannot be set; send '?' to query it.")


def always_open(action: Action) -> bool:
    """Whether an action needs no passcode: panic, and blackout if it makes the stage black."""
    match action:
        case Trigger("panic" | "panicInTime"):
            return True
        case SetParam("blackout", value):
            return bool(value)
    return False


def _readable(row: Param) -> str:
    """The value that answers a query; for a trigger, the reading that belongs to it (`prompt/current`)."""
    name = row.name if row.access != "trigger" else f"{row.name}/current"
    if resolve(name) is None:
        raise Rejected("a trigger has no value to query.")
    return name


def _matching(address: str, args: tuple[Value, ...], origin: Origin) -> list[Action]:
    """The actions of a pattern: it sets or queries values, but never reaches triggers or critical values."""
    pattern = compiled(address)
    rows = [row for row in PARAMS.values() if pattern.fullmatch(address_of(row.name))]
    if args == ("?",):
        actions: list[Action] = [ValueQuery(row.name, address_of(row.name)) for row in rows if row.access != "trigger"]
    else:
        is_text = any(isinstance(arg, str) for arg in args)
        values = [r for r in rows if r.access == "value" and not r.critical and (r.kind == "text") == is_text]
        actions = [_set(row, args, origin) for row in values]
    if not actions:
        raise Rejected("the pattern matches no value; triggers and critical values need their full address.")
    return actions


def _set(row: Param, args: tuple[Value, ...], origin: Origin) -> SetParam:
    if row.kind == "text":
        text = _words(args)
        value = coerce(row, text)
        return SetParam(row.name, value, origin, exact=value == text)
    if not args and row.arguments == "[i]":
        args = (True,)
    if not args:
        raise Rejected("the value is missing; send '?' to query the current one.")
    if len(args) > 2 or (len(args) == 2 and not row.fades):
        raise Rejected("only one value per message is allowed.")
    seconds = _seconds(args[1]) if len(args) == 2 else 0.0
    value = coerce(row, args[0])
    return SetParam(row.name, value, origin, seconds, exact=value == args[0])


def _fire(row: Param, args: tuple[Value, ...], origin: Origin) -> tuple[Trigger, ...]:
    match row.arguments:
        case "s":
            return _prompt(row, args, origin)
        case "[i]":
            return _choose_prompt(row, args, origin)
        case "f" | "i" | "iif" | "ff" | "ii" | "iiff":  # quantities: 0 is not the release of a button
            return (Trigger(row.name, _quantities(row, args), origin),)
    if args in BANGS:
        return (Trigger(row.name, (), origin),)
    if isinstance(args[0], str) and not _is_number(args[0]):
        raise Rejected("a trigger takes no argument, or the number of a button.")
    pressed = _number(args[0])
    given = (_seconds(args[0]),) if row.arguments == "[f]" else ()
    return (Trigger(row.name, given, origin),) if pressed else ()


def _quantities(row: Param, args: tuple[Value, ...]) -> tuple[Value, ...]:
    """The numbers of a trigger that takes some; a single one, in seconds, may be omitted."""
    if len(args) != len(row.arguments) and (args or row.arguments != "f"):
        raise Rejected(f"expected {len(row.arguments)} number{'s' if len(row.arguments) > 1 else ''}.")
    numbers = zip(args, row.arguments, strict=False)
    measure = _seconds if len(row.arguments) == 1 else _number
    return tuple(measure(arg) if kind == "f" else int(_number(arg)) for arg, kind in numbers)


def _choose_prompt(row: Param, args: tuple[Value, ...], origin: Origin) -> tuple[Trigger, ...]:
    """A prompt id of 2 or more, or a button: no argument or a number up to 1 is a press, 0 a release."""
    if args in BANGS:
        return (Trigger(row.name, (), origin),)
    if isinstance(args[0], str) and not _is_number(args[0]):
        raise Rejected("send a prompt id, or no argument for the oldest prompt.")
    number = _number(args[0])
    if number == 0:
        return ()
    return (Trigger(row.name, () if 0 < number <= 1 else (int(number),), origin),)


def _prompt(row: Param, args: tuple[Value, ...], origin: Origin) -> tuple[Trigger, ...]:
    if args in ((0,), (0.0,), (False,)):
        return ()
    text = clean(_words(args))
    if not text:
        raise Rejected("the text is empty.")
    return (Trigger(row.name, (text,), origin),)


def _words(args: tuple[Value, ...]) -> str:
    """The arguments as a text. A number alone is never words: it is the value of a button or fader."""
    if len(args) == 1 and not isinstance(args[0], (bool, str)):
        raise Rejected(f"a number alone is not words; send text, as in '{_word(args[0])} geese'.")
    return joined(args)


def joined(args: tuple[Value, ...]) -> str:
    """The arguments joined by spaces: a Max message box sends each word as an argument. Very long ones are cut.

    Raises Rejected for booleans and for numbers that are not finite.
    """
    if any(isinstance(arg, bool) for arg in args):
        raise Rejected("expected a text, not true or false.")
    return " ".join(_word(arg) for arg in args)


def _word(value: Value) -> str:
    if isinstance(value, str):
        return value[: 8 * MAX_CHARACTERS]
    return str(value) if isinstance(value, int) else f"{_number(value):g}"


def _seconds(value: Value) -> float:
    return min(max(_number(value), 0.0), MAX_FADE_SECONDS)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _number(value: Value) -> float:
    """A number, also from text ("0.5"). Raises Rejected."""
    if isinstance(value, str):
        if not _is_number(value):
            raise Rejected(f"expected a number, not '{value[:40]}'.")
        return float(value)
    if not math.isfinite(value):
        raise Rejected("expected a finite number.")
    return float(value)
