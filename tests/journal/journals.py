"""Writes journals, and reads their messages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from installation.core.messages import FrameReady
from installation.journal.codec import Message
from installation.journal.reader import read_journal
from installation.journal.writer import Journal

FRAME = FrameReady(1, 2, 1, 7, 12.5, 0.3, 4, 1, 0.0, 123)


def write_journal(path: Path, messages: list[Message], seconds: float = 1.0, **settings: Any) -> None:
    """Write a journal with a message every so many seconds."""
    journal = Journal(path, **settings)
    for number, message in enumerate(messages):
        journal.write(message, 100.0 + number * seconds)
    journal.close()


def messages_in(path: Path) -> list[Message]:
    return [entry.message for entry in read_journal(path).entries]
