"""What visitors have sent, and what becomes of it. Pure: time is an argument in seconds of `clock.now`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from installation.core.messages import MessageRejected, Origin, QueueChanged

MAX_KEPT = 2000  # submissions, of all visitors together
MAX_HANDED_OVER = 200  # of them, from one process to the next
MAX_LISTED = 5  # of one visitor, on the page
MINUTE = 60.0  # seconds
NOT_CHOSEN = "Not this time: other words were chosen."


@dataclass
class Submission:
    """What one visitor sent, and what became of it."""

    number: int
    visitor: str
    text: str
    origin: Origin  # of the message, and of no other one
    at: float
    state: str = "sent"  # sent, held, waiting, wall, shown or refused
    position: int = 0  # in the queue, from 1
    reason: str = ""

    def row(self) -> dict[str, Any]:
        """What the visitor's page shows."""
        return {key: getattr(self, key) for key in ("number", "text", "state", "position", "reason")}


class Submissions:
    """Follows the words of visitors to the wall."""

    def __init__(self, keep_seconds: float, left: Iterable[Submission] = ()) -> None:
        """`left`: what the previous process knew, the oldest first."""
        self._keep_seconds = keep_seconds
        self._kept = OrderedDict((each.origin, replace(each)) for each in left)  # the oldest first

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, submission: Submission) -> None:
        """Follow these words from now on."""
        self._kept[submission.origin] = submission
        self.expire(submission.at)

    def forget(self, origin: Origin) -> None:
        """Follow these words no more."""
        self._kept.pop(origin, None)

    def find(self, origin: Origin) -> Submission | None:
        """What is known of these words."""
        return self._kept.get(origin)

    def take_left(self, origin: Origin) -> None:
        """Take note that the words have left the queue long ago."""
        if submission := self._kept.get(origin):
            submission.state, submission.position = "shown", 0

    def expire(self, now: float) -> None:
        """Forget what is older than the show file allows."""
        before = now - self._keep_seconds
        while self._kept and (len(self._kept) > MAX_KEPT or next(iter(self._kept.values())).at < before):
            self._kept.popitem(last=False)

    def refused(self, origin: Origin, reason: str) -> None:
        """Take note that the show did not take the words."""
        if submission := self._kept.get(origin):
            submission.state, submission.reason, submission.position = "refused", reason, 0

    def take_rejection(self, message: MessageRejected) -> None:
        """Take note of a rejection, if it concerns a visitor."""
        self.refused(message.origin, _for_visitors(message.reason))

    def take_queue(self, queue: QueueChanged) -> None:
        """Take note of where the words are now."""
        position = 0
        for entry in queue.waiting:
            position += entry.state != "held"
            if submission := self._kept.get(entry.origin):
                held = entry.state == "held"
                submission.state, submission.position = ("held", 0) if held else ("waiting", position)
        for entry in queue.history:
            if (submission := self._kept.get(entry.origin)) and submission.state not in ("wall", "shown", "refused"):
                if entry.state == "shown":
                    submission.state, submission.position, submission.text = "wall", 0, entry.text
                else:
                    self.refused(entry.origin, NOT_CHOSEN)

    def take_shown(self, current: str) -> None:
        """Take note of the words on the wall: others have left it."""
        for submission in self._kept.values():
            if submission.state == "wall" and submission.text not in current:
                submission.state = "shown"

    def latest(self) -> tuple[Submission, ...]:
        """A copy of the latest submissions of all visitors, the oldest first, for the next process."""
        return tuple(replace(each) for each in list(self._kept.values())[-MAX_HANDED_OVER:])

    def listed(self, visitor: str) -> list[dict[str, Any]]:
        """The latest submissions of a visitor, the latest first."""
        mine: Iterable[Submission] = (each for each in reversed(self._kept.values()) if each.visitor == visitor)
        return [each.row() for each, _ in zip(mine, range(MAX_LISTED), strict=False)]


def _for_visitors(reason: str) -> str:
    """A reason of the show, as a sentence."""
    return f"{reason[:1].upper()}{reason[1:]}"
