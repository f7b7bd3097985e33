"""The main process starts without the libraries that only workers need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.running import ROOT, running, until


@pytest.mark.parametrize("module", ["installation.cli.main", "installation.runtime.launch"])
def test_the_main_process_does_not_load_torch(module: str) -> None:
    code = f"import {module}, sys; print(sorted({{'torch', 'open_clip', 'whisper'}} & sys.modules.keys()))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == "[]"


def has_torch(process: psutil.Process) -> bool:
    return any("libtorch" in library.path for library in process.memory_maps())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists the libraries of a process")
def test_only_the_renderer_has_torch_while_a_show_plays(tmp_path: Path) -> None:
    with running("first_light", tmp_path) as show:
        until(show.drawn, 120, "the first frame")
        workers = show.workers()
        assert workers.keys() >= {"stage", "renderer", "control", "recorder"}
        assert [name for name, process in workers.items() if has_torch(process)] == ["renderer"]
