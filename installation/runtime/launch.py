"""Starts a show: checks the files, opens the stage, handles the signals."""

from __future__ import annotations

import signal
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from installation.core.errors import ShowError
from installation.core.os_support import has_screen, name_process, stay_in_background
from installation.runtime.options import RunOptions
from installation.runtime.show_runner import ShowRunner
from installation.runtime.terminal import print_line
from installation.stage.stage import Stage


@dataclass(frozen=True)
class Performance:
    """What a show leaves: its report, and the path of its recording; None if it was not recorded."""

    report: dict[str, Any]
    recording: Path | None


def perform(options: RunOptions, began: float) -> Performance:
    """Play a show. Prints nothing at its end, so that the caller can save the report first.

    Args:
        options: what to play and how.
        began: seconds of `clock.now` from which the report counts.

    Raises:
        ShowError: for a mistake that the operator can correct before the show starts.
    """
    name_process("stage")
    stay_in_background()
    headless = options.headless or not has_screen()
    if headless and not options.headless:
        print_line("No screen found: the show runs headless and is recorded. Type words and press Enter.")
    written = [path for path in (options.record, options.report) if path]
    if headless and not options.record:
        written.append(Path(options.show.record.folder) / options.name)
    for path in written:
        _check(path)
    if options.audio:
        from installation.speech.audio_file import check_audio_file  # imports PyAV

        check_audio_file(options.audio)
    stage = Stage.open(options.show.look, options.show.title, headless, push_to_talk=options.show.listen.push_to_talk)
    runner = ShowRunner(options, stage, began)

    requests: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        if requests:
            raise KeyboardInterrupt  # the second request does not wait for the recording
        requests.append(number)
        runner.over = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return Performance(runner.run(), runner.recording)


def _check(path: Path) -> None:
    """Raise ShowError if a file cannot be written there: better before the show than at its end."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise ShowError(f"Cannot write {path}: {error.strerror}.") from None
    if path.is_dir():
        raise ShowError(f"Cannot write {path}: it is a folder.")
