"""What MIDI controls mean: values and triggers of the parameter table. Pure: no ports, time is an argument.

A control is written as in the show file: `cc 1/7` is controller 7 on channel 1, `note 10/36` a pad, `pitch 1` a motor
fader with 14 bits. Channels count from 1.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Literal

from installation.core.errors import Rejected
from installation.core.messages import Origin, SetParam, Trigger, Value
from installation.core.param_table import Param
from installation.core.params import find_param

Kind = Literal["cc", "note", "pitch"]
CATCH = 3.0 / 127.0  # how near a loose fader has to come to the value before it takes over
ECHO_SECONDS = 0.3  # after a move, changes made by the control itself are not sent back to it
MAX_BINDINGS = 1000
MAX_NAME = 255  # characters of a parameter
_CONTROL = re.compile(r"(cc|note) (\d{1,2})/(\d{1,3})|pitch (\d{1,2})")


@dataclass(frozen=True)
class Control:
    """A knob, fader or pad. `channel` counts from 1; `number` is 0 for the pitch wheel."""

    kind: Kind
    channel: int
    number: int = 0

    def __str__(self) -> str:
        return f"pitch {self.channel}" if self.kind == "pitch" else f"{self.kind} {self.channel}/{self.number}"


def parse_control(text: str) -> Control:
    """`cc 1/7` -> Control. Raises Rejected."""
    found = _CONTROL.fullmatch(" ".join(text.lower().split()))
    if found:
        kind: Kind = "pitch" if found[4] else "cc" if found[1] == "cc" else "note"
        channel, number = int(found[4] or found[2]), int(found[3] or 0)
        if 1 <= channel <= 16 and number <= 127:
            return Control(kind, channel, number)
    raise Rejected(f"'{text[:40]}' is no MIDI control; write 'cc 1/7', 'note 10/36' or 'pitch 1'.")


def check_name(name: str) -> Param:
    """The parameter or trigger that a control may steer. Raises Rejected."""
    row = find_param(name[:MAX_NAME])
    if row.access == "reading" or row.kind == "text" or _needs_arguments(row):
        raise Rejected(f"'{name}' cannot be steered by a MIDI control.")
    return row


def _needs_arguments(row: Param) -> bool:
    return row.access == "trigger" and row.arguments not in ("", "[i]", "[f]")


@dataclass
class _Binding:
    row: Param
    position: float = math.nan  # where the hand has left the control, 0..1; NaN: not known
    loose: bool = True  # the control is elsewhere than the value: it has to catch it first
    moved_at: float = -math.inf


@dataclass
class MidiMap:
    """The bindings of one controller."""

    origin: Origin
    soft_takeover: bool = True  # a fader that is elsewhere than its value has to pass it before it takes over
    values: dict[str, Value] = field(default_factory=dict)  # by name
    _bindings: dict[Control, _Binding] = field(default_factory=dict)

    @property
    def bindings(self) -> dict[str, str]:
        """Names by control, as in the show file."""
        return {str(control): binding.row.name for control, binding in self._bindings.items()}

    def bind(self, control: Control, name: str) -> None:
        """Let a control steer a parameter; it steers nothing else any more. Raises Rejected."""
        row = check_name(name)
        if control not in self._bindings and len(self._bindings) >= MAX_BINDINGS:
            raise Rejected(f"there are already {MAX_BINDINGS} MIDI controls.")
        for other in [each for each, binding in self._bindings.items() if binding.row.name == name]:
            del self._bindings[other]
        self._bindings[control] = _Binding(row, loose=self.soft_takeover)

    def moved(self, control: Control, position: float, now: float) -> SetParam | Trigger | None:
        """A control was moved to `position` (0..1), or a pad pressed (1) or released (0)."""
        binding = self._bindings.get(control)
        if binding is None:
            return None
        before, binding.position, binding.moved_at = binding.position, position, now
        row = binding.row
        pressed = position >= 0.5 and not before >= 0.5  # NaN counts as released
        if row.access == "trigger":
            return Trigger(row.name, (), self.origin) if pressed else None
        if row.kind == "bool":
            return self._switch(control, row, position, before, pressed)
        if binding.loose and not self._catches(row, before, position):
            return None
        binding.loose = False
        return self._set(row, row.low + position * (row.high - row.low))

    def _switch(self, control: Control, row: Param, position: float, before: float, pressed: bool) -> SetParam | None:
        """A pad toggles; a knob or fader switches where it passes the middle."""
        if control.kind == "note":
            return self._set(row, not self.values.get(row.name, row.default)) if pressed else None
        crossed = math.isnan(before) or (position >= 0.5) != (before >= 0.5)
        return self._set(row, position >= 0.5) if crossed else None

    def _catches(self, row: Param, before: float, position: float) -> bool:
        """Whether a loose control has reached the value, or passed it."""
        value = _position(row, self.values.get(row.name, row.default))
        low, high = sorted((position if math.isnan(before) else before, position))
        return low - CATCH <= value <= high + CATCH

    def _set(self, row: Param, value: Value) -> SetParam:
        number = round(float(value)) if row.kind == "int" else value
        self.values[row.name] = number
        return SetParam(row.name, number, self.origin)

    def changed(self, name: str, value: Value, origin: Origin, now: float) -> list[tuple[Control, float]]:
        """A value has changed. Returns the motors and lights to move: (control, position 0..1)."""
        self.values[name] = value
        found = []
        for control, binding in self._bindings.items():
            if binding.row.name != name:
                continue
            position = _position(binding.row, value)
            if origin == self.origin and now < binding.moved_at + ECHO_SECONDS:
                continue
            if self.soft_takeover and abs(position - binding.position) > CATCH:
                binding.loose = True
            found.append((control, position))
        return found

    def all_positions(self) -> list[tuple[Control, float]]:
        """Where every motor and light belongs now."""
        rows = [(control, binding.row) for control, binding in self._bindings.items()]
        return [(c, _position(r, self.values.get(r.name, r.default))) for c, r in rows if r.access == "value"]


def _position(row: Param, value: Value) -> float:
    """Where a value lies in its range, 0..1."""
    if isinstance(value, str) or row.high <= row.low:
        return 0.0
    return min(max((float(value) - row.low) / (row.high - row.low), 0.0), 1.0)
