"""The command `play`: options that are wrong end before the show starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from installation.cli.main import main


@pytest.mark.parametrize("name", ["show.avi", "show"])
def test_a_recording_that_is_not_an_mp4_file_is_an_error(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    assert main(["play", "--headless", "--seconds", "1", "--record", str(path)]) == 2
    right = path.with_suffix(".mp4")
    assert capsys.readouterr().err == f"laterna: A recording is an MP4 file: --record {right}, not {path}.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_setting_without_a_value_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--set", "look.fit"]) == 2
    assert capsys.readouterr().err == "laterna: --set takes NAME=VALUE, not 'look.fit'.\n"


def test_a_setting_of_an_unknown_key_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--set", "look.fitt=fill"]) == 2
    assert "fit" in capsys.readouterr().err
