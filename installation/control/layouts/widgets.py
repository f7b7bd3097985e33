"""What a layout shows: one widget for each value and trigger that a hand can steer, in groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from installation.control.osc_dispatch import address_of
from installation.core.param_table import Param
from installation.core.params import PARAMS, TEMPLATES
from installation.show.settings import OscSettings

WidgetKind = Literal["fader", "toggle", "button"]
GROUPS = (
    "transport",
    "looks",
    "walk",
    "dream",
    "latent",
    "transition",
    "master",
    "caption",
    "queue",
    "speech",
    "script",
)
TRANSPORT = ("go", "playhead/previous", "pause", "resume", "blackout", "panic", "reset")
LOOKS = 8  # snapshots with a button
MAX_FADER_RANGE = 100.0  # of a parameter; a wider one is a number to type, and no fader
_TITLES = {"go": "GO", "playhead/previous": "Previous", "audience/qr": "QR code"}


@dataclass(frozen=True)
class Connection:
    """Where the show listens, and where the program does."""

    host: str = "127.0.0.1"
    port: int = OscSettings().port
    feedback_port: int = OscSettings().feedback_port


@dataclass(frozen=True)
class Widget:
    """A control of a layout."""

    kind: WidgetKind
    address: str
    label: str
    help: str
    low: float = 0.0
    high: float = 1.0
    default: float = 0.0


def widgets() -> dict[str, tuple[Widget, ...]]:
    """The widgets by group; the transport comes first."""
    groups: dict[str, list[Widget]] = {"transport": []}
    for name in TRANSPORT:
        if name in PARAMS and (widget := _widget(PARAMS[name])):
            groups["transport"].append(widget)
    for row in PARAMS.values():
        group = row.name.partition("/")[0]
        if row.name not in TRANSPORT and "/" in row.name and (widget := _widget(row)):
            groups.setdefault(group, []).append(widget)
    recall = TEMPLATES["snapshot/{n}/recall"]
    groups["looks"] = [
        Widget("button", address_of(recall.name.replace("{n}", str(slot))), f"Look {slot}", recall.help)
        for slot in range(1, LOOKS + 1)
    ]
    known = [group for group in GROUPS if groups.get(group)]
    return {group: tuple(groups[group]) for group in (*known, *(each for each in groups if each not in known))}


def _widget(row: Param) -> Widget | None:
    """None for what no button or fader can steer: readings, texts, wide numbers, triggers with arguments."""
    label = _TITLES.get(row.name) or row.name.partition("/")[2].replace("/", " ") or row.name
    label = label[:1].upper() + label[1:]
    if row.access == "trigger" and row.arguments in ("", "[i]"):
        return Widget("button", address_of(row.name), label, row.help)
    if row.access != "value":
        return None
    if row.kind == "bool":
        return Widget("toggle", address_of(row.name), label, row.help, default=float(row.default))
    if row.kind == "float" and row.high - row.low <= MAX_FADER_RANGE:
        return Widget("fader", address_of(row.name), label, row.help, row.low, row.high, float(row.default))
    return None
