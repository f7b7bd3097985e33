"""The show runner in this process."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from installation.core import clock
from installation.core.messages import Origin, SetParam
from installation.runtime import show_runner
from installation.runtime.options import RunOptions
from installation.runtime.show_runner import ShowRunner
from installation.runtime.supervisor import SupervisedWorker
from installation.runtime.worker_link import WorkerLink
from installation.show.settings import LookSettings, ModelSettings, OscSettings, RecordSettings, Show, WebSettings
from installation.stage.crossfade import GeneratedFrame
from installation.stage.stage import Stage
from tests.running import until
from tests.runtime import workers
from tests.runtime.in_process import turn_until
from tests.workers import PATIENCE


@pytest.fixture
def runner(tmp_path: Path) -> ShowRunner:
    show = Show(
        models=ModelSettings(generator="fake", perceptor="fake"),
        look=LookSettings(size=(320, 180)),
        osc=OscSettings(enabled=False),
        web=WebSettings(enabled=False),
        record=RecordSettings(folder=str(tmp_path)),
    )
    options = RunOptions(show, headless=True, terminal=False, journal=tmp_path / "journal.jsonl")
    return ShowRunner(options, Stage.open(show.look, "Test", headless=True), clock.now())


@pytest.mark.slow
def test_a_faulty_message_is_reported_and_does_not_affect_the_next_one(
    runner: ShowRunner, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link = WorkerLink(workers.confused, None, "confused")
    until(lambda: len(link._inbox) >= 2, PATIENCE, "both messages")
    runner.workers.by_name["confused"] = SupervisedWorker("confused", lambda: link, clock.now())
    try:
        runner.turn()
        assert [prompt.text for prompt in runner.conductor.direction.prompts] == ["a red fox"]
        turn_until(runner, lambda: runner.report.presented > 5)
    finally:
        runner._end()
    assert "An error in the show (TypeError" in (tmp_path / "journal.jsonl").read_text()
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.slow
def test_an_error_in_every_turn_ends_the_show_after_a_while(
    runner: ShowRunner, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_now: float) -> None:
        raise RuntimeError("the window is gone")

    monkeypatch.setattr(show_runner, "GIVE_UP_SECONDS", 0.5)
    monkeypatch.setattr(runner.conductor, "advance", fail)
    with pytest.raises(RuntimeError, match="the window is gone"):
        runner.run()
    assert capsys.readouterr().err.count("Traceback") == 1


@pytest.mark.slow
def test_a_blackout_that_comes_after_the_update_is_in_the_same_frame(
    runner: ShowRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = WorkerLink(workers.echo, None, "control")

    def send_after_the_update(_now: float) -> None:
        control.send(SetParam("blackout", 1, Origin("osc")))
        until(lambda: len(control._inbox) == 2, PATIENCE, "its status and the blackout")

    try:
        grey = np.full((180, 320, 3), 128, np.uint8)
        runner.stage.show_frame(GeneratedFrame(grey, runner.conductor.direction.take), 0.0, clock.now())
        turn_until(runner, lambda: bool(runner.stage.capture().any()))
        runner.workers.by_name["control"] = SupervisedWorker("control", lambda: control, clock.now())
        monkeypatch.setattr(runner, "update", send_after_the_update)
        runner.turn()
        assert not runner.stage.capture().any()
    finally:
        runner._end()
