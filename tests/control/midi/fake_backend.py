"""A backend of mido without a driver: ports in memory, by name. See mido's `backends/` for the interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

PORTS: list[str] = ["Desk:Desk MIDI 1 20:0"]
INPUTS: dict[str, Input] = {}
OUTPUTS: dict[str, Output] = {}


def get_devices(**_options: Any) -> list[dict[str, Any]]:
    return [{"name": name, "is_input": True, "is_output": True} for name in PORTS]


class Input:
    def __init__(self, name: str, callback: Callable[[Any], Any], **_options: Any) -> None:
        if name == "broken":
            raise OSError("the driver is gone")
        self.name, self.callback, self.closed = name, callback, False
        INPUTS[name] = self

    def close(self) -> None:
        self.closed = True


class Output:
    def __init__(self, name: str, **_options: Any) -> None:
        self.name, self.sent, self.closed = name, list[Any](), False
        OUTPUTS[name] = self

    def send(self, message: Any) -> None:
        self.sent.append(message)

    def close(self) -> None:
        self.closed = True
