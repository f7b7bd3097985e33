"""A child process reads modules ahead: it imports them, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ROOT

READ = """
import sys
from pathlib import Path
import psutil
from installation.core.read_ahead import read_ahead

sys.path.insert(0, sys.argv[1])
waiting = read_ahead(["leaves_a_file", "fails", "comes_after_a_failure"])
if waiting is None:
    print("no second core")
else:
    waiting.join(60)
    print(waiting.is_alive(), "leaves_a_file" in sys.modules, psutil.Process().children())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux reads ahead")
def test_modules_are_imported_in_a_child_that_is_gone_afterwards_and_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "leaves_a_file.py").write_text(f"open({str(tmp_path / 'read')!r}, 'w').close()\n")
    (tmp_path / "fails.py").write_text("raise RuntimeError\n")
    (tmp_path / "comes_after_a_failure.py").write_text(f"open({str(tmp_path / 'more')!r}, 'w').close()\n")
    ran = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    if len(os.sched_getaffinity(0)) == 1:
        assert ran.stdout.strip() == "no second core"
        return
    assert (ran.stdout.strip(), ran.stderr) == ("False False []", "")
    assert sorted(path.name for path in tmp_path.iterdir() if not path.suffix and path.is_file()) == ["read"]
