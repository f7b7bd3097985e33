"""The words of visitors, within limits. Pure: time is an argument in seconds of `clock.now`."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable

from installation.control.submissions import MINUTE, Submission, Submissions
from installation.core.errors import Rejected
from installation.core.messages import AUDIENCE, Origin, Trigger
from installation.core.prompt_text import clean
from installation.show.settings import AudienceSettings

MAX_ADDRESSES = 4096  # whose rates are remembered


def checked_words(text: str, max_characters: int) -> str:
    """The words on one line, without control characters. Raises Rejected, with a sentence for the visitor."""
    text = " ".join(clean(text[: 8 * max_characters]).split())
    if not text:
        raise Rejected("Write some words first.")
    if len(text) > max_characters:
        raise Rejected(f"At most {max_characters} characters, please.")
    return text


class Audience(Submissions):
    """Takes the words of visitors, within limits, and follows them to the wall."""

    def __init__(self, settings: AudienceSettings, left: Iterable[Submission] = ()) -> None:
        """`left`: what the previous process knew, the oldest first."""
        super().__init__(settings.keep_minutes * MINUTE, left)
        self._settings = settings
        self._last: OrderedDict[str, float] = OrderedDict()  # when a visitor last sent words
        self._recent: OrderedDict[str, deque[float]] = OrderedDict()  # when an address sent words
        self._next = max((each.number for each in self._kept.values()), default=0) + 1

    def submit(self, text: str, visitor: str, address: str, now: float) -> Trigger:
        """Take words; return the message for the show. Raises Rejected, with a sentence for the visitor."""
        text = checked_words(text, self._settings.max_characters)
        self._check_pause(visitor, now)
        self._check_address(address, now)
        number = f"{self._next}@{now:.0f}"  # the next process may not know the last one
        origin = Origin(AUDIENCE, f"{address}:{visitor}-{number}")
        self.add(Submission(self._next, visitor, text, origin, now))
        self._next += 1
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
