"""Both compositors, and the geometry that they share."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from installation.stage.compositor import Placement, place_picture
from tests.conftest import require_system

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = ("compositor", "projection")


@pytest.mark.slow
@pytest.mark.parametrize("contract", CONTRACTS)
@pytest.mark.parametrize("name", ["opengl", "software"])
def test_the_compositor_fulfils_the_contract(name: str, contract: str, x_display: str) -> None:
    """In a process of its own, because importing torch crashes a process that has loaded Mesa's LLVM."""
    environment = {**os.environ, "DISPLAY": x_display, "SDL_VIDEODRIVER": "x11", "LP_NUM_THREADS": "1"}
    environment.pop("WAYLAND_DISPLAY", None)
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider"]
    command += [f"tests/stage/{contract}_contract.py", "-k", name]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
    require_system("skipped" not in done.stdout.lower(), done.stdout)


@pytest.mark.parametrize(
    ("picture", "stage", "expected"),
    [
        ((64, 64), (320, 180), Placement((0, 14, 64, 36), (0, 0, 320, 180))),
        ((320, 90), (320, 180), Placement((80, 0, 160, 90), (0, 0, 320, 180))),
        ((1, 1), (320, 180), Placement((0, 0, 1, 1), (0, 0, 320, 180))),
    ],
)
def test_fill_crops_the_longer_side(picture: tuple[int, int], stage: tuple[int, int], expected: Placement) -> None:
    assert place_picture(picture, stage, "fill") == expected


@pytest.mark.parametrize(
    ("picture", "area"), [((64, 64), (70, 0, 180, 180)), ((320, 90), (0, 45, 320, 90)), ((320, 180), (0, 0, 320, 180))]
)
def test_letterbox_centres_the_whole_picture(picture: tuple[int, int], area: tuple[int, int, int, int]) -> None:
    assert place_picture(picture, (320, 180), "letterbox") == Placement((0, 0, *picture), area)
