"""The machine itself: Python, torch, the graphics card, disks."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from pathlib import Path

from installation.core.errors import ShowError
from installation.core.os_support import ring_folder
from installation.doctor.finding import Finding, failure, ok, warning
from installation.models import FULL_SIZE, LEAST, default_place
from installation.show.settings import Show

PYTHON = (3, 11)
_GIB = 1 << 30
_NVIDIA, _DISPLAY_CLASS = "0x10de", "0x03"
_INSTALL = "run pip install -r requirements.txt again"
_KEPT = 2 * _GIB  # bytes that recordings and fetched models soon want
_RINGS = 128 << 20  # bytes that the frame rings want


def check_python(show: Show) -> list[Finding]:
    """The interpreter."""
    del show
    text = f"{platform.python_version()}, {platform.system()} {platform.machine()}"
    if sys.version_info[:2] < PYTHON:
        return [failure("python", text, f"Laterna wants Python {PYTHON[0]}.{PYTHON[1]} or newer")]
    return [ok("python", text, version=platform.python_version())]


def check_torch(show: Show) -> list[Finding]:
    """That torch is there and computes."""
    del show
    try:
        import torch

        total = float(torch.ones(8, 8).matmul(torch.ones(8, 8)).sum())
    except (ImportError, OSError, RuntimeError) as error:
        return [failure("torch", f"does not work ({_first_line(error)})", _INSTALL)]
    if total != 512.0:
        return [failure("torch", f"computes {total:g} where 512 is right", _INSTALL)]
    return [ok("torch", f"{torch.__version__}, {torch.get_num_threads()} threads", version=torch.__version__)]


def check_card(show: Show) -> list[Finding]:
    """CUDA, its driver and the card's memory, or what stands in for them."""
    asked = show.models.device
    import torch

    from installation.render.loading import resolve_device

    apple = torch.backends.mps.is_available()
    try:
        resolve_device(asked)
    except ShowError as error:
        if apple or torch.cuda.is_available() or not asked.startswith("cuda"):
            return [failure("card", str(error).rstrip("."), 'set models.device = "auto"')]
    if apple:
        return [ok("card", "Apple's, by MPS")]
    card = asked if asked.startswith("cuda") else "cuda"
    try:
        torch.zeros(1, device=card)
        free, total = torch.cuda.mem_get_info(card)
    except (RuntimeError, AssertionError) as error:
        return [no_card(str(error), asked, nvidia_plugged_in())]
    name, driver = torch.cuda.get_device_name(card), driver_version()
    text = f"{name}, {free / _GIB:.1f} of {total / _GIB:.1f} GiB free, CUDA {torch.version.cuda}, driver {driver}"
    figures = {"name": name, "free": free, "total": total, "cuda": torch.version.cuda, "driver": driver}
    smallest = min(FULL_SIZE.values()) * LEAST
    if free < smallest:
        remedy = f"BigGAN wants {smallest / _GIB:.0f} GiB at least: end what else uses the card"
        return [warning("card", text, remedy, **figures)]
    return [ok("card", text, **figures)]


def no_card(error: str, asked: str, plugged_in: bool) -> Finding:
    """Why CUDA does not work, by what torch says, what device the show asks for, and what is plugged in."""
    make = failure if asked.startswith("cuda") else warning
    if "too old" in error:
        return make("card", f"the NVIDIA driver {driver_version()} is too old for this torch", "update the driver")
    if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
        return make("card", "CUDA_VISIBLE_DEVICES hides every card", "unset CUDA_VISIBLE_DEVICES")
    if plugged_in:
        if "not compiled with CUDA" in error:
            return make("card", "there is an NVIDIA card, but this torch is built without CUDA", _INSTALL)
        return make("card", f"there is an NVIDIA card, but CUDA does not work ({_short(error)})", "install its driver")
    if asked.startswith("cuda"):
        return failure("card", f"the show asks for '{asked}', and there is no card", 'set models.device = "auto"')
    return ok("card", "none: the embedded models play on the processor; full-size BigGAN wants an NVIDIA card")


def nvidia_plugged_in(devices: Path = Path("/sys/bus/pci/devices")) -> bool:
    """Whether a display card of NVIDIA's is on the bus, driver or not (Linux; elsewhere False)."""
    return any(
        _says(device / "vendor").startswith(_NVIDIA) and _says(device / "class").startswith(_DISPLAY_CLASS)
        for device in devices.glob("*")
    )


def _says(file: Path) -> str:
    return file.read_text().strip() if file.is_file() else ""


def driver_version(file: Path = Path("/sys/module/nvidia/version")) -> str:
    """NVIDIA's driver as Linux states it; "unknown" elsewhere."""
    return _says(file) or "unknown"


def check_disks(show: Show) -> list[Finding]:
    """Room where recordings, fetched models and frame rings go."""
    rings = ring_folder()
    try:
        places = {
            "recordings": (Path(show.record.folder), _KEPT),
            "models": (default_place().cache, _KEPT),
            "frames": (rings.parent, _RINGS),
        }
        return [_disk(name, path, wanted, name == "frames") for name, (path, wanted) in places.items()]
    finally:
        shutil.rmtree(rings)


def _disk(name: str, path: Path, wanted: int, needed: bool) -> Finding:
    about, there = f"disk: {name}", _nearest(path)
    free = shutil.disk_usage(there).free
    text = f"{free / 1e9:.1f} GB free in {path}"
    if not os.access(there, os.W_OK):
        return warning(about, f"{there} cannot be written", "let this user write there, or choose another folder")
    if free < wanted:
        make = failure if needed else warning
        return make(about, text, f"make room: {wanted / 1e9:.1f} GB are wanted", free=free)
    return ok(about, text, free=free)


def _nearest(path: Path) -> Path:
    """The folder itself, or the first of its parents that is there."""
    path = path.expanduser().absolute()
    return next(each for each in (path, *path.parents) if each.is_dir())


def _first_line(error: BaseException) -> str:
    return _short(str(error) or type(error).__name__)


def _short(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[0].rstrip(".")[:120] if lines else "without a reason"
