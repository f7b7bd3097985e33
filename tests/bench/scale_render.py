"""Renders prompts on two Ray nodes of this machine, and kills one worker and one node with SIGKILL on the way.

python -m tests.bench.scale_render --prompts 200
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from installation.core import clock
from installation.studio.job_cluster import JobCluster
from installation.studio.jobs import Job
from installation.studio.render import plan, render
from installation.studio.render_folder import RenderFolder
from tests.studio.cheap_work import CheapWork

JOB_SECONDS = 0.05
START_SECONDS = 60.0
NODE = (sys.executable, "-c", "from ray.scripts.scripts import main; main()", "start", "--block", "--num-cpus=1")


@dataclass(frozen=True)
class Proof:
    """Results that are there, each once, and how many a second run would make."""

    results: int
    rerun: int


def render_on_two_nodes(prompts: int, folder: Path) -> Proof:
    """Render, and kill a worker after a fifth and the second node after two fifths of the results."""
    out, log = folder / "out", folder / "log"
    out.mkdir()
    log.mkdir()
    jobs = [Job(number, f"the sea, number {number}", 1, 1) for number in range(1, prompts + 1)]
    results = RenderFolder(out, {})
    planned = plan(jobs, results)
    rendered = []
    with _nodes() as (address, second):
        cluster = JobCluster(CheapWork(log, seconds=JOB_SECONDS), planned.todo, address)
        for result in render(planned, results, cluster):
            assert not result.error, result
            rendered.append(result.job.number)
            if len(rendered) == prompts // 5:
                os.kill(_workers(log)[0], signal.SIGKILL)
            if len(rendered) == 2 * prompts // 5:
                os.killpg(second.pid, signal.SIGKILL)
    assert sorted(rendered) == [job.number for job in jobs]
    again = plan(jobs, results)
    return Proof(len(again.done), len(again.todo))


def _workers(log: Path) -> list[int]:
    return [int(path.name.split("-")[1]) for path in log.glob("worker-*")]


@contextmanager
def _nodes() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Two nodes, each a process group: the address of the head, and the second one."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"127.0.0.1:{port}"
    head = _start("--head", f"--port={port}", "--node-ip-address=127.0.0.1", "--include-dashboard=false")
    try:
        _await_head(port)
        second = _start(f"--address={address}", "--node-ip-address=127.0.0.1")
        try:
            yield address, second
        finally:
            _end(second)
    finally:
        _end(head)


def _start(*options: str) -> subprocess.Popen[bytes]:
    command = [*NODE, *options, "--disable-usage-stats"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def _await_head(port: int) -> None:
    until = clock.now() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1.0).close()
        except OSError:
            if clock.now() > until:
                raise
        else:
            return


def _end(node: subprocess.Popen[bytes]) -> None:
    if node.poll() is None:
        os.killpg(node.pid, signal.SIGKILL)  # an orderly end takes a node half a minute
    node.wait(START_SECONDS)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prompts", type=int, default=200)
    prompts = parser.parse_args().prompts
    began = clock.now()
    with tempfile.TemporaryDirectory() as folder:
        proof = render_on_two_nodes(prompts, Path(folder))
    print(f"{proof.results} of {prompts} results, {proof.rerun} left for a second run; {clock.now() - began:.0f} s")


if __name__ == "__main__":
    main()
