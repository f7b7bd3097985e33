"""Buttons that are held and values that are repeated: a tool that sends every channel at 60 Hz means each once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from installation.core.messages import Value

SILENCE_SECONDS = 0.5  # after which a button that was never released may fire again
STREAM_SECONDS = 2.0  # a value that comes again within this time is a repetition, not a new setting
MAX_REMEMBERED = 8192  # of each; the oldest are forgotten

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class _Recent(Generic[K, V]):
    """The latest entries by key."""

    def __init__(self) -> None:
        self._entries: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        return self._entries.get(key)

    def put(self, key: K, entry: V) -> None:
        self._entries[key] = entry
        self._entries.move_to_end(key)
        if len(self._entries) > MAX_REMEMBERED:
            self._entries.popitem(last=False)


@dataclass(frozen=True)
class _Press:
    down: bool
    amount: float
    at: float


class ButtonEdges:
    """Fires a button when it becomes true; again only after a release, or after half a second of silence."""

    def __init__(self) -> None:
        self._last: _Recent[Hashable, _Press] = _Recent()

    def fires(self, key: Hashable, down: bool, now: float) -> bool:
        """Take the state of a button; `key` is its sender and address. Return whether it fires."""
        last = self._last.get(key)
        self._last.put(key, _Press(down, float(down), now))
        return down and (last is None or not last.down or now >= last.at + SILENCE_SECONDS)

    def fires_amount(self, key: Hashable, amount: float, now: float) -> bool:
        """The same for a trigger whose argument is an amount: 0 counts, unless it ends a press."""
        last = self._last.get(key)
        self._last.put(key, _Press(True, amount, now))
        silent = last is None or now >= last.at + SILENCE_SECONDS
        return silent or (last is not None and amount not in (last.amount, 0.0))


class Repetitions:
    """Recognises values that a sender merely repeats: they must not undo what a cue or another sender has set."""

    def __init__(self) -> None:
        self._last: _Recent[Hashable, tuple[Value, float, float]] = _Recent()

    def is_new(self, key: Hashable, value: Value, seconds: float, now: float) -> bool:
        """Take a value with its fade; `key` is its sender and name. Return whether it is a setting."""
        last = self._last.get(key)
        self._last.put(key, (value, seconds, now))
        return last is None or last[:2] != (value, seconds) or now >= last[2] + STREAM_SECONDS
