"""The command `play`: options that are wrong end before the show starts; no state of standard output ends a show."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from installation.cli.main import main
from installation.cli.play import _with_projection
from installation.show.projection import ProjectionSettings
from installation.show.projection_file import KeptProjection, projection_file, write_projection
from installation.show.settings import Show
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


def test_a_projection_that_was_set_by_hand_is_told_and_a_damaged_one_is_moved_aside(tmp_path: Path) -> None:
    path = projection_file(tmp_path, "wall")
    write_projection(path, KeptProjection().with_window(0, ProjectionSettings(blend_left=0.2), True))
    show, kept, told = _with_projection(Show(), path)
    assert (show.projection.blend_left, kept.locked) == (0.2, True)
    assert told == ["The projection is that of wall.projection.toml; delete the file to use the show file's."]
    path.write_text("[projection]\nblend_left = 7.0\n")
    show, kept, (sentence,) = _with_projection(Show(), path)
    (aside,) = tmp_path.iterdir()
    assert (show, kept) == (Show(), KeptProjection())
    assert sentence == (
        "wall.projection.toml, line 2: blend_left: input should be less than or equal to 1, not 7.0. "
        f"The projection of the show file is used. The file is now {aside.name}."
    )
    assert aside.read_text() == "[projection]\nblend_left = 7.0\n"
