"""What was said already: the same words again, and the same message of a visitor."""

from __future__ import annotations

from installation.core.messages import Origin

REPEAT_SECONDS = 10.0  # within which the same words from the same sender are one prompt
MAX_SENDERS = 256  # whose last words are remembered
MAX_TAKEN = 20_000  # messages of visitors that are recognised when they come again


class LastWords:
    """The last live words of each sender, so that a repetition is recognised."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[str, float]] = {}  # the sender that spoke last comes last

    def repeats(self, text: str, origin: Origin, now: float) -> bool:
        """Whether the sender's last words were the same, within `REPEAT_SECONDS`; if so, that time begins again."""
        last = self._last.get(origin.sender)
        if last is None or last[0] != text or now >= last[1] + REPEAT_SECONDS:
            return False
        self.note(text, origin, now)
        return True

    def note(self, text: str, origin: Origin, now: float) -> None:
        """Note the words of a sender."""
        self._last.pop(origin.sender, None)
        self._last[origin.sender] = text, now
        if len(self._last) > MAX_SENDERS:
            del self._last[next(iter(self._last))]

    def clear(self) -> None:
        """Forget all words."""
        self._last.clear()


class TakenMessages:
    """The origins of messages that were taken, each of which has an origin of its own; the oldest are forgotten."""

    def __init__(self) -> None:
        self._origins: dict[Origin, None] = {}  # the latest last

    def __contains__(self, origin: Origin) -> bool:
        return origin in self._origins

    def note(self, origin: Origin) -> None:
        """Note a message."""
        self._origins[origin] = None
        if len(self._origins) > MAX_TAKEN:
            del self._origins[next(iter(self._origins))]
