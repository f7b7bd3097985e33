"""Runs all checks one after the other, each in a process of its own, so that none can hang or crash the others."""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Mapping
from multiprocessing.connection import Connection
from types import MappingProxyType

from installation.core.errors import LaternaError
from installation.doctor.devices import check_microphone, check_ports, check_recognizer, check_window
from installation.doctor.finding import Finding, Level
from installation.doctor.machine import check_disks, check_gpu, check_python, check_torch
from installation.doctor.models import check_embedded, check_installed
from installation.models.interfaces import ModelPlace
from installation.show.settings import Show

Check = Callable[[Show, ModelPlace], list[Finding]]

TIMEOUT_SECONDS = 120.0  # for one check; hashing gigabytes from a slow disk takes a while
_EXIT_SECONDS = 2.0
# A show runs without these, so that a broken check is a warning.
_OPTIONAL = ("microphone", "speech", "window", "osc", "installed")
CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "python": check_python,
        "torch": check_torch,
        "gpu": check_gpu,
        "embedded": check_embedded,
        "installed": check_installed,
        "microphone": check_microphone,
        "speech": check_recognizer,
        "window": check_window,
        "osc": check_ports,
        "disk": check_disks,
    }
)


def run_checks(
    show: Show, place: ModelPlace, checks: Mapping[str, Check], timeout_seconds: float = TIMEOUT_SECONDS
) -> Iterator[Finding]:
    """Yield the findings of each check as it ends."""
    for name, check in checks.items():
        yield from _run_isolated(name, check, show, place, timeout_seconds)


def can_run(findings: list[Finding]) -> bool:
    """Whether the show can run, given the findings about it."""
    return all(finding.level is not Level.FAILURE for finding in findings)


def _run_isolated(name: str, check: Check, show: Show, place: ModelPlace, timeout_seconds: float) -> list[Finding]:
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(name, check, show, place, sender), name=f"check of {name}")
    process.start()
    sender.close()
    result: list[Finding] | str = f"did not end within {timeout_seconds:g} s"
    try:
        if receiver.poll(timeout_seconds):
            result = receiver.recv()
    except EOFError:
        process.join(_EXIT_SECONDS)
        result = f"crashed{_signal_name(process.exitcode)}"
    process.kill()
    process.join()
    return [_broken(name, result)] if isinstance(result, str) else result


def _broken(name: str, how: str) -> Finding:
    """The finding of a check that has not come to any."""
    level = Level.WARNING if name in _OPTIONAL else Level.FAILURE
    return Finding(name, level, f"the check {how}", "report this with the lines above")


def run_here(name: str, check: Check, show: Show, place: ModelPlace) -> list[Finding]:
    """Run a check in this process, whatever it raises; what it prints is dropped."""
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            return check(show, place)
        except LaternaError as error:
            return [_broken(name, f"failed: {str(error).rstrip('.')}")]
        except Exception as error:  # noqa: BLE001  a failed check is a finding
            return [_broken(name, f"failed ({type(error).__name__}: {error})")]


def _run(name: str, check: Check, show: Show, place: ModelPlace, pipe: Connection) -> None:
    """The outermost function of a check's process."""
    pipe.send(run_here(name, check, show, place))


def _signal_name(exit_code: int | None) -> str:
    if exit_code is None or exit_code >= 0:
        return ""
    return f" ({signal.Signals(-exit_code).name})"
