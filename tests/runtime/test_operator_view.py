"""What the operator sees, and how often."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest

from installation.conductor.conductor import Conductor
from installation.conductor.prompt_intake import PAUSED
from installation.core.messages import Notice, Origin, Trigger
from installation.core.speech_messages import SpeechRejected, Transcription
from installation.core.worker_status import SpeechFigures, WorkerStatus
from installation.runtime.effects import EffectRunner
from installation.runtime.operator_view import LOADING, MAX_NOTICES, OperatorView
from installation.runtime.options import RunOptions
from installation.runtime.report import ReportBuilder
from installation.runtime.status import StatusMonitor
from installation.runtime.supervisor import SupervisedWorker
from installation.runtime.terminal import StatusLine
from installation.runtime.worker_link import WorkerLink
from installation.runtime.workers import Workers
from installation.show.settings import LookSettings, ModerationSettings, Show
from installation.stage.stage import Stage
from tests.runtime import workers

SHOW = Show(look=LookSettings(size=(320, 180)), moderation=ModerationSettings(refused_words=("gin",)))


class Booth:
    """The operator's view of a show without workers."""

    def __init__(self) -> None:
        self.conductor = Conductor(SHOW)
        self.stage = stage = Stage.open(SHOW.look, "Test", headless=True)
        self.workers = Workers(RunOptions(SHOW), self.conductor, stage.size, 30.0, None)
        report = ReportBuilder(0.0)
        self.published: list[Notice] = []  # for the control surfaces
        self._out = StringIO()
        self.status = StatusLine(self._out)
        self.monitor = StatusMonitor(self.workers, report)
        self.view = OperatorView(stage, self.status, self.conductor, self.monitor, None, self.published.append)
        self.effects = EffectRunner(RunOptions(SHOW), self.conductor, stage, self.workers, report, None, self.view)

    def read(self) -> list[str]:
        """The lines that the terminal got."""
        self.status.close()
        return self._out.getvalue().splitlines()

    def help_lines(self, now: float) -> tuple[str, ...]:
        """The status lines of the help overlay."""
        self.view.update(self.monitor.readings(0, now), now)
        return self.stage.overlays.help.status

    def hear(self, message: Transcription | SpeechRejected | Trigger, now: float) -> None:
        self.effects.run(self.conductor.receive(message, now), now)


@pytest.fixture
def booth() -> Iterator[Booth]:
    made = Booth()
    yield made
    made.workers.finish(0.0)


def test_rejected_prompts_are_shown_with_their_source_and_without_their_words(booth: Booth) -> None:
    booth.hear(Transcription(1, "A glass of gin.", True), 1.0)
    booth.hear(Trigger("prompt", ("gin",), Origin("keyboard")), 2.0)
    booth.hear(Trigger("prompt", ("gin",), Origin("keyboard")), 3.0)
    why = "the show does not allow these words."
    assert booth.read() == [f"speech: {why}", f"keyboard: {why}", f"keyboard: {why}"]
    assert booth.conductor.values["queue/refused"] == f"keyboard: {why}"
    assert booth.conductor.values["queue/refusals"] == 3


def test_a_recording_is_printed_with_the_position_in_the_script(booth: Booth) -> None:
    booth.conductor.load_script("a lamp is lit\na ship leaves", "poem.txt")
    for message in (
        Transcription(1, "a lamp", False),
        Transcription(1, "a lamp is lit", True),
        SpeechRejected(2, "", "Sounds, no words."),
    ):
        booth.hear(message, 1.0)
        booth.view.print_speech(message)
    assert booth.read() == [
        "heard: a lamp is lit · line 1 of 2",
        "rejected: a sound (Sounds, no words)",
    ]


def test_the_help_overlay_says_that_the_models_load_until_there_is_a_picture(booth: Booth) -> None:
    assert booth.help_lines(1.0)[0] == LOADING
    booth.conductor.frame_drawn(0, 1.5)
    assert LOADING not in booth.help_lines(2.0)


def test_the_help_overlay_shows_the_position_in_the_script_and_what_was_last_heard(booth: Booth) -> None:
    booth.conductor.load_script("a lamp is lit\na ship leaves", "poem.txt")
    booth.hear(Transcription(1, "a lamp is lit", True), 1.0)
    assert {"line 1 of 2", "last heard: a lamp is lit"} <= set(booth.help_lines(2.0))


def test_the_help_overlay_and_the_terminal_show_the_next_line_of_the_script(booth: Booth) -> None:
    booth.conductor.load_script("a lamp is lit\na ship leaves", "poem.txt")
    booth.hear(Transcription(1, "a lamp is lit", True), 1.0)
    assert "next line: a ship leaves" in booth.help_lines(2.0)
    booth.hear(Transcription(2, "a ship leaves", True), 3.0)
    assert not [line for line in booth.help_lines(4.0) if line.startswith("next line")]
    (printed,) = booth.read()
    assert printed.endswith(" · line 1 of 2 · next line: a ship leaves")


def test_words_typed_during_a_pause_are_answered_by_a_notice_and_the_status_says_paused(booth: Booth) -> None:
    booth.conductor.frame_drawn(0, 0.5)
    booth.hear(Trigger("pause", (), Origin("keyboard")), 1.0)
    booth.hear(Trigger("prompt", ("a fox",), Origin("keyboard")), 2.0)
    assert booth.help_lines(3.0)[0].endswith(" · (paused) · 1 waiting")
    assert PAUSED in booth.read()


def test_a_microphone_that_does_not_exist_is_reported_once_and_called_missing(booth: Booth) -> None:
    link = WorkerLink(workers.echo, None, "speech")
    speech = booth.workers.by_name["speech"] = SupervisedWorker("speech", lambda: link, 0.0)
    reason = "there is no microphone 'xyz'; known: pulse."
    status = WorkerStatus("speech", "failed", reason, SpeechFigures("missing", "xyz"))
    sentence = f"{reason} The show goes on without it."
    notices = [booth.monitor.take(speech, status, now) for now in (1.0, 2.0)]
    assert notices == [Notice("speech", sentence), None]
    assert booth.monitor.readings(0, 2.0)["speech/health"] == "missing"
    assert booth.monitor.speech_summary == "mic missing"


def test_a_repeated_notice_is_shown_once_a_minute(booth: Booth) -> None:
    for now in range(0, 120, 5):
        booth.view.notify_limited(Notice("renderer", "The renderer is gone."), float(now))
    assert booth.read() == ["The renderer is gone."] * 2
    assert booth.published == [Notice("renderer", "The renderer is gone.")] * 2


def test_a_flood_of_different_notices_is_bounded(booth: Booth) -> None:
    for number in range(1000):
        booth.view.notify_limited(Notice("stage", f"osc:1: {number} are too many."), number / 1000)
    assert len(booth.read()) == MAX_NOTICES
