"""The command line `python -m installation.training`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from installation.training import __main__ as command
from installation.training.evaluation.methods import METHODS


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["training", *arguments])
    return command.main()


@pytest.mark.parametrize(
    "task", ["bank", "figures", "generator", "perceptor", "judge", "classifier", "evaluate", "all"]
)
def test_every_task_explains_its_options(
    task: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        run(monkeypatch, task, "--help")
    assert stop.value.code == 0
    options = capsys.readouterr().out.partition("options:")[2]
    assert "--" in options


def test_an_error_that_the_user_can_fix_is_one_line_and_exit_status_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "perceptor", "--images-only", "--work", str(tmp_path)) == 2
    assert capsys.readouterr().err.splitlines() == [
        "Training the image tower alone keeps a text tower: name its folder with --warm."
    ]


def test_the_command_line_offers_exactly_the_methods_that_exist() -> None:
    assert tuple(METHODS) == command.METHODS
