"""Prompts from the command line and the terminal."""

from __future__ import annotations

import sys
from collections import deque
from pathlib import Path

from installation.core.messages import SAY, TERMINAL, TEXT, Trigger
from installation.runtime.options import RunOptions
from installation.runtime.terminal import LineReader
from installation.show.text_file import read_text

MAX_BYTES = 10_000_000  # of the file that `--text` names


class TextInputs:
    """`--say` and `--text` are queued; a line typed in the terminal is shown at once."""

    def __init__(self, options: RunOptions) -> None:
        """Raises ShowError if the text cannot be read."""
        self._prepared = deque((SAY, text) for text in options.say)
        self._lines: LineReader | None = None
        self._typed_origin = TERMINAL
        if options.text and str(options.text) == "-":
            self._lines = LineReader(sys.stdin.fileno())
            self._typed_origin = TEXT
        elif options.text:
            self._prepared += [(TEXT, line) for line in _read(options.text) if line.strip()]
        if self._lines is None and options.terminal and sys.stdin is not None:
            self._lines = LineReader(sys.stdin.fileno(), blank=sys.stdin.isatty())  # Enter alone is GO

    def take(self, room: int) -> list[Trigger]:
        """Take what has arrived; of queued prompts, at most `room`."""
        typed = self._typed_origin is TERMINAL
        lines = self._lines.take(1000 if typed else room) if self._lines else []
        name = "prompt" if typed else "queue/add"
        taken = [Trigger(name, (line,), self._typed_origin) if line else Trigger("go", (), TERMINAL) for line in lines]
        for _ in range(min(room - (0 if typed else len(taken)), len(self._prepared))):
            origin, text = self._prepared.popleft()
            taken.append(Trigger("queue/add", (text,), origin))
        return taken


def _read(path: Path) -> list[str]:
    return read_text(path, f"the text {path}", MAX_BYTES).splitlines()
