"""What an OSC message means: address and arguments -> values to set, triggers to fire, questions to answer.

All addresses come from the table of parameters. Pure: knows no socket, no clock and no state of the show.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from installation.control.osc_patterns import compiled, is_pattern
from installation.core.errors import Rejected, suggest
from installation.core.messages import SetParam, Trigger, Value
from installation.core.params import PARAMS, Param, coerce
from installation.core.prompt_text import MAX_CHARACTERS, clean

ROOT = "/laterna/"
ALIASES = {"/prompt": "prompt"}  # the address that the field's image tools already use
VERBS = frozenset({"subscribe", "unsubscribe", "renew", "ping", "connect"})  # what is said to the desk itself
ALWAYS_OPEN = frozenset({"panic", "panicInTime", "blackout"})  # never ask for a passcode
MAX_ADDRESS = 255
MAX_FADE_SECONDS = 600.0


@dataclass(frozen=True)
class ValueQuery:
    """Somebody wants to know the present value of `name`, answered on `address`."""

    name: str
    address: str


Meaning = SetParam | Trigger | ValueQuery


class UnknownAddress(Rejected):
    """There is no such address. The nearest one is searched when the text is wanted, since searching takes long."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address

    def __str__(self) -> str:
        rooted = self.address if self.address.startswith(ROOT) else address_of(self.address.lstrip("/"))
        return f"there is no such address; {suggest(rooted, map(address_of, (*PARAMS, *VERBS)))}"


def address_of(name: str) -> str:
    """`walk/speed` -> `/laterna/walk/speed`."""
    return ROOT + name


def interpret(address: str, args: tuple[Value, ...], source: str) -> list[Meaning]:
    """The meanings of one message, none for a button's release. Raises Refusal."""
    if len(address) > MAX_ADDRESS:
        raise Rejected(f"an address has at most {MAX_ADDRESS} characters.")
    if is_pattern(address):
        return _matching(address, args, source)
    name = ALIASES.get(address, address.removeprefix(ROOT) if address.startswith(ROOT) else "")
    if name not in PARAMS:
        raise UnknownAddress(address)
    row = PARAMS[name]
    if args == ("?",):
        return [ValueQuery(_readable(row), address)]
    if row.access == "value":
        return [_set(row, args, source)]
    if row.access == "trigger":
        return list(_fire(row, args, source))
    raise Rejected("it is told, never set; send '?' to ask for it.")


def _readable(row: Param) -> str:
    """The name of the value that answers a question: a trigger's is what it left behind (`prompt/current`)."""
    name = row.name if row.access != "trigger" else f"{row.name}/current"
    if name not in PARAMS:
        raise Rejected("it happens once and has no value to ask for.")
    return name


def _matching(address: str, args: tuple[Value, ...], source: str) -> list[Meaning]:
    """A pattern sets values, or asks; it fires no trigger and reaches nothing critical, since a typo costs a show."""
    pattern = compiled(address)
    rows = [row for row in PARAMS.values() if pattern.fullmatch(address_of(row.name))]
    if args == ("?",):
        meanings: list[Meaning] = [
            ValueQuery(row.name, address_of(row.name)) for row in rows if row.access != "trigger"
        ]
    else:
        words = any(isinstance(arg, str) for arg in args)
        values = [r for r in rows if r.access == "value" and not r.critical and (r.kind == "text") == words]
        meanings = [_set(row, args, source) for row in values]
    if not meanings:
        raise Rejected("the pattern matches no value; triggers and critical addresses are written out.")
    return meanings


def _set(row: Param, args: tuple[Value, ...], source: str) -> SetParam:
    if row.kind == "text":
        return SetParam(row.name, coerce(row, joined(args)), source)
    if not args:
        raise Rejected("a value is missing; send '?' to ask for the present one.")
    if len(args) > 2 or (len(args) == 2 and "[f]" not in row.arguments):
        raise Rejected("it takes one value a message.")
    seconds = _seconds(args[1]) if len(args) == 2 else 0.0
    return SetParam(row.name, coerce(row, args[0]), source, seconds)


def _fire(row: Param, args: tuple[Value, ...], source: str) -> tuple[Trigger, ...]:
    if row.arguments == "s":
        return _say(row, args, source)
    if row.arguments == "[i]":
        return _decide(row, args, source)
    if row.arguments == "f":  # a quantity: its 0 is no button's release
        return (Trigger(row.name, (_seconds(args[0]),) if args else (), source),)
    if args in ((), ("",)):  # python-osc's TCP client sends an empty text where there is nothing to say
        return (Trigger(row.name, (), source),)
    if isinstance(args[0], str):
        raise Rejected("it takes no argument, or a button's number.")
    return (Trigger(row.name, (), source),) if _finite(args[0]) else ()


def _decide(row: Param, args: tuple[Value, ...], source: str) -> tuple[Trigger, ...]:
    """A number, 2 or more, or a button: pressed is anything up to 1, or nothing at all; released is 0."""
    if args in ((), ("",)):
        return (Trigger(row.name, (), source),)
    if isinstance(args[0], str):
        raise Rejected("it takes a number, or nothing for the oldest.")
    number = _finite(args[0])
    if number == 0:
        return ()
    return (Trigger(row.name, () if 0 < number <= 1 else (int(number),), source),)


def _say(row: Param, args: tuple[Value, ...], source: str) -> tuple[Trigger, ...]:
    if args in ((0,), (0.0,), (False,)):
        return ()
    text = clean(joined(args))
    if not text:
        raise Rejected("it takes words.")
    return (Trigger(row.name, (text,), source),)


def joined(args: tuple[Value, ...]) -> str:
    """The arguments joined by spaces: a Max message box sends words apart. Much too long ones are cut before that.

    Raises Refusal for booleans, which no tool sends as words, and for what is no finite number.
    """
    if any(isinstance(arg, bool) for arg in args):
        raise Rejected("it takes words, not a button's true or false.")
    return " ".join(_word(arg) for arg in args)


def _word(value: Value) -> str:
    if isinstance(value, str):
        return value[: 8 * MAX_CHARACTERS]
    return str(value) if isinstance(value, int) else f"{_finite(value):g}"


def _seconds(value: Value) -> float:
    if isinstance(value, str):
        raise Rejected("it takes a number of seconds.")
    return min(max(_finite(value), 0.0), MAX_FADE_SECONDS)


def _finite(value: Value) -> float:
    if isinstance(value, str) or not math.isfinite(value):
        raise Rejected("it takes a finite number.")
    return float(value)
