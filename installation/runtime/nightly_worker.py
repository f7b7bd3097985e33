"""The process of the nightly self-test: one check after the other, at low priority."""

from __future__ import annotations

from multiprocessing.connection import Connection

from installation.core.worker_shell import WorkerChannel, run_worker
from installation.doctor.runner import run_here
from installation.doctor.selftest import NIGHTLY
from installation.runtime.options import NightlyConfig


def run_nightly_test(connection: Connection, config: NightlyConfig) -> None:
    """Run every check once."""
    run_worker("self-test", _test, connection, config)


def _test(channel: WorkerChannel, config: NightlyConfig) -> None:
    """Send the findings of each check as it ends."""
    for name, check in NIGHTLY.items():
        for finding in run_here(name, check, config.show, config.place):
            channel.send(finding)
    channel.status("done")
