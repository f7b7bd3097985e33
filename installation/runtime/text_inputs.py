"""Prompts from the command line, a text file and the terminal."""

from __future__ import annotations

import codecs
import os
import sys
import threading
import time
from collections import deque
from pathlib import Path

from installation.core.messages import SAY, TERMINAL, TEXT, Trigger
from installation.core.prompt_text import MAX_CHARACTERS
from installation.runtime.options import RunOptions
from installation.show.text_file import read_text

MAX_BYTES = 10_000_000  # of the file that `--text` names
LIMIT = 1000  # lines waiting to be taken
CTRL_D_SECONDS = 0.2


class LineReader:
    """Reads lines from a file descriptor in a thread. The end of a pipe is not an error."""

    def __init__(self, descriptor: int, blank: bool = False) -> None:
        """Read from now on; `blank`: whether empty lines are returned, as "" each."""
        self._descriptor = descriptor
        self._blank = blank
        self._lines: deque[str] = deque()
        self._room = threading.Condition()
        self.ended = False
        threading.Thread(target=self._read, name="terminal", daemon=True).start()

    def take(self, most: int = LIMIT) -> list[str]:
        """Take up to `most` lines, without waiting. Lines are stripped of white space."""
        taken = [self._lines.popleft() for _ in range(min(most, len(self._lines)))]
        if taken:
            with self._room:
                self._room.notify()
        return taken

    def _read(self) -> None:
        # os.read, not sys.stdin: a daemon thread that holds stdin's lock would block the interpreter's exit
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        rest = ""
        while (chunk := self._chunk()) is not None:
            *whole, rest = (rest + decoder.decode(chunk)).split("\n")
            self._add(whole)
            rest = rest[-64 * MAX_CHARACTERS :]
        self._add([rest] if rest.strip() else [])
        self.ended = True

    def _chunk(self) -> bytes | None:
        """The next bytes; None at the end. Ctrl-D in a terminal is not the end: its next line can still be read."""
        try:
            chunk = os.read(self._descriptor, 4096)
            if chunk or not os.isatty(self._descriptor):
                return chunk or None
        except OSError:  # the terminal is gone
            return None
        time.sleep(CTRL_D_SECONDS)  # a closed terminal reads like this for ever on some systems
        return b""

    def _add(self, lines: list[str]) -> None:
        for line in lines:
            if line.strip() or self._blank:
                with self._room:
                    self._room.wait_for(lambda: len(self._lines) < LIMIT)
                self._lines.append(line.strip())


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

    @property
    def prepared(self) -> tuple[str, ...]:
        """The prompts that were given on the command line and are not queued yet."""
        return tuple(text for _, text in self._prepared)

    def take(self, room: int) -> list[Trigger]:
        """Take what has arrived; of queued prompts, at most `room`."""
        typed = self._typed_origin is TERMINAL
        lines = self._lines.take(LIMIT if typed else room) if self._lines else []
        name = "prompt" if typed else "queue/add"
        taken = [Trigger(name, (line,), self._typed_origin) if line else Trigger("go", (), TERMINAL) for line in lines]
        for _ in range(min(room - (0 if typed else len(taken)), len(self._prepared))):
            origin, text = self._prepared.popleft()
            taken.append(Trigger("queue/add", (text,), origin))
        return taken


def _read(path: Path) -> list[str]:
    return read_text(path, f"the text {path}", MAX_BYTES).splitlines()
