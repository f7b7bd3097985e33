"""What the operator is told, and how often."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from installation.conductor.conductor import Conductor
from installation.core.messages import Notice, SpeechRejected, Transcription, Trigger
from installation.runtime.effects import EffectRunner
from installation.runtime.operator_view import MOST_REMARKS, WAKING, OperatorView
from installation.runtime.options import RunOptions
from installation.runtime.report import ReportBuilder
from installation.runtime.status import StatusMonitor
from installation.runtime.terminal import StatusLine
from installation.runtime.workers import Workers
from installation.show.settings import LookSettings, ModerationSettings, Show
from installation.stage.stage import Stage

SHOW = Show(look=LookSettings(size=(320, 180)), moderation=ModerationSettings(refused_words=("gin",)))


class Booth:
    """The operator's place in a show without workers."""

    def __init__(self, folder: Path) -> None:
        self.conductor = Conductor(SHOW)
        self.stage = stage = Stage.open(SHOW.look, "Test", headless=True)
        self.crew = Workers(RunOptions(SHOW), self.conductor, folder, stage.size, None)
        ledger = ReportBuilder(0.0)
        self._out = StringIO()
        self.status = StatusLine(self._out)
        self.watch = StatusMonitor(self.crew, ledger)
        self.view = OperatorView(stage, self.status, self.conductor, self.watch, None)
        self.hand = EffectRunner(RunOptions(SHOW), self.conductor, stage, self.crew, ledger, None, self.view)

    def read(self) -> list[str]:
        """What the terminal said, once it is given back."""
        self.status.close()
        return self._out.getvalue().splitlines()

    def help_lines(self, now: float) -> tuple[str, ...]:
        """What the help page says of the show's state."""
        self.view.renew(self.watch.readings(0, now), now)
        return self.stage._help._lines

    def hear(self, message: Transcription | SpeechRejected | Trigger, now: float) -> None:
        self.hand.do(self.conductor.receive(message, now), now)


@pytest.fixture
def booth(tmp_path: Path) -> Iterator[Booth]:
    made = Booth(tmp_path)
    yield made
    made.crew.finish(0.0)


def test_refused_words_are_told_with_who_said_them_and_never_repeated(booth: Booth) -> None:
    booth.hear(Transcription(1, "A glass of gin.", True), 1.0)
    booth.hear(Trigger("prompt", ("gin",), "keyboard"), 2.0)
    booth.hear(Trigger("prompt", ("gin",), "keyboard"), 3.0)
    why = "the show does not take these words."
    assert booth.read() == [f"speech: {why}", f"keyboard: {why}", f"keyboard: {why}"]
    assert booth.conductor.values["queue/refused"] == f"keyboard: {why}"
    assert booth.conductor.values["queue/refusals"] == 3


def test_the_owner_of_a_recording_reads_what_was_heard_of_it_and_how_far_the_script_is(booth: Booth) -> None:
    booth.conductor.load_script("a lamp is lit\na ship leaves", "poem.txt")
    for message in (
        Transcription(1, "a lamp", False),
        Transcription(1, "a lamp is lit", True),
        SpeechRejected(2, "", "Sounds, no words."),
    ):
        booth.hear(message, 1.0)
        booth.view.overhear(message)
    assert booth.read() == [
        "heard: a lamp is lit · line 1 of 2",
        "not taken for words: a sound (Sounds, no words)",
    ]


def test_the_help_page_says_that_the_models_wake_until_there_is_a_picture(booth: Booth) -> None:
    assert booth.help_lines(1.0)[0] == WAKING
    booth.conductor.frame_drawn(0, 1.5)
    assert WAKING not in booth.help_lines(2.0)


def test_the_help_page_tells_a_reader_s_place_and_what_was_heard_last(booth: Booth) -> None:
    booth.conductor.load_script("a lamp is lit\na ship leaves", "poem.txt")
    booth.hear(Transcription(1, "a lamp is lit", True), 1.0)
    assert {"line 1 of 2", "heard last: a lamp is lit"} <= set(booth.help_lines(2.0))


def test_a_remark_that_comes_again_and_again_is_made_once_a_minute(booth: Booth) -> None:
    for now in range(0, 120, 5):
        booth.view.remark(Notice("renderer", "The renderer is gone."), float(now))
    assert booth.read() == ["The renderer is gone."] * 2


def test_a_flood_of_different_remarks_is_bounded(booth: Booth) -> None:
    for number in range(1000):
        booth.view.remark(Notice("stage", f"osc:1: {number} are too many."), number / 1000)
    assert len(booth.read()) == MOST_REMARKS
