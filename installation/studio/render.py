"""`render`: thousands of prompts on the devices of a machine or a cluster, until all are done."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from installation.core.errors import ShowError
from installation.core.os_support import free_bytes
from installation.studio.batch import write_index
from installation.studio.job_work import Result, Work, attempt
from installation.studio.jobs import Job
from installation.studio.render_folder import FILE_NAMES, Done, RenderFolder


class Engine(Protocol):
    """What runs jobs: `JobWorkers` on this machine, `JobCluster` on many."""

    def run(self) -> Iterator[Result]:
        """Run the jobs; yield the result of each."""
        ...


@dataclass(frozen=True)
class Plan:
    """What there is to do.

    Attributes:
        jobs: In the order of their file; of equal ones only the first.
        names: Of their folders, by the number of the job.
        done: The results that are there, by name.
        set_aside: Names of those that killed their workers in an earlier run.
    """

    jobs: tuple[Job, ...]
    names: dict[int, str]
    done: dict[str, Done]
    set_aside: frozenset[str]

    @property
    def todo(self) -> list[Job]:
        """The jobs that are left."""
        return [job for job in self.jobs if self.names[job.number] not in {*self.done, *self.set_aside}]


@dataclass(frozen=True)
class Estimate:
    """What the jobs that are left will take."""

    device_hours: float
    bytes: int  # on disk
    free: int  # bytes on that disk


def plan(jobs: Sequence[Job], folder: RenderFolder) -> Plan:
    """Find out which results are there, by their hashes."""
    unique = {folder.name(job): job for job in reversed(jobs)}
    names = {job.number: name for name, job in unique.items()}
    found = {name: result for name in unique if (result := folder.done(name))}
    aside = frozenset(folder.set_aside_names() & unique.keys())
    return Plan(tuple(job for job in jobs if job.number in names), names, found, aside)


def estimate(planned: Plan, folder: RenderFolder, work: Work, device: str) -> Estimate:
    """Estimate from the results that are there; without any, do the first job, and throw its result away.

    Raises:
        ShowError: The models cannot be loaded, or the job cannot be done.
    """
    measured = list(planned.done.values()) or [_measure(planned.todo[0], work, device)] if planned.todo else []
    per_step = statistics.median(each.seconds / (each.steps + 1) for each in measured) if measured else 0.0
    size = statistics.mean(each.bytes for each in measured) if measured else 0.0
    steps = sum(job.steps + 1 for job in planned.todo)
    return Estimate(steps * per_step / 3600, round(size * len(planned.todo)), free_bytes(folder.path))


def render(planned: Plan, folder: RenderFolder, engine: Engine) -> Iterator[Result]:
    """Run the jobs and write each result as it comes."""
    for result in engine.run():
        name = planned.names[result.job.number]
        if result.set_aside:
            folder.set_aside(name, result)
        elif not result.error:
            folder.publish(name, result)
        yield result


def write_overview(planned: Plan, failed: Sequence[Result], folder: RenderFolder) -> Path:
    """Write a page of all results and failures. Raises ShowError if it cannot be written."""
    errors = {result.job.number: result.error for result in failed}
    aside = "It was set aside: its workers died. --retry tries it again."
    rows = []
    for job in planned.jobs:
        name = planned.names[job.number]
        error = errors.get(job.number, aside if name in planned.set_aside else "")
        rows.append((job.prompt, f"{name}/{FILE_NAMES['.png']}", error))
    return write_index(rows, folder.path)


def _measure(job: Job, work: Work, device: str) -> Done:
    result = attempt(work.prepare(device, 1.0), job)
    if result.error:
        raise ShowError(f"line {job.number}, '{job.prompt}', cannot be measured: {result.error}")
    return Done("", result.seconds, job.steps, sum(map(len, result.files.values())))
