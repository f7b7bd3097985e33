"""All checks one after the other, each in a process of its own, so that none can hang or crash the others."""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Mapping
from multiprocessing.connection import Connection
from types import MappingProxyType

from installation.doctor.devices import check_microphone, check_ports, check_window
from installation.doctor.finding import Finding, Level
from installation.doctor.machine import check_card, check_disks, check_python, check_torch
from installation.doctor.models import check_embedded, check_fetched
from installation.show.settings import Show

Check = Callable[[Show], list[Finding]]

SECONDS = 120.0  # for one check; hashing gigabytes from a slow disk takes a while
_END_SECONDS = 2.0
_OPTIONAL = ("microphone", "window", "osc", "fetched")  # a show plays without them, so their checks may break
CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "python": check_python,
        "torch": check_torch,
        "card": check_card,
        "embedded": check_embedded,
        "fetched": check_fetched,
        "microphone": check_microphone,
        "window": check_window,
        "osc": check_ports,
        "disk": check_disks,
    }
)


def examine(show: Show, checks: Mapping[str, Check], seconds: float = SECONDS) -> Iterator[Finding]:
    """The findings, as they come. Each check has so many seconds."""
    for name, check in checks.items():
        yield from _alone(name, check, show, seconds)


def can_run(findings: list[Finding]) -> bool:
    """Whether the show that was examined can run."""
    return all(finding.level is not Level.FAILURE for finding in findings)


def _alone(name: str, check: Check, show: Show, seconds: float) -> list[Finding]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    body = context.Process(target=_run, args=(check, show, theirs), name=f"check of {name}")
    body.start()
    theirs.close()
    try:
        found: list[Finding] | str = ours.recv() if ours.poll(seconds) else f"did not end within {seconds:g} s"
    except EOFError:
        body.join(_END_SECONDS)
        found = f"crashed{_signal(body.exitcode)}"
    body.kill()
    body.join()
    if isinstance(found, str):
        text = f"the check {found}"
        level = Level.WARNING if name in _OPTIONAL else Level.FAILURE
        return [Finding(name, level, text, "report it, with the lines above")]
    return found


def _run(check: Check, show: Show, pipe: Connection) -> None:
    """The outermost function of a check's process."""
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            found: list[Finding] | str = check(show)
        except Exception as error:  # noqa: BLE001  the one of this process: a broken check is a finding
            found = f"broke ({type(error).__name__}: {error})"
    pipe.send(found)


def _signal(code: int | None) -> str:
    if code is None or code >= 0:
        return ""
    return f" ({signal.Signals(-code).name})"
