"""The terminal, which may be paused at any time by Ctrl-S or a selection."""

from __future__ import annotations

import os
import sys
from io import StringIO

import pytest

from installation.runtime.terminal import LIMIT, LineReader, StatusLine, TerminalWriter, fitting
from tests.running import until

LINES = 30 * LIMIT


def test_a_paused_terminal_blocks_nobody_and_then_shows_the_latest_status() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as out:
        pen = TerminalWriter(out)
        for number in range(LINES):  # ten times what a pipe takes, when nobody reads
            pen.write(f"{number:020}\n")
            pen.write(f"status {number}\n", key="status")
        seen = b""
        while b"status %d\n" % (LINES - 1) not in seen:
            seen += os.read(reading, 65_536)
        pen.close()
    os.close(reading)
    assert seen.count(b"\n") < LINES


def test_queued_sentences_are_written_before_closing() -> None:
    out = StringIO()
    line = StatusLine(out)
    line.say("Kept one.png.")
    line.show("25 frames/s", 100.0)
    line.close()
    assert out.getvalue() == "Kept one.png.\n25 frames/s\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a red sun", "a red su"), ("赤い太陽が昇る", "赤い太陽"), ("e\u0301toile fi", "e\u0301toile f")],
)
def test_the_status_line_is_cut_to_the_width_of_the_terminal(text: str, shown: str) -> None:
    assert fitting(text, 8) == shown


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-D is POSIX's")
def test_ctrl_d_does_not_end_the_input() -> None:
    ours, theirs = os.openpty()
    lines = LineReader(theirs)
    os.write(ours, b"\x04")
    os.write(ours, b"a fox\n")
    assert until(lines.take, 10.0, "the line") == ["a fox"]
    os.close(ours)
    until(lambda: lines.ended, 10.0, "the end of a terminal that is gone")
    os.close(theirs)
