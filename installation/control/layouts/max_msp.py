"""A patch for Max: JSON, with udpsend, udpreceive, and a control for each address."""

from __future__ import annotations

import json
from typing import Any

from installation.control.layouts.widgets import Connection, Widget, widgets

NEXT_STEP = (
    "Open it in Max. It sends to {host}:{port}, subscribes by itself, and gets feedback on port {feedback_port}."
)
COLUMN, ROW, TOP = 330, 56, 130  # pixels
RENEW_MS = 30_000  # half of a subscription's lease


class _Patch:
    """Boxes and lines, with the numbers that Max gives them."""

    def __init__(self) -> None:
        self.boxes: list[dict[str, Any]] = []
        self.lines: list[dict[str, Any]] = []

    def box(self, kind: str, x: float, y: float, width: float, ports: tuple[int, int], **more: Any) -> str:
        """Add a box; `ports` are its inlets and outlets. Returns its id."""
        identity = f"obj-{len(self.boxes) + 1}"
        fields = {"id": identity, "maxclass": kind, "numinlets": ports[0], "numoutlets": ports[1]}
        self.boxes.append({"box": {**fields, "patching_rect": [x, y, width, 22.0], **more}})
        return identity

    def connect(self, source: str, target: str, outlet: int = 0) -> None:
        """Draw a line."""
        self.lines.append({"patchline": {"source": [source, outlet], "destination": [target, 0]}})


def layout(connection: Connection) -> bytes:
    """The patch, with a column for each group."""
    patch = _Patch()
    send = patch.box("newobj", 20, 60, 170, (1, 0), text=f"udpsend {connection.host} {connection.port}")
    receive = patch.box("newobj", 220, 20, 130, (1, 1), text=f"udpreceive {connection.feedback_port}")
    _subscribe(patch, send, connection)
    words = patch.box("message", 500, 20, 190, (2, 1), text="/prompt a red sun over the sea")
    patch.connect(words, send)
    shown = [widget for group in widgets().values() for widget in group]
    routed = [widget for widget in shown if widget.kind != "button"]
    addresses = " ".join(widget.address for widget in routed)
    route = patch.box("newobj", 220, 60, 600, (1, len(routed) + 1), text=f"route {addresses}")
    patch.connect(receive, route)
    for column, (group, members) in enumerate(widgets().items()):
        x = 20 + column * COLUMN
        patch.box("comment", x, TOP - 30, 200, (1, 0), text=group)
        for row, widget in enumerate(members):
            control = _control(patch, widget, x, TOP + row * ROW, send)
            if widget.kind != "button":
                _feedback(patch, route, routed.index(widget), control, (x, TOP + row * ROW))
    content = {
        "fileversion": 1,
        "appversion": {"major": 8, "minor": 6, "revision": 5, "architecture": "x64", "modernui": 1},
        "classnamespace": "box",
        "rect": [60, 90, 1400, 800],
        "boxes": patch.boxes,
        "lines": patch.lines,
    }
    return json.dumps({"patcher": content}, indent=1).encode()


def _subscribe(patch: _Patch, send: str, connection: Connection) -> None:
    start = patch.box("newobj", 20, 20, 60, (1, 1), text="loadbang")
    clock = patch.box("newobj", 90, 20, 90, (2, 1), text=f"metro {RENEW_MS}")
    message = patch.box("message", 360, 20, 130, (2, 1), text=f"/laterna/subscribe {connection.feedback_port}")
    patch.connect(start, clock)
    patch.connect(clock, message)
    patch.connect(message, send)


def _control(patch: _Patch, widget: Widget, x: float, y: float, send: str) -> str:
    patch.box("comment", x, y, 130, (1, 0), text=widget.label, hint=widget.help)
    if widget.kind == "button":
        control = patch.box("button", x + 134, y, 22, (1, 1), outlettype=["bang"])
        message = patch.box("message", x + 170, y, 140, (2, 1), text=widget.address)
        patch.connect(control, message)
        patch.connect(message, send)
        return control
    if widget.kind == "toggle":
        control = patch.box("toggle", x + 134, y, 22, (1, 1), outlettype=["int"], parameter_enable=0)
    else:
        control = patch.box(
            "flonum", x + 134, y, 60, (1, 2), format=6, minimum=widget.low, maximum=widget.high, parameter_enable=0
        )
    prepend = patch.box("newobj", x + 170, y + 24, 150, (1, 1), text=f"prepend {widget.address}")
    patch.connect(control, prepend)
    patch.connect(prepend, send)
    return control


def _feedback(patch: _Patch, route: str, outlet: int, control: str, place: tuple[float, float]) -> None:
    """Show a value from the show without sending it back: `set` changes a number and stays silent."""
    silent = patch.box("newobj", place[0], place[1] + 24, 80, (1, 1), text="prepend set")
    patch.connect(route, silent, outlet)
    patch.connect(silent, control)
