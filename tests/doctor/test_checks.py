"""Each check on this machine, and on machines that lack something."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from installation.core.errors import ShowError
from installation.doctor import machine
from installation.doctor.devices import check_microphone, check_ports, check_window
from installation.doctor.finding import Finding, Level
from installation.doctor.machine import check_card, check_disks, check_python, check_torch, no_card, nvidia_plugged_in
from installation.doctor.models import check_embedded, check_fetched
from installation.doctor.runner import examine
from installation.model_store.manifest import write_note
from installation.render.loading import resolve_device
from installation.show.settings import ListenSettings, ModelSettings, OscSettings, Show
from installation.speech.recognizers.whisper_files import sha256_of
from tests.conftest import require_system
from tests.speech.conftest import microphone  # noqa: F401
from tests.speech.virtual_microphone import VirtualMicrophone


def levels(findings: list[Finding]) -> dict[str, Level]:
    return {finding.about: finding.level for finding in findings}


def test_python_torch_and_the_embedded_models_are_well_here() -> None:
    found = [*check_python(Show()), *check_torch(Show()), *check_embedded(Show())]
    assert levels(found) == dict.fromkeys(
        ("python", "torch", "model: theatre", "model: biggan-embedded", "model: clip-embedded"), Level.OK
    )


@pytest.mark.parametrize(
    ("error", "asked", "plugged_in", "level", "text"),
    [
        ("Found no NVIDIA driver on your system. Please check.", "auto", False, Level.OK, "none: the embedded models"),
        ("Found no NVIDIA driver on your system. Please check.", "auto", True, Level.WARNING, "CUDA does not work"),
        ("Found no NVIDIA driver on your system.", "cuda", False, Level.FAILURE, "asks for 'cuda', and there is no"),
        ("Found no NVIDIA driver on your system.", "cuda:1", True, Level.FAILURE, "there is an NVIDIA card, but CUDA"),
        ("The NVIDIA driver on your system is too old (found 11040).", "auto", True, Level.WARNING, "is too old for"),
        ("Torch not compiled with CUDA enabled", "auto", True, Level.WARNING, "this torch is built without CUDA"),
        ("Torch not compiled with CUDA enabled", "auto", False, Level.OK, "none: the embedded models"),
    ],
)
def test_a_card_that_does_not_work_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, error: str, asked: str, plugged_in: bool, level: Level, text: str
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    found = no_card(error, asked, plugged_in)
    assert (found.level, text in found.text, "\n" in found.text) == (level, True, False)
    assert (found.remedy == "") == (level is Level.OK)


def test_a_hidden_card_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert no_card("No CUDA GPUs are available", "auto", True).text == "CUDA_VISIBLE_DEVICES hides every card"


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a card")
def test_a_show_that_asks_for_cuda_fails_on_a_machine_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    (found,) = check_card(Show(models=ModelSettings(device="cuda")))
    assert found.level is Level.FAILURE
    (found,) = check_card(Show())
    assert found.level is not Level.FAILURE
    with pytest.raises(ShowError, match=r"^models\.device = 'cuda': torch finds no such device here; use .*\.$"):
        resolve_device("cuda")


@pytest.mark.parametrize("device", ["mps:9", "tpu", "cuda:77"])
def test_a_show_that_asks_for_a_device_that_is_not_here_cannot_run(device: str) -> None:
    (found,) = check_card(Show(models=ModelSettings(device=device)))
    assert found.level is Level.FAILURE
    assert device in found.text


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no card")
def test_a_card_is_told_with_its_memory_and_driver() -> None:
    (found,) = check_card(Show())
    assert found.level in (Level.OK, Level.WARNING)
    assert {"name", "free", "total", "cuda", "driver"} == found.figures.keys()


def test_a_card_on_the_bus_is_seen_without_its_driver(tmp_path: Path) -> None:
    for name, vendor, kind in (("sound", "0x10de", "0x040300"), ("card", "0x1002", "0x030000")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "vendor").write_text(f"{vendor}\n")
        (tmp_path / name / "class").write_text(f"{kind}\n")
    assert not nvidia_plugged_in(tmp_path)
    (tmp_path / "card" / "vendor").write_text("0x10de\n")
    assert nvidia_plugged_in(tmp_path)
    assert not nvidia_plugged_in(tmp_path / "nowhere")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LATERNA_MODELS", str(tmp_path))
    for name, files in (
        ("biggan-deep-128", ("pytorch_model.bin", "config.json")),
        ("ViT-B-32", ("open_clip_model.safetensors",)),
    ):
        (tmp_path / name).mkdir()
        for file in files:
            path = tmp_path / name / file
            path.write_bytes(b"weights")
            if file != "config.json":
                write_note(path, sha256_of(path), "https://a.b/c", verified=False)
    (tmp_path / "tiny.en.pt").write_bytes(b"put there by hand")
    return tmp_path


def test_a_damaged_model_is_found_by_its_hash_though_its_size_and_date_are_right(cache: Path) -> None:
    path = cache / "biggan-deep-128" / "pytorch_model.bin"
    date = path.stat().st_mtime_ns
    assert levels(check_fetched(Show())) == {
        "models: of this show": Level.OK,
        "model: biggan-deep-128": Level.OK,
        "model: ViT-B-32": Level.OK,
        "model: tiny.en": Level.WARNING,
    }
    path.write_bytes(b"weighty")
    os.utime(path, ns=(date, date))
    assert levels(check_fetched(Show()))["model: biggan-deep-128"] is Level.WARNING
    wanted = Show(models=ModelSettings(generator="biggan-deep-128", device="cpu"))
    found = {finding.about: finding for finding in check_fetched(wanted)}
    assert found["model: biggan-deep-128"].level is Level.FAILURE
    assert found["model: biggan-deep-128"].remedy == "run run_show.py fetch biggan-deep-128"
    assert found["bank"].remedy == "run run_show.py bank biggan-deep-128 --perceptor ViT-B-32"


def test_a_show_that_names_what_is_not_here_cannot_run(cache: Path) -> None:
    del cache
    found = check_fetched(Show(models=ModelSettings(generator="biggan-deep-512")))
    assert found[0].level is Level.FAILURE
    assert "run_show.py fetch biggan-deep-512 brings it" in found[0].text


def test_of_several_perceptors_each_is_looked_for(cache: Path) -> None:
    (cache / "RN50-quickgelu").mkdir()
    other = cache / "RN50-quickgelu" / "open_clip_model.safetensors"
    other.write_bytes(b"weights")
    write_note(other, sha256_of(other), "https://a.b/c", verified=False)
    seers = {"ViT-B-32": 1.0, "RN50-quickgelu": 0.5}
    show = Show(models=ModelSettings.model_validate({"generator": "theatre", "perceptors": seers, "device": "cpu"}))
    found = {finding.about: finding for finding in check_fetched(show)}
    assert found["models: of this show"].text == "theatre with ViT-B-32 and RN50-quickgelu"
    other.write_bytes(b"weighty")
    assert levels(check_fetched(show))["model: RN50-quickgelu"] is Level.FAILURE
    other.unlink()
    (missing, *_) = check_fetched(show)
    assert (missing.about, missing.level) == ("models: of this show", Level.FAILURE)
    assert "run_show.py fetch RN50-quickgelu brings it" in missing.text


def test_a_full_disk_is_a_failure_where_frames_go_and_a_warning_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Level.FAILURE not in levels(check_disks(Show())).values()
    monkeypatch.setattr(machine, "_KEPT", 1 << 62)
    monkeypatch.setattr(machine, "_RINGS", 1 << 62)
    assert levels(check_disks(Show())) == {
        "disk: recordings": Level.WARNING,
        "disk: models": Level.WARNING,
        "disk: frames": Level.FAILURE,
    }


def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        (found,) = check_ports(Show(osc=OscSettings(port=port)))
        assert (found.level, found.figures) == (Level.WARNING, {"port": port})
        assert f"127.0.0.1:{port} is not free" in found.text
    assert check_ports(Show(osc=OscSettings(port=port)))[0].level is Level.OK
    assert check_ports(Show(osc=OscSettings(enabled=False)))[0].text == "off in this show"


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A virtual X server for the processes that this test starts."""
    require_system(shutil.which("Xvfb"), "Xvfb is not installed")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1024x768x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as answer:
        monkeypatch.setenv("DISPLAY", f":{answer.readline().strip()}")
    monkeypatch.setenv("SDL_VIDEODRIVER", "x11")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    yield
    server.terminate()
    server.wait(10)


@pytest.mark.usefixtures("screen")
def test_a_window_is_opened_and_its_beat_measured() -> None:
    found = {finding.about: finding for finding in examine(Show(), {"window": check_window})}
    assert found["window"].level is Level.OK
    assert found["window"].text == "x11, 1024 x 768, 1 display"
    assert found["opengl"].level is Level.WARNING  # it is only emulated here
    assert found["refresh rate"].figures["measured"] > 1.0
    assert found["refresh rate"].figures["vsync"] is False


def test_without_a_screen_it_says_headless(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    require_system(os.name == "posix", "only Linux has no screen")
    (found,) = examine(Show(), {"window": check_window})
    assert found.level is Level.WARNING
    assert "shows run headless, with a recording" in found.text


def test_a_microphone_is_listened_to(microphone: VirtualMicrophone) -> None:  # noqa: F811
    show = Show(listen=ListenSettings(device=microphone.NAME))
    (found,) = examine(show, {"microphone": check_microphone})
    assert (found.level, found.figures["name"]) == (Level.OK, microphone.NAME)
    assert found.figures["level"] < -50.0  # nobody speaks


def test_a_microphone_that_is_not_there_is_told_and_the_show_plays_on(microphone: VirtualMicrophone) -> None:  # noqa: F811
    show = Show(listen=ListenSettings(device=f"{microphone.NAME}x"))
    (found,) = examine(show, {"microphone": check_microphone})
    assert (found.level, found.remedy) == (Level.WARNING, "words can be typed meanwhile")
    assert found.text == f"there is no microphone '{microphone.NAME}x'; did you mean '{microphone.NAME}'?"
