"""Jobs on the machines of a Ray cluster.

Ray starts the processes, counts the GPUs and notices what dies; which prompt is tried how often is decided here, and
the results come back to this process, which alone writes them: the machines need no common disk.
"""

from __future__ import annotations

import ipaddress
import os
import pickle
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from installation import __version__
from installation.core.errors import ShowError
from installation.core.paths import ASSETS, pip_install
from installation.studio.job_work import Make, Result, Work, attempt
from installation.studio.job_workers import MAX_DEATHS, set_aside
from installation.studio.jobs import Job

MIN_RAY = (2, 60)  # the first that is tested; earlier ones have no token by default
AHEAD = 2  # tasks that Ray knows for each worker, so that none waits for this process
LOOK_SECONDS = 5.0  # between two looks which machines there are


class JobCluster:
    """Runs jobs on all machines of a cluster."""

    def __init__(self, work: Work, jobs: Sequence[Job], address: str, per_device: int = 1) -> None:
        """Join the cluster at HOST:PORT; `per_device` workers share a GPU (or a core) and its memory.

        Raises:
            ShowError: Ray is missing or too old, the cluster does not answer, or everybody may use it.
        """
        check_address(address)
        self._ray = import_ray()
        self._share = 1.0 / per_device
        self._jobs = jobs
        self._deaths: Counter[str] = Counter()
        self._join(address)
        self._work = self._ray.put(pickle.dumps(work))
        self._machines = self._alive()
        self._lost: set[str] = set()
        self._task = self._make_task()

    def run(self) -> Iterator[Result]:
        """Run all jobs; yield the result of each, in the order in which they end.

        Raises:
            ShowError: The models cannot be loaded, or the cluster is gone.
        """
        waiting, running = deque(self._jobs), dict[Any, Job]()
        try:
            while waiting or running:
                while waiting and len(running) < self._room():
                    job = waiting.popleft()
                    running[self._task.remote(self._work, job, self._device, self._share, __version__)] = job
                ended, _ = self._ray.wait(list(running), timeout=LOOK_SECONDS)
                for reference in ended:
                    job = running.pop(reference)
                    result = self._result(reference, job)
                    if result is None:
                        waiting.appendleft(job)
                    else:
                        yield result
        finally:
            self._ray.shutdown()

    def _join(self, address: str) -> None:
        variables = {"OMP_NUM_THREADS": "1"}
        if ASSETS.parent.joinpath("run_show.py").is_file():  # a checkout: Ray's workers would not find it
            variables["PYTHONPATH"] = str(ASSETS.parent)
        try:
            self._ray.init(
                address=address, runtime_env={"env_vars": variables}, log_to_driver=False, logging_level="ERROR"
            )
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise ShowError(f"No cluster answers at {address}: {str(error).splitlines()[0]}") from None

    def _make_task(self) -> Any:
        has_gpus = self._ray.cluster_resources().get("GPU", 0) > 0
        self._device = "cuda" if has_gpus else "cpu"
        needs = {"num_gpus": self._share, "num_cpus": 0} if has_gpus else {"num_cpus": self._share}
        return self._ray.remote(**needs, max_retries=0, scheduling_strategy="SPREAD")(_do)

    def _room(self) -> int:
        """How many tasks Ray should know now; machines may join and leave."""
        units: float = self._ray.cluster_resources().get("GPU" if self._device == "cuda" else "CPU", 0)
        return max(1, round(AHEAD * units / self._share))

    def _alive(self) -> set[str]:
        return {node["NodeID"] for node in self._ray.nodes() if node["Alive"]}

    def _result(self, reference: Any, job: Job) -> Result | None:
        """The result of a task that has ended; None if its worker died and it is to be tried again."""
        errors = self._ray.exceptions
        try:
            result: Result | str = self._ray.get(reference)
        except (errors.WorkerCrashedError, errors.NodeDiedError, errors.OutOfMemoryError, errors.ObjectLostError):
            return self._died(job)
        except errors.RayTaskError as error:  # no fault of the prompt that is known, such as full GPU memory
            return self._died(job, f" The last time: {str(error).splitlines()[-1]}")
        except errors.RayError as error:
            raise ShowError(f"The cluster has failed: {str(error).splitlines()[0]}") from None
        if isinstance(result, str):
            raise ShowError(*result.split("\n"))
        return result

    def _died(self, job: Job, reason: str = "") -> Result | None:
        """Count a death. A machine that is lost takes its prompts along: each lost one allows a further attempt."""
        alive = self._alive()
        self._lost |= self._machines - alive
        self._machines |= alive
        self._deaths[job.name] += 1
        if self._deaths[job.name] < MAX_DEATHS + len(self._lost):
            return None
        over = set_aside(job, self._deaths[job.name])
        return Result(job, error=over.error + reason, set_aside=True)


def import_ray() -> Any:
    """The library. Raises ShowError if it is missing or too old."""
    try:
        import ray
    except ImportError:
        raise ShowError(
            f"--cluster needs Ray: {pip_install('cluster')}. Without it all GPUs of this machine are used."
        ) from None
    if tuple(int(part) for part in ray.__version__.split(".")[:2]) < MIN_RAY:
        raise ShowError(f"--cluster needs Ray {MIN_RAY[0]}.{MIN_RAY[1]} or newer, not {ray.__version__}.")
    return ray


def check_address(address: str) -> None:
    """Raise ShowError unless this is HOST:PORT of a cluster that only those with its token may use.

    Whoever reaches an open cluster runs programs on all of its machines.
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise ShowError(
            f"--cluster takes HOST:PORT of the head of the cluster, such as 10.0.0.5:6379, not '{address}'."
        )
    if not _is_loopback(host) and os.environ.get("RAY_AUTH_MODE") != "token":
        raise ShowError(
            "A cluster without a token lets everybody in the network run programs on its machines.",
            "Start it, and this command, with RAY_AUTH_MODE=token and the token in RAY_AUTH_TOKEN.",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _do(work: bytes, job: Job, device: str, share: float, version: str) -> Result | str:
    """A task, on any machine: the result, or why its machine can do none."""
    if version != __version__:
        return f"A machine of the cluster has Laterna {__version__}, this one {version}: install the same on all."
    try:
        make = _prepared(work, device, share)
    except ShowError as error:
        return str(error)
    return attempt(make, job)


@lru_cache(maxsize=1)
def _prepared(pickled: bytes, device: str, share: float) -> Make:
    """The loaded models of this process, which Ray uses for many tasks."""
    work: Work = pickle.loads(pickled)
    return work.prepare(device, share)
