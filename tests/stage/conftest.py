"""A virtual X server for the tests that open a window."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from tests.conftest import require_system


@pytest.fixture(scope="session")
def x_display() -> Iterator[str]:
    """The name of a virtual X display, 1280 x 800."""
    require_system(shutil.which("Xvfb") and shutil.which("xdotool"), "Xvfb and xdotool are not installed")
    read_end, write_end = os.pipe()
    # Without -noreset the server restarts when its last client leaves, and refuses connections meanwhile.
    options = ["-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"]
    command = ["Xvfb", "-displayfd", str(write_end), *options]
    server = subprocess.Popen(command, pass_fds=[write_end], stderr=subprocess.DEVNULL)
    os.close(write_end)
    with os.fdopen(read_end) as answer:
        number = answer.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)
