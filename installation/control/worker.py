"""The control worker: runs the control surfaces of a show, each in threads of its own."""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable, Hashable
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from installation.control.interface import (
    ControlConfig,
    ControlSurface,
    LeadingSurface,
    SurfaceConfig,
    SurfaceContext,
    SurfaceHandovers,
)
from installation.core import clock
from installation.core.errors import LaternaError, Rejected
from installation.core.mailbox import Mailbox
from installation.core.messages import (
    BeatClock,
    Bundle,
    Changed,
    CuesChanged,
    Feedback,
    Inbox,
    Lead,
    Listing,
    MessageRejected,
    Query,
    QueueChanged,
    SetParam,
    SnapshotsChanged,
)
from installation.core.param_table import Param
from installation.core.params import resolve
from installation.core.worker_shell import WorkerChannel, run_worker
from installation.core.worker_status import ControlFigures, Handover, SurfaceFigures

STATUS_SECONDS = 1.0
LOOK_SECONDS = 0.1  # between two looks whether a surface has failed or recovered
MAX_REFUSED = 64  # refusals of one surface that wait for the others
RESTART_SECONDS = 5.0  # before a surface that has raised an error is made again

T = TypeVar("T")


def run_control(connection: Connection, config: ControlConfig) -> None:
    """Run the control worker until main closes the pipe. Main sends Changed, MessageRejected and Notice."""
    run_worker("control", _run_surfaces, connection, config)


def _run_surfaces(channel: WorkerChannel, config: ControlConfig) -> None:
    control = _Control(channel, config)
    try:
        while not channel.closed:
            control.turn()
    finally:
        control.stop()


class _Control:
    """The surfaces of a show, at one end of the channel to main."""

    def __init__(self, channel: WorkerChannel, config: ControlConfig) -> None:
        self._channel = channel
        self._values = dict(config.values)
        self._ring = config.stage_ring
        self._kinds = tuple(each.spec.kind for each in config.surfaces)
        self._listings: dict[type, Listing] = {type(each): each for each in config.listings}
        left = config.handover.by_kind if config.handover else {}
        self._surfaces = [_HostedSurface(each, self._context, left.get(each.spec.kind)) for each in config.surfaces]
        self._status_at = -math.inf
        self._reported: object = None  # what the last status said that must not be late
        self._queries = 0  # passed on so far
        self._refused: Mailbox[MessageRejected] = Mailbox(MAX_REFUSED)  # by one surface, for the others

    def turn(self) -> None:
        """Start what has to be started, pass on the messages from main, and report."""
        for surface in self._surfaces:
            surface.start_if_due(clock.now())
        self._report(clock.now())
        for message in self._channel.receive(LOOK_SECONDS):
            self._pass_on(message)
        for refused in self._refused.take(0.0):
            for surface in self._surfaces:
                if surface.kind != refused.origin.source:
                    surface.feedback(refused)

    def stop(self) -> None:
        for surface in self._surfaces:
            surface.stop()

    def _context(self, handover: Handover | None) -> SurfaceContext:
        listings = tuple(self._listings.values())
        return SurfaceContext(
            dict(self._values),
            self._send,
            self._channel.notice,
            handover,
            self._ring,
            self._kinds,
            listings,
            self._refuse,
            self._follow,
        )

    def _refuse(self, message: MessageRejected) -> None:
        """Note what a surface has refused; called from its threads. A flood loses its end."""
        self._refused.put(message)

    def _follow(self, message: Lead) -> None:
        """Pass on what a leader does; of frames and Directions only the latest waits."""
        self._channel.send(message, key=type(message).__name__)

    def _send(self, message: Inbox) -> None:
        options = queue_options(message)
        if isinstance(message, Query) or (isinstance(message, Bundle) and _asks(message)):
            self._queries += 1
        elif "key" in options:  # a later value must not take the place of one that a query asks for
            options["key"] = (options["key"], self._queries)
        if not self._channel.send(message, **options):
            raise Rejected("too many messages are waiting; this one is dropped.")

    def _pass_on(self, message: Feedback | Lead) -> None:
        if isinstance(message, Lead):
            for surface in self._surfaces:
                surface.lead(message)
            return
        match message:
            case Changed(name, value):
                self._values[name] = value
            case QueueChanged() | CuesChanged() | SnapshotsChanged():
                self._listings[type(message)] = message
        for surface in self._surfaces:
            surface.feedback(message)

    def _report(self, now: float) -> None:
        figures = tuple(surface.figures() for surface in self._surfaces)
        reasons = [each.reason for each in figures if each.reason]
        urgent = (reasons, any(each.viewers for each in figures))
        if now < self._status_at and urgent == self._reported:
            return
        self._status_at, self._reported = now + STATUS_SECONDS, urgent
        handovers = {surface.kind: left for surface in self._surfaces if (left := surface.handover())}
        self._channel.status(
            "failed" if reasons else "running", " ".join(reasons), ControlFigures(figures), SurfaceHandovers(handovers)
        )


class _HostedSurface:
    """A surface inside the worker. An error that it raises stops only this surface; it is made again after a pause."""

    def __init__(
        self,
        config: SurfaceConfig,
        context: Callable[[Handover | None], SurfaceContext],
        handover: Handover | None,
    ) -> None:
        self.kind = config.spec.kind
        self._config, self._context, self._handover = config, context, handover
        self._surface: ControlSurface | None = None
        self._failure = ""  # the last error, one sentence
        self._start_at = -math.inf

    def start_if_due(self, now: float) -> None:
        """Make and start the surface, if it does not run and its pause is over."""
        if self._surface is None and now >= self._start_at:
            self._start_at = now + RESTART_SECONDS
            self._guarded(self._start, None)

    def feedback(self, message: Feedback) -> None:
        """Pass a message on, if the surface runs."""
        if self._surface:
            self._guarded(partial(self._surface.feedback, message), None)

    def lead(self, message: Lead) -> None:
        """Pass on what the show does, if the surface wants it."""
        if isinstance(self._surface, LeadingSurface):
            self._guarded(partial(self._surface.lead, message), None)

    def figures(self) -> SurfaceFigures:
        """Those of the surface, or the reason why it does not run."""
        figures = self._guarded(self._surface.figures, None) if self._surface else None
        return figures or SurfaceFigures(self.kind, self._failure)

    def handover(self) -> Handover | None:
        """The latest handover, also of a surface that has failed since."""
        if self._surface:
            self._handover = self._guarded(self._surface.handover, self._handover)
        return self._handover

    def stop(self) -> None:
        """Stop the surface, if it runs."""
        if surface := self._surface:
            self._surface = None
            self._guarded(surface.stop, None)

    def _start(self) -> None:
        surface = self._config.spec.make(self._config.settings, self._context(self._handover))
        self._surface = surface
        surface.start()
        self._failure = ""

    def _guarded(self, call: Callable[[], T], otherwise: T) -> T:
        try:
            return call()
        except Exception as error:  # noqa: BLE001 -- a faulty surface must not stop the others
            self._fail(error)
            return otherwise

    def _fail(self, error: Exception) -> None:
        known = isinstance(error, LaternaError)
        failure = str(error) if known else f"{self.kind}: {type(error).__name__}: {error}."
        if failure != self._failure and not known:
            traceback.print_exception(error)
        self._failure = failure
        self.stop()


def queue_options(message: Inbox) -> dict[str, Any]:
    """How a message waits for main: of a continuous value only the latest, everything else in order and bounded."""
    key = _key(message)
    return {"key": key} if key is not None else {"size": _size(message), "critical": _critical(message)}


def _key(message: Inbox) -> Hashable:
    if isinstance(message, BeatClock):
        return "beat", message.source
    if isinstance(message, SetParam):
        row = _row(message.name)
        return None if row is None or row.kind == "text" or row.critical else ("value", message.name)
    return None


def _size(message: Inbox) -> int:
    """A bundle counts as its messages that are not continuous values."""
    return max(1, sum(_key(each) is None for each in message.messages)) if isinstance(message, Bundle) else 1


def _critical(message: Inbox) -> bool:
    if isinstance(message, Bundle):
        return any(_critical(each) for each in message.messages)
    row = None if isinstance(message, Query | BeatClock) else _row(message.name)
    return row is not None and row.critical


def _asks(bundle: Bundle) -> bool:
    return any(isinstance(each, Query) for each in bundle.messages)


def _row(name: str) -> Param | None:
    """The row of a name; None if there is none: the Conductor rejects it."""
    found = resolve(name)
    return found[0] if found else None
