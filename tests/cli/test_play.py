"""The command `play`: options that are wrong end before the show starts; no state of standard output ends a show."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from installation.cli.main import main
from tests.running import ROOT

PATIENCE = 120.0  # seconds, on a busy machine


@pytest.mark.parametrize("name", ["show.avi", "show"])
def test_a_recording_that_is_not_an_mp4_file_is_an_error(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    assert main(["play", "--headless", "--seconds", "1", "--record", str(path)]) == 2
    right = path.with_suffix(".mp4")
    assert capsys.readouterr().err == f"laterna: A recording is an MP4 or MOV file: --record {right}, not {path}.\n"
    assert list(tmp_path.iterdir()) == []


def test_models_without_a_latent_bank_are_an_error_that_names_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from installation.models import selection

    monkeypatch.setattr(selection, "has_bank", lambda *_: False)
    monkeypatch.setattr("installation.models.has_bank", lambda *_: False)
    assert main(["play", "--headless", "--record", str(tmp_path / "a.mp4"), "--set", "generator=theatre"]) == 2
    assert capsys.readouterr().err == (
        "laterna: theatre and clip-embedded have no latent bank, from which dreams start; "
        "build it once: run_show.py bank theatre --perceptor clip-embedded\n"
    )


def test_a_setting_without_a_value_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--set", "look.fit"]) == 2
    assert capsys.readouterr().err == "laterna: --set takes NAME=VALUE, not 'look.fit'.\n"


def test_a_setting_of_an_unknown_key_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--set", "look.fitt=fill"]) == 2
    assert "fit" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full and a POSIX shell")
@pytest.mark.parametrize("output", ["| head -c 0", "> /dev/full", ">&-", "<&- >&- 2>&-"])
def test_a_show_whose_output_goes_nowhere_plays_and_writes_its_report(output: str, tmp_path: Path) -> None:
    show = "rehearsal --headless --seconds 1 --journal journal.jsonl --report report.json"
    show += " --set osc.enabled=false --set web.enabled=false"
    command = f"set -o pipefail; {sys.executable} {ROOT / 'run_show.py'} {show} {output}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["presented_frames"] > 0
    for line in (tmp_path / "journal.jsonl").read_text(encoding="utf-8").splitlines():
        json.loads(line)  # nothing that was printed went into another file
