"""`devices`, `listen` and `transcribe`, as somebody uses them who sets up a room."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.running import ROOT
from tests.speech.spoken import spoken
from tests.speech.test_worker import LINES, SIX, recorded
from tests.speech.virtual_microphone import VirtualMicrophone

LIMIT = 60.0


def run(folder: Path, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "run_show.py"), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LIMIT, check=False)


def test_the_microphones_are_listed_with_their_levels(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    microphone.play(spoken(LINES[0]))
    done = run(tmp_path, ["devices", "--seconds", "1.5"])
    assert done.returncode == 0
    rows = {row.split("  ")[-1].split(" (")[0]: row for row in done.stdout.splitlines()}
    assert "·" in rows[microphone.NAME]
    assert done.stderr == ""


def test_what_is_said_is_listed_while_it_is_said_and_then_with_its_delay(
    microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    command = [sys.executable, "-u", str(ROOT / "run_show.py"), "listen", "--mic", microphone.NAME]
    command += ["--seconds", str(LIMIT)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as listening:
        assert listening.stdout
        said: list[str] = []
        for row in listening.stdout:
            said.append(row.rstrip())
            if "pulse is open." in row:
                microphone.play(spoken("the wolf runs through the snow", "rms"))
            if " s  " in row:
                break
        listening.terminate()
    assert any("…  " in row for row in said)
    delay, text = said[-1].split(" s  ")
    assert "snow" in text.split()
    assert float(delay) > 0.0


def test_a_room_is_tried_with_the_words_of_a_poem(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    line = "the wolf runs past the starboat of the lanterncat"
    (tmp_path / "poem.txt").write_text(f"{line}\n", encoding="utf-8")
    (tmp_path / "night.toml").write_text('[script]\nfile = "poem.txt"\n', encoding="utf-8")
    command = [sys.executable, "-u", str(ROOT / "run_show.py"), "listen", "--show", "night.toml"]
    command += ["--mic", microphone.NAME, "--recognizer", "sphinx", "--seconds", str(LIMIT)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as listening:
        assert listening.stdout
        for row in listening.stdout:
            if "pulse is open." in row:
                microphone.play(spoken(line, "rms"))
            if " s  " in row:
                break
        listening.terminate()
    assert {"starboat", "lanterncat"} <= set(row.split())


def test_where_there_is_no_microphone_that_is_all_that_is_said(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    del microphone  # another one is there
    done = run(tmp_path, ["listen", "--mic", "cellar", "--seconds", "30"])
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("laterna: there is no microphone 'cellar'")


def test_a_recording_is_written_down_by_the_recogniser_that_is_asked_for(tmp_path: Path) -> None:
    recording = recorded(tmp_path, spoken("An old ship in a storm.", "rms"))
    done = run(tmp_path, ["transcribe", str(recording), "--recognizer", str(SIX)])
    assert (done.returncode, done.stdout) == (0, "An old ship in a storm\n")


def test_who_transcribes_by_the_embedded_ear_is_told_of_a_better_one_beside_the_words(tmp_path: Path) -> None:
    recording = recorded(tmp_path, spoken("An old ship in a storm.", "rms"))
    done = run(tmp_path, ["transcribe", str(recording), "--recognizer", "sphinx"])
    assert done.returncode == 0
    assert "recogniser" not in done.stdout
    assert done.stderr.endswith("run_show.py fetch base.en brings a better one.\n")


def test_a_recording_that_cannot_be_heard_is_one_sentence(tmp_path: Path) -> None:
    recording = recorded(tmp_path, spoken("An old ship in a storm.", "rms"))
    (tmp_path / "bad.pt").write_bytes(b"not a model" * 1000)
    (tmp_path / "bad.wav").write_bytes(b"not a recording")
    for arguments, reason in (
        (["missing.wav"], "the recording missing.wav cannot be read: No such file or directory."),
        (["bad.wav"], "bad.wav is no WAV file that can be played"),
        ([str(recording), "--recognizer", "sfinx"], "No recogniser 'sfinx'; did you mean 'sphinx'?"),
        ([str(recording), "--recognizer", "bad.pt"], "bad.pt is no model of openai-whisper, or it is damaged"),
    ):
        done = run(tmp_path, ["transcribe", *arguments])
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr.startswith(f"laterna: {reason}")
        assert len(done.stderr.splitlines()) == 1
