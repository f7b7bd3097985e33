"""The latest messages, taken and refused: what `/laterna/why` tells."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from installation.core.messages import Value

MAX_MESSAGES = 20
MAX_CHARACTERS = 80  # of the arguments


@dataclass(frozen=True)
class LoggedMessage:
    """A message and what became of it. `reason` says why it was refused; empty: it was taken."""

    sender: str
    address: str
    arguments: str
    reason: str = ""
    at: float = 0.0  # seconds of clock.now


class MessageLog:
    """The last 20 messages. Of messages that repeat, such as those of a fader, only the latest counts."""

    def __init__(self) -> None:
        self._messages: OrderedDict[tuple[str, str, bool], LoggedMessage] = OrderedDict()

    def note(self, sender: str, address: str, args: tuple[Value, ...], reason: str, now: float) -> None:
        """Note a message."""
        arguments = " ".join(f"{arg:g}" if isinstance(arg, float) else str(arg) for arg in args)[:MAX_CHARACTERS]
        key = sender, address, bool(reason)
        self._messages[key] = LoggedMessage(sender, address, arguments, reason, now)
        self._messages.move_to_end(key)
        if len(self._messages) > MAX_MESSAGES:
            self._messages.popitem(last=False)

    @property
    def messages(self) -> tuple[LoggedMessage, ...]:
        """The messages, the oldest first."""
        return tuple(self._messages.values())
