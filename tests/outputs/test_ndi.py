"""NDI between processes: sent through cyndilib, received through ndi-python, another binding of the library."""

from __future__ import annotations

import platform
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.outputs import ndi
from installation.outputs.interface import FrameFormat
from installation.outputs.program_sink import ProgramSettings
from tests.conftest import require_system
from tests.outputs.stream_pictures import ORANGE, SIZE, Source, in_order
from tests.running import ROOT, running

LIMIT = 120.0
needs_ndi = pytest.mark.usefixtures("ndi_packages")


@pytest.fixture
def ndi_packages() -> None:
    require_system(find_spec("cyndilib") and find_spec("NDIlib"), "the extra 'ndi' or ndi-python is not installed")


def received(name: str, frames: int) -> list[list[str]]:
    """What the receiver prints of so many frames: number, time, height, width, channels, a colour."""
    command = [sys.executable, "-m", "tests.outputs.ndi_receiver", name, str(frames)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=True)
    return [line.split() for line in done.stdout.splitlines()]


def test_without_cyndilib_the_operator_reads_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("installation.outputs.program_sink.find_spec", lambda _name: None)
    with pytest.raises(ShowError, match=r"pip install '.*\[ndi\]'"):
        ndi.check(ProgramSettings())


@needs_ndi
@pytest.mark.parametrize("there", [True, False])
def test_a_machine_without_avahi_says_that_nobody_finds_the_source(
    there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ndi, "AVAHI", tmp_path if there else tmp_path / "none")
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    sink = ndi.NdiSink(ProgramSettings("Laterna test"))
    sink.open(FrameFormat(0, 0, 30.0))
    assert len(sink.notices()) == (not there)


@pytest.mark.slow
@needs_ndi
def test_the_frames_arrive_in_order_in_another_process() -> None:
    sink = ndi.NdiSink(ProgramSettings("Laterna test"))
    sink.open(FrameFormat(*SIZE, 30.0))
    with Source(sink) as source:
        rows = received("Laterna test", 60)
    sink.close(0.0)
    numbers = [int(row[0]) for row in rows]
    assert source.error == ""
    assert in_order(numbers)
    assert numbers[-1] - numbers[0] < 1.5 * len(numbers)  # NDI leaves frames out where a machine is busy
    assert rows[0][2:5] == ["360", "640", "4"]
    assert np.abs(np.array(rows[-1][5:], int) - ORANGE).max() <= 6  # as after any video: the matrix is the right one


@pytest.mark.slow
@needs_ndi
def test_a_show_is_an_ndi_source(tmp_path: Path) -> None:
    with running("rehearsal", tmp_path, ["--output", "ndi"]) as show:
        rows = received("Laterna", 30)
        assert show.end(60.0)["processes"]["ndi"]["restarts"] == 0
    assert rows[0][2:5] == ["720", "1280", "4"]
