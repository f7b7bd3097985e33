"""The nightly self-test of a show in this process: its own process tests, and the black wall stays black."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from installation.control.web.metrics import exposition
from installation.core import clock
from installation.core.messages import KEYBOARD, Notice, SetParam, Value
from installation.doctor.finding import failure, ok
from installation.doctor.history import check_history
from installation.doctor.selftest import LINE
from installation.runtime.nightly_test import NightlyTest, SelfTestResult
from installation.runtime.options import NightlyConfig, RunOptions
from installation.runtime.show_runner import ShowRunner
from installation.show.settings import (
    ListenSettings,
    LookSettings,
    ModelSettings,
    OscSettings,
    RecordSettings,
    Show,
    WebSettings,
)
from installation.show.site_settings import AlertSettings, LogSettings, OpeningSettings
from installation.stage.stage import Stage
from tests.doctor.findings import PLACE
from tests.runtime.in_process import turn_until

LIMIT = 90.0  # seconds, for a process that imports the models on a busy machine
ASLEEP: dict[str, Value] = {"master/sleep": True, "speech/health": "live", "speech/level": 0.01}
AWAKE = {**ASLEEP, "master/sleep": False}


class Night:
    """A show of fakes that has been started at night, with a clock of the test."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2026, 11, 30, 4, 59, 58).timestamp()
        self.report: dict[str, Any] = {}
        self.log = folder / "logs" / "laterna.jsonl"
        show = Show(
            models=ModelSettings(generator="fake", perceptor="fake"),
            look=LookSettings(size=(160, 90)),
            osc=OscSettings(enabled=False),
            web=WebSettings(enabled=False),
            record=RecordSettings(folder=str(folder)),
            opening=OpeningSettings(hours={"mon-sun": "10:00-18:00"}, fade_seconds=0.0, selftest="05:00"),
            log=LogSettings(log_folder=str(folder / "logs")),
            alerts=AlertSettings(after_seconds=0.0),
        )
        options = RunOptions(show, headless=True, terminal=False)
        self.runner = ShowRunner(options, Stage.open(show.look, "T", True), clock.now())
        self.runner.site._wall_clock = lambda: self.now

    def end(self) -> dict[str, Any]:
        """End the show, once; return its report."""
        if not self.report:
            self.report = self.runner._end()
        return self.report

    def five_o_clock(self) -> None:
        self.now = datetime(2026, 11, 30, 5, 0, 1).timestamp()

    def wall(self) -> int:
        """The brightest value on the wall, 0..255."""
        return int(self.runner.stage.capture().max())

    def testing(self) -> bool:
        return self.runner.site._nightly._link is not None

    def events(self, name: str) -> list[dict[str, Any]]:
        lines = map(json.loads, self.log.read_text(encoding="utf-8").splitlines())
        return [line for line in lines if line["event"] == name]


def note(values: list[int], value: int) -> bool:
    """Keep a value. Returns True."""
    values.append(value)
    return True


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    made = Night(tmp_path)
    try:
        made.runner._start(clock.now())
        turn_until(made.runner, lambda: made.runner.conductor.renderer_ready, LIMIT)
        yield made
    finally:
        made.end()


@pytest.mark.slow
def test_the_wall_stays_black_and_the_result_is_in_log_readings_report_and_doctor(night: Night) -> None:
    runner = night.runner
    brightest: list[int] = []
    before = runner.conductor.direction
    night.five_o_clock()
    turn_until(runner, lambda: note(brightest, night.wall()) and runner.site.tested is not None, LIMIT)
    turn_until(runner, lambda: runner.conductor.values["status/selftest"] != "")
    assert (max(brightest), runner.conductor.direction) == (0, before)
    assert runner.site.tested is not None
    picture = Path(runner.site.tested.picture)
    assert picture.is_file()
    assert night.end()["selftest"] == runner.site.tested.row()
    (event,) = night.events("selftest")
    assert (event["picture"], event["at"][:16]) == (str(picture), "2026-11-30T05:00")
    (finding,) = [
        each
        for each in check_history(night.log.parent, datetime(2026, 11, 29).astimezone())
        if each.about == "self-test"
    ]
    assert (finding.figures["picture"], f"30 Nov 05:00: The self-test has {event['state']}" in finding.text) == (
        str(picture),
        True,
    )
    assert f"\nlaterna_status_selftest_score {event['score']:.12g}\n" in exposition(runner.conductor.values)


@pytest.mark.slow
def test_a_show_that_wakes_ends_the_test_and_one_that_sleeps_again_repeats_it(night: Night) -> None:
    runner = night.runner
    night.five_o_clock()
    turn_until(runner, night.testing)
    runner._receive(SetParam("master/sleep", False, KEYBOARD), clock.now())
    turn_until(runner, lambda: not night.testing())
    turn_until(runner, lambda: night.wall() > 60)
    assert (runner.site.tested, runner.site.present_faults(runner.conductor.values)) == (None, {})
    runner._receive(SetParam("master/sleep", True, KEYBOARD), clock.now())
    turn_until(runner, lambda: runner.site.tested is not None, LIMIT)
    turn_until(runner, lambda: night.events("selftest") != [])
    assert sum("put off" in event["text"] for event in night.events("notice")) == 1


@pytest.mark.slow
def test_a_test_that_is_killed_has_failed_and_is_a_fault(night: Night) -> None:
    runner = night.runner
    night.five_o_clock()
    turn_until(runner, night.testing)
    link = runner.site._nightly._link
    assert link is not None
    link.process.kill()
    turn_until(runner, lambda: runner.site.tested is not None, LIMIT)
    turn_until(runner, lambda: any("Fault: The self-test has failed" in e["text"] for e in night.events("notice")))
    assert (
        "the test ended early (killed by SIGKILL)" in runner.site.present_faults(runner.conductor.values)["self-test"]
    )


# -- without a process ------------------------------------------------------------------------------------------------


def test_nothing_is_tested_while_visitors_are_there() -> None:
    test = NightlyTest(NightlyConfig(Show(), PLACE))
    test.request()
    assert (test.update(AWAKE, 1.0), test._link, test.notices()) == (None, None, [])


@pytest.mark.parametrize(
    ("healths", "text"),
    [
        (["live"], "live, peak -40 dBFS"),
        (["reopening", "live"], "live, peak -40 dBFS"),
        (["muted"], "is muted"),
        (["missing"], "is missing"),
    ],
)
def test_the_microphone_of_a_show_that_listens_is_judged(healths: list[str], text: str) -> None:
    test = NightlyTest(NightlyConfig(Show(listen=ListenSettings(enabled=True)), PLACE))
    for health in healths:
        test._listen({**ASLEEP, "speech/health": health})
    assert [finding.text for finding in test._microphone()] == [text]


def test_a_result_says_what_is_wrong() -> None:
    picture = ok("picture", f"'{LINE}' scores 0.443", picture="a.png", score=0.443)
    good, bad = SelfTestResult((picture,)), SelfTestResult((picture, failure("clock", "48 hours behind", "set it")))
    assert good.sentence == "The self-test has passed: 'a red fox in the snow' scores 0.443."
    assert (bad.state, bad.sentence) == ("failed", "The self-test has failed: clock: 48 hours behind.")
    assert Notice("site", bad.sentence).text == bad.row()["text"]
