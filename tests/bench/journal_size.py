"""Measures the bytes of a frame in the journal of a show: as it is written, and as a message as in version 3.

python -m tests.bench.journal_size [--seconds 20] [--show rehearsal]
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated

import typer

from installation.core.messages import FrameReady
from installation.journal.codec import encode, to_line
from installation.journal.reader import read_journal
from tests.running import running, until

FIRST_FRAME_SECONDS = 60.0
SECONDS_OF_A_DAY = 86_400.0


def measure(path: Path) -> str:
    """Return a sentence about the frames of a journal."""
    frames = [entry for entry in read_journal(path).entries if isinstance(entry.message, FrameReady)]
    messages = sum(len(to_line({"t": entry.t, **encode(entry.message)})) for entry in frames)
    written = sum(len(line) + 1 for line in path.read_bytes().split(b"\n") if _is_frame(line))
    rate = (len(frames) - 1) / (frames[-1].t - frames[0].t)
    a_day = rate * SECONDS_OF_A_DAY / len(frames) / 1e6
    return (
        f"{written / len(frames):.0f} bytes a frame, {messages / len(frames):.0f} as messages: "
        f"a ratio of {messages / written:.1f}. "
        f"At {rate:.1f} frames/s a day takes {written * a_day:.0f} MB, not {messages * a_day:.0f}."
    )


def _is_frame(line: bytes) -> bool:
    value = json.loads(line) if line else None
    return isinstance(value, list) or (isinstance(value, dict) and value["is"] == FrameReady.__name__)


def main(
    seconds: Annotated[float, typer.Option(help="Duration of each half: without words, then with a prompt.")] = 20.0,
    show: Annotated[str, typer.Option(help="Name of the show.")] = "rehearsal",
) -> None:
    """Play a show without words, then one with a prompt, and print the bytes of a frame in each."""
    for name, arguments in (("without words", []), ("with a prompt", ["--say", "a red sun"])):
        folder = Path(mkdtemp(prefix="laterna-journal-"))
        with running(show, folder, arguments) as played:
            until(played.drawn, FIRST_FRAME_SECONDS, "the first frame")
            time.sleep(seconds)
            played.end()
        print(f"{name}: {measure(played.journal_path)}")


if __name__ == "__main__":
    typer.run(main)
