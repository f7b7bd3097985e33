"""What workers do with jobs, whatever it is, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from installation.core import clock
from installation.core.errors import LaternaError
from installation.studio.jobs import Job

Files = dict[str, bytes]  # the contents by suffix, such as ".png"
Make = Callable[[Job], Files]


class Work(Protocol):
    """What is done with each job; pickled, and set up once in each worker."""

    def prepare(self, device: str, share: float) -> Make:
        """Load the models on a device of whose memory the worker may use a share, 0 to 1.

        Raises:
            ShowError: The models cannot be loaded.
        """
        ...


@dataclass(frozen=True)
class Result:
    """What became of a job; `error` is '' after a success."""

    job: Job
    files: Files = field(default_factory=dict, repr=False)
    error: str = ""
    seconds: float = 0.0  # of work, without the loading of the models
    set_aside: bool = False  # it killed its workers, and is not tried again


def attempt(make: Make, job: Job) -> Result:
    """Do a job. What is wrong with the job itself is in the result; anything else is raised."""
    began = clock.now()
    try:
        files = make(job)
    except (LaternaError, OSError, ValueError) as error:
        return Result(job, error=str(error), seconds=clock.now() - began)
    return Result(job, files, seconds=clock.now() - began)
