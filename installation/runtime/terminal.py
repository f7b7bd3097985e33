"""Output to the terminal: lines, and a status line below them."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import unicodedata
from collections.abc import Hashable
from itertools import accumulate, count
from typing import TextIO

LIMIT = 1000  # texts waiting to be written


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


class TerminalWriter:
    """Writes to a stream in a thread: a terminal paused by Ctrl-S or a selection does not block the show.

    Characters that the encoding of the stream lacks are replaced by `?`.
    """

    CLOSE_SECONDS = 1.0

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._encoding = out.encoding or "utf-8"
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
                self._out.write(text.encode(self._encoding, "replace").decode(self._encoding))
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

    def print(self, sentence: str) -> None:
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
