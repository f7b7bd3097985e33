"""Writes new lines from given ones: a Markov chain over words, of second order where the lines allow it."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable

MIN_WORDS, MAX_WORDS = 3, 14  # of a line
ATTEMPTS = 60  # to write a line that is not one of the given ones
SECOND_ORDER_SHARE = 0.6  # how often the next word follows from two words; always would repeat whole lines

_START, _END = "\x02", "\x03"


class LineWriter:
    """A model of the lines that it has learnt; the same lines and seed give the same new lines."""

    def __init__(self, lines: Iterable[str], seed: int) -> None:
        """Learn `lines`."""
        self._random = random.Random(seed)
        self._followers: dict[tuple[str, ...], list[str]] = defaultdict(list)
        self._known: set[str] = set()
        for line in lines:
            self.learn(line)

    def learn(self, line: str) -> None:
        """Learn one more line; a line that is known already is not counted twice."""
        words = line.split()
        if not words or _key(line) in self._known:
            return
        self._known.add(_key(line))
        chain = [_START, *words, _END]
        for index, word in enumerate(chain[1:], 1):
            self._followers[_context(chain[index - 1 : index])].append(word)
            if index > 1:
                self._followers[_context(chain[index - 2 : index])].append(word)

    def next_line(self) -> str:
        """Return a new line; "" if too little was learnt to write one that is not among the learnt lines."""
        for _ in range(ATTEMPTS):
            words = self._draw()
            if MIN_WORDS <= len(words) <= MAX_WORDS and _key(" ".join(words)) not in self._known:
                return " ".join(words)
        return ""

    def _draw(self) -> list[str]:
        chain = [_START]
        while chain[-1] != _END and len(chain) <= MAX_WORDS + 1:
            pair = self._followers.get(_context(chain[-2:]), [])
            single = self._followers.get(_context(chain[-1:]), [])
            usable = pair if pair and self._random.random() < SECOND_ORDER_SHARE else single
            if not usable:
                return []
            chain.append(self._random.choice(usable))
        return chain[1:-1] if chain[-1] == _END else []


def _context(words: list[str]) -> tuple[str, ...]:
    """Words as they are compared: without case and punctuation at their ends."""
    return tuple(word.casefold().strip(".,;:!?\"'()") or word for word in words)


def _key(line: str) -> str:
    return " ".join(_context(line.split()))
