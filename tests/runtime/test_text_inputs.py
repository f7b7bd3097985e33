"""Prompts from the command line, a text file and the terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.core.messages import SAY, TEXT, Origin, Trigger
from installation.runtime.options import RunOptions
from installation.runtime.text_inputs import LineReader, TextInputs
from installation.show.settings import Show
from tests.running import until


def queued(text: str, origin: Origin) -> Trigger:
    return Trigger("queue/add", (text,), origin)


def test_prompts_of_the_command_line_and_of_a_text_are_queued_as_far_as_there_is_room(tmp_path: Path) -> None:
    (tmp_path / "poem.txt").write_text("one\n\ntwo\nthree\n", encoding="utf-8")
    inputs = TextInputs(RunOptions(Show(), say=("zero",), text=tmp_path / "poem.txt", terminal=False))
    assert inputs.take(0) == []
    assert inputs.take(2) == [queued("zero", SAY), queued("one", TEXT)]
    assert inputs.take(10) == [queued("two", TEXT), queued("three", TEXT)]
    assert inputs.take(10) == []


def test_a_text_that_cannot_be_read_is_a_mistake_of_the_operator(tmp_path: Path) -> None:
    with pytest.raises(ShowError, match=r"nowhere\.txt"):
        TextInputs(RunOptions(Show(), text=tmp_path / "nowhere.txt", terminal=False))


def test_lines_of_a_pipe_are_read_to_its_end_even_without_a_last_line_break() -> None:
    ours, theirs = os.pipe()
    reader = LineReader(ours)
    os.write(theirs, "a fox\n\n  sn\u00f6".encode()[:-1])  # in the middle of a character
    os.write(theirs, "\u00f6".encode()[-1:] + b"w")
    os.close(theirs)
    until(lambda: reader.ended, 10.0, "the end")
    assert reader.take(1) == ["a fox"]
    assert reader.take() == ["sn\u00f6w"]
    os.close(ours)


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
