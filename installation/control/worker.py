"""The control worker: runs the control surfaces of a show, each in threads of its own."""

from __future__ import annotations

from collections.abc import Hashable
from multiprocessing.connection import Connection
from typing import Any

from installation.control.interface import ControlConfig, ControlSurface, SurfaceContext, SurfaceHandovers
from installation.core import clock
from installation.core.errors import Rejected
from installation.core.messages import Bundle, Inbox, MessageRejected, SetParam
from installation.core.params import PARAMS
from installation.core.worker_shell import WorkerChannel, run_worker
from installation.core.worker_status import ControlFigures

STATUS_SECONDS = 1.0
LOOK_SECONDS = 0.1  # between two looks whether a surface has failed or recovered


def run_control(connection: Connection, config: ControlConfig) -> None:
    """Run the control worker until main closes the pipe. Main sends Changed and MessageRejected."""
    run_worker("control", _run_surfaces, connection, config)


def _run_surfaces(channel: WorkerChannel, config: ControlConfig) -> None:
    surfaces = {each.spec.kind: _make(channel, config, number) for number, each in enumerate(config.surfaces)}
    try:
        for surface in surfaces.values():
            surface.start()
        _serve(channel, surfaces)
    finally:
        for surface in surfaces.values():
            surface.stop()


def _make(channel: WorkerChannel, config: ControlConfig, number: int) -> ControlSurface:
    spec, settings = config.surfaces[number].spec, config.surfaces[number].settings
    handover = config.handover.by_kind.get(spec.kind) if config.handover else None

    def send(message: Inbox) -> None:
        if not channel.send(message, **queue_options(message)):
            raise Rejected("too many messages are waiting; this one is dropped.")

    return spec.make(settings, SurfaceContext(dict(config.values), send, channel.notice, handover))


def _serve(channel: WorkerChannel, surfaces: dict[str, ControlSurface]) -> None:
    status_at, reasons = clock.now(), None
    while not channel.closed:
        for message in channel.receive(LOOK_SECONDS):
            for kind, surface in surfaces.items():
                if not isinstance(message, MessageRejected) or message.origin.source == kind:
                    surface.feedback(message)
        figures = tuple(surface.figures() for surface in surfaces.values())
        now, before = clock.now(), reasons
        reasons = [each.reason for each in figures if each.reason]
        if now >= status_at or reasons != before:
            status_at = now + STATUS_SECONDS
            left = {kind: handover for kind, surface in surfaces.items() if (handover := surface.handover())}
            channel.status(
                "failed" if reasons else "running", " ".join(reasons), ControlFigures(figures), SurfaceHandovers(left)
            )


def queue_options(message: Inbox) -> dict[str, Any]:
    """How a message waits for main: of a continuous value only the latest, everything else in order and bounded."""
    key = _key(message)
    return {"key": key} if key is not None else {"size": _size(message), "critical": _critical(message)}


def _key(message: Inbox) -> Hashable:
    if isinstance(message, SetParam):
        row = PARAMS.get(message.name)  # None: the Conductor rejects it
        return None if row is None or row.kind == "text" or row.critical else ("value", message.name)
    return None


def _size(message: Inbox) -> int:
    """A bundle counts as its messages that are not continuous values."""
    return max(1, sum(_key(each) is None for each in message.messages)) if isinstance(message, Bundle) else 1


def _critical(message: Inbox) -> bool:
    if isinstance(message, Bundle):
        return any(_critical(each) for each in message.messages)
    row = PARAMS.get(message.name)
    return row is not None and row.critical
