"""A single-line text input as a model, without a screen: text, cursor, history and input methods.

An input method composes a syllable or a word before it commits it. The composition is displayed at the cursor but is
not yet part of the text, and Enter during a composition belongs to the input method.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from installation.core.prompt_text import MAX_CHARACTERS, clean
from installation.stage.fades import Visibility
from installation.stage.text.graphemes import cluster_starts

HISTORY = 100  # submitted lines
IDLE_SECONDS = 20.0  # without a key, after which the text is hidden but kept
_JOINERS = "\u200c\u200d"  # invisible, but part of how letters and emoji are written


class DisplayText(NamedTuple):
    """A text to be drawn, and places in it, counted in characters."""

    text: str = ""
    cursor: int = 0
    composition_start: int = 0
    composition_end: int = 0


class TextInput:
    """An editable line of text.

    Attributes:
        limit: The maximum number of characters.
        text: The text without the composition.
        cursor: 0..len(text).
        composition: What an input method is composing; "" for nothing.
    """

    def __init__(self, limit: int = MAX_CHARACTERS) -> None:
        self.limit = limit
        self.text = ""
        self.cursor = 0
        self.composition = ""
        self._composition_cursor = 0
        self._history: deque[str] = deque(maxlen=HISTORY)
        self._history_index = 0  # len(history) is the draft, the line that is being written
        self._draft = ""
        self._touched_at = float("-inf")
        self._visibility = Visibility()

    def opacity(self, now: float) -> float:
        """The opacity to draw it with, 0..1: visible while it holds text and keys have been pressed lately."""
        in_use = bool(self.text or self.composition) and now - self._touched_at < IDLE_SECONDS
        return self._visibility.update(in_use, now)

    def touch(self, now: float) -> None:
        """Records that a key was pressed at `now`."""
        self._touched_at = now

    def insert(self, text: str) -> None:
        """Inserts typed or pasted text at the cursor, without control characters, on one line, up to the limit."""
        plain = "".join(
            " " if character.isspace() else character
            for character in text
            if character.isprintable() or character.isspace() or character in _JOINERS
        )
        plain = plain[: max(self.limit - len(self.text), 0)]
        self._replace(self.text[: self.cursor] + plain + self.text[self.cursor :], self.cursor + len(plain))
        self.compose("", 0)

    def compose(self, text: str, cursor: int) -> None:
        """Sets the composition and the cursor in it; an empty text ends the composition."""
        self.composition, self._composition_cursor = text, min(max(cursor, 0), len(text))

    def backspace(self, by_word: bool = False) -> None:
        """Deletes a character with its marks, or a word, before the cursor."""
        start = self._previous_word() if by_word else self._previous()
        self._replace(self.text[:start] + self.text[self.cursor :], start)

    def delete(self, by_word: bool = False) -> None:
        """Deletes a character with its marks, or a word, after the cursor."""
        end = self._next_word() if by_word else self._next()
        self._replace(self.text[: self.cursor] + self.text[end:], self.cursor)

    def left(self, by_word: bool = False) -> None:
        """Moves the cursor a character, or a word, towards the start."""
        self.cursor = self._previous_word() if by_word else self._previous()

    def right(self, by_word: bool = False) -> None:
        """Moves the cursor a character, or a word, towards the end."""
        self.cursor = self._next_word() if by_word else self._next()

    def home(self) -> None:
        """Moves the cursor to the start."""
        self.cursor = 0

    def end(self) -> None:
        """Moves the cursor to the end."""
        self.cursor = len(self.text)

    def clear(self) -> None:
        """Deletes text and composition, and leaves the history."""
        self._replace("", 0)
        self.compose("", 0)
        self._history_index = len(self._history)

    def older(self) -> None:
        """Recalls the line submitted before; the line that is being written is kept as a draft."""
        if self._history_index == len(self._history):
            self._draft = self.text
        self._recall(max(self._history_index - 1, 0))

    def newer(self) -> None:
        """Recalls the line submitted after, or the draft."""
        self._recall(min(self._history_index + 1, len(self._history)))

    def submit(self) -> str | None:
        """Returns the text, cleaned, and clears it. Returns None and keeps it while composing or without words."""
        if self.composition:
            return None
        words = clean(self.text, self.limit)
        if not words:
            return None
        if not self._history or self._history[-1] != words:
            self._history.append(words)
        self.clear()
        return words

    def display(self) -> DisplayText:
        """The text with the composition inserted at the cursor."""
        start, end = self.cursor, self.cursor + len(self.composition)
        text = self.text[:start] + self.composition + self.text[start:]
        return DisplayText(text, start + self._composition_cursor, start, end)

    def _recall(self, index: int) -> None:
        self._history_index = index
        text = self._history[index] if index < len(self._history) else self._draft
        self._replace(text, len(text))

    def _replace(self, text: str, cursor: int) -> None:
        self.text, self.cursor = text, cursor

    def _previous(self) -> int:
        return max((start for start in cluster_starts(self.text) if start < self.cursor), default=0)

    def _next(self) -> int:
        return min((start for start in cluster_starts(self.text) if start > self.cursor), default=len(self.text))

    def _previous_word(self) -> int:
        before = self.text[: self.cursor].rstrip()
        return before.rfind(" ") + 1

    def _next_word(self) -> int:
        rest = self.text[self.cursor :]
        end = rest.find(" ", len(rest) - len(rest.lstrip()))
        return len(self.text) if end < 0 else self.cursor + end
