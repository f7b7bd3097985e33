"""The commands `devices`, `listen` and `transcribe`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest

from installation.cli.main import main
from tests.running import ROOT
from tests.speech.flite import synthesize
from tests.speech.recordings import LINES, SIX_SENTENCES_MODEL, write_wav
from tests.speech.virtual_microphone import VirtualMicrophone

LIMIT_SECONDS = 60.0
SENTENCE = "An old ship in a storm."


def run(folder: Path, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "run_show.py"), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False)


def listen_to(microphone: VirtualMicrophone, line: str, folder: Path, *arguments: str) -> list[str]:
    """Run `listen`, speak the line once the microphone is open, and return the output up to the first final."""
    command = [sys.executable, "-u", str(ROOT / "run_show.py"), "listen", "--mic", microphone.NAME, *arguments]
    command += ["--seconds", str(LIMIT_SECONDS)]
    rows: list[str] = []
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as listening:
        assert listening.stdout
        for row in listening.stdout:
            rows.append(row.rstrip())
            if "pulse is open." in row:
                microphone.play(synthesize(line, "rms"))
            if " s  " in row:
                break
        listening.terminate()
    return rows


@pytest.mark.slow
def test_devices_lists_the_microphones_with_their_levels(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    microphone.play(synthesize(LINES[0]))
    done = run(tmp_path, ["devices", "--seconds", "1.5"])
    assert (done.returncode, done.stderr) == (0, "")
    rows = {row.split("  ")[-1].split(" (")[0]: row for row in done.stdout.splitlines()}
    assert "·" in rows[microphone.NAME]


@pytest.mark.slow
def test_listen_prints_partials_and_then_the_final_with_its_delay(
    microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    rows = listen_to(microphone, "the wolf runs through the snow", tmp_path)
    assert any("…  " in row for row in rows)
    delay, text = rows[-1].split(" s  ")
    assert "snow" in text.split()
    assert float(delay) > 0.0


@pytest.mark.slow
def test_listen_waits_for_a_microphone_that_was_unplugged(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    command = [sys.executable, "-u", str(ROOT / "run_show.py"), "listen", "--mic", microphone.NAME]
    told: list[str] = []
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as listening:
        assert listening.stdout
        for row in listening.stdout:
            if "pulse is open." in row and not told:
                told.append("open")
                microphone.unplug()
            elif "it is opened when it is back." in row and told == ["open"]:
                told.append("lost")
                microphone.plug_in()
            elif "pulse is open." in row and told == ["open", "lost"]:
                told.append("open again")
                microphone.play(synthesize("the wolf runs through the snow", "rms"))
            elif " s  " in row:
                told.append("final")
                break
        listening.terminate()
    assert told == ["open", "lost", "open again", "final"]


@pytest.mark.slow
def test_listen_goes_on_with_another_worker_when_its_own_dies(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    command = [sys.executable, "-u", str(ROOT / "run_show.py"), "listen", "--mic", microphone.NAME]
    told: list[str] = []
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as listening:
        assert listening.stdout
        for row in listening.stdout:
            if "pulse is open." in row and not told:
                told.append("open")
            elif " live " in row and told == ["open"]:
                told.append("live")
                for child in psutil.Process(listening.pid).children():
                    child.kill()
            elif "The speech worker failed (" in row and told == ["open", "live"]:
                told.append("failed")
            elif "pulse is open." in row and told[-1:] == ["failed"]:
                told.append("open again")
                break
        listening.terminate()
    assert told == ["open", "live", "failed", "open again"]


@pytest.mark.slow
def test_listen_expects_the_words_of_a_show(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    line = "the wolf runs past the starboat of the lanterncat"
    (tmp_path / "poem.txt").write_text(f"{line}\n", encoding="utf-8")
    (tmp_path / "night.toml").write_text('[script]\nfile = "poem.txt"\n', encoding="utf-8")
    rows = listen_to(microphone, line, tmp_path, "--show", "night.toml", "--recognizer", "sphinx")
    assert {"starboat", "lanterncat"} <= set(rows[-1].split())


@pytest.mark.slow
def test_listen_reports_a_missing_microphone(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    del microphone  # present, under another name
    done = run(tmp_path, ["listen", "--mic", "cellar", "--seconds", "30"])
    assert (done.returncode, "Traceback" in done.stdout) == (2, False)
    assert done.stderr.startswith("laterna: there is no microphone 'cellar'")


@pytest.mark.slow
def test_transcribe_prints_the_text_of_a_recording_by_the_chosen_recogniser(tmp_path: Path) -> None:
    recording = write_wav(tmp_path / "sentence.wav", synthesize(SENTENCE, "rms"))
    done = run(tmp_path, ["transcribe", str(recording), "--recognizer", str(SIX_SENTENCES_MODEL)])
    assert (done.returncode, done.stdout) == (0, "An old ship in a storm\n")


@pytest.mark.slow
def test_transcribe_recommends_a_better_recogniser_than_the_embedded_one_on_stderr(tmp_path: Path) -> None:
    recording = write_wav(tmp_path / "sentence.wav", synthesize(SENTENCE, "rms"))
    done = run(tmp_path, ["transcribe", str(recording), "--models", "none"])
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1  # the sentence
    assert done.stderr.endswith("; free speech needs Whisper: run_show.py fetch base.en.\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["missing.wav"], "the recording missing.wav cannot be read: No such file or directory."),
        (["bad.wav"], "bad.wav is damaged or not an audio file"),
        (["good.wav", "--recognizer", "sfinx"], "No recogniser 'sfinx'; did you mean 'sphinx'?"),
        (["good.wav", "--recognizer", "bad.pt"], "bad.pt is damaged or not a Whisper checkpoint"),
    ],
)
def test_transcribe_reports_what_it_cannot_use_in_one_line(
    arguments: list[str],
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    write_wav(tmp_path / "good.wav", synthesize(SENTENCE, "rms"))
    (tmp_path / "bad.pt").write_bytes(b"not a model" * 1000)
    (tmp_path / "bad.wav").write_bytes(b"not a recording")
    status = main(["transcribe", *arguments])
    output, errors = capfd.readouterr()
    assert (status, output) == (2, "")
    assert errors.startswith(f"laterna: {reason}")
    assert len(errors.splitlines()) == 1
