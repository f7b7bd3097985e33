"""Operating-system support, on this system."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from installation.core.os_support import cores, memory_mb, process_age


def test_the_age_of_a_process_counts_from_its_start() -> None:
    code = "import time; time.sleep(0.2); from installation.core.os_support import process_age; print(process_age())"
    root = Path(__file__).resolve().parents[2]
    printed = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert 0.2 <= float(printed.stdout) < 20.0
    assert process_age() > float(printed.stdout) - 20.0


def test_memory_and_cores_can_be_read() -> None:
    assert memory_mb(os.getpid()) > 10
    assert memory_mb(2**22 + 1) == 0.0
    assert cores() >= 1


IN_BACKGROUND = """
import os, pty, sys
pid, _ = pty.fork()
if pid == 0:  # a shell that keeps the terminal; its job runs in the background
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        from installation.core.os_support import stay_in_background
        stay_in_background()
        try:
            os.read(0, 1)
        except OSError:
            os._exit(0)
        os._exit(1)
    _, status = os.waitpid(job, os.WUNTRACED)
    os._exit(2 if os.WIFSTOPPED(status) else os.WEXITSTATUS(status))
sys.exit(os.WEXITSTATUS(os.waitpid(pid, 0)[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="background jobs of a terminal are POSIX's")
def test_a_background_show_is_not_stopped_when_it_reads_the_terminal() -> None:
    root = Path(__file__).resolve().parents[2]
    assert subprocess.run([sys.executable, "-c", IN_BACKGROUND], cwd=root, timeout=20).returncode == 0
