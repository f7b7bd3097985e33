"""From a plan to a running performance: the stage, the signals, the first words in the terminal."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path
from types import FrameType
from typing import Any

from installation.core.errors import ShowError
from installation.core.os_support import has_screen, name_process, stay_in_background
from installation.runtime.options import RunOptions
from installation.runtime.show_runner import ShowRunner
from installation.speech.audio_source import check_wav
from installation.stage.stage import Stage


def perform(plan: RunOptions, began: float) -> dict[str, Any]:
    """Plays the plan and returns the report. Raises ShowError for what the operator can mend before it begins.

    `began`: the moment of clock.now from which the report counts.
    """
    name_process("stage")
    stay_in_background()
    headless = plan.headless or not has_screen()
    if headless and not plan.headless:
        print("There is no screen: the show runs headless and is recorded. Type words and press Enter.")
    for path in (plan.record, plan.report):
        if path:
            _check(path)
    if plan.audio:
        check_wav(plan.audio)
    stage = Stage.open(plan.show.look, plan.show.title, headless, push_to_talk=plan.show.listen.push_to_talk)
    performance = ShowRunner(plan, stage, began)

    asked: list[int] = []

    def leave(number: int, _frame: FrameType | None) -> None:
        if asked:
            raise KeyboardInterrupt  # asked twice: whoever asks does not want to wait for the recording
        asked.append(number)
        performance.over = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    report = performance.run()
    if performance.recording:
        there = performance.recording.is_file()
        print(f"The recording is {performance.recording}" if there else "Nothing was recorded.")
    return report


def _check(path: Path) -> None:
    """That a file can be written there, before a show that ends with it. Raises ShowError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise ShowError(f"{path} cannot be written: {error.strerror}.") from None
    if path.is_dir():
        raise ShowError(f"{path} cannot be written: it is a folder.")
