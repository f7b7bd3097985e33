"""The terminal: lines that are typed there, a status line that does not disturb them, and sentences in between."""

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

ROOM = 1000  # lines that wait to be taken, or to be written
CTRL_D_SECONDS = 0.2


class LineReader:
    """Lines of a file descriptor, read by a thread. A pipe that ends simply brings no more."""

    def __init__(self, descriptor: int, blank: bool = False) -> None:
        """`blank`: whether empty lines count."""
        self._descriptor = descriptor
        self._blank = blank
        self._lines: deque[str] = deque()
        self._room = threading.Condition()
        self.ended = False
        threading.Thread(target=self._read, name="terminal", daemon=True).start()

    def take(self, most: int = ROOM) -> list[str]:
        """The lines that have come, at most so many; the rest waits."""
        taken = [self._lines.popleft() for _ in range(min(most, len(self._lines)))]
        if taken:
            with self._room:
                self._room.notify()
        return taken

    def _read(self) -> None:
        # os.read, not sys.stdin: a daemon thread that holds stdin's lock would stop the interpreter's exit
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        rest = ""
        while (chunk := self._chunk()) is not None:
            *whole, rest = (rest + decoder.decode(chunk)).split("\n")
            self._add(whole)
            rest = rest[-64 * MAX_CHARACTERS :]
        self._add([rest] if rest.strip() else [])
        self.ended = True

    def _chunk(self) -> bytes | None:
        """None at the end; Ctrl-D in a terminal is none, for its next line can be read all the same."""
        try:
            chunk = os.read(self._descriptor, 4096)
            if chunk or not os.isatty(self._descriptor):
                return chunk or None
        except OSError:  # the terminal is gone
            return None
        time.sleep(CTRL_D_SECONDS)  # some systems read so for ever where the terminal is gone
        return b""

    def _add(self, lines: list[str]) -> None:
        for line in lines:
            if line.strip() or self._blank:
                with self._room:
                    self._room.wait_for(lambda: len(self._lines) < ROOM)
                self._lines.append(line.strip())


class TerminalWriter:
    """Writes to a stream in a thread of its own: a terminal that is stopped (Ctrl-S, a selection) stops nobody else."""

    CLOSE_SECONDS = 1.0

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._waiting: dict[Hashable, str] = {}  # in order; a key that waits is overwritten in its place
        self._written = count()
        self._awake = threading.Condition()
        self._over = False
        self._thread = threading.Thread(target=self._run, name="pen", daemon=True)
        self._thread.start()

    def write(self, text: str, key: Hashable = None) -> None:
        """Never waits. Of the texts with the same key only the latest is kept; what is too much is left out."""
        with self._awake:
            if len(self._waiting) < ROOM or key in self._waiting:
                self._waiting[next(self._written) if key is None else key] = text
                self._awake.notify()

    def close(self) -> None:
        """Writes what waits, for a second at most."""
        with self._awake:
            self._over = True
            self._awake.notify()
        self._thread.join(self.CLOSE_SECONDS)

    def _run(self) -> None:
        while (text := self._next()) is not None:
            try:
                self._out.write(text)
                self._out.flush()
            except OSError:  # nobody reads any more; the show goes on
                return

    def _next(self) -> str | None:
        """All that waits, once there is something; None when it is over."""
        with self._awake:
            self._awake.wait_for(lambda: self._waiting or self._over)
            text, self._waiting = ("".join(self._waiting.values()) if self._waiting else None), {}
            return text


class StatusLine:
    """One line at the foot of a terminal, outside the region that scrolls; every ten seconds in a log file."""

    LOG_SECONDS = 10.0

    def __init__(self, out: TextIO | None = None) -> None:
        """`out`: where to; None: the program's own output."""
        out = out or sys.stdout
        self._tty = out.isatty() and os.environ.get("TERM") != "dumb"
        self._pen = TerminalWriter(out)
        self._shown_at = float("-inf")
        if self._tty:
            rows = shutil.get_terminal_size().lines
            self._pen.write(f"\n\x1b7\x1b[1;{rows - 1}r\x1b8\x1b[1A")

    def show(self, text: str, now: float) -> None:
        """The present state, as much of it as the line holds."""
        if self._tty:
            size = shutil.get_terminal_size()
            line = f"\x1b7\x1b[{size.lines};1H\x1b[2m{fitting(text, size.columns - 1)}\x1b[0m\x1b[K\x1b8"
            self._pen.write(line, key="status")
        elif now - self._shown_at >= self.LOG_SECONDS:
            self._shown_at = now
            self._pen.write(text + "\n", key="status")

    def say(self, sentence: str) -> None:
        """A sentence that stays."""
        self._pen.write(f"\r\x1b[K{sentence}\n" if self._tty else f"{sentence}\n")

    def close(self) -> None:
        """Gives the whole terminal back."""
        if self._tty:
            rows = shutil.get_terminal_size().lines
            self._pen.write(f"\x1b7\x1b[r\x1b[{rows};1H\x1b[K\x1b8")
        self._pen.close()


def fitting(text: str, columns: int) -> str:
    """What of the text fits into so many columns: an ideograph takes two, a mark on a letter none."""
    widths = accumulate(_columns(character) for character in text)
    return "".join(character for character, width in zip(text, widths, strict=True) if width <= columns)


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
