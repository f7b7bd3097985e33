"""Output to the terminal, which may be paused at any time by Ctrl-S or a selection."""

from __future__ import annotations

import os
from io import BytesIO, StringIO, TextIOWrapper

import pytest

from installation.runtime.terminal import LIMIT, StatusLine, TerminalWriter, fitting

LINES = 30 * LIMIT


def test_a_paused_terminal_blocks_nobody_and_then_shows_the_latest_status() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as out:
        writer = TerminalWriter(out)
        for number in range(LINES):  # ten times what a pipe takes, when nobody reads
            writer.write(f"{number:020}\n")
            writer.write(f"status {number}\n", key="status")
        seen = b""
        while b"status %d\n" % (LINES - 1) not in seen:
            seen += os.read(reading, 65_536)
        writer.close()
    os.close(reading)
    assert seen.count(b"\n") < LINES


def test_characters_that_the_terminal_cannot_show_are_replaced() -> None:
    bytes_out = BytesIO()
    line = StatusLine(TextIOWrapper(bytes_out, encoding="iso-8859-1"))
    line.print("a 🦊 in the fog, café")
    line.print("the next line")
    line.close()
    assert bytes_out.getvalue().decode("iso-8859-1") == "a ? in the fog, café\nthe next line\n"


def test_queued_sentences_are_written_before_closing() -> None:
    out = StringIO()
    line = StatusLine(out)
    line.print("Kept one.png.")
    line.show("25 frames/s", 100.0)
    line.close()
    assert out.getvalue() == "Kept one.png.\n25 frames/s\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a red sun", "a red su"), ("赤い太陽が昇る", "赤い太陽"), ("e\u0301toile fi", "e\u0301toile f")],
)
def test_the_status_line_is_cut_to_the_width_of_the_terminal(text: str, shown: str) -> None:
    assert fitting(text, 8) == shown
