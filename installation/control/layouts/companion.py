"""A page of buttons for Bitfocus Companion (a Stream Deck): a page export of version 4, with Generic OSC."""

from __future__ import annotations

import json
from typing import Any

from installation.control.layouts.widgets import Connection, Widget, widgets

NEXT_STEP = "In Companion, Import / Export, import it as a page; its connection 'laterna' sends to {host}:{port}."
INSTANCE = "laterna-osc"
COLUMNS, ROWS = 8, 4  # of a Stream Deck XL
_WHITE, _BLACK = 0xFFFFFF, 0x000000
_COLOURS = {"GO": 0x2E7D3C, "Panic": 0xB3261E, "Blackout": 0x3A332A}
_STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)  # of its range, to which the buttons of a fader set it


def layout(connection: Connection) -> bytes:
    """The page: the transport in the first row, then toggles and triggers, then faders in five steps."""
    controls: dict[str, dict[str, Any]] = {}
    for place, (label, actions) in enumerate(_buttons()[: COLUMNS * ROWS]):
        row, column = divmod(place, COLUMNS)
        controls.setdefault(str(row), {})[str(column)] = _button(label, actions, place)
    size = {"minColumn": 0, "maxColumn": COLUMNS - 1, "minRow": 0, "maxRow": ROWS - 1}
    settings = {"host": connection.host, "port": str(connection.port), "protocol": "udp", "listen": False}
    instance = {
        "instance_type": "generic-osc",
        "label": "laterna",
        "config": settings,
        "isFirstInit": False,
        "lastUpgradeIndex": -1,
        "enabled": True,
        "sortOrder": 0,
    }
    page = {"name": "Laterna", "controls": controls, "gridSize": size}
    export = {"version": 4, "type": "page", "page": page, "instances": {INSTANCE: instance}, "oldPageNumber": 1}
    return json.dumps(export, indent=1).encode()


def _buttons() -> list[tuple[str, list[dict[str, Any]]]]:
    groups = widgets()
    flat = [widget for group in groups.values() for widget in group]
    plain = [each for widget in flat if widget.kind != "fader" for each in _simple(widget)]
    faders = [each for widget in flat if widget.kind == "fader" for each in _fader(widget)]
    return plain + faders


def _simple(widget: Widget) -> list[tuple[str, list[dict[str, Any]]]]:
    if widget.kind == "button":
        return [(widget.label, [_action("send_blank", widget.address)])]
    states = (("on", 1), ("off", 0))
    return [(f"{widget.label} {word}", [_action("send_int", widget.address, int=str(value))]) for word, value in states]


def _fader(widget: Widget) -> list[tuple[str, list[dict[str, Any]]]]:
    values = [widget.low + share * (widget.high - widget.low) for share in _STEPS]
    name = f"{widget.address.split('/')[2]} {widget.label}"
    return [(f"{name} {value:g}", [_action("send_float", widget.address, float=f"{value:g}")]) for value in values]


def _action(action: str, path: str, **options: str) -> dict[str, Any]:
    return {"id": f"{action}-{path}-{'-'.join(options.values())}", "action": action, "instance": INSTANCE} | {
        "options": {"path": path, **options}
    }


def _button(label: str, actions: list[dict[str, Any]], place: int) -> dict[str, Any]:
    style = {
        "text": label,
        "textExpression": False,
        "size": "auto",
        "alignment": "center:center",
        "pngalignment": "center:center",
        "color": _WHITE,
        "bgcolor": _COLOURS.get(label.removesuffix(" on"), _BLACK),
        "show_topbar": "default",
    }
    named = [action | {"id": f"{place}-{action['id']}"} for action in actions]
    step = {"action_sets": {"down": named, "up": []}, "options": {"runWhileHeld": []}}
    options = {"relativeDelay": False, "stepAutoProgress": True, "rotaryActions": False}
    return {"type": "button", "style": style, "options": options, "feedbacks": [], "steps": {"0": step}}
