"""Jobs on the devices of this machine: a process for each, replaced when it dies.

A job whose worker dies is tried once more, and then set aside: one bad prompt costs two workers, never the run.
"""

from __future__ import annotations

import contextlib
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait

from installation.core.errors import ShowError
from installation.core.os_support import (
    COMPUTING_NICENESS,
    ignore_stop_signals,
    lower_priority,
    name_process,
    stop_signals_blocked,
)
from installation.studio.job_work import Result, Work, attempt
from installation.studio.jobs import Job

MAX_DEATHS = 2  # of workers with the same job
MAX_FAILED_STARTS = 3  # of workers of a device, one after the other
STOP_SECONDS = 5.0  # for a killed worker to be gone


@dataclass(frozen=True)
class _Ready:
    """A worker has loaded its models, or says why it cannot."""

    error: str = ""


class _Worker:
    """Main's side of one process."""

    def __init__(self, work: Work, device: str, share: float) -> None:
        context = get_context("spawn")
        self.device, self.is_ready = device, False
        self.job: Job | None = None
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, work, device, share), daemon=True)
        with stop_signals_blocked():
            self.process.start()
        theirs.close()

    def give(self, job: Job) -> None:
        """Begin a job; if the worker has died meanwhile, `receive` says so."""
        self.job = job
        with contextlib.suppress(OSError):
            self.pipe.send(job)

    def receive(self) -> Result | _Ready | None:
        """The next message; None if the process has died."""
        try:
            message: Result | _Ready = self.pipe.recv()
        except (EOFError, OSError):
            return None
        return message

    def end(self) -> None:
        """Kill the process, if it still runs."""
        self.process.kill()
        self.process.join(STOP_SECONDS)
        self.pipe.close()


class JobWorkers:
    """Runs jobs in a process for each device, or several for each."""

    def __init__(self, work: Work, jobs: Sequence[Job], devices: Sequence[str], per_device: int = 1) -> None:
        """`per_device` workers share a device, and its memory."""
        self._work, self._share = work, 1.0 / per_device
        self._waiting = deque(jobs)
        self._places = deque([*devices] * per_device)  # where a worker is to be started
        self._workers: list[_Worker] = []
        self._deaths: Counter[str] = Counter()
        self._failed_starts: Counter[str] = Counter()

    def run(self) -> Iterator[Result]:
        """Run all jobs; yield the result of each, in the order in which they end.

        Raises:
            ShowError: The models cannot be loaded.
        """
        try:
            while self._waiting or any(worker.job for worker in self._workers):
                self._deal()
                self._start()
                for pipe in wait([worker.pipe for worker in self._workers]):
                    worker = next(each for each in self._workers if each.pipe is pipe)
                    if result := self._turn(worker):
                        yield result
        finally:
            for worker in self._workers:
                worker.end()

    def _deal(self) -> None:
        """Give a job that has come back to a worker that found none."""
        for worker in self._workers:
            if worker.is_ready and worker.job is None and self._waiting:
                worker.give(self._waiting.popleft())

    def _start(self) -> None:
        """Start workers where there are none, but not more than there are jobs."""
        while self._places and len(self._workers) < len(self._waiting) + sum(bool(each.job) for each in self._workers):
            self._workers.append(_Worker(self._work, self._places.popleft(), self._share))

    def _turn(self, worker: _Worker) -> Result | None:
        message = worker.receive()
        if message is None:
            return self._died(worker)
        if isinstance(message, _Ready):
            if message.error:
                raise ShowError(*message.error.split("\n"))
            worker.is_ready = True
            self._failed_starts[worker.device] = 0
        worker.job = None
        return None if isinstance(message, _Ready) else message

    def _died(self, worker: _Worker) -> Result | None:
        """Start another worker in its place; its job comes next, or is over."""
        worker.end()
        self._workers.remove(worker)
        if not worker.is_ready:
            self._failed_starts[worker.device] += 1
        if self._failed_starts[worker.device] < MAX_FAILED_STARTS:
            self._places.append(worker.device)
        elif not self._workers and not self._places:
            raise ShowError(f"The worker on {worker.device} dies while it loads the models: is there enough memory?")
        if worker.job is None:
            return None
        self._deaths[worker.job.name] += 1
        if self._deaths[worker.job.name] >= MAX_DEATHS:
            return set_aside(worker.job, self._deaths[worker.job.name])
        self._waiting.appendleft(worker.job)
        return None


def set_aside(job: Job, deaths: int) -> Result:
    """The result of a job that killed its workers."""
    return Result(job, error=f"Its worker died {deaths} times: the prompt is set aside.", set_aside=True)


def devices_of(text: str, resolve: Callable[[str], str]) -> list[str]:
    """The devices of `--device`: several with commas between them, or with "auto" all GPUs of the machine.

    Raises:
        ShowError: There is no such device.
    """
    if text != "auto":
        return [resolve(name.strip()) for name in text.split(",")]
    device = resolve("auto")
    if device != "cuda":
        return [device]
    import torch

    return [f"cuda:{index}" for index in range(torch.cuda.device_count())]


def _serve(pipe: Connection, work: Work, device: str, share: float) -> None:
    """The process of a worker: does jobs until main closes the pipe or ends."""
    name_process(f"job worker on {device}")
    ignore_stop_signals()
    lower_priority(COMPUTING_NICENESS)
    with contextlib.suppress(EOFError, BrokenPipeError):
        try:
            make = work.prepare(device, share)
        except ShowError as error:
            pipe.send(_Ready(str(error)))
            return
        pipe.send(_Ready())
        while True:
            pipe.send(attempt(make, pipe.recv()))
