"""The main process starts without the libraries that only workers need."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.running import ROOT


@pytest.mark.parametrize("module", ["installation.cli.main", "installation.runtime.launch"])
def test_the_main_process_does_not_load_torch(module: str) -> None:
    code = f"import {module}, sys; print(sorted({{'torch', 'open_clip', 'whisper'}} & sys.modules.keys()))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == "[]"
