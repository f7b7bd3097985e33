"""Reading a journal: exactly what was written, whatever happened to the file since."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.core.messages import Array, Direction, Notice, Origin, SetParam, Trigger
from installation.journal.codec import Message, RendererStarted, StageCommand, encode, to_line
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


@pytest.mark.parametrize(
    ("version", "start", "drawn"), [(2, "RendererBegan", "Drawn"), (3, "RendererStarted", "FrameReady")]
)
def test_journals_of_earlier_versions_are_read(version: int, start: str, drawn: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    header = f'{{"is":"journal","version":{version},"began":"now","words":true,"about":{{}},"part":1}}'
    fields = {name: value for name, value in vars(FRAME).items() if name != "searching"}  # which they did not have
    frame = json.dumps({"t": 1, "is": drawn, **fields})
    started = f'{{"t":0,"is":"{start}","latents":null,"direction":null}}'
    path.write_text("\n".join([header, started, frame, frame, ""]))
    assert messages_in(path) == [RendererStarted(None), FRAME, FRAME]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", " is not a journal of Laterna: its first line is not a header."),
        (b"\x00\xff\xfe" * 50, " is not a journal of Laterna: its first line is not a header."),
        (b'{"some": "json"}\n', " is not a journal of Laterna: its first line is not a header."),
        (b'{"is":"journal","version":1}\n', " is a journal of version 1; this Laterna reads versions 2, 3 and 4."),
        (b'{"is":"journal","version":3}\n', ", line 1: the header is damaged."),
        (b'HEADER\n{"t":0,"is":"Trigger","na\n{}\n', ", line 2 is damaged: "),
        (b'HEADER\n{"is":"Trigger","name":"go"}\n', ", line 2 is damaged: it has no time."),
        (b'HEADER\n{"t":1,"is":"Nobody"}\n', ", line 2 is damaged: there is no message 'Nobody'."),
        (b'HEADER\n{"t":1,"name":"go"}\n', ", line 2 is damaged: it is not a message."),
        (b"HEADER\n[1]\n", ", line 2 is damaged: there is no frame before it."),
        (b"HEADER\nFRAME\n[1]\n", ", line 3 is damaged: not enough values to unpack"),
        (b'HEADER\nFRAME\n[1,"AAAA",0,0]\n', ", line 3 is damaged: a frame is damaged: "),
        (b'HEADER\nFRAME\n[1,"AAAAAAAAAAAAAAAA","2",0]\n', ", line 3 is damaged: FrameReady.steps cannot be '2'."),
        (b'HEADER\nFRAME\n[1,"AAAAAAAAAAAAAAAA",0,0,{"a":1}]\n', ", line 3 is damaged: "),
        (b'HEADER\n{"t":1' + b"0" * 400 + b',"is":"Trigger","name":"go"}\n', ", line 2 is damaged: "),
        (b"HEADER\n" + b"[" * 100_000 + b"\n", ", line 2 is damaged: "),
    ],
)
def test_a_damaged_or_foreign_file_is_reported_with_its_line(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "a.jsonl"
    content = content.replace(b"FRAME", to_line({"t": 0.0, **encode(FRAME)}).strip())
    path.write_bytes(content.replace(b"HEADER", b'{"is":"journal","version":4,"began":"now","part":1,"about":{}}'))
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


def _rotated_journal(path: Path, frames: int, latents: tuple[Array, Array]) -> list[Message]:
    """Write a journal of small files: a start, three Directions, stage commands, and frames that follow the second."""
    started = RendererStarted(None, Direction(1, number=1))
    directions = [Direction(take, number=take) for take in (2, 3)]
    commands = [StageCommand(SetParam("blackout", value, Origin("osc"))) for value in (True, False)]
    drawn = [replace(FRAME, sequence=number, crc=number, direction=2) for number in range(frames)]
    messages: list[Message] = [started, directions[0], drawn[0], directions[1], *commands, *drawn[1:]]
    journal = Journal(path, max_megabytes=0.005)
    for number, message in enumerate(messages):
        journal.write(message, float(number))
        journal.note_latents(latents)
    journal.close()
    return messages


def test_a_journal_without_its_beginning_starts_with_the_state_of_its_oldest_file(tmp_path: Path) -> None:
    latents = (np.array([[0.1, -2.5]], np.float32), np.array([[1e-20]], np.float32))
    messages = _rotated_journal(tmp_path / "a.jsonl", 1_000, latents)
    record = read_journal(tmp_path / "a.jsonl")
    assert not record.complete
    (life,) = record.renderer_lives()
    assert life.start.latents is not None
    assert [array.tobytes() for array in life.start.latents] == [array.tobytes() for array in latents]
    assert [direction.number for direction in life.directions] == [2, 3], "the followed Direction and the later one"
    assert life.start.direction == life.directions[0]
    assert 0 < len(life.frames) < 1_000
    assert life.frames == tuple(messages[-len(life.frames) :])
    commands = [entry.message for entry in record.entries if isinstance(entry.message, StageCommand)]
    assert commands == [StageCommand(SetParam("blackout", False, Origin("osc")))]
    assert record.from_first_renderer() == tuple(replace(e, t=e.t - record.entries[0].t) for e in record.entries)


def test_each_file_can_be_read_alone(tmp_path: Path) -> None:
    _rotated_journal(tmp_path / "a.jsonl", 1_000, (np.zeros((1, 2), np.float32), np.zeros((1, 3), np.float32)))
    whole = len(read_journal(tmp_path / "a.jsonl").renderer_lives()[0].frames)
    parts = [tmp_path / name for name in ("a.jsonl", "a.jsonl.1", "a.jsonl.2", "a.jsonl.3")]
    alone = []
    for number, part in enumerate(parts):
        copy = part.rename(tmp_path / f"alone-{number}")
        (life,) = read_journal(copy).renderer_lives()
        alone.append(len(life.frames))
    assert sum(alone) == whole


def test_the_states_between_complete_files_start_no_renderer(tmp_path: Path) -> None:
    latents = (np.zeros((1, 2), np.float32), np.zeros((1, 3), np.float32))
    messages = _rotated_journal(tmp_path / "a.jsonl", 200, latents)
    assert (tmp_path / "a.jsonl.1").exists()
    assert read_journal(tmp_path / "a.jsonl").complete
    assert messages_in(tmp_path / "a.jsonl") == messages
