"""A session for Open Stage Control: JSON."""

from __future__ import annotations

import json
from typing import Any

from installation.control.layouts.widgets import Connection, Widget, widgets

NEXT_STEP = "open-stage-control --load FILE --send {host}:{port} --osc-port {feedback_port}"
COLUMNS, WIDTH, HEIGHT, GAP = 4, 280, 90, 10  # of the widgets, in pixels
_COLOURS = {"fader": "#ffb454", "toggle": "#86d993", "button": "#b5a893"}


def layout(connection: Connection) -> bytes:
    """The session, with a tab for each group. Open Stage Control takes host and ports from its command line."""
    del connection
    tabs = [_tab(group, shown) for group, shown in widgets().items()]
    root = {"type": "root", "id": "root", "widgets": [], "tabs": tabs}
    session = {"createdWith": "Open Stage Control", "version": "1.25.0", "type": "session", "content": root}
    return json.dumps(session, indent=2).encode()


def _tab(group: str, shown: tuple[Widget, ...]) -> dict[str, Any]:
    placed = [_widget(widget, place) for place, widget in enumerate(shown)]
    return {"type": "tab", "id": group, "label": group, "widgets": placed, "tabs": []}


def _widget(widget: Widget, place: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": widget.address.removeprefix("/laterna/"),
        "address": widget.address,
        "left": GAP + (place % COLUMNS) * (WIDTH + GAP),
        "top": GAP + (place // COLUMNS) * (HEIGHT + GAP),
        "width": WIDTH,
        "height": HEIGHT,
        "colorWidget": _COLOURS[widget.kind],
        "comments": widget.help,
    }
    if widget.kind == "fader":
        title = f"{widget.label}"
        return made | {
            "type": "fader",
            "horizontal": True,
            "design": "compact",
            "range": {"min": widget.low, "max": widget.high},
            "default": widget.default,
            "html": f'<div class="label">{title}</div>',
            "typeTags": "f",
        }
    mode = "tap" if widget.kind == "button" else "toggle"
    return made | {"type": "button", "label": widget.label, "mode": mode, "on": 1, "off": 0, "typeTags": "i"}
