"""The shell around a worker, as real processes: whatever goes wrong becomes one status with a reason."""

from __future__ import annotations

import threading
from multiprocessing.connection import Connection
from typing import Any

import pytest

from installation.core.errors import ShowError
from installation.core.messages import Notice
from installation.core.worker_shell import WorkerChannel, run_worker
from installation.core.worker_status import WorkerStatus
from tests.workers import PATIENCE, RunningWorker


def fail_with_a_sentence(_channel: WorkerChannel, _config: object) -> None:
    raise ShowError("there is no such device.")


def fail_with_a_bug(_channel: WorkerChannel, _config: object) -> None:
    raise ValueError("a mistake")


def fail_in_a_thread(channel: WorkerChannel, _config: object) -> None:
    threading.Thread(target=fail_with_a_bug, args=(channel, None)).start()
    assert channel.receive(PATIENCE) == []
    channel.notice("cleaned up")
    channel.status("done")


def send_a_lock(channel: WorkerChannel, _config: object) -> None:
    channel.status("running")
    channel.send(threading.Lock())


def echo(channel: WorkerChannel, _config: object) -> None:
    while not channel.closed:
        for message in channel.receive(PATIENCE):
            channel.send(message)
    channel.status("done")


def flood(channel: WorkerChannel, _config: object) -> None:
    channel.status("running")
    while channel.send(bytes(100_000)):
        pass


def run(connection: Connection, body: Any) -> None:
    run_worker("test", body, connection, None)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (fail_with_a_sentence, "there is no such device."),
        (fail_with_a_bug, "ValueError: a mistake"),
        (fail_in_a_thread, "ValueError: a mistake"),
        (send_a_lock, "TypeError: cannot pickle '_thread.lock' object"),
    ],
)
def test_a_failure_is_reported_with_its_reason_and_ends_the_process(body: Any, reason: str) -> None:
    with RunningWorker(run, body) as worker:
        assert worker.status(state="failed").reason == reason
        worker.process.join(PATIENCE)
        assert worker.process.exitcode == 1


def test_after_the_failure_of_a_thread_the_body_can_clean_up_but_not_hide_the_failure() -> None:
    with RunningWorker(run, fail_in_a_thread) as worker:
        found = worker.receive(lambda message: message == Notice("test", "cleaned up"))
        assert worker.pipe.poll(PATIENCE)
        with pytest.raises(EOFError):
            worker.pipe.recv()
    assert [message.state for message in found if isinstance(message, WorkerStatus)] == ["starting", "failed"]


def test_a_worker_ends_when_main_closes_the_pipe() -> None:
    worker = RunningWorker(run, echo)
    worker.pipe.send("word")
    worker.receive(lambda message: message == "word")
    worker.pipe.close()
    worker.process.join(PATIENCE)
    assert worker.process.exitcode == 0


@pytest.mark.slow
def test_a_worker_ends_even_if_main_receives_nothing() -> None:
    with RunningWorker(run, flood) as worker:
        worker.status(state="running")
        worker.process.join(PATIENCE)
        assert worker.process.exitcode == 0
