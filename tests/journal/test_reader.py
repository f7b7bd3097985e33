"""Reading a journal: exactly what was written, whatever happened to the file since."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.core.messages import Direction, Notice, Trigger
from installation.journal.codec import RendererStarted
from installation.journal.reader import RendererLife, read_journal
from installation.journal.writer import Journal
from tests.journal.journals import FRAME, messages_in, write_journal
from tests.journal.random_messages import exactly, random_message


def test_messages_are_read_in_order_with_their_times_and_the_metadata(tmp_path: Path) -> None:
    dice = random.Random(3)
    messages = [random_message(dice) for _ in range(500)]
    write_journal(tmp_path / "new" / "a.jsonl", messages, metadata={"show": "first_light", "seed": 5})
    record = read_journal(tmp_path / "new" / "a.jsonl")
    assert (record.metadata, record.has_words) == ({"show": "first_light", "seed": 5}, True)
    assert [entry.t for entry in record.entries] == [float(number) for number in range(500)]
    assert [exactly(entry.message) for entry in record.entries] == [exactly(message) for message in messages]


def test_an_incomplete_last_line_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write_journal(path, [Trigger("go"), Trigger("panic")])
    whole = path.read_bytes()
    for cut in range(1, 20):
        path.write_bytes(whole[:-cut])
        assert messages_in(path) == [Trigger("go")]


def test_a_journal_of_version_2_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    header = '{"is":"journal","version":2,"began":"now","words":true,"about":{},"part":1}'
    frame = '{"t":1,"is":"Drawn",' + ",".join(f'"{name}":{value}' for name, value in vars(FRAME).items()) + "}"
    path.write_text("\n".join([header, '{"t":0,"is":"RendererBegan","latents":null,"direction":null}', frame, ""]))
    assert messages_in(path) == [RendererStarted(None), FRAME]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", " is not a journal of Laterna: its first line is not a header."),
        (b"\x00\xff\xfe" * 50, " is not a journal of Laterna: its first line is not a header."),
        (b'{"some": "json"}\n', " is not a journal of Laterna: its first line is not a header."),
        (b'{"is":"journal","version":1}\n', " is a journal of version 1; this Laterna reads versions 2 and 3."),
        (b'{"is":"journal","version":3}\n', ", line 1: the header is damaged."),
        (b'HEADER\n{"t":0,"is":"Trigger","na\n{}\n', ", line 2 is damaged: "),
        (b'HEADER\n{"is":"Trigger","name":"go"}\n', ", line 2 is damaged: it has no time."),
        (b'HEADER\n{"t":1,"is":"Nobody"}\n', ", line 2 is damaged: there is no message 'Nobody'."),
        (b'HEADER\n{"t":1,"name":"go"}\n', ", line 2 is damaged: it is not a message."),
        (b"HEADER\n[1]\n", ", line 2 is damaged: it has no time."),
    ],
)
def test_a_damaged_or_foreign_file_is_reported_with_its_line(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(content.replace(b"HEADER", b'{"is":"journal","version":3,"began":"now","part":1}'))
    with pytest.raises(ShowError) as error:
        read_journal(path)
    assert str(error.value).startswith(f"{path}{said}")
    assert "\n" not in str(error.value)


def test_a_missing_journal_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ShowError, match=r"a\.jsonl cannot be read: No such file or directory\.$"):
        read_journal(tmp_path / "a.jsonl")


def test_each_renderer_has_the_directions_and_frames_after_its_start(tmp_path: Path) -> None:
    latents = (np.array([[0.1, -2.5]], np.float32), np.array([[1e-20]], np.float32))
    one, two, three = (Direction(take) for take in (1, 2, 3))
    first, second = RendererStarted(None, one), RendererStarted(latents, two)
    later = replace(FRAME, sequence=3)
    lost = Notice("renderer", "lost")
    write_journal(tmp_path / "a.jsonl", [Trigger("go"), first, two, FRAME, lost, second, later, three])
    lives = read_journal(tmp_path / "a.jsonl").renderer_lives()
    assert lives[0] == RendererLife(first, (two,), (FRAME,))
    assert (lives[1].directions, lives[1].frames, len(lives)) == ((three,), (later,), 2)
    assert lives[1].start.latents is not None
    assert [array.tobytes() for array in lives[1].start.latents] == [array.tobytes() for array in latents]


def test_entries_from_the_first_renderer_on_count_time_from_its_start(tmp_path: Path) -> None:
    start = RendererStarted(None, Direction(1))
    journal = Journal(tmp_path / "a.jsonl")
    for now, message in ((5.0, FRAME), (6.0, start), (7.5, FRAME)):  # an earlier start was rotated away
        journal.write(message, now)
    journal.close()
    entries = read_journal(tmp_path / "a.jsonl").from_first_renderer()
    assert [(entry.t, entry.message) for entry in entries] == [(0.0, start), (1.5, FRAME)]


def test_without_a_start_of_a_renderer_there_are_no_entries_to_replay(tmp_path: Path) -> None:
    write_journal(tmp_path / "b.jsonl", [FRAME])
    assert read_journal(tmp_path / "b.jsonl").from_first_renderer() == ()
