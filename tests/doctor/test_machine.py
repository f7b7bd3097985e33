"""Python, torch, the GPU and disks."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from installation.core.errors import ShowError
from installation.doctor import machine
from installation.doctor.finding import Level
from installation.doctor.machine import (
    check_disks,
    check_gpu,
    check_python,
    check_torch,
    explain_missing_gpu,
    nvidia_plugged_in,
    report_gpu,
)
from installation.render.loading import resolve_device
from installation.show.settings import ModelSettings, Show
from tests.doctor.findings import PLACE, levels


def test_python_and_torch_work_here() -> None:
    found = [*check_python(Show(), PLACE), *check_torch(Show(), PLACE)]
    assert levels(found) == {"python": Level.OK, "torch": Level.OK}


@pytest.mark.parametrize(
    ("error", "requested", "plugged_in", "level", "text"),
    [
        ("Found no NVIDIA driver on your system. Please check.", "auto", False, Level.OK, "none: the embedded models"),
        ("Found no NVIDIA driver on your system. Please check.", "auto", True, Level.WARNING, "CUDA does not work"),
        ("Found no NVIDIA driver on your system.", "cuda", False, Level.FAILURE, "asks for 'cuda', and there is no"),
        ("Found no NVIDIA driver on your system.", "cuda:1", True, Level.FAILURE, "there is an NVIDIA GPU, but CUDA"),
        ("The NVIDIA driver on your system is too old (found 11040).", "auto", True, Level.WARNING, "is too old for"),
        ("Torch not compiled with CUDA enabled", "auto", True, Level.WARNING, "this torch is built without CUDA"),
        ("Torch not compiled with CUDA enabled", "auto", False, Level.OK, "none: the embedded models"),
    ],
)
def test_a_gpu_that_does_not_work_is_explained_in_one_line(
    monkeypatch: pytest.MonkeyPatch, error: str, requested: str, plugged_in: bool, level: Level, text: str
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    found = explain_missing_gpu(error, requested, plugged_in)
    assert (found.level, text in found.text, "\n" in found.text) == (level, True, False)
    assert (found.remedy == "") == (level is Level.OK)


def test_a_hidden_gpu_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    found = explain_missing_gpu("No CUDA GPUs are available", "auto", True)
    assert found.text == "CUDA_VISIBLE_DEVICES hides every GPU"


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_show_that_asks_for_cuda_fails_on_a_machine_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    (found,) = check_gpu(Show(models=ModelSettings(device="cuda")), PLACE)
    assert found.level is Level.FAILURE
    (found,) = check_gpu(Show(), PLACE)
    assert found.level is not Level.FAILURE
    with pytest.raises(ShowError, match=r"^models\.device = 'cuda': "):
        resolve_device("cuda")


@pytest.mark.parametrize("device", ["mps:9", "tpu", "cuda:77"])
def test_a_show_that_asks_for_an_unknown_device_fails(device: str) -> None:
    (found,) = check_gpu(Show(models=ModelSettings(device=device)), PLACE)
    assert found.level is Level.FAILURE
    assert device in found.text


@pytest.mark.parametrize(("free", "level"), [(40, Level.OK), (1, Level.WARNING)])
def test_a_gpu_is_reported_with_its_memory_and_driver(free: int, level: Level) -> None:
    found = report_gpu("NVIDIA L4", free << 30, 48 << 30, "13.2", "590.1")
    assert (found.level, found.text) == (level, f"NVIDIA L4, {free}.0 of 48.0 GiB free, CUDA 13.2, driver 590.1")
    assert {"name", "free", "total", "cuda", "driver"} == found.figures.keys()
    assert ("end what else uses the GPU" in found.remedy) == (level is Level.WARNING)


def test_a_gpu_on_the_pci_bus_is_found_without_its_driver(tmp_path: Path) -> None:
    for name, vendor, kind in (("sound", "0x10de", "0x040300"), ("display", "0x1002", "0x030000")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "vendor").write_text(f"{vendor}\n")
        (tmp_path / name / "class").write_text(f"{kind}\n")
    assert not nvidia_plugged_in(tmp_path)
    (tmp_path / "display" / "vendor").write_text("0x10de\n")
    assert nvidia_plugged_in(tmp_path)
    assert not nvidia_plugged_in(tmp_path / "nowhere")


def test_a_full_disk_is_a_failure_for_frames_and_a_warning_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_STORAGE_BYTES", 0)
    monkeypatch.setattr(machine, "_RING_BYTES", 0)
    assert set(levels(check_disks(Show(), PLACE)).values()) == {Level.OK}
    monkeypatch.setattr(machine, "_STORAGE_BYTES", 1 << 62)
    monkeypatch.setattr(machine, "_RING_BYTES", 1 << 62)
    assert levels(check_disks(Show(), PLACE)) == {
        "disk: recordings": Level.WARNING,
        "disk: models": Level.WARNING,
        "disk: frames": Level.FAILURE,
    }
