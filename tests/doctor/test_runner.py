"""The runner of the checks: no check can hang, crash or silence the others."""

from __future__ import annotations

import json
import os
import pickle
import signal
import threading
from types import MappingProxyType

import pytest

from installation.cli.main import main
from installation.doctor import runner
from installation.doctor.finding import Finding, Level, failure, ok, warning
from installation.doctor.machine import check_python
from installation.doctor.runner import can_run, run_checks
from installation.models.interfaces import ModelPlace
from installation.show.settings import Show
from tests.doctor.findings import PLACE


def passing(show: Show, place: ModelPlace) -> list[Finding]:
    print("output of a library")
    return [ok("passing", f"{show.title} in {place.cache.name}")]


def warns(_show: Show, _place: ModelPlace) -> list[Finding]:
    return [warning("warns", "something is missing", "install [it] -> here")]


def fails(_show: Show, _place: ModelPlace) -> list[Finding]:
    return [failure("fails", "something essential is missing", "install it")]


def raises(_show: Show, _place: ModelPlace) -> list[Finding]:
    raise ZeroDivisionError("by zero")


def crashes(_show: Show, _place: ModelPlace) -> list[Finding]:
    os.kill(os.getpid(), signal.SIGKILL)
    return []


def hangs(_show: Show, _place: ModelPlace) -> list[Finding]:
    threading.Event().wait()
    return []


@pytest.mark.slow
def test_a_check_that_raises_or_crashes_is_a_finding_and_the_next_one_runs() -> None:
    checks = {"raises": raises, "microphone": crashes, "passing": passing}
    report = "report this with the lines above"
    assert list(run_checks(Show(title="Tonight"), PLACE, checks)) == [
        Finding("raises", Level.FAILURE, "the check failed (ZeroDivisionError: by zero)", report),
        Finding("microphone", Level.WARNING, "the check crashed (SIGKILL)", report),
        ok("passing", f"Tonight in {PLACE.cache.name}"),
    ]


def test_every_check_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(dict(runner.CHECKS))) == runner.CHECKS
    assert {*runner._OPTIONAL} <= {*runner.CHECKS}


def test_a_check_that_hangs_is_killed() -> None:
    (found,) = run_checks(Show(), PLACE, {"hangs": hangs}, timeout_seconds=1.5)
    assert (found.level, found.text) == (Level.FAILURE, "the check did not end within 1.5 s")


def test_a_show_can_run_with_warnings_but_not_with_a_failure() -> None:
    assert can_run([ok("a", ""), warning("b", "", "")])
    assert not can_run([ok("a", ""), failure("b", "", "")])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("checks", "status", "last"),
    [
        ({"passing": passing, "warns": warns, "python": check_python}, 0, "poem can run."),
        ({"passing": passing, "fails": fails}, 1, "poem cannot run: see the failures."),
    ],
)
def test_the_exit_status_says_whether_the_show_can_run(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    checks: dict[str, runner.Check],
    status: int,
    last: str,
) -> None:
    monkeypatch.setattr(runner, "CHECKS", MappingProxyType(checks))
    assert main(["doctor", "poem"]) == status
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("ok       passing: ")
    assert lines[-1] == last
    if status == 0:
        assert lines[1] == "warning  warns: something is missing → install [it] -> here"


@pytest.mark.slow
def test_the_json_report_has_every_finding(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "CHECKS", MappingProxyType({"fails": fails}))
    assert main(["doctor", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "can_run": False,
        "findings": [
            {
                "about": "fails",
                "level": "failure",
                "text": "something essential is missing",
                "remedy": "install it",
                "figures": {},
            }
        ],
    }


def test_an_unknown_show_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "poen"]) == 2
    assert "poem" in capsys.readouterr().err
