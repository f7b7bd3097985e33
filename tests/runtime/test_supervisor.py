"""Supervision, with real processes and given times."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import psutil
import pytest

from installation.runtime.supervisor import (
    BACK_OFF_SECONDS,
    MAX_BUSY_FACTOR,
    SILENT_SECONDS,
    STARTING_SECONDS,
    SupervisedWorker,
)
from installation.runtime.worker_link import WorkerLink
from tests.running import until as wait
from tests.runtime import workers
from tests.workers import PATIENCE


def until(condition: Callable[[], Any]) -> Any:
    return wait(condition, PATIENCE, "the condition")


def worker(target: Callable[..., None], now: float = 0.0) -> SupervisedWorker:
    return SupervisedWorker("test", lambda: WorkerLink(target, None, "test"), now)


def listen(made: SupervisedWorker, now: float) -> None:
    until(lambda: [made.take_status(message, now) for message in made.link.receive()])


def test_a_killed_productive_worker_is_restarted_at_once() -> None:
    made = worker(workers.echo)
    listen(made, 1.0)
    made.mark_productive()
    made.link.process.kill()
    assert until(lambda: made.watch(1.0)) == "lost"
    assert made.watch(1.0) == "restarted"
    listen(made, 2.0)
    assert (made.restarts, made.state) == (1, "running")
    made.stop(0)


def test_a_hung_worker_is_replaced_after_five_seconds() -> None:
    made = worker(workers.hung)
    listen(made, 1.0)
    looks = [made.watch(1.0 + SILENT_SECONDS * tick / 20) for tick in range(21)]
    assert looks == [""] * 21
    assert made.watch(1.1 + SILENT_SECONDS) == "lost"
    assert "no response" in made.reason
    until(lambda: not made.link.process.is_alive())


@pytest.mark.slow
def test_a_silent_worker_that_computes_is_slow_and_gets_more_time_but_not_for_ever() -> None:
    made = worker(workers.busy)
    listen(made, 0.0)
    process = psutil.Process(made.link.process.pid)
    for now in range(1, round(MAX_BUSY_FACTOR * SILENT_SECONDS) + 1):
        enough = sum(process.cpu_times()[:2]) + 0.03  # a hung process would use none
        until(lambda: sum(process.cpu_times()[:2]) > enough)  # noqa: B023
        assert made.watch(float(now)) == ""
    assert made.watch(now + 0.5) == "lost"
    until(lambda: not made.link.process.is_alive())


def test_a_starting_worker_may_be_silent_for_a_minute() -> None:
    made = worker(workers.hung)
    assert {made.watch(now / 2) for now in range(2 * round(STARTING_SECONDS) + 1)} == {""}
    assert made.watch(STARTING_SECONDS + 1) == "lost"


@pytest.mark.slow
def test_unproductive_processes_are_restarted_with_growing_delays() -> None:
    made, now, delays = worker(workers.failing), 0.0, []
    for _ in range(6):
        until(made.link.receive)
        before = now
        assert until(partial(made.watch, now)) == "lost"
        while made.watch(now) != "restarted":
            now += 0.25
        delays.append(now - before)
    made.stop(0)
    assert delays == [*BACK_OFF_SECONDS[1:7]]


def test_a_failed_worker_gives_its_reason() -> None:
    made = worker(workers.failing)
    listen(made, 0.0)
    assert (made.state, made.reason) == ("failed", "there is no such device.")
    made.stop(5)


def test_silence_while_main_was_suspended_does_not_count() -> None:
    made = worker(workers.hung)
    listen(made, 1.0)
    assert [made.watch(now) for now in (1.5, 3600.0, 3600.5)] == ["", "", ""]  # main was asleep for an hour
    made.stop(0)


def test_the_last_messages_of_a_dead_worker_are_received_before_it_is_replaced() -> None:
    made = worker(workers.failing)
    made.link.process.join(PATIENCE)
    until(lambda: made.link.closed)
    assert made.watch(0.5) == ""
    listen(made, 0.5)
    assert made.watch(0.5) == "lost"
    assert made.reason == "there is no such device."
    made.stop(0)


def test_a_failed_start_is_retried() -> None:
    targets = [workers.failing, None, workers.echo]

    def start() -> WorkerLink:
        target = targets.pop(0)
        if target is None:
            raise OSError(11, "Resource temporarily unavailable")
        return WorkerLink(target, None, "test")

    made = SupervisedWorker("test", start, 0.0)
    listen(made, 0.0)
    assert until(lambda: made.watch(0.0)) == "lost"
    assert made.watch(1.0) == ""
    assert made.reason == "it cannot be started: Resource temporarily unavailable"
    assert made.watch(3.0) == "restarted"
    assert made.restarts == 1
    made.stop(0)


@pytest.mark.slow
def test_a_last_process_is_told_to_end_and_one_that_cannot_be_started_ends_nothing() -> None:
    room = [True, True, False]

    def start() -> WorkerLink:
        if not room.pop(0):
            raise OSError(11, "Resource temporarily unavailable")
        return WorkerLink(workers.echo, None, "test")

    made = SupervisedWorker("test", start, 0.0)
    made.link.process.kill()
    assert made.begin_last(1.0)
    made.stop(PATIENCE)
    assert not made.timed_out
    assert not made.begin_last(2.0)
