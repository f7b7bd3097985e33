"""Writing the journal: rotation, missing words, a slow disk and a full one."""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from installation.core.errors import ShowError
from installation.core.messages import (
    SPEECH,
    Bundle,
    Changed,
    Direction,
    MessageRejected,
    Notice,
    Origin,
    Prompt,
    SetParam,
    Trigger,
)
from installation.core.speech_messages import SpeechRejected, Transcription
from installation.journal.codec import JournalGap, Message, RendererStarted
from installation.journal.reader import read_journal
from installation.journal.writer import Journal
from tests.journal.journals import FRAME, messages_in, write_journal
from tests.journal.random_messages import random_frame
from tests.running import until


def test_a_line_is_a_json_object_that_other_tools_can_read(tmp_path: Path) -> None:
    write_journal(tmp_path / "a.jsonl", [Trigger("prompt", ("ein Fuchs ü",), Origin("osc"))], metadata={"seed": 5})
    header, line = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    began = json.loads(header)["began"]
    expected = {"is": "journal", "version": 4, "began": began, "words": True, "about": {"seed": 5}, "part": 1}
    assert json.loads(header) == expected
    assert line == '{"t":0.0,"is":"Trigger","name":"prompt","args":["ein Fuchs ü"],"origin":"osc"}'


def test_messages_reach_the_disk_while_the_show_runs(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "a.jsonl")
    journal.write(Trigger("go"), 5.0)
    until(lambda: b"go" in (tmp_path / "a.jsonl").read_bytes(), 30.0, "the writing of the message")
    journal.close()


def test_a_message_with_a_value_that_has_no_form_is_refused_at_once(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "a.jsonl")
    value: Any = [1]
    with pytest.raises(TypeError):
        journal.write(Trigger("a", (value,)), 0.0)
    journal.close()


def test_a_journal_that_cannot_be_created_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ShowError, match=r"^the journal cannot be written to .*a\.jsonl: File exists\.$"):
        Journal(tmp_path / "file" / "a.jsonl")


# -- without words ---------------------------------------------------------------------------------------------------

SECRET = "geheim 🦊"
PROMPT = Prompt(1, SECRET, origin=SPEECH)
DIRECTION = Direction(1, (PROMPT, PROMPT), params={"prompt/negative": SECRET, "walk/speed": 0.5})
REDACTED_DIRECTION = replace(
    DIRECTION, prompts=(replace(PROMPT, text=""),) * 2, params={"prompt/negative": "", "walk/speed": 0.5}
)


@pytest.mark.parametrize(
    ("message", "redacted", "characters"),
    [
        (Trigger("queue/add", (SECRET, 3), Origin("osc")), Trigger("queue/add", ("", 3), Origin("osc")), 8),
        (SetParam("prompt/negative", SECRET, Origin("osc")), SetParam("prompt/negative", "", Origin("osc")), 8),
        (SetParam("walk/speed", 0.5, Origin("osc")), SetParam("walk/speed", 0.5, Origin("osc")), 0),
        (Changed("prompt/current", SECRET), Changed("prompt/current", ""), 8),
        (
            Bundle((Trigger("prompt", (SECRET,)), SetParam("blackout", True, Origin("osc")))),
            Bundle((Trigger("prompt", ("",)), SetParam("blackout", True, Origin("osc")))),
            8,
        ),
        (DIRECTION, REDACTED_DIRECTION, 24),
        (RendererStarted(None, DIRECTION), RendererStarted(None, REDACTED_DIRECTION), 24),
        (Notice("renderer", f"unknown words: {SECRET}", 1), Notice("renderer", "", 1), 23),
        (Notice("recorder", "The disk is full."), Notice("recorder", "The disk is full."), 0),
        (MessageRejected(Origin("osc"), "prompt", SECRET), MessageRejected(Origin("osc"), "prompt", ""), 8),
        (FRAME, FRAME, 0),
        (Transcription(1, SECRET, True, recognizer="x"), Transcription(1, "", True, recognizer="x"), 8),
        (SpeechRejected(2, SECRET, "noise"), SpeechRejected(2, "", "noise"), 8),
        (replace(PROMPT, caption=SECRET), replace(PROMPT, text=""), 8),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_journal_without_words_keeps_only_their_length(
    tmp_path: Path, message: Message, redacted: Message, characters: int
) -> None:
    write_journal(tmp_path / "a.jsonl", [message], words=False)
    assert "geheim" not in (tmp_path / "a.jsonl").read_text(encoding="utf-8")
    record = read_journal(tmp_path / "a.jsonl")
    assert not record.has_words
    assert [(entry.message, entry.characters) for entry in record.entries] == [(redacted, characters)]


# -- files -----------------------------------------------------------------------------------------------------------


def test_frames_are_restored_exactly(tmp_path: Path) -> None:
    dice = random.Random(4)
    frames: list[Message] = [FRAME, FRAME, replace(FRAME, crc=2**32), *(random_frame(dice) for _ in range(200))]
    frames += [replace(FRAME, score=score, change=-0.0) for score in (0.0, -0.0, math.nan, math.inf)]
    frames += [replace(FRAME, slot=number % 8, sequence=number, steps=number) for number in range(20)]
    write_journal(tmp_path / "a.jsonl", frames)
    assert [repr(message) for message in messages_in(tmp_path / "a.jsonl")] == [repr(frame) for frame in frames]


def test_the_record_of_a_frame_is_short(tmp_path: Path) -> None:
    drawn = [replace(FRAME, slot=n % 8, sequence=n, show_at=n / 30, crc=2**31 + n, score=n / 7) for n in range(1000)]
    write_journal(tmp_path / "a.jsonl", list(drawn))
    assert (tmp_path / "a.jsonl").stat().st_size / len(drawn) < 70


def test_rotation_bounds_the_disk_space_and_drops_the_oldest_messages(tmp_path: Path) -> None:
    triggers: list[Message] = [Trigger("queue/add", (f"words number {number}",)) for number in range(600)]
    write_journal(tmp_path / "a.jsonl", triggers, max_megabytes=0.01)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["a.jsonl", "a.jsonl.1", "a.jsonl.2", "a.jsonl.3"]
    assert max(path.stat().st_size for path in tmp_path.iterdir()) <= 10_000
    record = read_journal(tmp_path / "a.jsonl")
    kept = messages_in(tmp_path / "a.jsonl")
    assert 250 < len(kept) < 600
    assert kept == triggers[-len(kept) :]
    assert record.entries[-1].t == 599.0
    assert not record.complete


def test_a_performance_is_complete_while_all_of_its_files_are_kept(tmp_path: Path) -> None:
    triggers: list[Message] = [Trigger("queue/add", (f"words number {number}",)) for number in range(200)]
    write_journal(tmp_path / "a.jsonl", triggers, max_megabytes=0.01)
    assert (tmp_path / "a.jsonl.1").exists()
    assert read_journal(tmp_path / "a.jsonl").complete
    assert messages_in(tmp_path / "a.jsonl") == triggers


# -- a disk that is slow or full -------------------------------------------------------------------------------------


def test_messages_that_the_disk_cannot_keep_up_with_are_dropped_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("installation.journal.writer.MAX_PENDING_LINES", 100)
    monkeypatch.setattr("installation.journal.writer.WRITE_SECONDS", 600.0)  # the disk takes nothing until the end
    journal = Journal(tmp_path / "a.jsonl")
    for number in range(5_000):
        journal.write(FRAME, number / 1000)
    journal.close()
    assert messages_in(tmp_path / "a.jsonl") == [FRAME] * 100 + [JournalGap(4_900)]
    assert not read_journal(tmp_path / "a.jsonl").complete


LIMITED = """
import resource, signal, sys, time
from pathlib import Path
from installation.journal import writer
from installation.core.messages import Trigger
writer.RETRY_SECONDS = 0.1
path, notices = Path(sys.argv[1]), []
journal = writer.Journal(path)
def wait_until(condition):
    while not condition():
        time.sleep(0.01)
        notices.extend(notice.text for notice in journal.notices())
for number in range(3):
    journal.write(Trigger("go", (number,)), 0.0)
wait_until(lambda: path.is_file() and path.read_bytes().count(b'"go"') == 3)
resource.setrlimit(resource.RLIMIT_FSIZE, (400, resource.RLIM_INFINITY))
for number in range(3, 300):
    journal.write(Trigger("go", (number,)), 1.0)
wait_until(lambda: notices)
later = time.monotonic() + 0.3
wait_until(lambda: time.monotonic() > later)  # several retries, and no further notice
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
wait_until(lambda: len(notices) > 1)
journal.close()
print(notices + [notice.text for notice in journal.notices()])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX's")
def test_a_full_disk_is_reported_once_and_pending_messages_are_written_later(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    command = [sys.executable, "-c", LIMITED, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == (
        "['The journal cannot be written (File too large); the show goes on without it.', "
        "'The journal is being written again.']\n"
    )
    assert messages_in(path) == [Trigger("go", (number,)) for number in range(300)]
