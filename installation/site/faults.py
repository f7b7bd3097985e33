"""Faults: what is wrong now, in sentences by key, becomes one message for each fault and one when it is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

REPEAT_SECONDS = 3600.0  # after its end, in which the same fault is not sent again


@dataclass
class _Fault:
    text: str
    since: float
    seen: float  # when it was last there
    sent: bool = False


class FaultBook:
    """Times are seconds of `clock.now`. A fault that comes and goes is one fault until it has been away for as long."""

    def __init__(self, after_seconds: float) -> None:
        """`after_seconds`: how long a fault lasts, and is away, before it is sent, and over."""
        self._after = after_seconds
        self._faults: dict[str, _Fault] = {}
        self._ended: dict[str, float] = {}

    @property
    def present(self) -> tuple[str, ...]:
        """The sentences of the faults that have been sent and are not over."""
        return tuple(fault.text for fault in self._faults.values() if fault.sent)

    def update(self, faults: Mapping[str, str], now: float) -> list[str]:
        """Take what is wrong now; return the messages that are due."""
        messages = []
        for key, text in faults.items():
            fault = self._faults.setdefault(key, _Fault(text, now, now))
            fault.text, fault.seen = text, now
            if not fault.sent and now - fault.since >= self._after:
                fault.sent = True
                if now - self._ended.get(key, float("-inf")) >= REPEAT_SECONDS:
                    messages.append(f"Fault: {text}")
        for key, fault in list(self._faults.items()):
            if key not in faults and (not fault.sent or now - fault.seen >= self._after):
                del self._faults[key]
                if fault.sent:
                    if now - self._ended.get(key, float("-inf")) >= REPEAT_SECONDS:
                        messages.append(f"Over after {(fault.seen - fault.since) / 60:.0f} min: {fault.text}")
                    self._ended[key] = now
        return messages
