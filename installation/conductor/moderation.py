"""What an open microphone or port may put on a wall: refused words, length, and how much each source may say."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from installation.core.errors import Rejected
from installation.text.tokenization import tokens

MINUTE = 60.0
MAX_SOURCES = 256  # that are remembered; the one that spoke longest ago is forgotten


@dataclass
class Moderation:
    """Rules for what people say. A rule that is 0 or empty is off."""

    refused: Sequence[str] = ()  # words, or several in a row; letters' case and marks do not count
    characters: int = 0  # at most
    words_per_minute: float = 0.0  # of one source, at most
    _refused: list[tuple[str, ...]] = field(init=False)
    _said: dict[str, deque[tuple[float, int]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._refused = [parts for entry in self.refused if (parts := tokens(entry))]

    def check(self, text: str) -> None:
        """Raises Refusal for what may not be shown; the refused words themselves are never repeated."""
        words = tokens(text)
        if any(_holds(words, refused) for refused in self._refused):
            raise Rejected("the show does not take these words.")
        if self.characters and len(text) > self.characters:
            raise Rejected(f"that is too long: {len(text)} characters, {self.characters} at most.")

    def admit(self, text: str, source: str, now: float) -> None:
        """Like `check`, and counts the words: raises Refusal where their source has said too many."""
        self.check(text)
        if self.words_per_minute:
            self._count(len(tokens(text)), source, now)

    def _count(self, words: int, source: str, now: float) -> None:
        said = self._said.pop(source, deque())
        while said and said[0][0] <= now - MINUTE:
            said.popleft()
        self._said[source] = said  # the latest speaker last
        if len(self._said) > MAX_SOURCES:
            del self._said[next(iter(self._said))]
        if said and words + sum(count for _, count in said) > self.words_per_minute:
            raise Rejected(f"that is too much: {self.words_per_minute:g} words a minute from one source, at most.")
        said.append((now, words))


def _holds(words: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return any(words[i : i + len(part)] == part for i in range(len(words) - len(part) + 1))
