"""The one table of live parameters: OSC addresses, show files, the reference and the tests come from it.

A row is a value (kept and fed back), a trigger (happens once) or a reading (told, never set). Continuous values are
0..1 unless the name or the unit says otherwise. Out of range is clipped; what is no number at all is refused.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from installation.core.errors import Rejected, suggest
from installation.core.messages import Value
from installation.core.prompt_text import clean

Kind = Literal["float", "int", "bool", "text", "trigger"]
Owner = Literal["conductor", "renderer", "stage", "speech"]
Access = Literal["value", "trigger", "reading"]


@dataclass(frozen=True)
class Param:
    """One row. `low` and `high` bound numbers; `critical` marks what must never be lost (go, panic, blackout)."""

    name: str
    kind: Kind
    owner: Owner
    help: str
    default: Value = 0.0
    low: float = 0.0
    high: float = 1.0
    unit: str = ""
    access: Access = "value"
    critical: bool = False
    arguments: str = ""  # as OSC writes them: of a trigger, and of a value that takes more than itself


def _value(name: str, kind: Kind, owner: Owner, default: Value, help: str, high: float = 1.0, unit: str = "") -> Param:
    return Param(name, kind, owner, help, default, 0.0, high, unit)


def _trigger(name: str, help: str, arguments: str = "", critical: bool = False) -> Param:
    return Param(name, "trigger", "conductor", help, False, access="trigger", critical=critical, arguments=arguments)


def _reading(name: str, kind: Kind, help: str, unit: str = "", high: float = math.inf) -> Param:
    default: Value = "" if kind == "text" else 0 if kind == "int" else 0.0
    return Param(name, kind, "conductor", help, default, -math.inf, high, unit, "reading")


_ROWS = (
    _trigger("prompt", "words that take the stage at once", "s"),
    _value("prompt/negative", "text", "renderer", "", "words to keep away from every picture"),
    _trigger("queue/add", "words that wait their turn", "s"),
    _trigger("queue/skip", "the next words, now"),
    _trigger("queue/clear", "forget the words that wait"),
    _trigger("queue/approve", "the words of that number may be shown; without one the oldest that wait", "[i]"),
    _trigger("queue/reject", "the words of that number are forgotten; without one the oldest that wait", "[i]"),
    _value("queue/hold", "bool", "conductor", False, "nobody's turn comes until it is released"),
    _value("queue/seconds", "float", "conductor", 8.0, "how long waiting words give the present ones", 3600.0, "s"),
    _trigger("go", "the next cue, or the next waiting words", critical=True),
    _trigger("pause", "freeze the picture"),
    _trigger("resume", "go on after a pause"),
    _trigger("panic", "fade to black and empty the queue; twice within a second cuts", critical=True),
    _trigger("panicInTime", "panic with a fade of that many seconds", "f", critical=True),
    _trigger("reset", "leave panic and blackout, back to the attract walk"),
    Param(
        "blackout",
        "bool",
        "stage",
        "black, at once or over a number of seconds given second",
        False,
        critical=True,
        arguments="i [f]",
    ),
    _value("master/opacity", "float", "stage", 1.0, "the light of the whole stage"),
    _value("caption/opacity", "float", "stage", 1.0, "the light of the words under the picture"),
    _value("walk/speed", "float", "renderer", 0.35, "how fast the picture breathes when nothing is said"),
    _value("walk/amount", "float", "renderer", 0.4, "how far the picture wanders from what was dreamed"),
    _value("dream/enabled", "bool", "renderer", True, "whether pictures are optimised towards their words"),
    _value("dream/rate", "float", "renderer", 0.5, "how fast the optimiser moves; .5 is the model's own rate"),
    _value("dream/strength", "float", "renderer", 0.7, "how far words may pull away from what is likely"),
    _value("dream/seed", "int", "renderer", 0, "the seed of the next dreams; 0 draws one", 2**31 - 1),
    _trigger("dream/reseed", "dream the present words again, differently"),
    _value("latent/truncation", "float", "renderer", 0.8, "small: typical pictures; large: varied ones"),
    _value("transition/time", "float", "conductor", 2.5, "how long a picture takes to become the next", 60.0, "s"),
    _value("speech/enabled", "bool", "speech", True, "whether what the microphone hears counts"),
    _value("speech/gate", "bool", "speech", False, "nothing is heard while it is on: the show itself sounds"),
    _value("speech/talk", "bool", "speech", False, "push to talk: heard while it is on, where the show asks for it"),
    _value("speech/partials", "bool", "conductor", True, "whether words move the picture before their sentence ends"),
    _value("script/line", "int", "conductor", 0, "the line of the script read last, from 1; the next is awaited", 9999),
    _value("script/follow", "bool", "conductor", True, "whether what is heard is looked for in the script"),
    _trigger("script/next", "the next line of the script takes the stage, as if it were read"),
    _trigger("script/previous", "the line before the present one takes the stage again"),
    _trigger("script/load", "another text of the show's folder is followed, from its first line on", "s"),
    _trigger("record/still", "keep the present picture as a PNG"),
    _reading("prompt/current", "text", "the words on the stage"),
    _reading("queue/length", "int", "how many words wait"),
    _reading("queue/pending", "int", "how many words wait for approval"),
    _reading("queue/pending/id", "int", "the number of the oldest of them; 0: none"),
    _reading("queue/pending/words", "text", "the oldest of them"),
    _reading("queue/pending/list", "text", "the oldest ten of them, each with its number"),
    _reading("queue/refused", "text", "who said words that were not taken last, and why not"),
    _reading("queue/refusals", "int", "how many words were not taken"),
    _reading("dream/loss", "float", "1 - cosine of the present picture and its words", high=2.0),
    _reading("dream/step", "int", "optimisation steps spent on the present words"),
    _reading("cue/current/index", "int", "the cue on the stage, counted from 1; 0 is none"),
    _reading("cue/current/name", "text", "its name"),
    _reading("mode", "text", "attract, live, paused or panic"),
    _reading("mode/index", "int", "0 attract, 1 live, 2 paused, 3 panic"),
    _reading("speech/partial", "text", "what is being said, as far as it is understood"),
    _reading("speech/final", "text", "what was said last"),
    _reading("speech/unheard", "text", "why the last sound was not taken for words"),
    _reading("speech/level", "float", "how loud the microphone is, of full scale", high=1.0),
    _reading("speech/latency", "float", "from the end of the last sentence to its words", "s"),
    _reading("speech/finals", "int", "how many sentences were understood since the listener began"),
    _reading("speech/refusals", "int", "how many sounds were not taken for words since then"),
    _reading("speech/health", "text", "live, stalled, reopening, muted, clipping, ended (a recording) or off"),
    _reading("speech/health/index", "int", "0 off, 1 live, 2 stalled, 3 reopening, 4 muted, 5 clipping, 6 ended"),
    _reading("speech/recognizer", "text", "what recognises the words"),
    _reading("speech/recognizer/quality", "int", "0 nothing, 1 embedded, good for a known text only, 2 full"),
    _reading("script/name", "text", "the file of the script"),
    _reading("script/lines", "int", "how many lines it has"),
    _reading("script/text", "text", "the line of the script that was read last"),
    _reading("status/alive", "int", "counts up once a second while the show runs"),
    _reading("status/fps", "float", "presented frames", "1/s"),
    _reading("status/generated", "float", "generated frames", "1/s"),
    _reading("status/steps", "float", "optimisation steps", "1/s"),
    _reading("status/cutouts", "int", "views that each optimisation step looks at: what the governor leaves of them"),
    _reading("status/precision", "text", "in which the generator computes: float32, bfloat16 or float16"),
    _reading("status/missed", "float", "presented frames that came late, of the last second", "%"),
    _reading("status/worker", "text", "the last worker that changed its state"),
    _reading("status/state", "text", "running, starting or degraded"),
    _reading("status/state/index", "int", "0 starting, 1 running, 2 degraded"),
)

PARAMS: dict[str, Param] = {row.name: row for row in _ROWS}
MODES = ("attract", "live", "paused", "panic")


def find_param(name: str) -> Param:
    """The row of that name. Raises Refusal with the nearest right one."""
    if name not in PARAMS:
        raise Rejected(f"there is no parameter '{name}'; {suggest(name, PARAMS)}")
    return PARAMS[name]


def find_value(name: str) -> Param:
    """The row of a value of that name. Raises Refusal for a trigger or a reading too."""
    row = find_param(name)
    if row.access != "value":
        values = (other.name for other in _ROWS if other.access == "value")
        raise Rejected(f"'{name}' is no value that can be set: {suggest(name, values)}")
    return row


def default_values(owner: Owner) -> dict[str, Value]:
    """The default of every value that this owner applies, by name."""
    return {row.name: row.default for row in _ROWS if row.access == "value" and row.owner == owner}


def coerce(row: Param, value: object) -> Value:
    """The value as this row takes it: numbers and booleans of any type, clipped; texts cleaned.

    Raises Refusal for NaN, infinity, a text where a number is due, or a number where a text is due.
    """
    if row.kind == "text":
        if not isinstance(value, str):
            raise Rejected(f"'{row.name}' takes a text.")
        return clean(value)
    if isinstance(value, str):
        value = _number(row, value)
    if not isinstance(value, (bool, int, float)) or not _finite(value):
        raise Rejected(f"'{row.name}' takes a number{_bounds(row)}.")
    if row.kind == "bool":
        return value >= 0.5
    clipped = min(max(value, row.low), row.high)
    return round(clipped) if row.kind == "int" else float(clipped)


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer that no float can hold; a show file may have one
        return False


def _number(row: Param, text: str) -> float:
    words = {"true": 1.0, "yes": 1.0, "on": 1.0, "false": 0.0, "no": 0.0, "off": 0.0}
    try:
        return words[text.strip().lower()] if text.strip().lower() in words else float(text)
    except ValueError:
        raise Rejected(f"'{row.name}' takes a number{_bounds(row)}, not '{text[:40]}'.") from None


def _bounds(row: Param) -> str:
    return "" if row.kind == "bool" else f" from {row.low:g} to {row.high:g}{' ' + row.unit if row.unit else ''}"


def reference_rows() -> list[tuple[str, str, str, str]]:
    """The table for readers: address, what it takes, default, help."""
    return [(f"`/laterna/{row.name}`", _takes(row), _default(row), row.help) for row in _ROWS]


def _takes(row: Param) -> str:
    if row.access == "trigger":
        return "trigger" + (f" `{row.arguments}`" if row.arguments else "")
    kind = f"`{row.arguments}`" if row.arguments else "0 or 1" if row.kind == "bool" else row.kind
    bounds = f" {row.low:.12g} to {row.high:.12g}" if math.isfinite(row.low) and row.kind in ("float", "int") else ""
    return ("tells " if row.access == "reading" else "") + kind + bounds + (f" {row.unit}" if row.unit else "")


def _default(row: Param) -> str:
    if row.access != "value" or row.default == "":
        return ""
    return f"{float(row.default):g}" if not isinstance(row.default, str) else row.default
