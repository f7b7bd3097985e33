"""The doctor's rounds: no check can hang, crash or silence the others."""

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
from installation.doctor.runner import can_run, examine
from installation.show.settings import Show


def well(show: Show) -> list[Finding]:
    print("a library's chatter")
    return [ok("well", show.title)]


def lacking(_show: Show) -> list[Finding]:
    return [warning("lacking", "a thing is missing", "bring [it] -> here")]


def bad(_show: Show) -> list[Finding]:
    return [failure("bad", "the very thing is missing", "bring it")]


def raising(_show: Show) -> list[Finding]:
    raise ZeroDivisionError("by nothing")


def crashing(_show: Show) -> list[Finding]:
    os.kill(os.getpid(), signal.SIGKILL)
    return []


def hanging(_show: Show) -> list[Finding]:
    threading.Event().wait()
    return []


def test_a_check_that_breaks_crashes_or_hangs_is_a_finding_and_the_next_goes_on() -> None:
    checks = {"raising": raising, "microphone": crashing, "well": well}
    assert list(examine(Show(title="Tonight"), checks)) == [
        Finding(
            "raising",
            Level.FAILURE,
            "the check broke (ZeroDivisionError: by nothing)",
            "report it, with the lines above",
        ),
        Finding("microphone", Level.WARNING, "the check crashed (SIGKILL)", "report it, with the lines above"),
        ok("well", "Tonight"),
    ]


def test_every_check_can_be_sent_to_a_process_of_its_own() -> None:
    assert pickle.loads(pickle.dumps(dict(runner.CHECKS))) == runner.CHECKS
    assert {*runner._OPTIONAL} <= {*runner.CHECKS}


def test_a_check_that_hangs_is_ended() -> None:
    (found,) = examine(Show(), {"hanging": hanging}, seconds=1.5)
    assert (found.level, found.text) == (Level.FAILURE, "the check did not end within 1.5 s")


def test_a_show_runs_with_warnings_and_not_with_a_failure() -> None:
    assert can_run([ok("a", ""), warning("b", "", "")])
    assert not can_run([ok("a", ""), failure("b", "", "")])


@pytest.mark.parametrize(
    ("checks", "status", "last"),
    [
        ({"well": well, "lacking": lacking, "python": check_python}, 0, "poem can run."),
        ({"well": well, "bad": bad}, 1, "poem cannot run: see the failures."),
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
    assert lines[0].startswith("ok       well: ")
    assert lines[-1] == last
    if status == 0:
        assert lines[1] == "warning  lacking: a thing is missing → bring [it] -> here"


def test_machines_get_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "CHECKS", MappingProxyType({"bad": bad}))
    assert main(["doctor", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "can_run": False,
        "findings": [
            {
                "about": "bad",
                "level": "failure",
                "text": "the very thing is missing",
                "remedy": "bring it",
                "figures": {},
            }
        ],
    }


def test_an_unknown_show_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "poen"]) == 2
    assert "poem" in capsys.readouterr().err
