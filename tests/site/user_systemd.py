"""A real systemd of a user, beside that of the machine, in a mount namespace of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import require_system
from tests.running import ROOT

PRELUDE = """
set -eu
mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system /run/user/0 && chmod 700 /run/user/0
export XDG_RUNTIME_DIR=/run/user/0 DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/0/bus
"$SYSTEMD" --user >"$HOME/systemd.log" 2>&1 & manager=$!
trap 'kill $manager; wait $manager || true' EXIT
wait_for() { for _ in $(seq 1200); do if eval "$1"; then return; fi; sleep 0.1; done; echo "never: $1"; exit 1; }
wait_for 'systemctl --user show-environment >/dev/null 2>&1'
laterna() { (cd "$HOME" && "$PYTHON" -m installation "$@"); }
pid() { systemctl --user show -P MainPID laterna-wall; }
"""


def under_systemd(script: str, folder: Path) -> str:
    """Run a script of `sh` in a folder, which is its home; return what it prints.

    It has the functions `laterna`, which runs the program, `wait_for`, which waits for a condition, and `pid`, the main
    process of `laterna-wall`.
    """
    systemd = next((p for p in ("/usr/lib/systemd/systemd", "/lib/systemd/systemd") if Path(p).exists()), "")
    require_system(systemd, "systemd is missing (apt install systemd)")
    if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode:
        pytest.skip("this user may not have a mount namespace, in which systemd would run")
    own = {"HOME": str(folder), "PYTHON": sys.executable, "PYTHONPATH": str(ROOT), "SYSTEMD": systemd}
    ended = subprocess.run(
        ["unshare", "-m", "sh", "-c", PRELUDE + script],
        cwd=folder,
        env={**own, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr + (folder / "systemd.log").read_text()
    return ended.stdout
