"""Main itself, in this process: what it survives."""

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


def test_a_fault_in_main_is_told_and_ends_no_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show = Show(
        models=ModelSettings(generator="fake", perceptor="fake"),
        look=LookSettings(size=(320, 180)),
        osc=OscSettings(enabled=False),
        record=RecordSettings(folder=str(tmp_path)),
    )
    plan = RunOptions(show, headless=True, seconds=3.0, terminal=False, journal=tmp_path / "journal.jsonl")
    now = clock.now()
    performance = ShowRunner(plan, Stage.open(show.look, "Test", headless=True), now)
    link = WorkerLink(workers.confused, None, "confused")
    performance.crew.workers["confused"] = SupervisedWorker("confused", lambda: link, now)
    report = performance.run()
    assert report["seconds"] >= 3.0
    assert report["presented_frames"] > 10
    assert "A fault in the show itself (TypeError" in (tmp_path / "journal.jsonl").read_text()
    assert "Traceback" in capsys.readouterr().err
