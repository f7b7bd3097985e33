"""The command line: a mistake is one sentence, and what would be right stands beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from installation.cli.main import main


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["imagine"], "Missing argument 'text'. For example: run_show.py imagine 'a red sun over the sea' -o sun.png"),
        (["imagine", "a cat"], "run_show.py imagine 'a red sun over the sea' -o sun.png"),
        (["bank"], "For example: run_show.py bank biggan-deep-256 --perceptor RN50-quickgelu"),
        (["transcribe"], "For example: run_show.py transcribe talk.wav"),
    ],
)
def test_a_command_without_its_argument_is_told_by_an_example(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("name", ["show.avi", "show"])
def test_a_recording_that_is_no_mp4_is_refused_before_the_show(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    assert main(["play", "--headless", "--seconds", "1", "--record", str(path)]) == 2
    right = path.with_suffix(".mp4")
    assert capsys.readouterr().err == f"laterna: a recording is an MP4: --record {right}, not {path}.\n"
    assert list(tmp_path.iterdir()) == []
