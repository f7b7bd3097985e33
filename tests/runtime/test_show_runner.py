"""The show runner in this process."""

from __future__ import annotations

from pathlib import Path

import pytest

from installation.core import clock
from installation.runtime.options import RunOptions
from installation.runtime.show_runner import ShowRunner
from installation.runtime.supervisor import SupervisedWorker
from installation.runtime.worker_link import WorkerLink
from installation.show.settings import LookSettings, ModelSettings, OscSettings, RecordSettings, Show
from installation.stage.stage import Stage
from tests.runtime import workers


def test_an_error_in_main_is_reported_and_the_show_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show = Show(
        models=ModelSettings(generator="fake", perceptor="fake"),
        look=LookSettings(size=(320, 180)),
        osc=OscSettings(enabled=False),
        record=RecordSettings(folder=str(tmp_path)),
    )
    options = RunOptions(show, headless=True, seconds=3.0, terminal=False, journal=tmp_path / "journal.jsonl")
    now = clock.now()
    runner = ShowRunner(options, Stage.open(show.look, "Test", headless=True), now)
    link = WorkerLink(workers.confused, None, "confused")
    runner.workers.by_name["confused"] = SupervisedWorker("confused", lambda: link, now)
    report = runner.run()
    assert report["seconds"] >= 3.0
    assert report["presented_frames"] > 10
    assert "An error in the show (TypeError" in (tmp_path / "journal.jsonl").read_text()
    assert "Traceback" in capsys.readouterr().err
