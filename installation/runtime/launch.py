"""Starts a show: checks the files, opens the stage, handles the signals."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from installation.core import clock
from installation.core.errors import ShowError
from installation.core.messages import FIRST_TAKE
from installation.core.os_support import STOP_SIGNALS, has_screen, name_process, stay_in_background
from installation.render.opening_picture import OpeningPicture, first_picture
from installation.runtime.options import RunOptions
from installation.runtime.terminal import print_line
from installation.show.projection import ProjectedWindow
from installation.stage.crossfade import GeneratedFrame
from installation.stage.stage import Stage

if TYPE_CHECKING:
    from installation.runtime.show_runner import ShowRunner


@dataclass(frozen=True)
class Performance:
    """What a show leaves."""

    report: dict[str, Any]
    recorded: bool  # whether any output was to leave files
    files: list[Path]
    unfinished: list[str]  # what could not be finished, in sentences

    def files_sentence(self) -> str:
        """Every file of the recordings in one line; "" if nothing was to be recorded."""
        found = [", ".join(f"{path}" for path in self.files)] if self.files else []
        sentences = [*self.unfinished, *(f"Recorded {names}." for names in found)]
        return " ".join(sentences) or ("Nothing was recorded." if self.recorded else "")


def perform(options: RunOptions, began: float, deliver: Callable[[Performance], None]) -> None:
    """Play a show.

    Args:
        options: what to play and how.
        began: seconds of `clock.now` from which the report counts.
        deliver: takes what the show leaves, also if the X server dies: the process ends then with exit status 1.

    Raises:
        ShowError: for a mistake that the operator can correct before the show starts.
    """
    name_process("stage")
    stay_in_background()
    headless = options.headless or not has_screen()
    if headless and options.window:
        raise ShowError("--window: there is no screen (neither DISPLAY nor WAYLAND_DISPLAY is set).")
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
    if options.window and stage.headless:
        raise ShowError(f"--window: {' '.join(stage.take_notices())}")
    stage.project(ProjectedWindow(settings=options.show.projection))
    opening = _opened(options, stage)
    from installation.runtime.show_runner import ShowRunner  # half of all imports, which the audience need not await

    runner = ShowRunner(options, stage, began, opening)

    StopRequests(runner.stop).install()
    stage.on_display_loss(lambda: deliver(_performance(runner, runner.end_without_display())))
    deliver(_performance(runner, runner.run()))


def _opened(options: RunOptions, stage: Stage) -> OpeningPicture:
    """The opening picture, on the stage unless opening hours may keep that black."""
    width, height = stage.size
    opening = first_picture(options.show.models, options.place, options.seed, (height, width))
    if options.show.opening.hours:
        return opening
    stage.show_frame(GeneratedFrame(opening.picture, FIRST_TAKE), 0.0, clock.now())
    stage.present(clock.now())
    return opening._replace(shown_at=clock.now())


def _performance(runner: ShowRunner, report: dict[str, Any]) -> Performance:
    workers = runner.workers
    return Performance(report, bool(workers.endings.claims), workers.endings.files, workers.endings.unfinished)


class StopRequests:
    """Ends the show at SIGINT, SIGTERM or SIGHUP; a second request does not wait until the recording is finished."""

    REPEAT_SECONDS = 0.5  # launchers pass on a signal that the terminal has sent to the whole group already

    def __init__(self, stop: Callable[[], None]) -> None:
        """`stop` is called once, at the first signal."""
        self._stop = stop
        self._requested_at: float | None = None

    def install(self) -> None:
        """Handle the signals from now on. SIGHUP stays ignored in a show that was started with `nohup`."""
        for number in STOP_SIGNALS:
            if number != getattr(signal, "SIGHUP", None) or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._handle)

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        if self._requested_at is None:
            self._requested_at = clock.now()
            self._stop()
        elif clock.now() > self._requested_at + self.REPEAT_SECONDS:
            raise KeyboardInterrupt


def _check(path: Path) -> None:
    """Find out before the show whether a file can be written there. Raises ShowError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise ShowError(f"Cannot write {path}: {error.strerror}.") from None
    if path.is_dir():
        raise ShowError(f"Cannot write {path}: it is a folder.")
