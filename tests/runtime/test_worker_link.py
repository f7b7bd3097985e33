"""Links to workers, with real processes."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import spawn
from pathlib import Path
from typing import Any

import pytest

from installation.core.worker_status import WorkerStatus
from installation.runtime.worker_link import LIMIT, WorkerLink
from tests.running import until
from tests.runtime import workers

PATIENCE = 20.0


@contextmanager
def linked(target: Callable[..., None], config: object = None, inline: bool = False) -> Iterator[WorkerLink]:
    link = WorkerLink(target, config, "test", inline)
    yield link
    link.kill()
    link.process.join(PATIENCE)


def gather(link: WorkerLink, count: int) -> list[Any]:
    """The first `count` messages, or more if they come at once."""
    got: list[Any] = []

    def enough() -> bool:
        got.extend(link.receive())
        return len(got) >= count

    until(enough, PATIENCE, f"message {count}")
    return got


@pytest.mark.parametrize("inline", [False, True])
def test_messages_go_there_and_back_in_order(inline: bool) -> None:
    with linked(workers.echo, "hello", inline) as link:
        for number in range(100):
            assert link.send(number)
        assert gather(link, 101) == [WorkerStatus("echo", "running", "hello"), *range(100)]
        assert (link.process.pid is None) is inline


@pytest.mark.parametrize("inline", [False, True])
def test_after_closing_the_last_messages_of_the_worker_are_received(inline: bool) -> None:
    with linked(workers.echo, inline=inline) as link:
        link.send("last")
        link.close()
        assert gather(link, 3)[1:] == ["last", "farewell"]
        until(lambda: link.exhausted, PATIENCE, "the end")


def test_a_worker_that_never_reads_blocks_nobody() -> None:
    with linked(workers.hung) as link:
        gather(link, 1)
        payload = "x" * 1000
        accepted = 0

        def held_by_writer() -> bool:
            nonlocal accepted
            accepted += sum(link.send(payload) for _ in range(2 * LIMIT))
            return accepted > LIMIT

        until(held_by_writer, PATIENCE, "a full pipe")  # the writer holds what it took before the pipe was full
        until(lambda: not link.send("one more"), PATIENCE, "a full outbox")
        assert accepted <= 2 * LIMIT
        for number in range(1000):
            assert link.send(number, key="fader")
        assert pickle.loads(link._outbox.take()[-1]) == 999


@pytest.mark.skipif(sys.platform == "win32", reason="the interpreter is replaced by a shell script")
def test_starting_a_worker_with_a_large_configuration_does_not_wait_until_it_is_read(tmp_path: Path) -> None:
    never_reads = tmp_path / "python"
    never_reads.write_text("#!/bin/sh\nexec sleep 60\n")
    never_reads.chmod(0o755)
    before = spawn.get_executable()
    spawn.set_executable(str(never_reads))
    started: list[WorkerLink] = []
    thread = threading.Thread(
        target=lambda: started.append(WorkerLink(workers.echo, bytes(5_000_000), "test")), daemon=True
    )
    try:
        thread.start()
        thread.join(PATIENCE)
        assert started, "starting waits for the worker"
    finally:
        spawn.set_executable(before)
        for link in started:
            link.kill()


def test_a_configuration_that_cannot_be_pickled_starts_no_process() -> None:
    before = set(multiprocessing.active_children())
    with pytest.raises(TypeError, match="cannot pickle"):
        WorkerLink(workers.echo, threading.Lock(), "test")
    assert before.issuperset(multiprocessing.active_children())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signal to one process")
def test_a_worker_that_is_still_starting_ignores_stop_signals() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with linked(workers.echo) as link:
        assert link.process.pid
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(link.process.pid, number)
        link.send("word")
        assert gather(link, 2)[1] == "word"
        assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before


def test_a_killed_worker_leaves_no_message() -> None:
    with linked(workers.echo) as link:
        link.send("word")
        until(lambda: len(link._inbox) == 2, PATIENCE, "the messages")
        link.kill()
        assert link.receive() == []
        assert not link.send("another")
        until(lambda: link.exhausted, PATIENCE, "the end")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has classes of priority")
def test_a_worker_runs_below_main_from_its_first_moment_on() -> None:
    link = WorkerLink(workers.echo, "hello", "test", niceness=3)
    assert link.process.pid is not None
    assert os.getpriority(os.PRIO_PROCESS, link.process.pid) == min(os.getpriority(os.PRIO_PROCESS, 0) + 3, 19)
    link.kill()
    link.process.join(PATIENCE)
