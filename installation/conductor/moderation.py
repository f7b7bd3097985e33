"""Moderation of prompts from the public: refused words, a maximum length, and a rate limit for each source."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from installation.core.errors import Busy, Rejected
from installation.core.messages import Origin
from installation.text.tokenization import tokens

WINDOW_SECONDS = 60.0
MAX_SOURCES = 256  # whose rates are remembered; the one that has been silent longest is forgotten


@dataclass
class Moderation:
    """The rules of `[moderation]`. A rule that is 0 or empty is off."""

    refused: Sequence[str] = ()  # words or phrases; case, accents and punctuation are ignored
    max_characters: int = 0
    words_per_minute: float = 0.0  # from one sender: a source and host, whatever the port
    prompts_per_minute: Mapping[str, float] = field(default_factory=dict)  # from one sender, by source
    _refused: list[tuple[str, ...]] = field(init=False)
    _recent: dict[str, deque[tuple[float, int]]] = field(init=False, default_factory=dict)  # (time, words) by sender

    def __post_init__(self) -> None:
        self._refused = [phrase for entry in self.refused if (phrase := tokens(entry))]

    def check(self, text: str) -> None:
        """Raise Rejected if the text is not allowed. The reason never repeats a refused word."""
        words = tokens(text)
        if any(_contains(words, phrase) for phrase in self._refused):
            raise Rejected("the show does not allow these words.")
        if self.max_characters and len(text) > self.max_characters:
            raise Rejected(f"the prompt is too long: {len(text)} characters, at most {self.max_characters}.")

    def allows(self, text: str) -> bool:
        """Whether `check` accepts the text."""
        try:
            self.check(text)
        except Rejected:
            return False
        return True

    def admit(self, text: str, origin: Origin, now: float) -> None:
        """Check the text, and count its words against the rate limit of its sender. `now` in seconds.

        Raises:
            Rejected: the text is not allowed, or its sender has exceeded the rate limit.
        """
        self.check(text)
        most = self.prompts_per_minute.get(origin.source, math.inf)
        if self.words_per_minute or most < math.inf:
            self._count(len(tokens(text)), most, origin.sender, now)

    def _count(self, words: int, most: float, sender: str, now: float) -> None:
        recent = self._recent.pop(sender, deque())
        while recent and recent[0][0] <= now - WINDOW_SECONDS:
            recent.popleft()
        self._recent[sender] = recent  # the most recent sender comes last
        if len(self._recent) > MAX_SOURCES:
            del self._recent[next(iter(self._recent))]
        if len(recent) + 1 > max(most, 1.0):
            raise Busy(f"too many prompts: at most {most:g} a minute from one sender.")
        if self.words_per_minute and recent and words + sum(count for _, count in recent) > self.words_per_minute:
            raise Busy(f"too many words: at most {self.words_per_minute:g} a minute from one sender.")
        recent.append((now, words))


def _contains(words: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    return any(words[i : i + len(phrase)] == phrase for i in range(len(words) - len(phrase) + 1))
