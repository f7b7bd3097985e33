"""Recordings that the operator starts and stops while the show runs."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from installation.core.errors import Rejected
from installation.core.messages import MessageRejected, Notice, Trigger, Value
from installation.outputs.interface import OutputClaim
from installation.outputs.recorder import ENDINGS, claim
from installation.runtime.options import RunOptions
from installation.runtime.workers import Workers

MAX_UNFINISHED = 4  # recorders that still write the end of a film
BEGIN_SECONDS = 30.0  # that a recorder may take to begin on a busy machine; its film then shows one picture until there


@dataclass(frozen=True)
class _Request:
    """A recording whose folder is being created, in a thread: a slow disk does not delay the stage."""

    trigger: Trigger
    seconds: float | None
    claim: Future[OutputClaim]


class Recordings:
    """One recording at a time, besides that of `--record`. All times are seconds of `clock.now`."""

    def __init__(self, options: RunOptions, workers: Workers) -> None:
        """`workers` start and end the recorders."""
        self._options, self._workers = options, workers
        self._thread = ThreadPoolExecutor(1, "recordings")
        self._request: _Request | None = None
        self._worker = ""  # of the recording in progress; "": none
        self._path = Path()
        self._began = 0.0
        self._ends: float | None = None

    def start(self, trigger: Trigger, now: float) -> None:
        """Start a recording: of so many seconds, the argument of `trigger`, or until `stop`.

        Raises:
            Rejected: one is running already, or too many of them are not finished yet.
        """
        if self._worker or self._request:
            raise Rejected(f"{self._path} is being recorded; record/stop ends it.")
        if len(self._workers.endings) >= MAX_UNFINISHED:
            raise Rejected("earlier recordings are still being finished; try again in a moment.")
        record = self._options.show.record
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
        self._path = Path(record.folder) / f"{self._options.name}-{stamp}{ENDINGS[record.codec]}"
        self._began, self._ends = now, None
        seconds = float(trigger.args[0]) if trigger.args else None
        settings = self._workers.recorder_settings(self._path, seconds=seconds)
        self._request = _Request(trigger, seconds, self._thread.submit(claim, settings))

    def stop(self) -> None:
        """End the recording; its film is finished in the background. Raises Rejected if there is none."""
        if not (self._worker or self._request):
            raise Rejected("nothing is being recorded; record/start begins a recording.")
        if self._request:
            self._thread.submit(_release, self._request.claim)
            self._request = None
        else:
            self._workers.end_output(self._worker)
            self._worker = ""

    @property
    def is_starting(self) -> bool:
        """Whether `update` is to be called in every turn."""
        return self._request is not None

    def update(self, now: float) -> list[Notice | MessageRejected]:
        """Begin a recording whose folder is there, and end one whose time is over.

        Returns what the operator should know, also about those that are finished.
        """
        told: list[Notice | MessageRejected] = []
        if self._request and self._request.claim.done():
            told += self._begin(self._request, now)
            self._request = None
        if self._worker and self._is_over(now):
            self.stop()
        return [*told, *self._workers.endings.poll(now)]

    def _begin(self, request: _Request, now: float) -> list[Notice | MessageRejected]:
        """Start the recorder."""
        claimed = request.claim.result()
        try:
            self._worker = self._workers.start_recorder(claimed, now)
        except OSError as error:
            reason = f"the recorder cannot be started: {(error.strerror or str(error)).lower()}; try again in a moment."
            return [MessageRejected(request.trigger.origin, request.trigger.name, reason)]
        self._path = claimed.settings.path
        self._began, self._ends = now, now + request.seconds if request.seconds is not None else None
        return [Notice("recorder", claimed.notice)] if claimed.notice else []

    def _is_over(self, now: float) -> bool:
        """Whether the film is as long as was asked for: a recorder that was ended before it began would leave none."""
        if self._ends is None or now < self._ends:
            return False
        return self._workers.is_productive(self._worker) or now >= self._ends + BEGIN_SECONDS

    def readings(self, now: float) -> dict[str, Value]:
        """The `record` readings."""
        active = bool(self._worker or self._request)
        return {
            "record/active": int(active),
            "record/seconds": round(now - self._began, 1) if active else 0.0,
            "record/file": str(self._path) if active else "",
        }

    def close(self) -> None:
        """Give up a folder for which no recorder was started. Those that record are ended with all workers."""
        if self._request:
            self._thread.submit(_release, self._request.claim)
            self._request = None
        self._thread.shutdown()


def _release(claimed: Future[OutputClaim]) -> None:
    claimed.result().release()
