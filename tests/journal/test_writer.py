"""The journal on a real disk: written, rotated, hushed, torn, refused, and read again."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.core.messages import (
    Bundle,
    Direction,
    FrameReady,
    Notice,
    Prompt,
    SetParam,
    SpeechRejected,
    Transcription,
    Trigger,
)
from installation.journal.reader import RendererLife, read_journal
from installation.journal.writer import Journal, JournalGap, RendererStarted
from tests.journal.test_codec import any_message, exactly

DRAWN = FrameReady(1, 2, 1, 7, 12.5, 0.3, 4, 1, 0.0, 123)


def journal_of(path: Path, messages: list[Any], **settings: Any) -> None:
    journal = Journal(path, **settings)
    for number, message in enumerate(messages):
        journal.write(message, 100.0 + number)
    journal.close()


def test_what_was_written_is_read_again_in_order_and_with_its_time(tmp_path: Path) -> None:
    dice = random.Random(3)
    messages = [any_message(dice) for _ in range(500)]
    journal_of(tmp_path / "new" / "a.jsonl", messages, metadata={"show": "first_light", "seed": 5})
    transcript = read_journal(tmp_path / "new" / "a.jsonl")
    assert (transcript.metadata, transcript.has_words, transcript.complete) == (
        {"show": "first_light", "seed": 5},
        True,
        True,
    )
    assert [entry.t for entry in transcript.entries] == [float(number) for number in range(500)]
    assert [exactly(entry.message) for entry in transcript.entries] == [exactly(message) for message in messages]


def test_lines_are_objects_that_other_tools_can_read(tmp_path: Path) -> None:
    journal_of(tmp_path / "a.jsonl", [Trigger("prompt", ("ein Fuchs ü",), "osc")])
    header, line = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(header)["is"] == "journal"
    assert line == '{"t":0.0,"is":"Trigger","name":"prompt","args":["ein Fuchs ü"],"source":"osc"}'


def test_a_journal_without_words_keeps_only_their_length(tmp_path: Path) -> None:
    secret = "geheim 🦊"
    prompt = Prompt(1, secret, source="speech")
    direction = Direction(1, (prompt, prompt), params={"prompt/negative": secret, "walk/speed": 0.5})
    messages = [
        Trigger("queue/add", (secret, 3), "osc"),
        SetParam("prompt/negative", secret, "osc"),
        SetParam("walk/speed", 0.5, "osc"),
        Bundle((Trigger("prompt", (secret,)), SetParam("blackout", True, "osc"))),
        direction,
        RendererStarted(None, direction),
        Notice("renderer", f"The words '{secret}' can hardly be placed.", 1),
        Notice("recorder", "The disk is full."),
        DRAWN,
        Transcription(1, secret, True, recognizer="whisper"),
        SpeechRejected(2, secret, "hardly any voice"),
        replace(prompt, caption=secret),
    ]
    journal_of(tmp_path / "a.jsonl", messages, words=False)
    assert "geheim" not in (tmp_path / "a.jsonl").read_text(encoding="utf-8")
    transcript = read_journal(tmp_path / "a.jsonl")
    assert not transcript.has_words
    quiet = replace(
        direction, prompts=(replace(prompt, text=""),) * 2, params={"prompt/negative": "", "walk/speed": 0.5}
    )
    assert [entry.characters for entry in transcript.entries] == [8, 8, 0, 8, 24, 24, 42, 0, 0, 8, 8, 8]
    assert [entry.message for entry in transcript.entries] == [
        Trigger("queue/add", ("", 3), "osc"),
        SetParam("prompt/negative", "", "osc"),
        SetParam("walk/speed", 0.5, "osc"),
        Bundle((Trigger("prompt", ("",)), SetParam("blackout", True, "osc"))),
        quiet,
        RendererStarted(None, quiet),
        Notice("renderer", "", 1),
        Notice("recorder", "The disk is full."),
        DRAWN,
        Transcription(1, "", True, recognizer="whisper"),
        SpeechRejected(2, "", "hardly any voice"),
        replace(prompt, text=""),
    ]


def test_full_files_are_rotated_and_the_oldest_forgotten_so_that_the_disk_stays_bounded(tmp_path: Path) -> None:
    triggers = [Trigger("queue/add", (f"words number {number}",)) for number in range(600)]
    journal_of(tmp_path / "a.jsonl", triggers, max_megabytes=0.01)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["a.jsonl", "a.jsonl.1", "a.jsonl.2", "a.jsonl.3"]
    assert max(path.stat().st_size for path in tmp_path.iterdir()) <= 10_000
    transcript = read_journal(tmp_path / "a.jsonl")
    kept = [entry.message for entry in transcript.entries]
    assert 250 < len(kept) < 600
    assert kept == triggers[-len(kept) :]
    assert transcript.entries[-1].t == 599.0
    assert not transcript.complete


def test_rotated_files_that_are_all_there_are_a_whole_performance(tmp_path: Path) -> None:
    triggers = [Trigger("queue/add", (f"words number {number}",)) for number in range(200)]
    journal_of(tmp_path / "a.jsonl", triggers, max_megabytes=0.01)
    assert (tmp_path / "a.jsonl.1").exists()
    transcript = read_journal(tmp_path / "a.jsonl")
    assert transcript.complete
    assert [entry.message for entry in transcript.entries] == triggers


def test_an_older_journal_at_the_same_place_is_kept_and_not_mixed_in(tmp_path: Path) -> None:
    journal_of(tmp_path / "a.jsonl", [Trigger("go")])
    journal_of(tmp_path / "a.jsonl", [Trigger("panic")])
    assert [entry.message for entry in read_journal(tmp_path / "a.jsonl").entries] == [Trigger("panic")]
    assert [entry.message for entry in read_journal(tmp_path / "a.jsonl.1").entries] == [Trigger("go")]


def test_messages_reach_the_disk_within_a_second_while_the_show_runs(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "a.jsonl")
    journal.write(Trigger("go"), 5.0)
    until = time.monotonic() + 1.0
    while time.monotonic() < until and b"go" not in (tmp_path / "a.jsonl").read_bytes():
        time.sleep(0.01)
    written = (tmp_path / "a.jsonl").read_bytes()
    journal.close()
    assert b"go" in written


def test_too_many_messages_at_once_are_dropped_counted_and_never_waited_for(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "a.jsonl")
    began = time.process_time()
    for number in range(60_000):
        journal.write(DRAWN, number / 1000)
    assert time.process_time() - began < 6.0
    journal.close()
    transcript = read_journal(tmp_path / "a.jsonl")
    missing = sum(entry.message.dropped for entry in transcript.entries if isinstance(entry.message, JournalGap))
    kept = sum(entry.message == DRAWN for entry in transcript.entries)
    assert kept + missing == 60_000
    assert transcript.complete == (missing == 0)


def test_what_is_no_message_is_refused_at_once(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "a.jsonl")
    with pytest.raises(TypeError):
        journal.write(Trigger("a", ([1],)), 0.0)  # type: ignore[arg-type]
    journal.close()


def test_a_torn_last_line_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    journal_of(path, [Trigger("go"), Trigger("panic")])
    whole = path.read_bytes()
    for cut in range(1, 20):
        path.write_bytes(whole[:-cut])
        assert [entry.message for entry in read_journal(path).entries] == [Trigger("go")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no journal of Laterna: its first line is no header."),
        (b"\x00\xff\xfe" * 50, "is no journal of Laterna: its first line is no header."),
        (b'{"some": "json"}\n', "is no journal of Laterna: its first line is no header."),
        (b'{"is":"journal","version":1}\n', "is a journal of version 1; this Laterna reads 2."),
        (b'{"is":"journal","version":2}\n', ", line 1: the header is damaged."),
        (b'HEADER\n{"t":0,"is":"Trigger","na\n{}\n', ", line 2 is damaged: "),
        (b'HEADER\n{"is":"Trigger","name":"go"}\n', ", line 2 is damaged: it has no time."),
        (b'HEADER\n{"t":1,"is":"Nobody"}\n', ", line 2 is damaged: there is no message 'Nobody'."),
        (b'HEADER\n{"t":1,"name":"go"}\n', ", line 2 is damaged: it is no message."),
        (b"HEADER\n[1]\n", ", line 2 is damaged: it has no time."),
    ],
)
def test_a_damaged_or_foreign_file_is_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(content.replace(b"HEADER", b'{"is":"journal","version":2,"began":"now","part":1}'))
    with pytest.raises(ShowError) as caught:
        read_journal(path)
    assert str(caught.value).startswith(f"{path}{'' if said[0] == ',' else ' '}{said}")
    assert "\n" not in str(caught.value)


def test_a_journal_that_is_missing_or_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ShowError, match="cannot be read: No such file"):
        read_journal(tmp_path / "a.jsonl")
    (tmp_path / "file").write_text("")
    with pytest.raises(ShowError, match="cannot be written to"):
        Journal(tmp_path / "file" / "a.jsonl")


def test_the_lives_of_the_renderers_are_told_apart(tmp_path: Path) -> None:
    latents = (np.array([[0.1, -2.5]], np.float32), np.array([[1e-20]], np.float32))
    one, two, three = (Direction(take) for take in (1, 2, 3))
    first, second = RendererStarted(None, one), RendererStarted(latents, two)
    later = replace(DRAWN, sequence=3)
    gone = Notice("renderer", "gone")
    journal_of(tmp_path / "a.jsonl", [Trigger("go"), first, two, DRAWN, gone, second, later, three])
    lives = read_journal(tmp_path / "a.jsonl").renderer_lives()
    assert lives[0] == RendererLife(first, (two,), (DRAWN,))
    assert (lives[1].directions, lives[1].frames, len(lives)) == ((three,), (later,), 2)
    assert lives[1].start.latents is not None
    assert [array.tobytes() for array in lives[1].start.latents] == [array.tobytes() for array in latents]


def test_a_replay_begins_where_the_first_known_renderer_began(tmp_path: Path) -> None:
    began = RendererStarted(None, Direction(1))
    book = Journal(tmp_path / "a.jsonl")
    for now, message in ((5.0, DRAWN), (6.0, began), (7.5, DRAWN)):  # the start before the first was rotated away
        book.write(message, now)
    book.close()
    played = read_journal(tmp_path / "a.jsonl").from_first_renderer()
    assert [(entry.t, entry.message) for entry in played] == [(0.0, began), (1.5, DRAWN)]
    journal_of(tmp_path / "b.jsonl", [DRAWN])
    assert read_journal(tmp_path / "b.jsonl").from_first_renderer() == ()


LIMITED = """
import resource, signal, sys, time
from pathlib import Path
from installation.journal import writer
from installation.core.messages import Trigger
writer.RETRY_SECONDS = 0.1
path, told = Path(sys.argv[1]), []
book = writer.Journal(path)
def until(enough):
    while not enough():
        time.sleep(0.01)
        told.extend(notice.text for notice in book.notices())
for number in range(3):
    book.write(Trigger("go", (number,)), 0.0)
until(lambda: path.is_file() and path.read_bytes().count(b'"go"') == 3)
resource.setrlimit(resource.RLIMIT_FSIZE, (400, resource.RLIM_INFINITY))
for number in range(3, 300):
    book.write(Trigger("go", (number,)), 1.0)
until(lambda: told)
again = time.monotonic() + 0.3
until(lambda: time.monotonic() > again)  # it is tried again meanwhile, and told once all the same
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
until(lambda: len(told) > 1)
book.close()
print(told + [notice.text for notice in book.notices()])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX's")
def test_a_disk_that_refuses_is_told_once_and_nothing_is_lost_while_there_is_room_to_wait(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == (
        "['The journal cannot be written (File too large); the show goes on without it.', "
        "'The journal is written again.']\n"
    )
    assert [entry.message for entry in read_journal(path).entries] == [Trigger("go", (n,)) for n in range(300)]
