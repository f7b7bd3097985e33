"""The machine: Python, torch, the GPU, disks."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from pathlib import Path

from installation import models
from installation.core.errors import ShowError
from installation.core.ring_folder import ring_folder
from installation.doctor.finding import Finding, failure, ok, warning
from installation.models.interfaces import ModelPlace
from installation.show.settings import Show

MIN_PYTHON = (3, 11)
_GIB = 1 << 30
_NVIDIA_VENDOR, _DISPLAY_CLASS = "0x10de", "0x03"  # PCI identifiers
_REINSTALL = "run pip install -r requirements.txt again"
_STORAGE_BYTES = 2 * _GIB  # that recordings and installed models soon need
_RING_BYTES = 128 << 20  # that the frame rings need


def check_python(show: Show, place: ModelPlace) -> list[Finding]:
    """The version of the interpreter."""
    del show, place
    text = f"{platform.python_version()}, {platform.system()} {platform.machine()}"
    if sys.version_info[:2] < MIN_PYTHON:
        return [failure("python", text, f"Laterna needs Python {MIN_PYTHON[0]}.{MIN_PYTHON[1]} or newer")]
    return [ok("python", text, version=platform.python_version())]


def check_torch(show: Show, place: ModelPlace) -> list[Finding]:
    """Import torch and multiply two matrices."""
    del show, place
    try:
        import torch

        total = float(torch.ones(8, 8).matmul(torch.ones(8, 8)).sum())
    except (ImportError, OSError, RuntimeError) as error:
        return [failure("torch", f"does not work ({_first_line(str(error) or type(error).__name__)})", _REINSTALL)]
    if total != 512.0:
        return [failure("torch", f"computes {total:g} where 512 is right", _REINSTALL)]
    return [ok("torch", f"{torch.__version__}, {torch.get_num_threads()} threads", version=torch.__version__)]


def check_gpu(show: Show, place: ModelPlace) -> list[Finding]:
    """CUDA, its driver and the memory of the GPU, or Apple's MPS."""
    del place
    requested = show.models.device
    import torch

    from installation.render.loading import resolve_device

    apple = torch.backends.mps.is_available()
    try:
        resolve_device(requested)
    except ShowError as error:
        if apple or torch.cuda.is_available() or not requested.startswith("cuda"):
            return [failure("gpu", str(error).rstrip("."), 'set models.device = "auto"')]
    if apple:
        return [ok("gpu", "Apple's, through MPS")]
    device = requested if requested.startswith("cuda") else "cuda"
    try:
        torch.zeros(1, device=device)
        free, total = torch.cuda.mem_get_info(device)
    except (RuntimeError, AssertionError) as error:
        return [explain_missing_gpu(str(error), requested, nvidia_plugged_in())]
    return [report_gpu(torch.cuda.get_device_name(device), free, total, str(torch.version.cuda), driver_version())]


def report_gpu(name: str, free: int, total: int, cuda: str, driver: str) -> Finding:
    """A GPU that works; a warning if its free memory, in bytes as `total`, is too small for every larger generator."""
    text = f"{name}, {free / _GIB:.1f} of {total / _GIB:.1f} GiB free, CUDA {cuda}, driver {driver}"
    figures = {"name": name, "free": free, "total": total, "cuda": cuda, "driver": driver}
    least = min((spec.minimum_memory_bytes for spec in models.GENERATORS.values() if spec.memory_bytes), default=0)
    if free < least:
        remedy = f"full-size generators need {least / _GIB:.0f} GiB or more: end what else uses the GPU"
        return warning("gpu", text, remedy, **figures)
    return ok("gpu", text, **figures)


def explain_missing_gpu(error: str, requested: str, plugged_in: bool) -> Finding:
    """Why CUDA does not work.

    `error` is torch's message, `requested` the device that the show asks for, and `plugged_in` says whether the
    machine has an NVIDIA GPU.
    """
    make = failure if requested.startswith("cuda") else warning
    if "too old" in error:
        return make("gpu", f"the NVIDIA driver {driver_version()} is too old for this torch", "update the driver")
    if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
        return make("gpu", "CUDA_VISIBLE_DEVICES hides every GPU", "unset CUDA_VISIBLE_DEVICES")
    if plugged_in:
        if "not compiled with CUDA" in error:
            return make("gpu", "there is an NVIDIA GPU, but this torch is built without CUDA", _REINSTALL)
        text = f"there is an NVIDIA GPU, but CUDA does not work ({_first_line(error)})"
        return make("gpu", text, "install its driver")
    if requested.startswith("cuda"):
        text = f"the show asks for '{requested}', and there is no NVIDIA GPU"
        return failure("gpu", text, 'set models.device = "auto"')
    return ok("gpu", "none: the embedded models run on the CPU; full-size generators need an NVIDIA GPU")


def nvidia_plugged_in(devices: Path = Path("/sys/bus/pci/devices")) -> bool:
    """Whether an NVIDIA display adapter is on the PCI bus, with or without driver (Linux; elsewhere False)."""
    return any(
        _content(device / "vendor").startswith(_NVIDIA_VENDOR) and _content(device / "class").startswith(_DISPLAY_CLASS)
        for device in devices.glob("*")
    )


def driver_version(file: Path = Path("/sys/module/nvidia/version")) -> str:
    """The version of NVIDIA's driver (Linux); "unknown" elsewhere."""
    return _content(file) or "unknown"


def _content(file: Path) -> str:
    return file.read_text().strip() if file.is_file() else ""


def check_disks(show: Show, place: ModelPlace) -> list[Finding]:
    """Free space for recordings, installed models and frame rings."""
    rings = ring_folder()
    try:
        places = {
            "recordings": (Path(show.record.folder), _STORAGE_BYTES),
            "models": (place.cache, _STORAGE_BYTES),
            "frames": (rings.path.parent, _RING_BYTES),
        }
        return [_check_disk(name, path, needed, name == "frames") for name, (path, needed) in places.items()]
    finally:
        rings.release()


def _check_disk(name: str, path: Path, needed: int, required: bool) -> Finding:
    about, folder = f"disk: {name}", _nearest_folder(path)
    free = shutil.disk_usage(folder).free
    text = f"{free / 1e9:.1f} GB free in {path}"
    if not os.access(folder, os.W_OK):
        return warning(about, f"{folder} cannot be written", "change its permissions, or choose another folder")
    if free < needed:
        make = failure if required else warning
        return make(about, text, f"make room: {needed / 1e9:.1f} GB are needed", free=free)
    return ok(about, text, free=free)


def _nearest_folder(path: Path) -> Path:
    """The folder itself, or the nearest of its parents that exists."""
    path = path.expanduser().absolute()
    return next(each for each in (path, *path.parents) if each.is_dir())


def _first_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[0].rstrip(".")[:120] if lines else "no reason given"
