"""The words of visitors: limits, and what became of them. Pure: time is an argument in seconds of `clock.now`."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from installation.core.errors import Rejected
from installation.core.messages import AUDIENCE, MessageRejected, Origin, QueueChanged, Trigger
from installation.core.prompt_text import clean
from installation.show.settings import AudienceSettings

MAX_KEPT = 2000  # submissions, of all visitors together
MAX_HANDED_OVER = 200  # of them, from one process to the next
MAX_LISTED = 5  # of one visitor, on the page
MINUTE = 60.0  # seconds
MAX_ADDRESSES = 4096  # whose rates are remembered
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


class Audience:
    """Takes the words of visitors, within limits, and follows them to the wall."""

    def __init__(self, settings: AudienceSettings, left: Iterable[Submission] = ()) -> None:
        """`left`: what the previous process knew, the oldest first."""
        self._settings = settings
        self._kept = OrderedDict((each.origin, replace(each)) for each in left)  # the oldest first
        self._last: OrderedDict[str, float] = OrderedDict()  # when a visitor last sent words
        self._recent: OrderedDict[str, deque[float]] = OrderedDict()  # when an address sent words
        self._next = max((each.number for each in self._kept.values()), default=0) + 1

    def submit(self, text: str, visitor: str, address: str, now: float) -> Trigger:
        """Take words; return the message for the show. Raises Rejected, with a sentence for the visitor."""
        text = " ".join(clean(text[: 8 * self._settings.max_characters]).split())
        if not text:
            raise Rejected("Write some words first.")
        if len(text) > self._settings.max_characters:
            raise Rejected(f"At most {self._settings.max_characters} characters, please.")
        self._check_pause(visitor, now)
        self._check_address(address, now)
        origin = Origin(AUDIENCE, f"{address}:{visitor}-{self._next}")
        self._kept[origin] = Submission(self._next, visitor, text, origin, now)
        self._next += 1
        self.expire(now)
        return Trigger("queue/add", (text,), origin)

    def _check_pause(self, visitor: str, now: float) -> None:
        left = self._last.get(visitor, -self._settings.pause_seconds) + self._settings.pause_seconds - now
        if left > 0.0:
            raise Rejected(f"One moment: you can send more words in {left + 0.5:.0f} s.")
        self._last.pop(visitor, None)
        self._last[visitor] = now
        if len(self._last) > MAX_ADDRESSES:
            self._last.popitem(last=False)

    def _check_address(self, address: str, now: float) -> None:
        recent = self._recent.pop(address, deque())
        while recent and recent[0] <= now - MINUTE:
            recent.popleft()
        self._recent[address] = recent
        if len(self._recent) > MAX_ADDRESSES:
            self._recent.popitem(last=False)
        if len(recent) >= self._settings.per_minute:
            raise Rejected("Many words come from your network just now: please try again in a minute.")
        recent.append(now)

    def expire(self, now: float) -> None:
        """Forget what is older than the show file allows."""
        before = now - self._settings.keep_minutes * MINUTE
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
