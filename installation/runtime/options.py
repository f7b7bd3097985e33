"""What the command line asks of a performance, and where its parts keep their files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from installation.core.messages import Value
from installation.show.settings import Show


@dataclass(frozen=True)
class RunOptions:
    """One performance of a show."""

    show: Show
    name: str = "show"
    folder: Path | None = None  # of the show file, where its scripts lie
    values: dict[str, Value] = field(default_factory=dict)  # live values that win over the show file's
    headless: bool = False
    seconds: float | None = None  # None: until somebody ends it
    say: Sequence[str] = ()  # words that wait their turn from the start
    text: Path | None = None  # lines that wait their turn; "-" is the terminal's input
    record: Path | None = None
    journal: Path | None = None
    report: Path | None = None
    seed: int = 1
    inline: bool = False  # the renderer in main, for the debugger
    audio: Path | None = None  # a recording that is heard in place of a microphone
    terminal: bool = True  # whether the terminal is read and keeps a status line
