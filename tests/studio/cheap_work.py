"""Work for the tests of `render` that takes no models: some words make it fail, stop, or kill its worker."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from installation.core.errors import ShowError
from installation.studio.job_work import Files, Make
from installation.studio.jobs import Job

KILL = 9  # SIGKILL, which Windows does not name


@dataclass(frozen=True)
class CheapWork:
    """Notes each attempt as a file of `log`.

    `poison` kills the worker, `once` does so the first time, and `late` too, when another worker has been there for a
    while.
    """

    log: Path
    loads: bool = True
    seconds: float = 0.0  # that a job takes

    def prepare(self, device: str, share: float) -> Make:
        if not self.loads:
            raise ShowError(f"There are no models for {device}.")
        (self.log / f"worker-{os.getpid()}-{device}-{share}").touch()
        return self._make

    def _make(self, job: Job) -> Files:
        tries = len(list(self.log.glob(f"{job.name}-*")))
        (self.log / f"{job.name}-{tries}").touch()
        if "poison" in job.prompt or ("once" in job.prompt and not tries):
            os.kill(os.getpid(), KILL)
        if "late" in job.prompt and not tries:
            while len(list(self.log.glob("worker-*"))) < 2:
                time.sleep(0.05)
            time.sleep(0.5)
            os.kill(os.getpid(), KILL)
        time.sleep(self.seconds)
        if "wrong" in job.prompt:
            raise ShowError("This prompt is wrong.")
        return {".png": job.prompt.encode(), ".safetensors": b"latents"}
