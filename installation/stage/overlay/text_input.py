"""The line in which the audience types: a model of editing, without a screen.

Input methods compose a syllable or a word before they commit it: what is being composed is shown in the line but is
not yet part of it, and Enter during a composition belongs to the input method.
"""

from __future__ import annotations

from collections import deque

from installation.core.prompt_text import MAX_CHARACTERS, clean
from installation.stage.ramp import Visibility
from installation.stage.text.graphemes import starts

HISTORY = 100  # submitted lines kept
IDLE_SECONDS = 20.0  # without a key, until the line withdraws (what was typed is kept)


class TextInput:
    """Text, cursor (0..len), composition and history."""

    def __init__(self, limit: int = MAX_CHARACTERS) -> None:
        self.limit = limit
        self.text = ""
        self.cursor = 0
        self.composition = ""
        self.composition_cursor = 0
        self._history: deque[str] = deque(maxlen=HISTORY)
        self._place = 0  # in the history; len(history) is the line being written
        self._draft = ""
        self._touched = float("-inf")
        self._visibility = Visibility()

    def light(self, now: float) -> float:
        """How visible the line is, 0..1: while there is something in it and somebody is at it."""
        there = bool(self.text or self.composition) and now - self._touched < IDLE_SECONDS
        return self._visibility.at(there, now)

    def touch(self, now: float) -> None:
        """Somebody is at the keys."""
        self._touched = now

    def insert(self, text: str) -> None:
        """Typed or pasted text at the cursor; cut where the line is full, without control characters, on one line."""
        plain = "".join(
            " " if character.isspace() else character
            for character in text
            if character.isprintable() or character.isspace() or character in "\u200c\u200d"
        )
        plain = plain[: max(self.limit - len(self.text), 0)]
        self._put(self.text[: self.cursor] + plain + self.text[self.cursor :], self.cursor + len(plain))
        self.compose("", 0)

    def compose(self, text: str, cursor: int) -> None:
        """The input method composes `text`, its own cursor at `cursor`; an empty text ends it."""
        self.composition, self.composition_cursor = text, min(max(cursor, 0), len(text))

    def backspace(self, word: bool = False) -> None:
        """Deletes what is before the cursor: a character with its marks, or a word."""
        start = self._word_left() if word else self._left()
        self._put(self.text[:start] + self.text[self.cursor :], start)

    def delete(self, word: bool = False) -> None:
        """Deletes what is behind the cursor."""
        end = self._word_right() if word else self._right()
        self._put(self.text[: self.cursor] + self.text[end:], self.cursor)

    def left(self, word: bool = False) -> None:
        """The cursor one character, or one word, towards the beginning."""
        self.cursor = self._word_left() if word else self._left()

    def right(self, word: bool = False) -> None:
        """The cursor one character, or one word, towards the end."""
        self.cursor = self._word_right() if word else self._right()

    def home(self) -> None:
        """The cursor to the beginning."""
        self.cursor = 0

    def end(self) -> None:
        """The cursor to the end."""
        self.cursor = len(self.text)

    def clear(self) -> None:
        """Empties the line."""
        self._put("", 0)
        self.compose("", 0)
        self._place = len(self._history)

    def older(self) -> None:
        """The line submitted before this one; what was being written is kept as a draft."""
        if self._place == len(self._history):
            self._draft = self.text
        self._recall(max(self._place - 1, 0))

    def newer(self) -> None:
        """Back towards the line that was being written."""
        self._recall(min(self._place + 1, len(self._history)))

    def submit(self) -> str | None:
        """The line, cleaned, which is then empty. None, and nothing happens, while composing or without words."""
        if self.composition:
            return None
        words = clean(self.text, self.limit)
        if not words:
            return None
        if not self._history or self._history[-1] != words:
            self._history.append(words)
        self.clear()
        return words

    def shown(self) -> tuple[str, int, tuple[int, int]]:
        """What to draw: the text with the composition in place, the cursor in it, and the composition's span."""
        text = self.text[: self.cursor] + self.composition + self.text[self.cursor :]
        span = (self.cursor, self.cursor + len(self.composition))
        return text, self.cursor + self.composition_cursor, span

    def _recall(self, place: int) -> None:
        self._place = place
        text = self._history[place] if place < len(self._history) else self._draft
        self._put(text, len(text))

    def _put(self, text: str, cursor: int) -> None:
        self.text, self.cursor = text, cursor

    def _left(self) -> int:
        return max((start for start in starts(self.text) if start < self.cursor), default=0)

    def _right(self) -> int:
        return min((start for start in starts(self.text) if start > self.cursor), default=len(self.text))

    def _word_left(self) -> int:
        before = self.text[: self.cursor].rstrip()
        return before.rfind(" ") + 1

    def _word_right(self) -> int:
        rest = self.text[self.cursor :]
        end = rest.find(" ", len(rest) - len(rest.lstrip()))
        return len(self.text) if end < 0 else self.cursor + end
