"""The terminal: typed lines, a status line that does not disturb them, and notices in between."""

from __future__ import annotations

import codecs
import os
import shutil
import sys
import threading
import time
import unicodedata
from collections import deque
from collections.abc import Hashable
from itertools import accumulate, count
from typing import TextIO

from installation.core.prompt_text import MAX_CHARACTERS

LIMIT = 1000  # lines waiting to be taken, or to be written
CTRL_D_SECONDS = 0.2


def print_line(text: str) -> None:
    """Print a line to standard output. If nothing can be written there (a closed pipe, a full disk), discard it.

    Standard output is then replaced by the null device: the interpreter flushes it at exit, and would fail again.
    """
    try:
        print(text, flush=True)
    except OSError:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)


class LineReader:
    """Reads lines from a file descriptor in a thread. The end of a pipe is not an error."""

    def __init__(self, descriptor: int, blank: bool = False) -> None:
        """`blank`: whether empty lines are returned."""
        self._descriptor = descriptor
        self._blank = blank
        self._lines: deque[str] = deque()
        self._room = threading.Condition()
        self.ended = False
        threading.Thread(target=self._read, name="terminal", daemon=True).start()

    def take(self, most: int = LIMIT) -> list[str]:
        """Take up to `most` lines."""
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


class TerminalWriter:
    """Writes to a stream in a thread: a terminal paused by Ctrl-S or a selection does not block the show."""

    CLOSE_SECONDS = 1.0

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._waiting: dict[Hashable, str] = {}
        self._written = count()
        self._awake = threading.Condition()
        self._over = False
        self._thread = threading.Thread(target=self._run, name="terminal writer", daemon=True)
        self._thread.start()

    def write(self, text: str, key: Hashable = None) -> None:
        """Queue a text, without blocking. Texts with the same key replace each other; too many are dropped."""
        with self._awake:
            if len(self._waiting) < LIMIT or key in self._waiting:
                self._waiting[next(self._written) if key is None else key] = text
                self._awake.notify()

    def close(self) -> None:
        """Write what is queued, within a second."""
        with self._awake:
            self._over = True
            self._awake.notify()
        self._thread.join(self.CLOSE_SECONDS)

    def _run(self) -> None:
        while (text := self._next()) is not None:
            try:
                self._out.write(text)
                self._out.flush()
            except OSError:  # the terminal is closed; the show goes on
                return

    def _next(self) -> str | None:
        """All queued texts, after waiting for one; None at the end."""
        with self._awake:
            self._awake.wait_for(lambda: self._waiting or self._over)
            text, self._waiting = ("".join(self._waiting.values()) if self._waiting else None), {}
            return text


class StatusLine:
    """A line at the bottom of a terminal, below the scrolling region; in a log file, a line every ten seconds."""

    LOG_SECONDS = 10.0

    def __init__(self, out: TextIO | None = None) -> None:
        """`out`: None: standard output."""
        out = out or sys.stdout
        self._tty = out.isatty() and os.environ.get("TERM") != "dumb"
        self._writer = TerminalWriter(out)
        self._shown_at = float("-inf")
        if self._tty:
            rows = shutil.get_terminal_size().lines
            self._writer.write(f"\n\x1b7\x1b[1;{rows - 1}r\x1b8\x1b[1A")

    def show(self, text: str, now: float) -> None:
        """Show the status, cut to the width of the terminal."""
        if self._tty:
            size = shutil.get_terminal_size()
            line = f"\x1b7\x1b[{size.lines};1H\x1b[2m{fitting(text, size.columns - 1)}\x1b[0m\x1b[K\x1b8"
            self._writer.write(line, key="status")
        elif now - self._shown_at >= self.LOG_SECONDS:
            self._shown_at = now
            self._writer.write(text + "\n", key="status")

    def say(self, sentence: str) -> None:
        """Print a sentence above the status line."""
        self._writer.write(f"\r\x1b[K{sentence}\n" if self._tty else f"{sentence}\n")

    def close(self) -> None:
        """Restore the terminal."""
        if self._tty:
            rows = shutil.get_terminal_size().lines
            self._writer.write(f"\x1b7\x1b[r\x1b[{rows};1H\x1b[K\x1b8")
        self._writer.close()


def fitting(text: str, columns: int) -> str:
    """The part of the text that fits: an ideograph takes two columns, a combining mark none."""
    widths = accumulate(_columns(character) for character in text)
    return "".join(character for character, width in zip(text, widths, strict=True) if width <= columns)


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
