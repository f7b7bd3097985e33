"""Outputs that are switched off and on in a running show, with a real process for each."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from installation.core import clock
from installation.core.messages import KEYBOARD, SetParam
from installation.outputs.registry import OUTPUTS
from installation.runtime.options import RunOptions
from installation.runtime.show_runner import ShowRunner
from installation.show.loader import parse_show
from installation.stage.stage import Stage
from tests.outputs import toy_sink
from tests.runtime.in_process import turn_until
from tests.runtime.test_seams import lines_of

SHOW = """
[models]
generator = "fake"
perceptor = "fake"
[look]
size = [160, 90]
[osc]
enabled = false
[web]
enabled = false
[record]
folder = "{folder}"
[params]
"output/2/active" = 0
[[output]]
kind = "brightness"
path = "{folder}/first.txt"
[[output]]
kind = "brightness"
path = "{folder}/second.txt"
"""


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ShowRunner]:
    monkeypatch.setitem(OUTPUTS, "brightness", toy_sink.SPEC)
    show = parse_show(SHOW.format(folder=tmp_path))
    options = RunOptions(show, headless=True, terminal=False, journal=tmp_path / "journal.jsonl")
    made = ShowRunner(options, Stage.open(show.look, "T", headless=True), clock.now())
    try:
        made._start(clock.now())
        yield made
    finally:
        made._end()


def switch(runner: ShowRunner, number: int, on: bool) -> None:
    runner._receive(SetParam(f"output/{number}/active", on, KEYBOARD), clock.now())


def state(runner: ShowRunner, number: int) -> str:
    return str(runner.conductor.values[f"output/{number}/state"])


@pytest.mark.slow
def test_an_output_is_switched_off_and_on_and_the_other_one_never_notices(runner: ShowRunner, tmp_path: Path) -> None:
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    turn_until(runner, lambda: state(runner, 1) == "running")
    assert (state(runner, 2), second.exists()) == ("off", False)  # as the show file says
    switch(runner, 2, True)
    turn_until(runner, lambda: len(lines_of(second)) > 5)
    other = runner.workers.by_name["brightness-2"].link.process.pid
    turn_until(runner, lambda: len(lines_of(first)) > 5)
    before = runner.workers.by_name["brightness"].link.process
    switch(runner, 1, False)
    assert state(runner, 1) == "off"
    turn_until(runner, lambda: not before.is_alive())
    turn_until(runner, lambda: not runner.workers.endings)
    written = len(lines_of(first))
    frames = len(lines_of(second))
    turn_until(runner, lambda: len(lines_of(second)) > frames + 5)
    assert len(lines_of(first)) == written
    switch(runner, 1, True)
    turn_until(runner, lambda: state(runner, 1) == "running")
    before = runner.workers.by_name["brightness"].link.process
    switch(runner, 1, False)
    switch(runner, 1, True)
    assert state(runner, 1) == "starting"
    turn_until(runner, lambda: "brightness" in runner.workers.by_name)
    assert not before.is_alive()  # its port, if it had one, is free
    turn_until(runner, lambda: state(runner, 1) == "running")
    assert runner.workers.by_name["brightness-2"].link.process.pid == other
    assert runner.conductor.values["output/1/state/index"] == 2


@pytest.mark.slow
def test_an_output_that_cannot_be_started_is_off_and_the_operator_reads_why(
    runner: ShowRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as full:
        full.setattr("installation.runtime.workers.WorkerLink", no_process)
        switch(runner, 2, True)
    assert (runner.conductor.values["output/2/active"], state(runner, 2)) == (False, "off")
    told = "Output 2 cannot be started: too many processes; switch it on again in a moment."
    turn_until(runner, lambda: told in (tmp_path / "journal.jsonl").read_text(encoding="utf-8"))
    switch(runner, 2, True)
    turn_until(runner, lambda: state(runner, 2) == "running")


def no_process(*_: object, **__: object) -> NoReturn:
    """What the system says to another process when it has no room."""
    raise BlockingIOError(errno.EAGAIN, "Too many processes")
